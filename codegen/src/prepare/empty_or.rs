//! Finds the unions of an object and the empty list, which PHP sends instead of a missing object,
//! and chooses the runtime's type for each.
//!
//! Invariants:
//!
//! * The components stay as they are: only typify's types for them are replaced.

use serde_json::Value;

use super::scalars::scalars;
use super::{Draft, schema, stand_in};

/// The greatest depth of nested lists, maps and such unions in one type.
const MAX_DEPTH: usize = 16;

/// Records the type of each such union of `draft`.
pub(super) fn find(draft: &mut Draft) {
    let found = draft.schemas.iter().filter_map(|(name, component)| {
        Some((name.clone(), empty_or(&rust_type(draft, object_of(draft, component)?, MAX_DEPTH))))
    });
    draft.empty_ors = found.collect();
}

fn empty_or(inner: &str) -> String {
    format!("::progenitor_client::EmptyOr<{inner}>")
}

/// Returns the object in a union of an object and the empty list.
fn object_of<'d>(draft: &Draft, component: &'d Value) -> Option<&'d Value> {
    let [left, right] = component.get("oneOf")?.as_array()?.as_slice() else {
        return None;
    };
    let object = match (is_empty_list(left), is_empty_list(right)) {
        (true, false) => right,
        (false, true) => left,
        _ => return None,
    };
    let meant = schema::target(object).and_then(|name| draft.schemas.get(name)).unwrap_or(object);
    (schema::type_of(meant) == Some("object") && !schema::is_nullable(object)).then_some(object)
}

fn is_empty_list(slot: &Value) -> bool {
    schema::type_of(slot) == Some("array")
        && slot.get("maxItems").and_then(Value::as_u64) == Some(0)
}

/// Returns the type that typify makes of a slot.
pub fn type_of(draft: &Draft, slot: &Value) -> String {
    rust_type(draft, slot, MAX_DEPTH)
}

fn rust_type(draft: &Draft, slot: &Value, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else {
        return any();
    };
    let inner = |key: &str| slot.get(key).map_or_else(any, |slot| rust_type(draft, slot, depth));
    let bare = match (schema::target(slot), schema::type_of(slot)) {
        (Some(name), _) => named(draft, name, depth),
        (None, Some("array")) => format!("::std::vec::Vec<{}>", inner("items")),
        (None, Some("object")) => {
            let values = inner("additionalProperties");
            format!("::std::collections::BTreeMap<::std::string::String, {values}>")
        }
        (None, Some("string")) => "::std::string::String".to_owned(),
        (None, Some("integer")) if schema::format_of(slot) == Some("int32") => "i32".to_owned(),
        (None, Some("integer")) if schema::format_of(slot) == Some("uint64") => "u64".to_owned(),
        (None, Some("integer")) => "i64".to_owned(),
        (None, Some("number")) if schema::format_of(slot) == Some("float") => "f32".to_owned(),
        (None, Some("number")) => "f64".to_owned(),
        (None, Some("boolean")) => "bool".to_owned(),
        (None, _) => any(),
    };
    if schema::is_nullable(slot) { format!("::std::option::Option<{bare}>") } else { bare }
}

fn any() -> String {
    "::serde_json::Value".to_owned()
}

fn named(draft: &Draft, name: &str, depth: usize) -> String {
    let scalar = scalars().find(|scalar| stand_in(scalar.rust) == name);
    let object = draft.schemas.get(name).and_then(|component| object_of(draft, component));
    match (scalar, object) {
        (Some(scalar), _) => format!("::progenitor_client::{}", scalar.rust),
        (None, Some(object)) => empty_or(&rust_type(draft, object, depth)),
        (None, None) if is_enum(draft, name) => format!("crate::enums::{name}"),
        (None, None) => format!("crate::client::types::{name}"),
    }
}

fn is_enum(draft: &Draft, name: &str) -> bool {
    draft.schemas.get(name).is_some_and(|component| component.get("enum").is_some())
}
