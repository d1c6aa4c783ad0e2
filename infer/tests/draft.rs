//! Tests what a recording becomes: paths, parameters, bodies, envelopes, and what is left out.

use proptest::prelude::*;
use prumo_drift::read_exchange;
use prumo_infer::{Evidence, Options};
use serde_json::{Value, json};

fn options() -> Options {
    Options { name: "loja".to_owned(), date: "2026-11-30".to_owned(), hosts: Vec::new() }
}

fn evidence(exchanges: &[Value]) -> Evidence {
    let mut evidence = Evidence::default();
    for exchange in exchanges {
        evidence.observe(&read_exchange(exchange.to_string().as_bytes()).expect("an exchange"));
    }
    evidence
}

fn text(exchanges: &[Value]) -> String {
    evidence(exchanges).draft(&options()).text
}

/// Reads the draft, which is YAML, as a document.
fn document(exchanges: &[Value]) -> Value {
    let text = text(exchanges);
    let document = prumo_spec::Document::parse("draft.yaml", &text).expect("a document");
    document.value().clone()
}

fn get(path: &str, body: &Value) -> Value {
    let headers = json!({"content-type": "application/json"});
    json!({
        "request": {"method": "GET", "path": path},
        "response": {"status": 200, "headers": headers, "body": body},
    })
}

fn post(sent: &Value, body: &Value) -> Value {
    let mut exchange = get("/pedidos", body);
    exchange["request"]["method"] = json!("POST");
    exchange["request"]["headers"] = json!({"content-type": "application/json"});
    exchange["request"]["body"] = sent.clone();
    exchange
}

fn paths(document: &Value) -> Vec<&String> {
    document["paths"].as_object().expect("paths").keys().collect()
}

#[test]
fn a_segment_that_looks_like_an_id_is_a_parameter() {
    let rows: [(&[&str], &[&str]); 5] = [
        (&["/pedidos/7", "/pedidos/8"], &["/pedidos/{pedidos_id}"]),
        (
            &["/pedidos/0b1f3f52-5f0c-4a39-9c25-6a6f4b0c9b11/itens"],
            &["/pedidos/{pedidos_id}/itens"],
        ),
        (&["/pedidos/507f1f77bcf86cd799439011"], &["/pedidos/{pedidos_id}"]),
        (&["/pedidos/abertos", "/pedidos/7"], &["/pedidos/abertos", "/pedidos/{pedidos_id}"]),
        (&["/v2.0/pedidos"], &["/v2.0/pedidos"]),
    ];
    for (called, expect) in rows {
        let exchanges: Vec<Value> = called.iter().map(|path| get(path, &json!({"a": 1}))).collect();
        assert_eq!(paths(&document(&exchanges)), expect, "calls {called:?}");
    }
}

#[test]
fn a_token_behind_several_paths_is_a_secret_and_never_written() {
    let token = "c4ca4238a0b923820dcc509a6f75849b";
    let exchanges = [
        get(&format!("/clientes/{token}/7"), &json!({"erro": false})),
        get(&format!("/chamados/{token}/8"), &json!({"erro": false})),
    ];
    let draft = text(&exchanges);
    assert!(!draft.contains(token), "{draft}");
    assert!(draft.contains("x-secret: true"), "{draft}");
}

#[test]
fn a_member_that_is_always_there_is_required() {
    let exchanges = [
        get("/pedidos", &json!({"id": 1, "pago_em": "2026-11-22", "nota": null})),
        get("/pedidos", &json!({"id": 2, "pago_em": "2026-11-23", "nota": "x", "frete": 1.5})),
    ];
    let document = document(&exchanges);
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let schema = schemas.values().next().expect("one");
    assert_eq!(schema["required"], json!(["id", "pago_em", "nota"]));
    assert_eq!(schema["properties"]["pago_em"]["format"], "date");
    assert_eq!(schema["properties"]["nota"]["nullable"], true);
    assert_eq!(schema["properties"]["frete"]["type"], "number");
}

#[test]
fn a_tag_that_splits_the_answers_is_an_envelope() {
    let exchanges = [
        get("/pedidos/1", &json!({"erro": false, "mensagem": null, "data": {"id": 1}})),
        get("/pedidos/2", &json!({"erro": true, "mensagem": "nada", "data": null})),
        get("/pedidos/3", &json!({"erro": true, "mensagem": "nada", "data": null})),
    ];
    let document = document(&exchanges);
    let envelope =
        json!({"tag": "/erro", "success": [false], "message": "/mensagem", "payload": "/data"});
    assert_eq!(document["x-envelope"], envelope);
    let answer =
        "/paths/~1pedidos~1{pedidos_id}/get/responses/200/content/application~1json/schema/oneOf";
    assert_eq!(document.pointer(answer).and_then(Value::as_array).map(Vec::len), Some(2));
}

