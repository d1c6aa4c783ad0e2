//! Turns the text of an OpenAPI document into one typed model with the place of every node.
//!
//! Every reader of a spec (the judge, the generator, the redactor, the stand-in, the tool) uses
//! this crate, so that all of them agree.
//!
//! Invariants:
//!
//! * The crate opens no file and does not know its readers.
//! * No input makes it panic or recurse without bound.

pub mod bounds;
pub mod complaint;
pub mod decimal;
pub mod document;
pub mod formats;
pub mod grammar;
pub mod kind;
mod loss;
pub mod mask;
pub mod media;
pub mod method;
pub mod names;
mod near;
pub mod openapi;
pub mod pointer;
pub mod scalar;
pub mod version;
mod vocabulary;

pub use bounds::{Bounds, Limit};
pub use complaint::{Complaint, Complaints};
pub use decimal::Decimal;
pub use document::{Document, DocumentError, DocumentFault, Mend, Position, merge_patch};
pub use kind::Kind;
pub use loss::Loss;
pub use media::MediaType;
pub use method::Method;
pub use names::{RESERVED_METHODS, invented_name, method_key, without_marks};
pub use near::nearest;
pub use openapi::{OpenApi, SpecError, SpecFault};
pub use pointer::{below, percent_decoded};
pub use scalar::Scalar;
pub use version::Version;

/// The placeholder in a stub for every value that is to be filled in.
pub const TO_FILL_IN: &str = "TODO";

/// The placeholder for a secret in a recording: in a header, a parameter or a sentence.
pub const HIDDEN: &str = "***";

/// Compiles and runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
