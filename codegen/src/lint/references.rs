//! Complains of references that lead nowhere, out of the document or in a circle, and of keywords
//! beside a reference.

use prumo_spec::complaint::Complaints;
use prumo_spec::grammar::{Object, ObjectKind, may_refer};
use prumo_spec::openapi::Node;
use prumo_spec::{OpenApi, SpecFault};

/// Lints all references among `objects`.
pub(super) fn lint(objects: &[Object<'_>], complaints: &mut Complaints<'_>) {
    for Object { kind, node } in objects.iter().filter(|object| may_refer(object.kind)) {
        let Some(reference) = node.child("$ref") else { continue };
        let at = reference.at();
        let Some(text) = reference.value().as_str() else {
            complaints.error(at, "`$ref` must be text", "");
            continue;
        };
        if !text.starts_with('#') {
            complaints.error(
                at,
                format!("`$ref: {text}` leads out of the document"),
                "bundle the document into one file",
            );
        } else if let Some((message, hint)) = dead_end(node, at) {
            complaints.error(at, format!("`$ref: {text}` {message}"), hint);
        } else if let Some(expected) = expected_folder(*kind, text) {
            complaints.house(at, format!("`$ref: {text}` does not lead into `{expected}`"), "");
        }
        for (name, beside) in node.named_children() {
            if name == "$ref" || name.starts_with("x-") {
                continue;
            }
            // A path item may have operations of its own beside a reference.
            complaints.house(
                beside.at(),
                format!("`{name}` beside `$ref` is ignored by OpenAPI 3.0"),
                "write `allOf: [{$ref: …}]`, beside which it counts",
            );
        }
    }
}

/// Returns why a reference at `at` leads nowhere, and what to do.
fn dead_end(node: &Node<'_>, at: &str) -> Option<(&'static str, &'static str)> {
    let error = node.followed().err()?;
    match error.fault {
        // It leads somewhere, of which the walk complains.
        SpecFault::Expected { .. } => None,
        _ if error.pointer == at => {
            Some(("leads nowhere", "declare it there, or correct the name"))
        }
        _ => Some((
            "leads to another that leads nowhere, or back to itself",
            "write out what is meant",
        )),
    }
}

/// Complains of schemas that nothing refers to: no type is made of them.
pub(super) fn unused(api: OpenApi<'_>, complaints: &mut Complaints<'_>) {
    for schema in api.unused_schemas() {
        let message = format!("nothing refers to `{}`, so it becomes no type", schema.name());
        complaints.warning(schema.at(), message, "");
    }
}

/// Returns the folder that a reference to `kind` should lead to, unless `reference` does.
fn expected_folder(kind: ObjectKind, reference: &str) -> Option<&'static str> {
    let folder = match kind {
        ObjectKind::Schema => "#/components/schemas/",
        ObjectKind::Parameter => "#/components/parameters/",
        ObjectKind::Response => "#/components/responses/",
        ObjectKind::RequestBody => "#/components/requestBodies/",
        _ => return None,
    };
    (!reference.starts_with(folder)).then_some(folder)
}
