//! Names the kinds of JSON values, and keeps the habits of PHP vendors apart.

use serde::{Deserialize, Serialize};

/// The kind of a JSON value. A promise uses only the seven of [`Kind::BASE`]; the others refine
/// observed values, so that a report can name the habit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number without fraction or exponent that fits 64 bits.
    Int,
    /// Any other number.
    Number,
    /// A text.
    Text,
    /// `""`.
    EmptyText,
    /// A text of digits, with or without a sign.
    IntText,
    /// A text that looks like a number with a fraction.
    NumberText,
    /// A list.
    Array,
    /// `[]`.
    EmptyArray,
    /// An object.
    Object,
    /// A file in a form; promised as a text of format `binary`.
    File,
}

impl Kind {
    /// The kinds that a promise may name.
    pub const BASE: [Self; 7] =
        [Self::Null, Self::Bool, Self::Int, Self::Number, Self::Text, Self::Array, Self::Object];

    /// All kinds that can be observed, in order.
    pub const ALL: [Self; 12] = [
        Self::Null,
        Self::Bool,
        Self::Int,
        Self::Number,
        Self::Text,
        Self::EmptyText,
        Self::IntText,
        Self::NumberText,
        Self::Array,
        Self::EmptyArray,
        Self::Object,
        Self::File,
    ];

    /// Returns the promised kind that this kind refines.
    pub fn base(self) -> Self {
        match self {
            Self::EmptyText | Self::IntText | Self::NumberText => Self::Text,
            Self::EmptyArray => Self::Array,
            Self::Null
            | Self::Bool
            | Self::Int
            | Self::Number
            | Self::Text
            | Self::Array
            | Self::Object
            | Self::File => self,
        }
    }

    /// Returns the value of `type` for the promised kind, or `None` for null and files.
    pub fn type_name(self) -> Option<&'static str> {
        match self.base() {
            Self::Bool => Some("boolean"),
            Self::Int => Some("integer"),
            Self::Number => Some("number"),
            Self::Text => Some("string"),
            Self::Array => Some("array"),
            Self::Object => Some("object"),
            _ => None,
        }
    }

    /// Returns the kind's name in reports.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Number => "number",
            Self::Text => "text",
            Self::EmptyText => "empty text",
            Self::IntText => "text that looks like an int",
            Self::NumberText => "text that looks like a number",
            Self::Array => "array",
            Self::EmptyArray => "empty array",
            Self::Object => "object",
            Self::File => "file",
        }
    }

    /// Returns the kind of a text.
    pub fn of_text(text: &str) -> Self {
        // This runs for every text of every body, and the first byte decides most of them.
        let unsigned = match text.as_bytes() {
            [] => return Self::EmptyText,
            [b'-', unsigned @ ..] => unsigned,
            unsigned => unsigned,
        };
        if unsigned.len() > 20 || !unsigned.first().is_some_and(u8::is_ascii_digit) {
            return Self::Text;
        }
        let n_digits = unsigned.iter().take_while(|byte| byte.is_ascii_digit()).count();
        match unsigned.get(n_digits..).unwrap_or_default() {
            [] => Self::IntText,
            [b'.' | b',', rest @ ..] if !rest.is_empty() && rest.iter().all(u8::is_ascii_digit) => {
                Self::NumberText
            }
            _ => Self::Text,
        }
    }
}
