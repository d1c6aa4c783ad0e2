//! Turns a report into plain text for a screen, without colours.

use super::{
    Report, chances, first_sight, left_out, operation, plural, printable, whereabouts, write_to,
};
use crate::compare::OperationCoverage;
use crate::finding::Finding;
use crate::rules::Rule;

pub(super) fn as_text(report: &Report) -> String {
    let mut screen = String::new();
    for finding in &report.findings {
        block(&mut screen, finding);
    }
    for entry in &report.totals.stale {
        write_to(&mut screen, format_args!("stale: {}\n", printable(entry)));
    }
    for place in &report.totals.unjudged {
        write_to(&mut screen, format_args!("not judged: {}\n", printable(place)));
    }
    for (word, line) in left_out::lines(&report.totals.left_out) {
        write_to(&mut screen, format_args!("{word}: {line}\n"));
    }
    let (word, line) = report.summary();
    write_to(&mut screen, format_args!("{word}: {line}\n"));
    screen
}

/// Returns the coverage of each operation, then one line for each gap: a run over a few exchanges
/// has many, and few people want to read them.
pub(super) fn gaps(report: &Report) -> String {
    let mut screen = String::new();
    for covered in &report.totals.covered {
        let name = printable(&covered.operation);
        write_to(&mut screen, format_args!("{name}: {}\n", covered_in_words(covered)));
    }
    if !report.coverage.is_empty() {
        screen.push('\n');
    }
    for gap in &report.coverage {
        let word = if gap.waived.is_some() { "  waived" } else { "" };
        let place = printable(&format!("{} {}", operation(gap), whereabouts(gap)));
        let promised = printable(&gap.promised);
        let chances = chances(gap);
        write_to(
            &mut screen,
            format_args!(
                "{:<21}  {place}: {promised}, never in {chances}{word}\n",
                gap.rule.name()
            ),
        );
    }
    screen
}

fn covered_in_words(covered: &OperationCoverage) -> String {
    if covered.exchanges == 0 {
        return "never seen".to_owned();
    }
    let extents = [
        ("fields", covered.fields),
        ("statuses", covered.statuses),
        ("cases", covered.cases),
        ("enum values", covered.values),
    ];
    let extents = extents.into_iter().filter(|(_, extent)| extent.promised > 0);
    let mut words: Vec<String> = extents
        .map(|(name, extent)| format!("{} of {} {name}", extent.seen, extent.promised))
        .collect();
    words.push(plural(covered.exchanges, "exchange"));
    format!("seen {}", words.join(", "))
}

fn block(screen: &mut String, finding: &Finding) {
    let word = match (&finding.waived, finding.rule) {
        (Some(_), _) => "waived",
        (None, Rule::WaiverStale) => "stale",
        (None, _) => "drifts",
    };
    write_to(
        screen,
        format_args!(
            "{word:<6}  {:<10}  {}  {}\n",
            finding.severity.name(),
            finding.rule.name(),
            printable(operation(finding)),
        ),
    );
    let lines = [
        ("where", Some(whereabouts(finding))),
        ("promised", Some(finding.promised.clone())),
        ("seen", Some(finding.seen.clone())),
        ("how often", Some(format!("{} of {}", finding.count, finding.of))),
        ("first", first_sight(finding)),
        ("reason", finding.waived.clone()),
    ];
    for (name, content) in lines {
        if let Some(content) = content {
            write_to(screen, format_args!("        {name:<10}  {}\n", printable(&content)));
        }
    }
    screen.push('\n');
}
