//! Which operation takes a request, by method and path alone.

use prumo_drift::{Router, Taken};
use serde_json::{Value, json};

use crate::acme;

/// A server with a path, two operations of which the one is as the other's template, and a webhook.
fn document() -> Value {
    let mut document = acme::answering(&json!({"type": "object"}));
    document["servers"] = json!([{"url": "https://acme.example/v2"}]);
    let answers = json!({"200": {"description": "ok"}});
    document["paths"]["/thing/all"] = json!({"get": {"operationId": "listar", "responses": answers}});
    document["x-webhooks"] = json!({"aviso": {"post": {"operationId": "aviso", "responses": answers}}});
    document
}

#[test]
fn a_request_is_taken_by_the_most_literal_path() {
    let contract = acme::read(&document());
    let router = Router::new(&contract);
    let cases = [
        ("GET", "/thing/7", Some(("ler_coisa", Some("7")))),
        ("get", "/v2/thing/a%2Fb", Some(("ler_coisa", Some("a/b")))),
        ("GET", "/thing/all", Some(("listar", None))),
        ("GET", "/thing/7?page=2", Some(("ler_coisa", Some("7")))),
        ("POST", "/thing/7", None),
        ("GET", "/thing", None),
        ("POST", "/", None),
    ];
    for (method, path, expected) in cases {
        let expected = expected.map(|(operation, id)| Taken {
            operation: operation.to_owned(),
            path_values: id.map(|id| ("id".to_owned(), id.to_owned())).into_iter().collect(),
        });
        assert_eq!(router.find(method, path), expected, "{method} {path}");
    }
}
