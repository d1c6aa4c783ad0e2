//! Tests the findings on requests, row by row.

use prumo_drift::{Identity, Rule, Severity, Side, was_seen};
use serde_json::{Value, json};

use crate::acme;
use crate::orders::{
    Expected, Row, acme_document, changed, criado, drifts, fits, in_request, lido, mudado, with,
    without,
};

pub(crate) fn rows() -> Vec<Row> {
    let form = |index: usize, value: &str| {
        changed(criado(), &format!("/request/form/{index}/value"), json!(value))
    };
    vec![
        fits("a clean form", criado()),
        fits("a clean JSON body", mudado()),
        drifts(
            "a member that only responses have",
            with(mudado(), "/request/body", "numero", json!(12)),
            in_request(Rule::FieldMisplaced, "/numero", "in a request"),
        ),
        drifts(
            "an unknown query parameter",
            with(lido(), "/request/query", "cor", json!("azul")),
            in_request(Rule::ParamUndocumented, "/query/cor", "parameter"),
        ),
        drifts(
            "a required query parameter is absent",
            changed(lido(), "/request/query", json!({})),
            in_request(Rule::ParamMissing, "/query/lingua", "absent"),
        ),
        drifts(
            "a required header is absent",
            without(lido(), "/request/headers", "x-loja"),
            in_request(Rule::ParamMissing, "/header/x-loja", "absent"),
        ),
        fits("no headers recorded", changed(lido(), "/request/headers", json!({}))),
        fits(
            "an unknown header is nobody's business",
            with(lido(), "/request/headers", "x-outra", json!("1")),
        ),
        drifts(
            "a query parameter outside its enum",
            changed(lido(), "/request/query/lingua", json!("fr")),
            in_request(Rule::EnumValueUnknown, "/query/lingua", "fr"),
        ),
        drifts(
            "a query parameter that is no int",
            with(lido(), "/request/query", "pagina", json!("um")),
            in_request(Rule::TypeChanged, "/query/pagina", "text (aa)"),
        ),
        drifts(
            "a query parameter below its bound",
            with(lido(), "/request/query", "pagina", json!("0")),
            in_request(Rule::BoundExceeded, "/query/pagina", "a smaller number"),
        ),
        drifts(
            "a path parameter that is no int",
            changed(lido(), "/request/path", json!("/pedido/s3cret/doze")),
            in_request(Rule::TypeChanged, "/path/id", "text (aaaa)"),
        ),
        drifts(
            "an unknown form field",
            with(criado(), "/request/form/0", "name", json!("cor")),
            in_request(Rule::ParamUndocumented, "/cor", "text"),
        )
        .and(in_request(Rule::ParamMissing, "/titulo", "absent")),
        drifts(
            "a form field too long",
            form(0, "sem sinal nenhum"),
            in_request(Rule::BoundExceeded, "/titulo", "16 characters"),
        ),
        drifts(
            "a form field outside its enum",
            form(1, "9"),
            in_request(Rule::EnumValueUnknown, "/prioridade", "9"),
        ),
        drifts(
            "an empty form",
            changed(criado(), "/request/form", json!([])),
            in_request(Rule::ParamMissing, "", "no body"),
        ),
        fits("no form recorded", without(criado(), "/request", "form")),
        drifts(
            "an unknown member of a JSON body",
            with(mudado(), "/request/body", "cor", json!(1)),
            in_request(Rule::FieldUndocumented, "/cor", "int"),
        ),
        drifts(
            "a required member of a JSON body is absent",
            changed(mudado(), "/request/body", json!({})),
            in_request(Rule::FieldMissing, "/quando", "absent"),
        ),
        drifts(
            "another date in a JSON body",
            changed(mudado(), "/request/body/quando", json!("2018-11-16")),
            in_request(Rule::FormatViolated, "/quando", "text like 9999-99-99"),
        ),
        drifts(
            "JSON where a form is promised",
            with(without(criado(), "/request", "form"), "/request", "body", json!({"titulo": "a"})),
            in_request(Rule::ContentTypeChanged, "", "application/json"),
        ),
        fits(
            "a refused request is not judged",
            changed(
                changed(lido(), "/request/query", json!({})),
                "/response/body",
                json!({"erro": true, "mensagem": "falta lingua"}),
            ),
        ),
    ]
    .into_iter()
    .chain(form_rows())
    .chain(place_rows())
    .collect()
}

