use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{Waivers, Witness};
use crate::compare::coverage;
use crate::contract::Contract;
use crate::exchange::read_exchange;
use crate::finding::Finding;
use crate::observe::{Observation, Origin};
use crate::openapi::read_openapi;
use crate::report::Report;
use crate::rules::Rule;
use crate::rules::{Severity, Side};
use prumo_spec::document::Document;

const TODAY: Date = date(2026, 11, 22);

/// The finding about a waiver that was over yesterday.
const WORN: &str = "its last day was 2026-11-21, so it silences nothing";

const GOOD: &str = "
waivers:
  - witness: wire
    rule: type-changed
    operation: ler_pedido
    side: response
    status: 200
    case: erro=false
    at: /data/protocolo
    reason: every captured ticket carries an int
    date: 2026-11-22
    until: 2027-11-22
";

fn waivers(text: &str) -> Waivers {
    let document = Document::parse("a.waivers.yaml", text).unwrap();
    Waivers::parse(&document).unwrap()
}

fn complaint(text: &str) -> String {
    let document = Document::parse("a.waivers.yaml", text).unwrap();
    Waivers::parse(&document).unwrap_err().to_string()
}

fn finding(at: &str) -> Finding {
    Finding {
        spec: "a".to_owned(),
        rule: Rule::TypeChanged,
        severity: Severity::Breaking,
        operation: Some("ler_pedido".to_owned()),
        side: Side::Response,
        status: Some(200),
        case: Some("erro=false".to_owned()),
        at: at.to_owned(),
        promised: "string".to_owned(),
        seen: "integer".to_owned(),
        count: 1,
        of: 1,
        first: None,
        waived: None,
        promised_at: None,
        standing: None,
        since: None,
    }
}

#[test]
fn a_waiver_is_read_with_its_place() {
    let waivers = waivers(GOOD);
    let [waiver] = waivers.iter().collect::<Vec<_>>()[..] else { panic!("one waiver") };
    assert_eq!(waiver.witness, Witness::Wire);
    assert_eq!(waiver.finding.rule, Rule::TypeChanged);
    assert_eq!(waiver.finding.side, Side::Response);
    assert_eq!(waiver.finding.status, Some(200));
    assert_eq!(waiver.until, Some(date(2027, 11, 22)));
    assert_eq!((waiver.position.line, waiver.position.column), (3, 5));
}

#[test]
fn a_file_without_waivers_is_fine() {
    for text in ["", "# none yet\n", "waivers:\n", "waivers: []\n"] {
        assert_eq!(waivers(text).iter().count(), 0, "text {text:?}");
    }
}

#[test]
fn a_fault_says_what_belongs_in_its_place() {
    let rows = [
        (GOOD.replace("status: 200", "statuses: 200"), "one of `witness rule operation side"),
        (
            GOOD.replace("rule: type-changed", "rule: type-change"),
            "`docs/rules.md` lists the rules",
        ),
    ];
    for (text, expect) in rows {
        let document = Document::parse("a.waivers.yaml", &text).expect("YAML");
        let error = Waivers::parse(&document).expect_err("a fault");
        assert!(error.hint().is_some_and(|hint| hint.starts_with(expect)), "{error}");
    }
}

#[test]
fn every_fault_names_file_line_and_column() {
    let with = |line: &str, other: &str| GOOD.replace(line, other);
    let rows = [
        ("[]".to_owned(), "1:1: `waivers` is not a list under its name"),
        ("{}".to_owned(), "1:1: `waivers` is missing"),
        ("waivers: {}".to_owned(), "1:1: `waivers` is not a list"),
        ("waivers: [x]".to_owned(), "1:11: `waivers` is not a list of mappings"),
        ("waivers: []\nwaiver: []".to_owned(), "2:1: unknown key `waiver`"),
        (with("status: 200", "statuses: 200"), "7:5: unknown key `statuses`"),
        (with("witness: wire", "witness: wires"), "3:5: `witness` is not `docs` or `wire`"),
        (
            with("rule: type-changed", "rule: type-change"),
            "4:5: `rule` is not a rule that can be waived",
        ),
        (
            with("rule: type-changed", "rule: waiver-stale"),
            "4:5: `rule` is not a rule that can be waived",
        ),
        (with("operation: ler_pedido", "operation: ''"), "5:5: `operation` is not an operationId"),
        (with("side: response", "side: answer"), "6:5: `side` is not `request` or `response`"),
        (with("status: 200", "status: '200'"), "7:5: `status` is not a status, 100 to 999"),
        (with("status: 200", "status: 65736"), "7:5: `status` is not a status, 100 to 999"),
        (with("case: erro=false", "case: 1"), "8:5: `case` is not a case, such as `erro=false`"),
        (with("at: /data", "at: data"), "9:5: `at` is not a JSON Pointer that starts with `/`"),
        (
            with("    reason: every captured ticket carries an int\n", ""),
            "3:5: `reason` is missing",
        ),
        (with("every captured ticket carries an int", "' '"), "10:5: `reason` is not a reason"),
        (
            with("date: 2026-11-22\n", "date: 2026-02-30\n"),
            "11:5: `date` is not a date, YYYY-MM-DD",
        ),
        (
            with("date: 2026-11-22\n", "date: '20261122'\n"),
            "11:5: `date` is not a date, YYYY-MM-DD",
        ),
        (with("until: 2027-11-22", "until: soon"), "12:5: `until` is not a date, YYYY-MM-DD"),
        (with("until: 2027-11-22", "until: 2025-11-22"), "12:5: `until` is before `date`"),
        (
            format!("{GOOD}{}", GOOD.replace("\nwaivers:\n", "")),
            "13:5: the same waiver is at a.waivers.yaml:3",
        ),
    ];
    for (text, expect) in rows {
        assert_eq!(complaint(&text), format!("a.waivers.yaml:{expect}"), "text {text}");
    }
}

