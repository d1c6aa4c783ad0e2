//! Turns findings into a baseline file, and lays that file over later findings of traffic that
//! is known to deviate.
//!
//! A waiver is a decision, with a reason; a baseline only remembers what was
//! there on one day, so that from then on nothing but what is new drifts.
//!
//! Invariants:
//!
//! * An entry names a place and never a value.
//! * The same findings give the same bytes: sorted, one entry a line.
//! * A worse finding is a new one: an entry covers no other rule or place, no
//!   higher severity, and no stale waiver.

mod read;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::compare::was_seen;
use crate::contract::Contract;
use crate::finding::{Finding, Identity};
use crate::rules::Rule;
use crate::rules::Severity;
use prumo_spec::document::{Document, Position};

/// The version of the format that is written, and the only one that is read.
const VERSION: u64 = 1;

/// The reason that reports give for a finding in the baseline.
const REASON: &str = "baseline";

/// Findings that were there before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Each with the gravest severity that it had.
    entries: BTreeMap<Entry, Severity>,
}

/// A finding among those of all specs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The spec's file name.
    pub spec: String,
    /// The finding of this spec.
    pub finding: Identity,
    /// Method and masked path of a request that no operation takes: it has no other place.
    pub request: Option<String>,
}

/// A baseline that cannot be taken.
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
    /// No object with the mark of a baseline.
    #[error("not a baseline")]
    NoBaseline,
    /// Another version of the format.
    #[error("a baseline of version {0}, this program reads version {VERSION}")]
    Version(u64),
    /// A member that the format does not have, or one of another kind.
    #[error("a baseline has no such value")]
    Malformed,
    /// A merge of two versions has lost or doubled lines.
    #[error("`entries` says {said}, but there are {are}")]
    Miscounted {
        /// The version that the file names.
        said: u64,
        /// The text that the file holds.
        are: u64,
    },
    /// Two entries of the same thing.
    #[error("the same entry appears twice")]
    Repeated,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// The first [`BaselineFault`] in the order of the file.
    pub fn parse(document: &Document) -> Result<Self, BaselineError> {
        read::baseline(document)
    }

    /// Adds those of this spec's `findings` that no waiver covers.
    pub fn add(&mut self, spec: &str, findings: &[Finding]) {
        let open = findings.iter().filter(|finding| finding.waived.is_none());
        for finding in open.filter(|finding| finding.rule != Rule::WaiverStale) {
            let known = self.entries.entry(Entry::of(spec, finding)).or_insert(finding.severity);
            *known = finding.severity.min(*known);
        }
    }

    /// Marks the findings, of this spec, that were there before.
    pub fn apply(&self, spec: &str, findings: &mut [Finding]) {
        for finding in findings.iter_mut().filter(|finding| finding.waived.is_none()) {
            let known = self.entries.get(&Entry::of(spec, finding));
            if known.is_some_and(|known| finding.severity >= *known) {
                finding.waived = Some(REASON.to_owned());
            }
        }
    }

    /// Returns the entries of this spec that occur no longer: none of `findings` matches them,
    /// although their place was seen in `observed`.
    pub fn gone(&self, spec: &str, observed: &Contract, findings: &[Finding]) -> Vec<&Entry> {
        let still: BTreeSet<Entry> = findings.iter().map(|finding| Entry::of(spec, finding)).collect();
        let of_spec = self.entries.keys().filter(|entry| entry.spec == spec);
        of_spec.filter(|entry| !still.contains(entry) && was_seen(observed, &entry.finding)).collect()
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the file: JSON, one entry a line.
    pub fn to_json(&self) -> String {
        let lines = self.entries.iter().map(|(entry, &severity)| {
            // Texts and numbers alone: writing them to a string cannot fail.
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

/// An entry as it stands in the file.
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
}

impl std::fmt::Display for Entry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} in {}", self.finding, self.spec)
    }
}

impl BaselineError {
    /// The fault.
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
