//! Rewrites a schema of draft 4 as an equivalent OpenAPI 3.0 document, or says why there is none. A
//! schema of draft 2020-12 becomes one of OpenAPI 3.1, where only its references change.

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

/// Keywords of draft 2020-12 that change what a reference means. No OpenAPI document needs them.
const FOREIGN_TO_3_1: &[(&str, &str)] = &[
    ("$anchor", "`$anchor`"),
    ("$dynamicAnchor", "`$dynamicAnchor`"),
    ("$dynamicRef", "`$dynamicRef`"),
    ("$id", "`$id`, which changes the base of references"),
];

/// Returns what a schema of draft 2020-12 has that OpenAPI 3.1 documents do not.
pub(super) fn foreign_to_3_1(schema: &Value) -> Option<&'static str> {
    match schema {
        Value::Object(members) => {
            let target = members.get("$ref").and_then(Value::as_str);
            if target.is_some_and(|target| target != "#" && !target.starts_with("#/")) {
                return Some("a reference to another document");
            }
            let dialect = members.get("$schema").and_then(Value::as_str);
            if dialect.is_some_and(|dialect| !dialect.contains("2020-12/schema")) {
                return Some("another dialect");
            }
            let named = FOREIGN_TO_3_1.iter().find(|(keyword, _)| members.contains_key(*keyword));
            named.map(|(_, reason)| *reason).or_else(|| members.values().find_map(foreign_to_3_1))
        }
        Value::Array(items) => items.iter().find_map(foreign_to_3_1),
        _ => None,
    }
}

/// Makes a document of OpenAPI 3.1 whose component [`ROOT`] is `schema`.
pub(super) fn document_3_1(schema: &Value) -> Value {
    let mut schema = schema.clone();
    redirect(&mut schema);
    let mut document = document(&Value::Null);
    document["openapi"] = "3.1.0".into();
    document["components"]["schemas"][ROOT] = schema;
    document
}

/// Redirects all references to the same place in the document.
fn redirect(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("$ref", Value::String(target)) => *target = redirected(target),
                    // What looks like a reference there is a value.
                    ("const" | "enum", _) => (),
                    (_, member) => redirect(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redirect),
        _ => (),
    }
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
