use serde_json::{Value, json};

use crate::document::Document;

fn lowered(schema: &Value) -> Value {
    let document = json!({"openapi": "3.1.0", "components": {"schemas": {"A": schema}}});
    let document = Document::parse("a.json", &document.to_string()).unwrap();
    document.value().pointer("/components/schemas/A").unwrap().clone()
}

/// Checks that each schema becomes the one beside it.
fn check<const N: usize>(rows: [(&str, Value, Value); N]) {
    for (name, schema, expect) in rows {
        assert_eq!(lowered(&schema), expect, "case `{name}`");
    }
}

#[test]
fn types_say_the_same_in_the_words_of_3_0() {
    check([
        ("any value", json!(true), json!({})),
        ("no value", json!(false), json!({"not": {}})),
        (
            "a type or null",
            json!({"type": ["string", "null"], "minLength": 1}),
            json!({"minLength": 1, "type": "string", "nullable": true}),
        ),
        ("only null", json!({"type": "null"}), json!({"enum": [null], "nullable": true})),
        (
            "one type",
            json!({"type": ["array"], "items": true}),
            json!({"items": {}, "type": "array"}),
        ),
        (
            "two types, each with its own keywords",
            json!({"type": ["string", "integer", "null"], "maxLength": 4, "minimum": 0, "title": "t"}),
            json!({
                "title": "t",
                "anyOf": [{"type": "string", "maxLength": 4}, {"type": "integer", "minimum": 0}],
                "nullable": true,
            }),
        ),
        (
            "two types beside branches",
            json!({"anyOf": [{"minimum": 1}, {}], "type": ["integer", "string"]}),
            json!({
                "anyOf": [{"minimum": 1}, {}],
                "allOf": [{"anyOf": [{"type": "integer"}, {"type": "string"}]}],
            }),
        ),
        (
            "a number is an integer, too",
            json!({"type": ["integer", "number"]}),
            json!({"type": "number"}),
        ),
        (
            "types with an enum",
            json!({"type": ["string", "integer"], "enum": ["a", 1, 1.5, null]}),
            json!({"enum": ["a", 1]}),
        ),
    ]);
}

