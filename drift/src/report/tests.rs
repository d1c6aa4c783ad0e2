mod hostile;
mod people;

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{FORMATS, Report};
use crate::contract::{self, Contract};
use crate::finding::{Finding, Place};
use crate::rules::Rule;
use crate::rules::{Severity, Side};
use crate::shape::Tally;

fn finding(rule: Rule, severity: Severity, at: &str) -> Finding {
    Finding {
        spec: "loja".to_owned(),
        rule,
        severity,
        operation: Some("ler_pedido".to_owned()),
        side: Side::Response,
        status: Some(200),
        case: Some("erro=false".to_owned()),
        at: at.to_owned(),
        promised: "text".to_owned(),
        seen: "integer".to_owned(),
        count: 3,
        of: 17,
        first: Some(Place {
            file: "night.ndjson".to_owned(),
            line: 4,
            pointer: "/data/protocolo".to_owned(),
        }),
        waived: None,
        promised_at: None,
        standing: None,
        since: None,
    }
}

fn contract(n_seen: u64) -> Contract {
    let operation = |count| contract::Operation {
        exchanges: Tally { count, ..Tally::default() },
        ..contract::Operation::default()
    };
    Contract {
        operations: BTreeMap::from([
            ("criar_pedido".to_owned(), operation(0)),
            ("ler_pedido".to_owned(), operation(n_seen)),
        ]),
        exchanges: n_seen,
        ..Contract::default()
    }
}

fn report() -> Report {
    let waived = Finding {
        waived: Some("the page says String".to_owned()),
        ..finding(Rule::FormatViolated, Severity::Risky, "/data/historico/*/data_hora")
    };
    let unknown = Finding {
        operation: None,
        side: Side::Request,
        status: None,
        case: None,
        first: None,
        ..finding(Rule::OperationUnknown, Severity::Risky, "")
    };
    let stale = finding(Rule::WaiverStale, Severity::Risky, "/data/id");
    let breaking = finding(Rule::TypeChanged, Severity::Breaking, "/data/protocolo");
    let gap = Finding {
        operation: Some("criar_pedido".to_owned()),
        count: 0,
        of: 0,
        first: None,
        case: None,
        status: None,
        ..finding(Rule::OperationNeverSeen, Severity::Compatible, "")
    };
    let (promised, observed) = (contract(0), contract(17));
    Report::new(vec![stale, waived, breaking, unknown], vec![gap], [&promised], [&observed], 2)
}

