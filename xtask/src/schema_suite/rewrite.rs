//! Rewrites a schema of draft 4 as an equivalent OpenAPI 3.0 document, or says why there is none.

use serde_json::{Map, Value, json};

/// The component that the schema becomes.
pub(super) const ROOT: &str = "Root";

/// Replacement for `definitions`, a keyword that OpenAPI 3.0 does not have.
const DEFINITIONS: &str = "x-definitions";

/// Keywords that OpenAPI 3.0 does not have, and their names in a report.
const FOREIGN: &[(&str, &str)] = &[
    ("additionalItems", "`additionalItems`"),
    ("dependencies", "`dependencies`"),
    ("id", "`id`, which changes the base of references"),
    ("patternProperties", "`patternProperties`"),
];

/// The form of the schemas under a keyword.
#[derive(Clone, Copy)]
enum Holds {
    Schema,
    List,
    Members,
}

/// Keywords that hold schemas.
const KEYWORDS: &[(&str, Holds)] = &[
    ("additionalProperties", Holds::Schema),
    ("items", Holds::Schema),
    ("not", Holds::Schema),
    ("allOf", Holds::List),
    ("anyOf", Holds::List),
    ("oneOf", Holds::List),
    ("definitions", Holds::Members),
    ("properties", Holds::Members),
];

fn held_by(keyword: &str) -> Option<Holds> {
    KEYWORDS.iter().find(|(known, _)| *known == keyword).map(|(_, holds)| *holds)
}

/// Returns what a schema has that OpenAPI 3.0 does not.
pub(super) fn foreign(schema: &Value) -> Option<&'static str> {
    let members = schema.as_object()?;
    if let Some(target) = members.get("$ref").and_then(Value::as_str) {
        let is_local = target == "#" || target.starts_with("#/");
        return (!is_local).then_some("a reference to another document");
    }
    if let Some((_, reason)) = FOREIGN.iter().find(|(keyword, _)| members.contains_key(*keyword)) {
        return Some(reason);
    }
    if members.get("items").is_some_and(Value::is_array) {
        return Some("a list of schemas under `items`");
    }
    members.iter().find_map(|(keyword, value)| match (held_by(keyword)?, value) {
        (Holds::Schema, schema) => foreign(schema),
        (Holds::List, Value::Array(schemas)) => schemas.iter().find_map(foreign),
        (Holds::Members, Value::Object(schemas)) => schemas.values().find_map(foreign),
        (Holds::List | Holds::Members, _) => None,
    })
}

/// Makes a document whose component [`ROOT`] is `schema`, and whose only response uses it.
pub(super) fn document(schema: &Value) -> Value {
    let target = format!("#/components/schemas/{ROOT}");
    let content = json!({"application/json": {"schema": {"$ref": target}}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "suite", "version": "1"},
        "paths": {"/": {"get": {
            "operationId": "suite",
            "responses": {"200": {"description": "", "content": content}},
        }}},
        "components": {"schemas": {ROOT: rewritten(schema)}},
    })
}

/// Rewrites a schema in the keywords of OpenAPI 3.0.
fn rewritten(schema: &Value) -> Value {
    let Value::Object(members) = schema else {
        return schema.clone();
    };
    let mut written = Map::new();
    for (keyword, value) in members {
        let value = match (held_by(keyword), value) {
            (Some(Holds::Schema), schema) => rewritten(schema),
            (Some(Holds::List), Value::Array(schemas)) => schemas.iter().map(rewritten).collect(),
            (Some(Holds::Members), Value::Object(schemas)) => {
                schemas.iter().map(|(name, schema)| (name.clone(), rewritten(schema))).collect()
            }
            _ => value.clone(),
        };
        match (keyword.as_str(), &value) {
            ("$schema", _) => (),
            ("$ref", Value::String(target)) => {
                written.insert(keyword.clone(), redirected(target).into());
            }
            ("definitions", _) => {
                written.insert(DEFINITIONS.to_owned(), value);
            }
            ("type", Value::Array(types)) => demand(&mut written, any_type(types)),
            ("type", Value::String(name)) if name == "null" => {
                demand(&mut written, of_type(&value))
            }
            ("allOf", Value::Array(all)) => {
                all.iter().for_each(|one| demand(&mut written, one.clone()))
            }
            _ => {
                written.insert(keyword.clone(), value);
            }
        }
    }
    Value::Object(written)
}

/// Redirects a reference to the same place in the document.
fn redirected(target: &str) -> String {
    let pointer =
        target.trim_start_matches('#').replace("/definitions/", &format!("/{DEFINITIONS}/"));
    format!("#/components/schemas/{ROOT}{pointer}")
}

/// Rewrites a list of types, because a schema of OpenAPI 3.0 has a single type and no type `null`.
fn any_type(types: &[Value]) -> Value {
    json!({"anyOf": types.iter().map(of_type).collect::<Vec<_>>()})
}

fn of_type(name: &Value) -> Value {
    if name == "null" { json!({"enum": [null]}) } else { json!({"type": name}) }
}

/// Adds a schema that must be obeyed as well.
fn demand(written: &mut Map<String, Value>, schema: Value) {
    if let Value::Array(all) = written.entry("allOf").or_insert_with(|| json!([])) {
        all.push(schema);
    }
}
