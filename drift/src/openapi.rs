//! Turns an OpenAPI 3.0 document into the contract that it promises.
//!
//! Invariants:
//!
//! * What cannot be read is a [`SpecError`] that names file, line, pointer and
//!   construct. Nothing that says something about a value is dropped without a
//!   word: a pattern that cannot be judged, or a keyword of another dialect, is
//!   listed in [`Contract::unjudged`].
//! * Only what an operation reaches is read. Unused components, and keywords
//!   that say nothing about a value, are the lint's business.
//! * Schemas refer to each other by name, so recursion is no obstacle.
//! * A `discriminator` without `oneOf` names the components that refer to its
//!   schema by `allOf`: where the parent is promised, any of them may come.

mod alternatives;
mod heirs;
mod meet;
mod operations;
mod paging;
mod parameters;
mod references;
mod schema;

use std::collections::{BTreeMap, BTreeSet};

use prumo_spec::document::{Document, Position};
use prumo_spec::openapi::OpenApi;

use crate::contract::Contract;
use crate::shape::{Scalar, Shape};

pub use prumo_spec::openapi::{SpecError, SpecFault};

/// Reads the contract that `document` promises.
///
/// # Errors
///
/// The first construct that cannot be judged.
pub fn read_openapi(document: &Document) -> Result<Contract, SpecError> {
    let api = OpenApi::new(document);
    let mut reader = Reader {
        api,
        shapes: BTreeMap::new(),
        open: BTreeSet::new(),
        first_values: BTreeMap::new(),
        waiting: Vec::new(),
        unjudged: BTreeSet::new(),
        depth: 0,
        meet_depth: 0,
        n_merged: 0,
    };
    api.check_version()?;
    let mut contract =
        Contract { name: document.file().to_owned(), stems: api.stems()?, ..Contract::default() };
    reader.operations(&mut contract)?;
    reader.webhooks(&mut contract)?;
    reader.drain()?;
    contract.shapes = reader.shapes;
    let place = |(file, position, pointer, what)| {
        let Position { line, column } = position;
        format!("{file}:{line}:{column}: {what} at `{pointer}`")
    };
    contract.unjudged = reader.unjudged.into_iter().map(place).collect();
    Ok(contract)
}

/// The state of reading one document.
struct Reader<'d> {
    api: OpenApi<'d>,
    /// Named shapes that are read.
    shapes: BTreeMap<String, Shape>,
    /// Names that are being read right now.
    open: BTreeSet<String>,
    /// For each enum the value that the spec names first.
    first_values: BTreeMap<BTreeSet<Scalar>, Scalar>,
    /// Names that are referred to and not read yet.
    waiting: Vec<String>,
    /// What judges nothing: where it stands, its pointer, what it is.
    unjudged: BTreeSet<(&'d str, Position, String, &'static str)>,
    depth: usize,
    meet_depth: usize,
    /// Branches that the outermost merge at hand gave so far.
    n_merged: usize,
}

impl Reader<'_> {
    fn leave_unjudged(&mut self, at: &str, what: &'static str) {
        let document = self.api.document();
        let (file, position) = (document.file_at(at), document.nearest_position(at));
        self.unjudged.insert((file, position, at.to_owned(), what));
    }

    fn fault(&self, at: &str, fault: SpecFault) -> SpecError {
        self.api.fault(at, fault)
    }
}
