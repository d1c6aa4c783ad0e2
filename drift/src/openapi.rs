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
mod error;
mod heirs;
mod meet;
mod operations;
mod paging;
mod parameters;
mod references;
mod schema;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::contract::Contract;
use crate::shape::{Scalar, Shape};
use prumo_spec::document::{Document, Position, below};

pub use error::{SpecError, SpecFault};

/// Reads the contract that `document` promises.
///
/// # Errors
///
/// The first construct that cannot be judged.
pub fn read_openapi(document: &Document) -> Result<Contract, SpecError> {
    let mut reader = Reader {
        document,
        root: document.value(),
        shapes: BTreeMap::new(),
        open: BTreeSet::new(),
        first_values: BTreeMap::new(),
        waiting: Vec::new(),
        unjudged: BTreeSet::new(),
        depth: 0,
        meet_depth: 0,
        n_merged: 0,
    };
    reader.version()?;
    let mut contract = Contract {
        name: document.file().to_owned(),
        stems: reader.stems("", reader.root)?,
        ..Contract::default()
    };
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
    document: &'d Document,
    root: &'d Value,
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

impl<'d> Reader<'d> {
    fn version(&self) -> Result<(), SpecError> {
        let root = self.object("", self.root, "an OpenAPI document")?;
        match root.get("openapi") {
            Some(Value::String(version)) if version == "3.0" || version.starts_with("3.0.") => Ok(()),
            Some(Value::Number(version)) if version.to_string() == "3.0" => Ok(()),
            other => {
                let version = match other.or_else(|| root.get("swagger")) {
                    Some(Value::String(version)) => version.clone(),
                    Some(Value::Number(version)) => version.to_string(),
                    _ => "?".to_owned(),
                };
                Err(self.fault("/openapi", SpecFault::Version { version }))
            }
        }
    }

    fn leave_unjudged(&mut self, at: &str, what: &'static str) {
        let (file, position) = (self.document.file_at(at), self.document.nearest_position(at));
        self.unjudged.insert((file, position, at.to_owned(), what));
    }

    fn fault(&self, at: &str, fault: SpecFault) -> SpecError {
        SpecError::new(self.document, at, fault)
    }

    fn object<'v>(
        &self,
        at: &str,
        value: &'v Value,
        expected: &'static str,
    ) -> Result<&'v Map<String, Value>, SpecError> {
        value.as_object().ok_or_else(|| self.fault(at, SpecFault::Expected { expected }))
    }

    fn list<'v>(&self, at: &str, value: &'v Value) -> Result<&'v [Value], SpecError> {
        let expected = "a list";
        value.as_array().map(Vec::as_slice).ok_or_else(|| self.fault(at, SpecFault::Expected { expected }))
    }

    fn text<'v>(
        &self,
        at: &str,
        object: &'v Map<String, Value>,
        name: &str,
    ) -> Result<Option<&'v str>, SpecError> {
        match object.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.fault(&below(at, name), SpecFault::Expected { expected: "a text" })),
        }
    }

    fn flag(&self, at: &str, object: &Map<String, Value>, name: &str) -> Result<bool, SpecError> {
        match object.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => {
                let expected = "`true` or `false`";
                Err(self.fault(&below(at, name), SpecFault::Expected { expected }))
            }
        }
    }
}
