//! The wire's own scalars: text or numbers to types, and back unchanged.
//!
//! For every valid value, reading and writing again gives the same bytes. A
//! value that is not valid is an error that shows a mask (`99/99/9999`), never
//! the value.

mod civil;
mod epoch;
mod flag;
mod instant;
mod number;
mod offset;
mod password;
mod picture;

use std::error::Error;
use std::fmt;

pub use civil::{
    BrDate, BrDateShort, BrDateTime, BrDateTimeMinutes, IsoDate, PhpDateTime, SqlDateTime,
    SqlDateTimeMinutes, SqlTime, SqlTimeMinutes,
};
pub use epoch::EpochMillis;
pub use flag::BoolAsInt;
pub use instant::IsoDateTime;
pub use number::{DecimalString, IntOrString, NumberOrString};
pub use offset::{OffsetDateTime, OffsetDateTimeFilter, SqlDateTimeOffset};
pub use password::Password;

/// Most characters of a mask.
const MAX_MASK_CHARS: usize = 32;

/// What the scalars expect. A message that starts with one of these and goes
/// on with a mask is ours, and holds no value.
const EXPECTED: [&str; 17] = [
    civil::BR_DATE,
    civil::BR_DATE_SHORT,
    civil::BR_DATE_TIME,
    civil::BR_DATE_TIME_MINUTES,
    civil::ISO_DATE,
    civil::PHP_DATE_TIME,
    civil::SQL_DATE_TIME,
    civil::SQL_DATE_TIME_MINUTES,
    civil::SQL_TIME,
    civil::SQL_TIME_MINUTES,
    epoch::EPOCH_MILLIS,
    flag::FLAG,
    instant::ISO_DATE_TIME,
    number::DECIMAL,
    offset::OFFSET_DATE_TIME,
    offset::OFFSET_DATE_TIME_FILTER,
    offset::SQL_DATE_TIME_OFFSET,
];

const FOUND: &str = ", found text like `";

/// Text that is no value of a scalar. Shows what was expected, and a mask.
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

/// Whether a message is a [`ScalarError`]'s, to the letter.
pub(crate) fn is_own_message(text: &str) -> bool {
    let Some(text) = text.strip_prefix("expected ").and_then(|text| text.strip_suffix('`')) else {
        return false;
    };
    EXPECTED.iter().any(|expected| {
        let shown = text.strip_prefix(expected).and_then(|text| text.strip_prefix(FOUND));
        shown.is_some_and(|shown| mask(shown) == shown)
    })
}

/// `Ana, 16/11/2018` to `Aaa, 99/99/9999`.
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

/// `FromStr`, the conversions that builders use, and serde, for a scalar that
/// is text on the wire: all from one `fn read(&str) -> Result<Self, ScalarError>`.
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
    use super::{EXPECTED, ScalarError, is_own_message, mask};

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
        for expected in EXPECTED {
            assert!(is_own_message(&ScalarError::new(expected, "João `7`").to_string()));
            assert!(!is_own_message(&format!("expected {expected}, found text like `João`")));
            assert!(!is_own_message(&format!("expected {expected}, found Ana")));
        }
        assert!(!is_own_message("expected Ana, found text like `Aaa`"));
    }
}
