//! Numbers that are sent as text, and texts that are sent as numbers.
//!
//! `320` and `"320"` are the same to a vendor's PHP and different to everyone else. These types
//! keep the form that was read and write it back.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::de::{Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Number;

use super::{ScalarError, text_scalar, types};

const DECIMAL: &str = "a decimal such as `119.9`";

types!(IntOrString DECIMAL, NumberOrString DECIMAL, DecimalString DECIMAL);

/// An integer or a text, as the vendor sent it: `320`, `"320"`, `"00132508"`.
///
/// Values of different forms are not equal: the integer `320` differs from the text `320`. Compare
/// [`IntOrString::as_i64`] if the number matters, and the `Display` text if the spelling does.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IntOrString(Either<i128>);

/// A number or a text, as the vendor sent it: `69.9`, `"69.9"`.
///
/// Numbers have the precision of JSON readers: `165` stays `165`, but `69.90` loses its last digit.
/// Text is kept unchanged. Values of different forms are not equal, as with [`IntOrString`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct NumberOrString(Either<Number>);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Either<N> {
    Number(N),
    Text(String),
}

impl IntOrString {
    /// Returns the integer in either form, if it fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Either::Number(number) => i64::try_from(*number).ok(),
            Either::Text(text) => {
                let digits = text.strip_prefix('-').unwrap_or(text);
                let is_plain =
                    !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
                text.parse().ok().filter(|_| is_plain)
            }
        }
    }

    /// Returns the text, or `None` if it is a number.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Either::Number(_) => None,
            Either::Text(text) => Some(text),
        }
    }
}

impl NumberOrString {
    /// Returns the number in either form. In a text only digits, a minus sign and a decimal point
    /// count.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match &self.0 {
            Either::Number(number) => number.as_f64(),
            Either::Text(text) => is_decimal(text).then(|| text.parse().ok())?,
        }
    }

    /// Returns the text, or `None` if it is a number.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Either::Number(_) => None,
            Either::Text(text) => Some(text),
        }
    }
}

macro_rules! either_scalar {
    ($name:ident, $($number:ty => $wrap:expr),+) => {
        $(impl From<$number> for $name {
            fn from(number: $number) -> Self {
                let wrap: fn($number) -> _ = $wrap;
                Self(Either::Number(wrap(number)))
            }
        })+

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(Either::Text(text.to_owned()))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(Either::Text(text))
            }
        }

        impl From<&String> for $name {
            fn from(text: &String) -> Self {
                Self(Either::Text(text.clone()))
            }
        }

        impl FromStr for $name {
            type Err = Infallible;

            /// Keeps text as text, even if it consists of digits.
            fn from_str(text: &str) -> Result<Self, Infallible> {
                Ok(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match &self.0 {
                    Either::Number(number) => number.fmt(f),
                    Either::Text(text) => text.fmt(f),
                }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match &self.0 {
                    Either::Number(number) => write!(f, concat!(stringify!($name), "({})"), number),
                    Either::Text(text) => write!(f, concat!(stringify!($name), "({:?})"), text),
                }
            }
        }
    };
}

either_scalar!(IntOrString, i64 => i128::from, i32 => i128::from, u32 => i128::from, u64 => i128::from);
either_scalar!(NumberOrString, i64 => Number::from, i32 => Number::from, u32 => Number::from, u64 => Number::from);

impl TryFrom<f64> for NumberOrString {
    type Error = ScalarError;

    /// Refuses infinities and NaN, which JSON can't express.
    fn try_from(number: f64) -> Result<Self, ScalarError> {
        let finite = Number::from_f64(number).ok_or_else(|| ScalarError::new(DECIMAL, ""))?;
        Ok(Self(Either::Number(finite)))
    }
}

impl Serialize for IntOrString {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Either::Text(text) => out.serialize_str(text),
            // Within 64 bits, because not every serializer supports more.
            Either::Number(number) => match (i64::try_from(*number), u64::try_from(*number)) {
                (Ok(number), _) => out.serialize_i64(number),
                (_, Ok(number)) => out.serialize_u64(number),
                _ => out.serialize_i128(*number),
            },
        }
    }
}

impl Serialize for NumberOrString {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Either::Text(text) => out.serialize_str(text),
            Either::Number(number) => number.serialize(out),
        }
    }
}

impl<'de> Deserialize<'de> for IntOrString {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct IntVisitor;

        impl Visitor<'_> for IntVisitor {
            type Value = IntOrString;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an integer of 64 bits or a text")
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<IntOrString, E> {
                Ok(number.into())
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<IntOrString, E> {
                Ok(number.into())
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<IntOrString, E> {
                Ok(text.into())
            }

            fn visit_string<E: serde::de::Error>(self, text: String) -> Result<IntOrString, E> {
                Ok(text.into())
            }
        }

        json.deserialize_any(IntVisitor)
    }
}

impl<'de> Deserialize<'de> for NumberOrString {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct NumberVisitor;

        impl Visitor<'_> for NumberVisitor {
            type Value = NumberOrString;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a text")
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<NumberOrString, E> {
                Ok(number.into())
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<NumberOrString, E> {
                Ok(number.into())
            }

            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<NumberOrString, E> {
                NumberOrString::try_from(number)
                    .map_err(|_| E::invalid_value(Unexpected::Float(number), &self))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<NumberOrString, E> {
                Ok(text.into())
            }

            fn visit_string<E: serde::de::Error>(self, text: String) -> Result<NumberOrString, E> {
                Ok(text.into())
            }
        }

        json.deserialize_any(NumberVisitor)
    }
}

