//! What is promised and never came: operations, cases, fields, enum values.
//!
//! Only answers count. Below a field that was never seen nothing is said, nor
//! of objects that did not come: they would be one absence told many times.

use super::{Comparison, Spot, Words, grouped, phrase};
use crate::contract::{Body, Contract, Operation};
use crate::finding::Finding;
use crate::rules::Rule;
use crate::shape::{Alternatives, Kind, Scalar, Shape, Tally};

/// What `promised` has that `observed` never met. `count` is how often it could
/// have come, and so is `of`.
pub fn coverage(promised: &Contract, observed: &Contract) -> Vec<Finding> {
    let mut comparison = Comparison { promised, envelope: None, parts: Vec::new(), n_sets: 0 };
    for (id, operation) in &promised.operations {
        let seen = observed.operations.get(id).filter(|seen| seen.exchanges.count > 0);
        match seen {
            Some(seen) => comparison.never_answered(id, operation, seen),
            None => {
                let words = format!("{} {}", operation.method, operation.path);
                let spot = Spot::answer(id, None);
                comparison.never(&spot, Rule::OperationNeverSeen, words, observed.exchanges);
            }
        }
    }
    grouped(comparison.parts)
}

impl Comparison<'_> {
    fn never(&mut self, spot: &Spot, rule: Rule, promised: String, of: u64) {
        // A finding needs a count; what never came is counted by its chances.
        let tally = Tally { count: of.max(1), first: None };
        let seen = "never".to_owned();
        self.add(spot, rule, Words { promised, seen, tally: &tally, of, ..Words::default() });
    }

    fn never_answered(&mut self, id: &str, promised: &Operation, seen: &Operation) {
        for (key, body) in &promised.responses {
            let of_key: Vec<(&String, &Body)> = seen
                .responses
                .iter()
                .filter(|(status, _)| {
                    status.parse().ok().and_then(|status| promised.response_key(status)).as_ref() == Some(key)
                })
                .collect();
            let spot = Spot::answer(id, key.parse().ok());
            for (name, media) in &body.media {
                let shape = of_key
                    .iter()
                    .filter_map(|(_, body)| body.media.get(name))
                    .fold(Shape::default(), |all, media| all.join(&media.shape));
                self.never_in(&spot, &media.shape, &shape);
            }
        }
    }

    fn never_in(&mut self, spot: &Spot, promised: &Shape, observed: &Shape) {
        let (promised, _) = self.promised.resolve(promised);
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
            match observed.fields.get(name).filter(|seen| seen.present > 0) {
                Some(seen) => self.never_in(&spot, &field.shape, &seen.shape),
                None if field.is_write_only => (),
                None => {
                    let words = phrase::promise(self.promised, &field.shape);
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
            match seen {
                Some(seen) => self.never_in(&spot, &branch.shape, &seen.shape),
                None if is_case && !name.is_empty() => {
                    self.never(&spot, Rule::CaseNeverSeen, name.clone(), observed.count());
                }
                None => (),
            }
        }
    }

    /// One finding for all values of an enum that never came.
    fn never_valued(&mut self, spot: &Spot, promised: &Shape, observed: &Shape) {
        let values = promised.values.iter().flatten();
        let missing: Vec<String> = values
            .filter(|value| **value != Scalar::Null && !observed.seen.values.contains_key(value))
            .map(Scalar::phrase)
            .collect();
        if !missing.is_empty() {
            let of = observed.count();
            self.never(spot, Rule::EnumValueNeverSeen, missing.join(", "), of);
        }
    }
}
