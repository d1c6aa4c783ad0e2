//! Tests constructs of foreign documents: each is read, and none is silently ignored.

use prumo_drift::{Contract, Document, compare, read_openapi};
use serde_json::{Value, json};

use crate::acme;

/// Pairs of names and values, or of rules and places.
type Pairs = &'static [(&'static str, &'static str)];

fn document(text: &str) -> Contract {
    read_openapi(&Document::parse("alheio.yaml", text).unwrap())
        .unwrap_or_else(|error| panic!("{error}"))
}

fn with_paths(paths: &Value) -> Contract {
    acme::read(&json!({"openapi": "3.0.0", "info": {"title": "a", "version": "1"}, "paths": paths}))
}

fn judged(contract: &Contract, exchange: &Value) -> Vec<(&'static str, String)> {
    acme::short(&compare(contract, &acme::observe(contract, &[exchange.to_string()])))
}

fn owned(rows: Pairs) -> Vec<(&'static str, String)> {
    rows.iter().map(|(rule, at)| (*rule, (*at).to_owned())).collect()
}

#[test]
fn a_pattern_that_cannot_be_judged_is_listed_with_its_place() {
    let contract = document(
        r#"openapi: 3.0.0
paths:
  /a:
    get:
      operationId: g
      responses:
        "200":
          content:
            application/json:
              schema:
                type: object
                properties:
                  s: {type: string, pattern: "^(?!x).*$", if: {minLength: 2}, x-if: {}}
                  t: {type: string, pattern: "^{a}$"}
                  u: {type: string, pattern: "(a)\\2"}
                  v: {not: {type: string, pattern: "^\\A"}}
                  w: {type: string, enum: []}
"#,
    );
    let at = "/paths/~1a/get/responses/200/content/application~1json/schema/properties";
    assert_eq!(
        contract.unjudged,
        [
            format!("alheio.yaml:13:59: keyword that OpenAPI 3.0 does not have at `{at}/s/if`"),
            format!("alheio.yaml:15:37: pattern with a back reference at `{at}/u/pattern`"),
            format!("alheio.yaml:16:43: pattern without an equivalent at `{at}/v/not/pattern`"),
            format!("alheio.yaml:17:37: enum without a value at `{at}/w/enum`"),
        ]
    );
    let rows: [(&str, Pairs); 6] = [
        (r#"{"s":"x"}"#, &[("format-violated", "/s")]),
        (r#"{"s":"y","w":"any"}"#, &[]),
        (r#"{"t":"{a}"}"#, &[]),
        (r#"{"t":"a"}"#, &[("format-violated", "/t")]),
        (r#"{"u":"b","v":"y"}"#, &[]),
        (r#"{"s":1}"#, &[("type-changed", "/s")]),
    ];
    for (body, expect) in rows {
        let exchange = format!(
            r#"{{"request": {{"method": "GET", "path": "/a"}}, "response": {{"status": 200, "body": {body}}}}}"#
        );
        let found = compare(&contract, &acme::observe(&contract, &[exchange]));
        assert_eq!(acme::short(&found), owned(expect), "{body}");
    }
}

#[test]
fn an_operation_without_id_has_the_name_of_the_clients_method() {
    let none = || json!({"responses": {}});
    let rows: [(&str, Value, &[&str]); 6] = [
        ("a parameter", json!({"/a/{id}": {"get": none()}}), &["get_a_id"]),
        (
            "the root",
            json!({"/": {"get": none(), "post": none()}, "/{id}": {"get": none()}}),
            &["get_id", "get_root", "post_root"],
        ),
        (
            "a clash",
            json!({"/a/b": {"get": none()}, "/a-b": {"get": none()}, "/a/{b}": {"get": none()}}),
            &["get_a_b", "get_a_b_2", "get_a_b_3"],
        ),
        (
            "a clash with a name that is given later",
            json!({"/a": {"get": none()}, "/b": {"get": {"operationId": "getA", "responses": {}}}}),
            &["getA", "get_a_2"],
        ),
        (
            "cases",
            json!({"/userNames/{user-id}.json": {"put": none()}}),
            &["put_user_names_user_id_json"],
        ),
        (
            "no answers",
            json!({"/a": {"get": {"operationId": "g"}, "delete": {"operationId": "d", "responses": {}}}}),
            &["d", "g"],
        ),
    ];
    for (name, paths, expect) in rows {
        let contract = with_paths(&paths);
        let names: Vec<&str> = contract.operations.keys().map(String::as_str).collect();
        assert_eq!(names, expect, "case `{name}`");
    }
}

#[test]
fn an_operation_that_promises_no_answer_leaves_each_undocumented() {
    let contract = with_paths(&json!({"/a": {"get": {"operationId": "g"}}}));
    let exchange = json!({"request": {"method": "GET", "path": "/a"}, "response": {"status": 200}});
    assert_eq!(judged(&contract, &exchange), owned(&[("status-undocumented", "")]));
}

#[test]
fn what_no_operation_reaches_is_not_read() {
    let rows = [
        ("nothing in common", json!({"allOf": [{"type": "string"}, {"type": "integer"}]})),
        ("another file", json!({"$ref": "common.yaml#/X"})),
        ("nowhere", json!({"$ref": "#/components/schemas/Y"})),
        ("itself", json!({"$ref": "#/components/schemas/X"})),
        ("no type", json!({"type": "texto"})),
    ];
    for (name, schema) in rows {
        let mut document = acme::answering(&json!({"type": "string"}));
        document["components"] = json!({"schemas": {"X": schema}});
        assert_eq!(acme::read(&document).operations.len(), 1, "case `{name}`");
        let schema = json!({"type": "array", "items": {"$ref": "#/components/schemas/X"}});
        document["paths"]["/b"] =
            json!({"get": {"responses": {"200": {"content": {"a/json": {"schema": schema}}}}}});
        assert!(acme::try_read(&document).is_err(), "case `{name}`, reached");
    }
    let alone = json!({"openapi": "3.0.0", "components": {"schemas": {"X": {"type": "string"}}}});
    assert!(acme::read(&alone).operations.is_empty());
}

#[test]
fn a_range_of_media_types_is_read_by_the_type_that_came() {
    let range = |range: &str, schema: Value| json!({"200": {"description": "ok", "content": {range: {"schema": schema}}}});
    let contract = with_paths(&json!({
        "/texto": {"get": {"operationId": "texto", "responses": range("*/*", json!({"type": "string", "maxLength": 5}))}},
        "/objeto": {"get": {"operationId": "objeto", "responses": range("*/*", json!({"type": "object"}))}},
        "/plano": {"get": {"operationId": "plano", "responses": range("text/*", json!({"type": "string"}))}},
    }));
    let rows: [(&str, &str, Option<&str>, &str, Pairs); 9] = [
        ("text", "/texto", Some("text/plain; charset=utf-8"), "oi", &[]),
        ("text of no type", "/texto", None, "oi", &[]),
        ("text that looks like JSON", "/texto", Some("text/plain"), "12", &[]),
        ("text too long", "/texto", Some("text/plain"), "bom dia", &[("bound-exceeded", "")]),
        ("no text at all", "/texto", Some("text/plain"), "", &[]),
        ("JSON", "/texto", Some("application/json"), "\"oi\"", &[]),
        ("broken JSON", "/texto", Some("application/json"), "oi", &[("body-unreadable", "")]),
        ("text for an object", "/objeto", Some("text/plain"), "oi", &[("body-unreadable", "")]),
        ("text under a range of texts", "/plano", Some("text/csv"), "a;b", &[]),
    ];
    for (name, path, media, text, expect) in rows {
        let headers = media.map_or(json!({}), |media| json!({"content-type": media}));
        let exchange = json!({
            "request": {"method": "GET", "path": path},
            "response": {"status": 200, "headers": headers, "text": text}
        });
        assert_eq!(judged(&contract, &exchange), owned(expect), "case `{name}`");
    }
}

#[test]
fn lists_with_positions_in_their_names() {
    let list = json!({"type": "array", "items": {"type": "string"}, "maxItems": 2});
    let things = json!({"type": "array", "items": {"type": "object", "required": ["preco"], "properties": {"preco": {"type": "integer"}, "rotulos": list}}});
    let map = json!({"type": "object", "additionalProperties": {"type": "string"}});
    let form =
        json!({"type": "object", "properties": {"expand": list, "coisas": things, "mapa": map}});
    let query = |name: &str, schema: &Value| json!({"name": name, "in": "query", "style": "deepObject", "explode": true, "schema": schema});
    let contract = with_paths(&json!({"/a": {"post": {
        "operationId": "g",
        "parameters": [query("expand", &list), query("coisas", &things), query("mapa", &map)],
        "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": form}}},
        "responses": {"200": {"description": "ok"}}
    }}}));
    let rows: [(&str, Pairs, Pairs); 9] = [
        ("a position", &[("expand[0]", "x")], &[]),
        ("positions", &[("expand[0]", "x"), ("expand[1]", "y")], &[]),
        ("no position", &[("expand[]", "x"), ("expand[]", "y")], &[]),
        (
            "too many",
            &[("expand[0]", "x"), ("expand[1]", "y"), ("expand[2]", "z")],
            &[("bound-exceeded", "/expand")],
        ),
        ("a map", &[("mapa[0]", "x"), ("mapa[cor]", "azul")], &[]),
        ("objects in a list", &[("coisas[0][preco]", "1"), ("coisas[1][preco]", "2")], &[]),
        (
            "a list in an object in a list",
            &[("coisas[0][preco]", "1"), ("coisas[0][rotulos][]", "a")],
            &[],
        ),
        (
            "an object in a list, of another kind",
            &[("coisas[0][preco]", "um")],
            &[("type-changed", "/coisas/*/preco")],
        ),
        (
            "an object in a list, a member missing",
            &[("coisas[0][rotulos][0]", "a")],
            &[("field-missing", "/coisas/*/preco")],
        ),
    ];
    for (name, texts, expect) in rows {
        let form: Vec<Value> =
            texts.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        let request = |request: Value| json!({"request": request, "response": {"status": 200}});
        let exchange = request(json!({"method": "POST", "path": "/a", "form": form,
            "headers": {"content-type": "application/x-www-form-urlencoded"}}));
        assert_eq!(judged(&contract, &exchange), owned(expect), "case `{name}` in a form");
        let pairs: Vec<String> =
            texts.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let exchange =
            request(json!({"method": "POST", "path": format!("/a?{}", pairs.join("&"))}));
        let expect: Vec<_> =
            expect.iter().map(|(rule, at)| (*rule, format!("/query{at}"))).collect();
        assert_eq!(judged(&contract, &exchange), expect, "case `{name}` in a query");
    }
}

#[test]
fn whole_numbers_are_the_clients_own() {
    let schema = json!({"type": "object", "properties": {
        "m": {"type": "integer", "minimum": 0, "maximum": 18446744073709551615_u64},
        "n": {"type": "integer", "minimum": 0}}});
    for name in ["m", "n"] {
        let fits = acme::judge_body(&schema, &format!(r#"{{"{name}": 9223372036854775807}}"#));
        assert_eq!(fits, [], "member `{name}`");
        for large in ["9223372036854775808", "18446744073709551615"] {
            let found = acme::judge_body(&schema, &format!(r#"{{"{name}": {large}}}"#));
            assert_eq!(
                found,
                [("bound-exceeded", format!("/{name}"))],
                "member `{name}` of {large}"
            );
        }
    }
}
