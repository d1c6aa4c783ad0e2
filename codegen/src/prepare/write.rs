//! Turns a prepared draft into the OpenAPI document for progenitor.
//!
//! Invariants:
//!
//! * Each operation has one success and no errors: the runtime makes the errors.
//! * The document has no `x-` keyword.

use serde_json::{Map, Value, json};

use super::{Draft, Operation, Success, escaped, given, schema};
use prumo_spec::openapi::ParameterPlace;

/// Writes the document of `draft`.
pub fn openapi(draft: &Draft) -> serde_json::Result<openapiv3::OpenAPI> {
    let mut paths = Map::new();
    for operation in &draft.operations {
        let path = paths.entry(given_path(operation)).or_insert_with(|| json!({}));
        path[operation.method.to_lowercase()] = written(operation);
    }
    let mut schemas = draft.schemas.clone();
    for (_, component) in &mut schemas {
        if component.get("enum").is_some() {
            // Our enum replaces it; typify must not even try to name its values.
            *component = json!({"type": "string"});
        }
        given::with_given_names(component);
        schema::change_slots(component, &mut |slot| *slot = simple_one(slot));
    }
    // progenitor turns it into a header value, which the runtime removes again.
    let version = draft.info.version.as_str();
    let version = if version.chars().all(|sign| sign.is_ascii_graphic()) { version } else { "0" };
    serde_json::from_value(json!({
        "openapi": "3.0.3",
        "info": {"title": escaped(&draft.info.title).replace('\n', " "), "version": version},
        "paths": paths,
        "components": {"schemas": schemas},
    }))
}

/// Returns `slot`, and everything inside it, in progenitor's form.
fn simple(slot: &Value) -> Value {
    let mut simple = simple_one(slot);
    schema::change_slots(&mut simple, &mut |slot| *slot = simple_one(slot));
    simple
}

/// Reduces a reference without keywords around it to the bare `$ref`.
fn simple_one(slot: &Value) -> Value {
    let bare = slot.get("description").is_none() && !schema::is_nullable(slot);
    let mut simple = match slot.pointer("/allOf/0") {
        Some(reference) if bare => reference.clone(),
        _ => slot.clone(),
    };
    if let Some(members) = simple.as_object_mut() {
        members.shift_remove("x-prumo-secret");
    }
    simple
}

/// Returns the path with the names that progenitor gets.
fn given_path(operation: &Operation) -> String {
    let renamed = operation
        .parameters
        .iter()
        .filter(|one| one.place == ParameterPlace::Path && one.given != one.name);
    renamed.fold(operation.sent_path.clone(), |path, one| {
        path.replace(&format!("{{{}}}", one.name), &format!("{{{}}}", one.given))
    })
}

fn written(operation: &Operation) -> Value {
    let parameters: Vec<Value> = operation
        .parameters
        .iter()
        .filter(|parameter| !parameter.secret)
        .map(|parameter| {
            let mut schema = parameter.schema.clone();
            // A caller omits a nullable parameter rather than sending null.
            if let Some(members) = schema.as_object_mut() {
                members.shift_remove("nullable");
            }
            json!({
                "name": parameter.given,
                "in": parameter.place.word(),
                "required": parameter.required,
                "description": parameter.docs,
                "schema": simple(&schema),
            })
        })
        .collect();
    let answer = match &operation.success {
        // The emitter writes the type of an answer by status.
        Success::Empty | Success::ByStatus(_) => json!({"description": ""}),
        Success::Stream => json!({"description": "", "content": {"application/octet-stream": {}}}),
        Success::Json(slot) | Success::Optional(slot, _) => {
            json!({"description": "", "content": {"application/json": {"schema": simple(slot)}}})
        }
    };
    let mut written = json!({
        "operationId": operation.method_name,
        "summary": operation.summary,
        "description": operation.description,
        "parameters": parameters,
        "responses": {"2XX": answer},
    });
    if let Some(body) = &operation.body {
        let media = match body.media.as_str() {
            "multipart/form-data" => "application/x-www-form-urlencoded",
            other => other,
        };
        let schema = match media {
            "text/plain" => json!({"type": "string"}),
            "application/octet-stream" => json!({"type": "string", "format": "binary"}),
            _ => simple(&body.schema),
        };
        written["requestBody"] = json!({
            "required": true,
            "description": body.description,
            "content": {media: {"schema": schema}},
        });
    }
    written
}
