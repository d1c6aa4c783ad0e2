//! The reasons why a spec can't be judged, each with file, line, pointer and construct.

use crate::document::{CONVERT, Document};
use crate::version::Version;

/// A construct of a spec that the judge can't use.
///
/// It is an error and not a finding, since the judge would otherwise pass responses that it never
/// checked.
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
    /// The fault at the pointer.
    pub fault: SpecFault,
}

/// A fault of a construct.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecFault {
    /// Not an OpenAPI document of a supported version.
    #[error("{version} is not supported, only OpenAPI 3.0 and 3.1")]
    Version {
        /// The document's version.
        version: Version,
    },
    /// A document that states no version.
    #[error("not an OpenAPI document: the version `openapi` is missing")]
    NoVersion,
    /// A value of the wrong kind.
    #[error("{expected} expected")]
    Expected {
        /// The expected kind.
        expected: &'static str,
    },
    /// `null` where something else belongs.
    #[error("null where {expected} belongs")]
    Null {
        /// The expected kind.
        expected: &'static str,
    },
    /// A `type` that is a list.
    #[error("`type` is a list, but OpenAPI 3.0 has one type")]
    TypeList,
    /// A reference into another file or a URL.
    #[error("reference `{target}` leaves the document")]
    ExternalReference {
        /// The reference.
        target: String,
    },
    /// A reference without a target.
    #[error("reference `{target}` leads nowhere")]
    DeadReference {
        /// The reference.
        target: String,
    },
    /// References that lead to each other and never to a schema.
    #[error("reference `{target}` leads back to itself")]
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
    /// Two operations with the same name.
    #[error("operation `{id}` is defined twice")]
    DuplicateOperation {
        /// The `operationId`.
        id: String,
    },
    /// Too many combinations of branches, or too deep a schema.
    #[error("schema is too complex: {what}")]
    TooComplex {
        /// The part that is too large.
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

    /// Returns the most likely remedy, for the line after the error.
    pub fn hint(&self) -> Option<&'static str> {
        match &self.fault {
            SpecFault::Version { .. } => Some(CONVERT),
            SpecFault::NoVersion => Some("write `openapi: 3.0.3`, if the document is OpenAPI 3.0"),
            SpecFault::Null { .. } => Some("leave the key out, or write `{}`"),
            SpecFault::TypeList => Some(
                "keep one type; for null write `nullable: true` beside it, since lists came with OpenAPI 3.1",
            ),
            SpecFault::ExternalReference { .. } => Some("bundle the document into one file"),
            SpecFault::UnknownType { .. } => {
                Some("array boolean integer number object string; for null use `nullable: true`")
            }
            SpecFault::Expected { .. }
            | SpecFault::DeadReference { .. }
            | SpecFault::Circular { .. }
            | SpecFault::DuplicateOperation { .. }
            | SpecFault::TooComplex { .. } => None,
            SpecFault::Impossible => {
                Some("its `type`, or what `allOf` and `$ref` add, contradicts it: remove one")
            }
        }
    }
}
