//! Tests the formats of the report on the repository's fixtures, and on planted drift.

use prumo_drift::Run;

use super::*;

#[test]
fn the_report_on_all_fixtures_fits_its_schema_and_a_page() {
    let project = Location::default().project().expect("the repository's project");
    let specs = project.spec_files().expect("specs");
    let recorded = Recorded::of_project(&project, &specs).expect("fixtures").expect("fixtures");
    let mut report =
        judge_within(project.root(), &specs, &recorded, &Limits::default(), Baselines::default())
            .expect("a judgement")
            .report;
    let started = "2026-11-30T02:00:00Z".to_owned();
    report.run = Some(Run { started, ..Run::default() });
    assert!(report.totals.exchanges > 100, "{:?}", report.totals.exchanges);

    let schema = fs_err::read_to_string(project.root().join("docs/report.schema.json"));
    let schema = serde_json::from_str(&schema.expect("a schema")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let json = serde_json::from_str(&report.to_json()).expect("JSON");
    let errors: Vec<String> = validator
        .iter_errors(&json)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, Vec::<String>::new());

    let page = report.to_markdown();
    assert!(page.len() < 60_000, "{} bytes", page.len());
    for finding in &report.findings {
        let place = finding.promised_at.as_ref().expect("a place");
        assert!(project.root().join(&place.file).is_file(), "{}", place.file);
    }
    let names: Vec<&str> = FORMATS.iter().filter_map(|format| format.file).collect();
    let expect = ["report.md", "report.json", "report.html", "report.sarif", "report.junit.xml"];
    assert_eq!(names, expect);
}

#[test]
fn a_finding_names_the_line_of_the_spec_and_the_waivers_file() {
    let mut report = judged(&exchange(r#"{"id": "1"}"#), None).report;
    let started = "2026-11-30T02:00:00Z".to_owned();
    report.run = Some(Run { started, ..Run::default() });
    let text = report.to_text();
    let line = SPEC.lines().position(|line| line.contains("id: {type: integer}")).unwrap_or(0) + 1;
    assert!(text.contains(&format!("\n        edit        alfa.yaml:{line}\n")), "{text}");
    assert!(text.contains("or waive    in alfa.waivers.yaml, below `waivers:`\n"), "{text}");
    assert!(text.contains("\nspecs: alfa 1 (alfa.yaml)\n"), "{text}");
}
