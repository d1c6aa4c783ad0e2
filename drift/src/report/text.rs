//! Turns a report into plain text for a screen; colours are not its business.

use super::{Report, first_sight, operation, printable, whereabouts, write_to};
use crate::finding::Finding;
use crate::rules::Rule;

pub(super) fn screen(report: &Report) -> String {
    let mut screen = String::new();
    for finding in &report.findings {
        block(&mut screen, finding);
    }
    for place in &report.totals.unjudged {
        write_to(&mut screen, format_args!("not judged: {}\n", printable(place)));
    }
    let (word, line) = report.summary();
    write_to(&mut screen, format_args!("{word}: {line}\n"));
    screen
}

/// One line a gap: a run over a few exchanges has many, and few want to read them.
pub(super) fn gaps(report: &Report) -> String {
    let mut screen = String::new();
    for gap in report.coverage.iter().filter(|gap| gap.waived.is_none()) {
        let place = printable(&format!("{} {}", operation(gap), whereabouts(gap)));
        write_to(&mut screen, format_args!("{:<21}  {place}\n", gap.rule.name()));
    }
    screen
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
