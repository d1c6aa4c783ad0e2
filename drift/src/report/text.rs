//! Turns a report into plain text for a screen, without colours.

use super::causes::{Cause, causes};
use super::texts::{self, filled};
use super::{Report, chances, first_sight, full_name, left_out, operation, printable};
use super::{remedy, standing, whereabouts, write_to};
use crate::compare::OperationCoverage;
use crate::finding::Finding;
use crate::language::{Language, Text};
use crate::rules::Rule;

/// The number of places that are listed of a cause.
const MAX_PLACES: usize = 3;

pub(super) fn as_text(report: &Report) -> String {
    let language = report.language;
    let mut screen = String::new();
    for cause in causes(&report.findings.iter().collect::<Vec<_>>()) {
        block(&mut screen, report, &cause);
    }
    let totals = &report.totals;
    for (word, sentences) in [
        (texts::STALE, &totals.stale),
        (texts::ENDS_SOON, &totals.ending),
        (texts::NOT_JUDGED, &totals.unjudged),
    ] {
        for sentence in sentences {
            let (word, sentence) = (word.of(language), printable(sentence));
            write_to(&mut screen, format_args!("{word}: {sentence}\n"));
        }
    }
    for (word, line) in left_out::lines(&totals.left_out, language) {
        write_to(&mut screen, format_args!("{}: {line}\n", word.of(language)));
    }
    for finding in &report.gone {
        let (word, rule) = (texts::GONE.of(language), finding.rule.name());
        let name = printable(&place(finding, language));
        write_to(&mut screen, format_args!("{word}: {rule} {name}\n"));
    }
    head(&mut screen, report);
    let (word, line) = report.summary(language);
    write_to(&mut screen, format_args!("{word}: {line}\n"));
    screen
}

/// Returns the coverage of each operation, then one line for each gap: a run over a few exchanges
/// has many, and few people want to read them.
pub(super) fn gaps(report: &Report) -> String {
    let language = report.language;
    let mut screen = String::new();
    for covered in &report.totals.covered {
        let OperationCoverage { spec, operation, .. } = covered;
        let name = printable(format!("{spec} {operation}").trim_start());
        write_to(&mut screen, format_args!("{name}: {}\n", covered_in_words(covered, report)));
    }
    if !report.coverage.is_empty() {
        screen.push('\n');
    }
    for gap in &report.coverage {
        let waived = gap.waived.as_ref().map(|_| format!("  {}", texts::WAIVED.of(language)));
        let place = printable(&place(gap, language));
        let never = [&printable(&gap.promised) as &dyn std::fmt::Display, &chances(gap, report)];
        let never = filled(texts::NEVER_IN, language, &never);
        write_to(
            &mut screen,
            format_args!(
                "{:<21}  {place}: {never}{}\n",
                gap.rule.name(),
                waived.unwrap_or_default()
            ),
        );
    }
    screen
}

/// Returns the full name and the whereabouts of a finding.
fn place(finding: &Finding, language: Language) -> String {
    format!("{} {}", full_name(finding, language), whereabouts(finding, language))
}

fn covered_in_words(covered: &OperationCoverage, report: &Report) -> String {
    let language = report.language;
    if covered.exchanges == 0 {
        return texts::NEVER_SEEN_YET.of(language).to_owned();
    }
    let extents = [
        (texts::EXTENT_FIELDS, covered.fields),
        (texts::EXTENT_STATUSES, covered.statuses),
        (texts::EXTENT_CASES, covered.cases),
        (texts::EXTENT_VALUES, covered.values),
    ];
    let extents = extents.into_iter().filter(|(_, extent)| extent.promised > 0);
    let mut words: Vec<String> = extents
        .map(|(text, extent)| filled(text, language, &[&extent.seen, &extent.promised]))
        .collect();
    words.push(report.unit().counted(covered.exchanges, language));
    filled(texts::SEEN_EXTENTS, language, &[&words.join(", ")])
}

