//! Numbers that are sent as text, and texts that are sent as numbers.
//!
//! `320` and `"320"` are the same to a vendor's PHP and different to everyone else. These types
//! keep the form that was read and write it back.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::spelled::{Spelled, decimal};
use super::{ScalarError, text_scalar, types};

const DECIMAL: &str = "a decimal such as `119.9`";

types!(IntOrString DECIMAL, NumberOrString DECIMAL, DecimalString DECIMAL);

/// An integer or a text, as the vendor sent it: `320`, `"320"`, `"00132508"`.
///
/// Values of different forms are not equal: the integer `320` differs from the text `320`. Compare
/// [`IntOrString::as_i64`] if the number matters, and the `Display` text if the spelling does.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IntOrString(Either);

/// A number or a text, as the vendor sent it: `69.9`, `"69.9"`.
///
/// The digits of both are kept: `69.90` stays `69.90`. Values are equal if they are spelled alike in
/// the same form; compare [`NumberOrString::decimal`] if the number matters.
///
/// ```
/// use prumo_runtime::{Decimal, NumberOrString};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let rates: Vec<NumberOrString> = serde_json::from_str(r#"[0.65, "3.00"]"#)?;
/// assert_eq!(rates.iter().filter_map(NumberOrString::decimal).sum::<Decimal>().to_string(), "3.65");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct NumberOrString(Spelled);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Either {
    Number(i128),
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
    /// Returns the exact number in either form, or `None` for more than 28 digits. In a text only
    /// digits, a minus sign and a decimal point count.
    #[must_use]
    pub fn decimal(&self) -> Option<Decimal> {
        let is_number = !self.0.is_text || is_decimal(&self.0.spelled);
        is_number.then(|| decimal(&self.0.spelled))?
    }

    /// Returns the nearest floating point number in either form. In a text only digits, a minus sign
    /// and a decimal point count.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        let is_number = !self.0.is_text || is_decimal(&self.0.spelled);
        is_number.then(|| self.0.spelled.parse().ok())?
    }

    /// Returns the text, or `None` if it is a number.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.0.is_text.then_some(&self.0.spelled)
    }
}

/// Makes a value of numbers and of texts, which stay texts even if they consist of digits.
macro_rules! either_from {
    ($name:ident, $text:expr, $number:expr, $($kind:ty),+) => {
        $(impl From<$kind> for $name {
            fn from(number: $kind) -> Self {
                Self($number(number.into()))
            }
        })+

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self($text(text.to_owned()))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self($text(text))
            }
        }

        impl From<&String> for $name {
            fn from(text: &String) -> Self {
                Self($text(text.clone()))
            }
        }

        impl FromStr for $name {
            type Err = Infallible;

            /// Keeps text as text, even if it consists of digits.
            fn from_str(text: &str) -> Result<Self, Infallible> {
                Ok(text.into())
            }
        }
    };
}

either_from!(IntOrString, Either::Text, Either::Number, i64, i32, u32, u64);
either_from!(NumberOrString, Spelled::text, of_decimal, Decimal, i64, i32, u32, u64);

fn of_decimal(number: Decimal) -> Spelled {
    Spelled::number(number)
}

impl fmt::Display for IntOrString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Either::Number(number) => number.fmt(f),
            Either::Text(text) => text.fmt(f),
        }
    }
}

impl fmt::Debug for IntOrString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Either::Number(number) => write!(f, "IntOrString({number})"),
            Either::Text(text) => write!(f, "IntOrString({text:?})"),
        }
    }
}

impl fmt::Display for NumberOrString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.spelled)
    }
}

impl fmt::Debug for NumberOrString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug("NumberOrString", f)
    }
}

impl TryFrom<f64> for NumberOrString {
    type Error = ScalarError;

    /// Takes the shortest decimal that reads as this number. Refuses infinities and NaN, which JSON
    /// can't express.
    fn try_from(number: f64) -> Result<Self, ScalarError> {
        Spelled::float(number, DECIMAL).map(Self)
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
        self.0.serialize(out)
    }
}

impl<'de> Deserialize<'de> for NumberOrString {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        Spelled::deserialize(json).map(Self)
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

    /// Returns the exact number, or `None` for more than 28 digits.
    #[must_use]
    pub fn decimal(&self) -> Option<Decimal> {
        decimal(&self.0)
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

decimal_from!(Decimal, i64, i32, u32, u64);

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
            ("69.90", Some(69.9)),
            ("7e1", Some(70.0)),
            ("-0.5", Some(-0.5)),
            ("-23.550519999999999", Some(-23.55052)),
            ("\"69.90\"", Some(69.9)),
            ("\"165\"", Some(165.0)),
            ("\"1.234,56\"", None),
            ("\"inf\"", None),
            ("\"1e3\"", None),
        ];
        for (json, number) in cases {
            let scalar: NumberOrString = serde_json::from_str(json).unwrap();
            assert_eq!(scalar.as_f64(), number, "json {json}");
            assert_eq!(scalar.decimal().is_some(), number.is_some(), "json {json}");
            assert_eq!(scalar.to_string(), json.trim_matches('"'));
            assert_eq!(again::<NumberOrString>(json), json);
        }
        let exact = NumberOrString::from("-23.550519999999999").decimal();
        assert_eq!(exact.unwrap().to_string(), "-23.550519999999999");
        assert_eq!(
            serde_json::to_string(&NumberOrString::from(exact.unwrap())).unwrap(),
            "-23.550519999999999"
        );
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
