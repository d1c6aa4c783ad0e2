//! Tests what a person who is paged reads: what to do, what is new, and never too much.

use jiff::civil::date;
use proptest::prelude::*;

use super::{contract, finding, report};
use crate::compare::FieldCoverage;
use crate::finding::{Finding, SpecPlace, Standing};
use crate::language::Language;
use crate::openapi::read_openapi;
use crate::report::{FORMATS, Night, Report, Run, RunStep, SpecVersion, waiver_of};
use crate::rules::{Rule, Scope, Severity};
use crate::waivers::Waivers;
use prumo_spec::Document;

fn run() -> Run {
    Run {
        started: "2026-11-30T02:00:00Z".to_owned(),
        host: Some("ci-7".to_owned()),
        commit: Some("ff0cdc1b2c3d".to_owned()),
        ..Run::default()
    }
}

fn loja() -> SpecVersion {
    SpecVersion {
        name: "loja".to_owned(),
        version: Some("1.2".to_owned()),
        file: "specs/loja.yaml".to_owned(),
        waivers: vec!["specs/loja.waivers.yaml".to_owned()],
    }
}

/// Returns the report of a night, with everything that a caller can set.
pub(super) fn night() -> Report {
    let mut report = report();
    let place = SpecPlace { file: "specs/loja.yaml".to_owned(), line: 34, column: 9 };
    for finding in &mut report.findings {
        finding.promised_at = Some(place.clone());
    }
    report.run = Some(Run {
        headline: Some("drifts: 2 steps in 1.5 s".to_owned()),
        steps: vec![RunStep {
            name: "lint".to_owned(),
            verdict: "fits".to_owned(),
            said: "1 spec".to_owned(),
            millis: 1500,
        }],
        ..run()
    });
    report.specs = vec![loja()];
    report.nights = vec![Night { date: "2026-11-29".to_owned(), risky: 1, ..Night::default() }];
    report.set_standings(|finding| match finding.rule {
        Rule::TypeChanged => Some((Standing::New, None)),
        _ => Some((Standing::Known, Some("2026-11-27".to_owned()))),
    });
    report.add_gone([Finding {
        since: Some("2026-11-20".to_owned()),
        ..finding(Rule::FieldMissing, Severity::Breaking, "/data/nome")
    }]);
    report
}

