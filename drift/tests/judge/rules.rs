//! Tests that each rule fires where it should, and only there.
//!
//! Each rule has at least two rows: the same exchange, with and without the fault.

use std::collections::BTreeSet;

use prumo_drift::{Rule, Severity, compare};
use serde_json::{Value, json};

use crate::orders::{
    Row, acme_document, changed, drifts, fits, in_answer, lido, of_answer, with, without,
};
use crate::{acme, headers, requests, severity};

fn answer_rows() -> Vec<Row> {
    use Severity::{Breaking, Compatible, Risky};
    let data = "/response/body/data";
    vec![
        fits("a clean answer", lido()),
        drifts(
            "an unknown member",
            with(lido(), data, "novo", json!("x")),
            in_answer(Rule::FieldUndocumented, "/data/novo", Compatible, "text"),
        ),
        fits("an optional member may be absent", without(lido(), data, "total")),
        drifts(
            "a required member is absent",
            without(lido(), data, "id"),
            in_answer(Rule::FieldMissing, "/data/id", Breaking, "absent"),
        ),
        drifts(
            "the payload is absent",
            without(lido(), "/response/body", "data"),
            in_answer(Rule::FieldMissing, "/data", Breaking, "absent"),
        ),
        drifts(
            "a member of an item is absent",
            changed(lido(), "/response/body/data/linhas/1", json!({})),
            in_answer(Rule::FieldMissing, "/data/linhas/*/codigo", Breaking, "absent"),
        ),
        drifts(
            "an int comes as text",
            changed(lido(), "/response/body/data/id", json!("12")),
            in_answer(Rule::TypeChanged, "/data/id", Breaking, "text that looks like an int (99)"),
        ),
        drifts(
            "an int comes with a fraction",
            changed(lido(), "/response/body/data/id", json!(12.5)),
            in_answer(Rule::TypeChanged, "/data/id", Breaking, "number"),
        ),
        drifts(
            "an object comes as text",
            changed(lido(), data, json!("Ana 7")),
            in_answer(Rule::TypeChanged, "/data", Breaking, "text (Aaa 9)"),
        ),
        drifts(
            "an object comes as an empty list",
            changed(lido(), data, json!([])),
            in_answer(Rule::TypeChanged, "/data", Breaking, "empty array"),
        ),
        drifts(
            "a list comes as an object",
            changed(lido(), "/response/body/data/linhas", json!({"0": {}})),
            in_answer(Rule::TypeChanged, "/data/linhas", Breaking, "object"),
        ),
        drifts(
            "the client reads a number in a text",
            changed(lido(), "/response/body/data/total", json!("69.9")),
            in_answer(
                Rule::TypeChanged,
                "/data/total",
                Compatible,
                "text that looks like a number (99.9)",
            ),
        ),
        drifts(
            "the client keeps a text that is no number",
            changed(lido(), "/response/body/data/total", json!("R$ 69")),
            in_answer(Rule::TypeChanged, "/data/total", Risky, "text (A$ 99)"),
        ),
        fits(
            "null where it is allowed",
            changed(lido(), "/response/body/data/aberto", Value::Null),
        ),
        drifts(
            "null where it is not",
            changed(lido(), "/response/body/data/id", Value::Null),
            in_answer(Rule::NullUnexpected, "/data/id", Breaking, "null"),
        ),
        fits("another value of the enum", changed(lido(), "/response/body/data/tipo", json!("E"))),
        drifts(
            "a value outside the enum",
            changed(lido(), "/response/body/data/tipo", json!("Externo")),
            in_answer(Rule::EnumValueUnknown, "/data/tipo", Risky, "Externo"),
        ),
        drifts(
            "another layout of a date",
            changed(lido(), "/response/body/data/aberto", json!("2023-11-02 20:18:00")),
            in_answer(
                Rule::FormatViolated,
                "/data/aberto",
                Breaking,
                "text like 9999-99-99 99:99:99",
            ),
        ),
        drifts(
            "no day of any calendar",
            changed(lido(), "/response/body/data/aberto", json!("31/02/2023 20:18")),
            in_answer(Rule::FormatViolated, "/data/aberto", Breaking, "text like 99/99/9999 99:99"),
        ),
        drifts(
            "a text off its pattern",
            changed(lido(), "/response/body/data/linhas/0/codigo", json!("AB1")),
            in_answer(Rule::FormatViolated, "/data/linhas/*/codigo", Risky, "text like AA9"),
        ),
        fits(
            "as many items as allowed",
            changed(
                lido(),
                "/response/body/data/linhas",
                json!([{"codigo": "ab1"}, {"codigo": "ab1"}, {"codigo": "ab1"}]),
            ),
        ),
        drifts(
            "one item too many",
            changed(
                lido(),
                "/response/body/data/linhas",
                json!([{"codigo": "ab1"}, {"codigo": "ab1"}, {"codigo": "ab1"}, {"codigo": "ab1"}]),
            ),
            in_answer(Rule::BoundExceeded, "/data/linhas", Risky, "4 items"),
        ),
        fits("the other alternative fits", with(lido(), data, "desconto", json!(-1))),
        drifts(
            "two alternatives fit where one may",
            with(lido(), data, "desconto", json!(7)),
            in_answer(
                Rule::AlternativeAmbiguous,
                "/data/desconto",
                Compatible,
                "a value that fits alternatives 1 (int) and 2 (number)",
            ),
        ),
    ]
}

