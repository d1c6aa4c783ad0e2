//! Tests patterns that give up on a text: the value is not judged, and never fits.

use prumo_drift::{Contract, ContractFile, Report, compare, coverage};
use serde_json::{Value, json};

use crate::acme;

/// A pattern that backtracks without end on [`hostile`].
const SLOW: &str = r"^(a)(?:a|\1)*c";

/// Returns a text on which [`SLOW`] gives up.
fn hostile() -> String {
    format!("{}!", "a".repeat(60))
}

fn slow() -> Value {
    json!({"type": "string", "pattern": SLOW})
}

/// Judges one response that has `body`; returns the places that are not judged.
fn unjudged(schema: &Value, body: &Value) -> (Vec<&'static str>, Vec<String>, String) {
    let contract = acme::read(&acme::answering(schema));
    let observed = acme::observe(&contract, &[acme::answered(body).to_string()]);
    let report = report(&contract, &observed);
    let rules = report.findings.iter().map(|finding| finding.rule.name()).collect();
    let verdict = serde_json::to_value(report.totals.verdict).unwrap();
    (rules, report.totals.unjudged, verdict.as_str().unwrap().to_owned())
}

fn report(contract: &Contract, observed: &Contract) -> Report {
    let (findings, gaps) = (compare(contract, observed), coverage(contract, observed));
    Report::new(findings, gaps, [contract], [observed], 0)
}

/// A situation, its schema and value, and what comes of them.
type Row<'r> = (&'r str, Value, Value, &'r [&'r str], Option<&'r str>);

#[test]
fn a_pattern_that_gives_up_is_not_judged_with_its_place() {
    let object = |schema: Value| json!({"type": "object", "properties": {"a": schema}});
    let whole = "acme ler_coisa response 200: a pattern takes too many steps, 1 of 1, first at acme.ndjson:1 ";
    let rows: [Row<'_>; 11] = [
        ("a body", slow(), json!(hostile()), &[], Some("")),
        ("a member", object(slow()), json!({"a": hostile()}), &[], Some("/a")),
        ("items", json!({"type": "array", "items": slow()}), json!([hostile()]), &[], Some("/*")),
        (
            "entries of a map",
            json!({"type": "object", "additionalProperties": slow()}),
            json!({"um": hostile()}),
            &[],
            Some("/*"),
        ),
        ("what must not fit", json!({"not": slow()}), json!(hostile()), &[], Some("")),
        (
            "a branch beside one that does not fit",
            json!({"oneOf": [slow(), {"type": "string", "maxLength": 1}]}),
            json!(hostile()),
            &[],
            Some(""),
        ),
        (
            "a branch beside the one that fits, of which only one may",
            json!({"oneOf": [{"type": "string", "minLength": 2}, slow()]}),
            json!(hostile()),
            &[],
            Some(""),
        ),
        (
            "a branch beside one that fits, which is enough",
            json!({"anyOf": [slow(), {"type": "string", "minLength": 2}]}),
            json!(hostile()),
            &[],
            None,
        ),
        (
            "two branches that fit are too many, whatever a third does",
            json!({"oneOf": [slow(), {"type": "string"}, {"type": "string", "minLength": 2}]}),
            json!(hostile()),
            &["alternative-ambiguous"],
            None,
        ),
        (
            "another pattern that does not fit",
            json!({"allOf": [slow(), {"type": "string", "pattern": "^b"}]}),
            json!(hostile()),
            &["format-violated"],
            None,
        ),
        ("a text that it can judge", slow(), json!("ac"), &[], None),
    ];
    for (name, schema, body, rules, at) in rows {
        let (found, unjudged, verdict) = unjudged(&schema, &body);
        assert_eq!(found, rules, "case `{name}`");
        let places: Vec<&str> =
            unjudged.iter().map(|place| place.split(':').next().unwrap()).collect();
        let expect = at.map(|at| format!("acme ler_coisa response 200 {at}").trim_end().to_owned());
        assert_eq!(places, Vec::from_iter(expect.as_deref()), "case `{name}`");
        assert_eq!(verdict == "fits", at.is_none() && rules.is_empty(), "case `{name}`");
    }
    let (_, all, _) = unjudged(&slow(), &json!(hostile()));
    assert_eq!(all, [whole.trim_end()]);
}

#[test]
fn what_was_not_judged_is_stable_in_contract_files() {
    let contract = acme::read(&acme::answering(&slow()));
    let exchange = |text: &str| acme::answered(&json!(text)).to_string();
    let shards = [exchange(&hostile()), exchange("ac"), exchange(&hostile())];
    let whole = report(&contract, &acme::observe(&contract, &shards));
    assert_eq!(
        whole.totals.unjudged,
        [
            "acme ler_coisa response 200: a pattern takes too many steps, 2 of 3, first at acme.ndjson:1"
        ]
    );
    let mut joined = ContractFile::default();
    for (line, exchange) in [(3, &shards[2]), (1, &shards[0]), (2, &shards[1])] {
        let observed = acme::observe_from(&contract, std::slice::from_ref(exchange), line);
        let text = ContractFile::new(&[&contract], &[observed], 0).to_json("a").unwrap();
        joined.absorb("a", ContractFile::read("a", text.as_bytes()).unwrap()).unwrap();
    }
    let mut observed = [acme::observe(&contract, &[])];
    joined.pour("a", &[&contract], &mut observed).unwrap();
    assert_eq!(report(&contract, &observed[0]), whole);
}

#[test]
fn parameters_and_headers_that_are_not_judged_have_their_places() {
    let mut document = acme::answering(&json!({"type": "object"}));
    let operation = &mut document["paths"]["/thing/{id}"]["get"];
    operation["parameters"] = json!([
        {"name": "id", "in": "path", "required": true, "schema": slow()},
        {"name": "q", "in": "query", "schema": slow()},
        {"name": "x-a", "in": "header", "schema": slow()}]);
    operation["responses"]["200"]["headers"] = json!({"x-b": {"schema": slow()}});
    let exchange = json!({
        "request": {"method": "GET", "path": format!("/thing/{}?q={}", hostile(), hostile()),
            "headers": {"x-a": hostile()}},
        "response": {"status": 200, "headers": {"content-type": "application/json", "x-b": hostile()}, "body": {}}
    });
    let contract = acme::read(&document);
    let observed = acme::observe(&contract, &[exchange.to_string()]);
    let unjudged = report(&contract, &observed).totals.unjudged;
    let places: Vec<&str> = unjudged.iter().map(|place| place.split(':').next().unwrap()).collect();
    assert_eq!(
        places,
        [
            "acme ler_coisa request /header/x-a",
            "acme ler_coisa request /path/id",
            "acme ler_coisa request /query/q",
            "acme ler_coisa response 200 /header/x-b"
        ]
    );
}
