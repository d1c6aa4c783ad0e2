//! The counts and the verdict of a run.

use serde::{Deserialize, Serialize};

use super::texts;
use crate::compare::OperationCoverage;
use crate::contract::LeftOut;
use crate::language::Text;
use crate::rules::Severity;

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

impl Verdict {
    /// Returns the word for people.
    pub fn text(self) -> Text {
        match self {
            Self::Fits => texts::FITS,
            Self::Drifts => texts::DRIFTS,
            Self::Skipped => texts::SKIPPED,
            Self::NotJudged => texts::NOT_JUDGED,
        }
    }
}

impl SeverityCounts {
    /// Returns the number of findings of every severity.
    pub fn all(self) -> u64 {
        self.breaking + self.risky + self.compatible
    }

    pub(super) fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Breaking => self.breaking += 1,
            Severity::Risky => self.risky += 1,
            Severity::Compatible => self.compatible += 1,
        }
    }
}

impl Totals {
    /// Names the verdict. Findings about a part of the input are no verdict about all of it, but
    /// stay in the report.
    pub(super) fn verdict(&self) -> Verdict {
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

    pub(super) fn is_drifting(&self) -> bool {
        self.findings.all() > 0 || !self.stale.is_empty()
    }
}