fn outer_rows() -> Vec<Row> {
    use Severity::{Breaking, Compatible, Risky};
    let erro = json!({"erro": true, "mensagem": "não existe"});
    let refused = || {
        changed(
            changed(lido(), "/response/body", json!({"erro": true, "mensagem": "não"})),
            "/response/status",
            json!(403),
        )
    };
    let page = |status: u16, kind: &str| {
        let exchange = changed(lido(), "/response/status", json!(status));
        let exchange = changed(exchange, "/response/headers/content-type", json!(kind));
        with(
            changed(exchange, "/response/body", Value::Null),
            "/response",
            "text",
            json!("<html>calma</html>"),
        )
    };
    vec![
        fits("a failure inside 200", changed(lido(), "/response/body", erro)),
        fits("a failure with a status in the promised range", refused()),
        drifts(
            "a status that is not named",
            changed(refused(), "/response/status", json!(503)),
            of_answer(Rule::StatusUndocumented, 503, "", Compatible, "503"),
        ),
        drifts(
            "a success that is not named",
            changed(lido(), "/response/status", json!(206)),
            of_answer(Rule::StatusUndocumented, 206, "", Risky, "206"),
        ),
        fits("a page where a page is promised", page(429, "text/html; charset=utf-8")),
        drifts(
            "a page where JSON is promised",
            page(200, "text/html"),
            of_answer(Rule::ContentTypeChanged, 200, "", Breaking, "text/html"),
        ),
        drifts(
            "JSON under another name",
            changed(lido(), "/response/headers/content-type", json!("text/html")),
            of_answer(Rule::ContentTypeChanged, 200, "", Risky, "text/html"),
        ),
        fits("no content type recorded", without(lido(), "/response/headers", "content-type")),
        drifts(
            "a page that says it is JSON",
            page(200, "application/json"),
            of_answer(Rule::BodyUnreadable, 200, "", Breaking, "a page of markup"),
        ),
        drifts(
            "JSON cut short",
            changed(page(200, "application/json"), "/response/text", json!("{\"erro\": fal")),
            of_answer(Rule::BodyUnreadable, 200, "", Breaking, "JSON that stops in the middle"),
        ),
        drifts(
            "JSON behind a byte order mark",
            changed(
                page(200, "application/json"),
                "/response/text",
                json!("\u{feff}{\"erro\": true, \"mensagem\": \"x\"}"),
            ),
            of_answer(Rule::BodyUnreadable, 200, "", Risky, "JSON behind a byte order mark"),
        ),
        drifts(
            "nothing at all",
            changed(page(200, "application/json"), "/response/text", json!("")),
            of_answer(Rule::BodyUnreadable, 200, "", Breaking, "an empty body"),
        ),
        fits(
            "JSON recorded as text",
            changed(
                page(200, "application/json"),
                "/response/text",
                json!("{\"erro\": true, \"mensagem\": \"x\"}"),
            ),
        ),
        drifts(
            "success with a failing status",
            changed(lido(), "/response/status", json!(400)),
            of_answer(
                Rule::EnvelopeContradiction,
                400,
                "/erro",
                Breaking,
                "`erro` is false with status 400",
            ),
        ),
        drifts(
            "a sentence is no evidence of a failure",
            changed(lido(), "/response/body", json!({"erro": false, "mensagem": "não existe"})),
            in_answer(Rule::FieldMissing, "/data", Breaking, "absent"),
        ),
        drifts(
            "failure with the members of a success",
            without(
                changed(lido(), "/response/body/erro", json!(true)),
                "/response/body",
                "mensagem",
            ),
            (
                Rule::EnvelopeContradiction,
                "response",
                Some(200),
                Some("erro=true"),
                "/erro",
                Breaking,
                "the members of erro=false",
            ),
        ),
        drifts(
            "only the tag is turned",
            changed(lido(), "/response/body/erro", json!(true)),
            (
                Rule::EnvelopeContradiction,
                "response",
                Some(200),
                Some("erro=true"),
                "/erro",
                Breaking,
                "the members of erro=false",
            ),
        ),
        drifts(
            "a failure with an empty payload",
            changed(lido(), "/response/body", json!({"erro": true, "mensagem": "x", "data": []})),
            (
                Rule::FieldUndocumented,
                "response",
                Some(200),
                Some("erro=true"),
                "/data",
                Compatible,
                "empty array",
            ),
        ),
        drifts(
            "a broken failure with an empty payload",
            changed(lido(), "/response/body", json!({"erro": true, "mensagem": null, "data": []})),
            (
                Rule::EnvelopeContradiction,
                "response",
                Some(200),
                Some("erro=true"),
                "/erro",
                Breaking,
                "the members of erro=false",
            ),
        ),
        drifts(
            "a tag of another kind",
            changed(lido(), "/response/body/erro", json!("false")),
            of_answer(Rule::TypeChanged, 200, "/erro", Breaking, "text (aaaaa)"),
        ),
        drifts(
            "a tag that is null",
            changed(lido(), "/response/body/erro", Value::Null),
            of_answer(Rule::NullUnexpected, 200, "/erro", Breaking, "null"),
        ),
        drifts(
            "no tag",
            without(lido(), "/response/body", "erro"),
            of_answer(Rule::FieldMissing, 200, "/erro", Breaking, "absent"),
        ),
        fits("the tag comes last", {
            let exchange = without(lido(), "/response/body", "erro");
            with(exchange, "/response/body", "erro", json!(false))
        }),
    ]
}