#[test]
fn apply_silences_what_the_waiver_names_and_nothing_else() {
    let reason = Some("every captured ticket carries an int".to_owned());
    let base = || finding("/data/protocolo");
    let other_status = Finding { status: Some(201), ..base() };
    let other_case = Finding { case: Some("erro=true".to_owned()), ..base() };
    let rows: Vec<(&str, String, Finding, bool)> = vec![
        ("the same", GOOD.to_owned(), base(), true),
        ("another place", GOOD.to_owned(), finding("/data/id"), false),
        ("another rule", GOOD.to_owned(), Finding { rule: Rule::FieldMissing, ..base() }, false),
        (
            "another operation",
            GOOD.to_owned(),
            Finding { operation: Some("x".to_owned()), ..base() },
            false,
        ),
        ("no operation", GOOD.to_owned(), Finding { operation: None, ..base() }, false),
        ("another side", GOOD.to_owned(), Finding { side: Side::Request, ..base() }, false),
        ("another status", GOOD.to_owned(), other_status.clone(), false),
        ("any status", GOOD.replace("    status: 200\n", ""), other_status, true),
        ("another case", GOOD.to_owned(), other_case.clone(), false),
        ("any case", GOOD.replace("    case: erro=false\n", ""), other_case, true),
        ("the other witness", GOOD.replace("wire", "docs"), base(), false),
    ];
    for (name, text, found, is_waived) in rows {
        let mut findings = [found];
        waivers(&text).apply(&mut findings);
        assert_eq!(findings[0].waived, reason.clone().filter(|_| is_waived), "case `{name}`");
    }
}

#[test]
fn a_waiver_holds_through_its_last_day() {
    let rows = [("2026-11-21", false), ("2026-11-22", true), ("2027-11-22", true)];
    for (until, is_waived) in rows {
        let text = GOOD.replace("2026-11-22", "2026-01-01").replace("2027-11-22", until);
        let mut findings = [finding("/data/protocolo")];
        waivers(&text).holding(TODAY).apply(&mut findings);
        assert_eq!(findings[0].waived.is_some(), is_waived, "until {until}");
    }
    let endless = GOOD.replace("    until: 2027-11-22\n", "");
    assert_eq!(waivers(&endless).holding(TODAY).iter().count(), 1);
}

#[test]
fn a_waiver_that_ends_within_two_weeks_is_announced() {
    let rows = [
        ("2026-11-21", None),
        ("2026-11-22", Some("2026-11-22, today")),
        ("2026-11-23", Some("2026-11-23, tomorrow")),
        ("2026-12-06", Some("2026-12-06, in 14 days")),
        ("2026-12-07", None),
        ("9999-12-31", None),
    ];
    for (until, expect) in rows {
        let text = GOOD.replace("2026-11-22", "2026-01-01").replace("2027-11-22", until);
        let waiver = "`type-changed ler_pedido response 200 erro=false /data/protocolo`";
        let expect: Vec<String> = expect
            .map(|end| format!("a.waivers.yaml:3: the waiver of {waiver} ends on {end}"))
            .into_iter()
            .collect();
        assert_eq!(waivers(&text).ending(TODAY), expect, "until {until}");
    }
}

