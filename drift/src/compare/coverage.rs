//! Finds promises that never occurred: operations, statuses, cases, fields, enum values.
//!
//! Only responses count, since the caller decides about requests. Nothing below a status, field or
//! object that never occurred is listed or counted, since that would report one gap many times.
//! Headers count only where headers were recorded.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Comparison, Spot, Words, grouped, phrase};
use crate::contract::{self, Body, Contract, Parameter};
use crate::finding::Finding;
use crate::rules::Rule;
use crate::shape::{Alternatives, Scalar, Shape, Tally};
use prumo_spec::Kind;

/// The coverage of one operation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationCoverage {
    /// The name of its spec.
    #[serde(default)]
    pub spec: String,
    /// The `operationId`.
    pub operation: String,
    /// The number of its exchanges.
    pub exchanges: u64,
    /// Its statuses, including ranges and `default`.
    pub statuses: Extent,
    /// The cases in the envelopes of the statuses that were seen.
    pub cases: Extent,
    /// The fields of the objects that were seen, and the headers of responses.
    pub fields: Extent,
    /// The values of the enums that were seen.
    pub values: Extent,
}

/// A number of promises, and how many of them occurred.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// The number that occurred.
    pub seen: u64,
    /// The number that are promised.
    pub promised: u64,
}

/// The coverage of one field of a response, or of one header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldCoverage {
    /// The name of its spec.
    pub spec: String,
    /// The `operationId`.
    pub operation: String,
    /// HTTP status of the response; `None` for a range and for `default`.
    pub status: Option<u16>,
    /// Name of the envelope's case; `None` if the response has only one.
    pub case: Option<String>,
    /// JSON Pointer with `*` for array items and map entries.
    pub at: String,
    /// The number of objects, or responses, that had it.
    pub present: u64,
    /// The number of objects, or responses, that could have it.
    pub of: u64,
}

/// Returns a finding for each promise that `observed` never met. Its `count` and `of` are the
/// number of times that the promise could have occurred.
pub fn coverage(promised: &Contract, observed: &Contract) -> Vec<Finding> {
    walk(promised, observed).gaps
}

/// Returns the coverage of each promised operation, sorted by name.
pub fn covered(promised: &Contract, observed: &Contract) -> Vec<OperationCoverage> {
    walk(promised, observed).covered
}

/// Returns the coverage of each field of the objects that were seen, and of each header.
pub fn field_coverage(promised: &Contract, observed: &Contract) -> Vec<FieldCoverage> {
    walk(promised, observed).fields
}

/// The results of a walk over all operations.
struct Walked {
    gaps: Vec<Finding>,
    covered: Vec<OperationCoverage>,
    fields: Vec<FieldCoverage>,
}

fn walk(promised: &Contract, observed: &Contract) -> Walked {
    let mut walk = Walk {
        comparison: Comparison::new(promised),
        covered: OperationCoverage::default(),
        fields: Vec::new(),
    };
    let mut all_covered = Vec::new();
    for (id, operation) in &promised.operations {
        let seen = observed.operations.get(id).filter(|seen| seen.exchanges.count > 0);
        walk.covered = OperationCoverage {
            spec: promised.name.clone(),
            operation: id.clone(),
            ..OperationCoverage::default()
        };
        match seen {
            Some(seen) => walk.never_answered(id, operation, seen),
            None => {
                let words = match operation.webhook {
                    Some(_) => format!("{} by the vendor", operation.method),
                    None => format!("{} {}", operation.method, operation.path),
                };
                let spot = Spot::answer(id, None);
                walk.never(&spot, Rule::OperationNeverSeen, words, observed.exchanges);
            }
        }
        all_covered.push(std::mem::take(&mut walk.covered));
    }
    Walked { gaps: grouped(walk.comparison.parts), covered: all_covered, fields: walk.fields }
}

/// Collects the gaps of one operation.
struct Walk<'c> {
    comparison: Comparison<'c>,
    covered: OperationCoverage,
    fields: Vec<FieldCoverage>,
}

impl Extent {
    fn add(&mut self, is_seen: bool) {
        self.promised += 1;
        self.seen += u64::from(is_seen);
    }
}

