//! Names the parts of a foreign document that a client can do without.

/// A part of an operation that a client does without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// The type of a field, an item, a body or a response, which is JSON instead.
    Type,
    /// A parameter.
    Parameter,
    /// The promise of a response, which may be anything.
    Answer,
    /// An example.
    Example,
}