#[test]
fn values_and_bounds_say_the_same_in_the_words_of_3_0() {
    check([
        ("a constant", json!({"const": "a"}), json!({"enum": ["a"]})),
        (
            "a constant beside an enum",
            json!({"enum": ["a", "b"], "const": "a"}),
            json!({"enum": ["a", "b"], "allOf": [{"enum": ["a"]}]}),
        ),
        (
            "exclusive bounds",
            json!({"exclusiveMinimum": 1, "exclusiveMaximum": 9}),
            json!({"minimum": 1, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": true}),
        ),
        (
            "an exclusive bound beside a wider one",
            json!({"minimum": 1, "exclusiveMinimum": 2}),
            json!({"minimum": 2, "exclusiveMinimum": true}),
        ),
        (
            "an exclusive bound beside a narrower one",
            json!({"maximum": 1, "exclusiveMaximum": 2}),
            json!({"maximum": 1}),
        ),
        (
            "a flag of 3.0, which many keep",
            json!({"minimum": 1, "exclusiveMinimum": true, "nullable": true}),
            json!({"minimum": 1, "exclusiveMinimum": true, "nullable": true}),
        ),
        (
            "examples",
            json!({"type": "string", "examples": ["a", "b"]}),
            json!({"type": "string", "example": "a"}),
        ),
    ]);
}

#[test]
fn branches_and_references_say_the_same_in_the_words_of_3_0() {
    check([
        (
            "a reference or null",
            json!({"oneOf": [{"$ref": "#/a"}, {"type": "null"}]}),
            json!({"allOf": [{"$ref": "#/a"}], "nullable": true}),
        ),
        (
            "branches or null",
            json!({"anyOf": [{"type": "string"}, {"type": "object"}, {"type": "null"}]}),
            json!({"anyOf": [{"type": "string"}, {"type": "object"}], "nullable": true}),
        ),
        (
            "a reference with keywords beside it",
            json!({"$ref": "#/a", "description": "d", "maxLength": 3}),
            json!({"description": "d", "maxLength": 3, "allOf": [{"$ref": "#/a"}]}),
        ),
        ("a reference alone", json!({"$ref": "#/a"}), json!({"$ref": "#/a"})),
    ]);
}

#[test]
fn content_and_items_say_the_same_in_the_words_of_3_0() {
    check([
        (
            "base64",
            json!({"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"}),
            json!({"type": "string", "format": "byte"}),
        ),
        (
            "bytes",
            json!({"contentMediaType": "application/octet-stream"}),
            json!({"format": "binary", "type": "string"}),
        ),
        (
            "a tuple that is closed",
            json!({"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}),
            json!({
                "prefixItems": [{"type": "string"}, {"type": "integer"}],
                "maxItems": 2,
                "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            }),
        ),
        (
            "a tuple that goes on as anything",
            json!({"prefixItems": [{"type": "string"}]}),
            json!({"prefixItems": [{"type": "string"}]}),
        ),
    ]);
}

#[test]
fn members_and_annotations_say_the_same_in_the_words_of_3_0() {
    check([
        (
            "no member beyond the named ones",
            json!({"properties": {"a": {"type": ["string", "null"]}}, "unevaluatedProperties": false}),
            json!({
                "properties": {"a": {"type": "string", "nullable": true}},
                "additionalProperties": false,
            }),
        ),
        (
            "no member beyond those of any part, which stays unjudged",
            json!({"allOf": [{"$ref": "#/a"}], "unevaluatedProperties": false}),
            json!({"allOf": [{"$ref": "#/a"}], "unevaluatedProperties": false}),
        ),
        (
            "members named by a pattern",
            json!({"patternProperties": {"^x-": true}, "additionalProperties": false}),
            json!({"patternProperties": {"^x-": {}}}),
        ),
        ("what only describes", json!({"$comment": "c", "$schema": "s"}), json!({})),
    ]);
}

#[test]
fn a_document_says_the_same_in_the_words_of_3_0() {
    let text = "\
openapi: 3.1.1
info: {title: t, version: '1', summary: s}
jsonSchemaDialect: https://json-schema.org/draft/2020-12/schema
webhooks:
  paid:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: [object, 'null']}
components:
  pathItems:
    p:
      get: {parameters: [{name: q, in: query, schema: {const: 1}}]}
";
    let document = Document::parse("a.yaml", text).unwrap();
    let schema = json!({"type": "object", "nullable": true});
    let content = json!({"application/json": {"schema": schema}});
    let parameter = json!({"name": "q", "in": "query", "schema": {"enum": [1]}});
    let expect = json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "components": {"pathItems": {"p": {"get": {"parameters": [parameter], "responses": {}}}}},
        "paths": {},
        "x-webhooks": {"paid": {"post": {"requestBody": {"content": content}, "responses": {}}}},
    });
    assert_eq!(*document.value(), expect);
}

#[test]
fn what_is_rewritten_keeps_its_place() {
    let text = "openapi: 3.1.0
components:
  schemas:
    A:
      properties:
        b: {type: [string, 'null']}
        c:
          exclusiveMinimum: 99999999999999999999
        d: {$ref: '#/components/schemas/A', description: d}
";
    let document = Document::parse("a.yaml", text).unwrap();
    let at = |pointer: &str| {
        let position = document.position(&format!("/components/schemas/A/properties/{pointer}"));
        position.map(|position| (position.line, position.column))
    };
    assert_eq!(at("b/type"), Some((6, 13)));
    assert_eq!(at("b/nullable"), Some((6, 13)));
    assert_eq!(at("c/minimum"), Some((8, 11)));
    assert_eq!(at("d/allOf/0/$ref"), Some((9, 13)));
    let minimum = "/components/schemas/A/properties/c/minimum";
    assert_eq!(document.digits(minimum), Some("99999999999999999999"));
}

#[test]
fn parts_of_a_3_1_document_are_rewritten_with_it() {
    let whole = Document::parse("a.yaml", "openapi: 3.1.0\npaths: {}").unwrap();
    let part = Document::parse("b.yaml", "components: {schemas: {A: {const: 1}}}").unwrap();
    let joined = whole.with_part(part).unwrap();
    assert_eq!(joined.value()["components"]["schemas"]["A"], json!({"enum": [1]}));
    assert_eq!(joined.file_at("/components/schemas/A/enum/0"), "b.yaml");
}