const SPEC: &str = "
openapi: 3.0.3
info: {title: a, version: '1'}
paths:
  /chamado/{id}:
    post:
      operationId: ler_pedido
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: tags, in: query, schema: {type: array, items: {type: integer}}}
      requestBody:
        content: {multipart/form-data: {schema: {type: object, properties: {campos: {type: string}}}}}
      responses:
        '200':
          description: a
          headers:
            X-Restam: {required: true, schema: {type: integer}}
            X-Par: {schema: {type: object, properties: {r: {type: integer}}}}
          content:
            application/json:
              schema:
                oneOf: [{$ref: '#/components/schemas/Success'}, {$ref: '#/components/schemas/Failure'}]
components:
  schemas:
    Success:
      type: object
      required: [erro]
      properties: {erro: {type: boolean, enum: [false]}, data: {$ref: '#/components/schemas/Data'}}
    Failure: {type: object, required: [erro], properties: {erro: {type: boolean, enum: [true]}}}
    Data:
      type: object
      properties:
        protocolo: {type: string}
        historico: {type: array, items: {$ref: '#/components/schemas/Data'}}
        extras: {type: object}
";

fn contract() -> Contract {
    read_openapi(&Document::parse("a.yaml", SPEC).unwrap()).unwrap()
}

/// Observes one response.
fn observed(body: &str) -> Contract {
    let promised = contract();
    let text = format!(
        r#"{{"operation": "ler_pedido", "request": {{"method": "POST", "path": "/chamado/7"}},
        "response": {{"status": 200, "headers": {{"content-type": "application/json"}}, "body": {body}}}}}"#
    );
    let mut observation = Observation::new(&[&promised]);
    observation.observe(&read_exchange(text.as_bytes()).unwrap(), &Origin { file: "a", line: 1 });
    observation.finish().remove(0)
}

