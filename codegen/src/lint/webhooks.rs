//! Complains of an `x-webhooks` that gives no type, and of a signature that can't be verified.

use serde_json::Value;

use super::grammar::Node;
use super::vocabulary::Kind;
use prumo_spec::below;
use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::Signature;

/// The members of a signature and their allowed words; an empty list allows any text.
const SIGNATURE: [(&str, &[&str]); 5] = [
    ("header", &[]),
    ("prefix", &[]),
    ("algorithm", &Signature::ALGORITHMS),
    ("over", &Signature::SUBJECTS),
    ("encoding", &Signature::ENCODINGS),
];

/// Lints the value of `x-webhooks`; its operations are linted like any other.
pub(super) fn lint(value: &Value, at: &str, complaints: &mut Complaints<'_>) {
    for (name, item) in value.as_object().into_iter().flatten() {
        let at = below(at, name);
        let Some(call) = item.get("post") else {
            complaints.house(&at, "a webhook without `post`", "the vendor calls with POST");
            continue;
        };
        if call.get("requestBody").is_none() {
            complaints.house(
                &below(&at, "post"),
                "a webhook without `requestBody`",
                "say what the vendor sends",
            );
        }
    }
}

/// Lints the `x-signature` of a webhook.
pub(super) fn signature(node: &Node<'_>, value: &Value, at: &str, complaints: &mut Complaints<'_>) {
    debug_assert_eq!(node.kind, Kind::Operation);
    if !node.at.starts_with("/x-webhooks/") {
        complaints.error(at, "`x-signature` means nothing outside `x-webhooks`", "");
        return;
    }
    for (name, known) in SIGNATURE {
        let at = below(at, name);
        match value.get(name).and_then(Value::as_str) {
            None => complaints.error(&at, format!("a signature without `{name}`"), ""),
            Some(word) if !known.is_empty() && !known.contains(&word) => {
                let hint = format!("`{}`", known.join("` or `"));
                complaints.error(&at, format!("`{name}` does not know `{word}`"), &hint);
            }
            Some(_) => {}
        }
    }
    for name in value.as_object().into_iter().flatten().map(|(name, _)| name) {
        if !SIGNATURE.iter().any(|(known, _)| known == name) {
            complaints.error(&below(at, name), format!("a signature has no `{name}`"), "");
        }
    }
}
