//! Turns the text of an OpenAPI document into one typed model with the place of every node.
//!
//! Everything that reads a spec (the judge, the generator, the redactor, the
//! stand-in, the tool) reads it here, so that all of them are of one mind.
//!
//! Invariants:
//!
//! * Nothing here opens a file or knows who reads the model.
//! * No input makes it panic or recurse without bound.

pub mod complaint;
pub mod document;
pub mod formats;
pub mod kind;
pub mod mask;
pub mod names;
mod near;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

pub use complaint::{Complaint, Complaints};
pub use document::{Document, DocumentError, DocumentFault, Position, below, merge_patch};
pub use kind::Kind;
pub use names::{RESERVED_METHODS, invented_name, method_key};
pub use near::nearest;

/// The word that a stub holds wherever something is to be filled in.
pub const TO_FILL_IN: &str = "TODO";

/// Stands for a secret in a recording: in a header, a parameter or a sentence.
pub const HIDDEN: &str = "***";

/// Decodes percent escapes; an invalid escape stays, and bytes that are not UTF-8 become U+FFFD.
pub fn percent_decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}
