//! Turns findings into a report: for people, for programs, and for the viewers of others.
//!
//! A format of the report is one row of [`FORMATS`], from which `prumo judge` takes its choices,
//! and one file that writes it.
//!
//! Invariants:
//!
//! * The same findings give the same bytes, in whatever order they came.
//! * Breaking findings come first, among them the new ones, and waived ones last, with their
//!   reason.
//! * Verdict, last line and JSON agree; the verb derives its exit code from the verdict.
//! * Foreign text is escaped, so it can neither break a table nor move a cursor.

mod causes;
mod formats;
mod github;
mod html;
mod junit;
mod left_out;
mod markdown;
mod remedy;
mod run;
mod sarif;
mod standing;
mod text;
mod texts;
mod totals;

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::compare::{FieldCoverage, covered, undecided};
use crate::contract::Contract;
use crate::finding::{Finding, Identity, Standing};
use crate::language::{Language, Noun};
use crate::printable::{printable, printable_json};
use crate::rules::{Rule, Severity};
pub use formats::{FORMATS, ReportFormat};
pub use remedy::waiver_of;
pub use run::{Night, Run, RunStep, SpecVersion};
use texts::filled;
pub use totals::{OperationCounts, SeverityCounts, Totals, Verdict};

/// The findings of a run, the gaps in its coverage, and counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The findings, including stale waivers.
    pub findings: Vec<Finding>,
    /// Promises that never occurred.
    pub coverage: Vec<Finding>,
    /// The counts.
    pub totals: Totals,
    /// Time and place of the run, if the caller has set them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
    /// The specs of the run, if the caller has set them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub specs: Vec<SpecVersion>,
    /// Findings of earlier nights that are no longer found. They change no count and no verdict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Finding>,
    /// The nights before this one, the earliest first, for the trend.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nights: Vec<Night>,
    /// The coverage of each field, for the page; too many for the JSON.
    #[serde(skip)]
    pub fields: Vec<FieldCoverage>,
    /// The reader's language, for the screen and Markdown; the other formats are the same in every
    /// language.
    #[serde(skip)]
    pub language: Language,
    /// Whether the specs were held against pages: people then read of operations on pages, not of
    /// exchanges.
    #[serde(skip)]
    pub is_of_pages: bool,
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
        Self {
            findings,
            coverage,
            totals,
            run: None,
            specs: Vec::new(),
            gone: Vec::new(),
            nights: Vec::new(),
            fields: Vec::new(),
            language: Language::default(),
            is_of_pages: false,
        }
    }

    /// Compares each finding with earlier nights: sets the standing and the first night that
    /// `earlier` returns for it, and sorts the findings anew.
    ///
    /// Findings are identified by their spec and [`Finding::identity`], and unknown requests also
    /// by what was seen.
    pub fn set_standings(
        &mut self,
        earlier: impl Fn(&Finding) -> Option<(Standing, Option<String>)>,
    ) {
        for finding in &mut self.findings {
            let (standing, since) = earlier(finding).unzip();
            finding.standing = standing;
            finding.since = since.flatten();
        }
        self.findings.sort_by_cached_key(order);
    }

    /// Adds findings of earlier nights that are no longer found.
    pub fn add_gone(&mut self, findings: impl IntoIterator<Item = Finding>) {
        let gone = findings
            .into_iter()
            .map(|finding| Finding { standing: Some(Standing::Gone), ..finding });
        self.gone.extend(gone);
        self.gone.sort_by_cached_key(order);
    }

    /// Adds findings of another witness and counts them.
    pub fn add_findings(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            match finding.waived {
                Some(_) => self.totals.waived += 1,
                None => self.totals.findings.add(finding.severity),
            }
            self.findings.push(finding);
        }
        self.findings.sort_by_cached_key(order);
        self.totals.verdict = self.totals.verdict();
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

    /// Renders a page of Markdown below 60,000 characters: findings by severity with what to do,
    /// then waived ones, coverage folded.
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

    /// Returns the noun for what was judged.
    fn unit(&self) -> Noun {
        if self.is_of_pages { texts::ON_PAGES } else { texts::EXCHANGE }
    }

    /// Returns the verdict and a line such as `drifts: 1 finding (…), …`, for both forms for
    /// people.
    fn summary(&self, language: Language) -> (&'static str, String) {
        let Totals {
            exchanges, unreadable, operations, findings, waived, coverage, verdict, ..
        } = self.totals;
        let counted = |noun: Noun, n: u64| noun.counted(n, language);
        let mut line = counted(texts::FINDING, findings.all());
        if findings.all() > 0 {
            let severities = [
                counted(texts::N_BREAKING, findings.breaking),
                counted(texts::N_RISKY, findings.risky),
                counted(texts::N_COMPATIBLE, findings.compatible),
            ];
            write_to(&mut line, format_args!(" ({})", severities.join(", ")));
        }
        if !self.totals.stale.is_empty() {
            let stale = counted(texts::N_STALE, count(self.totals.stale.len()));
            write_to(&mut line, format_args!(", {stale}"));
        }
        let promised = counted(texts::OPERATION, operations.promised);
        write_to(
            &mut line,
            format_args!(
                ", {}; {}, {}; {}, {}",
                counted(texts::N_WAIVED, waived),
                counted(self.unit(), exchanges),
                counted(texts::N_UNREADABLE, unreadable),
                filled(texts::SEEN_OF, language, &[&operations.seen, &promised]),
                counted(texts::COVERAGE_GAP, coverage),
            ),
        );
        (verdict.text().of(language), line)
    }
}

/// Returns the key by which findings are sorted: live before waived, breaking first, new ones first
/// among them, then by place. Unknown requests of one operation differ only in their names.
fn order(finding: &Finding) -> (bool, Severity, u8, String, Identity, String) {
    let Finding { waived, severity, spec, seen, .. } = finding;
    let rank = standing::rank(finding);
    (waived.is_some(), *severity, rank, spec.clone(), finding.identity(), seen.clone())
}

/// Returns the side, status, case and pointer of a finding, if they are known.
fn whereabouts(finding: &Finding, language: Language) -> String {
    let mut text = finding.side.text().of(language).to_owned();
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
fn chances(gap: &Finding, report: &Report) -> String {
    let noun = match gap.rule {
        Rule::FieldNeverSeen if gap.at.starts_with("/header/") => texts::ANSWER,
        Rule::FieldNeverSeen => texts::OBJECT,
        Rule::EnumValueNeverSeen => texts::VALUE,
        Rule::StatusNeverSeen | Rule::CaseNeverSeen => texts::ANSWER,
        _ => report.unit(),
    };
    noun.counted(gap.of, report.language)
}

/// Returns the operation of a finding, or a word for an unknown one.
fn operation(finding: &Finding, language: Language) -> &str {
    finding.operation.as_deref().unwrap_or(texts::NO_OPERATION.of(language))
}

/// Returns the spec and the operation of a finding, such as `hubsoft listar_clientes`.
fn full_name(finding: &Finding, language: Language) -> String {
    format!("{} {}", finding.spec, operation(finding, language)).trim_start().to_owned()
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
