//! Turns recorded exchanges, and no spec, into the draft of one: an OpenAPI document with the
//! extensions of the house.
//!
//! [`Evidence`] counts what the exchanges show; [`Evidence::draft`] decides what they mean: which
//! segments of a path are values, which member of a response is the envelope's tag, which texts are
//! an enum.
//!
//! Invariants:
//!
//! * The crate opens no file and reads no clock, and no exchange makes it panic.
//! * [`Evidence::absorb`] is commutative and associative, so the draft of a recording is the same in
//!   any order and from any shards.
//! * The draft holds no value of the recording except words: names of members and parameters,
//!   segments of paths, and values of enums, none of which looks like a person or a secret.
//! * The recorded exchanges fit the draft, apart from those that [`Draft::notes`] lists.

mod answers;
mod calls;
mod credential;
mod draft;
mod envelope;
mod evidence;
mod form;
mod host;
mod note;
mod operation;
mod options;
mod paths;
mod personal;
mod schema;
mod segment;
mod shared;
mod similar;
mod tag;
mod texts;
mod value;
mod yaml;

pub use draft::Draft;
pub use evidence::Evidence;
pub use note::Note;
pub use options::Options;

/// Compiles and runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
