//! Turns an OpenAPI 3.0 document into the contract that it promises.
//!
//! Invariants:
//!
//! * A construct that can't be read is a [`SpecError`] that names file, line, pointer and
//!   construct. No restriction on a value is dropped silently: a pattern that can't be judged, or a
//!   keyword of another dialect, is listed in [`Contract::unjudged`].
//! * Only the parts that an operation reaches are read. Unused components, and keywords that do not
//!   restrict values, are left to the lint.
//! * Schemas refer to each other by name, so they may be recursive.
//! * A `discriminator` without `oneOf` stands for the components that refer to its schema by
//!   `allOf`: where the parent is promised, any of them may come.

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
/// Returns an error for the first construct that can't be judged.
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
    /// Named shapes that have been read.
    shapes: BTreeMap<String, Shape>,
    /// Names that are being read.
    open: BTreeSet<String>,
    /// For each enum, its first value in the spec.
    first_values: BTreeMap<BTreeSet<Scalar>, Scalar>,
    /// Referenced names that have not been read yet.
    waiting: Vec<String>,
    /// Constructs that can't be judged: file, position, pointer and description.
    unjudged: BTreeSet<(&'d str, Position, String, &'static str)>,
    depth: usize,
    meet_depth: usize,
    /// The number of branches that the current outermost merge has given so far.
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
