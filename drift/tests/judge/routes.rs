//! Tests which operation takes a request with a given method and path.

use prumo_drift::{Exchange, Observation, Origin, Router, Taken, read_exchange};
use serde_json::{Value, json};

use crate::acme;

/// Returns a server with a path, two operations of which one matches the template of the other, and
/// a webhook.
fn document() -> Value {
    let mut document = acme::answering(&json!({"type": "object"}));
    document["servers"] = json!([{"url": "https://acme.example/v2"}]);
    let answers = json!({"200": {"description": "ok"}});
    document["paths"]["/thing/all"] =
        json!({"get": {"operationId": "listar", "responses": answers}});
    document["x-webhooks"] =
        json!({"aviso": {"post": {"operationId": "aviso", "responses": answers}}});
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

#[test]
fn literal_paths_win_and_stems_are_tolerated() {
    let mut document = acme::answering(&json!({"type": "object"}));
    let answer = json!({"200": {"description": "ok"}});
    document["servers"] =
        json!([{"url": "https://acme.example/{v}/api", "variables": {"v": {"default": "v2"}}}]);
    document["paths"]["/thing/nova"] = json!({"get": {"operationId": "nova", "responses": answer}});
    document["paths"]["/thing/{id}.json"] =
        json!({"get": {"operationId": "como_json", "responses": answer}});
    document["paths"]["/{a}/{b}"] = json!({"get": {"operationId": "geral", "responses": answer}});
    let contract = acme::read(&document);
    let cases = [
        ("/thing/nova", "nova"),
        ("/v2/api/thing/nova/", "nova"),
        ("/thing/7", "ler_coisa"),
        ("/thing/{id}", "ler_coisa"),
        ("/thing/7.json", "como_json"),
        ("/outra/7", "geral"),
        ("/thing/no%2Fva?x=1", "ler_coisa"),
    ];
    for (path, expect) in cases {
        let text = json!({"request": {"method": "get", "path": path}, "response": {"status": 200}})
            .to_string();
        let exchange: Exchange<'_> = read_exchange(text.as_bytes()).unwrap();
        let mut observation = Observation::new(&[&contract]);
        observation.observe(&exchange, &Origin { file: "x", line: 1 });
        let observed = observation.finish().remove(0);
        let seen: Vec<&str> = observed
            .operations
            .iter()
            .filter(|(_, op)| op.exchanges.count > 0)
            .map(|(id, _)| id.as_str())
            .collect();
        assert_eq!(seen, [expect], "{path}");
    }
}

#[test]
fn a_path_that_holds_a_url_is_a_path() {
    let document = acme::answering(&json!({"type": "object"}));
    let get = |path: &str| {
        json!({"request": {"method": "GET", "path": path}, "response": {"status": 200}}).to_string()
    };
    let found = |path: &str| acme::short(&acme::judge(&document, &[get(path)]));
    assert_eq!(found("https://acme.example/thing/7"), []);
    assert_eq!(found("/ir/https://acme.example/thing/7"), [("operation-unknown", String::new())]);
}
