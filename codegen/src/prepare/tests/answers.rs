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

#[test]
fn a_success_may_depend_on_the_status() {
    let json = |schema: Value| json!({"description": "", "content": {"application/json": {"schema": schema}}});
    let pdf = json!({"description": "", "content": {"application/pdf": {}}});
    let nothing = json!({"description": ""});
    let success = |responses: Value| {
        let draft = prepared(
            json!({"/a": {"get": {"operationId": "ler", "responses": responses}}}),
            json!({}),
        );
        draft.operations[0].success.clone()
    };
    let (text, number) = (json!({"type": "string"}), json!({"type": "number"}));
    assert_eq!(
        success(json!({"200": json(text.clone()), "204": nothing, "205": nothing, "400": pdf})),
        Success::Optional(text.clone(), vec!["204".to_owned(), "205".to_owned()])
    );
    assert_eq!(
        success(json!({"200": json(text.clone()), "201": json(text.clone())})),
        Success::Json(text.clone())
    );
    assert_eq!(
        success(json!({"2XX": pdf, "200": json(text.clone()), "202": json(number.clone())})),
        Success::ByStatus(vec![
            ("200".to_owned(), Success::Json(text)),
            ("202".to_owned(), Success::Json(number)),
            ("2XX".to_owned(), Success::Stream),
        ])
    );
}

#[test]
fn a_success_may_depend_on_the_media_type() {
    let success = |content: Value, more: Value| {
        let mut responses = json!({"200": {"description": "", "content": content}});
        responses.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let draft = prepared(
            json!({"/a": {"get": {"operationId": "ler", "responses": responses}}}),
            json!({}),
        );
        (draft.operations[0].success.clone(), draft.operations[0].accept.clone())
    };
    let schema = |kind: &str| json!({"schema": {"type": kind}});
    let json = |kind: &str| Success::Json(json!({"type": kind}));
    let keyed = |all: &[(&str, &str)]| {
        let all = all.iter().map(|(key, kind)| ((*key).to_owned(), json(kind)));
        Success::ByStatus(all.collect())
    };
    let none = json!({});
    let versions = json!({"application/json": schema("string"), "application/json; Version=2; charset=utf-8": schema("number")});
    assert_eq!(
        success(versions, none.clone()),
        (
            keyed(&[
                ("200 application/json; version=2", "number"),
                ("200 application/json", "string")
            ]),
            Some("application/json, application/json; version=2".to_owned())
        )
    );
    let ranges = json!({"*/*": schema("string"), "application/*+json": schema("number"), "application/*": schema("boolean"), "application/hal+json": schema("integer")});
    assert_eq!(
        success(ranges, json!({"204": {"description": ""}})).0,
        Success::ByStatus(vec![
            ("200 application/hal+json".to_owned(), json("integer")),
            ("200 application/*+json".to_owned(), json("number")),
            ("200 application/*".to_owned(), json("boolean")),
            ("200 */*".to_owned(), json("string")),
            ("204".to_owned(), Success::Empty),
        ])
    );
    // The same JSON under two names is one type, and the client asks for the first.
    let twins =
        json!({"application/hal+json": schema("string"), "application/json": schema("string")});
    assert_eq!(
        success(twins, none.clone()),
        (json("string"), Some("application/hal+json".to_owned()))
    );
    let pdf = json!({"application/json; charset=utf-8": schema("string"), "application/pdf": {}});
    assert_eq!(success(pdf, none), (json("string"), None));
}
