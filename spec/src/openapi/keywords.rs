//! The keywords of schemas as tables: types, combinations, annotations, and those of other dialects.

use crate::kind::Kind;

/// Keywords of other dialects that say something about a value. Those that do not, and misspelt
/// ones, are the lint's business.
pub const FOREIGN_KEYWORDS: [&str; 19] = [
    "$dynamicRef",
    "$recursiveRef",
    "additionalItems",
    "const",
    "contains",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "extends",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// The types of OpenAPI 3.0 and the kind that each stands for.
pub const TYPES: [(&str, Kind); 6] = [
    ("string", Kind::Text),
    ("integer", Kind::Int),
    ("number", Kind::Number),
    ("boolean", Kind::Bool),
    ("array", Kind::Array),
    ("object", Kind::Object),
];

/// Keywords that say nothing about the values that fit.
const ANNOTATIONS: [&str; 10] = [
    "description",
    "title",
    "nullable",
    "example",
    "default",
    "deprecated",
    "externalDocs",
    "readOnly",
    "writeOnly",
    "xml",
];

/// How a list of schemas is combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combination {
    /// A value fits them all.
    AllOf,
    /// It fits exactly one.
    OneOf,
    /// It fits at least one.
    AnyOf,
}

impl Combination {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::AllOf, Self::OneOf, Self::AnyOf];

    /// Those whose schemas are branches.
    pub const BRANCHES: [Self; 2] = [Self::OneOf, Self::AnyOf];

    /// Returns the keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::AllOf => "allOf",
            Self::OneOf => "oneOf",
            Self::AnyOf => "anyOf",
        }
    }
}

/// Whether a keyword says nothing about the values that fit.
pub fn is_annotation(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-")
}
