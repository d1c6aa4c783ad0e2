//! Reads and builds schemas in canonical form, the only form that typify sees.
//!
//! A *slot* (property, item, map value, parameter, body, answer) is one of
//!
//! * `{allOf: [{$ref}]}`: a component,
//! * `{type: string|integer|number|boolean, format?}`: a scalar,
//! * `{type: array, items: slot}` or `{type: object, additionalProperties: slot}`,
//! * `{}`: any JSON,
//!
//! with `nullable` and, until `docs`, the keywords that become documentation. A *component* is an
//! object with properties, an enum, or a `oneOf` of slots.

use serde_json::{Map, Value, json};

/// The folder of components.
pub const SCHEMAS: &str = "/components/schemas";

/// Returns a slot that refers to the component `name`.
pub fn reference(name: &str) -> Value {
    json!({"allOf": [{"$ref": format!("#{SCHEMAS}/{name}")}]})
}

/// Returns the component that `slot` refers to, if any.
pub fn target(slot: &Value) -> Option<&str> {
    let reference = slot.get("allOf")?.get(0)?.get("$ref")?.as_str()?;
    reference.strip_prefix("#/components/schemas/")
}

/// Returns `type`, if it is there.
pub fn type_of(schema: &Value) -> Option<&str> {
    schema.get("type").and_then(Value::as_str)
}

/// Returns `format`, if it is there.
pub fn format_of(schema: &Value) -> Option<&str> {
    schema.get("format").and_then(Value::as_str)
}

/// Returns whether the schema allows `null`.
pub fn is_nullable(schema: &Value) -> bool {
    schema.get("nullable").and_then(Value::as_bool) == Some(true)
}

/// Returns the properties of an object component.
pub fn properties(component: &Value) -> impl Iterator<Item = (&String, &Value)> {
    component.get("properties").and_then(Value::as_object).into_iter().flatten()
}

/// Returns whether `name` is a required property of an object component.
pub fn is_required(component: &Value, name: &str) -> bool {
    let required = component.get("required").and_then(Value::as_array);
    required.into_iter().flatten().any(|other| other == name)
}

/// Returns the values of an enum component.
pub fn values(component: &Value) -> &[Value] {
    component.get("enum").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Calls `visit` for each slot directly inside a component or slot.
pub fn slots<'v>(schema: &'v Value, visit: &mut dyn FnMut(&'v Value)) {
    for (_, slot) in properties(schema) {
        visit(slot);
    }
    for slot in schema.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
        visit(slot);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(slot) = schema.get(key).filter(|slot| slot.is_object()) {
            visit(slot);
        }
    }
}

/// Calls `change` for each slot inside a component or slot, at any depth.
pub fn change_slots(schema: &mut Value, change: &mut dyn FnMut(&mut Value)) {
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    let mut below: Vec<&mut Value> = Vec::new();
    for (key, value) in members.iter_mut() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => below.extend(properties.values_mut()),
            ("oneOf", Value::Array(branches)) => below.extend(branches),
            ("items" | "additionalProperties", slot @ Value::Object(_)) => below.push(slot),
            _ => {}
        }
    }
    for slot in below {
        change(slot);
        change_slots(slot, change);
    }
}

/// Collects the components that can be reached from `slots` through `schemas`.
pub fn reachable<'v>(
    schemas: &'v Map<String, Value>,
    roots: impl Iterator<Item = &'v Value>,
) -> std::collections::BTreeSet<String> {
    let mut open: Vec<&Value> = roots.collect();
    let mut found = std::collections::BTreeSet::new();
    while let Some(slot) = open.pop() {
        if let Some(name) = target(slot)
            && found.insert(name.to_owned())
        {
            open.extend(schemas.get(name));
        }
        slots(slot, &mut |slot| open.push(slot));
    }
    found
}
