//! Holds one witness's account of an API, ready to be joined and compared.
//!
//! Promised by a spec, documented by a page or observed on the wire, it is the
//! same type. What was observed can be written to a file ([`ContractFile`]), so
//! that a share of the traffic can be observed anywhere and joined later.
//!
//! Invariants:
//!
//! * [`Contract::join`] obeys the laws of [`Shape::join`].
//! * Its size depends on what was promised, never on how much was observed.

mod body;
mod file;
mod operation;
mod paging;
mod places;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::{Deserialize, Serialize};

use crate::shape::{Shape, Tally, bound, merged};
use prumo_spec::Kind;
pub(crate) use prumo_spec::openapi::MAX_HOPS;

pub use body::{Body, Contradiction, Media, Unreadable};
pub(crate) use body::{is_form, is_json};
pub use file::{ContractFile, ContractFileError, ContractFileFault};
pub use operation::{Envelope, Operation, Parameter, Style};
pub use paging::{PageSize, Paging, Webhook};

/// How deep a body may nest.
pub const MAX_DEPTH: usize = 128;

/// One witness's account of an API.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Contract {
    /// The spec's file name; the same in what was observed against it.
    pub name: String,
    /// Paths of the servers (`/v2.0`), without trailing slash; empty ones left out.
    #[serde(skip_serializing_if = "is_default")]
    pub stems: Vec<String>,
    /// The operations by `operationId`.
    pub operations: BTreeMap<String, Operation>,
    /// Shapes that [`Shape::references`] names; nothing that was observed refers to any.
    #[serde(skip_serializing_if = "is_default", skip_deserializing)]
    pub shapes: BTreeMap<String, Shape>,
    /// Requests that no operation takes: method and masked path, or the
    /// operation's name as the recording has it.
    #[serde(skip_serializing_if = "is_default")]
    pub strangers: BTreeMap<String, Tally>,
    /// Parts of the spec that cannot be judged, as `file:line:column: construct at pointer`.
    #[serde(skip_serializing_if = "is_default")]
    pub unjudged: Vec<String>,
    /// Exchanges that were looked at.
    pub exchanges: u64,
}

impl Contract {
    /// Both together: counts add up, promises widen.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        let mut joined = self.clone();
        joined.absorb(other.clone());
        joined
    }

    /// Adds `other`, as [`Self::join`] does, without a copy of what only one of them has.
    pub fn absorb(&mut self, other: Self) {
        let Self { name, stems, operations, shapes, strangers, unjudged, exchanges } = other;
        if self.name < name {
            self.name = name;
        }
        self.stems = union(&self.stems, &stems);
        for (id, theirs) in operations {
            match self.operations.entry(id) {
                Entry::Occupied(mut mine) => mine.get_mut().absorb(&theirs),
                Entry::Vacant(place) => {
                    place.insert(theirs);
                }
            }
        }
        self.shapes = merged(&self.shapes, &shapes, |mine, theirs| *mine = mine.join(theirs));
        self.strangers = merged(&self.strangers, &strangers, Tally::absorb);
        bound(&mut self.strangers);
        self.unjudged = union(&self.unjudged, &unjudged);
        self.exchanges = self.exchanges.saturating_add(exchanges);
    }
}

impl Contract {
    /// Returns the shape behind a reference, and whether one on the way adds null.
    pub fn resolve<'s>(&'s self, shape: &'s Shape) -> (&'s Shape, bool) {
        let mut shape = shape;
        let mut or_null = false;
        for _ in 0..MAX_HOPS {
            let only = shape.references.first().filter(|_| shape.references.len() == 1);
            let Some(named) = only.and_then(|name| self.shapes.get(name)) else {
                break;
            };
            or_null |= shape.kinds.contains_key(&Kind::Null);
            shape = named;
        }
        (shape, or_null)
    }
}

fn union(mine: &[String], theirs: &[String]) -> Vec<String> {
    let mut all: Vec<String> = mine.iter().chain(theirs).cloned().collect();
    all.sort();
    all.dedup();
    all
}

/// Returns whether a value is left out of the file.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
