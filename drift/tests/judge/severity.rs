//! Tests the severity of findings for a caller of the client: values that the client can still
//! read, and faults that a refusal hides.

use prumo_drift::{Rule, Severity, compare};
use serde_json::{Value, json};

use crate::acme;
use crate::orders::{
    Expected, Row, acme_document, changed, drifts, fits, in_answer, lido, mudado, of_answer, with,
    without,
};

/// Returns a finding in the response of `ler_pedido`, in the case of failure.
fn in_refusal(rule: Rule, at: &'static str, seen: &'static str) -> Expected {
    (rule, "response", Some(200), Some("erro=true"), at, Severity::Risky, seen)
}

fn answered(status: u16, body: &Value) -> Value {
    changed(changed(lido(), "/response/status", json!(status)), "/response/body", body.clone())
}

/// Returns a response whose body is recorded as text.
fn said(status: u16, kind: &str, text: &str) -> Value {
    let exchange = answered(status, &Value::Null);
    let exchange = changed(exchange, "/response/headers/content-type", json!(kind));
    with(exchange, "/response", "text", json!(text))
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = read_rows();
    rows.extend(refusal_rows());
    rows.extend(outer_rows());
    rows
}

fn read_rows() -> Vec<Row> {
    use Severity::{Breaking, Risky};
    vec![
        drifts(
            "null in an optional field reads as absent",
            changed(lido(), "/response/body/data/linhas", Value::Null),
            in_answer(Rule::NullUnexpected, "/data/linhas", Risky, "null"),
        ),
        drifts(
            "null in a list reads as nothing",
            changed(lido(), "/response/body/data/linhas/0", Value::Null),
            in_answer(Rule::NullUnexpected, "/data/linhas/*", Breaking, "null"),
        ),
        drifts(
            "the payload is null",
            changed(lido(), "/response/body/data", Value::Null),
            in_answer(Rule::NullUnexpected, "/data", Breaking, "null"),
        ),
        drifts(
            "an int beyond 64 bits",
            changed(lido(), "/response/body/data/id", json!(9_223_372_036_854_775_808_u64)),
            in_answer(Rule::BoundExceeded, "/data/id", Breaking, "a number beyond 64 bits"),
        ),
        fits("an int of 64 bits", changed(lido(), "/response/body/data/id", json!(i64::MAX))),
        drifts(
            "the envelope's sentence is decoded by nobody",
            changed(lido(), "/response/body/mensagem", json!(7)),
            in_answer(Rule::TypeChanged, "/mensagem", Risky, "int"),
        ),
        drifts(
            "the envelope's sentence is absent",
            without(lido(), "/response/body", "mensagem"),
            in_answer(Rule::FieldMissing, "/mensagem", Risky, "absent"),
        ),
    ]
}

fn refusal_rows() -> Vec<Row> {
    use Severity::Risky;
    vec![
        drifts(
            "a refusal without a sentence",
            answered(200, &json!({"erro": true, "mensagem": null})),
            in_refusal(Rule::NullUnexpected, "/mensagem", "null"),
        ),
        drifts(
            "a refusal with a list of sentences",
            answered(200, &json!({"erro": true, "mensagem": ["a", "b"]})),
            in_refusal(Rule::TypeChanged, "/mensagem", "array"),
        ),
        drifts(
            "a refusal by its status, without a sentence",
            answered(403, &json!({"erro": true})),
            of_answer(Rule::FieldMissing, 403, "/mensagem", Risky, "absent"),
        ),
        drifts(
            "a refusal by its status, in other words",
            answered(403, &json!({"message": "Unauthenticated."})),
            of_answer(Rule::FieldMissing, 403, "/erro", Risky, "absent"),
        ),
        drifts(
            "a refusal by its status, cut short",
            said(403, "application/json", "{\"erro\": tr"),
            of_answer(Rule::BodyUnreadable, 403, "", Risky, "JSON that stops in the middle"),
        ),
    ]
}

