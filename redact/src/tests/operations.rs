//! Finds the operation of an exchange: marks count wherever OpenAPI allows operations.

use serde_json::{Value, json};

use super::super::Redactor;
use prumo_spec::document::Document;

const SPEC: &str = "
openapi: 3.0.3
paths:
  x-notes: {post: {operationId: nota, responses: {}}}
  /eco:
    trace: &eco
      requestBody: {content: {application/json: {schema: {properties: {rotulo: {x-pii: name}}}}}}
      responses:
        '200': {content: {application/json: {schema: {properties: {rotulo: {x-pii: name}}}}}}
  /outra: {$ref: '#/x-items/outra'}
x-items:
  outra: {put: *eco}
x-webhooks:
  aviso:
    post:
      operationId: aviso
      x-signature: {header: X-Assinatura}
      requestBody: {content: {application/json: {schema: {properties: {rotulo: {x-pii: name}}}}}}
      responses: {}
";

#[test]
fn marks_count_in_every_operation() {
    let spec = Document::parse("a.yaml", SPEC).unwrap();
    let redactor = Redactor::new(b"a key for tests").with_spec(&spec);
    let signed = json!({"x-assinatura": "sha1=0"});
    let rows = [
        ("method `trace`, by its path", json!(null), "TRACE", "/eco", json!({})),
        (
            "method `trace`, by the name that is invented for it",
            json!("trace_eco"),
            "",
            "",
            json!({}),
        ),
        ("a path that is written elsewhere", json!(null), "PUT", "/outra", json!({})),
        ("a webhook, by its name", json!("aviso"), "POST", "/receber", json!({})),
        ("a webhook, by its signature", json!(null), "POST", "/receber", signed),
    ];
    for (name, operation, method, path, headers) in rows {
        let body = json!({"rotulo": "Zulmira"});
        let mut exchange = json!({
            "operation": operation,
            "request": {"method": method, "path": path, "headers": headers, "body": body},
            "response": {"status": 200, "body": {}},
        });
        redactor.redact(&mut exchange);
        let sent = exchange.pointer("/request/body/rotulo").and_then(Value::as_str).unwrap();
        assert_ne!(sent, "Zulmira", "{name}");
    }
}

#[test]
fn a_call_of_the_vendor_takes_no_other_request() {
    let spec = Document::parse("a.yaml", SPEC).unwrap();
    let redactor = Redactor::new(b"a key for tests").with_spec(&spec);
    let mut exchange =
        json!({"request": {"method": "POST", "path": "/x", "body": {"rotulo": "Zulmira"}}});
    redactor.redact(&mut exchange);
    assert_eq!(exchange["request"]["body"]["rotulo"], "Zulmira");
}
