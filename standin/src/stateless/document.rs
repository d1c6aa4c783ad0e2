//! Finds the object that describes an operation in a document, and what its references lead to.

use prumo_drift::contract::Operation;
use serde_json::Value;

/// How many references may lead from one to the next.
const MAX_HOPS: usize = 32;

/// Returns the object that describes an operation.
pub(super) fn operation<'d>(root: &'d Value, operation: &Operation) -> Option<&'d Value> {
    let item = resolved(root, root.get("paths")?.get(&operation.path)?)?;
    item.get(operation.method.to_lowercase())
}

/// Follows a reference within the document; `None` if it leads nowhere.
pub(super) fn resolved<'d>(root: &'d Value, value: &'d Value) -> Option<&'d Value> {
    let mut value = value;
    for _ in 0..MAX_HOPS {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return Some(value) };
        value = target(root, reference)?;
    }
    None
}

/// Returns what a reference names.
pub(super) fn target<'d>(root: &'d Value, reference: &str) -> Option<&'d Value> {
    let pointer = prumo_spec::percent_decoded(reference.strip_prefix('#')?);
    root.pointer(&pointer)
}
