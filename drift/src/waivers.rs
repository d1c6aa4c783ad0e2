//! Turns a waivers file into known disagreements, and silences findings with them.
//!
//! A waiver states that the spec and a witness disagree at a place, and the reason. It silences
//! that disagreement and no other, and it becomes stale: if its place fits again, or its time is
//! over, it is a finding itself. One that is over has no effect, and one that ends soon is
//! announced.
//!
//! Invariants:
//!
//! * A file is accepted completely or not at all; a fault names file, line and column.
//! * The module reads no clock: today's date is a parameter.

mod docs;
mod place;
mod read;

use jiff::civil::Date;

pub use docs::DocsWaivers;

use crate::compare::was_seen;
use crate::contract::Contract;
use crate::finding::{Finding, Identity, Place};
use crate::rules::Rule;
use crate::rules::Severity;
use prumo_spec::document::{Document, Position};

/// The number of days before its last day on which a waiver is announced.
const DAYS_OF_NOTICE: i32 = 14;

/// The known disagreements of one spec.
#[derive(Debug, Clone, Default)]
pub struct Waivers {
    waivers: Vec<Waiver>,
}

/// One known disagreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The witness that disagrees with the spec.
    pub witness: Witness,
    /// The findings that it silences; a missing status or case matches any.
    pub finding: Identity,
    /// The reason why the disagreement is accepted.
    pub reason: String,
    /// The date of the decision.
    pub date: Date,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// The reason why the pages that are read cannot show the disagreement; only for the docs.
    pub unseen: Option<String>,
    /// The file with the waiver.
    pub file: String,
    /// The position of the waiver in the file.
    pub position: Position,
}

/// The witness that disagrees with the spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    /// The vendor's documentation.
    Docs,
    /// The vendor's responses.
    Wire,
}

/// A waivers file that can't be read, or a waiver of something that is not promised.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{}:{}: {fault}", .position.line, .position.column)]
pub struct WaiverError {
    file: String,
    position: Position,
    fault: WaiverFault,
}

/// The fault of a waivers file, without its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WaiverFault {
    /// An unknown key.
    #[error("unknown key `{0}`")]
    UnknownKey(String),
    /// A required key is missing.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A key with a wrong value.
    #[error("`{key}` is not {expected}")]
    Unexpected {
        /// The key.
        key: &'static str,
        /// The expected value.
        expected: &'static str,
    },
    /// `until` is before `date`.
    #[error("`until` is before `date`")]
    OverBeforeItBegan,
    /// Two waivers of the same findings.
    #[error("the same waiver is at {file}:{line}")]
    Repeated {
        /// The file with the first one.
        file: String,
        /// The line of the first one.
        line: usize,
    },
    /// The spec has no such operation.
    #[error("no operation `{0}` in the spec")]
    UnknownOperation(String),
    /// The spec promises no response with this status.
    #[error("no status {0} in the spec's operation")]
    UnknownStatus(u16),
    /// The spec has no such case there.
    #[error("no case `{0}` in the spec's operation")]
    UnknownCase(String),
    /// The spec promises no value at this place.
    #[error("nothing is promised at `{0}`")]
    UnknownPlace(String),
}

impl Waivers {
    /// Reads a waivers file, which may have no waivers.
    ///
    /// # Errors
    ///
    /// Returns a [`WaiverError`] for the first fault in the order of the file.
    pub fn parse(document: &Document) -> Result<Self, WaiverError> {
        read::waivers(document)
    }

