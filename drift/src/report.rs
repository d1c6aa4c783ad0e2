//! Turns findings into a report: JSON for programs, Markdown and text for people.
//!
//! A form of the report is one row of [`FORMATS`], from which `prumo judge` takes its choices, and
//! one file that writes it.
//!
//! Invariants:
//!
//! * The same findings give the same bytes, in whatever order they came.
//! * Breaking findings come first, and waived ones last, with their reason.
//! * Verdict, last line and JSON agree; the verb derives its exit code from the verdict.
//! * Foreign text is escaped, so it can neither break a table nor move a cursor.

mod causes;
mod left_out;
mod markdown;
mod text;

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::compare::{OperationCoverage, covered, undecided};
use crate::contract::{Contract, LeftOut};
use crate::finding::{Finding, Identity};
use crate::printable::{printable, printable_json};
use crate::rules::Rule;
use crate::rules::Severity;

/// A form in which a report is written: one row of [`FORMATS`].
#[derive(Debug)]
pub struct ReportFormat {
    /// The word behind `--format`.
    pub name: &'static str,
    /// Its readers, for the help of `--format`.
    pub purpose: &'static str,
    /// Whether it is a document by itself, to which nothing may be added.
    pub is_document: bool,
    /// Writes it.
    pub write: fn(&Report) -> String,
}

/// All forms of the report; the first one is the default.
pub const FORMATS: &[ReportFormat] = &[
    ReportFormat {
        name: "text",
        purpose: "For a screen",
        is_document: false,
        write: text::as_text,
    },
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

/// The findings of a run, the gaps in its coverage, and counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The findings, including stale waivers.
    pub findings: Vec<Finding>,
    /// Promises that never occurred.
    pub coverage: Vec<Finding>,
    /// The counts.
    pub totals: Totals,
}

/// Counts over one run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Exchanges that were judged.
    pub exchanges: u64,
    /// Exchanges that could not be read.
    pub unreadable: u64,
    /// Recorded messages that were not judged, if there are any.
    #[serde(default, skip_serializing_if = "LeftOut::is_nothing")]
    pub left_out: LeftOut,
    /// Operations of the specs.
    pub operations: OperationCounts,
    /// Findings that are not waived.
    pub findings: SeverityCounts,
    /// Findings that are waived.
    pub waived: u64,
    /// Gaps in the coverage that are not waived.
    pub coverage: u64,
    /// Entries of a baseline that no longer occur, as sentences, if these count as drift.
    #[serde(default)]
    pub stale: Vec<String>,
    /// Waivers that end soon, as sentences; these change no verdict.
    #[serde(default)]
    pub ending: Vec<String>,
    /// Parts of the specs that cannot be judged, and values that took too long, each with its place.
    #[serde(default)]
    pub unjudged: Vec<String>,
    /// The coverage of each operation, spec by spec.
    #[serde(default)]
    pub covered: Vec<OperationCoverage>,
    /// The verdict.
    #[serde(default)]
    pub verdict: Verdict,
}

/// The verdict of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// No finding, or only waived ones.
    Fits,
    /// At least one finding that is not waived, or something stale.
    Drifts,
    /// There was no exchange to judge.
    Skipped,
    /// Not everything was judged, so that the findings are no verdict.
    #[default]
    NotJudged,
}

/// The number of operations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationCounts {
    /// In the specs.
    pub promised: u64,
    /// In the exchanges.
    pub seen: u64,
}

