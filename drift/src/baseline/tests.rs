use proptest::prelude::*;

use super::Baseline;
use crate::contract::{self, Contract};
use crate::finding::{Finding, Place};
use crate::rules::Rule;
use crate::rules::{Severity, Side};
use crate::shape::Tally;
use prumo_spec::document::Document;

fn finding(rule: Rule, at: &str) -> Finding {
    Finding {
        spec: "acme".to_owned(),
        rule,
        severity: Severity::Risky,
        operation: Some("ler_pedido".to_owned()),
        side: Side::Response,
        status: Some(200),
        case: Some("erro=false".to_owned()),
        at: at.to_owned(),
        promised: "one of I, E".to_owned(),
        seen: "segredo".to_owned(),
        count: 3,
        of: 17,
        first: Some(Place { file: "night.ndjson".to_owned(), line: 4, pointer: at.to_owned() }),
        waived: None,
        promised_at: None,
        standing: None,
        since: None,
    }
}

fn stranger(request: &str) -> Finding {
    Finding {
        operation: None,
        side: Side::Request,
        status: None,
        case: None,
        seen: request.to_owned(),
        ..finding(Rule::OperationUnknown, "")
    }
}

fn baseline() -> Baseline {
    let mut baseline = Baseline::default();
    let waived =
        Finding { waived: Some("known".to_owned()), ..finding(Rule::FieldMissing, "/data/id") };
    let findings = [
        finding(Rule::EnumValueUnknown, "/data/tipo"),
        waived,
        stranger("GET /outra"),
        finding(Rule::WaiverStale, "/data/x"),
        finding(Rule::EnumValueUnknown, "/data/a"),
    ];
    baseline.add("acme", &findings);
    baseline
}

fn parsed(text: &str) -> Result<Baseline, String> {
    let document = Document::parse("b.json", text).map_err(|error| error.to_string())?;
    Baseline::parse(&document).map_err(|error| error.to_string())
}