impl Walk<'_> {
    fn never(&mut self, spot: &Spot, rule: Rule, promised: String, of: u64) {
        // A gap counts how often the promise could have occurred, which may be never.
        let tally = Tally { count: of, first: None };
        let seen = "never".to_owned();
        self.comparison.push(spot, rule, Words::new(promised, seen, &tally, of));
    }

    /// Counts a field that occurred `present` times of `of`.
    fn field(&mut self, spot: &Spot, present: u64, of: u64) {
        self.covered.fields.add(present > 0);
        self.fields.push(FieldCoverage {
            spec: self.covered.spec.clone(),
            operation: self.covered.operation.clone(),
            status: spot.status,
            case: spot.case.clone().filter(|case| !case.is_empty()),
            at: spot.at.clone(),
            present,
            of,
        });
    }

    fn never_answered(
        &mut self,
        id: &str,
        promised: &contract::Operation,
        seen: &contract::Operation,
    ) {
        self.covered.exchanges = seen.exchanges.count;
        for (key, body) in &promised.responses {
            let of_key: Vec<(&String, &Body)> = seen
                .responses
                .iter()
                .filter(|(status, _)| {
                    status.parse().ok().and_then(|status| promised.response_key(status))
                        == Some(key)
                })
                .collect();
            let spot = Spot::answer(id, key.parse().ok());
            let is_seen = of_key.iter().any(|(_, body)| body.seen.count > 0);
            self.covered.statuses.add(is_seen);
            if !is_seen {
                self.never(&spot, Rule::StatusNeverSeen, key.clone(), seen.exchanges.count);
            }
            for (name, media) in &body.media {
                let shape = of_key
                    .iter()
                    .filter_map(|(_, body)| body.media.get(name))
                    .fold(Shape::default(), |all, media| all.join(&media.shape));
                self.never_in(&spot, &media.shape, &shape);
            }
            let bodies: Vec<&Body> = of_key.iter().map(|(_, body)| *body).collect();
            self.never_headed(&spot, &body.headers, &bodies);
        }
    }

    /// Reports the missing headers in the responses of one status.
    fn never_headed(
        &mut self,
        spot: &Spot,
        promised: &BTreeMap<String, Parameter>,
        seen: &[&Body],
    ) {
        // A response that was recorded with headers has an entry for every promised one.
        let seen: Vec<&&Body> = seen.iter().filter(|body| !body.headers.is_empty()).collect();
        let n_answers = seen.iter().fold(0_u64, |all, body| all.saturating_add(body.seen.count));
        for (pointer, header) in promised.iter().filter(|_| n_answers > 0) {
            let spot = spot.at(pointer.clone());
            let came = seen.iter().filter_map(|body| body.headers.get(pointer));
            let came: Vec<&Parameter> = came.filter(|header| header.present.count > 0).collect();
            let n_came =
                came.iter().fold(0_u64, |all, header| all.saturating_add(header.present.count));
            self.field(&spot, n_came, n_answers);
            if came.is_empty() {
                let words = phrase::promise(self.comparison.promised, &header.shape);
                self.never(&spot, Rule::FieldNeverSeen, words, n_answers);
            }
            let shape = came.iter().fold(Shape::default(), |all, header| all.join(&header.shape));
            self.never_in(&spot, &header.shape, &shape);
        }
    }

    fn never_in(&mut self, spot: &Spot, promised: &Shape, observed: &Shape) {
        let (promised, _) = self.comparison.promised.resolve(promised);
        if let Some(alternatives) = &promised.alternatives {
            self.never_chosen(spot, alternatives, observed);
            return;
        }
        if observed.count() == 0 {
            return;
        }
        let n_objects = observed.kinds.get(&Kind::Object).map_or(0, |tally| tally.count);
        for (name, field) in promised.fields.iter().filter(|_| n_objects > 0) {
            let spot = spot.below(name);
            let seen = observed.fields.get(name).filter(|seen| seen.present > 0);
            if seen.is_none() && field.is_write_only {
                continue;
            }
            self.field(&spot, seen.map_or(0, |seen| seen.present), n_objects);
            match seen {
                Some(seen) => self.never_in(&spot, &field.shape, &seen.shape),
                None => {
                    let words = phrase::promise(self.comparison.promised, &field.shape);
                    self.never(&spot, Rule::FieldNeverSeen, words, n_objects);
                }
            }
        }
        if let (Some(promise), Some(seen)) = (&promised.item, &observed.item) {
            self.never_in(&spot.below("*"), promise, seen);
        }
        if let (Some(promise), Some(seen)) = (&promised.entries, &observed.entries) {
            self.never_in(&spot.below("*"), promise, seen);
        }
        self.never_valued(spot, promised, observed);
    }

    fn never_chosen(&mut self, spot: &Spot, promised: &Alternatives, observed: &Shape) {
        let is_case = promised.tag.is_some() && spot.at.is_empty();
        for (name, branch) in &promised.branches {
            let case = Some(name.clone()).filter(|_| is_case);
            let spot = Spot { case: case.clone(), ..spot.clone() };
            let seen = observed.alternatives.as_ref().and_then(|all| all.branches.get(name));
            if is_case && !name.is_empty() {
                self.covered.cases.add(seen.is_some());
            }
            match seen {
                Some(seen) => self.never_in(&spot, &branch.shape, &seen.shape),
                None if is_case && !name.is_empty() => {
                    self.never(&spot, Rule::CaseNeverSeen, name.clone(), observed.count());
                }
                None => (),
            }
        }
    }

    /// Reports all values of an enum that never occurred as one finding.
    fn never_valued(&mut self, spot: &Spot, promised: &Shape, observed: &Shape) {
        let mut missing = Vec::new();
        for value in promised.values.iter().flatten().filter(|value| **value != Scalar::Null) {
            let is_seen = observed.seen.values.contains_key(value);
            self.covered.values.add(is_seen);
            if !is_seen {
                missing.push(phrase::value(value));
            }
        }
        if !missing.is_empty() {
            let of = observed.count();
            self.never(spot, Rule::EnumValueNeverSeen, missing.join(", "), of);
        }
    }
}
