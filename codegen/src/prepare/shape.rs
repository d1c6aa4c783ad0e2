//! Classifies a schema as written: a type with a name, a list or a scalar.
//!
//! Invariants:
//!
//! * The result depends on the schema alone, not on where it is used.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::all_of::AT;
use super::schema::{self, SCHEMAS};
use super::union;
use crate::names::last;
use prumo_spec::openapi::resolve;

/// The greatest depth of nested parts of an `allOf`.
const MAX_DEPTH: usize = 64;

/// Returns the component whose property is written at `at`.
pub(super) fn owner(at: &str) -> Option<String> {
    let (component, rest) = at.strip_prefix(SCHEMAS)?.strip_prefix('/')?.split_once('/')?;
    (rest.starts_with("properties/") && !rest["properties/".len()..].contains('/'))
        .then(|| last(component))
}

/// Returns `type`, or the type that the other keywords imply.
pub(super) fn inferred_type(schema: &Value) -> Option<&str> {
    if let Some(name) = schema::type_of(schema) {
        return Some(name);
    }
    let has = |key: &str| schema.get(key).is_some();
    if has("properties") || has("additionalProperties") {
        return Some("object");
    }
    if has("items") {
        return Some("array");
    }
    enum_kind(schema)
}

/// Returns the type of an enum's values, if they have a common type.
fn enum_kind(schema: &Value) -> Option<&'static str> {
    let values: Vec<&Value> =
        schema.get("enum")?.as_array()?.iter().filter(|value| !value.is_null()).collect();
    let all = |is: fn(&Value) -> bool| !values.is_empty() && values.iter().all(|value| is(value));
    if all(Value::is_string) {
        Some("string")
    } else if all(|value| value.as_i64().is_some()) {
        Some("integer")
    } else if all(Value::is_boolean) {
        Some("boolean")
    } else {
        None
    }
}

/// Returns whether `schema` becomes a type with a name: an object, an enum or a union.
pub(super) fn is_named(root: &Value, schema: &Value) -> bool {
    is_named_within(root, schema, &mut BTreeSet::new(), MAX_DEPTH)
}

/// * `seen`: the named parts that are known to have no name, or are being looked at.
fn is_named_within(
    root: &Value,
    schema: &Value,
    seen: &mut BTreeSet<String>,
    depth: usize,
) -> bool {
    if let Some((branches, _)) = union::branches(root, schema) {
        return branches.len() > 1;
    }
    if schema
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|properties| !properties.is_empty())
    {
        return true;
    }
    if schema.get("enum").is_some() {
        return matches!(enum_kind(schema), Some("string" | "integer"));
    }
    let parts = schema.get("allOf").and_then(Value::as_array);
    depth > 0
        && parts.into_iter().flatten().any(|part| {
            resolve(root, part, "").is_some_and(|(part, at)| {
                (at.is_empty() || seen.insert(at)) && is_named_within(root, part, seen, depth - 1)
            })
        })
}

pub(super) fn enumeration(schema: &Value) -> Value {
    let values: Vec<&Value> =
        schema::values(schema).iter().filter(|value| !value.is_null()).collect();
    let mut component = json!({"type": enum_kind(schema), "enum": values});
    if let Some(format) = schema.get("format") {
        component["format"] = format.clone();
    }
    component
}

/// Keywords that become documentation or steer a later pass.
const WORDS: [&str; 20] = [
    "description",
    "title",
    "default",
    "example",
    "deprecated",
    "readOnly",
    "writeOnly",
    "discriminator",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
];

pub(super) fn copy_words(into: &mut Value, from: &Value) {
    let Some(into) = into.as_object_mut() else {
        return;
    };
    for (key, value) in from.as_object().into_iter().flatten() {
        if (WORDS.contains(&key.as_str()) || key.starts_with("x-")) && key != AT {
            into.insert(key.clone(), value.clone());
        }
    }
}

/// Adds the words of `from` to `slot` and makes it nullable if either allows `null`.
pub(super) fn with_words(mut slot: Value, from: &Value, nullable: bool) -> Value {
    let was = schema::is_nullable(&slot);
    let is_reference = schema::target(&slot).is_some();
    if is_reference && from.get("allOf").is_none() && from.get("$ref").is_none() {
        // The words of an inline schema describe the type that it became; its evidence also
        // describes the field.
        for key in ["x-evidence", "x-source", "x-pii", "deprecated", "readOnly", "writeOnly"] {
            if let Some(value) = from.get(key) {
                slot[key] = value.clone();
            }
        }
    } else {
        copy_words(&mut slot, from);
    }
    if was || nullable || schema::is_nullable(from) {
        slot["nullable"] = json!(true);
    }
    slot
}
