//! Finds the object of an operation in a document, and the targets of references.

use prumo_drift::contract::Operation;
use serde_json::Value;

/// Maximum length of a chain of references.
const MAX_HOPS: usize = 32;

/// Returns the object of an operation.
pub(super) fn operation<'d>(root: &'d Value, operation: &Operation) -> Option<&'d Value> {
    let item = resolved(root, root.get("paths")?.get(&operation.path)?)?;
    item.get(operation.method.to_lowercase())
}

/// Follows a reference within the document; `None` if its target does not exist.
pub(super) fn resolved<'d>(root: &'d Value, value: &'d Value) -> Option<&'d Value> {
    let mut value = value;
    for _ in 0..MAX_HOPS {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return Some(value) };
        value = target(root, reference)?;
    }
    None
}

/// Returns the target of a reference.
pub(super) fn target<'d>(root: &'d Value, reference: &str) -> Option<&'d Value> {
    let pointer = prumo_spec::percent_decoded(reference.strip_prefix('#')?);
    root.pointer(&pointer)
}
