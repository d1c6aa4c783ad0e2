//! Amounts of money, which vendors send as numbers and as texts.
//!
//! Invariants:
//!
//! * No amount is ever a floating point number: `69.90` is read digit by digit.
//! * An amount is written back as it came: `69.90` as a number, `"1.234,56"` as a text.

use std::fmt;
use std::iter::Sum;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::number::is_digits;
use super::spelled::{Spelled, decimal};
use super::{ScalarError, types};

const MONEY: &str = "an amount such as `69.90`";

types!(Money MONEY);

/// An amount of money as the vendor sent it: `69.9`, `"69.90"`, `"1.234,56"`.
///
/// [`amount`](Self::amount) is exact, and amounts add up. Other text than an amount is kept, too, so
/// that one odd value does not lose the whole response:
///
/// ```
/// use prumo_runtime::{Decimal, Money};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let values: Vec<Money> = serde_json::from_str(r#"[69.90, "1.234,56", "0.10"]"#)?;
/// assert_eq!(values.iter().sum::<Decimal>().to_string(), "1304.56");
/// assert_eq!(serde_json::to_string(&values)?, r#"[69.90,"1.234,56","0.10"]"#);
/// # Ok(())
/// # }
/// ```
///
/// Values are equal if they are spelled alike. Compare [`amount`](Self::amount) if the amount
/// matters.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Money(Spelled);

impl Money {
    /// Makes a value that is written as a text.
    pub fn text(text: impl Into<String>) -> Self {
        Self(Spelled::text(text))
    }

    /// Returns the exact amount, or `None` for a text that is none, or more than 28 digits.
    #[must_use]
    pub fn amount(&self) -> Option<Decimal> {
        amount(&self.0.spelled)
    }

    /// Returns the digits or the text as received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0.spelled
    }
}

/// Reads `-69.90`, `1.234,56` and, as JSON has it, `7e1`.
fn amount(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|sign: char| sign.is_ascii_digit()) || text.contains('_') {
        return None;
    }
    let Some((whole, cents)) = text.split_once(',') else {
        return decimal(text);
    };
    let mut groups = whole.strip_prefix('-').unwrap_or(whole).split('.');
    let is_grouped = groups.next().is_some_and(is_digits)
        && groups.all(|group| group.len() == 3 && is_digits(group));
    let is_brazilian = is_grouped && is_digits(cents);
    is_brazilian.then(|| decimal(&format!("{}.{cents}", whole.replace('.', ""))))?
}

/// Adds up amounts; a text that is no amount counts as zero.
impl<'m> Sum<&'m Money> for Decimal {
    fn sum<I: Iterator<Item = &'m Money>>(values: I) -> Self {
        values.filter_map(Money::amount).sum()
    }
}

macro_rules! money_from {
    ($($number:ty),+) => {
        $(impl From<$number> for Money {
            /// Makes a number of it, with its trailing zeros.
            fn from(number: $number) -> Self {
                Self(Spelled::number(number))
            }
        })+
    };
}

money_from!(Decimal, i64, i32, u32, u64);

impl From<String> for Money {
    /// Makes a number of a text such as `69.90`, and keeps any other text as it is.
    fn from(text: String) -> Self {
        let is_text = serde_json::from_str::<serde_json::Number>(&text).is_err();
        Self(Spelled { spelled: text, is_text })
    }
}

impl From<&str> for Money {
    /// Makes a number of a text such as `69.90`, and keeps any other text as it is.
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&String> for Money {
    /// Makes a number of a text such as `69.90`, and keeps any other text as it is.
    fn from(text: &String) -> Self {
        text.clone().into()
    }
}

impl FromStr for Money {
    type Err = std::convert::Infallible;

    /// Makes a number of a text such as `69.90`, and keeps any other text as it is.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.into())
    }
}

impl TryFrom<f64> for Money {
    type Error = ScalarError;

    /// Takes the shortest decimal that reads as this number. Refuses infinities and NaN.
    fn try_from(number: f64) -> Result<Self, ScalarError> {
        Spelled::float(number, MONEY).map(Self)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.spelled)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug("Money", f)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(out)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        Spelled::deserialize(json).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::Money;

    fn read(json: &str) -> Money {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_amount_is_exact_and_is_written_back_as_it_came() {
        let cases = [
            ("69.9", Some("69.9")),
            ("69.90", Some("69.90")),
            ("0.1", Some("0.1")),
            ("-7", Some("-7")),
            ("7e1", Some("70")),
            ("1234567890123456.78", Some("1234567890123456.78")),
            ("1e400", None),
            (r#""69.90""#, Some("69.90")),
            (r#""1.234,56""#, Some("1234.56")),
            (r#""-1.234.567,5""#, Some("-1234567.5")),
            (r#""12,00""#, Some("12.00")),
            (r#""1.23,4""#, None),
            (r#"",5""#, None),
            (r#""1,""#, None),
            (r#""1_000""#, None),
            (r#""+1""#, None),
            (r#""""#, None),
            (r#""a combinar""#, None),
        ];
        for (json, amount) in cases {
            let money = read(json);
            assert_eq!(
                money.amount().map(|amount| amount.to_string()).as_deref(),
                amount,
                "{json}"
            );
            assert_eq!(serde_json::to_string(&money).unwrap(), json);
            assert_eq!(money.to_string(), json.trim_matches('"'));
        }
        for json in ["null", "true", "[1]", r#"{"valor":1}"#] {
            let error = serde_json::from_str::<Money>(json).unwrap_err().to_string();
            assert!(error.contains("expected a number or a text"), "{error}");
        }
    }

    #[test]
    fn amounts_add_up() {
        let values: Vec<Money> = serde_json::from_str(r#"[0.1, 0.2, "x", "1.000,30"]"#).unwrap();
        assert_eq!(values.iter().sum::<Decimal>(), Decimal::new(100_060, 2));
        let total = Money::from(Decimal::new(6990, 2));
        assert_eq!(serde_json::to_string(&total).unwrap(), "69.90");
        assert_eq!(Money::try_from(0.1).unwrap().amount(), Some(Decimal::new(1, 1)));
        assert!(Money::try_from(f64::INFINITY).is_err());
        for (text, json) in [("69.90", "69.90"), ("1.234,56", r#""1.234,56""#), ("007", r#""007""#)]
        {
            assert_eq!(serde_json::to_string(&Money::from(text)).unwrap(), json);
        }
        assert_eq!(serde_json::to_string(&Money::text("69.90")).unwrap(), r#""69.90""#);
        assert_eq!(Money::from(70).amount(), Some(Decimal::new(70, 0)));
    }

    proptest! {
        #[test]
        fn what_is_read_is_written(whole in "0|[1-9][0-9]{0,15}", cents in "(\\.[0-9]{1,9})?", text in "\\PC*") {
            let number = format!("{whole}{cents}");
            prop_assert_eq!(serde_json::to_string(&read(&number)).unwrap(), number);
            let quoted = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(serde_json::to_string(&read(&quoted)).unwrap(), quoted);
        }
    }
}