    /// Returns every waiver, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Waiver> {
        self.waivers.iter()
    }

    /// Returns the waivers that hold on the day `today`: those whose last day is not before it.
    #[must_use]
    pub fn holding(&self, today: Date) -> Self {
        let waivers = self.waivers.iter().filter(|waiver| !waiver.is_over(today));
        Self { waivers: waivers.cloned().collect() }
    }

    /// Marks the findings, or gaps in the coverage, that a waiver of the wire silences, with its
    /// reason. The dates of the waivers do not matter, see [`Self::holding`].
    pub fn apply(&self, findings: &mut [Finding]) {
        for finding in findings {
            let waiver = self.of_wire().find(|waiver| waiver.finding.covers(finding));
            if let Some(waiver) = waiver {
                finding.waived = Some(waiver.reason.clone());
            }
        }
    }

    /// Marks the findings and the gaps of one spec that a waiver silences on the day `today`, and adds
    /// a finding for every stale waiver. Returns a sentence for every waiver that ends soon.
    pub fn lay_over(
        &self,
        observed: &Contract,
        findings: &mut Vec<Finding>,
        gaps: &mut [Finding],
        today: Date,
    ) -> Vec<String> {
        let holding = self.holding(today);
        holding.apply(findings);
        holding.apply(gaps);
        let all: Vec<Finding> = findings.iter().chain(gaps.iter()).cloned().collect();
        findings.extend(self.stale(observed, &all, today));
        self.ending(today)
    }

    /// Returns a finding for every stale waiver.
    ///
    /// A waiver is stale if its last day is before `today`. One of the wire is also stale if its
    /// place was seen in `observed` and it silences no finding or gap in `findings`.
    pub fn stale(&self, observed: &Contract, findings: &[Finding], today: Date) -> Vec<Finding> {
        let stale = self.waivers.iter().enumerate().filter_map(|(index, waiver)| {
            let seen = waiver.wear(observed, findings, today)?;
            // The pointer is relative to the waiver's own file.
            let n_before =
                self.waivers.iter().take(index).filter(|other| other.file == waiver.file).count();
            Some(waiver.stale_finding(&observed.name, n_before, seen))
        });
        stale.collect()
    }

    /// Returns a sentence for every waiver whose last day is `today` or at most
    /// `DAYS_OF_NOTICE` days later.
    pub fn ending(&self, today: Date) -> Vec<String> {
        self.waivers.iter().filter_map(|waiver| waiver.notice(today)).collect()
    }

    /// Returns an error for each waiver of an operation or place that the spec does not promise.
    pub fn check_places(&self, promised: &Contract) -> Vec<WaiverError> {
        let faults = self.waivers.iter().filter_map(|waiver| {
            let fault = place::fault(&waiver.finding, promised)?;
            Some(WaiverError { file: waiver.file.clone(), position: waiver.position, fault })
        });
        faults.collect()
    }

    fn of_wire(&self) -> impl Iterator<Item = &Waiver> {
        self.waivers.iter().filter(|waiver| waiver.witness == Witness::Wire)
    }
}

impl Waiver {
    /// Returns whether its last day is before `today`.
    fn is_over(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// Announces the end of the waiver, if it is near.
    fn notice(&self, today: Date) -> Option<String> {
        let until = self.until?;
        let n_days = (until - today).get_days();
        if !(0..=DAYS_OF_NOTICE).contains(&n_days) {
            return None;
        }
        let when = match n_days {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            n_days => format!("in {n_days} days"),
        };
        let (file, line) = (&self.file, self.position.line);
        Some(format!("{file}:{line}: the waiver of `{}` ends on {until}, {when}", self.finding))
    }

    /// Returns the reason why the waiver is stale, if it is.
    fn wear(&self, observed: &Contract, findings: &[Finding], today: Date) -> Option<String> {
        if let Some(until) = self.until.filter(|_| self.is_over(today)) {
            return Some(format!("its last day was {until}, so it silences nothing"));
        }
        if self.witness != Witness::Wire {
            return None;
        }
        if findings.iter().any(|finding| self.finding.covers(finding)) {
            return None;
        }
        was_seen(observed, &self.finding).then(|| "the place was seen and fits".to_owned())
    }

    /// Returns the finding for a stale waiver of `spec`; `index` is its position in its file.
    fn stale_finding(&self, spec: &str, index: usize, seen: String) -> Finding {
        let line = u64::try_from(self.position.line).unwrap_or(u64::MAX);
        let Identity { operation, side, status, case, at, rule } = self.finding.clone();
        Finding {
            spec: spec.to_owned(),
            rule: Rule::WaiverStale,
            severity: Severity::Risky,
            operation,
            side,
            status,
            case,
            at,
            promised: format!("a waiver of {}", rule.name()),
            seen,
            count: 1,
            of: 1,
            first: Some(Place {
                file: self.file.clone(),
                line,
                pointer: format!("/waivers/{index}"),
            }),
            waived: None,
            promised_at: None,
            standing: None,
            since: None,
        }
    }
}

impl WaiverError {
    /// Returns the waivers file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the position of the fault.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Returns the fault.
    pub fn fault(&self) -> &WaiverFault {
        &self.fault
    }

    /// Returns the remedy, for the line after the error.
    pub fn hint(&self) -> Option<&'static str> {
        match &self.fault {
            WaiverFault::UnknownKey(_) => Some(
                "one of `witness rule operation side status case at unseen reason date until`, in a list `waivers`",
            ),
            WaiverFault::Unexpected { key: "rule", .. } => {
                Some("`docs/rules.md` lists the rules; `waiver-stale` alone can't be waived")
            }
            WaiverFault::UnknownOperation(_) => Some("name an `operationId` of the spec beside it"),
            WaiverFault::UnknownCase(_) => {
                Some("a case is the envelope's tag and value, such as `erro=false`")
            }
            WaiverFault::UnknownPlace(_) => Some(
                "items of a list are `*`, parameters `/query/name`, and the whole body is the empty text",
            ),
            WaiverFault::Missing(_)
            | WaiverFault::Unexpected { .. }
            | WaiverFault::OverBeforeItBegan
            | WaiverFault::Repeated { .. }
            | WaiverFault::UnknownStatus(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