/// A decimal number that is text on the wire: `"119.9"`, `"20"`.
///
/// It keeps its text including trailing zeros. Values are compared as texts.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DecimalString(String);

impl DecimalString {
    /// Returns the text as received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the nearest floating point number. Do not add up money with it.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        // The text is a valid decimal.
        self.0.parse().unwrap_or(f64::NAN)
    }

    fn read(text: &str) -> Option<Self> {
        is_decimal(text).then(|| Self(text.to_owned()))
    }
}

macro_rules! decimal_from {
    ($($number:ty),+) => {
        $(impl From<$number> for DecimalString {
            fn from(number: $number) -> Self {
                Self(number.to_string())
            }
        })+
    };
}

decimal_from!(i64, i32, u32, u64);

impl fmt::Display for DecimalString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for DecimalString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecimalString({})", self.0)
    }
}

text_scalar!(DecimalString, DECIMAL);

/// Returns whether the text is one or more digits.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit())
}

/// Returns whether the text is digits with an optional minus sign and an optional fraction.
fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    match text.split_once('.') {
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => is_digits(text),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::{DecimalString, IntOrString, NumberOrString};

    fn again<T: Serialize + DeserializeOwned>(json: &str) -> String {
        let scalar: T = serde_json::from_str(json).unwrap();
        serde_json::to_string(&scalar).unwrap()
    }

    #[test]
    fn an_integer_keeps_the_form_it_came_in() {
        let cases = [
            ("320", Some(320)),
            ("-7", Some(-7)),
            ("18446744073709551615", None),
            ("\"320\"", Some(320)),
            ("\"-7\"", Some(-7)),
            ("\"00132508\"", Some(132_508)),
            ("\"20181116105821000123\"", None),
            ("\"+7\"", None),
            ("\"\"", None),
            ("\"OS 7\"", None),
        ];
        for (json, number) in cases {
            let scalar: IntOrString = serde_json::from_str(json).unwrap();
            assert_eq!(scalar.as_i64(), number, "json {json}");
            assert_eq!(scalar.to_string(), json.trim_matches('"'));
            assert_eq!(again::<IntOrString>(json), json);
            assert_eq!(scalar.as_str().is_some(), json.starts_with('"'));
        }
        assert_ne!(IntOrString::from(320), IntOrString::from("320"));
        for json in ["1.5", "98765432109876543210", "null", "true", "[]"] {
            assert!(serde_json::from_str::<IntOrString>(json).is_err(), "json {json}");
        }
    }

    #[test]
    fn a_number_keeps_the_form_it_came_in() {
        let cases = [
            ("165", Some(165.0)),
            ("69.9", Some(69.9)),
            ("-0.5", Some(-0.5)),
            ("\"69.90\"", Some(69.9)),
            ("\"165\"", Some(165.0)),
            ("\"1.234,56\"", None),
            ("\"inf\"", None),
            ("\"1e3\"", None),
        ];
        for (json, number) in cases {
            let scalar: NumberOrString = serde_json::from_str(json).unwrap();
            assert_eq!(scalar.as_f64(), number, "json {json}");
            assert_eq!(scalar.to_string(), json.trim_matches('"'));
            assert_eq!(again::<NumberOrString>(json), json);
        }
        assert!(NumberOrString::try_from(f64::NAN).is_err());
        assert!(serde_json::from_str::<NumberOrString>("null").is_err());
    }

    #[test]
    fn a_decimal_keeps_its_zeros() {
        for text in ["119.9", "20", "0.50", "-3.10", "007"] {
            assert_eq!(again::<DecimalString>(&format!("\"{text}\"")), format!("\"{text}\""));
        }
        for text in ["", "-", ".5", "5.", "1,5", "1.2.3", "+1", "1e3", "R$ 1"] {
            assert!(text.parse::<DecimalString>().is_err(), "text {text}");
        }
        assert!(serde_json::from_str::<DecimalString>("119.9").is_err());
    }

    proptest! {
        /// Text that was read is written unchanged.
        #[test]
        fn scalars_round_trip(int in any::<i64>(), uint in any::<u64>(), text in "\\PC*", decimal in "-?[0-9]{1,20}(\\.[0-9]{1,9})?") {
            let quoted = serde_json::to_string(&text).unwrap();
            for json in [int.to_string(), uint.to_string(), quoted] {
                prop_assert_eq!(again::<IntOrString>(&json), json.clone());
                prop_assert_eq!(again::<NumberOrString>(&json), json);
            }
            let decimal = format!("\"{decimal}\"");
            prop_assert_eq!(again::<DecimalString>(&decimal), decimal);
        }

        /// The shortest representation of a fraction is written unchanged.
        #[test]
        fn fractions_round_trip(number in any::<f64>().prop_filter("JSON has no other", |number| number.is_finite())) {
            let json = serde_json::to_string(&number).unwrap();
            prop_assert_eq!(again::<NumberOrString>(&json), json);
        }
    }
}
