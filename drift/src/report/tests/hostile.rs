//! Tests that names of others break no format.

use super::{FORMATS, finding, people};
use crate::finding::{Finding, Place, SpecPlace};
use crate::printable::is_unprintable;
use crate::report::{Report, Run, RunStep, SpecVersion};
use crate::rules::{Rule, Severity};

/// Names that mean something to a reader of one of the formats.
const NAMES: &[&str] = &[
    "</script><script>alert(1)</script>",
    "--><!-- ]]> <![CDATA[ <!DOCTYPE a [<!ENTITY b \"c\">]>",
    "\"' onload=alert(1) x=\"",
    "&amp; &#0; &unknown; &#x1b;",
    "::error file=a,line=1::b\n::set-output name=a::b",
    "%0A::warning::%25",
    "| a | b |\n|---|\n```\n# c\n</details>",
    "[a](javascript:alert(1)) ![b](https://c.example/d.png) @maria",
    "{0} {{1}} [link](1)",
    "\u{1b}[2J\u{9b}31m\u{7}\u{0}\r\n\t",
    "\u{202e}abc\u{2066}\u{e0041}\u{feff}",
    "\u{fffe}\u{ffff}\u{d7ff}\u{10ffff}",
    "../../etc/passwd C:\\x\\y http://a.example:80/?q#f",
    "- {a: b}: &c *d !!e #f \"g\" 'h' \\",
    "ação 日本 👍",
    "",
];

/// Returns a report in which every text of others is `name`.
fn report(name: &str) -> Report {
    let named = |rule, severity| Finding {
        spec: name.to_owned(),
        operation: Some(name.to_owned()),
        case: Some(name.to_owned()),
        at: format!("/{name}"),
        promised: name.to_owned(),
        seen: name.to_owned(),
        first: Some(Place { file: name.to_owned(), line: 0, pointer: format!("/{name}") }),
        promised_at: Some(SpecPlace { file: name.to_owned(), line: 3, column: 1 }),
        since: Some(name.to_owned()),
        ..finding(rule, severity, "")
    };
    let waived =
        Finding { waived: Some(name.to_owned()), ..named(Rule::FormatViolated, Severity::Risky) };
    let stranger = Finding { operation: None, ..named(Rule::OperationUnknown, Severity::Risky) };
    let findings = vec![named(Rule::TypeChanged, Severity::Breaking), waived, stranger];
    let gap = named(Rule::FieldNeverSeen, Severity::Compatible);
    let mut report = Report::new(findings, vec![gap], [], [], 0);
    report.totals.covered = vec![crate::OperationCoverage {
        spec: name.to_owned(),
        operation: name.to_owned(),
        exchanges: 1,
        ..crate::OperationCoverage::default()
    }];
    report.totals.unjudged = vec![name.to_owned()];
    report.add_stale([name.to_owned()]);
    report.add_ending([name.to_owned()]);
    report.add_gone([named(Rule::FieldMissing, Severity::Breaking)]);
    report.run = Some(Run {
        started: "2026-11-30T02:00:00Z".to_owned(),
        host: Some(name.to_owned()),
        commit: Some(name.to_owned()),
        headline: Some(name.to_owned()),
        steps: vec![RunStep {
            name: name.to_owned(),
            verdict: name.to_owned(),
            said: name.to_owned(),
            millis: 1,
        }],
    });
    let version = Some(name.to_owned());
    let file = name.to_owned();
    report.specs = vec![SpecVersion { name: name.to_owned(), version, file, waivers: vec![] }];
    report.nights = people::night().nights;
    report.fields = vec![crate::FieldCoverage {
        spec: name.to_owned(),
        operation: name.to_owned(),
        at: format!("/{name}"),
        ..crate::FieldCoverage::default()
    }];
    report
}

