//! Complains of an `x-login` that names something that does not exist: clients log in by it.

use prumo_spec::below;
use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::Node;

/// The members of a login, and whether each is required.
const MEMBERS: [(&str, bool); 3] = [("operation", true), ("token", true), ("expires-in", false)];

/// Lints the `x-login` of a security scheme.
pub(super) fn lint(login: &Node<'_>, complaints: &mut Complaints<'_>) {
    for (name, is_required) in MEMBERS {
        match login.child(name) {
            None if is_required => {
                complaints.error(login.at(), format!("a login without `{name}`"), "")
            }
            Some(member) if !member.value().is_string() => {
                complaints.error(member.at(), format!("`{name}` must be text"), "");
            }
            None | Some(_) => {}
        }
    }
    for (name, member) in login.named_children() {
        if !MEMBERS.iter().any(|(known, _)| *known == name) {
            complaints.error(member.at(), format!("a login has no `{name}`"), "");
        }
    }
    let Ok(Some(id)) = login.text("operation") else { return };
    let at = below(login.at(), "operation");
    let Some(operation) = login.api().operations().find(|operation| operation.id() == id) else {
        complaints.error(&at, format!("there is no operation `{id}`"), "");
        return;
    };
    if !operation.is_public() {
        let hint = "write `security: []` on it";
        complaints.error(&at, format!("`{id}` gives the token and asks for one"), hint);
    }
    for name in ["token", "expires-in"] {
        let Ok(Some(pointer)) = login.text(name) else { continue };
        let at = below(login.at(), name);
        if !pointer.starts_with('/') {
            complaints.error(&at, format!("`{name}` must be a JSON Pointer such as `/data`"), "");
        } else if operation.promised_at(pointer).is_none() {
            complaints.error(&at, format!("no answer of `{id}` has `{pointer}`"), "");
        }
    }
}
