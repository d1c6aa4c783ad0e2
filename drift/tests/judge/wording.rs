//! Tests the words for promises and values, and numbers beyond 64 bits.

use prumo_drift::{compare, judge_value, read_openapi};
use serde_json::{Value, json};

use crate::acme;

/// Returns `promised | seen` of each finding about a body.
fn words(schema: &Value, body: &str) -> Vec<String> {
    let contract = acme::read(&acme::answering(schema));
    let observed = acme::observe(&contract, &[acme::answered_text(body)]);
    let findings = compare(&contract, &observed);
    findings.iter().map(|finding| format!("{} | {}", finding.promised, finding.seen)).collect()
}

#[test]
fn promises_and_values_are_named() {
    let of = |schema: Value| json!({"type": "object", "properties": {"v": schema}});
    let object = |name: &str| json!({"type": "object", "properties": {name: {"type": "integer"}}});
    let rows = [
        (
            "a whole number written as a float",
            json!({"type": "integer"}),
            r#"{"v": 1.0}"#,
            "int | number (written like 1.0, which no integer type reads)",
        ),
        ("a fraction", json!({"type": "integer"}), r#"{"v": 1.5}"#, "int | number"),
        (
            "two alternatives without a name",
            json!({"oneOf": [{"type": "integer", "minimum": 0}, {"type": "number"}]}),
            r#"{"v": 7}"#,
            "exactly one alternative | a value that fits alternatives 1 (int) and 2 (number)",
        ),
        (
            "two alternatives that are objects",
            json!({"oneOf": [object("a"), object("b")]}),
            r#"{"v": {}}"#,
            "exactly one alternative | a value that fits alternatives 1 (object with a) and 2 (object with b)",
        ),
        (
            "an enum with an empty text",
            json!({"type": "string", "enum": ["", "a"]}),
            r#"{"v": "b"}"#,
            "one of \"\", a | b",
        ),
        (
            "an enum of one empty text",
            json!({"type": "string", "enum": [""]}),
            r#"{"v": "b"}"#,
            "\"\" | b",
        ),
        (
            "an empty text for an enum",
            json!({"type": "string", "enum": ["a"]}),
            r#"{"v": ""}"#,
            "a | an empty text",
        ),
    ];
    for (name, schema, body, expect) in rows {
        assert_eq!(words(&of(schema), body), [expect], "case `{name}`");
    }
}

#[test]
fn no_promise_is_blank() {
    let document = json!({"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {"/a": {"get": {"operationId": "a", "responses": {}}}}});
    let contract = acme::read(&document);
    let exchange = json!({"request": {"method": "GET", "path": "/a"}, "response": {"status": 200}});
    let findings = compare(&contract, &acme::observe(&contract, &[exchange.to_string()]));
    assert_eq!(findings[0].promised, "no response");
}

#[test]
fn bounds_beyond_64_bits_are_exact() {
    let text = r#"
openapi: 3.0.3
info: {title: a, version: "1"}
paths:
  /a: {get: {operationId: a, responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
    a: {type: number, maximum: 18446744073709551616},
    b: {type: number, minimum: -9223372036854776000, maximum: 9223372036854776000},
    c: {type: number, maximum: 1.8446744073709552e+19},
    d: {type: integer, maximum: 9007199254740992},
    e: {type: string, maxLength: 18446744073709551616},
    f: {type: integer, format: uint64},
    g: {type: integer, maximum: 18446744073709551616}}}}}}}}}
"#;
    let contract = read_openapi(&prumo_drift::Document::parse("a.yaml", text).unwrap()).unwrap();
    let shape = contract.operations["a"].responses["200"].media["application/json"].shape.clone();
    let rows = [
        ("a", "18446744073709551616", None),
        ("a", "18446744073709551617", Some("at most 18446744073709551616")),
        ("a", "1e21", Some("at most 18446744073709551616")),
        ("b", "-9223372036854776000", None),
        ("b", "-9223372036854776001", Some("at least -9223372036854776000")),
        ("b", "9223372036854775999", None),
        ("b", "9223372036854776001", Some("at most 9223372036854776000")),
        ("c", "18446744073709552000", None),
        ("c", "18446744073709552001", Some("at most 18446744073709552000")),
        ("d", "9007199254740992", None),
        ("d", "9007199254740993", Some("at most 9007199254740992")),
        ("e", "\"x\"", None),
        ("f", "18446744073709551615", None),
        ("f", "18446744073709551616", Some("int as uint64")),
        ("f", "-1", Some("int as uint64")),
        ("g", "18446744073709551616", Some("a number of 64 bits")),
        // The client can't hold it, which is worse than the bound.
        ("g", "18446744073709551617", Some("a number of 64 bits")),
        ("g", "5", None),
    ];
    for (name, value, expect) in rows {
        let found = judge_value(&contract, &shape, &format!(r#"{{"{name}": {value}}}"#));
        let promised: Vec<&str> = found.iter().map(|finding| finding.promised.as_str()).collect();
        assert_eq!(promised, expect.into_iter().collect::<Vec<_>>(), "{name}: {value}");
    }
}

/// A person, a company with a member of its own, and a payment that a constant names.
fn debtor(order: [usize; 3]) -> Value {
    let all = [
        json!({"type": "object", "required": ["cpf", "nome"], "properties": {"cpf": {"type": "string"}, "nome": {"type": "string"}}}),
        json!({"type": "object", "required": ["cnpj"], "properties": {"cnpj": {"type": "string", "maxLength": 14},
            "cep": {"type": "string"}, "rua": {"type": "string"}}}),
        json!({"type": "object", "required": ["tipo", "valor", "moeda"], "properties": {"tipo": {"type": "string", "enum": ["pago"]},
            "valor": {"type": "number"}, "moeda": {"type": "string"}, "cpf": {"type": "string"}}}),
    ];
    json!({"oneOf": order.map(|index| all[index].clone())})
}

#[test]
fn a_finding_names_the_alternative_that_was_meant() {
    let person = "object with cpf, nome";
    let company = "object with cnpj, cep, rua";
    let payment = "object with moeda, tipo, valor, …";
    let rows = [
        ("a member of the wrong kind", r#"{"cpf": "1", "nome": 2}"#, 0, person, vec!["text | int"]),
        ("a member that lacks", r#"{"cpf": "1"}"#, 0, person, vec!["required text | absent"]),
        (
            "more faults than in the other",
            r#"{"cnpj": "1", "cep": 1, "rua": 2}"#,
            1,
            company,
            vec!["text | int", "text | int"],
        ),
        (
            "a constant",
            r#"{"tipo": "pago", "cpf": 1}"#,
            2,
            payment,
            vec!["required number | absent", "required text | absent", "text | int"],
        ),
        (
            "a bound",
            r#"{"cnpj": "123456789012345"}"#,
            1,
            company,
            vec!["at most 14 characters | 15 characters"],
        ),
        (
            "an unknown member of one that fits",
            r#"{"cpf": "1", "nome": "a", "x": 1}"#,
            0,
            person,
            vec!["no such member | int"],
        ),
    ];
    for (name, body, meant, members, expect) in rows {
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let number = 1 + order.iter().position(|index| *index == meant).unwrap();
            let mut came = words(&debtor(order), body);
            came.sort();
            let alternative = format!(", in alternative {number} ({members}) | ");
            let expect: Vec<String> =
                expect.iter().map(|words| words.replace(" | ", &alternative)).collect();
            assert_eq!(came, expect, "case `{name}` in order {order:?}");
        }
    }
}
