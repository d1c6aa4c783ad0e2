//! Names that a project gives to parts of a client, in place of those made from the spec.

/// One name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The kind of the renamed part.
    pub kind: Renamed,
    /// The part: an operation's id, a type's name, or type and wire name (`OrderBy.-email`).
    pub part: String,
    /// Its Rust name.
    pub name: String,
}

/// The kind of a renamed part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renamed {
    /// An operation's method, builder and inline types.
    Operation,
    /// A type.
    Type,
    /// A field of a type.
    Field,
    /// A value of an enum.
    Value,
}

/// The reason why a name can't be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameFault {
    /// The index of the name in the spec's list.
    pub index: usize,
    /// A lowercase fragment.
    pub message: String,
    /// The remedy.
    pub hint: String,
}

impl Renamed {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Operation, Self::Type, Self::Field, Self::Value];

    /// Returns the name of the table of such names in `prumo.toml`.
    pub fn table(self) -> &'static str {
        match self {
            Self::Operation => "operations",
            Self::Type => "types",
            Self::Field => "fields",
            Self::Value => "values",
        }
    }
}