#[test]
fn a_finding_says_what_to_do() {
    let text = night().to_text();
    insta::assert_snapshot!(text.split("\n\n").next().unwrap_or_default(), @r#"
    drifts  breaking    type-changed  loja ler_pedido
            where       response 200 erro=false /data/protocolo
            promised    text
            seen        integer
            how often   3 of 17
            first       night.ndjson:4 /data/protocolo
            since       new
            explain     prumo explain type-changed
            edit        specs/loja.yaml:34
            or waive    in specs/loja.waivers.yaml, below `waivers:`
                        - {witness: wire, rule: type-changed, operation: "ler_pedido", side: response, status: 200, case: "erro=false", at: "/data/protocolo", reason: "say here why this is accepted, and until when", date: 2026-11-30, until: 2026-12-30}
    "#);
    let last: Vec<&str> = text.lines().rev().take(5).collect();
    insta::assert_snapshot!(last.into_iter().rev().collect::<Vec<_>>().join("\n"), @r"
    gone: field-missing loja ler_pedido response 200 erro=false /data/nome
    run: 2026-11-30T02:00:00Z, host ci-7, commit ff0cdc1b2c3d
    specs: loja 1.2 (specs/loja.yaml)
    Since the last night: 1 new, 0 worse, 2 known, 1 gone.
    not judged: 3 findings (1 breaking, 2 risky, 0 compatible), 1 waived; 17 exchanges, 2 unreadable; 1 of 2 operations seen, 1 coverage gap
    ");
}

#[test]
fn a_page_starts_with_the_run_and_the_new_breaking_findings() {
    let page = night().to_markdown();
    let start = page.split("\n## Risky").next().unwrap_or_default();
    insta::assert_snapshot!(start, @r#"
    **not judged**: 3 findings (1 breaking, 2 risky, 0 compatible), 1 waived; 17 exchanges, 2 unreadable; 1 of 2 operations seen, 1 coverage gap.

    drifts: 2 steps in 1.5 s

    2026-11-30T02:00:00Z, host ci-7, commit ff0cdc1b2c3d

    Specs: loja 1.2 (specs/loja.yaml).

    Since the last night: 1 new, 0 worse, 2 known, 1 gone.

    | step | verdict | what | took |
    |---|---|---|---|
    | lint | fits | 1 spec | 1.5 s |

    ## Breaking

    | severity | operation | rule | where | promised | seen | how often | first seen | since |
    |---|---|---|---|---|---|---|---|---|
    | breaking | loja ler_pedido | type-changed | response 200 erro=false /data/protocolo | text | integer | 3 of 17 | night.ndjson:4 /data/protocolo | new |

    <details open>
    <summary>What to do: type-changed loja ler_pedido response 200 erro=false /data/protocolo</summary>

    - The client cannot decode the value, unless its format accepts both kinds. Correct the type in the spec and regenerate. `prumo explain type-changed`
    - spec: specs/loja.yaml:34
    - or accept it, below `waivers:` in specs/loja.waivers.yaml:

    ```yaml
      - witness: wire
        rule: type-changed
        operation: "ler_pedido"
        side: response
        status: 200
        case: "erro=false"
        at: "/data/protocolo"
        reason: "say here why this is accepted, and until when"
        date: 2026-11-30
        until: 2026-12-30
    ```

    </details>
    "#);
}

#[test]
fn a_page_lists_gaps_of_operations_that_were_seen() {
    let gap =
        Finding { count: 5, of: 5, ..finding(Rule::FieldNeverSeen, Severity::Compatible, "/a") };
    let unseen = finding(Rule::OperationNeverSeen, Severity::Compatible, "");
    let gaps = vec![gap, unseen.clone(), Finding { operation: None, ..unseen }];
    let report = Report::new(vec![], gaps, [&contract(0)], [&contract(1)], 0);
    let page = report.to_markdown();
    insta::assert_snapshot!(page.split("\n\n").skip(1).collect::<Vec<_>>().join("\n\n"), @r"
    <details>
    <summary>3 coverage gaps</summary>

    2 operations never seen, which `prumo judge --coverage` lists.

    | operation | rule | where | promised | never in | waived |
    |---|---|---|---|---|---|
    | loja ler_pedido | field-never-seen | response 200 erro=false /a | text | 5 objects |  |

    </details>
    ");
}

#[test]
fn a_web_page_has_each_part_in_both_languages() {
    let mut report = night();
    report.totals.covered[1].spec = "loja".to_owned();
    report.fields = [("/data/protocolo", 17), ("/data/id", 3), ("/data/cor", 0), ("/data", 17)]
        .map(|(at, present)| FieldCoverage {
            spec: "loja".to_owned(),
            operation: "ler_pedido".to_owned(),
            at: at.to_owned(),
            present,
            of: 17,
            ..FieldCoverage::default()
        })
        .to_vec();
    let html = FORMATS.iter().find(|format| format.name == "html").unwrap();
    let page = (html.write)(&report);
    let strip = r#"<i class="d"></i><i class="p"></i><i class="n"></i><i class="s"></i>"#;
    for part in [
        strip,
        "<polyline class=\"breaking\" points=\"28.0,132.0 612.0,80.0\"/>",
        "<span class=\"badge new\"><span lang=\"en\">new</span><span lang=\"pt-BR\">novo</span></span>",
        "<code>specs/loja.yaml:34</code>",
        "  - witness: wire\n    rule: type-changed\n    operation: &quot;ler_pedido&quot;\n",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let n_texts = |language: &str| page.matches(&format!("<span lang=\"{language}\">")).count();
    assert!(n_texts("en") > 50);
    assert_eq!(n_texts("en"), n_texts("pt-BR"));
}

#[test]
fn what_changed_comes_first_within_its_severity() {
    let rows = [
        ("/a", Severity::Risky, Some(Standing::New)),
        ("/b", Severity::Breaking, Some(Standing::Known)),
        ("/c", Severity::Breaking, Some(Standing::New)),
        ("/d", Severity::Breaking, Some(Standing::Worse)),
        ("/e", Severity::Breaking, None),
    ];
    let findings = rows.map(|(at, severity, _)| finding(Rule::TypeChanged, severity, at));
    let mut report = Report::new(findings.to_vec(), vec![], [], [&contract(1)], 0);
    report.set_standings(|finding| {
        let (_, _, standing) = rows.iter().find(|(at, ..)| *at == finding.at)?;
        Some(((*standing)?, None))
    });
    let order: Vec<&str> = report.findings.iter().map(|finding| finding.at.as_str()).collect();
    assert_eq!(order, ["/c", "/d", "/b", "/e", "/a"]);
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    assert_eq!(json["findings"][0]["standing"], "new");
    assert_eq!(json["findings"][3].get("standing"), None);
}

#[test]
fn gone_findings_change_no_count_and_no_verdict() {
    let mut report = Report::new(vec![], vec![], [&contract(0)], [&contract(1)], 0);
    report.add_gone([finding(Rule::TypeChanged, Severity::Breaking, "/a")]);
    assert!(!report.is_drifting());
    assert!(report.to_text().contains("\nSince the last night: 0 new, 0 worse, 0 known, 1 gone."));
    assert!(report.to_text().starts_with("gone: type-changed loja ler_pedido response 200"));
}

/// Reads a suggested waiver as a whole file.
fn pasted(waiver: &str) -> Waivers {
    let text = format!("waivers:\n{waiver}");
    let document =
        Document::parse("a.waivers.yaml", &text).unwrap_or_else(|error| panic!("{error}: {text}"));
    Waivers::parse(&document).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_pasted_waiver_silences_the_finding_of_every_rule() {
    let today = date(2026, 11, 30);
    for rule in Rule::ALL {
        let name = rule.name();
        let report = rule.judge_example().unwrap();
        let promised = Document::parse("example.yaml", &rule.row().example.spec()).unwrap();
        let promised = read_openapi(&promised).unwrap();
        for found in report.findings.iter().chain(&report.coverage) {
            let mut found = [Finding { waived: None, ..found.clone() }];
            let Some(waiver) = waiver_of(&found[0], today) else {
                assert_eq!(rule.row().scope, Scope::Waivers, "`{name}` can't be waived");
                continue;
            };
            let waivers = pasted(&waiver);
            assert_eq!(waivers.check_places(&promised), [], "`{name}`: {waiver}");
            waivers.holding(today).apply(&mut found);
            assert!(found[0].waived.is_some(), "`{name}`: {waiver}");
        }
    }
}

#[test]
fn a_waiver_is_pasted_below_others() {
    let waiver =
        waiver_of(&finding(Rule::TypeChanged, Severity::Breaking, "/a"), date(2026, 11, 30));
    let other =
        waiver_of(&finding(Rule::TypeChanged, Severity::Breaking, "/b"), date(2026, 11, 30));
    let both = format!("{}\n{}", waiver.unwrap(), other.unwrap());
    assert_eq!(pasted(&both).iter().count(), 2);
}

proptest! {
    /// A suggested waiver is read and silences its finding, whatever the names are.
    #[test]
    fn any_name_can_be_waived(
        operation in "\\PC{1,20}|[\\x00-\\u{ff}\\u{202e}\\u{e0041}]{1,8}",
        case in any::<Option<String>>(),
        at in "(/\\PC{0,12}){0,3}",
    ) {
        prop_assume!(!operation.trim().is_empty());
        let mut found = [Finding {
            operation: Some(operation),
            case,
            at,
            ..finding(Rule::TypeChanged, Severity::Breaking, "")
        }];
        if let Some(waiver) = waiver_of(&found[0], date(2026, 11, 30)) {
            pasted(&waiver).apply(&mut found);
            prop_assert!(found[0].waived.is_some(), "{}", waiver);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// A page stays below its limit, and says what it leaves out.
    #[test]
    fn a_page_is_never_too_long(
        n_findings in 0..600_usize,
        n_gaps in 0..3000_usize,
        n_notes in 0..300_usize,
        text in "\\PC{0,600}",
        is_compared in any::<bool>(),
        is_shared in any::<bool>(),
    ) {
        let severities = [Severity::Breaking, Severity::Risky, Severity::Compatible];
        let numbered = |number: usize| Finding {
            promised: if is_shared { text.clone() } else { format!("{number}{text}") },
            seen: text.clone(),
            operation: Some(format!("{text}{number}")),
            waived: (number % 7 == 0).then(|| text.clone()),
            ..finding(Rule::FieldMissing, severities[number % 3], &format!("/{number}/a"))
        };
        let gap = |number| Finding {
            operation: Some(text.clone()),
            ..finding(Rule::FieldNeverSeen, Severity::Compatible, &format!("/{number}{text}"))
        };
        let findings = (0..n_findings).map(numbered).collect();
        let gaps: Vec<Finding> = (0..n_gaps).map(gap).collect();
        let mut report = Report::new(findings, gaps, [&contract(0)], [&contract(1)], 0);
        report.run = Some(run());
        report.specs = vec![SpecVersion { file: text.clone(), ..loja() }; 1 + n_notes / 10];
        report.add_stale(vec![text.clone(); n_notes]);
        report.add_gone((0..n_notes).map(numbered).collect::<Vec<_>>());
        if is_compared {
            report.set_standings(|_| Some((Standing::Known, Some(text.clone()))));
        }
        let page = report.to_markdown();
        prop_assert!(page.len() < 60_000, "{} bytes", page.len());
        let says = page.contains("\n_Left out, to keep this page short: ");
        prop_assert!(says || (n_gaps <= 100 && n_notes <= 20 && n_findings < 150));
        let summary = (FORMATS.iter().find(|one| one.name == "github-summary").unwrap().write)(&report);
        prop_assert!(summary.len() < 1 << 20, "{} bytes", summary.len());
        prop_assert_eq!(page.matches("<details").count(), page.matches("</details>").count());
    }
}

/// What the vendor and the spec say stays as it is.
#[test]
fn a_person_reads_the_screen_in_portuguese() {
    let mut report = night();
    report.language = Language::Portuguese;
    let text = report.to_text();
    let first = "desvia      quebra      type-changed  loja ler_pedido
            onde        resposta 200 erro=false /data/protocolo
            prometido   text
            visto       integer
            vezes       3 de 17
            primeiro    night.ndjson:4 /data/protocolo
            desde       novo
            explicar    prumo explain type-changed
            editar      specs/loja.yaml:34
            dispensar   em specs/loja.waivers.yaml, abaixo de `waivers:`
                        - {witness: wire, rule: type-changed, ";
    assert!(text.starts_with(first), "{text}");
    let last = "sumiu: field-missing loja ler_pedido resposta 200 erro=false /data/nome
execução: 2026-11-30T02:00:00Z, host ci-7, commit ff0cdc1b2c3d
especificações: loja 1.2 (specs/loja.yaml)
Desde a última noite: 1 novo, 0 que pioraram, 2 conhecidos, 1 que sumiu.
não julgado: 3 desvios (1 que quebra, 2 arriscados, 0 compatíveis), 1 dispensado; 17 trocas, 2 ilegíveis; \
1 de 2 operações vistas, 1 lacuna de cobertura
";
    assert!(text.ends_with(last), "{text}");
    let gaps = report.coverage_to_text();
    assert!(gaps.contains("criar_pedido: nunca visto\n"), "{gaps}");
    assert!(gaps.contains("text, nunca em 0 trocas"), "{gaps}");
}

#[test]
fn a_report_on_pages_speaks_of_operations_on_pages() {
    for (language, summary, gap) in [
        (Language::English, "; 17 operations on the pages, ", "never in 0 operations on the pages"),
        (Language::Portuguese, "; 17 operações nas páginas, ", "nunca em 0 operações nas páginas"),
    ] {
        let report = Report { language, is_of_pages: true, ..night() };
        for (text, part) in [(report.to_text(), summary), (report.coverage_to_text(), gap)] {
            assert!(text.contains(part), "{text}");
            assert!(!text.contains("exchange") && !text.contains("troca"), "{text}");
        }
    }
}

#[test]
fn a_person_reads_markdown_in_portuguese_and_a_machine_the_same_as_ever() {
    let english = night();
    let mut report = night();
    report.language = Language::Portuguese;
    for format in FORMATS {
        let (one, other) = ((format.write)(&english), (format.write)(&report));
        let is_for_people = ["text", "markdown", "github-summary"].contains(&format.name);
        assert_eq!(one != other, is_for_people, "`{}`", format.name);
    }
    let page = report.to_markdown();
    for line in [
        "| passo | veredito | o quê | levou |",
        "## Quebra",
        "| gravidade | operação | regra | onde | prometido | visto | quantas vezes | visto primeiro | desde |",
        "<summary>O que fazer: type-changed loja ler_pedido resposta 200 erro=false /data/protocolo</summary>",
        "- especificação: specs/loja.yaml:34",
        "- ou aceite, abaixo de `waivers:` em specs/loja.waivers.yaml:",
        "## Sumiram",
        "## Dispensados",
        "<summary>1 lacuna de cobertura</summary>",
        "1 operação nunca vista, que `prumo judge --coverage` lista.",
    ] {
        assert!(page.lines().any(|one| one == line), "{line}\n{page}");
    }
}