#[test]
fn a_file_has_one_sorted_line_for_each_finding_that_nobody_waived() {
    let text = baseline().to_json();
    insta::assert_snapshot!(text, @r#"
    {
      "prumo-baseline": 1,
      "entries": 3,
      "findings": [
        {"spec":"acme","side":"request","at":"","rule":"operation-unknown","request":"GET /outra","severity":"risky"},
        {"spec":"acme","operation":"ler_pedido","side":"response","status":200,"case":"erro=false","at":"/data/a","rule":"enum-value-unknown","severity":"risky"},
        {"spec":"acme","operation":"ler_pedido","side":"response","status":200,"case":"erro=false","at":"/data/tipo","rule":"enum-value-unknown","severity":"risky"}
      ]
    }
    "#);
    assert_eq!(parsed(&text), Ok(baseline()));
    let with_path = text.replace("\"acme\"", "\"specs/acme.yaml\"");
    assert_eq!(parsed(&with_path), Ok(baseline()), "as earlier programs wrote it");
    assert_eq!(parsed(&Baseline::default().to_json()), Ok(Baseline::default()));
}

#[test]
fn what_was_there_before_is_waived_and_what_is_worse_is_new() {
    let known = || finding(Rule::EnumValueUnknown, "/data/tipo");
    let rows = [
        ("the same", known(), true),
        (
            "another value, more often",
            Finding { seen: "outro".to_owned(), count: 9, ..known() },
            true,
        ),
        ("less grave", Finding { severity: Severity::Compatible, ..known() }, true),
        ("graver", Finding { severity: Severity::Breaking, ..known() }, false),
        ("another rule", Finding { rule: Rule::TypeChanged, ..known() }, false),
        ("another place", finding(Rule::EnumValueUnknown, "/data/tipos"), false),
        ("another status", Finding { status: Some(201), ..known() }, false),
        ("another case", Finding { case: None, ..known() }, false),
        ("another operation", Finding { operation: Some("x".to_owned()), ..known() }, false),
        ("the request", Finding { side: Side::Request, ..known() }, false),
        ("the same stranger", stranger("GET /outra"), true),
        ("another stranger", stranger("GET /nova"), false),
        ("a waiver that has worn out", finding(Rule::WaiverStale, "/data/x"), false),
    ];
    for (name, finding, is_waived) in rows {
        let mut findings = [finding];
        baseline().apply("acme", &mut findings);
        let expect = is_waived.then(|| "baseline".to_owned());
        assert_eq!(findings[0].waived, expect, "case `{name}`");
        let mut findings = [Finding { waived: None, ..findings[0].clone() }];
        baseline().apply("other", &mut findings);
        assert_eq!(findings[0].waived, None, "case `{name}` of another spec");
    }
}

#[test]
fn an_entry_for_many_endpoints_takes_each_of_them() {
    let mut before = Baseline::default();
    before.add("acme", &[stranger("POST /v1/…")]);
    let rows = [
        ("POST /v1/nova/*", true),
        ("POST /v1/…", true),
        ("POST /…", false),
        ("POST /v2/nova", false),
        ("GET /v1/nova", false),
    ];
    for (request, is_known) in rows {
        let mut findings = [stranger(request)];
        before.apply("acme", &mut findings);
        assert_eq!(findings[0].waived.is_some(), is_known, "{request}");
        let gone = before.gone("acme", &Contract::default(), &[stranger(request)]);
        assert!(!is_known || gone.is_empty(), "{request}");
    }
}

#[test]
fn the_reason_of_a_waiver_stays() {
    let mut findings = [Finding {
        waived: Some("known".to_owned()),
        ..finding(Rule::EnumValueUnknown, "/data/tipo")
    }];
    baseline().apply("acme", &mut findings);
    assert_eq!(findings[0].waived.as_deref(), Some("known"));
}

#[test]
fn what_is_gone_is_told_where_it_could_have_come() {
    let mut before = Baseline::default();
    let status = Finding { case: None, ..finding(Rule::StatusUndocumented, "") };
    before.add("acme.yaml", std::slice::from_ref(&status));
    let seen = contract::Operation {
        exchanges: Tally { count: 1, first: None },
        ..contract::Operation::default()
    };
    let mut observed = Contract::default();
    let gone = |observed: &Contract, findings: &[Finding]| -> Vec<String> {
        before.gone("acme.yaml", observed, findings).iter().map(ToString::to_string).collect()
    };
    assert_eq!(gone(&observed, &[]), Vec::<String>::new(), "the operation did not come");
    observed.operations.insert("ler_pedido".to_owned(), seen);
    assert_eq!(gone(&observed, &[]), ["status-undocumented ler_pedido response 200 in acme.yaml"]);
    assert_eq!(gone(&observed, &[status]), Vec::<String>::new(), "it still drifts");
}

#[test]
fn every_fault_names_file_line_and_column() {
    let good = baseline().to_json();
    let with = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replacen(from, to, 1)
    };
    let twice = good.lines().nth(5).map(|line| with(line, &format!("{line}\n{line}"))).unwrap();
    let rows = [
        ("[]".to_owned(), "1:1: not a baseline"),
        ("findings: []".to_owned(), "1:1: not a baseline"),
        (with(": 1,", ": 2,"), "2:3: a baseline of version 2, this program reads version 1"),
        (with(": 1,", ": \"1\","), "2:3: a baseline has no such value"),
        (with("\"entries\": 3", "\"entries\": 4"), "3:3: `entries` says 4, but there are 3"),
        (with("\"entries\"", "\"entires\""), "3:3: a baseline has no such value"),
        (with("\"findings\": [", "\"findings\": [7, "), "4:16: a baseline has no such value"),
        (with("operation-unknown", "operation-new"), "5:5: a baseline has no such value"),
        (
            with("\"severity\":\"risky\"", "\"severity\":\"bad\""),
            "5:5: a baseline has no such value",
        ),
        (with("\"status\":200", "\"status\":\"200\""), "6:5: a baseline has no such value"),
        (with("\"status\":200", "\"stats\":200"), "6:5: a baseline has no such value"),
        (twice, "7:5: the same entry appears twice"),
    ];
    for (text, expect) in rows {
        assert_eq!(parsed(&text), Err(format!("b.json:{expect}")), "{text}");
    }
}

proptest! {
    /// No text makes the reader panic, whether or not it resembles a baseline.
    #[test]
    fn any_text_is_a_baseline_or_an_error(noise in ".{0,60}", from in 0..600_usize, to in 0..600_usize) {
        let good = baseline().to_json();
        let (from, to) = (from.min(good.len()), to.min(good.len()));
        let near = format!("{}{noise}{}", &good[..from], &good[to..]);
        for text in [noise, near] {
            let _ = parsed(&text);
        }
    }
}
