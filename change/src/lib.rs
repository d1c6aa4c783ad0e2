//! Turns two revisions of an OpenAPI document into the changes between them, and says what each does
//! to callers of the generated client.
//!
//! [`compare`] is one pure function over two models of `prumo-spec`. A [`Change`] has a rule, an
//! effect on callers (does code that compiled still compile, does code that ran still run), and the
//! operations that it reaches. The direction counts: a value that may be more is harmless where a
//! caller sends it, and a surprise where a caller receives it.
//!
//! Invariants:
//!
//! * The crate opens no file, and no input makes it panic or recurse without bound.
//! * The same documents give the same changes in the same order.
//! * A change of a shared schema is one change, however many operations it reaches.
//! * Wording, order, examples and what no caller notices are no change.
//! * A document that can't be read is an error, never an empty list.

mod bodies;
mod change;
mod credentials;
mod document;
mod effect;
mod extensions;
mod operations;
mod parameters;
mod place;
pub mod report;
mod responses;
mod rules;
mod same;
mod schema;
mod walk;

pub use change::{Called, Change, Changes, DocumentPlace};
pub use document::compare;
pub use effect::{Effect, Semver, Severity, Side};
pub use rules::{Rule, RuleRow};

/// Compiles and runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
