//! Reads which credentials an operation needs, and where each travels.
//!
//! Invariants:
//!
//! * An operation keeps only the alternatives that a client can meet; one that
//!   is left with none is an error.

use serde_json::Value;

use super::p0_read::resolve;
use super::{Login, Operation, Placement, Scheme};
use prumo_spec::below;
use prumo_spec::complaint::Complaints;

/// `security` as OR of ANDs of scheme names.
pub(super) fn security(value: Option<&Value>) -> Vec<Vec<String>> {
    let alternatives = value.and_then(Value::as_array).into_iter().flatten();
    alternatives.filter_map(Value::as_object).map(|scheme| scheme.keys().cloned().collect()).collect()
}

/// The schemes that some operation asks for. An alternative that cannot be
/// met is taken off the operation, with a complaint if none is left.
pub(super) fn schemes(
    root: &Value,
    operations: &mut [Operation],
    complaints: &mut Complaints<'_>,
) -> Vec<Scheme> {
    let declared = root.pointer("/components/securitySchemes").and_then(Value::as_object);
    let mut usable: Vec<Scheme> = Vec::new();
    for (name, scheme) in declared.into_iter().flatten() {
        let at = below("/components/securitySchemes", name);
        let placement = resolve(root, scheme, &at).and_then(|(scheme, _)| placement(scheme));
        if let Some(placement) = placement {
            let description = scheme.get("description").and_then(Value::as_str).unwrap_or_default();
            let login = login(scheme);
            usable.push(Scheme { name: name.clone(), placement, description: description.to_owned(), login });
        }
    }
    for operation in operations.iter_mut() {
        let asked = operation.security.len();
        operation
            .security
            .retain(|names| names.iter().all(|name| usable.iter().any(|scheme| scheme.name == *name)));
        if asked > 0 && operation.security.is_empty() {
            complaints.error(
                &below(&operation.pointer, "security"),
                "no alternative of `security` that a client can meet",
                "http bearer and basic, apiKey in header or query, oauth2 and openIdConnect can be met",
            );
        }
    }
    usable.retain(|scheme| {
        operations
            .iter()
            .flat_map(|operation| operation.security.iter().flatten())
            .any(|name| *name == scheme.name)
    });
    usable
}

/// `x-login`; the lint has checked it.
fn login(scheme: &Value) -> Option<Login> {
    let members = scheme.get("x-login")?;
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Login { operation: text("operation")?, token: text("token")?, expires_in: text("expires-in") })
}

fn placement(scheme: &Value) -> Option<Placement> {
    let text = |name: &str| scheme.get(name).and_then(Value::as_str).unwrap_or_default();
    match (text("type"), text("in")) {
        ("http", _) if text("scheme").eq_ignore_ascii_case("bearer") => Some(Placement::Bearer),
        ("http", _) if text("scheme").eq_ignore_ascii_case("basic") => Some(Placement::Basic),
        ("apiKey", "header") => Some(Placement::Header(text("name").to_owned())),
        ("apiKey", "query") => Some(Placement::Query(text("name").to_owned())),
        ("oauth2" | "openIdConnect", _) => Some(Placement::Bearer),
        _ => None,
    }
}
