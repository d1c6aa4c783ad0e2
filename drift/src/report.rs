//! Turns findings into a report: JSON for programs, Markdown and text for people.
//!
//! A form of the report is one row of [`FORMATS`], from which `prumo judge` takes its choices, and
//! one file that writes it.
//!
//! Invariants:
//!
//! * The same findings give the same bytes, in whatever order they came.
//! * Waived findings are shown with their reason, and apart.
//! * What came from outside is escaped, so it can neither break a table nor
//!   move a cursor.

mod markdown;
mod text;

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::compare::{OperationCoverage, covered};
use crate::contract::Contract;
use crate::finding::Finding;
use crate::rules::Rule;
use crate::rules::Severity;

/// A form in which a report is written: one row of [`FORMATS`].
#[derive(Debug)]
pub struct ReportFormat {
    /// The word behind `--format`.
    pub name: &'static str,
    /// Who reads it, for the help of `--format`.
    pub purpose: &'static str,
    /// Whether it is a document by itself, to which nothing may be added.
    pub is_document: bool,
    /// Writes it.
    pub write: fn(&Report) -> String,
}

/// All forms of the report; the first one is the default.
pub const FORMATS: &[ReportFormat] = &[
    ReportFormat { name: "text", purpose: "For a screen", is_document: false, write: text::as_text },
    ReportFormat {
        name: "markdown",
        purpose: "For an issue or a page",
        is_document: true,
        write: markdown::as_markdown,
    },
    ReportFormat {
        name: "json",
        purpose: "For a machine: one document with `findings`, `coverage` and `totals`",
        is_document: true,
        write: Report::to_json,
    },
];

/// The findings of a run, the gaps in its coverage, and how much was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Where a witness leaves the contract, and stale waivers.
    pub findings: Vec<Finding>,
    /// Promises that did not occur.
    pub coverage: Vec<Finding>,
    /// Counts of all that.
    pub totals: Totals,
}

/// Counts over one run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Exchanges that were judged.
    pub exchanges: u64,
    /// Exchanges that could not be read.
    pub unreadable: u64,
    /// Operations of the specs.
    pub operations: OperationCounts,
    /// Findings that are not waived.
    pub findings: SeverityCounts,
    /// Findings that are waived.
    pub waived: u64,
    /// Gaps in the coverage that are not waived.
    pub coverage: u64,
    /// Entries of a baseline that no longer occur, in words, where that is not to pass.
    #[serde(default)]
    pub stale: Vec<String>,
    /// Parts of the specs that cannot be judged, each with its place.
    #[serde(default)]
    pub unjudged: Vec<String>,
    /// How much of each operation was seen, spec by spec.
    #[serde(default)]
    pub covered: Vec<OperationCoverage>,
    /// Returns the totals.
    #[serde(default)]
    pub verdict: Verdict,
}

/// The totals of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing leaves the contract.
    Fits,
    /// A finding is not waived.
    Drifts,
    /// Nothing was seen that does, but not all of it was judged.
    #[default]
    NotJudged,
}

/// How many operations there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationCounts {
    /// In the specs.
    pub promised: u64,
    /// In the exchanges.
    pub seen: u64,
}

/// How many findings there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeverityCounts {
    /// Findings that break a caller.
    pub breaking: u64,
    /// Findings that may surprise a caller.
    pub risky: u64,
    /// Findings that a caller does not notice.
    pub compatible: u64,
}

impl SeverityCounts {
    /// Findings of every severity.
    pub fn all(self) -> u64 {
        self.breaking + self.risky + self.compatible
    }

    fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Breaking => self.breaking += 1,
            Severity::Risky => self.risky += 1,
            Severity::Compatible => self.compatible += 1,
        }
    }
}

