//! Turns findings into a baseline file, and applies that file to later findings of traffic that is
//! known to deviate.
//!
//! A waiver is a decision with a reason. A baseline only remembers the findings of one day, so that
//! from then on only new ones drift.
//!
//! Invariants:
//!
//! * An entry names a place and never a value.
//! * The same findings give the same bytes: sorted, one entry per line.
//! * A worse finding is a new one: an entry covers no other rule or place, no higher severity, and
//!   no stale waiver.

mod read;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::compare::was_seen;
use crate::contract::Contract;
use crate::finding::{Finding, Identity, is_endpoint_of};
use crate::rules::Rule;
use crate::rules::Severity;
use prumo_spec::document::{Document, Position};

/// The version of the format that is written, and the only one that is read.
const VERSION: u64 = 1;

/// The reason that reports give for a finding in the baseline.
const REASON: &str = "baseline";

/// Findings that existed before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Each entry with the gravest severity that it had.
    entries: BTreeMap<Entry, Severity>,
}

/// A finding of one of several specs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The spec's name.
    pub spec: String,
    /// The finding.
    pub finding: Identity,
    /// Method and masked path of a request that no operation takes, which has no other place.
    pub request: Option<String>,
}

/// A baseline that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{}:{}: {fault}", .position.line, .position.column)]
pub struct BaselineError {
    file: String,
    position: Position,
    fault: BaselineFault,
}

/// The fault of a baseline, without its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineFault {
    /// The document is no object with the mark of a baseline.
    #[error("not a baseline")]
    NoBaseline,
    /// Another version of the format.
    #[error("a baseline of version {0}, this program reads version {VERSION}")]
    Version(u64),
    /// A member that the format does not have, or a member of the wrong kind.
    #[error("a baseline has no such value")]
    Malformed,
    /// Lines were lost or duplicated when two versions were merged.
    #[error("`entries` says {said}, but there are {are}")]
    Miscounted {
        /// The number of entries in the file's own words.
        said: u64,
        /// The number of entries that it has.
        are: u64,
    },
    /// Two equal entries.
    #[error("the same entry appears twice")]
    Repeated,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// Returns the first [`BaselineFault`] in the order of the file.
    pub fn parse(document: &Document) -> Result<Self, BaselineError> {
        read::baseline(document)
    }

    /// Adds the `findings` of this spec that no waiver covers.
    pub fn add(&mut self, spec: &str, findings: &[Finding]) {
        let open = findings.iter().filter(|finding| finding.waived.is_none());
        for finding in open.filter(|finding| finding.rule != Rule::WaiverStale) {
            let known = self.entries.entry(Entry::of(spec, finding)).or_insert(finding.severity);
            *known = finding.severity.min(*known);
        }
    }

    /// Marks the findings of this spec that existed before.
    pub fn apply(&self, spec: &str, findings: &mut [Finding]) {
        for finding in findings.iter_mut().filter(|finding| finding.waived.is_none()) {
            if self.known(&Entry::of(spec, finding)).is_some_and(|known| finding.severity >= known)
            {
                finding.waived = Some(REASON.to_owned());
            }
        }
    }

    /// Returns the severity of the entry that this one repeats.
    fn known(&self, found: &Entry) -> Option<Severity> {
        let exact = self.entries.get(found).copied();
        let all = || self.entries.iter().find(|(entry, _)| entry.takes(found));
        exact.or_else(|| found.request.as_ref().and_then(|_| all()).map(|(_, severity)| *severity))
    }

    /// Returns the entries of this spec that no longer occur: no finding matches them, although
    /// their place was seen in `observed`.
    pub fn gone(&self, spec: &str, observed: &Contract, findings: &[Finding]) -> Vec<&Entry> {
        let still: BTreeSet<Entry> =
            findings.iter().map(|finding| Entry::of(spec, finding)).collect();
        let is_still = |entry: &Entry| {
            let may_stand_for_others = entry.request.is_some();
            still.contains(entry)
                || (may_stand_for_others && still.iter().any(|found| entry.takes(found)))
        };
        let of_spec = self.entries.keys().filter(|entry| entry.spec == spec);
        of_spec.filter(|entry| !is_still(entry) && was_seen(observed, &entry.finding)).collect()
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the file: JSON, one entry per line.
    pub fn to_json(&self) -> String {
        let lines = self.entries.iter().map(|(entry, &severity)| {
            // Texts and numbers can always be written.
            serde_json::to_string(&Line::of(entry, severity)).unwrap_or_default()
        });
        let lines: Vec<String> = lines.map(|line| format!("\n    {line}")).collect();
        let end = if lines.is_empty() { "" } else { "\n  " };
        format!(
            "{{\n  \"prumo-baseline\": {VERSION},\n  \"entries\": {},\n  \"findings\": [{}{end}]\n}}\n",
            lines.len(),
            lines.join(",")
        )
    }
}

/// An entry as written to the file.
#[derive(Serialize)]
struct Line<'e> {
    spec: &'e str,
    #[serde(flatten)]
    finding: &'e Identity,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'e str>,
    severity: Severity,
}

impl<'e> Line<'e> {
    fn of(Entry { spec, finding, request }: &'e Entry, severity: Severity) -> Self {
        Self { spec, finding, request: request.as_deref(), severity }
    }
}

impl Entry {
    fn of(spec: &str, finding: &Finding) -> Self {
        Self {
            spec: spec.to_owned(),
            finding: finding.identity(),
            request: Some(finding.seen.clone()).filter(|_| finding.rule == Rule::OperationUnknown),
        }
    }

    /// Returns whether `found` is this entry, or one of the endpoints that it stands for.
    fn takes(&self, found: &Self) -> bool {
        let Self { spec, finding, request } = self;
        let is_request = match (request, &found.request) {
            (Some(pattern), Some(endpoint)) => is_endpoint_of(endpoint, pattern),
            (mine, theirs) => mine == theirs,
        };
        is_request && *spec == found.spec && *finding == found.finding
    }
}

impl std::fmt::Display for Entry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} in {}", self.finding, self.spec)
    }
}

impl BaselineError {
    /// Returns the fault.
    pub fn fault(&self) -> BaselineFault {
        self.fault
    }

    /// Returns the remedy.
    pub fn hint(&self) -> &'static str {
        match self.fault {
            BaselineFault::NoBaseline => "name a file that `prumo judge --write-baseline` wrote",
            BaselineFault::Version(_)
            | BaselineFault::Malformed
            | BaselineFault::Miscounted { .. }
            | BaselineFault::Repeated => "write it anew with `prumo judge --write-baseline`",
        }
    }
}

#[cfg(test)]
mod tests;
