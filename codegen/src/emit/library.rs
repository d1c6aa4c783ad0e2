//! Emits `lib.rs`: what the crate is, and what of it is public.
//!
//! Invariants:
//!
//! * The text is as rustfmt would write it; the modules are skipped by it.

use std::fmt::Write;

use quote::ToTokens;

use crate::names::parameter;
use crate::prepare::{Draft, Operation, Placement, Webhook, escaped, scalars};
use crate::spec::Spec;

/// The text of `lib.rs`.
pub(super) fn library(spec: &Spec, draft: &Draft, client: &syn::File) -> String {
    let mut text = String::new();
    for line in crate_docs(spec, draft).lines() {
        let line = line.trim_end();
        let _ = if line.is_empty() { writeln!(text, "//!") } else { writeln!(text, "//! {line}") };
    }
    text.push_str(&modules(draft));
    let mut uses: Vec<String> = vec![
        "client::{Client, types}".to_owned(),
        "constructor::ClientBuilder".to_owned(),
        match draft.webhooks.is_empty() {
            true => "operations::{OPERATIONS, SCHEMES}".to_owned(),
            false => "operations::{OPERATIONS, SCHEMES, WEBHOOKS}".to_owned(),
        },
    ];
    let mut names = vec![
        "ByteStream",
        "CallOptions",
        "Credentials",
        "EnvCredentials",
        "Error",
        "Observer",
        "Operation",
        "RateLimit",
        "ResponseValue",
        "RetryPolicy",
        "Scheme",
        "Secret",
        "SendOrFind",
        "send_or_find",
    ];
    if draft.schemes.iter().any(|scheme| scheme.login.is_some()) {
        names.push("PasswordGrant");
    }
    if draft.operations.iter().any(Operation::is_paged) {
        names.extend(["Cursor", "CursorError", "ItemError", "Items", "Page", "Pages"]);
    }
    let code = client.to_token_stream().to_string();
    let scalars = scalars().map(|scalar| scalar.rust).chain(["EmptyOr", "FilePart"]);
    names.extend(scalars.filter(|name| {
        code.contains(&format!("progenitor_client :: {name} "))
            || code.contains(&format!("progenitor_client :: {name}>"))
    }));
    if names.contains(&"FilePart") {
        names.push("Progress");
    }
    names.push("blocking");
    // The order of rustfmt, which sees this file.
    names.sort_unstable();
    names.dedup();
    uses.extend(names.iter().map(|name| format!("progenitor_client::{name}")));
    for line in uses {
        let gate = if line.ends_with("::blocking") { "#[cfg(feature = \"blocking\")]\n" } else { "" };
        let _ = writeln!(text, "{gate}pub use {line};");
    }
    text.push_str("\n/// The OpenAPI document that this client was made of, as JSON.\n");
    text.push_str("#[cfg(feature = \"spec\")]\npub const SPEC: &str = include_str!(\"../openapi.json\");\n");
    text
}

/// What is in the crate's `src`, and who may see it.
fn modules(draft: &Draft) -> String {
    let mut text = String::new();
    text.push_str("\n#[rustfmt::skip]\npub mod builder;\n#[rustfmt::skip]\nmod client;\n#[rustfmt::skip]\nmod constructor;\n");
    text.push_str("#[cfg(feature = \"dispatch\")]\n#[rustfmt::skip]\npub mod dispatch;\n");
    if !draft.enums.is_empty() {
        text.push_str("#[rustfmt::skip]\npub mod enums;\n");
    }
    if !draft.forms.is_empty() {
        text.push_str("#[rustfmt::skip]\nmod forms;\n");
    }
    text.push_str("#[rustfmt::skip]\nmod operations;\n");
    text.push_str("#[rustfmt::skip]\nmod records;\n");
    if draft.webhooks.iter().any(Webhook::is_signed) {
        text.push_str("#[cfg(feature = \"webhooks\")]\n#[rustfmt::skip]\npub mod webhooks;\n");
    }
    text.push('\n');
    text.push_str("// The README's programs are compiled too.\n");
    text.push_str("#[cfg(doctest)]\n#[doc = include_str!(\"../README.md\")]\nmod readme {}\n\n");
    text
}

fn crate_docs(spec: &Spec, draft: &Draft) -> String {
    let info = |key: &str| draft.info.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
    let title = escaped(info("title")).replace('\n', " ");
    let mut text = format!("Client of {title}, version {}.\n", escaped(info("version")));
    let description = escaped(info("description"));
    if !description.is_empty() {
        let _ = write!(text, "\n{description}\n");
    }
    let _ = write!(text, "\n# Example\n\n{}", example(spec, draft));
    text.push_str("\n# Operations\n\n");
    for operation in &draft.operations {
        let method = parameter(&operation.id);
        let summary = operation.summary.lines().next().unwrap_or_default();
        // A colon behind a link makes it a definition, of which nothing is shown.
        let dash = if summary.is_empty() { "" } else { " - " };
        let _ = writeln!(text, "* [`Client::{method}`]{dash}{summary}");
    }
    text.push_str(&webhook_docs(draft));
    text
}

/// What can be verified, if anything.
fn webhook_docs(draft: &Draft) -> String {
    let signed: Vec<&Webhook> = draft.webhooks.iter().filter(|webhook| webhook.is_signed()).collect();
    if signed.is_empty() {
        return String::new();
    }
    let mut text =
        "\n# Webhooks\n\nWith the feature `webhooks`, verified before they are parsed:\n\n".to_owned();
    for webhook in signed {
        let (name, summary) = (parameter(&webhook.id), webhook.summary.lines().next().unwrap_or_default());
        // No link: without the feature there is nothing behind it.
        let dash = if summary.is_empty() { "" } else { " - " };
        let _ = writeln!(text, "* `webhooks::{name}`{dash}{summary}");
    }
    text
}

/// A program that compiles: a client, and a call if one can be made up.
fn example(spec: &Spec, draft: &Draft) -> String {
    let library = spec.name.replace('-', "_");
    let mut builder = format!("{library}::Client::builder()");
    if draft.base_url.is_none() {
        builder.push_str(".base_url(\"https://api.example.com\")");
    }
    for scheme in &draft.schemes {
        let arguments =
            if scheme.placement == Placement::Basic { "\"user\", \"password\"" } else { "\"secret\"" };
        let _ = write!(builder, ".{}({arguments})", parameter(&scheme.name));
    }
    let mut text = format!(
        "```no_run\n# async fn example() -> Result<(), {library}::Error> {{\nlet client = {builder}.build()?;\n"
    );
    let call = draft.operations.iter().find_map(call);
    match call {
        Some(call) => {
            let _ = write!(
                text,
                "let answer = client{call}.send().await?;\nprintln!(\"{{}}\", answer.status());\n"
            );
        }
        None => text.push_str("# let _ = client;\n"),
    }
    text.push_str("# Ok(())\n# }\n```\n");
    text
}

/// A call of `operation`, if its required arguments can be made up.
fn call(operation: &Operation) -> Option<String> {
    if operation.body.is_some() || operation.method != "GET" {
        return None;
    }
    let mut text = format!(".{}()", parameter(&operation.id));
    for one in operation.parameters.iter().filter(|one| one.required && !one.secret) {
        let value = match one.schema.get("type").and_then(serde_json::Value::as_str)? {
            "string" => "\"…\"",
            "integer" => "1",
            "boolean" => "true",
            _ => return None,
        };
        let _ = write!(text, ".{}({value})", one.setter());
    }
    Some(text)
}
