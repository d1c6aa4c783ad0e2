//! Groups the findings of one rule at one place into one.
//!
//! Invariants:
//!
//! * A place that broke its promise in several ways lists each with its count.
//! * `of` counts every value once: faults in one set of values share it, and sets of different
//!   branches or media types add up.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::rules::Side;
use crate::rules::{Rule, Scope};

/// A finding before it is joined with others of its place.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) finding: Finding,
    /// The set of values that `of` counts.
    pub(crate) set: usize,
}

/// All findings of one rule at one place.
struct Group {
    finding: Finding,
    promised: Vec<String>,
    /// The descriptions of the values seen, with counts.
    seen: Vec<(String, u64)>,
    /// The size of each set of values.
    of: BTreeMap<usize, u64>,
}

/// Returns one finding for each rule and place, in order.
pub(crate) fn grouped(parts: Vec<Part>) -> Vec<Finding> {
    type Key = (Option<String>, Side, Option<u16>, Option<String>, String, Rule, String);
    let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
    for part in parts {
        let finding = &part.finding;
        // Only unknown requests differ in more than their place.
        let by_name = match finding.rule {
            Rule::OperationUnknown => finding.seen.clone(),
            _ => String::new(),
        };
        let key = (
            finding.operation.clone(),
            finding.side,
            finding.status,
            finding.case.clone(),
            finding.at.clone(),
            finding.rule,
            by_name,
        );
        match groups.get_mut(&key) {
            Some(group) => group.absorb(part),
            None => {
                groups.insert(key, Group::new(part));
            }
        }
    }
    groups.into_values().map(Group::told).collect()
}

impl Group {
    fn new(Part { finding, set }: Part) -> Self {
        Self {
            promised: vec![finding.promised.clone()],
            seen: vec![(finding.seen.clone(), finding.count)],
            of: BTreeMap::from([(set, finding.of)]),
            finding,
        }
    }

    fn absorb(&mut self, Part { finding, set }: Part) {
        self.finding.count = self.finding.count.saturating_add(finding.count);
        self.finding.severity = self.finding.severity.min(finding.severity);
        self.finding.first = match (self.finding.first.take(), finding.first) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let of = self.of.entry(set).or_default();
        *of = finding.of.max(*of);
        if !self.promised.contains(&finding.promised) {
            self.promised.push(finding.promised);
        }
        match self.seen.iter_mut().find(|(seen, _)| *seen == finding.seen) {
            Some((_, count)) => *count = count.saturating_add(finding.count),
            None => self.seen.push((finding.seen, finding.count)),
        }
    }

    fn told(self) -> Finding {
        let of = self.of.values().fold(0, |all: u64, of| all.saturating_add(*of));
        let is_coverage = self.finding.rule.row().scope == Scope::Coverage;
        // A gap counts how often the promise could have occurred.
        let count = if is_coverage { of } else { self.finding.count };
        let of = of.max(count);
        let seen = match self.seen.as_slice() {
            [(only, _)] => only.clone(),
            ways => {
                let ways: Vec<String> =
                    ways.iter().map(|(seen, n)| format!("{seen}, {n} of {of}")).collect();
                ways.join("; ")
            }
        };
        Finding { promised: self.promised.join(" or "), seen, count, of, ..self.finding }
    }
}
