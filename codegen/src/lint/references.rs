//! Complains of references that lead nowhere, out of the document or in a circle, and of keywords
//! beside a reference.

use std::collections::BTreeSet;

use serde_json::Value;

use super::grammar::Node;
use super::vocabulary::{Kind, may_refer};
use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::resolve;
use prumo_spec::pointer::last;
use prumo_spec::{below, percent_decoded};

/// Lints all references among `nodes`.
pub(super) fn lint(root: &Value, nodes: &[Node<'_>], complaints: &mut Complaints<'_>) {
    for node in nodes.iter().filter(|node| may_refer(node.kind)) {
        let Some(members) = node.value.as_object() else {
            continue;
        };
        let Some(reference) = members.get("$ref") else {
            continue;
        };
        let at = below(&node.at, "$ref");
        let Some(reference) = reference.as_str() else {
            complaints.error(&at, "`$ref` must be text", "");
            continue;
        };
        if !reference.starts_with('#') {
            complaints.error(
                &at,
                format!("`$ref: {reference}` leads out of the document"),
                "bundle the document into one file",
            );
        } else if resolve(root, node.value, &node.at).is_none() {
            let (message, hint) = match root.pointer(&percent_decoded(&reference[1..])) {
                Some(_) => {
                    ("leads to another that leads nowhere, or back to itself", "write out what is meant")
                }
                None => ("leads nowhere", "declare it there, or correct the name"),
            };
            complaints.error(&at, format!("`$ref: {reference}` {message}"), hint);
        } else if let Some(expected) = expected_folder(node.kind, reference) {
            complaints.house(&at, format!("`$ref: {reference}` does not lead into `{expected}`"), "");
        }
        for name in members.keys().filter(|name| *name != "$ref" && !name.starts_with("x-")) {
            // A path item may have operations of its own beside a reference.
            complaints.house(
                &below(&node.at, name),
                format!("`{name}` beside `$ref` is ignored by OpenAPI 3.0"),
                "write `allOf: [{$ref: …}]`, beside which it counts",
            );
        }
    }
}

/// Complains of schemas that nothing refers to, since they get no type.
pub(super) fn unused(root: &Value, complaints: &mut Complaints<'_>) {
    let mut referred: BTreeSet<String> = BTreeSet::new();
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                let target = members.get("$ref").and_then(Value::as_str);
                referred.extend(target.map(|target| last(&percent_decoded(target))));
                if let Some(mapping) = members.get("mapping").and_then(Value::as_object) {
                    referred.extend(
                        mapping.values().filter_map(Value::as_str).map(|meant| last(&percent_decoded(meant))),
                    );
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    let schemas = root.pointer("/components/schemas").and_then(Value::as_object);
    for name in schemas.into_iter().flatten().map(|(name, _)| name) {
        if !referred.contains(name) {
            let at = below("/components/schemas", name);
            let message = format!("nothing refers to `{name}`, so it becomes no type");
            complaints.warning(&at, message, "");
        }
    }
}

/// Returns the folder that a reference to `kind` should lead to, unless `reference` does.
fn expected_folder(kind: Kind, reference: &str) -> Option<&'static str> {
    let folder = match kind {
        Kind::Schema => "#/components/schemas/",
        Kind::Parameter => "#/components/parameters/",
        Kind::Response => "#/components/responses/",
        Kind::RequestBody => "#/components/requestBodies/",
        _ => return None,
    };
    (!reference.starts_with(folder)).then_some(folder)
}