fn outer_rows() -> Vec<Row> {
    use Severity::{Breaking, Risky};
    vec![
        drifts(
            "a success without the promised body",
            answered(204, &Value::Null),
            of_answer(Rule::StatusUndocumented, 204, "", Breaking, "204"),
        ),
        drifts(
            "a success with a page",
            said(206, "text/html", "<html>calma</html>"),
            of_answer(Rule::StatusUndocumented, 206, "", Breaking, "206"),
        ),
        drifts(
            "a success whose body was not recorded",
            without(answered(201, &Value::Null), "/response", "body"),
            of_answer(Rule::StatusUndocumented, 201, "", Risky, "201"),
        ),
        drifts(
            "a success whose body is null",
            answered(201, &Value::Null),
            of_answer(Rule::StatusUndocumented, 201, "", Breaking, "201"),
        ),
        drifts(
            "a success of an operation without body",
            changed(mudado(), "/response/status", json!(205)),
            of_answer(Rule::StatusUndocumented, 205, "", Risky, "205"),
        ),
        drifts(
            "JSON recorded as text under another name",
            said(200, "text/html", r#"{"erro": true, "mensagem": "x"}"#),
            of_answer(Rule::ContentTypeChanged, 200, "", Risky, "text/html"),
        ),
    ]
}

#[test]
fn what_is_behind_a_byte_order_mark_is_judged() {
    let contract = acme::read(&acme_document());
    let text = "\u{feff}{\"erro\": false, \"mensagem\": null, \"data\": {\"id\": 7}}";
    let exchange = said(200, "application/json", text).to_string();
    let findings = compare(&contract, &acme::observe(&contract, &[exchange]));
    let expect = [("body-unreadable", String::new()), ("field-missing", "/data/tipo".to_owned())];
    assert_eq!(acme::short(&findings), expect);
}

/// A replacement in the clean exchange, and its only finding: place, severity, of how many.
type Twice = (&'static str, &'static str, &'static str, &'static str, Severity, u64);

#[test]
fn a_name_twice_is_one_finding_and_neither_value_is_judged() {
    use Severity::{Breaking, Risky};
    let rows: &[Twice] = &[
        ("the same value", r#""id":12"#, r#""id":12,"id":12"#, "/data/id", Breaking, 1),
        ("the first is wrong", r#""id":12"#, r#""id":"x","id":12"#, "/data/id", Breaking, 1),
        ("the second is wrong", r#""id":12"#, r#""id":12,"id":null"#, "/data/id", Breaking, 1),
        ("three times", r#""id":12"#, r#""id":1,"id":2,"id":3"#, "/data/id", Breaking, 1),
        ("an unknown name", r#""id":12"#, r#""id":12,"n":1,"n":2"#, "/data/n", Risky, 1),
        ("the payload", r#""data":{"#, r#""data":null,"data":{"#, "/data", Breaking, 1),
        ("the tag", r#""erro":false"#, r#""erro":false,"erro":true"#, "/erro", Breaking, 1),
        ("a sentence", r#""mensagem":null"#, r#""mensagem":1,"mensagem":2"#, "/mensagem", Risky, 1),
        (
            "in one item of two",
            r#""codigo":"ab1""#,
            r#""codigo":"Q","codigo":7"#,
            "/data/linhas/*/codigo",
            Breaking,
            2,
        ),
    ];
    let contract = acme::read(&acme_document());
    for (name, from, to, at, severity, of) in rows {
        let text = lido().to_string();
        assert!(text.contains(from), "case `{name}`");
        let findings = compare(&contract, &acme::observe(&contract, &[text.replacen(from, to, 1)]));
        let got: Vec<_> =
            findings.iter().map(|f| (f.rule, f.at.as_str(), f.severity, f.count, f.of)).collect();
        assert_eq!(got, [(Rule::BodyUnreadable, *at, *severity, 1, *of)], "case `{name}`");
        let first = findings[0].first.as_ref().unwrap();
        assert_eq!(first.pointer.is_empty(), at.is_empty(), "case `{name}`");
    }
}