/// Checks that a text is well-formed XML, and returns the number of its elements.
fn n_elements(name: &str, xml: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut n = 0;
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{name:?}: {error}: {xml}")) {
            quick_xml::events::Event::Eof => return n,
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                n += 1;
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap_or_else(|error| panic!("{name:?}: {error}"));
                    attribute.unescape_value().unwrap_or_else(|error| panic!("{name:?}: {error}"));
                }
            }
            quick_xml::events::Event::DocType(_) | quick_xml::events::Event::CData(_) => {
                panic!("{name:?} is markup: {xml}")
            }
            _ => (),
        }
    }
}

#[test]
fn no_name_moves_a_cursor_in_any_format() {
    for (name, format) in NAMES.iter().flat_map(|name| FORMATS.iter().map(move |one| (name, one))) {
        let text = (format.write)(&report(name));
        let foreign =
            text.chars().find(|&character| is_unprintable(character) && character != '\n');
        assert_eq!(foreign, None, "`{}` of {name:?}", format.name);
    }
}

#[test]
fn no_name_changes_the_structure_of_a_document() {
    let written = |name: &str, format: &str| {
        let format = FORMATS.iter().find(|one| one.name == format).unwrap();
        (format.write)(&report(name))
    };
    let plain = "a";
    let n_tags = |page: &str| page.matches('<').count();
    for name in NAMES {
        let xml = n_elements(name, &written(name, "junit"));
        assert_eq!(xml, n_elements(plain, &written(plain, "junit")), "{name:?}");

        let page = written(name, "html");
        assert_eq!(n_tags(&page), n_tags(&written(plain, "html")), "{name:?}");
        assert_eq!(page.matches("<script>").count(), 1, "{name:?}");

        let commands = written(name, "github");
        assert_eq!(commands.lines().count(), written(plain, "github").lines().count(), "{name:?}");
        let levels = ["::error ", "::warning ", "::notice "];
        let is_command = |line: &str| levels.iter().any(|level| line.starts_with(level));
        assert!(commands.lines().all(is_command), "{name:?}: {commands}");

        for format in ["markdown", "github-summary"] {
            let (page, other) = (written(name, format), written(plain, format));
            let n_folds =
                |page: &str| page.lines().filter(|one| one.starts_with("<details")).count();
            assert_eq!(n_folds(&page), n_folds(&other), "{name:?}: {page}");
            let n_heads = |page: &str| page.lines().filter(|one| one.starts_with("## ")).count();
            assert_eq!(n_heads(&page), n_heads(&other), "{name:?}: {page}");
        }

        for format in ["json", "sarif"] {
            let text = written(name, format);
            let parsed: Result<serde_json::Value, _> = serde_json::from_str(&text);
            assert!(parsed.is_ok(), "{name:?}: {text}");
        }
    }
}

#[test]
fn a_report_is_a_valid_sarif_log() {
    let schema = include_str!("../../../tests-data/sarif-schema-2.1.0.json");
    let mut schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    // This pattern of theirs is no regular expression, and no report has the member.
    for holder in ["run", "toolComponent"] {
        let language = format!("/definitions/{holder}/properties/language");
        let language = schema.pointer_mut(&language).unwrap().as_object_mut().unwrap();
        language.remove("pattern").unwrap();
    }
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let sarif = FORMATS.iter().find(|one| one.name == "sarif").unwrap();
    let reports = NAMES.iter().map(|name| report(name)).chain([people::night(), super::report()]);
    for report in reports {
        let log: serde_json::Value = serde_json::from_str(&(sarif.write)(&report)).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&log)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{log:#}");
        assert_eq!(log["runs"][0]["results"][0]["ruleId"], "type-changed");
    }
    let log: serde_json::Value = serde_json::from_str(&(sarif.write)(&people::night())).unwrap();
    insta::assert_snapshot!(log["runs"][0]["results"][0]["locations"][0]["physicalLocation"], @r#"{"artifactLocation":{"uri":"specs/loja.yaml"},"region":{"startLine":34,"startColumn":9}}"#);
}
