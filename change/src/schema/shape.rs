//! Decides which Rust type a schema becomes, as far as two schemas must be told apart.

use prumo_spec::formats::Format;
use prumo_spec::openapi::Schema;

use super::facts::{Facts, Unnamed};

/// The Rust type of a value; what is inside is compared by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A struct.
    Object,
    /// An enum of values.
    Enum,
    /// An enum of branches.
    Union,
    /// `Vec<T>`.
    List,
    /// `BTreeMap<String, T>`.
    Map,
    /// A scalar of this name.
    Scalar(&'static str),
    /// Any JSON.
    Any,
}

impl Shape {
    /// Decides the shape of a value.
    pub(crate) fn of(facts: &Facts<'_>) -> Self {
        let is_scalar = !matches!(facts.kind, Some("array" | "object" | "number"));
        if facts.values.as_ref().is_some_and(|values| !values.is_empty()) && is_scalar {
            return Self::Enum;
        }
        if !facts.branches.is_empty() {
            return Self::Union;
        }
        match facts.kind {
            Some("array") => Self::List,
            Some("object") if facts.properties.is_empty() => Self::Map,
            Some("object") => Self::Object,
            None if !facts.properties.is_empty() => Self::Object,
            None if facts.items.is_some() => Self::List,
            None if matches!(facts.additional, Unnamed::Like(_)) => Self::Map,
            kind => scalar(kind, facts.format),
        }
    }

    /// Returns whether the type has a name of its own.
    pub(crate) fn is_named(self) -> bool {
        matches!(self, Self::Object | Self::Enum | Self::Union)
    }
}

/// Returns the Rust type of a scalar.
fn scalar(kind: Option<&str>, format: Option<&str>) -> Shape {
    let row = format.and_then(Format::named);
    if let Some(rust) = row.filter(|row| kind.is_some() || row.is_own).and_then(|row| row.rust) {
        return Shape::Scalar(rust);
    }
    match (kind, format) {
        (Some("integer"), Some("int32")) => Shape::Scalar("i32"),
        (Some("integer"), Some("uint64")) => Shape::Scalar("u64"),
        (Some("integer"), _) => Shape::Scalar("i64"),
        (Some("number"), Some("float")) => Shape::Scalar("f32"),
        (Some("number"), _) => Shape::Scalar("f64"),
        (Some("boolean"), _) => Shape::Scalar("bool"),
        (Some("string"), _) => Shape::Scalar("String"),
        _ => Shape::Any,
    }
}

/// Writes the type of a value in the words of the document.
pub(crate) fn in_words(facts: &Facts<'_>) -> String {
    let kind = match Shape::of(facts) {
        Shape::Object | Shape::Map => facts.name.clone().unwrap_or_else(|| "object".to_owned()),
        Shape::Union => facts.name.clone().unwrap_or_else(|| "one of several".to_owned()),
        Shape::List => match facts.items.as_ref().map(Schema::target_name) {
            Some(Some(name)) => format!("array of {name}"),
            _ => "array".to_owned(),
        },
        Shape::Enum | Shape::Scalar(_) | Shape::Any => facts.kind.unwrap_or("any value").to_owned(),
    };
    match facts.format {
        Some(format) => format!("{kind} ({format})"),
        None => kind,
    }
}
