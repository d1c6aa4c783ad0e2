//! Parameters and form fields in all styles, and what is left alone.

use serde_json::{Value, json};

use crate::acme;

fn document() -> Value {
    let list = json!({"type": "array", "items": {"type": "integer"}, "maxItems": 3});
    let object = json!({"type": "object", "required": ["de"], "properties": {
        "de": {"type": "integer"}, "ate": {"type": "string", "format": "date"}}});
    let query = |name: &str, style: &str, explode: bool, schema: &Value| json!({"name": name, "in": "query", "style": style, "explode": explode, "schema": schema});
    let mut document = acme::answering(&json!({}));
    let get = &mut document["paths"]["/thing/{id}"]["get"];
    get["parameters"] = json!([
        {"$ref": "#/components/parameters/Id"},
        query("r", "form", true, &list),
        query("c", "form", false, &list),
        query("s", "spaceDelimited", false, &list),
        query("p", "pipeDelimited", false, &list),
        query("d", "deepObject", true, &object),
        query("x", "form", true, &json!({"type": "object", "properties": {"cor": {"type": "boolean"}}})),
        {"name": "j", "in": "query", "content": {"application/json": {"schema": object}}},
        {"name": "n", "in": "query", "schema": {"type": "integer", "nullable": true}},
        {"name": "t", "in": "query", "schema": {"type": "string"}},
        {"name": "X-Loja", "in": "header", "schema": {"type": "integer"}},
        {"name": "Authorization", "in": "header", "required": true, "schema": {"type": "string"}},
        {"name": "sessao", "in": "cookie", "required": true, "schema": {"type": "string", "minLength": 3}}
    ]);
    document["components"] = json!({
        "parameters": {"Id": {"name": "id", "in": "path", "required": true, "schema": {"type": "array", "items": {"type": "integer"}}}},
        "securitySchemes": {"chave": {"type": "apiKey", "in": "query", "name": "api_key"}}
    });
    document
}

/// query, headers, what that gives
type Row = (&'static str, Value, Value, &'static [(&'static str, &'static str)]);

#[test]
fn styles() {
    let rows: Vec<Row> = vec![
        ("nothing", json!({}), json!({}), &[]),
        ("repeated", json!({"r": ["1", "2"]}), json!({}), &[]),
        ("repeated, one text", json!({"r": "1"}), json!({}), &[]),
        ("repeated, with brackets", json!({"r[]": ["1", "2"]}), json!({}), &[]),
        ("repeated, no int", json!({"r": ["1", "dois"]}), json!({}), &[("type-changed", "/query/r/*")]),
        ("commas", json!({"c": "1,2"}), json!({}), &[]),
        ("commas, too many", json!({"c": "1,2,3,4"}), json!({}), &[("bound-exceeded", "/query/c")]),
        ("spaces", json!({"s": "1 2"}), json!({}), &[]),
        ("bars", json!({"p": "1|2"}), json!({}), &[]),
        ("bars, no int", json!({"p": "1,2"}), json!({}), &[("type-changed", "/query/p/*")]),
        ("deep object", json!({"d[de]": "1", "d[ate]": "2018-11-16"}), json!({}), &[]),
        (
            "deep object, member missing",
            json!({"d[ate]": "2018-11-16"}),
            json!({}),
            &[("field-missing", "/query/d/de")],
        ),
        (
            "deep object, other date",
            json!({"d[de]": "1", "d[ate]": "16/11/2018"}),
            json!({}),
            &[("format-violated", "/query/d/ate")],
        ),
        (
            "deep object, unknown member",
            json!({"d[de]": "1", "d[em]": "1"}),
            json!({}),
            &[("field-undocumented", "/query/d/em")],
        ),
        ("exploded object", json!({"cor": "true"}), json!({}), &[]),
        (
            "exploded object, other kind",
            json!({"cor": "azul"}),
            json!({}),
            &[("type-changed", "/query/x/cor")],
        ),
        ("JSON", json!({"j": "{\"de\":1}"}), json!({}), &[]),
        ("JSON, member missing", json!({"j": "{}"}), json!({}), &[("field-missing", "/query/j/de")]),
        ("JSON that is none", json!({"j": "{de"}), json!({}), &[("type-changed", "/query/j")]),
        ("empty for null", json!({"n": ""}), json!({}), &[]),
        ("a text that looks like an int stays a text", json!({"t": "12"}), json!({}), &[]),
        ("an API key is no parameter", json!({"api_key": "s3cr3t"}), json!({}), &[]),
        ("unknown", json!({"z": "1"}), json!({}), &[("param-undocumented", "/query/z")]),
        ("header", json!({}), json!({"x-loja": "7", "accept": "x"}), &[]),
        ("header, no int", json!({}), json!({"X-LOJA": "sete"}), &[("type-changed", "/header/x-loja")]),
        ("header, hidden", json!({}), json!({"x-loja": "{loja}"}), &[]),
        ("cookie", json!({}), json!({"cookie": "a=b; sessao=abcd"}), &[]),
        ("cookie, short", json!({}), json!({"cookie": "sessao=ab"}), &[("bound-exceeded", "/cookie/sessao")]),
        (
            "cookie, missing among others",
            json!({}),
            json!({"cookie": "a=b"}),
            &[("param-missing", "/cookie/sessao")],
        ),
    ];
    let document = document();
    for (name, query, headers, expect) in rows {
        let exchange = json!({
            "request": {"method": "GET", "path": "/thing/1,2", "query": query, "headers": headers},
            "response": {"status": 200}
        });
        let expect: Vec<(&str, String)> = expect.iter().map(|(rule, at)| (*rule, (*at).to_owned())).collect();
        assert_eq!(acme::short(&acme::judge(&document, &[exchange.to_string()])), expect, "case `{name}`");
    }
}

#[test]
fn an_observer_of_two_contracts_keeps_them_apart() {
    let first = acme::read(&acme::answering(&json!({"type": "object"})));
    let mut second = acme::answering(&json!({"type": "array"}));
    second["paths"]["/outra"] =
        json!({"get": {"operationId": "outra", "responses": {"200": {"description": "ok"}}}});
    let second = acme::read(&second);
    let mut observer = prumo_drift::Observer::new(&[&first, &second]);
    for (line, path) in (1..).zip(["/thing/1", "/outra", "/nada"]) {
        let text =
            json!({"request": {"method": "GET", "path": path}, "response": {"status": 200}}).to_string();
        let exchange = prumo_drift::read_exchange(text.as_bytes()).unwrap();
        observer.observe(&exchange, &prumo_drift::Origin { file: "x", line });
    }
    let observed = observer.finish();
    let counts: Vec<_> = observed.iter().map(|one| (one.exchanges, one.strangers.len())).collect();
    assert_eq!(counts, [(2, 1), (1, 0)]);
}
