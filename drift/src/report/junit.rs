//! Turns a report into JUnit XML, which CI systems list as tests.
//!
//! A spec is a suite, and an operation that was seen without a finding is a passed test. A finding
//! is a failed test, or a skipped one if it is waived. What could not be judged is an error.

use super::{Report, Verdict, full_name, remedy, standing, whereabouts, write_to};
use crate::finding::Finding;
use crate::language::Language;
use crate::printable::printable;

/// The name of the suite about the run itself.
const RUN: &str = "prumo";

/// The results that a suite counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    Skipped,
    Error,
}

/// A test of a suite.
struct Case {
    outcome: Outcome,
    xml: String,
}

/// The tests of one spec, or of the run.
struct Suite {
    name: String,
    cases: Vec<Case>,
}

pub(super) fn as_junit(report: &Report) -> String {
    let suites = suites(report);
    let cases = || suites.iter().flat_map(|suite| &suite.cases);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    write_to(&mut xml, format_args!("<testsuites name=\"prumo\"{}>\n", counts(cases())));
    for suite in &suites {
        write_to(
            &mut xml,
            format_args!(
                "  <testsuite name=\"{}\"{}{}>\n",
                escaped(&suite.name),
                counts(suite.cases.iter()),
                place(report)
            ),
        );
        suite.cases.iter().for_each(|case| xml += &case.xml);
        xml += "  </testsuite>\n";
    }
    xml + "</testsuites>\n"
}

/// Returns the suite of the run, then that of each spec by name.
fn suites(report: &Report) -> Vec<Suite> {
    let covered = report.totals.covered.iter().map(|covered| covered.spec.as_str());
    let found = report.findings.iter().map(|finding| finding.spec.as_str());
    let mut specs: Vec<&str> = covered.chain(found).collect();
    specs.sort_unstable();
    specs.dedup();
    let of_spec = |spec: &str| Suite {
        name: if spec.is_empty() { "spec".to_owned() } else { spec.to_owned() },
        cases: of_spec(report, spec),
    };
    let run = Suite { name: RUN.to_owned(), cases: of_run(report) };
    [run].into_iter().chain(specs.into_iter().map(of_spec)).collect()
}

/// Returns the tests about the run: its verdict, its steps, and what is stale or not judged.
fn of_run(report: &Report) -> Vec<Case> {
    let (word, line) = report.summary(Language::English);
    let outcome = match report.totals.verdict {
        Verdict::NotJudged => Outcome::Error,
        Verdict::Skipped => Outcome::Skipped,
        // The findings are tests of their own.
        Verdict::Fits | Verdict::Drifts => Outcome::Passed,
    };
    let mut cases = vec![case(RUN, "verdict", outcome, word, &format!("{word}: {line}"), "")];
    for step in report.run.iter().flat_map(|run| &run.steps) {
        let outcome = match step.verdict.as_str() {
            "fits" | "fresh" => Outcome::Passed,
            "skipped" => Outcome::Skipped,
            "not judged" => Outcome::Error,
            _ => Outcome::Failed,
        };
        cases.push(case(RUN, &step.name, outcome, &step.verdict, &step.said, ""));
    }
    for entry in &report.totals.stale {
        cases.push(case(RUN, entry, Outcome::Failed, "stale", entry, ""));
    }
    for place in &report.totals.unjudged {
        cases.push(case(RUN, place, Outcome::Error, "not judged", place, ""));
    }
    cases
}

/// Returns a test for each operation without a live finding, and one for each finding.
fn of_spec(report: &Report, spec: &str) -> Vec<Case> {
    let findings: Vec<&Finding> =
        report.findings.iter().filter(|finding| finding.spec == spec).collect();
    let is_failed = |operation: &str| {
        findings.iter().any(|finding| {
            finding.waived.is_none() && finding.operation.as_deref() == Some(operation)
        })
    };
    let covered = report.totals.covered.iter().filter(|covered| covered.spec == spec);
    let whole = covered.filter(|covered| !is_failed(&covered.operation)).map(|covered| {
        let class = format!("{spec} {}", covered.operation);
        match covered.exchanges {
            0 => case(&class, "fits", Outcome::Skipped, "skipped", "never seen", ""),
            _ => case(&class, "fits", Outcome::Passed, "fits", "", ""),
        }
    });
    whole.chain(findings.iter().map(|finding| of_finding(report, finding))).collect()
}

fn of_finding(report: &Report, finding: &Finding) -> Case {
    let Finding { promised, seen, count, of, severity, .. } = finding;
    let class = full_name(finding, Language::English);
    let name = format!("{} {}", finding.rule.name(), whereabouts(finding, Language::English));
    let message = match &finding.waived {
        Some(reason) => format!("waived: {reason}"),
        None => format!("promised {promised}; seen {seen}, {count} of {of}"),
    };
    let outcome = if finding.waived.is_some() { Outcome::Skipped } else { Outcome::Failed };
    let waiver = remedy::waiver(report, finding).map(|waiver| {
        let (file, _) = remedy::waivers_file(report, finding);
        format!("waiver for {file}: {}", waiver.line())
    });
    let lines = [
        Some(finding.rule.row().advice.en.to_owned()),
        Some(remedy::explain(finding)),
        standing::in_words(finding, Language::English)
            .map(|standing| format!("standing: {standing}")),
        super::first_sight(finding).map(|first| format!("first: {first}")),
        remedy::edit(finding).map(|edit| format!("spec: {edit}")),
        waiver,
    ];
    let lines: Vec<String> = lines.into_iter().flatten().map(|line| escaped(&line)).collect();
    case(&class, &name, outcome, severity.name(), &message, &lines.join("\n"))
}

/// Returns a test; `details` is XML already.
fn case(
    class: &str,
    name: &str,
    outcome: Outcome,
    kind: &str,
    message: &str,
    details: &str,
) -> Case {
    let mut xml = format!(
        "    <testcase classname=\"{}\" name=\"{}\" time=\"0\"",
        escaped(class),
        escaped(name)
    );
    let message = escaped(message);
    match outcome {
        Outcome::Passed => xml += "/>\n",
        Outcome::Skipped => {
            write_to(&mut xml, format_args!("><skipped message=\"{message}\"/></testcase>\n"));
        }
        Outcome::Failed | Outcome::Error => {
            let tag = if outcome == Outcome::Failed { "failure" } else { "error" };
            write_to(
                &mut xml,
                format_args!(
                    "><{tag} type=\"{}\" message=\"{message}\">{details}</{tag}></testcase>\n",
                    escaped(kind)
                ),
            );
        }
    }
    Case { outcome, xml }
}

fn counts<'c>(cases: impl Iterator<Item = &'c Case> + Clone) -> String {
    let n = |outcome: Outcome| cases.clone().filter(|case| case.outcome == outcome).count();
    format!(
        " tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\"",
        cases.clone().count(),
        n(Outcome::Failed),
        n(Outcome::Error),
        n(Outcome::Skipped),
    )
}

/// Returns time and host as attributes. The time has no zone, as its readers expect.
fn place(report: &Report) -> String {
    let Some(run) = &report.run else {
        return String::new();
    };
    let mut attributes = String::new();
    if let Ok(started) = run.started.parse::<jiff::Timestamp>() {
        let started = started.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S");
        write_to(&mut attributes, format_args!(" timestamp=\"{started}\""));
    }
    if let Some(host) = &run.host {
        write_to(&mut attributes, format_args!(" hostname=\"{}\"", escaped(host)));
    }
    attributes
}

/// Escapes a text for an attribute or an element.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            // XML has no way to write these.
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            _ => safe.push(character),
        }
    }
    safe
}
