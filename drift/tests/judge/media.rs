//! Tests that a body is judged by the promise that its media type falls under.

use prumo_drift::{Contract, Severity, compare};
use serde_json::{Value, json};

use crate::acme;

/// Returns a contract with one operation, `POST /a`, whose request and 200 have this content.
fn promising(content: &Value) -> Contract {
    acme::read(&json!({
        "openapi": "3.0.3",
        "info": {"title": "acme", "version": "1"},
        "paths": {"/a": {"post": {
            "operationId": "a",
            "requestBody": {"content": content},
            "responses": {"200": {"description": "ok", "content": content}}
        }}}
    }))
}

/// Returns `rule place severity` of each finding about a response, and then about a request.
fn judged(contract: &Contract, content_type: &str, body: (&str, Value)) -> [Vec<String>; 2] {
    let (name, value) = body;
    let message = json!({"headers": {"content-type": content_type}, name: value});
    let none = json!({});
    [(&none, &message), (&message, &none)].map(|(sent, came)| {
        let (mut request, mut response) = (sent.clone(), came.clone());
        request["method"] = json!("POST");
        request["path"] = json!("/a");
        response["status"] = json!(200);
        let exchange = json!({"request": request, "response": response}).to_string();
        let findings = compare(contract, &acme::observe(contract, &[exchange]));
        let told = findings.iter().map(|finding| {
            let is_breaking = if finding.severity == Severity::Breaking { "!" } else { "" };
            format!("{}{is_breaking} {}", finding.rule.name(), finding.at)
        });
        told.collect()
    })
}

/// A row: the situation, the content type, the body, and the findings about a response. Those about
/// a request are the same, but never breaking.
type Row<'r> = (&'r str, &'r str, (&'r str, Value), &'r [&'r str]);

fn check(content: &Value, rows: &[Row<'_>]) {
    let contract = promising(content);
    for (name, content_type, body, expect) in rows {
        let [answered, sent] = judged(&contract, content_type, body.clone());
        assert_eq!(answered, *expect, "case `{name}`");
        let expect: Vec<String> = expect.iter().map(|finding| finding.replace('!', "")).collect();
        assert_eq!(sent, expect, "case `{name}`, in a request");
    }
}

const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB";

#[test]
fn bytes_fit_a_range_without_a_schema_and_format_binary() {
    let any = json!({"*/*": {}});
    let binary = json!({"application/*": {"schema": {"type": "string", "format": "binary"}}});
    let named = json!({"application/pdf": {"schema": {"type": "string", "format": "binary"}}});
    let rows = [
        ("a picture", "application/x", ("base64", json!(PNG)), [""; 0].as_slice()),
        ("text", "application/pdf", ("text", json!("%PDF-1.7 \u{fffd}")), &[]),
        ("JSON", "application/pdf", ("body", json!({"a": 1})), &[]),
        ("JSON by its name", "application/pdf", ("text", json!("{\"a\": 1}")), &[]),
        ("latin-1", "application/pdf", ("base64", json!("U+NvIA==")), &[]),
    ];
    check(&any, &rows);
    check(&binary, &rows);
    check(&named, &rows[1..]);
    let outside =
        [("a picture", "image/png", ("base64", json!(PNG)), ["content-type-changed! "].as_slice())];
    check(&binary, &outside);
    let json = [
        ("JSON", "application/json", ("body", json!({"a": 1})), [""; 0].as_slice()),
        ("broken JSON", "application/json", ("text", json!("{")), &["body-unreadable! "]),
    ];
    check(&any, &json);
    check(&binary, &[("JSON", "application/json", ("body", json!({"a": 1})), &[])]);
    // Bytes that happen to be JSON are recorded as JSON, and are bytes to the client all the same.
    let json = json!({"application/json": {"schema": {"type": "string", "format": "binary"}}});
    let rows: [Row<'_>; 5] = [
        ("an object", "application/json", ("body", json!({"a": 1})), &[]),
        ("a list", "application/json; charset=utf-8", ("body", json!([1])), &[]),
        ("null", "application/json", ("body", json!(null)), &[]),
        ("a text", "application/json", ("body", json!("a")), &[]),
        ("no JSON", "application/json", ("text", json!("%PDF-1.4")), &[]),
    ];
    check(&json, &rows);
}

#[test]
fn an_object_under_a_range_is_judged_as_json() {
    let object =
        json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}});
    let rows = [
        ("fits", "application/json", ("body", json!({"id": 1})), [""; 0].as_slice()),
        ("drifts", "application/json", ("body", json!({})), &["field-missing! /id"]),
        ("another JSON", "application/hal+json", ("body", json!({})), &["field-missing! /id"]),
        ("a picture", "application/png", ("base64", json!(PNG)), &["body-unreadable! "]),
    ];
    check(&json!({"application/*": {"schema": object}}), &rows);
    let rows = [
        ("fits", "application/hal+json", ("body", json!({"id": 1})), [""; 0].as_slice()),
        ("drifts", "application/hal+json", ("body", json!({})), &["field-missing! /id"]),
    ];
    check(&json!({"application/*+json": {"schema": object}, "*/*": {}}), &rows);
}

