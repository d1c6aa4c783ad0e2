//! Writes the front page of a client: its title, an example, its operations and its features.

use std::fmt::Write;

use super::tags::Tag;
use crate::material::Material;
use crate::names::parameter;
use crate::prepare::{Draft, Operation, Placement, Scheme, Webhook, escaped};
use crate::spec::Spec;

pub(super) fn front_page(
    spec: &Spec,
    draft: &Draft,
    tags: &[Tag<'_>],
    material: &Material,
) -> String {
    let info = &draft.info;
    let title = escaped(&info.title).replace('\n', " ");
    let mut text = format!("Client of {title}, version {}.\n", escaped(&info.version));
    let description = escaped(&info.description);
    if !description.is_empty() {
        let _ = write!(text, "\n{description}\n");
    }
    let _ = write!(text, "\n# Example\n\n{}", example(spec, draft));
    text.push_str(&programs(material));
    text.push_str(&operations(tags));
    text.push_str(&authorization(draft));
    text.push_str(&webhook_docs(draft));
    text.push_str(&features(draft));
    text
}

/// Lists the example programs.
fn programs(material: &Material) -> String {
    let mut text = String::from("\nThe README has more");
    let mut programs = material.programs().peekable();
    if programs.peek().is_none() {
        return text + ".\n";
    }
    text.push_str(", and so have these programs:\n\n");
    for (name, docs) in programs {
        let dash = if docs.is_empty() { "" } else { " - " };
        let _ = writeln!(text, "* `examples/{name}`{dash}{}", escaped(docs));
    }
    text
}

/// Lists the operations by tag.
fn operations(tags: &[Tag<'_>]) -> String {
    let mut text = String::from("\n# Operations\n");
    for tag in tags {
        if tags.len() > 1 {
            let _ = write!(text, "\n## {}\n", escaped(&tag.title));
        }
        text.push('\n');
        for operation in &tag.operations {
            let method = parameter(&operation.method_name);
            let summary = operation.summary.lines().next().unwrap_or_default();
            // rustdoc reads a link with a colon behind it as a link definition, which it does not
            // show.
            let dash = if summary.is_empty() { "" } else { " - " };
            let _ = writeln!(text, "* [`Client::{method}`]{dash}{summary}");
        }
    }
    text
}

/// Says how a client obtains its tokens, or returns an empty text if it does not.
fn authorization(draft: &Draft) -> String {
    let flows = draft.schemes.iter().filter(|scheme| scheme.has_flow()).map(|scheme| {
        let (prefix, name) = (draft.application_prefix(scheme), parameter(&scheme.name));
        let of_user = draft.user_prefix(scheme);
        let mut text = String::new();
        if scheme.client_credentials.is_some() {
            let _ = writeln!(
                text,
                "* [`ClientBuilder::{prefix}client_credentials`] - For the application itself."
            );
        }
        if scheme.authorization_code.is_some() {
            let _ = writeln!(
                text,
                "* [`ClientBuilder::{of_user}authorized`] - For a user who has agreed."
            );
        }
        let _ = writeln!(text, "* [`ClientBuilder::{name}`] - With a token of your own.");
        text
    });
    let flows: String = flows.collect();
    if flows.is_empty() {
        return flows;
    }
    format!(
        "\n# Authorization\n\nThe client obtains its tokens itself, renews them before they expire, \
         and asks once for many calls:\n\n{flows}\n\
         [`ClientBuilder::identity`] sets the certificate for mutual TLS, and \
         [`OAuthClient::token_url`] another server than the document's, such as a sandbox.\n"
    )
}

/// Lists the features of the crate.
fn features(draft: &Draft) -> String {
    let mut text = String::from(
        "\n# Features\n\nNone is on by default.\n\n\
         * `rustls` or `native-tls` - TLS; one of them is needed for `https`.\n\
         * `blocking` - Calls without an async runtime: `send_blocking()`.\n\
         * `dispatch` - Calls an operation by its name, with JSON arguments.\n\
         * `spec` - The OpenAPI document that this client was made from, as a constant.\n",
    );
    if draft.schemes.iter().any(Scheme::has_flow) {
        text.push_str(
            "* `oauth` - Signed assertions (`private_key_jwt`) and authorization URLs with PKCE.\n",
        );
    }
    if draft.webhooks.iter().any(Webhook::is_signed) {
        text.push_str("* `webhooks` - Verifies the vendor's webhooks.\n");
    }
    text
}

/// Lists the webhooks that can be verified, or returns an empty text if there are none.
fn webhook_docs(draft: &Draft) -> String {
    let signed: Vec<&Webhook> =
        draft.webhooks.iter().filter(|webhook| webhook.is_signed()).collect();
    if signed.is_empty() {
        return String::new();
    }
    let mut text =
        "\n# Webhooks\n\nWith the feature `webhooks`, verified before they are parsed:\n\n"
            .to_owned();
    for webhook in signed {
        let (name, summary) =
            (parameter(&webhook.id), webhook.summary.lines().next().unwrap_or_default());
        // A link would be broken without the feature `webhooks`.
        let dash = if summary.is_empty() { "" } else { " - " };
        let _ = writeln!(text, "* `webhooks::{name}`{dash}{summary}");
    }
    text
}

/// Writes a program that compiles: a client, and a call if one can be made up.
fn example(spec: &Spec, draft: &Draft) -> String {
    let library = spec.name.replace('-', "_");
    let mut builder = format!("{library}::Client::builder()");
    if draft.base_url.is_none() {
        let open = draft.server.iter().flat_map(|server| &server.variables);
        let open = open.filter(|variable| variable.default.is_none());
        let setters = open.filter_map(|variable| {
            let value = variable.allowed.first().map_or("acme", String::as_str);
            Some(format!(".{}({value:?})", draft.server_setters.get(&variable.name)?))
        });
        let is_whole = draft.server.as_ref().is_some_and(|server| !server.url.starts_with('/'));
        match is_whole {
            true => builder.extend(setters),
            false => builder.push_str(".base_url(\"https://api.example.com\")"),
        }
    }
    for scheme in &draft.schemes {
        if scheme.client_credentials.is_some() {
            let prefix = draft.application_prefix(scheme);
            let _ = write!(
                builder,
                ".{prefix}client_credentials({library}::OAuthClient::new(\"id\").secret(\"secret\"))"
            );
            continue;
        }
        let arguments = if scheme.placement == Placement::Basic {
            "\"user\", \"password\""
        } else {
            "\"secret\""
        };
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

/// Makes up a call of `operation`, or returns `None` if a required argument has no sample.
fn call(operation: &Operation) -> Option<String> {
    if operation.body.is_some() || operation.method != "GET" {
        return None;
    }
    let mut text = format!(".{}()", parameter(&operation.method_name));
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
