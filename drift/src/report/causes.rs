//! Groups the findings of a report that have one cause: one rule broken in one way at several
//! places.
//!
//! A spec that promises a member once and uses it in many operations gives a finding for each of
//! them. A person wants to read that as one line; the findings themselves stay as they are.
//!
//! Invariants:
//!
//! * Each finding is in exactly one cause, and causes keep the order of the findings.
//! * Findings of one cause share spec, severity, rule, side, standing, waiver, promise and the last
//!   name of their place.

use std::collections::{BTreeMap, BTreeSet};

use super::operation;
use super::texts::{self, filled};
use crate::finding::{Finding, Standing};
use crate::language::Language;
use crate::rules::{Rule, Severity, Side};

/// The number of places from which a cause is shown as one line.
const FEW: usize = 3;

/// The number of ways that are listed in which a cause was seen.
const MAX_WAYS: usize = 3;

/// Findings with one cause, in the order of the report; never empty.
pub(super) struct Cause<'f> {
    pub(super) findings: Vec<&'f Finding>,
}

/// The properties that findings of one cause share.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'f> {
    spec: &'f str,
    severity: Severity,
    rule: Rule,
    side: Side,
    standing: Option<Standing>,
    waived: Option<&'f str>,
    promised: &'f str,
    member: &'f str,
    /// Only findings about a whole body or response differ in more than their member.
    seen: &'f str,
    /// Distinguishes findings that share their cause with no other.
    alone: usize,
}

/// Groups findings by their cause.
pub(super) fn causes<'f>(findings: &[&'f Finding]) -> Vec<Cause<'f>> {
    let mut groups: BTreeMap<Key<'f>, Vec<usize>> = BTreeMap::new();
    for (position, finding) in findings.iter().enumerate() {
        groups.entry(key(finding, position)).or_default().push(position);
    }
    let mut causes: Vec<Vec<usize>> = Vec::new();
    for positions in groups.into_values() {
        match positions.len() < FEW {
            true => causes.extend(positions.into_iter().map(|position| vec![position])),
            false => causes.push(positions),
        }
    }
    causes.sort();
    let cause = |positions: Vec<usize>| Cause {
        findings: positions
            .iter()
            .filter_map(|&position| findings.get(position).copied())
            .collect(),
    };
    causes.into_iter().map(cause).collect()
}

fn key(finding: &Finding, position: usize) -> Key<'_> {
    let member = member(&finding.at);
    // These name their place by more than a member.
    let is_alone = matches!(finding.rule, Rule::WaiverStale | Rule::OperationUnknown);
    Key {
        spec: &finding.spec,
        severity: finding.severity,
        rule: finding.rule,
        side: finding.side,
        standing: finding.standing,
        waived: finding.waived.as_deref(),
        promised: &finding.promised,
        member,
        seen: if member.is_empty() { &finding.seen } else { "" },
        alone: if is_alone { position + 1 } else { 0 },
    }
}

/// Returns the last name of a pointer with its slash, and the `*` behind it: `/tags/*` of
/// `/data/tags/*`.
fn member(at: &str) -> &str {
    let named = at.trim_end_matches("/*");
    at.get(named.rfind('/').unwrap_or(0)..).unwrap_or(at)
}

impl<'f> Cause<'f> {
    /// Returns the first finding.
    pub(super) fn lead(&self) -> Option<&'f Finding> {
        self.findings.first().copied()
    }

    /// Returns whether it stands for several findings.
    pub(super) fn is_shared(&self) -> bool {
        self.findings.len() > 1
    }

    /// Returns the last name of the places, such as `…/node_id`.
    pub(super) fn member(&self, language: Language) -> String {
        let at = self.lead().map(|lead| lead.at.as_str()).unwrap_or_default();
        match member(at) {
            "" => texts::THE_WHOLE.of(language).to_owned(),
            member => format!("…{member}"),
        }
    }

    /// Describes the extent, such as `24 places of 22 operations`.
    pub(super) fn extent(&self, language: Language) -> String {
        let operations: BTreeSet<&str> =
            self.findings.iter().map(|one| operation(one, language)).collect();
        let (places, operations) = (self.findings.len() as u64, operations.len() as u64);
        let places = texts::PLACES.counted(places, language);
        let operations = texts::OPERATION.counted(operations, language);
        filled(texts::COUNT_OF, language, &[&places, &operations])
    }

    /// Returns the spec and the extent, such as `hubsoft: 24 places of 22 operations`.
    pub(super) fn name(&self, lead: &Finding, language: Language) -> String {
        match lead.spec.as_str() {
            "" => self.extent(language),
            spec => format!("{spec}: {}", self.extent(language)),
        }
    }

    /// Returns the different values that were seen, of which the first are listed.
    pub(super) fn seen(&self, language: Language) -> String {
        let mut ways: Vec<&str> = Vec::new();
        for finding in &self.findings {
            if !ways.contains(&finding.seen.as_str()) && ways.len() <= MAX_WAYS {
                ways.push(&finding.seen);
            }
        }
        if ways.len() > MAX_WAYS {
            ways.truncate(MAX_WAYS);
            ways.push(texts::OTHERS.of(language));
        }
        ways.join("; ")
    }

    /// Returns how often the cause was seen at all places together.
    pub(super) fn how_often(&self, language: Language) -> String {
        let sum = |number: fn(&Finding) -> u64| {
            self.findings.iter().fold(0, |all: u64, one| all.saturating_add(number(one)))
        };
        filled(texts::COUNT_OF, language, &[&sum(|one| one.count), &sum(|one| one.of)])
    }
}
