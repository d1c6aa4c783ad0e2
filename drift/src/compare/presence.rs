//! Counts how often each member of the responses was there, and how often it was null.
//!
//! A night keeps these numbers, so that a later one can say that a member vanished or became rare,
//! although the promise lets it be absent.

use std::collections::BTreeMap;

use prumo_spec::{Kind, below};
use serde::{Deserialize, Serialize};

use crate::contract::Contract;
use crate::shape::Shape;

/// How often one member of a response was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// Where the member is.
    #[serde(flatten)]
    pub member: Member,
    /// The number of objects that had it.
    pub present: u64,
    /// The number of objects that could have had it.
    pub of: u64,
    /// How often it was null.
    pub nulls: u64,
}

/// The place of a member in the responses of an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Member {
    /// The `operationId`.
    pub operation: String,
    /// The HTTP status.
    pub status: String,
    /// The case of the envelope; empty if there is none.
    pub case: String,
    /// JSON Pointer with `*` for array items and map entries.
    pub at: String,
}

/// Counts the members of all observed responses, sorted by place.
///
/// Members that were never there are counted, too, if the object that could have them was there.
pub fn presence(observed: &Contract) -> Vec<Presence> {
    let mut counts = Counts::default();
    for (id, operation) in &observed.operations {
        for (status, body) in &operation.responses {
            for media in body.media.values() {
                let place = Member {
                    operation: id.clone(),
                    status: status.clone(),
                    case: String::new(),
                    at: String::new(),
                };
                counts.add(&media.shape, &place, true);
            }
        }
    }
    let row = |(member, [present, of, nulls]): (Member, [u64; 3])| Presence {
        member,
        present,
        of,
        nulls,
    };
    counts.0.into_iter().map(row).collect()
}

/// For each member: how often it was present, could have been, and was null.
#[derive(Default)]
struct Counts(BTreeMap<Member, [u64; 3]>);

impl Counts {
    fn add(&mut self, shape: &Shape, place: &Member, is_outermost: bool) {
        let n_of = |shape: &Shape, kind| shape.kinds.get(&kind).map_or(0, |tally| tally.count);
        let n_objects = n_of(shape, Kind::Object);
        for (name, field) in &shape.fields {
            let member = Member { at: below(&place.at, name), ..place.clone() };
            if n_objects > 0 {
                let counted = self.0.entry(member.clone()).or_default();
                let more = [field.present, n_objects, n_of(&field.shape, Kind::Null)];
                counted
                    .iter_mut()
                    .zip(more)
                    .for_each(|(sum, more)| *sum = sum.saturating_add(more));
            }
            self.add(&field.shape, &member, false);
        }
        for within in shape.item.iter().chain(&shape.entries) {
            self.add(within, &Member { at: below(&place.at, "*"), ..place.clone() }, false);
        }
        for (name, branch) in shape.alternatives.iter().flat_map(|all| &all.branches) {
            let case = if is_outermost { name.clone() } else { place.case.clone() };
            self.add(&branch.shape, &Member { case, ..place.clone() }, false);
        }
    }
}
