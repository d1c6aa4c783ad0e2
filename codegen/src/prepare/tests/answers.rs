//! The response of an operation, without its envelope.

use serde_json::{Value, json};

use super::{get, prepared, prepared_with};
use crate::prepare::{Draft, Success, schema};

/// Returns a house document with one enveloped response.
fn enveloped(envelope: Value, good: Value) -> Draft {
    let bad = json!({"type": "object", "required": ["ok", "msg"], "properties": {
        "ok": {"type": "boolean", "enum": [false]}, "msg": {"type": "string"},
    }});
    prepared_with(
        json!({"x-envelope": envelope}),
        get(
            json!({"oneOf": [{"$ref": "#/components/schemas/Good"}, {"$ref": "#/components/schemas/Bad"}]}),
        ),
        json!({"schemas": {"Good": good, "Bad": bad, "Item": {"type": "object", "properties": {"id": {"type": "integer"}}}}}),
    )
}

#[test]
fn a_success_is_the_payload() {
    let good = json!({"type": "object", "required": ["ok", "data"], "properties": {
        "ok": {"type": "boolean", "enum": [true]}, "data": {"$ref": "#/components/schemas/Item"},
    }});
    let envelope = json!({"tag": "/ok", "success": [true], "message": "/msg", "payload": "/data"});
    let draft = enveloped(envelope, good);
    assert_eq!(draft.operations[0].success, Success::Json(schema::reference("Item")));
    assert_eq!(draft.schemas.keys().collect::<Vec<_>>(), ["Item"], "the error's types are gone");
}

#[test]
fn without_a_payload_a_success_is_the_object_less_the_envelope() {
    let good = json!({"type": "object", "required": ["ok", "msg"], "properties": {
        "ok": {"type": "boolean", "enum": [true]}, "msg": {"type": "string"}, "numero": {"type": "integer"},
    }});
    let draft = enveloped(json!({"tag": "/ok", "success": [true], "message": "/msg"}), good);
    assert_eq!(draft.operations[0].success, Success::Json(schema::reference("Good")));
    let fields: Vec<&String> =
        draft.schemas["Good"]["properties"].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["numero"]);
    assert_eq!(draft.schemas["Good"]["required"], json!([]));
}

#[test]
fn answers_may_be_without_json() {
    let answer = |content: Value| {
        let paths = json!({"/a": {"get": {"operationId": "ler", "responses": {
            "200": {"description": "", "content": content}, "404": {"description": ""},
        }}}});
        prepared(paths, json!({})).operations[0].success.clone()
    };
    assert_eq!(answer(json!({})), Success::Empty);
    assert_eq!(answer(json!({"text/plain": {"schema": {"type": "string"}}})), Success::Stream);
    assert_eq!(
        answer(json!({"application/hal+json": {"schema": {"type": "string"}}})),
        Success::Json(json!({"type": "string"}))
    );
}
