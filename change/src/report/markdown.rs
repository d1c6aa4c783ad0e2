//! Writes a page of Markdown: a table for each severity, the worst first.

use crate::change::{Change, Changes};
use crate::effect::Severity;

/// The most rows of a table; a comment of GitHub has 65,536 characters.
const MAX_ROWS: usize = 100;

pub(super) fn write(changes: &Changes) -> String {
    let mut page = format!("# Changes of the API\n\n{}\n", changes.summary().trim_end());
    for severity in Severity::ALL {
        let rows: Vec<&Change> =
            changes.iter().filter(|change| change.severity() == severity).collect();
        if rows.is_empty() {
            continue;
        }
        page += &format!("\n## {}\n\n", title(severity));
        page += "| rule | place | change | reaches | version |\n|---|---|---|---|---|\n";
        page.extend(rows.iter().take(MAX_ROWS).map(|change| row(change)));
        if rows.len() > MAX_ROWS {
            page += &format!("\n{} more are left out.\n", rows.len() - MAX_ROWS);
        }
    }
    page
}

fn title(severity: Severity) -> &'static str {
    match severity {
        Severity::Breaking => "Breaking",
        Severity::Risky => "Risky",
        Severity::Compatible => "Compatible",
    }
}

fn row(change: &Change) -> String {
    let (rule, semver) = (change.rule.name(), change.semver().name());
    let (place, step, reach) = (cell(&change.place), cell(&change.step()), change.reach());
    format!("| `{rule}` | {place} | {step} | {reach} | {semver} |\n")
}

/// Escapes what Markdown reads as more than text.
pub(super) fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' => {
                safe.extend(['\\', character]);
            }
            '@' => safe.push_str("&#64;"),
            '\n' | '\r' => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}
