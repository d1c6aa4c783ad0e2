//! Tests that a replay notices a recording that was changed at one place.

use contract_tests::{clients, fixtures};
use serde_json::{Value, json};

#[test]
fn a_failure_names_the_place_in_the_fixture() {
    let cases = [
        ("the method", "/request/method", json!("PUT"), "/request/method: "),
        (
            "a path of another operation",
            "/request/path",
            json!("/chamado/{token}"),
            "/request/path: ",
        ),
        (
            "a query parameter that is not sent",
            "/request/query",
            json!({"novo": "1"}),
            "/request/path or /request/query: ",
        ),
        (
            "a header that is not sent",
            "/request/headers",
            json!({"x-novo": "1"}),
            "/request/headers: ",
        ),
        ("no status", "/response/status", Value::Null, "/response/status: "),
        (
            "an invalid date",
            "/response/body/data/historico/1/data_hora",
            json!("amanhã cedo"),
            "/response/body/data/historico/1/data_hora: ",
        ),
        ("a tag of another kind", "/response/body/erro", json!(7), "/response/body/erro: "),
    ];
    let client = clients::of("tomticket-v1").expect("a client");
    let recorded = fixtures::one("tomticket-v1/ler_chamado/full_ticket.json").expect("a fixture");
    assert!(prumo_replay::replay(client, &recorded).is_ok(), "unchanged");
    for (name, at, value, expected) in cases {
        let mut changed = recorded.clone();
        *changed.exchange.pointer_mut(at).unwrap_or_else(|| panic!("case `{name}`: no `{at}`")) =
            value;
        let Err(error) = prumo_replay::replay(client, &changed) else {
            panic!("case `{name}` passes")
        };
        assert!(error.to_string().starts_with(expected), "case `{name}`: {error}");
    }
}

#[test]
fn an_operation_that_the_spec_lacks_is_named() {
    let client = clients::of("tomticket-v1").expect("a client");
    let mut recorded =
        fixtures::one("tomticket-v1/ler_chamado/full_ticket.json").expect("a fixture");
    recorded.operation = "ler_tudo".to_owned();
    let Err(error) = prumo_replay::replay(client, &recorded) else { panic!("it passes") };
    assert_eq!(error.to_string(), "the spec has no operation `ler_tudo`");
}
