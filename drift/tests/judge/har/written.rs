//! Tests that exchanges written as HAR are judged as before.

use proptest::prelude::*;
use prumo_drift::exchange::{OwnedExchange, har, split};
use prumo_drift::{Contract, Exchange, Observation, Origin, read_exchange};
use serde_json::{Value, json};

use crate::acme;

/// Returns an operation that takes and returns JSON, forms and texts.
fn promised() -> Contract {
    let schema =
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}});
    let content = json!({
        "application/json": {"schema": schema},
        "text/plain": {"schema": {"type": "string", "maxLength": 3}},
        "multipart/form-data": {"schema": schema},
        "application/x-www-form-urlencoded": {"schema": schema}
    });
    acme::read(&json!({
        "openapi": "3.0.3", "info": {"title": "acme", "version": "1"},
        "paths": {"/thing/{id}": {"post": {
            "operationId": "criar_coisa",
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}},
                {"name": "q", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}}],
            "requestBody": {"required": true, "content": content},
            "responses": {"200": {"description": "ok", "content": content}}
        }}}
    }))
}

fn observed(contract: &Contract, exchange: &Exchange<'_>) -> Contract {
    let mut observation = Observation::new(&[contract]);
    observation.observe(exchange, &Origin { file: "acme", line: 1 });
    observation.finish().remove(0)
}

fn any_message(is_request: bool) -> impl Strategy<Value = Value> {
    let media = prop::option::of(prop::sample::select(vec![
        "application/json",
        "Application/JSON; charset=x",
        "text/plain",
        "text/html",
        "image/png",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
    ]));
    let coding = prop::option::weighted(0.2, Just("gzip"));
    let chunked = prop::option::weighted(0.2, Just("chunked"));
    let json = prop::sample::select(vec![
        json!({"a": 1}),
        json!({"a": "x", "é\"": []}),
        json!([1]),
        json!(7),
        json!("x"),
        json!(true),
        json!(null),
        json!({}),
    ]);
    let text = prop::sample::select(vec![
        "",
        "{\"a\":1}",
        "{\"a\":",
        "null",
        "7",
        "a=1&b=%20",
        "<html>",
        "\u{feff}{}",
        "7\r\n{\"a\":1}\r\n0\r\n\r\n",
        "--x\r\n\r\n",
    ]);
    let base64 = prop::sample::select(vec![
        "",
        "eyJhIjoxfQ==",
        "H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA",
        "/////w==",
        "Mw0KeyJhDQo0O3g9eQ0KIjoxfQ0KMA0KDQo=",
    ]);
    let form = prop::sample::select(vec![
        json!([]),
        json!([{"name": "a", "value": "1"}, {"name": "a[]", "value": "é&="}]),
        json!([{"name": "a", "file": "b.png", "bytes": 7}, {"name": "c", "file": "d", "content_type": "e"}]),
    ]);
    let body = prop_oneof![
        json.prop_map(|json| json!({"body": json})),
        text.prop_map(|text| json!({"text": text})),
        base64.prop_map(|base64| json!({"base64": base64})),
        form.prop_map(move |form| if is_request { json!({"form": form}) } else { json!({}) }),
    ];
    (body, media, coding, chunked).prop_map(|(mut message, media, coding, chunked)| {
        let mut headers = json!({"x-a": "b"});
        for (name, value) in
            [("content-type", media), ("content-encoding", coding), ("transfer-encoding", chunked)]
        {
            if let Some(value) = value {
                headers[name] = json!(value);
            }
        }
        message["headers"] = headers;
        message
    })
}

prop_compose! {
    fn any_exchange()(
        request in any_message(true),
        response in any_message(false),
        status in prop::sample::select(vec![200, 204, 404]),
        method in prop::sample::select(vec!["POST", "post", "GET"]),
        path in prop::sample::select(vec!["/thing/7", "thing/7", "/thing/{id}", "/thing/a%20b?q=1", "/thing/7#x", "http://h/thing/7", "/x"]),
        query in prop::sample::select(vec![json!({}), json!({"q": "1"}), json!({"q": ["1", "a&=é+ %"], "{r}": "{token}"})]),
        named in prop::option::of(Just("criar_coisa")),
        at in prop::option::of(Just("2026-11-22T03:00:00Z")),
    ) -> Value {
        let mut exchange = json!({"at": at, "operation": named, "origin": "live", "request": request, "response": response});
        exchange["response"]["status"] = json!(status);
        let members = [("method", json!(method)), ("path", json!(path)), ("query", query)];
        members.into_iter().for_each(|(name, value)| exchange["request"][name] = value);
        exchange
    }
}

proptest! {
    /// An exchange is judged the same in our own format, as HAR, and converted from HAR into our
    /// own format.
    #[test]
    fn the_format_decides_nothing(exchange in any_exchange()) {
        let contract = promised();
        let text = exchange.to_string();
        // A body that is not in the declared codings is an error in either format.
        let Ok(exchange) = read_exchange(text.as_bytes()) else {
            return Ok(());
        };
        let document = [har::HEAD, &har::entry(&exchange), har::TAIL].concat();
        let _: Value = serde_json::from_str(&document).unwrap();
        let items: Vec<_> = split(document.as_bytes(), 100_000).collect();
        prop_assert!(matches!(items.as_slice(), [Ok(_)]), "{:?}", items);
        let item = items[0].as_ref().unwrap();
        prop_assert_eq!(item.line(), 2);
        let again = item.read().unwrap();
        let expect = observed(&contract, &exchange);
        prop_assert_eq!(&observed(&contract, &again), &expect, "{}", document);
        prop_assert_eq!(&again.at, &exchange.at);

        let ours = serde_json::to_string(&OwnedExchange::with_json_bodies(&again)).unwrap();
        let back = read_exchange(ours.as_bytes()).unwrap();
        prop_assert_eq!(&observed(&contract, &back), &expect, "{}", ours);
    }
}