#[test]
fn the_parameters_of_a_media_type_choose_its_schema() {
    let of = |name: &str| json!({"schema": {"type": "object", "required": [name], "properties": {name: {"type": "string"}}}});
    let content = json!({
        "application/json; version=1": of("a"),
        "application/json;Version=2": of("b"),
    });
    let rows = [
        (
            "the first",
            "application/json; version=1",
            ("body", json!({"a": ""})),
            [""; 0].as_slice(),
        ),
        (
            "the second",
            "application/json; charset=utf-8; version=\"2\"",
            ("body", json!({"b": ""})),
            &[],
        ),
        (
            "the second in the form of the first",
            "application/json; version=2",
            ("body", json!({"a": ""})),
            &["field-undocumented /a", "field-missing! /b"],
        ),
    ];
    check(&content, &rows);
    let contract = promising(&content);
    for content_type in ["application/json; version=3", "application/json"] {
        let [answered, sent] = judged(&contract, content_type, ("body", json!({})));
        assert_eq!(answered, ["content-type-changed! "], "{content_type}");
        assert_eq!(sent, ["content-type-changed "], "{content_type}");
    }
    let rows = [
        (
            "a charset",
            "application/json; charset=utf-8",
            ("body", json!({"a": ""})),
            [""; 0].as_slice(),
        ),
        ("no parameter", "application/json", ("body", json!({"a": ""})), &[]),
        ("another parameter", "application/json; v=7", ("body", json!({})), &["field-missing! /a"]),
    ];
    check(&json!({"application/json; charset=UTF-8": of("a")}), &rows);
}

#[test]
fn a_stream_is_judged_item_by_item() {
    let object = json!({"schema": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}});
    let content = json!({
        "application/x-ndjson": object,
        "application/json-seq": object,
        "text/event-stream": object,
    });
    let rows = [
        (
            "lines",
            "application/x-ndjson",
            ("text", json!("{\"id\":1}\n{\"id\":2}\n")),
            [""; 0].as_slice(),
        ),
        ("no lines", "application/x-ndjson", ("text", json!("\n")), &[]),
        ("one line as JSON", "application/x-ndjson", ("body", json!({"id": 1})), &[]),
        (
            "a line that drifts",
            "application/x-ndjson",
            ("text", json!("{\"id\":1}\n{}")),
            &["field-missing /id"],
        ),
        (
            "a line cut short",
            "application/x-ndjson",
            ("text", json!("{\"id\":1}\n{\"i")),
            &["body-unreadable "],
        ),
        (
            "records",
            "application/json-seq",
            ("text", json!("\u{1e}{\"id\":1}\n\u{1e}{\"id\":\"x\"}\n")),
            &["type-changed /id"],
        ),
        (
            "events",
            "text/event-stream; charset=utf-8",
            ("text", json!(": hi\n\nevent: a\ndata: {\"id\":1}\n\ndata: [DONE]\n\n")),
            &[],
        ),
        (
            "an event that drifts",
            "text/event-stream",
            ("text", json!("data: {}\n\n")),
            &["field-missing /id"],
        ),
    ];
    // The client passes a stream on, so nothing in it is breaking.
    check(&content, &rows);
    let list =
        json!({"application/jsonl": {"schema": {"type": "array", "items": object["schema"]}}});
    let rows = [
        (
            "items of a list",
            "application/jsonl",
            ("text", json!("{\"id\":1}\n{}")),
            ["field-missing /*/id"].as_slice(),
        ),
        (
            "lists",
            "application/jsonl",
            ("text", json!("[{\"id\":1}]\n[{}]")),
            &["field-missing /*/id"],
        ),
    ];
    check(&list, &rows);
    let text = json!({"text/event-stream": {"schema": {"type": "string"}}});
    check(
        &text,
        &[("promised as text", "text/event-stream", ("text", json!("data: {}\n\n")), &[])],
    );
}

#[test]
fn bytes_that_are_no_json_are_called_what_they_are() {
    let contract = acme::read(&acme::answering(
        &json!({"type": "object", "properties": {"x": {"type": "string"}}}),
    ));
    let rows = [
        ("a picture", "application/json", PNG, Some("bytes that are not text")),
        (
            "latin-1",
            "application/json",
            "eyJ4IjoiU+NvIn0=",
            Some(
                "text that is not UTF-8, probably windows-1252 (latin-1): its charset is not declared",
            ),
        ),
        (
            "latin-1 that is declared",
            "application/json; charset=ISO-8859-1",
            "eyJ4IjoiU+NvIn0=",
            None,
        ),
        ("windows-1252", "application/json; charset=windows-1252", "eyJ4IjoigCJ9", None),
    ];
    for (name, content_type, base64, expect) in rows {
        let exchange = json!({
            "request": {"method": "GET", "path": "/thing/a"},
            "response": {"status": 200, "headers": {"content-type": content_type}, "base64": base64}
        });
        let findings = compare(&contract, &acme::observe(&contract, &[exchange.to_string()]));
        let seen: Vec<&str> = findings.iter().map(|finding| finding.seen.as_str()).collect();
        assert_eq!(seen, expect.into_iter().collect::<Vec<_>>(), "case `{name}`");
    }
}

#[test]
fn a_body_of_null_is_the_text_null() {
    let rows = [
        (json!({"type": "object"}), &["null-unexpected"][..]),
        (json!({"type": "object", "nullable": true}), &[]),
    ];
    for (schema, expect) in rows {
        let contract = acme::read(&acme::answering(&schema));
        for body in [json!({"body": null}), json!({"text": "null"})] {
            let mut exchange = acme::answered(&json!({}));
            exchange["response"].as_object_mut().unwrap().remove("body");
            for (name, value) in body.as_object().unwrap() {
                exchange["response"][name] = value.clone();
            }
            let findings = compare(&contract, &acme::observe(&contract, &[exchange.to_string()]));
            let rules: Vec<&str> = findings.iter().map(|finding| finding.rule.name()).collect();
            assert_eq!(rules, expect, "{exchange}");
        }
    }
}