fn form_rows() -> Vec<Row> {
    let part =
        |index: usize, part: Value| changed(criado(), &format!("/request/form/{index}"), part);
    let named = |index: usize, name: &str| {
        changed(criado(), &format!("/request/form/{index}/name"), json!(name))
    };
    let file = |name: &str| json!({"name": name, "file": "a.png", "bytes": 3});
    vec![
        fits("a list of files by position", part(4, file("anexos[0]"))),
        fits("a list of one file without brackets", part(4, file("anexos"))),
        fits("a place holder for a file", part(4, json!({"name": "anexos[]", "value": "{anexo}"}))),
        fits("members of a member", {
            let exchange = named(2, "campos[a1][]");
            changed(exchange, "/request/form/3/name", json!("campos[a1][]"))
        }),
        drifts(
            "a file for a text",
            part(0, file("titulo")),
            in_request(Rule::TypeChanged, "/titulo", "file"),
        ),
        drifts(
            "a text for a file",
            part(4, json!({"name": "anexos[]", "value": "abc"})),
            in_request(Rule::FormatViolated, "/anexos/*", "text like aaa"),
        ),
        drifts(
            "a list for a text",
            named(0, "titulo[]"),
            in_request(Rule::TypeChanged, "/titulo", "array"),
        ),
        drifts(
            "a list for an int, by position",
            named(1, "prioridade[0]"),
            in_request(Rule::TypeChanged, "/prioridade", "array"),
        ),
        drifts(
            "an object for a text",
            named(0, "titulo[x]"),
            in_request(Rule::TypeChanged, "/titulo", "object"),
        ),
        drifts(
            "files too large together",
            changed(criado(), "/request/form/4/bytes", json!(1000)),
            in_request(Rule::BoundExceeded, "", "a larger body"),
        ),
        // The texts have nine, one, one and one bytes.
        fits("files just small enough", changed(criado(), "/request/form/4/bytes", json!(988))),
        drifts(
            "a form under another name",
            with(criado(), "/request", "headers", json!({"content-type": "application/json"})),
            in_request(Rule::ContentTypeChanged, "", "application/json"),
        ),
    ]
}

fn place_rows() -> Vec<Row> {
    let unwanted =
        |seen| (Rule::ContentTypeChanged, "request", None, None, "", Severity::Compatible, seen);
    vec![
        drifts(
            "a body where none is promised",
            with(lido(), "/request", "body", json!({"a": 1})),
            unwanted("application/json"),
        ),
        drifts(
            "a form where no body is promised",
            with(lido(), "/request", "form", json!([{"name": "a", "value": "1"}])),
            unwanted("multipart/form-data"),
        ),
        fits("an optional JSON body is absent", {
            let exchange = without(mudado(), "/request", "body");
            with(exchange, "/request", "headers", json!({"content-type": "application/json"}))
        }),
        drifts(
            "a list for a query parameter",
            with(lido(), "/request/query", "pagina[]", json!("1")),
            in_request(Rule::TypeChanged, "/query/pagina", "array"),
        ),
        drifts(
            "a query that is left in the path",
            changed(lido(), "/request/path", json!("/v1/pedido/{token}/12?cor=azul&pagina=1")),
            in_request(Rule::ParamUndocumented, "/query/cor", "parameter"),
        ),
        drifts(
            "the named operation has another method",
            changed(lido(), "/request/method", json!("DELETE")),
            of_named("DELETE /v1/pedido/*/*"),
        ),
        drifts(
            "the named operation has another path",
            changed(lido(), "/request/path", json!("/pedidos/Marina Prado/12")),
            of_named("GET /pedidos/*/*"),
        ),
        fits("HEAD is a GET without body", changed(lido(), "/request/method", json!("HEAD"))),
        fits(
            "a whole URL with a base of its own",
            changed(
                lido(),
                "/request/path",
                json!("https://proxy.acme.example/base/pedido/{token}/12"),
            ),
        ),
        fits("neither method nor path is recorded", {
            let exchange = without(lido(), "/request", "method");
            without(exchange, "/request", "path")
        }),
    ]
}

/// Returns a finding for a request that is named `ler_pedido` but has this method and path.
fn of_named(seen: &'static str) -> Expected {
    in_request(Rule::OperationUnknown, "", seen)
}

/// A waiver is stale only where its place was seen.
#[test]
fn a_request_that_fits_was_seen() {
    let contract = acme::read(&acme_document());
    let rows = [
        (Rule::OperationUnknown, lido(), "ler_pedido", true),
        (Rule::OperationUnknown, lido(), "mudar_pedido", false),
        (Rule::ContentTypeChanged, criado(), "criar_pedido", true),
        (Rule::ContentTypeChanged, without(criado(), "/request", "form"), "criar_pedido", false),
    ];
    for (rule, exchange, operation, expect) in rows {
        let observed = acme::observe(&contract, &[exchange.to_string()]);
        let (operation, at) = (Some(operation.to_owned()), String::new());
        let finding =
            Identity { operation, side: Side::Request, status: None, case: None, at, rule };
        let seen = was_seen(&observed, &finding);
        assert_eq!(seen, expect, "{finding}");
    }
}
