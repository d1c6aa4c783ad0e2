//! The keywords of schemas as tables: types, combinations, annotations, and keywords of other
//! dialects.

use crate::kind::Kind;

/// Keywords of other dialects that restrict values. The lint handles the others, and misspelt ones.
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

/// The types of OpenAPI 3.0 and their kinds.
pub const TYPES: [(&str, Kind); 6] = [
    ("string", Kind::Text),
    ("integer", Kind::Int),
    ("number", Kind::Number),
    ("boolean", Kind::Bool),
    ("array", Kind::Array),
    ("object", Kind::Object),
];

/// Keywords that do not restrict values.
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
    /// A value fits all of them.
    AllOf,
    /// A value fits exactly one.
    OneOf,
    /// A value fits at least one.
    AnyOf,
}

impl Combination {
    /// All combinations.
    pub const ALL: [Self; 3] = [Self::AllOf, Self::OneOf, Self::AnyOf];

    /// The combinations whose schemas are branches.
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

/// Returns whether a keyword does not restrict values.
pub fn is_annotation(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-")
}