fn all_rows() -> impl Iterator<Item = Row> {
    let rows = [answer_rows(), outer_rows(), severity::rows(), requests::rows(), headers::rows()];
    rows.into_iter().flatten()
}

#[test]
fn rows() {
    let contract = acme::read(&acme_document());
    for Row { name, exchange, expect } in all_rows() {
        let observed = acme::observe(&contract, &[exchange.to_string()]);
        let findings = compare(&contract, &observed);
        let got: Vec<_> = findings
            .iter()
            .map(|f| {
                (
                    f.rule,
                    f.side.name(),
                    f.status,
                    f.case.as_deref(),
                    f.at.as_str(),
                    f.severity,
                    f.seen.as_str(),
                )
            })
            .collect();
        assert_eq!(got, expect, "case `{name}`: {exchange}");
    }
}

#[test]
fn every_rule_has_a_row() {
    let mut fired: BTreeSet<Rule> =
        all_rows().flat_map(|row| row.expect).map(|expected| expected.0).collect();
    // These have other tests: below, in `coverage` and `paging`, and beside the waivers.
    fired.extend([
        Rule::PagingContradiction,
        Rule::OperationUnknown,
        Rule::OperationNeverSeen,
        Rule::StatusNeverSeen,
        Rule::FieldNeverSeen,
        Rule::CaseNeverSeen,
        Rule::EnumValueNeverSeen,
        Rule::WaiverStale,
    ]);
    assert_eq!(fired.into_iter().collect::<Vec<_>>(), Rule::ALL);
}

#[test]
fn an_unknown_operation_is_named_without_its_secret() {
    let contract = acme::read(&acme_document());
    let cases = [
        (
            "an unknown path",
            changed(
                without(lido(), "", "operation"),
                "/request/path",
                json!("/pedido/s3cr3t/12/linhas"),
            ),
            None,
            "GET /pedido/*/*/linhas",
        ),
        (
            "an unknown method",
            changed(without(lido(), "", "operation"), "/request/method", json!("DELETE")),
            None,
            "DELETE /a9/pedido/*/*",
        ),
        (
            "an unknown name",
            changed(lido(), "/operation", json!("apagar_pedido")),
            Some("apagar_pedido"),
            "apagar_pedido",
        ),
    ];
    for (name, exchange, operation, seen) in cases {
        let findings = compare(&contract, &acme::observe(&contract, &[exchange.to_string()]));
        let got: Vec<_> =
            findings.iter().map(|f| (f.rule, f.operation.as_deref(), f.seen.as_str())).collect();
        let seen = seen.replace("/a9/", "/v1/");
        assert_eq!(got, [(Rule::OperationUnknown, operation, seen.as_str())], "case `{name}`");
    }
}

#[test]
fn findings_are_counted_and_carry_the_first_place() {
    let contract = acme::read(&acme_document());
    let exchanges = [
        lido().to_string(),
        changed(lido(), "/response/body/data/linhas/1/codigo", json!("ZZ9")).to_string(),
        changed(
            lido(),
            "/response/body/data/linhas",
            json!([{"codigo": "Q"}, {"codigo": "ab1"}, {"codigo": "RRR"}]),
        )
        .to_string(),
    ];
    let findings = compare(&contract, &acme::observe(&contract, &exchanges));
    let [finding] = findings.as_slice() else {
        panic!("{findings:?}");
    };
    assert_eq!((finding.count, finding.of), (3, 7));
    let first = finding.first.as_ref().unwrap();
    assert_eq!(
        (first.file.as_str(), first.line, first.pointer.as_str()),
        ("acme.ndjson", 2, "/data/linhas/1/codigo")
    );
    assert_eq!(finding.seen, "text like A, AA9, AAA");
    assert_eq!(finding.promised, "text like ^[a-z]{2}\\d$");
}
