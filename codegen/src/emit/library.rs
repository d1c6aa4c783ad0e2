//! Emits `lib.rs`: the modules and re-exports of the crate.
//!
//! Invariants:
//!
//! * The text is formatted as rustfmt would; the modules are marked to be skipped by rustfmt.
//! * A caller needs no other crate: every name in a public trait or method of the client is
//!   re-exported.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::File;
use super::nesting::recursion_limit;
use crate::prepare::{Draft, Operation, Scheme, Webhook, scalars};

/// Names that every client re-exports from the runtime.
const ALWAYS: [&str; 48] = [
    "Answer",
    "Attempt",
    "BodyKind",
    "Boxed",
    "ByteStream",
    "CallEnd",
    "CallOptions",
    "ClientInfo",
    "Clock",
    "CredentialError",
    "Credentials",
    "EnvCredentials",
    "Envelope",
    "Error",
    "Inner",
    "Login",
    "Observer",
    "Operation",
    "PageBehind",
    "PageSize",
    "Paging",
    "PagingEnd",
    "PagingStyle",
    "Parameter",
    "PartSize",
    "Place",
    "Placement",
    "RateLimit",
    "RawResponse",
    "ResponseValue",
    "RetryPolicy",
    "ScalarError",
    "Scheme",
    "Secret",
    "SendOrFind",
    "Signature",
    "SystemClock",
    "TagValue",
    "Undocumented",
    "Webhook",
    "jiff",
    "reqwest",
    "send_or_find",
    "DEFAULT_CONNECT_TIMEOUT",
    "DEFAULT_MAX_ANSWER_BYTES",
    "DEFAULT_STALL_TIMEOUT",
    "DEFAULT_TIMEOUT",
    "DEFAULT_TOTAL_TIMEOUT",
];

/// Has docs.rs, which builds with a nightly compiler, show the feature that an item needs.
const SHOWN_FEATURES: &str = "\n#![cfg_attr(docsrs, feature(doc_cfg))]\n";

/// Writes the text of `lib.rs` with the front page `docs`, for a crate with `files`.
pub(super) fn library(docs: &str, draft: &Draft, files: &[File]) -> String {
    let mut text = String::new();
    for line in docs.lines() {
        let line = line.trim_end();
        let _ = if line.is_empty() { writeln!(text, "//!") } else { writeln!(text, "//! {line}") };
    }
    text.push_str(SHOWN_FEATURES);
    if let Some(limit) = recursion_limit(draft) {
        let _ = writeln!(text, "#![recursion_limit = \"{limit}\"]");
    }
    text.push_str(&modules(draft));
    let tables = match draft.webhooks.is_empty() {
        true => "{OPERATIONS, SCHEMES}",
        false => "{OPERATIONS, SCHEMES, WEBHOOKS}",
    };
    let _ = write!(
        text,
        "pub use client::Client;\npub use constructor::ClientBuilder;\npub use operations::{tables};\n"
    );
    for name in reexports(draft, files) {
        let gate = match name {
            "blocking" => "#[cfg(feature = \"blocking\")]\n",
            "AuthorizationRequest" | "SigningKey" => "#[cfg(feature = \"oauth\")]\n",
            "Dispatched" => "#[cfg(feature = \"dispatch\")]\n",
            _ => "",
        };
        let _ = writeln!(text, "{gate}pub use prumo_runtime::{name};");
    }
    text.push_str("\n/// The OpenAPI document that this client was made from, as JSON.\n");
    text.push_str(
        "#[cfg(feature = \"spec\")]\npub const SPEC: &str = include_str!(\"../openapi.json\");\n",
    );
    text
}

/// Lists the re-exports from the runtime in rustfmt's order, since rustfmt checks this file.
fn reexports(draft: &Draft, files: &[File]) -> Vec<&'static str> {
    let mut names = ALWAYS.to_vec();
    names.extend(["Dispatched", "blocking"]);
    if draft.schemes.iter().any(|scheme| scheme.login.is_some()) {
        names.push("PasswordGrant");
    }
    if draft.schemes.iter().any(Scheme::has_flow) {
        let names_of_flows = ["AssertionSigner", "Flow", "OAuth", "OAuthClient", "SigningKey"];
        names.extend(names_of_flows);
    }
    if draft.schemes.iter().any(|scheme| scheme.authorization_code.is_some()) {
        names.extend(["AuthorizationRequest", "RefreshTokens", "UserGrant"]);
    }
    if draft.operations.iter().any(Operation::is_paged) {
        names.extend(["Cursor", "CursorError", "ItemError", "Items", "Page", "Pages"]);
    }
    let scalars = scalars().map(|scalar| scalar.rust).chain(["EmptyOr", "Extra", "FilePart"]);
    let named: BTreeSet<&str> = files.iter().flat_map(|file| named(&file.text)).collect();
    names.extend(scalars.filter(|name| named.contains(name)));
    if names.contains(&"FilePart") {
        names.push("Progress");
    }
    if names.contains(&"Money") {
        names.push("Decimal");
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// Finds every name of the runtime that `text` imports or writes out.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split("prumo_runtime::").skip(1).flat_map(|rest| {
        let list = rest.strip_prefix('{').and_then(|list| list.split('}').next());
        let is_sign = |sign: char| !sign.is_alphanumeric() && sign != '_';
        let names = list.unwrap_or_else(|| rest.split(is_sign).next().unwrap_or_default());
        names.split(is_sign).filter(|name| !name.is_empty())
    })
}

/// Declares the modules of the crate.
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
    text.push_str("#[rustfmt::skip]\npub mod types;\n");
    if draft.webhooks.iter().any(Webhook::is_signed) {
        text.push_str("#[cfg(feature = \"webhooks\")]\n#[rustfmt::skip]\npub mod webhooks;\n");
    }
    text.push('\n');
    text.push_str("// The README's programs are compiled too.\n");
    text.push_str("#[cfg(doctest)]\n#[doc = include_str!(\"../README.md\")]\nmod readme {}\n\n");
    text
}
