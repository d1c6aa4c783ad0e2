//! Converts the scalars of the wire, which are texts or numbers, into types and back unchanged.
//!
//! A valid value is written with the same bytes that were read. An invalid value is an error that
//! shows a mask (`99/99/9999`), never the value.

mod any_date;
mod civil;
mod document;
mod epoch;
mod flag;
mod instant;
mod money;
mod number;
mod offset;
mod password;
mod picture;
mod spelled;

use std::error::Error;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use any_date::*;
pub use civil::*;
pub use document::*;
pub use epoch::*;
pub use flag::*;
pub use instant::*;
pub use money::*;
pub use number::*;
pub use offset::*;
pub use password::*;

/// Maximum number of characters in a mask.
const MAX_MASK_CHARS: usize = 32;

/// Lists the files of scalars. Each lists its own types.
const FILES: [&[ScalarType]; 9] = [
    any_date::TYPES,
    civil::TYPES,
    document::TYPES,
    epoch::TYPES,
    flag::TYPES,
    instant::TYPES,
    money::TYPES,
    number::TYPES,
    offset::TYPES,
];

const FOUND: &str = ", found text like `";

/// The error for a text that is not a valid scalar. It shows the expected form and a mask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScalarError {
    expected: &'static str,
    mask: String,
}

impl ScalarError {
    fn new(expected: &'static str, text: &str) -> Self {
        Self { expected, mask: mask(text) }
    }
}

impl fmt::Display for ScalarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}{FOUND}{}`", self.expected, self.mask)
    }
}

impl Error for ScalarError {}

/// One type of a wire format.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct ScalarType {
    /// Its name.
    pub name: &'static str,
    /// The expected form. A message that starts with it and continues with a mask is our own and
    /// contains no value.
    expected: &'static str,
    /// Reads a JSON value as this type and writes it again.
    pub rewrite: fn(&str) -> serde_json::Result<String>,
}

impl ScalarType {
    const fn of<T: Serialize + DeserializeOwned>(
        name: &'static str,
        expected: &'static str,
    ) -> Self {
        Self {
            name,
            expected,
            rewrite: |json| serde_json::to_string(&serde_json::from_str::<T>(json)?),
        }
    }
}

/// Lists every type of a wire format, so that a test can hold them against the formats of the
/// specs.
#[doc(hidden)]
pub fn scalar_types() -> impl Iterator<Item = &'static ScalarType> {
    FILES.into_iter().flatten()
}

/// Lists the types of a file, each with the form that its errors say was expected.
macro_rules! types {
    ($($name:ident $expected:expr),* $(,)?) => {
        pub(super) const TYPES: &[super::ScalarType] =
            &[$(super::ScalarType::of::<$name>(stringify!($name), $expected)),*];
    };
}
use types;

/// Returns whether a message is exactly one of [`ScalarError`].
pub(crate) fn is_own_message(text: &str) -> bool {
    let Some(text) = text.strip_prefix("expected ").and_then(|text| text.strip_suffix('`')) else {
        return false;
    };
    scalar_types().any(|scalar| {
        let shown = text.strip_prefix(scalar.expected).and_then(|text| text.strip_prefix(FOUND));
        shown.is_some_and(|shown| mask(shown) == shown)
    })
}

/// Turns `Ana, 16/11/2018` into `Aaa, 99/99/9999`.
fn mask(text: &str) -> String {
    let mut out: String = text
        .chars()
        .take(MAX_MASK_CHARS)
        .map(|letter| match letter {
            '0'..='9' => '9',
            _ if letter.is_uppercase() => 'A',
            _ if letter.is_alphabetic() => 'a',
            '…' | ' ' => letter,
            _ if letter.is_ascii_punctuation() && letter != '`' => letter,
            _ => '?',
        })
        .collect();
    if text.chars().nth(MAX_MASK_CHARS).is_some() {
        out.pop();
        out.push('…');
    }
    out
}

/// Implements `FromStr`, the conversions for builders, and serde's traits for a scalar that is text
/// on the wire, all in terms of one `fn read(&str) -> Option<Self>`.
macro_rules! text_scalar {
    ($name:ident, $expected:expr) => {
        impl std::str::FromStr for $name {
            type Err = ScalarError;

            fn from_str(text: &str) -> Result<Self, ScalarError> {
                Self::read(text).ok_or_else(|| ScalarError::new($expected, text))
            }
        }

        impl TryFrom<&str> for $name {
            type Error = ScalarError;

            fn try_from(text: &str) -> Result<Self, ScalarError> {
                text.parse()
            }
        }

        impl TryFrom<&String> for $name {
            type Error = ScalarError;

            fn try_from(text: &String) -> Result<Self, ScalarError> {
                text.parse()
            }
        }

        impl TryFrom<String> for $name {
            type Error = ScalarError;

            fn try_from(text: String) -> Result<Self, ScalarError> {
                text.parse()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
                struct TextVisitor;

                impl serde::de::Visitor<'_> for TextVisitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }

                json.deserialize_str(TextVisitor)
            }
        }
    };
}
use text_scalar;

#[cfg(test)]
mod tests {
    use super::{ScalarError, is_own_message, mask, scalar_types};

    #[test]
    fn a_mask_shows_the_shape_only() {
        let cases = [
            ("16/11/2018", "99/99/9999"),
            ("João, CPF 123.456", "Aaaa, AAA 999.999"),
            ("a`b\n\u{1F600}", "a?a??"),
            ("", ""),
            ("0123456789012345678901234567890123", "9999999999999999999999999999999…"),
        ];
        for (text, expect) in cases {
            assert_eq!(mask(text), expect, "text {text:?}");
            assert_eq!(mask(expect), expect, "a mask of a mask is the mask");
        }
    }

    #[test]
    fn own_messages_are_known_and_look_alikes_are_not() {
        for expected in scalar_types().map(|scalar| scalar.expected) {
            assert!(is_own_message(&ScalarError::new(expected, "João `7`").to_string()));
            assert!(!is_own_message(&format!("expected {expected}, found text like `João`")));
            assert!(!is_own_message(&format!("expected {expected}, found Ana")));
        }
        assert!(!is_own_message("expected Ana, found text like `Aaa`"));
    }
}
