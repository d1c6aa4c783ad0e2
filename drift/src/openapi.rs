//! Turns an OpenAPI 3.0 document into the contract that it promises.
//!
//! Invariants:
//!
//! * A construct that can't be read costs only the schema, parameter or body that it is part of,
//!   for which any value is then allowed. It is a [`SpecError`] that names file, line, pointer and
//!   construct, and is listed in [`Contract::unjudged`].
//! * No restriction on a value is dropped silently: a pattern that can't be judged, or a keyword of
//!   another dialect, is listed there, too.
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
use prumo_spec::openapi::{OpenApi, Schema};

use crate::contract::{Contract, spec_name};
use crate::shape::{Scalar, Shape};

pub use prumo_spec::openapi::{SpecError, SpecFault};

/// The most constructs of one document that are left unread.
const MAX_FAULTS: usize = 200;

/// Reads the contract that `document` promises, as far as it can be judged.
///
/// # Errors
///
/// Returns an error if the document as a whole can't be read: another version, no paths, or too
/// many faults.
pub fn read_openapi(document: &Document) -> Result<Contract, SpecError> {
    read_openapi_and_faults(document).map(|(contract, _)| contract)
}

/// Reads the contract that `document` promises, and returns the constructs that can't be read, in
/// the order in which they were found.
///
/// # Errors
///
/// Fails like [`read_openapi`].
pub fn read_openapi_and_faults(
    document: &Document,
) -> Result<(Contract, Vec<SpecError>), SpecError> {
    let api = OpenApi::new(document);
    let mut reader = Reader {
        api,
        shapes: BTreeMap::new(),
        open: BTreeSet::new(),
        first_values: BTreeMap::new(),
        waiting: Vec::new(),
        postponed: BTreeMap::new(),
        unjudged: BTreeSet::new(),
        faults: Vec::new(),
        depth: 0,
        meet_depth: 0,
        n_merged: 0,
        n_met: 0,
        n_met_in_all: 0,
    };
    api.check_version()?;
    let servers = reader.or_default(api.servers())?;
    let mut contract = Contract { name: spec_name(document.file()), ..Contract::default() };
    operations::add_servers(&mut contract, servers);
    reader.operations(&mut contract)?;
    reader.webhooks(&mut contract)?;
    reader.drain()?;
    contract.shapes = reader.shapes;
    let place = |(file, position, pointer, what)| {
        let Position { line, column } = position;
        format!("{file}:{line}:{column}: {what} at `{pointer}`")
    };
    let unread = |error: &SpecError| match error.hint() {
        Some(hint) => format!("{error} (hint: {hint})"),
        None => error.to_string(),
    };
    contract.unjudged = reader.faults.iter().map(unread).collect();
    contract.unjudged.extend(reader.unjudged.into_iter().map(place));
    let widened = api.mends().iter().filter(|mend| mend.is_widened).map(|mend| {
        let (file, Position { line, column }) =
            (document.file_at(&mend.at), document.nearest_position(&mend.at));
        format!("{file}:{line}:{column}: {} at `{}`", mend.message, mend.at)
    });
    contract.unjudged.extend(widened);
    Ok((contract, reader.faults))
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
    /// Schemas without a name that are read later, by their place.
    postponed: BTreeMap<String, Schema<'d>>,
    /// Constructs that can't be judged: file, position, pointer and description.
    unjudged: BTreeSet<(&'d str, Position, String, &'static str)>,
    /// Constructs that can't be read.
    faults: Vec<SpecError>,
    depth: usize,
    meet_depth: usize,
    /// The number of branches that the current outermost merge has given so far.
    n_merged: usize,
    /// The number of shapes that the current outermost merge has made so far.
    n_met: usize,
    /// The number of shapes that all merges of the document have made.
    n_met_in_all: usize,
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

    /// Returns what was read, or `None` if it can't be, which is then recorded.
    ///
    /// # Errors
    ///
    /// Returns the fault if there are too many.
    fn if_read<T>(&mut self, read: Result<T, SpecError>) -> Result<Option<T>, SpecError> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(error) if self.faults.len() >= MAX_FAULTS => Err(error),
            Err(error) => {
                if !self.faults.contains(&error) {
                    self.faults.push(error);
                }
                Ok(None)
            }
        }
    }

    fn or_default<T: Default>(&mut self, read: Result<T, SpecError>) -> Result<T, SpecError> {
        Ok(self.if_read(read)?.unwrap_or_default())
    }

    /// Returns the shape that was read, or any shape instead.
    fn or_any(&mut self, read: Result<Shape, SpecError>) -> Result<Shape, SpecError> {
        Ok(self.if_read(read)?.unwrap_or_else(Shape::any))
    }
}
