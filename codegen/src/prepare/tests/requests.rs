//! Requests: secrets, forms and parameters.

use serde_json::{Value, json};

use super::prepared;
use crate::prepare::{FieldKind, Placement, openapi};

fn post(media: &str, schema: Value) -> Value {
    json!({"/a": {"post": {
        "operationId": "criar",
        "requestBody": {"required": true, "content": {media: {"schema": schema}}},
        "responses": {"204": {"description": ""}},
    }}})
}

#[test]
fn a_secret_leaves_a_marker() {
    let draft = prepared(
        json!({"/a/{token}/{id}": {"get": {
            "operationId": "ler",
            "parameters": [
                {"name": "token", "in": "path", "required": true, "x-secret": true, "schema": {"type": "string"}},
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
            ],
            "responses": {"204": {"description": ""}},
        }}}),
        json!({}),
    );
    assert_eq!(draft.operations[0].sent_path, "/a/__token__/{id}");
    assert_eq!(draft.operations[0].path, "/a/{token}/{id}");
    assert_eq!(draft.schemes[0].placement, Placement::PathSegment);
    let document = serde_json::to_value(openapi(&draft).unwrap()).unwrap();
    let parameters =
        document["paths"]["/a/__token__/{id}"]["get"]["parameters"].as_array().unwrap();
    assert_eq!(parameters.len(), 1, "{parameters:?}");
}

#[test]
fn fields_are_written_in_the_order_of_the_document() {
    let form = json!({"type": "object", "required": ["titulo"], "properties": {
        "titulo": {"type": "string"},
        "anexos": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "capa": {"type": "string", "format": "binary"},
        "dados": {"type": "object", "properties": {"x": {"type": "integer"}}},
    }});
    let draft = prepared(post("multipart/form-data", form), json!({}));
    let form = &draft.forms[0];
    assert!(form.multipart);
    let fields: Vec<(&str, bool, FieldKind)> = form
        .fields
        .iter()
        .map(|field| (field.property.as_str(), field.optional, field.kind.clone()))
        .collect();
    assert_eq!(
        fields,
        [
            ("titulo", false, FieldKind::Text),
            ("anexos", true, FieldKind::Repeated(Box::new(FieldKind::File))),
            ("capa", true, FieldKind::File),
            ("dados", true, FieldKind::Json),
        ]
    );
    let document = serde_json::to_value(openapi(&draft).unwrap()).unwrap();
    let content = document["paths"]["/a"]["post"]["requestBody"]["content"].as_object().unwrap();
    assert_eq!(content.keys().collect::<Vec<_>>(), ["application/x-www-form-urlencoded"]);
}

#[test]
fn the_encoding_of_a_field_is_honoured() {
    let form = json!({"type": "object", "properties": {
        "mapa": {"type": "object", "additionalProperties": {"type": "string"}},
        "lista": {"type": "array", "items": {"type": "string"}},
        "dono": {"type": "object", "properties": {"nome": {"type": "string"}}},
        "donos": {"type": "array", "items": {"type": "object", "properties": {"nome": {"type": "string"}}}},
        "solta": {"type": "array", "items": {"type": "string"}},
        "numerada": {"type": "array", "items": {"type": "string"}},
    }});
    let mut paths = post("application/x-www-form-urlencoded", form);
    let deep = json!({"style": "deepObject", "explode": true});
    paths["/a"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["encoding"] = json!({"mapa": deep, "lista": deep, "dono": deep, "donos": deep, "numerada": {"x-list-names": "indexed"}});
    let kinds: Vec<FieldKind> =
        prepared(paths, json!({})).forms[0].fields.iter().map(|field| field.kind.clone()).collect();
    let text = || Box::new(FieldKind::Text);
    assert_eq!(
        kinds,
        [
            FieldKind::Keyed,
            FieldKind::Each(text()),
            FieldKind::Deep,
            FieldKind::Deep,
            FieldKind::Repeated(text()),
            FieldKind::Indexed(text()),
        ]
    );
}

#[test]
fn parameters_of_one_name_get_setters_of_their_own() {
    let text = json!({"type": "string"});
    let draft = prepared(
        json!({"/a/{id}": {"post": {
            "operationId": "criar",
            "parameters": [
                {"name": "id", "in": "query", "schema": text},
                {"name": "id", "in": "path", "required": true, "schema": text},
                {"name": "send", "in": "header", "schema": text},
            ],
            "requestBody": {"required": true, "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}},
            "responses": {"204": {"description": ""}},
        }}}),
        json!({}),
    );
    let operation = &draft.operations[0];
    let names: Vec<(String, String)> =
        operation.parameters.iter().map(|one| (one.setter(), operation.argument(one))).collect();
    let expected = [("id_query", "id_query"), ("id", "id"), ("send_header", "send")];
    assert_eq!(names, expected.map(|(setter, argument)| (setter.to_owned(), argument.to_owned())));
}

#[test]
fn a_part_has_the_media_type_of_its_encoding() {
    let form = json!({"type": "object", "properties": {
        "meta": {"type": "object", "properties": {"a": {"type": "string"}}},
        "texto": {"type": "string"},
        "aspas": {"type": "string"},
        "tabela": {"type": "array", "items": {"type": "string"}},
        "foto": {"type": "string", "format": "binary"},
        "fotos": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "objeto_xml": {"type": "object", "properties": {"a": {"type": "string"}}},
    }});
    let mut paths = post("multipart/form-data", form);
    paths["/a"]["post"]["requestBody"]["content"]["multipart/form-data"]["encoding"] = json!({
        "meta": {"contentType": "application/vnd.acme+json"},
        "aspas": {"contentType": "application/json"},
        "tabela": {"contentType": "text/csv"},
        "foto": {"contentType": "image/png, image/jpeg"},
        "fotos": {"contentType": "image/png"},
        "objeto_xml": {"contentType": "application/xml"},
    });
    let draft = prepared(paths, json!({}));
    let fields: Vec<(&str, FieldKind, Option<&str>)> = draft.forms[0]
        .fields
        .iter()
        .map(|field| (field.property.as_str(), field.kind.clone(), field.content_type.as_deref()))
        .collect();
    let list = |item: FieldKind| FieldKind::Repeated(Box::new(item));
    assert_eq!(
        fields,
        [
            ("meta", FieldKind::Json, Some("application/vnd.acme+json")),
            ("texto", FieldKind::Text, None),
            ("aspas", FieldKind::Json, Some("application/json")),
            ("tabela", list(FieldKind::Text), Some("text/csv")),
            ("foto", FieldKind::File, None),
            ("fotos", list(FieldKind::File), Some("image/png")),
            ("objeto_xml", FieldKind::Json, None),
        ]
    );
}
