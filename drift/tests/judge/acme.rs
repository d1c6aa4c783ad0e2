//! An invented vendor: specs from fragments, exchanges from JSON.

use prumo_drift::exchange::split;
use prumo_drift::{
    Contract, Document, Finding, Observation, Origin, SpecError, compare, read_exchange,
    read_openapi, read_openapi_and_faults,
};
use serde_json::{Value, json};

/// Reads the document as a contract, or returns its first fault.
pub(crate) fn try_read(document: &Value) -> Result<Contract, SpecError> {
    let text = serde_json::to_string_pretty(document).unwrap();
    let document = Document::parse("acme.yaml", &text).unwrap();
    let (contract, faults) = read_openapi_and_faults(&document)?;
    faults.into_iter().next().map_or(Ok(contract), Err)
}

/// Reads the document as a contract, with the places that can't be judged.
pub(crate) fn read_in_part(document: &Value) -> Contract {
    let text = serde_json::to_string_pretty(document).unwrap();
    read_openapi(&Document::parse("acme.yaml", &text).unwrap()).unwrap()
}

pub(crate) fn read(document: &Value) -> Contract {
    try_read(document).unwrap_or_else(|error| panic!("{error}"))
}

/// Returns a document with one operation, `GET /thing/{id}`, whose 200 has `schema`.
pub(crate) fn answering(schema: &Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "acme", "version": "1"},
        "paths": {"/thing/{id}": {"get": {
            "operationId": "ler_coisa",
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {
                "description": "ok",
                "content": {"application/json": {"schema": schema}}
            }}
        }}}
    })
}

/// Returns an exchange of that operation whose response has `body`.
pub(crate) fn answered(body: &Value) -> Value {
    json!({
        "request": {"method": "GET", "path": "/thing/a"},
        "response": {
            "status": 200,
            "headers": {"content-type": "application/json; charset=utf-8"},
            "body": body
        }
    })
}

/// Returns the text of the exchange, which keeps details that `Value` would lose.
pub(crate) fn answered_text(body: &str) -> String {
    format!(
        r#"{{"request": {{"method": "GET", "path": "/thing/a"}},
            "response": {{"status": 200, "headers": {{"content-type": "application/json"}}, "body": {body}}}}}"#
    )
}

pub(crate) fn observe(contract: &Contract, exchanges: &[String]) -> Contract {
    observe_from(contract, exchanges, 1)
}

/// Observes exchanges, the first of them at this line.
pub(crate) fn observe_from(contract: &Contract, exchanges: &[String], line: u64) -> Contract {
    let numbered: Vec<(u64, &String)> = (line..).zip(exchanges).collect();
    // An observer of items judges a repeated body while it reads, so all come twice.
    let twice = [numbered.as_slice(), &numbered].concat();
    assert_eq!(
        items_observed(contract, &twice),
        exchanges_observed(contract, &twice),
        "depends on who reads"
    );
    exchanges_observed(contract, &numbered)
}

fn exchanges_observed(contract: &Contract, exchanges: &[(u64, &String)]) -> Contract {
    let mut observation = Observation::new(&[contract]);
    for (line, text) in exchanges {
        let exchange = read_exchange(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        observation.observe(&exchange, &Origin { file: "acme.ndjson", line: *line });
    }
    observation.finish().remove(0)
}

/// Returns the observations of an observer that reads the exchanges itself.
fn items_observed(contract: &Contract, exchanges: &[(u64, &String)]) -> Contract {
    let mut observation = Observation::new(&[contract]);
    for (line, text) in exchanges {
        for item in split(text.as_bytes(), usize::MAX) {
            let read = item.and_then(|item| {
                observation.observe_item(&item, &Origin { file: "acme.ndjson", line: *line })
            });
            read.unwrap_or_else(|error| panic!("{error}"));
        }
    }
    observation.finish().remove(0)
}

pub(crate) fn judge(document: &Value, exchanges: &[String]) -> Vec<Finding> {
    let contract = read(document);
    compare(&contract, &observe(&contract, exchanges))
}

/// Returns the findings on one response of [`answering`], as `(rule, at)`.
pub(crate) fn judge_body(schema: &Value, body: &str) -> Vec<(&'static str, String)> {
    short(&judge(&answering(schema), &[answered_text(body)]))
}

pub(crate) fn short(findings: &[Finding]) -> Vec<(&'static str, String)> {
    findings.iter().map(|finding| (finding.rule.name(), finding.at.clone())).collect()
}
