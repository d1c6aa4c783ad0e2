//! Decides whether a spec names the members of an object in a response.
//!
//! In a map, and where any JSON is allowed, no member is new.

use prumo_drift::below;
use serde_json::Value;

/// Returns whether a schema for the object at `at` of the response names members.
pub(crate) fn has_named_members(spec: &Value, exchange: &Value, at: &str) -> bool {
    let mut found = answers(spec, exchange);
    for step in at.split('/').skip(1) {
        let name = step.replace("~1", "/").replace("~0", "~");
        let inner = found.iter().filter_map(|schema| {
            let member = schema.get("properties").and_then(|properties| properties.get(&name));
            member.or_else(|| schema.get("items")).or_else(|| schema.get("additionalProperties"))
        });
        found = inner.flat_map(|schema| parts(spec, schema)).collect();
    }
    found.iter().any(|schema| schema.get("properties").is_some())
}

/// Lists the schemas of the response's body.
fn answers<'s>(spec: &'s Value, exchange: &Value) -> Vec<&'s Value> {
    let items = spec["paths"].as_object().into_iter().flat_map(|paths| paths.values());
    let operations = items.filter_map(Value::as_object).flat_map(|item| item.values());
    let operation = operations.into_iter().find(|one| one.get("operationId") == exchange.get("operation"));
    let status = exchange["response"]["status"].to_string();
    let range = format!("{}XX", status.get(..1).unwrap_or_default());
    let responses = operation.and_then(|operation| operation.get("responses"));
    let response = [&status, &range, "default"].iter().find_map(|name| responses?.get(*name));
    let response = response.map(|response| resolved(spec, response));
    let media = response.and_then(|response| response.get("content")?.as_object()?.values().next());
    media.and_then(|media| media.get("schema")).map(|schema| parts(spec, schema)).unwrap_or_default()
}

/// Lists a schema with its references, its parts and its alternatives.
fn parts<'s>(spec: &'s Value, schema: &'s Value) -> Vec<&'s Value> {
    let (mut found, mut open) = (Vec::new(), vec![schema]);
    while let Some(schema) = open.pop() {
        let schema = resolved(spec, schema);
        for keyword in ["allOf", "oneOf", "anyOf"] {
            open.extend(schema.get(keyword).and_then(Value::as_array).into_iter().flatten());
        }
        found.push(schema);
    }
    found
}

fn resolved<'s>(spec: &'s Value, mut value: &'s Value) -> &'s Value {
    while let Some(target) = value.get("$ref").and_then(Value::as_str) {
        value = target.strip_prefix('#').and_then(|pointer| spec.pointer(pointer)).unwrap_or(&Value::Null);
    }
    value
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
