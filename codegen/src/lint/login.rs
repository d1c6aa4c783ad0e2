//! Complains of an `x-login` that names something that does not exist: clients log in by it.

use serde_json::Value;

use super::paging::is_promised;
use prumo_spec::complaint::Complaints;
use prumo_spec::{OpenApi, below};

/// The members of a login, and whether each is required.
const MEMBERS: [(&str, bool); 3] = [("operation", true), ("token", true), ("expires-in", false)];

/// Lints the `x-login` of a security scheme.
pub(super) fn lint(api: OpenApi<'_>, value: &Value, at: &str, complaints: &mut Complaints<'_>) {
    for (name, is_required) in MEMBERS {
        match value.get(name) {
            None if is_required => complaints.error(at, format!("a login without `{name}`"), ""),
            Some(member) if !member.is_string() => {
                complaints.error(&below(at, name), format!("`{name}` must be text"), "");
            }
            None | Some(_) => {}
        }
    }
    for name in value.as_object().into_iter().flatten().map(|(name, _)| name) {
        if !MEMBERS.iter().any(|(known, _)| known == name) {
            complaints.error(&below(at, name), format!("a login has no `{name}`"), "");
        }
    }
    let Some(id) = value.get("operation").and_then(Value::as_str) else {
        return;
    };
    let Some(operation) = api.operations().find(|operation| operation.id() == id) else {
        complaints.error(&below(at, "operation"), format!("there is no operation `{id}`"), "");
        return;
    };
    if !operation.is_public() {
        let hint = "write `security: []` on it";
        complaints.error(&below(at, "operation"), format!("`{id}` gives the token and asks for one"), hint);
    }
    for name in ["token", "expires-in"] {
        let Some(pointer) = value.get(name).and_then(Value::as_str) else {
            continue;
        };
        if !pointer.starts_with('/') {
            complaints.error(
                &below(at, name),
                format!("`{name}` must be a JSON Pointer such as `/data`"),
                "",
            );
        } else if !is_promised(api.root(), operation.node().value(), pointer) {
            complaints.error(&below(at, name), format!("no answer of `{id}` has `{pointer}`"), "");
        }
    }
}
