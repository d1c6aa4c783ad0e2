//! Turns the text of a vendor's docs page into facts, and two versions of a page into changes.
//!
//! A page says which operations there are, which parameters they take, which of these are required,
//! and what the responses hold. [`read`] takes reStructuredText, Markdown, HTML, Postman collections
//! and the plain text of help pages; [`diff`] compares two results field by field. A change of
//! wording, layout or order is no change.
//!
//! Invariants:
//!
//! * The crate opens no file and no socket, and reads no clock.
//! * No text makes it panic, and the same text yields the same facts.
//! * A page without an operation is an error, never an empty list.

mod addresses;
mod block;
mod contract;
mod curl;
mod diff;
mod draft;
mod facts;
mod flat;
mod format;
mod html;
mod json;
mod lock;
mod markdown;
mod origin;
mod outline;
mod plain;
mod postman;
mod prose;
mod route;
mod rst;
mod shape;
mod statement;
mod words;

pub use diff::{Change, Kind as ChangeKind, diff};
pub use facts::{Fault, Field, Kind, Operation, Page, Parameter, Place, Requirement, Told};
pub use format::{Format, PageError, read};
pub use lock::{Lock, LockError, LockFault};

/// Compiles and runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
