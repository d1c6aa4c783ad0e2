//! Tests webhooks: they are identified by name or by the header of their signature, and judged as
//! requests.

use prumo_drift::{Severity, compare, coverage};
use serde_json::{Value, json};

use crate::acme;

fn document() -> Value {
    let mut document = acme::answering(&json!({"type": "object"}));
    document["x-envelope"] = json!({"tag": "/erro", "success": [false]});
    let body = json!({"type": "object", "required": ["id"], "properties": {
        "id": {"type": "string"}, "acao": {"type": "string", "enum": ["criado", "fechado"]}
    }});
    document["x-webhooks"] = json!({"aviso": {"post": {
        "operationId": "aviso",
        "x-signature": {"header": "X-Assinatura", "prefix": "sha1=", "algorithm": "hmac-sha1", "over": "body", "encoding": "hex"},
        "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
        "responses": {"200": {"description": "Taken."}}
    }}});
    document
}

/// Returns a webhook with this body, and a reply from the customer's server.
fn call(body: &Value) -> Value {
    json!({
        "request": {"method": "POST", "path": "/qualquer/lugar", "headers": {"x-assinatura": "sha1=abc"}, "body": body},
        "response": {"status": 200, "headers": {}, "text": "Obrigado."}
    })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut call = call(&json!({"id": "7"}));
    *call.pointer_mut(pointer).unwrap() = value;
    call
}

#[test]
fn a_call_is_known_by_its_name_or_its_signature() {
    let named = |mut call: Value| {
        call["operation"] = json!("aviso");
        call
    };
    let good = || call(&json!({"id": "7", "acao": "criado"}));
    let rows: Vec<(&str, Value, &[&str])> = vec![
        ("signed", good(), &[]),
        ("named and signed", named(good()), &[]),
        ("named alone", named(with("/request/headers", json!({"accept": "*/*"}))), &[]),
        (
            "neither",
            with("/request/headers", json!({"accept": "*/*"})),
            &["operation-unknown request"],
        ),
        ("another method", with("/request/method", json!("PUT")), &["operation-unknown request"]),
        (
            "named, and another method",
            named(with("/request/method", json!("PUT"))),
            &["operation-unknown aviso request"],
        ),
        ("a member away", call(&json!({"acao": "criado"})), &["field-missing aviso request /id"]),
        ("another kind", call(&json!({"id": 7})), &["type-changed aviso request /id"]),
        (
            "an unknown value",
            call(&json!({"id": "7", "acao": "lido"})),
            &["enum-value-unknown aviso request /acao"],
        ),
        ("a path of the spec", with("/request/path", json!("/thing/a")), &[]),
        // The reply to a webhook is the customer's, not the vendor's.
        ("refused by us", with("/response/status", json!(500)), &[]),
        (
            "refused by us, and wrong",
            {
                let mut call = call(&json!({"id": 7}));
                call["response"] = json!({"status": 500, "text": "<p>"});
                call
            },
            &["type-changed aviso request /id"],
        ),
    ];
    for (name, call, expect) in rows {
        let findings = acme::judge(&document(), &[call.to_string()]);
        let came: Vec<String> =
            findings.iter().map(|finding| finding.identity().to_string()).collect();
        assert_eq!(came, expect, "case `{name}`");
    }
}

/// A matching path takes precedence over a header.
#[test]
fn a_request_that_has_a_path_of_its_own_is_no_call() {
    let mut document = document();
    document["paths"]["/thing/{id}"]["post"] = json!({
        "operationId": "mudar_coisa",
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "ok"}}
    });
    let contract = acme::read(&document);
    let observed =
        acme::observe(&contract, &[with("/request/path", json!("/thing/a")).to_string()]);
    assert_eq!(observed.operations["mudar_coisa"].exchanges.count, 1);
    assert_eq!(observed.operations["aviso"].exchanges.count, 0);
}

/// The client decodes webhooks, so one that can't be decoded is breaking.
#[test]
fn a_call_that_cannot_be_decoded_breaks_the_client() {
    let findings = acme::judge(&document(), &[call(&json!({"id": 7})).to_string()]);
    assert_eq!(findings[0].severity, Severity::Breaking);
}

#[test]
fn what_of_a_call_was_never_seen_is_a_gap() {
    let contract = acme::read(&document());
    let gaps = |calls: &[String]| -> Vec<String> {
        let observed = acme::observe(&contract, calls);
        assert_eq!(compare(&contract, &observed), []);
        let gaps = coverage(&contract, &observed).into_iter().map(|gap| gap.identity().to_string());
        gaps.filter(|gap| gap.contains("aviso")).collect()
    };
    assert_eq!(gaps(&[]), ["operation-never-seen aviso response"]);
    let never = coverage(&contract, &acme::observe(&contract, &[] as &[String]));
    let told = never.iter().find(|gap| gap.operation.as_deref() == Some("aviso")).expect("a gap");
    assert_eq!(told.promised, "POST by the vendor", "it has no path of the vendor's");
    assert_eq!(gaps(&[call(&json!({"id": "7"})).to_string()]), Vec::<String>::new());
}

#[test]
fn a_webhook_has_a_name_that_nothing_else_has() {
    let with_id = |id: Option<&str>| {
        let mut document = document();
        let webhook = document["x-webhooks"]["aviso"]["post"].as_object_mut().unwrap();
        match id {
            Some(id) => drop(webhook.insert("operationId".to_owned(), json!(id))),
            None => drop(webhook.remove("operationId")),
        }
        document
    };
    // In a foreign document it is called as the generated client calls it.
    for (id, name) in [(None, "post_aviso"), (Some("ler_coisa"), "ler_coisa_2")] {
        let findings = acme::judge(&with_id(id), &[call(&json!({"id": 7})).to_string()]);
        assert_eq!(findings[0].operation.as_deref(), Some(name));
        assert_eq!(acme::short(&findings), [("type-changed", "/id".to_owned())]);
    }
    let mut house = with_id(Some("ler_coisa"));
    house["paths"]["/thing/{id}"]["get"]["x-source"] =
        json!({"page": "manual", "date": "2026-11-22"});
    let said = acme::try_read(&house).expect_err("a fault").to_string();
    assert!(said.ends_with("at `/x-webhooks/aviso/post`"), "{said}");
}
