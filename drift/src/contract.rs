//! Describes an API according to one witness, so that descriptions can be joined and compared.
//!
//! Whether an API was promised by a spec, documented by a page or observed on the wire, the type is
//! the same. Observations can be written to a file ([`ContractFile`]), so that shares of the
//! traffic can be observed on several machines and joined later.
//!
//! Invariants:
//!
//! * [`Contract::join`] obeys the laws of [`Shape::join`].
//! * Its size depends on the promise, never on the number of observations.

mod body;
mod budget;
mod file;
mod ledger;
mod left_out;
mod operation;
mod paging;
mod places;
pub(crate) mod reached;
mod shard;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::{Deserialize, Serialize};

use crate::shape::{MAX_STRANGERS, Shape, Tally, count, keep_endpoints, merge, sum};
use prumo_spec::Kind;
pub(crate) use prumo_spec::openapi::MAX_HOPS;

pub use body::{Body, Contradiction, Media, Unreadable};
pub(crate) use body::{is_form, is_json};
pub use file::{ContractFile, ContractFileError, ContractFileFault};
pub use ledger::{Ledger, LedgerError, Promised, promises};
pub use left_out::LeftOut;
pub use operation::{Envelope, Operation, Parameter, Style};
pub use paging::{PageSize, Paging, Webhook};
pub use shard::{Shard, ShardSum};

/// The greatest depth of a body.
pub const MAX_DEPTH: usize = 128;

/// An API according to one witness.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Contract {
    /// The spec's name, also in observations along it.
    pub name: String,
    /// Paths of the servers (`/v2.0`), without trailing slashes and without empty ones. A variable
    /// (`/{tenant}`) stands for any segment.
    #[serde(skip_serializing_if = "is_default")]
    pub stems: Vec<String>,
    /// Hosts of the servers, with a port unless it is the default one. A variable
    /// (`{tenant}.example.com`) stands for any text. Only a promise has them.
    #[serde(skip_serializing_if = "is_default", skip_deserializing)]
    pub hosts: Vec<String>,
    /// The operations by `operationId`.
    pub operations: BTreeMap<String, Operation>,
    /// The shapes that [`Shape::references`] names; observations have no references.
    #[serde(skip_serializing_if = "is_default", skip_deserializing)]
    pub shapes: BTreeMap<String, Shape>,
    /// Requests that no operation takes: method and masked path, or the operation's name in the
    /// recording.
    #[serde(skip_serializing_if = "is_default")]
    pub strangers: BTreeMap<String, Tally>,
    /// Recorded messages that were not judged.
    #[serde(skip_serializing_if = "is_default")]
    pub left_out: LeftOut,
    /// Parts of the spec that can't be judged, as `file:line:column: construct at pointer`.
    #[serde(skip_serializing_if = "is_default")]
    pub unjudged: Vec<String>,
    /// The number of judged exchanges.
    #[serde(deserialize_with = "count")]
    pub exchanges: u64,
}

/// Returns the name of a spec: the name of its file, without folders and without `.yaml`, `.yml` or
/// `.json`.
pub fn spec_name(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let bare = [".yaml", ".yml", ".json"].iter().find_map(|ending| name.strip_suffix(ending));
    bare.filter(|bare| !bare.is_empty()).unwrap_or(name).to_owned()
}

impl Contract {
    /// Joins both: counts add up, promises widen.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        let mut joined = self.clone();
        joined.absorb(other.clone());
        joined
    }

    /// Adds `other` like [`Self::join`], without copying what only one side has.
    pub fn absorb(&mut self, other: Self) {
        let Self {
            name,
            stems,
            hosts,
            operations,
            shapes,
            strangers,
            left_out,
            unjudged,
            exchanges,
        } = other;
        if self.name < name {
            self.name = name;
        }
        self.stems = union(&self.stems, &stems);
        self.hosts = union(&self.hosts, &hosts);
        for (id, theirs) in operations {
            match self.operations.entry(id) {
                Entry::Occupied(mut mine) => mine.get_mut().absorb(&theirs),
                Entry::Vacant(place) => {
                    place.insert(theirs);
                }
            }
        }
        merge(&mut self.shapes, &shapes, Shape::absorb);
        merge(&mut self.strangers, &strangers, Tally::absorb);
        keep_endpoints(&mut self.strangers, MAX_STRANGERS);
        self.left_out.absorb(&left_out);
        self.unjudged = union(&self.unjudged, &unjudged);
        self.exchanges = sum(self.exchanges, exchanges);
    }
}

impl Contract {
    /// Returns the shape behind a reference, and whether a reference on the way adds null.
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

#[cfg(test)]
mod tests {
    use super::spec_name;

    #[test]
    fn a_spec_is_named_like_its_file() {
        let rows = [
            ("specs/acme.yaml", "acme"),
            ("acme.v2.yml", "acme.v2"),
            (r"specs\acme.json", "acme"),
            ("acme", "acme"),
            ("specs/.yaml", ".yaml"),
            ("", ""),
        ];
        for (file, expect) in rows {
            assert_eq!(spec_name(file), expect, "file `{file}`");
        }
    }
}