/// A gap in the coverage can be waived like any finding.
#[test]
fn gaps_in_the_coverage_are_waived() {
    let text = GOOD.replace("type-changed", "field-never-seen");
    let promised = contract();
    let mut gaps = coverage(&promised, &observed(r#"{"erro": false, "data": {}}"#));
    waivers(&text).apply(&mut gaps);
    let waived: Vec<&str> =
        gaps.iter().filter(|gap| gap.waived.is_some()).map(|gap| gap.at.as_str()).collect();
    assert_eq!(waived, ["/data/protocolo"]);
    let report = Report::new(vec![], gaps, [&promised], [&promised], 0);
    // `historico` and `extras`, two headers, and the case of the failure.
    assert_eq!(report.totals.coverage, 5);
}

#[test]
fn a_place_that_nobody_promised_is_told() {
    let waiver = |side: &str, rule: &str, at: &str| {
        GOOD.replace("response", side).replace("type-changed", rule).replace("/data/protocolo", at)
    };
    let on_request = |rule: &str, at: &str| {
        waiver("request", rule, at).replace("    status: 200\n    case: erro=false\n", "")
    };
    // A header belongs to no case.
    let header =
        |rule: &str, at: &str| waiver("response", rule, at).replace("    case: erro=false\n", "");
    let rows: Vec<(String, &str)> = vec![
        (GOOD.to_owned(), ""),
        (GOOD.replace("wire", "docs"), ""),
        (waiver("response", "type-changed", "/data/historico/*/protocolo"), ""),
        (waiver("response", "type-changed", "/data/historico/*/historico/*"), ""),
        (waiver("response", "type-changed", "/data/extras/any/thing"), ""),
        (waiver("response", "type-changed", "''"), ""),
        (waiver("response", "field-undocumented", "/data/novo"), ""),
        (GOOD.replace("    case: erro=false\n", ""), ""),
        (on_request("param-missing", "/path/id"), ""),
        (on_request("type-changed", "/query/tags/*"), ""),
        (on_request("type-changed", "/query/tags/a"), "nothing is promised at `/query/tags/a`"),
        (header("header-missing", "/header/x-restam"), ""),
        (header("type-changed", "/header/x-par/r"), ""),
        (header("field-undocumented", "/header/x-par/novo"), ""),
        (
            header("type-changed", "/header/x-par/novo"),
            "nothing is promised at `/header/x-par/novo`",
        ),
        (header("header-missing", "/header/x-rest"), "nothing is promised at `/header/x-rest`"),
        (
            waiver("response", "header-missing", "/header/x-restam"),
            "nothing is promised at `/header/x-restam`",
        ),
        (on_request("type-changed", "/campos"), ""),
        (on_request("param-undocumented", "/query/novo"), ""),
        (waiver("response", "status-undocumented", "''").replace("200", "500"), ""),
        (GOOD.replace("ler_pedido", "ler"), "no operation `ler` in the spec"),
        (GOOD.replace("200", "404"), "no status 404 in the spec's operation"),
        (GOOD.replace("erro=false", "erro=maybe"), "no case `erro=maybe` in the spec's operation"),
        (
            waiver("response", "type-changed", "/data/protocol"),
            "nothing is promised at `/data/protocol`",
        ),
        (
            waiver("response", "type-changed", "/data/protocolo/a"),
            "nothing is promised at `/data/protocolo/a`",
        ),
        (
            waiver("response", "type-changed", "/data/historico/0"),
            "nothing is promised at `/data/historico/0`",
        ),
        (
            waiver("response", "field-undocumented", "/date/novo"),
            "nothing is promised at `/date/novo`",
        ),
        (on_request("type-changed", "/campo"), "nothing is promised at `/campo`"),
    ];
    for (text, expect) in rows {
        let errors = waivers(&text).check_places(&contract());
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let expect: Vec<String> = Some(expect)
            .filter(|e| !e.is_empty())
            .map(|e| format!("a.waivers.yaml:3:5: {e}"))
            .into_iter()
            .collect();
        assert_eq!(told, expect, "text {text}");
    }
}

#[test]
fn a_waiver_wears_out_when_its_place_fits_or_its_time_is_over() {
    let matching = [finding("/data/protocolo")];
    let fits = "the place was seen and fits";
    let answer = || observed(r#"{"erro": false, "data": {"protocolo": "320"}}"#);
    let without = || observed(r#"{"erro": false, "data": {}}"#);
    let good = || GOOD.to_owned();
    let today = good().replace("2027-11-22", "2026-11-22");
    let over = good().replace("2026-11-22", "2026-01-01").replace("2027-11-22", "2026-11-21");
    let docs_over = over.replace("wire", "docs");
    let whole = |rule: &str| GOOD.replace("type-changed", rule).replace("/data/protocolo", "''");
    let every_case = whole("type-changed").replace("    case: erro=false\n", "");
    let rows: Vec<(&str, String, Contract, &[Finding], &str)> = vec![
        ("it still silences", good(), answer(), &matching, ""),
        ("the place fits", good(), answer(), &[], fits),
        ("the place did not come", good(), without(), &[], ""),
        ("another case came", good(), observed(r#"{"erro": true}"#), &[], ""),
        ("nothing was seen", good(), Contract::default(), &[], ""),
        ("the last day is today", today, answer(), &matching, ""),
        ("the last day is over", over, answer(), &matching, WORN),
        ("the other witness", good().replace("wire", "docs"), answer(), &[], ""),
        ("the other witness, over", docs_over, answer(), &[], WORN),
        ("the case as a whole fits", whole("type-changed"), answer(), &[], fits),
        (
            "the case as a whole did not come",
            whole("type-changed"),
            observed(r#"{"erro": true}"#),
            &[],
            "",
        ),
        ("every case, as a whole", every_case, observed(r#"{"erro": true}"#), &[], fits),
        ("the status came", whole("status-never-seen"), answer(), &[], fits),
        (
            "another status came",
            whole("status-never-seen").replace("200", "201"),
            answer(),
            &[],
            "",
        ),
        ("the operation came", whole("operation-never-seen"), answer(), &[], fits),
        ("the operation did not come", whole("operation-never-seen"), Contract::default(), &[], ""),
        ("the case came", whole("case-never-seen"), answer(), &[], fits),
        ("the field came", good().replace("type-changed", "field-never-seen"), answer(), &[], fits),
        (
            "the field did not come",
            good().replace("type-changed", "field-never-seen"),
            without(),
            &[],
            "",
        ),
    ];
    for (name, text, observed, findings, expect) in rows {
        let stale = waivers(&text).stale(&observed, findings, TODAY);
        let seen: Vec<&str> = stale.iter().map(|finding| finding.seen.as_str()).collect();
        let expect: Vec<&str> = Some(expect).filter(|e| !e.is_empty()).into_iter().collect();
        assert_eq!(seen, expect, "case `{name}`");
        for finding in stale {
            let first = finding.first.unwrap();
            assert_eq!((first.file.as_str(), first.line), ("a.waivers.yaml", 3), "case `{name}`");
            assert_eq!(finding.rule, Rule::WaiverStale);
        }
    }
}

proptest! {
    /// No text makes the reader panic, whether or not it resembles a waivers file.
    #[test]
    fn any_text_is_a_waivers_file_or_an_error(
        noise in ".{0,60}",
        from in 0..GOOD.len(),
        to in 0..GOOD.len(),
    ) {
        let near = format!("{}{noise}{}", &GOOD[..from], &GOOD[to..]);
        for text in [noise, near] {
            if let Ok(document) = Document::parse("a.yaml", &text) {
                let _ = Waivers::parse(&document).map_err(|error| error.to_string());
            }
        }
    }
}
