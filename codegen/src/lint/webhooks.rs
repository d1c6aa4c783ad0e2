//! Complains of an `x-webhooks` that gives no type, and of a signature that can't be verified.

use prumo_spec::below;
use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::{Node, Signature};

/// The members of a signature and their allowed words; an empty list allows any text.
const SIGNATURE: [(&str, &[&str]); 5] = [
    ("header", &[]),
    ("prefix", &[]),
    ("algorithm", &Signature::ALGORITHMS),
    ("over", &Signature::SUBJECTS),
    ("encoding", &Signature::ENCODINGS),
];

/// Lints the value of `x-webhooks`; its operations are linted like any other.
pub(super) fn lint(webhooks: &Node<'_>, complaints: &mut Complaints<'_>) {
    for (_, item) in webhooks.named_children() {
        let Some(call) = item.child("post") else {
            complaints.house(item.at(), "a webhook without `post`", "the vendor calls with POST");
            continue;
        };
        if !call.has("requestBody") {
            complaints.house(
                call.at(),
                "a webhook without `requestBody`",
                "say what the vendor sends",
            );
        }
    }
}

/// Lints the `x-signature` of a webhook.
pub(super) fn signature(signature: &Node<'_>, complaints: &mut Complaints<'_>) {
    if !signature.at().starts_with("/x-webhooks/") {
        complaints.error(signature.at(), "`x-signature` means nothing outside `x-webhooks`", "");
        return;
    }
    for (name, known) in SIGNATURE {
        let at = below(signature.at(), name);
        match signature.text(name) {
            Ok(Some(word)) if known.is_empty() || known.contains(&word) => {}
            Ok(Some(word)) => {
                let hint = format!("`{}`", known.join("` or `"));
                complaints.error(&at, format!("`{name}` does not know `{word}`"), &hint);
            }
            _ => complaints.error(&at, format!("a signature without `{name}`"), ""),
        }
    }
    for (name, member) in signature.named_children() {
        if !SIGNATURE.iter().any(|(known, _)| *known == name) {
            complaints.error(member.at(), format!("a signature has no `{name}`"), "");
        }
    }
}