/// The number of findings by severity.
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
    /// Returns the number of findings of every severity.
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
    /// Sorts and counts findings.
    ///
    /// * `promised` and `observed`: the contracts of the run in the same order, for the counts.
    /// * `n_unreadable`: the number of exchanges that could not be read.
    pub fn new<'a>(
        mut findings: Vec<Finding>,
        mut coverage: Vec<Finding>,
        promised: impl IntoIterator<Item = &'a Contract>,
        observed: impl IntoIterator<Item = &'a Contract>,
        n_unreadable: u64,
    ) -> Self {
        for findings in [&mut findings, &mut coverage] {
            findings.sort_by_cached_key(order);
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
            totals.left_out.absorb(&contract.left_out);
            totals.unjudged.extend(undecided(contract));
            let seen =
                contract.operations.values().filter(|operation| operation.exchanges.count > 0);
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

    /// Adds entries of a baseline that no longer occur, as sentences, and counts them as drift.
    pub fn add_stale(&mut self, entries: impl IntoIterator<Item = String>) {
        self.totals.stale.extend(entries);
        self.totals.verdict = self.totals.verdict();
    }

    /// Adds waivers that end soon, as sentences.
    pub fn add_ending(&mut self, waivers: impl IntoIterator<Item = String>) {
        self.totals.ending.extend(waivers);
    }

    /// Makes those findings less severe that `is_weak` names, for a reason that `seen` says then.
    ///
    /// A finding that is not more severe than `severity` stays as it is, but for the reason.
    pub fn weaken(&mut self, severity: Severity, reason: &str, is_weak: impl Fn(&Finding) -> bool) {
        for finding in self.findings.iter_mut().filter(|one| one.waived.is_none() && is_weak(one)) {
            finding.severity = finding.severity.max(severity);
            finding.seen = format!("{} ({reason})", finding.seen);
        }
        self.findings.sort_by_cached_key(order);
        self.totals.findings = SeverityCounts::default();
        for finding in self.findings.iter().filter(|one| one.waived.is_none()) {
            self.totals.findings.add(finding.severity);
        }
    }

    /// Returns whether any finding is not waived, or anything is stale. Gaps in the coverage do not
    /// count.
    pub fn is_drifting(&self) -> bool {
        self.totals.is_drifting()
    }

    /// Returns one JSON document: `findings`, `coverage`, `totals`.
    pub fn to_json(&self) -> String {
        // Texts and numbers can always be written.
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        printable_json(&json)
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

    /// Returns the verdict and a line such as `drifts: 1 finding (…), …`, for both forms for
    /// people.
    fn summary(&self) -> (&'static str, String) {
        let Totals {
            exchanges, unreadable, operations, findings, waived, coverage, verdict, ..
        } = self.totals;
        let word = match verdict {
            Verdict::Drifts => "drifts",
            Verdict::Fits => "fits",
            Verdict::Skipped => "skipped",
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
    /// Names the verdict. Findings about a part of the input are no verdict about all of it, but
    /// stay in the report.
    fn verdict(&self) -> Verdict {
        match self.is_whole() {
            false => Verdict::NotJudged,
            true if self.is_drifting() => Verdict::Drifts,
            true if self.exchanges == 0 => Verdict::Skipped,
            true => Verdict::Fits,
        }
    }

    /// Returns whether all of the input was judged, by every keyword of the specs.
    fn is_whole(&self) -> bool {
        // Judging nothing must not read as a verdict.
        let is_nothing = self.exchanges == 0 && self.left_out.has_responses();
        self.unreadable == 0 && self.unjudged.is_empty() && !is_nothing
    }

    fn is_drifting(&self) -> bool {
        self.findings.all() > 0 || !self.stale.is_empty()
    }
}

/// Returns the key by which findings are sorted: live before waived, breaking first, then by place.
/// Unknown requests of one operation differ only in their names.
fn order(finding: &Finding) -> (bool, Severity, String, Identity, String) {
    let Finding { waived, severity, spec, seen, .. } = finding;
    (waived.is_some(), *severity, spec.clone(), finding.identity(), seen.clone())
}

/// Returns the side, status, case and pointer of a finding, if they are known.
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

/// Returns file, line and pointer of the first occurrence.
fn first_sight(finding: &Finding) -> Option<String> {
    let first = finding.first.as_ref()?;
    let place = format!("{}:{} {}", first.file, first.line, first.pointer);
    Some(place.trim_end().to_owned())
}

/// Describes how often a missing promise could have occurred.
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

/// Returns the operation of a finding, or a word for an unknown one.
fn operation(finding: &Finding) -> &str {
    finding.operation.as_deref().unwrap_or("(no operation)")
}

/// Returns the spec and the operation of a finding, such as `hubsoft listar_clientes`.
fn full_name(finding: &Finding) -> String {
    format!("{} {}", finding.spec, operation(finding)).trim_start().to_owned()
}

fn plural(n: u64, noun: &str) -> String {
    let ending = if n == 1 { "" } else { "s" };
    format!("{n} {noun}{ending}")
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Writes to a string, which can't fail.
fn write_to(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _: Result<(), std::fmt::Error> = text.write_fmt(arguments);
}

#[cfg(test)]
mod tests;