#[test]
fn a_body_that_may_be_left_out_requires_no_field() {
    let with = post(&json!({"a": 1}), &json!({"id": 1}));
    let mut without = with.clone();
    without["request"]["body"] = Value::Null;
    let required = |exchanges: &[Value]| {
        let document = document(exchanges);
        let body = document["paths"]["/pedidos"]["post"]["requestBody"].clone();
        (
            body["required"].clone(),
            body["content"]["application/json"]["schema"]["required"].clone(),
        )
    };
    assert_eq!(required(&[with.clone(), with.clone()]), (json!(true), json!(["a"])));
    assert_eq!(required(&[with, without]), (Value::Null, Value::Null));
}

#[test]
fn a_body_that_is_not_recorded_has_a_kind_and_no_shape() {
    let har = json!({"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [{
        "startedDateTime": "2026-11-01T10:00:00.000Z", "time": 1, "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 0},
        "request": {"method": "GET", "url": "https://api.example.com/a", "httpVersion": "HTTP/2", "headers": [], "queryString": [], "cookies": [], "headersSize": -1, "bodySize": -1},
        "response": {"status": 200, "statusText": "", "httpVersion": "h2", "headers": [{"name": "content-type", "value": "application/json"}], "cookies": [], "content": {"mimeType": "application/json", "size": 77}, "redirectURL": "", "headersSize": -1, "bodySize": 77},
    }]}});
    let mut evidence = Evidence::default();
    for item in prumo_drift::exchange::split(har.to_string().as_bytes(), 1 << 20) {
        evidence.observe(&item.expect("an entry").read().expect("an exchange"));
    }
    let draft = evidence.draft(&options()).text;
    let document = prumo_spec::Document::parse("draft.yaml", &draft).expect("a document");
    let content = "/paths/~1a/get/responses/200/content/application~1json/schema";
    assert_eq!(document.value().pointer(content), Some(&json!({})), "{draft}");
}

#[test]
fn persons_and_secrets_are_never_in_a_draft() {
    let hidden = [
        "Ana Brum",
        "ana.brum@acme.example",
        "529.982.247-25",
        "(48) 99999-8888",
        "hunter2-hunter2",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    ];
    let body = json!({
        "nome": hidden[0], "email": hidden[1], "cpf": hidden[2], "telefone": hidden[3],
        "senha": hidden[4], "texto": hidden[5], "status": "aberto",
    });
    let mut exchanges: Vec<Value> =
        (0..40).map(|n| get(&format!("/clientes/{n}"), &body)).collect();
    for exchange in &mut exchanges {
        exchange["request"]["headers"] = json!({"authorization": format!("Bearer {}", hidden[5])});
        exchange["request"]["query"] = json!({"email": hidden[1], "senha": hidden[4]});
    }
    let draft = text(&exchanges);
    for value in hidden {
        assert!(!draft.contains(value), "`{value}` in {draft}");
    }
    assert!(draft.contains("scheme: bearer"), "{draft}");
}

/// Values of any kind, also hostile ones.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<f64>().prop_map(|value| json!(value)),
        "\\PC{0,12}".prop_map(|value| json!(value)),
        "[a-c]".prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| json!(items)),
            prop::collection::btree_map("\\PC{0,6}|status|erro|id", inner, 0..4)
                .prop_map(|members| json!(members)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Neither the order nor a split of a recording changes the draft.
    #[test]
    fn shards_in_any_order_give_one_draft(
        calls in prop::collection::vec(("/[a-c]{1,2}(/[0-9a-z]{1,4}){0,3}", any_value()), 1..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let exchanges: Vec<Value> = calls.iter().map(|(path, body)| get(path, body)).collect();
        let whole = evidence(&exchanges).draft(&options());
        let (first, second) = exchanges.split_at(cut.index(exchanges.len()));
        let mut joined = evidence(second);
        joined.absorb(evidence(first));
        prop_assert_eq!(&joined.draft(&options()), &whole);
        let reversed: Vec<Value> = exchanges.iter().rev().cloned().collect();
        prop_assert_eq!(&evidence(&reversed).draft(&options()), &whole);
    }

    /// Any recording gives a document that OpenAPI's reader takes.
    #[test]
    fn a_draft_is_a_document(path in "\\PC{0,20}", sent in any_value(), body in any_value(), status in 100_u16..600) {
        let mut exchange = post(&sent, &body);
        exchange["request"]["path"] = json!(format!("/{path}"));
        exchange["response"]["status"] = json!(status);
        if let Ok(read) = read_exchange(exchange.to_string().as_bytes()) {
            let mut evidence = Evidence::default();
            evidence.observe(&read);
            let draft = evidence.draft(&options());
            let document = prumo_spec::Document::parse("draft.yaml", &draft.text);
            prop_assert!(document.is_ok(), "{:?}\n{}", document.err(), draft.text);
            let read = prumo_drift::read_openapi(&document.unwrap());
            prop_assert!(read.is_ok(), "{:?}\n{}", read.err(), draft.text);
        }
    }
}