/// Writes time and place of the run, its specs, and how it compares with earlier nights.
fn head(screen: &mut String, report: &Report) {
    let specs: Vec<String> = report.specs.iter().map(|spec| spec.in_words()).collect();
    let specs = specs.join(", ");
    let line = |text: Text, content: &str| filled(text, report.language, &[&content]);
    let lines = [
        report.run.as_ref().map(|run| line(texts::RUN, &run.in_a_line())),
        report.run.as_ref().map(|_| line(texts::SPECS, &specs)),
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
    let language = report.language;
    let word = match (&lead.waived, lead.rule) {
        (Some(_), _) => texts::WAIVED,
        (None, Rule::WaiverStale) => texts::STALE,
        (None, _) => texts::DRIFTS,
    };
    let name = match cause.is_shared() {
        true => cause.name(lead, language),
        false => full_name(lead, language),
    };
    let width = width(language);
    write_to(
        screen,
        format_args!(
            "{:<width$}  {:<10}  {}  {}\n",
            word.of(language),
            lead.severity.text().of(language),
            lead.rule.name(),
            printable(&name),
        ),
    );
    let mut lines =
        if cause.is_shared() { shared_lines(cause, lead, language) } else { lines(lead, language) };
    lines.extend(remedies(report, lead));
    for (name, content) in lines {
        let name = name.map(|name| name.of(language)).unwrap_or_default();
        write_to(screen, format_args!("{:width$}  {name:<10}  {}\n", "", printable(&content)));
    }
    screen.push('\n');
}

/// A line about a finding: its name, if it has one, and its content.
type Line = (Option<Text>, String);

/// Returns the width of the verdict before a finding.
fn width(language: Language) -> usize {
    let words = [texts::WAIVED, texts::STALE, texts::DRIFTS].map(|word| word.of(language).len());
    words.into_iter().max().unwrap_or_default()
}

fn lines(finding: &Finding, language: Language) -> Vec<Line> {
    let often = filled(texts::COUNT_OF, language, &[&finding.count, &finding.of]);
    let lines = [
        (texts::WHERE, Some(whereabouts(finding, language))),
        (texts::LINE_PROMISED, Some(finding.promised.clone())),
        (texts::LINE_SEEN, Some(finding.seen.clone())),
        (texts::LINE_HOW_OFTEN, Some(often)),
        (texts::LINE_FIRST, first_sight(finding)),
        (texts::LINE_SINCE, standing::in_words(finding, language)),
        (texts::LINE_REASON, finding.waived.clone()),
    ];
    lines.into_iter().filter_map(|(name, content)| Some((Some(name), content?))).collect()
}

fn shared_lines(cause: &Cause<'_>, lead: &Finding, language: Language) -> Vec<Line> {
    let place = format!("{} {}", lead.side.text().of(language), cause.member(language));
    let lines = [
        (texts::WHERE, Some(place)),
        (texts::LINE_PROMISED, Some(lead.promised.clone())),
        (texts::LINE_SEEN, Some(cause.seen(language))),
        (texts::LINE_HOW_OFTEN, Some(cause.how_often(language))),
        (texts::LINE_FIRST, first_sight(lead)),
        (texts::LINE_SINCE, standing::in_words(lead, language)),
        (texts::LINE_REASON, lead.waived.clone()),
    ];
    let lines = lines.into_iter().filter_map(|(name, content)| Some((Some(name), content?)));
    let mut lines: Vec<Line> = lines.collect();
    for (index, finding) in cause.findings.iter().take(MAX_PLACES).enumerate() {
        let name = (index == 0).then_some(texts::LINE_PLACES);
        let operation = operation(finding, language);
        lines.push((name, format!("{operation} {}", whereabouts(finding, language))));
    }
    let n_more = cause.findings.len().saturating_sub(MAX_PLACES);
    if n_more > 0 {
        lines.push((None, filled(texts::AND_MORE, language, &[&n_more])));
    }
    lines
}

/// Returns what a person can do about a finding that is not waived.
fn remedies(report: &Report, finding: &Finding) -> Vec<Line> {
    if report.run.is_none() || finding.waived.is_some() {
        return Vec::new();
    }
    let (file, _) = remedy::waivers_file(report, finding);
    let waiver = remedy::waiver(report, finding).map(|waiver| waiver.line());
    let place = |_: &String| filled(texts::IN_WAIVERS, report.language, &[&file]);
    let lines = [
        (Some(texts::LINE_EXPLAIN), Some(remedy::explain(finding))),
        (Some(texts::LINE_EDIT), remedy::edit(finding)),
        (Some(texts::LINE_WAIVE), waiver.as_ref().map(place)),
        (None, waiver),
    ];
    lines.into_iter().filter_map(|(name, content)| Some((name, content?))).collect()
}