impl Report {
    /// Sorts and counts.
    ///
    /// * `promised` and `observed`: the contracts of the run in one order, for the counts.
    /// * `n_unreadable`: exchanges that no contract ever saw.
    pub fn new<'a>(
        mut findings: Vec<Finding>,
        mut coverage: Vec<Finding>,
        promised: impl IntoIterator<Item = &'a Contract>,
        observed: impl IntoIterator<Item = &'a Contract>,
        n_unreadable: u64,
    ) -> Self {
        for findings in [&mut findings, &mut coverage] {
            // Unknown requests of one operation differ in nothing but their name.
            findings.sort_by_cached_key(|finding| (finding.identity(), finding.seen.clone()));
        }

        let (promised, observed): (Vec<&Contract>, Vec<&Contract>) =
            (promised.into_iter().collect(), observed.into_iter().collect());
        let mut totals = Totals { unreadable: n_unreadable, ..Totals::default() };
        totals.covered = promised
            .iter()
            .zip(&observed)
            .flat_map(|(promised, observed)| covered(promised, observed))
            .collect();
        for contract in promised {
            totals.operations.promised += count(contract.operations.len());
            totals.unjudged.extend(contract.unjudged.iter().cloned());
        }
        for contract in observed {
            totals.exchanges = totals.exchanges.saturating_add(contract.exchanges);
            let seen = contract.operations.values().filter(|operation| operation.exchanges.count > 0);
            totals.operations.seen += count(seen.count());
        }
        for finding in &findings {
            match finding.waived {
                Some(_) => totals.waived += 1,
                None => totals.findings.add(finding.severity),
            }
        }
        totals.coverage = count(coverage.iter().filter(|gap| gap.waived.is_none()).count());
        totals.verdict = totals.verdict();
        Self { findings, coverage, totals }
    }

    /// Takes what a baseline has and occurs no longer for drift; in words, one sentence each.
    pub fn add_stale(&mut self, entries: impl IntoIterator<Item = String>) {
        self.totals.stale.extend(entries);
        self.totals.verdict = self.totals.verdict();
    }

    /// Returns whether any finding is not waived, or anything is stale. Gaps in the coverage do not count.
    pub fn is_drifting(&self) -> bool {
        self.totals.verdict == Verdict::Drifts
    }

    /// One JSON document: `findings`, `coverage`, `totals`.
    pub fn to_json(&self) -> String {
        // A tree of texts and numbers: writing it to a string cannot fail.
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Renders a page of Markdown: findings by operation, waived ones apart, coverage folded.
    pub fn to_markdown(&self) -> String {
        markdown::as_markdown(self)
    }

    /// Renders the text for a screen: one block a finding, the summary last.
    pub fn to_text(&self) -> String {
        text::as_text(self)
    }

    /// Renders the coverage for a screen: how much of each operation was seen, and each gap.
    pub fn coverage_to_text(&self) -> String {
        text::gaps(self)
    }

    /// `drifts: 1 finding (…), …`, as both forms for people have it.
    fn summary(&self) -> (&'static str, String) {
        let Totals { exchanges, unreadable, operations, findings, waived, coverage, verdict, .. } =
            self.totals;
        let word = match verdict {
            Verdict::Drifts => "drifts",
            Verdict::Fits => "fits",
            Verdict::NotJudged => "not judged",
        };
        let mut line = plural(findings.all(), "finding");
        if findings.all() > 0 {
            let SeverityCounts { breaking, risky, compatible } = findings;
            write_to(
                &mut line,
                format_args!(" ({breaking} breaking, {risky} risky, {compatible} compatible)"),
            );
        }
        if !self.totals.stale.is_empty() {
            write_to(&mut line, format_args!(", {} stale", self.totals.stale.len()));
        }
        write_to(
            &mut line,
            format_args!(
                ", {waived} waived; {}, {unreadable} unreadable; {} of {} seen, {}",
                plural(exchanges, "exchange"),
                operations.seen,
                plural(operations.promised, "operation"),
                plural(coverage, "coverage gap"),
            ),
        );
        (word, line)
    }
}

impl Totals {
    /// Names the verdict. Unread input can make it unknown, but never hides drift.
    fn verdict(&self) -> Verdict {
        let is_drifting = self.findings.all() > 0 || !self.stale.is_empty();
        let is_whole = self.unreadable == 0 && self.unjudged.is_empty();
        match (is_drifting, is_whole) {
            (true, _) => Verdict::Drifts,
            (false, true) => Verdict::Fits,
            (false, false) => Verdict::NotJudged,
        }
    }
}

/// Returns the half, status, case and pointer of a finding, as far as they are known.
fn whereabouts(finding: &Finding) -> String {
    let mut text = finding.side.name().to_owned();
    if let Some(status) = finding.status {
        write_to(&mut text, format_args!(" {status}"));
    }
    for part in [finding.case.as_deref(), Some(finding.at.as_str())].into_iter().flatten() {
        if !part.is_empty() {
            write_to(&mut text, format_args!(" {part}"));
        }
    }
    text
}

/// File, line and place of the first sight.
fn first_sight(finding: &Finding) -> Option<String> {
    let first = finding.first.as_ref()?;
    let place = format!("{}:{} {}", first.file, first.line, first.pointer);
    Some(place.trim_end().to_owned())
}

/// Returns how often a missing promise could have come.
fn chances(gap: &Finding) -> String {
    let noun = match gap.rule {
        Rule::FieldNeverSeen if gap.at.starts_with("/header/") => "answer",
        Rule::FieldNeverSeen => "object",
        Rule::EnumValueNeverSeen => "value",
        Rule::StatusNeverSeen | Rule::CaseNeverSeen => "answer",
        _ => "exchange",
    };
    plural(gap.of, noun)
}

/// The word for an operation that is not known.
fn operation(finding: &Finding) -> &str {
    finding.operation.as_deref().unwrap_or("(no operation)")
}

/// Replaces what moves a cursor or turns the direction of writing by its code.
fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        let is_direction = matches!(
            character,
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        );
        if character.is_control() || is_direction {
            safe.extend(character.escape_default());
        } else {
            safe.push(character);
        }
    }
    safe
}

fn plural(n: u64, noun: &str) -> String {
    let ending = if n == 1 { "" } else { "s" };
    format!("{n} {noun}{ending}")
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// `write!` without the error that a string never gives.
fn write_to(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _: Result<(), std::fmt::Error> = text.write_fmt(arguments);
}

#[cfg(test)]
mod tests;
