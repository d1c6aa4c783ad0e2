//! Describes what a page says about a vendor's operations: names, types, requirements, limits.
//!
//! Invariants:
//!
//! * Every fact has the line where it was read.
//! * A fact holds no sentence of the vendor, except the condition of a [`Requirement::When`] whose
//!   form is not known, and a default that is not a literal.

use std::collections::{BTreeMap, BTreeSet};

/// The facts of one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The operations, in the order of the page.
    pub operations: Vec<Operation>,
    /// The faults of parts that could not be read, in the order of the page.
    pub faults: Vec<Fault>,
}

/// A place of the page that could not be read, or only in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, counted from 1.
    pub line: usize,
    /// The fault in words; never a value of the page.
    pub message: &'static str,
}

/// An operation that a page documents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Operation {
    /// The page, as the reader named it.
    pub page: String,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path, with variables as `{name}`.
    pub path: String,
    /// Names for matching the operation with itself on another version of the page.
    pub titles: Vec<String>,
    /// The line where the operation was first named.
    pub line: usize,
    /// The parameters of path, query, headers and body.
    pub parameters: Vec<Parameter>,
    /// The headers that the examples of the request send.
    pub headers: Vec<Told<String>>,
    /// The fields of the responses.
    pub response: Vec<Field>,
}

impl Operation {
    /// Returns method and path, as a report names the operation.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// A fact and its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<T> {
    /// The fact.
    pub value: T,
    /// The line, counted from 1.
    pub line: usize,
}

/// A parameter that a page documents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameter {
    /// The name, in a body with the names above it: `servico.id_servico`.
    pub name: String,
    /// Where the request has it.
    pub place: Place,
    /// Whether a table, a list or a description explains it. `false`: it is in an example only.
    pub is_described: bool,
    /// The line where it was first named.
    pub line: usize,
    /// The type: `string`, `number`, `integer`, `boolean`, `array`, `object`, `date`.
    pub kind: Option<Told<&'static str>>,
    /// When the parameter is required.
    pub required: Option<Told<Requirement>>,
    /// The value that the vendor takes in its absence.
    pub default: Option<Told<String>>,
    /// The values that are allowed; empty if all are.
    pub values: Vec<Told<String>>,
    /// The limits, by name: `minimum`, `exclusiveMinimum`, `maximum`, `minLength`, `maxLength`, `format`.
    pub constraints: BTreeMap<&'static str, Told<String>>,
}

/// Where a request has a parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    #[default]
    Query,
    /// In the headers.
    Header,
    /// In the body.
    Body,
}

impl Place {
    /// All places, in the order of a lock.
    pub(crate) const ALL: [Self; 4] = [Self::Path, Self::Query, Self::Header, Self::Body];

    /// Returns the word for reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Body => "body",
        }
    }
}

/// When a parameter is required.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// In every request.
    Always,
    /// In no request.
    Never,
    /// On a condition: `when telefone is not given`.
    When(String),
}

/// A field of a response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// The names from the root, with `[]` after an array: `faturas[].cliente.nome`.
    pub path: String,
    /// The kinds of its values over all examples.
    pub kinds: BTreeSet<Kind>,
    /// The kinds of the items, if it is an array.
    pub items: BTreeSet<Kind>,
    /// The line where it was first named.
    pub line: usize,
}

/// The kind of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number, with or without a fraction: examples don't tell these apart.
    Number,
    /// A text.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// All kinds.
    pub(crate) const ALL: [Self; 6] =
        [Self::Null, Self::Boolean, Self::Number, Self::String, Self::Array, Self::Object];

    /// Returns the word for reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}
