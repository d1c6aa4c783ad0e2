//! Decides whether a spec names the members of an object in a response.
//!
//! In a map, and where any JSON is allowed, no member is new.

use prumo_spec::openapi::{AdditionalProperties, Combination, Response, Schema};
use prumo_spec::{OpenApi, below, pointer};
use serde_json::Value;

/// Returns whether a schema for the object at `at` of the response names members.
pub(crate) fn has_named_members(spec: OpenApi<'_>, exchange: &Value, at: &str) -> bool {
    let mut found: Vec<Schema<'_>> = answer(spec, exchange).map(parts).unwrap_or_default();
    for name in pointer::names(at) {
        let inner = found.iter().filter_map(|schema| {
            let values = || match schema.additional() {
                AdditionalProperties::Like(values) => Some(values),
                _ => None,
            };
            schema.property(&name).or_else(|| schema.items()).or_else(values)
        });
        found = inner.flat_map(parts).collect();
    }
    found.iter().any(|schema| schema.node().has("properties"))
}

/// The schema of the answer's body.
fn answer<'d>(spec: OpenApi<'d>, exchange: &Value) -> Option<Schema<'d>> {
    let operation = spec.operations().find(|operation| exchange["operation"] == operation.id())?;
    let status = exchange["response"]["status"].to_string();
    let range = format!("{}XX", status.get(..1).unwrap_or_default());
    let responses: Vec<Response<'_>> = operation.responses().ok()?.collect();
    let is =
        |response: &&Response<'_>, key: &str| response.status().is_ok_and(|status| status == key);
    let mut keys = [status.as_str(), &range, "default"].into_iter();
    let response = keys.find_map(|key| responses.iter().find(|response| is(response, key)))?;
    response.followed().ok()?.content().ok()?.next()?.schema()
}

/// Lists a schema with its references, its parts and its alternatives.
fn parts(schema: Schema<'_>) -> Vec<Schema<'_>> {
    let (mut found, mut open) = (Vec::new(), vec![schema]);
    while let Some(schema) = open.pop() {
        let schema = schema.followed().expect("a schema");
        for how in Combination::ALL {
            open.extend(schema.combined(how).into_iter().flatten());
        }
        found.push(schema);
    }
    found
}

/// Collects the JSON Pointers of `value` and all objects below it.
pub(crate) fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.push(at.to_owned());
            for (name, value) in members {
                objects(value, &below(at, name), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                objects(value, &format!("{at}/{index}"), found);
            }
        }
        _ => (),
    }
}
