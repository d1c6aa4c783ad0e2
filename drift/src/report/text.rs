//! Turns a report into plain text for a screen, without colours.

use super::causes::{Cause, causes};
use super::{Report, chances, first_sight, full_name, left_out, operation, plural, printable};
use super::{remedy, standing, whereabouts, write_to};
use crate::compare::OperationCoverage;
use crate::finding::Finding;
use crate::rules::Rule;

/// The number of places that are listed of a cause.
const MAX_PLACES: usize = 3;

pub(super) fn as_text(report: &Report) -> String {
    let mut screen = String::new();
    for cause in causes(&report.findings.iter().collect::<Vec<_>>()) {
        block(&mut screen, report, &cause);
    }
    for entry in &report.totals.stale {
        write_to(&mut screen, format_args!("stale: {}\n", printable(entry)));
    }
    for waiver in &report.totals.ending {
        write_to(&mut screen, format_args!("ends soon: {}\n", printable(waiver)));
    }
    for place in &report.totals.unjudged {
        write_to(&mut screen, format_args!("not judged: {}\n", printable(place)));
    }
    for (word, line) in left_out::lines(&report.totals.left_out) {
        write_to(&mut screen, format_args!("{word}: {line}\n"));
    }
    for finding in &report.gone {
        let name = printable(&format!("{} {}", full_name(finding), whereabouts(finding)));
        write_to(&mut screen, format_args!("gone: {} {name}\n", finding.rule.name()));
    }
    head(&mut screen, report);
    let (word, line) = report.summary();
    write_to(&mut screen, format_args!("{word}: {line}\n"));
    screen
}

/// Returns the coverage of each operation, then one line for each gap: a run over a few exchanges
/// has many, and few people want to read them.
pub(super) fn gaps(report: &Report) -> String {
    let mut screen = String::new();
    for covered in &report.totals.covered {
        let OperationCoverage { spec, operation, .. } = covered;
        let name = printable(format!("{spec} {operation}").trim_start());
        write_to(&mut screen, format_args!("{name}: {}\n", covered_in_words(covered)));
    }
    if !report.coverage.is_empty() {
        screen.push('\n');
    }
    for gap in &report.coverage {
        let word = if gap.waived.is_some() { "  waived" } else { "" };
        let place = printable(&format!("{} {}", full_name(gap), whereabouts(gap)));
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

/// Writes time and place of the run, its specs, and how it compares with earlier nights.
fn head(screen: &mut String, report: &Report) {
    let specs: Vec<String> = report.specs.iter().map(|spec| spec.in_words()).collect();
    let lines = [
        report.run.as_ref().map(|run| format!("run: {}", run.in_a_line())),
        report.run.as_ref().map(|_| format!("specs: {}", specs.join(", "))),
        standing::summary(report),
    ];
    for line in lines.iter().flatten() {
        write_to(screen, format_args!("{}\n", printable(line)));
    }
}

fn block(screen: &mut String, report: &Report, cause: &Cause<'_>) {
    let Some(lead) = cause.lead() else {
        return;
    };
    let word = match (&lead.waived, lead.rule) {
        (Some(_), _) => "waived",
        (None, Rule::WaiverStale) => "stale",
        (None, _) => "drifts",
    };
    let name = match cause.is_shared() {
        true => cause.name(lead),
        false => full_name(lead),
    };
    write_to(
        screen,
        format_args!(
            "{word:<6}  {:<10}  {}  {}\n",
            lead.severity.name(),
            lead.rule.name(),
            printable(&name),
        ),
    );
    let mut lines = if cause.is_shared() { shared_lines(cause, lead) } else { lines(lead) };
    lines.extend(remedies(report, lead));
    for (name, content) in lines {
        write_to(screen, format_args!("        {name:<10}  {}\n", printable(&content)));
    }
    screen.push('\n');
}

fn lines(finding: &Finding) -> Vec<(&'static str, String)> {
    let lines = [
        ("where", Some(whereabouts(finding))),
        ("promised", Some(finding.promised.clone())),
        ("seen", Some(finding.seen.clone())),
        ("how often", Some(format!("{} of {}", finding.count, finding.of))),
        ("first", first_sight(finding)),
        ("since", standing::in_words(finding)),
        ("reason", finding.waived.clone()),
    ];
    lines.into_iter().filter_map(|(name, content)| Some((name, content?))).collect()
}

fn shared_lines(cause: &Cause<'_>, lead: &Finding) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("where", format!("{} {}", lead.side.name(), cause.member())),
        ("promised", lead.promised.clone()),
        ("seen", cause.seen()),
        ("how often", cause.how_often()),
    ];
    lines.extend(first_sight(lead).map(|first| ("first", first)));
    lines.extend(standing::in_words(lead).map(|since| ("since", since)));
    lines.extend(lead.waived.clone().map(|reason| ("reason", reason)));
    for (index, finding) in cause.findings.iter().take(MAX_PLACES).enumerate() {
        let name = if index == 0 { "places" } else { "" };
        lines.push((name, format!("{} {}", operation(finding), whereabouts(finding))));
    }
    let n_more = cause.findings.len().saturating_sub(MAX_PLACES);
    if n_more > 0 {
        lines.push(("", format!("and {n_more} more, which `--format markdown` and `json` list")));
    }
    lines
}

/// Returns what a person can do about a finding that is not waived.
fn remedies(report: &Report, finding: &Finding) -> Vec<(&'static str, String)> {
    if report.run.is_none() || finding.waived.is_some() {
        return Vec::new();
    }
    let (file, _) = remedy::waivers_file(report, finding);
    let waiver = remedy::waiver(report, finding).map(|waiver| waiver.line());
    let lines = [
        ("explain", Some(remedy::explain(finding))),
        ("edit", remedy::edit(finding)),
        ("or waive", waiver.as_ref().map(|_| format!("in {file}, below `waivers:`"))),
        ("", waiver),
    ];
    lines.into_iter().filter_map(|(name, content)| Some((name, content?))).collect()
}
