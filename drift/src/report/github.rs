//! Turns a report into workflow commands of GitHub Actions, and into a job's summary.

use super::causes::{Cause, causes};
use super::{Report, Verdict, full_name, markdown, remedy, standing, whereabouts, write_to};
use crate::finding::Finding;
use crate::language::Language;
use crate::printable::printable;
use crate::rules::Severity;

/// The limit of a job's summary is 1 MiB.
const MAX_SUMMARY_BYTES: usize = 1_000_000;

pub(super) fn as_job_summary(report: &Report) -> String {
    markdown::within(report, MAX_SUMMARY_BYTES)
}

/// Writes one annotation per cause that is not waived, and one with the verdict. GitHub shows the
/// first ten of each level, so the most severe come first.
pub(super) fn as_annotations(report: &Report) -> String {
    let live: Vec<&Finding> =
        report.findings.iter().filter(|finding| finding.waived.is_none()).collect();
    let mut commands = String::new();
    for cause in causes(&live) {
        annotation(&mut commands, &cause);
    }
    let notes = [
        ("warning", "stale", &report.totals.stale),
        ("error", "not judged", &report.totals.unjudged),
        ("warning", "a waiver ends soon", &report.totals.ending),
    ];
    for (level, title, sentences) in notes {
        for sentence in sentences {
            command(&mut commands, level, &[("title", title)], sentence);
        }
    }
    let (word, line) = report.summary(Language::English);
    let level = match report.totals.verdict {
        Verdict::NotJudged => "error",
        Verdict::Fits | Verdict::Drifts | Verdict::Skipped => "notice",
    };
    command(&mut commands, level, &[("title", "prumo")], &format!("{word}: {line}"));
    commands
}

fn annotation(commands: &mut String, cause: &Cause<'_>) {
    let Some(lead) = cause.lead() else {
        return;
    };
    let level = match lead.severity {
        Severity::Breaking => "error",
        Severity::Risky => "warning",
        Severity::Compatible => "notice",
    };
    let name = if cause.is_shared() {
        cause.name(lead, Language::English)
    } else {
        full_name(lead, Language::English)
    };
    let title = format!("{}: {} {name}", lead.severity.name(), lead.rule.name());
    let mut lines = vec![
        format!("{}: promised {}", whereabouts(lead, Language::English), lead.promised),
        format!("seen {}, {}", cause.seen(Language::English), cause.how_often(Language::English)),
    ];
    lines.extend(standing::in_words(lead, Language::English));
    lines.push(remedy::explain(lead));
    let place = lead
        .promised_at
        .as_ref()
        .map(|place| (place.file.as_str(), place.line.to_string(), place.column.to_string()));
    let mut properties: Vec<(&str, &str)> = Vec::new();
    if let Some((file, line, column)) = &place {
        properties.extend([("file", *file), ("line", line.as_str()), ("col", column.as_str())]);
    }
    properties.push(("title", &title));
    let lines: Vec<String> = lines.iter().map(|line| printable(line)).collect();
    command_of_lines(commands, level, &properties, &lines);
}

fn command(commands: &mut String, level: &str, properties: &[(&str, &str)], message: &str) {
    command_of_lines(commands, level, properties, &[printable(message)]);
}

fn command_of_lines(
    commands: &mut String,
    level: &str,
    properties: &[(&str, &str)],
    lines: &[String],
) {
    let properties: Vec<String> = properties
        .iter()
        .map(|(name, value)| {
            let value = data(&printable(value)).replace(':', "%3A").replace(',', "%2C");
            format!("{name}={value}")
        })
        .collect();
    let (properties, message) = (properties.join(","), data(&lines.join("\n")));
    write_to(commands, format_args!("::{level} {properties}::{message}\n"));
}

/// Escapes a text as the runner decodes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
