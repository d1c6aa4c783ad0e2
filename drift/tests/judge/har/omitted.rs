//! Tests that a body that a browser did not keep is not taken for an empty one.

use prumo_drift::contract::{Contract, LeftOut};
use prumo_drift::exchange::split;
use prumo_drift::{Observation, Origin, compare};
use serde_json::{Value, json};

use crate::acme;

/// Returns an operation that takes and returns a required object.
fn promised() -> Contract {
    let schema =
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}});
    let body = json!({"required": true, "content": {
        "application/json": {"schema": schema},
        "application/x-www-form-urlencoded": {"schema": schema}
    }});
    acme::read(&json!({
        "openapi": "3.0.3", "info": {"title": "acme", "version": "1"},
        "paths": {"/thing": {"post": {
            "operationId": "criar_coisa",
            "requestBody": body,
            "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}
        }}}
    }))
}

/// Returns the rules that an entry breaks, and the counts of what was left out.
fn judged(entry: &Value) -> (Vec<&'static str>, LeftOut) {
    let contract = promised();
    let document = json!({"log": {"version": "1.2", "entries": [entry]}}).to_string();
    let mut observation = Observation::new(&[&contract]);
    for item in split(document.as_bytes(), 100_000) {
        observation.observe_item(&item.unwrap(), &Origin { file: "x.har", line: 1 }).unwrap();
    }
    let observed = observation.finish().remove(0);
    let findings = compare(&contract, &observed);
    (findings.iter().map(|finding| finding.rule.name()).collect(), observed.left_out)
}

/// Returns an entry with these members changed; a member that becomes null is left out.
fn entry(request: &Value, response: &Value) -> Value {
    let json_type = json!([{"name": "content-type", "value": "application/json"}]);
    let mut entry = json!({
        "request": {
            "method": "POST", "url": "https://acme.example/thing", "headers": json_type,
            "bodySize": 7, "postData": {"mimeType": "application/json", "text": "{\"a\":1}"}
        },
        "response": {
            "status": 200, "headers": json_type, "bodySize": -1,
            "content": {"size": 7, "mimeType": "application/json", "text": "{\"a\":1}"}
        }
    });
    for (side, changes) in [("request", request), ("response", response)] {
        for (name, value) in changes.as_object().unwrap() {
            entry[side][name] = value.clone();
        }
    }
    entry
}

#[test]
fn a_body_that_was_not_kept_is_counted_and_the_rest_is_judged() {
    const OMITTED: u64 = 1;
    let length = |length: &str| {
        json!([{"name": "content-type", "value": "application/json"},
               {"name": "content-length", "value": length}])
    };
    let content = |content: Value| json!({"content": content});
    let html = json!([{"name": "content-type", "value": "text/html"}]);
    let none = json!({});
    let rows: Vec<(&str, Value, Value, &[&str], u64)> = vec![
        ("both were kept", none.clone(), none.clone(), &[], 0),
        ("a size and no text", none.clone(), content(json!({"size": 77_300})), &[], OMITTED),
        ("an unknown size", none.clone(), content(json!({"size": -1})), &[], OMITTED),
        ("no size", none.clone(), content(json!({"mimeType": "application/json"})), &[], OMITTED),
        ("no content", none.clone(), content(json!(null)), &[], OMITTED),
        (
            "a size and an empty text",
            none.clone(),
            content(json!({"size": 9, "text": ""})),
            &[],
            OMITTED,
        ),
        (
            "a file of Playwright",
            none.clone(),
            content(json!({"size": 0, "_file": "a.json"})),
            &[],
            OMITTED,
        ),
        (
            "bytes on the wire",
            none.clone(),
            json!({"bodySize": 832, "content": {"size": 0}}),
            &[],
            OMITTED,
        ),
        (
            "a declared length",
            none.clone(),
            json!({"headers": length("12"), "content": {"size": 0}}),
            &[],
            OMITTED,
        ),
        (
            "only the start of the text",
            none.clone(),
            content(json!({"size": 700, "mimeType": "application/json", "text": "{\"a\":"})),
            &[],
            OMITTED,
        ),
        (
            "a text that the vendor cut",
            none.clone(),
            content(json!({"size": 5, "mimeType": "application/json", "text": "{\"a\":"})),
            &["body-unreadable"],
            0,
        ),
        (
            "an unknown size with a status that has no body",
            none.clone(),
            json!({"status": 204, "content": {"size": -1}}),
            &["status-undocumented"],
            0,
        ),
        ("an empty answer", none.clone(), content(json!({"size": 0})), &["body-unreadable"], 0),
        (
            "another media type without its body",
            none.clone(),
            json!({"headers": html, "content": {"size": 9}}),
            &["content-type-changed"],
            OMITTED,
        ),
        ("no data and a size", json!({"postData": null}), none.clone(), &[], OMITTED),
        (
            "no data, a declared length and an unknown size",
            json!({"postData": null, "bodySize": -1, "headers": length("9")}),
            none.clone(),
            &[],
            OMITTED,
        ),
        (
            "no data and an unknown size",
            json!({"postData": null, "bodySize": -1}),
            none.clone(),
            &[],
            OMITTED,
        ),
        (
            "no data and no body",
            json!({"postData": null, "bodySize": 0}),
            none.clone(),
            &["param-missing"],
            0,
        ),
        (
            "data in a file of Playwright",
            json!({"postData": {"mimeType": "application/json", "params": [], "_file": "a.json"}}),
            none.clone(),
            &[],
            OMITTED,
        ),
        (
            "an empty text beside parts",
            json!({"headers": [], "postData": {
                "mimeType": "application/x-www-form-urlencoded", "text": "",
                "params": [{"name": "a", "value": "x"}]}}),
            none,
            &["type-changed"],
            0,
        ),
    ];
    for (name, request, response, rules, n_omitted) in rows {
        let (seen, left_out) = judged(&entry(&request, &response));
        assert_eq!((seen.as_slice(), left_out.bodies), (rules, n_omitted), "case `{name}`");
    }
}

#[test]
fn a_request_that_was_given_up_is_counted() {
    for status in [0, -1] {
        let given_up = entry(&json!({}), &json!({"status": status, "headers": []}));
        let expected = LeftOut { aborted: 1, ..LeftOut::default() };
        assert_eq!(judged(&given_up), (Vec::new(), expected), "status {status}");
    }
}
