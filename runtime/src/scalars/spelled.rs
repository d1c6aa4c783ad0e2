//! Numbers and texts that keep the spelling of the wire: `69.90` and `"69.90"`.
//!
//! Invariants:
//!
//! * No number ever is a floating point number: its digits are read and written as they are.

use std::fmt;

use rust_decimal::Decimal;
use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::ScalarError;

/// A number or a text.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Spelled {
    /// The digits of a number, or the text without its quotes.
    pub(super) spelled: String,
    pub(super) is_text: bool,
}

impl Spelled {
    /// Makes a text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { spelled: text.into(), is_text: true }
    }

    /// Makes a number of what is spelled as one in JSON.
    pub(super) fn number(number: impl fmt::Display) -> Self {
        Self { spelled: number.to_string(), is_text: false }
    }

    /// Makes a number of the shortest decimal that reads as this float. Refuses infinities and NaN.
    pub(super) fn float(number: f64, expected: &'static str) -> Result<Self, ScalarError> {
        let finite = serde_json::Number::from_f64(number);
        finite.map(Self::number).ok_or_else(|| ScalarError::new(expected, ""))
    }

    /// Writes the value as the type `name` shows it.
    pub(super) fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_text {
            true => write!(f, "{name}({:?})", self.spelled),
            false => write!(f, "{name}({})", self.spelled),
        }
    }
}

/// Reads `-69.90` and, as JSON has it, `7e1`; `None` for more than 28 digits.
pub(super) fn decimal(number: &str) -> Option<Decimal> {
    match number.contains(['e', 'E']) {
        true => Decimal::from_scientific(number).ok(),
        false => Decimal::from_str_exact(number).ok(),
    }
}

impl Serialize for Spelled {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self.is_text {
            true => out.serialize_str(&self.spelled),
            false => RawValue::from_string(self.spelled.clone())
                .map_err(serde::ser::Error::custom)?
                .serialize(out),
        }
    }
}

impl<'de> Deserialize<'de> for Spelled {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(json)?;
        let refused = |found| D::Error::invalid_type(found, &"a number or a text");
        match raw.get().as_bytes().first() {
            Some(b'"') => {
                let text: String = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
                Ok(Self::text(text))
            }
            Some(b'-' | b'0'..=b'9') => Ok(Self::number(raw.get())),
            Some(b'n') => Err(refused(Unexpected::Unit)),
            Some(b't' | b'f') => Err(refused(Unexpected::Bool(raw.get() == "true"))),
            Some(b'[') => Err(refused(Unexpected::Seq)),
            _ => Err(refused(Unexpected::Map)),
        }
    }
}
