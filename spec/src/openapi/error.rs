//! Why a spec cannot be judged: file, line, pointer and construct.

use crate::document::Document;

/// A construct of a spec that the judge cannot use.
///
/// It is an error, not a finding: going on would pass answers unseen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {fault} at `{pointer}`")]
pub struct SpecError {
    /// The spec's file.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// 1-based column.
    pub column: usize,
    /// JSON Pointer into the document.
    pub pointer: String,
    /// What is wrong there.
    pub fault: SpecFault,
}

/// What is wrong with a construct.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecFault {
    /// Not an OpenAPI document of a version that is read.
    #[error("`openapi: {version}` is not read, only 3.0")]
    Version {
        /// What the document says, `?` when it says nothing.
        version: String,
    },
    /// Something else stands where one kind of value belongs.
    #[error("{expected} expected")]
    Expected {
        /// What belongs there.
        expected: &'static str,
    },
    /// A reference into another file or a URL.
    #[error("reference `{target}` leaves the document")]
    ExternalReference {
        /// The reference.
        target: String,
    },
    /// A reference to nothing.
    #[error("reference `{target}` leads nowhere")]
    DeadReference {
        /// The reference.
        target: String,
    },
    /// References that never reach a schema.
    #[error("reference `{target}` comes back to itself")]
    Circular {
        /// The reference.
        target: String,
    },
    /// A `type` that OpenAPI 3.0 does not have.
    #[error("type `{name}` is not one of OpenAPI 3.0")]
    UnknownType {
        /// The type.
        name: String,
    },
    /// Two operations of one name.
    #[error("operation `{id}` is defined twice")]
    DuplicateOperation {
        /// The `operationId`.
        id: String,
    },
    /// Too many combinations of branches, or too deep a schema.
    #[error("schema is too complex: {what}")]
    TooComplex {
        /// What there is too much of.
        what: &'static str,
    },
    /// A schema that no value can fit.
    #[error("no value fits both sides of this `allOf`")]
    Impossible,
}

impl SpecError {
    pub(super) fn new(document: &Document, pointer: &str, fault: SpecFault) -> Self {
        let position = document.nearest_position(pointer);
        Self {
            file: document.file_at(pointer).to_owned(),
            line: position.line,
            column: position.column,
            pointer: pointer.to_owned(),
            fault,
        }
    }

    /// What most likely mends it, for the line after the error.
    pub fn hint(&self) -> Option<&'static str> {
        match &self.fault {
            SpecFault::Version { .. } => Some("convert the document to OpenAPI 3.0.3"),
            SpecFault::ExternalReference { .. } => Some("bundle the document into one file"),
            SpecFault::UnknownType { .. } => {
                Some("array boolean integer number object string; for null use `nullable: true`")
            }
            SpecFault::Expected { .. }
            | SpecFault::DeadReference { .. }
            | SpecFault::Circular { .. }
            | SpecFault::DuplicateOperation { .. }
            | SpecFault::TooComplex { .. }
            | SpecFault::Impossible => None,
        }
    }
}