#[test]
fn nothing_found_fits() {
    let report = Report::new(vec![], vec![], [&contract(0)], [&contract(1)], 0);
    assert!(!report.is_drifting());
    insta::assert_snapshot!(report.to_text(), @"fits: 0 findings, 0 waived; 1 exchange, 0 unreadable; 1 of 2 operations seen, 0 coverage gaps");
    insta::assert_snapshot!(report.to_markdown(), @"**fits**: 0 findings, 0 waived; 1 exchange, 0 unreadable; 1 of 2 operations seen, 0 coverage gaps.");
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    insta::assert_snapshot!(json, @r#"{"findings":[],"coverage":[],"totals":{"exchanges":1,"unreadable":0,"operations":{"promised":2,"seen":1},"findings":{"breaking":0,"risky":0,"compatible":0},"waived":0,"coverage":0,"stale":[],"ending":[],"unjudged":[],"covered":[{"spec":"","operation":"criar_pedido","exchanges":0,"statuses":{"seen":0,"promised":0},"cases":{"seen":0,"promised":0},"fields":{"seen":0,"promised":0},"values":{"seen":0,"promised":0}},{"spec":"","operation":"ler_pedido","exchanges":1,"statuses":{"seen":0,"promised":0},"cases":{"seen":0,"promised":0},"fields":{"seen":0,"promised":0},"values":{"seen":0,"promised":0}}],"verdict":"fits"}}"#);
}

#[test]
fn what_a_baseline_has_in_vain_drifts_in_every_form() {
    let mut report = Report::new(vec![], vec![], [&contract(0)], [&contract(1)], 0);
    report.add_stale(["the baseline has a, which is seen no longer".to_owned()]);
    assert!(report.is_drifting());
    insta::assert_snapshot!(report.to_text(), @r"
    stale: the baseline has a, which is seen no longer
    drifts: 0 findings, 1 stale, 0 waived; 1 exchange, 0 unreadable; 1 of 2 operations seen, 0 coverage gaps
    ");
    insta::assert_snapshot!(report.to_markdown(), @r"
    **drifts**: 0 findings, 1 stale, 0 waived; 1 exchange, 0 unreadable; 1 of 2 operations seen, 0 coverage gaps.

    - stale: the baseline has a, which is seen no longer
    ");
    assert!(report.to_json().contains(r#""verdict": "drifts""#));
}

#[test]
fn a_waived_finding_alone_fits() {
    let waived = Finding {
        waived: Some("known".to_owned()),
        ..finding(Rule::TypeChanged, Severity::Breaking, "/data")
    };
    assert!(!Report::new(vec![waived], vec![], [], [], 0).is_drifting());
}

#[test]
fn text_for_a_screen() {
    insta::assert_snapshot!(report().to_text(), @r#"
    drifts  breaking    type-changed  loja ler_pedido
            where       response 200 erro=false /data/protocolo
            promised    text
            seen        integer
            how often   3 of 17
            first       night.ndjson:4 /data/protocolo

    drifts  risky       operation-unknown  loja (no operation)
            where       request
            promised    text
            seen        integer
            how often   3 of 17

    stale   risky       waiver-stale  loja ler_pedido
            where       response 200 erro=false /data/id
            promised    text
            seen        integer
            how often   3 of 17
            first       night.ndjson:4 /data/protocolo

    waived  risky       format-violated  loja ler_pedido
            where       response 200 erro=false /data/historico/*/data_hora
            promised    text
            seen        integer
            how often   3 of 17
            first       night.ndjson:4 /data/protocolo
            reason      the page says String

    not judged: 3 findings (1 breaking, 2 risky, 0 compatible), 1 waived; 17 exchanges, 2 unreadable; 1 of 2 operations seen, 1 coverage gap
    "#);
}

#[test]
fn gaps_for_a_person_who_asks_for_them() {
    insta::assert_snapshot!(report().coverage_to_text(), @r"
    criar_pedido: never seen
    ler_pedido: seen 17 exchanges

    operation-never-seen   loja criar_pedido response: text, never in 0 exchanges
    ");
}

#[test]
fn a_verdict_is_the_same_in_every_form() {
    let drift = || finding(Rule::TypeChanged, Severity::Breaking, "/data");
    let rows = [
        ("fits", vec![], 1, 0),
        ("drifts", vec![drift()], 1, 0),
        ("skipped", vec![], 0, 0),
        ("not judged", vec![], 1, 2),
        // Findings about half of the input are no verdict.
        ("not judged", vec![drift()], 1, 2),
    ];
    for (word, findings, n_exchanges, n_unreadable) in rows {
        let observed = [&contract(n_exchanges)];
        let report = Report::new(findings, vec![], [&contract(0)], observed, n_unreadable);
        let text = report.to_text();
        let last = text.lines().last().unwrap_or_default();
        assert!(last.starts_with(&format!("{word}: ")), "`{word}`: {text}");
        let page = report.to_markdown();
        assert!(page.starts_with(&format!("**{word}**: ")), "`{word}`: {page}");
        let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
        assert_eq!(json["totals"]["verdict"], word.replace(' ', "-"), "`{word}`");
    }
}

#[test]
fn one_cause_at_many_places_is_one_line() {
    let absent = |number: usize| Finding {
        operation: Some(format!("ler_{number}")),
        ..finding(Rule::FieldMissing, Severity::Breaking, &format!("/p{number}/node_id"))
    };
    let two = [0, 1].map(|number| Finding { side: Side::Request, ..absent(number) });
    let other = Finding { spec: "outra".to_owned(), ..absent(0) };
    let findings = (0..5).map(absent).chain(two).chain([other]).collect();
    let report = Report::new(findings, vec![], [], [&contract(17)], 0);
    assert_eq!(report.totals.findings.breaking, 8);
    let text = report.to_text();
    let heads: Vec<&str> = text.lines().filter(|line| line.starts_with("drifts  ")).collect();
    assert_eq!(
        heads,
        [
            "drifts  breaking    field-missing  loja ler_0",
            "drifts  breaking    field-missing  loja: 5 places of 5 operations",
            "drifts  breaking    field-missing  loja ler_1",
            "drifts  breaking    field-missing  outra ler_0",
        ]
    );
    insta::assert_snapshot!(text.split("\n\n").nth(1).unwrap_or_default(), @r"
    drifts  breaking    field-missing  loja: 5 places of 5 operations
            where       response …/node_id
            promised    text
            seen        integer
            how often   15 of 85
            first       night.ndjson:4 /data/protocolo
            places      ler_0 response 200 erro=false /p0/node_id
                        ler_1 response 200 erro=false /p1/node_id
                        ler_2 response 200 erro=false /p2/node_id
                        and 2 more, which `--format markdown` and `json` list
    ");
    let page = report.to_markdown();
    insta::assert_snapshot!(page.split("\n\n").skip(2).collect::<Vec<_>>().join("\n\n"), @r"
    | severity | operation | rule | where | promised | seen | how often | first seen |
    |---|---|---|---|---|---|---|---|
    | breaking | loja ler_0 | field-missing | request 200 erro=false /p0/node_id | text | integer | 3 of 17 | night.ndjson:4 /data/protocolo |
    | breaking | loja: 5 places of 5 operations | field-missing | response …/node_id | text | integer | 15 of 85 | night.ndjson:4 /data/protocolo |
    | breaking | loja ler_1 | field-missing | request 200 erro=false /p1/node_id | text | integer | 3 of 17 | night.ndjson:4 /data/protocolo |
    | breaking | outra ler_0 | field-missing | response 200 erro=false /p0/node_id | text | integer | 3 of 17 | night.ndjson:4 /data/protocolo |

    <details>
    <summary>field-missing …/node_id: 5 places of 5 operations</summary>

    | operation | where | seen | how often | first seen |
    |---|---|---|---|---|
    | ler_0 | response 200 erro=false /p0/node_id | integer | 3 of 17 | night.ndjson:4 /data/protocolo |
    | ler_1 | response 200 erro=false /p1/node_id | integer | 3 of 17 | night.ndjson:4 /data/protocolo |
    | ler_2 | response 200 erro=false /p2/node_id | integer | 3 of 17 | night.ndjson:4 /data/protocolo |
    | ler_3 | response 200 erro=false /p3/node_id | integer | 3 of 17 | night.ndjson:4 /data/protocolo |
    | ler_4 | response 200 erro=false /p4/node_id | integer | 3 of 17 | night.ndjson:4 /data/protocolo |

    </details>
    ");
}

#[test]
fn a_waiver_that_ends_soon_is_announced_and_changes_no_verdict() {
    let mut report = Report::new(vec![], vec![], [&contract(0)], [&contract(1)], 0);
    report.add_ending(["a.yaml:3: the waiver of `x` ends on 2026-11-23, tomorrow".to_owned()]);
    let text = report.to_text();
    assert!(text.starts_with("ends soon: a.yaml:3: the waiver of"), "{text}");
    assert!(text.contains("\nfits: 0 findings"), "{text}");
    let page = report.to_markdown();
    assert!(page.contains("\n- ends soon: a.yaml:3: the waiver of"), "{page}");
}

#[test]
fn what_judges_nothing_is_said() {
    let place = "acme.yaml:3:5: pattern with look-around at `/a|b`".to_owned();
    let promised = Contract { unjudged: vec![place.clone()], ..contract(0) };
    let report = Report::new(vec![], vec![], [&promised], [&contract(1)], 0);
    assert_eq!(report.totals.unjudged, [place]);
    insta::assert_snapshot!(report.to_text(), @r"
    not judged: acme.yaml:3:5: pattern with look-around at `/a|b`
    not judged: 0 findings, 0 waived; 1 exchange, 0 unreadable; 1 of 2 operations seen, 0 coverage gaps
    ");
    insta::assert_snapshot!(report.to_markdown(), @r"
    **not judged**: 0 findings, 0 waived; 1 exchange, 0 unreadable; 1 of 2 operations seen, 0 coverage gaps.

    - not judged: acme.yaml:3:5: pattern with look-around at \`/a\|b\`
    ");
}

#[test]
fn markdown_for_a_person() {
    insta::assert_snapshot!(report().to_markdown(), @r#"
    **not judged**: 3 findings (1 breaking, 2 risky, 0 compatible), 1 waived; 17 exchanges, 2 unreadable; 1 of 2 operations seen, 1 coverage gap.

    ## Breaking

    | severity | operation | rule | where | promised | seen | how often | first seen |
    |---|---|---|---|---|---|---|---|
    | breaking | loja ler_pedido | type-changed | response 200 erro=false /data/protocolo | text | integer | 3 of 17 | night.ndjson:4 /data/protocolo |

    ## Risky

    | severity | operation | rule | where | promised | seen | how often | first seen |
    |---|---|---|---|---|---|---|---|
    | risky | loja (no operation) | operation-unknown | request | text | integer | 3 of 17 |  |
    | risky | loja ler_pedido | waiver-stale | response 200 erro=false /data/id | text | integer | 3 of 17 | night.ndjson:4 /data/protocolo |

    ## Waived

    | operation | rule | where | how often | reason |
    |---|---|---|---|---|
    | loja ler_pedido | format-violated | response 200 erro=false /data/historico/\*/data_hora | 3 of 17 | the page says String |

    <details>
    <summary>1 coverage gap</summary>

    1 operation never seen, which `prumo judge --coverage` lists.


    </details>
    "#);
}

#[test]
fn json_for_a_program() {
    let json = report().to_json();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let names: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(names, ["findings", "coverage", "totals"]);
    let names: Vec<&String> = value["findings"][0].as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "spec",
            "rule",
            "severity",
            "operation",
            "side",
            "status",
            "case",
            "at",
            "promised",
            "seen",
            "count",
            "of",
            "first",
            "waived"
        ]
    );
    insta::assert_snapshot!(value["findings"][3], @r#"{"spec":"loja","rule":"format-violated","severity":"risky","operation":"ler_pedido","side":"response","status":200,"case":"erro=false","at":"/data/historico/*/data_hora","promised":"text","seen":"integer","count":3,"of":17,"first":{"file":"night.ndjson","line":4,"pointer":"/data/protocolo"},"waived":"the page says String"}"#);
    insta::assert_snapshot!(value["totals"], @r#"{"exchanges":17,"unreadable":2,"operations":{"promised":2,"seen":1},"findings":{"breaking":1,"risky":2,"compatible":0},"waived":1,"coverage":1,"stale":[],"ending":[],"unjudged":[],"covered":[{"spec":"","operation":"criar_pedido","exchanges":0,"statuses":{"seen":0,"promised":0},"cases":{"seen":0,"promised":0},"fields":{"seen":0,"promised":0},"values":{"seen":0,"promised":0}},{"spec":"","operation":"ler_pedido","exchanges":17,"statuses":{"seen":0,"promised":0},"cases":{"seen":0,"promised":0},"fields":{"seen":0,"promised":0},"values":{"seen":0,"promised":0}}],"verdict":"not-judged"}"#);
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report());
}

#[test]
fn what_comes_from_outside_is_escaped() {
    let rows = [
        ("a|b", r"a\|b", "a|b"),
        ("`x` *y* _z_", r"\`x\` \*y\* \_z\_", "`x` *y* _z_"),
        ("<img src=x>", "&lt;img src=x&gt;", "<img src=x>"),
        ("[a](https://b.c)", r"\[a\](https&#58;//b.c)", "[a](https://b.c)"),
        ("one\ntwo\r", r"one\\ntwo\\r", r"one\ntwo\r"),
        ("\u{1b}[31m", r"\\u{1b}\[31m", r"\u{1b}[31m"),
        ("a\u{202e}b", r"a\\u{202e}b", r"a\u{202e}b"),
        ("@maria &amp;", "&#64;maria &amp;amp;", "@maria &amp;"),
        ("ação", "ação", "ação"),
    ];
    for (seen, in_markdown, in_text) in rows {
        let finding = Finding {
            seen: seen.to_owned(),
            ..finding(Rule::EnumValueUnknown, Severity::Risky, "/a")
        };
        let report = Report::new(vec![finding], vec![], [], [], 0);
        let markdown = report.to_markdown();
        assert!(markdown.contains(&format!("| {in_markdown} |")), "{seen:?} gives {markdown}");
        let text = report.to_text();
        assert!(text.contains(&format!("seen        {in_text}\n")), "{seen:?} gives {text}");
    }
}

proptest! {
    /// The order of the findings does not change the report.
    #[test]
    fn order_does_not_matter(
        ats in prop::collection::btree_set("/[a-c]{1,3}", 0..6),
        strangers in prop::collection::btree_set("[A-Z]{3} /[a-c]", 0..3),
        seed in any::<prop::sample::Index>(),
    ) {
        let stranger = |seen: String| Finding { seen, ..finding(Rule::OperationUnknown, Severity::Risky, "") };
        let placed = ats.iter().map(|at| finding(Rule::TypeChanged, Severity::Breaking, at));
        let sorted: Vec<Finding> = strangers.into_iter().map(stranger).chain(placed).collect();
        let mut turned = sorted.clone();
        if !turned.is_empty() {
            let by = seed.index(turned.len());
            turned.rotate_left(by);
        }
        let [one, other] = [sorted, turned].map(|findings| Report::new(findings, vec![], [], [], 0));
        for format in FORMATS {
            prop_assert_eq!((format.write)(&one), (format.write)(&other), "{}", format.name);
        }
    }

    /// No text of a vendor changes the rows and columns of a table.
    #[test]
    fn a_table_cannot_be_broken(outside in any::<String>()) {
        let finding = Finding {
            seen: outside.clone(),
            at: outside.clone(),
            waived: Some(outside),
            ..finding(Rule::EnumValueUnknown, Severity::Risky, "")
        };
        let report = Report::new(vec![finding], vec![], [], [], 0);
        let page = report.to_markdown();
        prop_assert_eq!(page.lines().count(), 7);
        let row = page.lines().last().unwrap_or_default().replace("\\\\", "").replace("\\|", "");
        prop_assert_eq!(row.matches('|').count(), 6);
        prop_assert!(!row.contains('<'));
    }
}
