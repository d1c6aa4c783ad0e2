//! Widens and narrows the limits of numbers, lengths and amounts.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;

/// Floats up to 2^53 hold every whole number exactly.
const EXACT: i128 = 1 << 53;

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// The nearest float of the number.
    pub value: f64,
    /// The number minus `value`, which differ only for whole numbers beyond 2^53.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub remainder: i64,
    /// Whether the number itself is out of range.
    pub is_exclusive: bool,
}

impl Limit {
    /// Creates a limit from the nearest float of a number, and the number itself if it is written
    /// as an integer.
    ///
    /// A float beyond 2^53 is taken as its shortest decimal number, which is how it is written.
    pub fn new(value: f64, written: Option<i128>, is_exclusive: bool) -> Self {
        let written = written.or_else(|| Decimal::of_float(value)?.to_int());
        let remainder = written
            .and_then(|written| i64::try_from(written.checked_sub(value as i128)?).ok())
            .filter(|_| value.fract() == 0.0);
        Self { value, remainder: remainder.unwrap_or_default(), is_exclusive }
    }

    /// Returns the number if it is whole and fits 128 bits.
    pub fn whole(self) -> Option<i128> {
        // The largest floats saturate.
        let is_whole = self.value.fract() == 0.0 && self.value.abs() < i128::MAX as f64;
        is_whole.then(|| (self.value as i128).saturating_add(i128::from(self.remainder)))
    }

    /// Compares a whole number with the limit.
    pub fn of_int(self, int: i128) -> Ordering {
        match self.whole() {
            Some(whole) if self.remainder != 0 || int.abs() > EXACT => int.cmp(&whole),
            _ => self.of_float(int as f64),
        }
    }

    /// Compares a number with the limit.
    pub fn of_float(self, number: f64) -> Ordering {
        number.partial_cmp(&self.value).unwrap_or(Ordering::Equal)
    }

    fn compare(self, other: Self) -> Ordering {
        self.of_float(other.value).reverse().then(self.remainder.cmp(&other.remainder))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.whole() {
            Some(whole) => whole.fmt(formatter),
            None => self.value.fmt(formatter),
        }
    }
}

fn is_zero(remainder: &i64) -> bool {
    *remainder == 0
}

/// All bounds of one value; `None` means unbounded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are the spec's own keywords")]
pub struct Bounds {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Limit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Limit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiple_of: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_items: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unique_items: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_properties: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_properties: Option<u64>,
}

impl Bounds {
    /// No bound is set.
    pub const NONE: Self = Self {
        minimum: None,
        maximum: None,
        multiple_of: None,
        min_length: None,
        max_length: None,
        min_items: None,
        max_items: None,
        unique_items: false,
        min_properties: None,
        max_properties: None,
    };

    /// Returns whether no bound is set.
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }

    /// Returns whether a number beyond 64 bits may be within a limit and its nearest float outside,
    /// or the other way round.
    pub fn are_wide(&self) -> bool {
        let is_wide = |whole: i128| u64::try_from(whole).is_err() && i64::try_from(whole).is_err();
        let limits = self.minimum.into_iter().chain(self.maximum);
        limits.filter_map(Limit::whole).any(is_wide)
    }

    /// Returns the narrowest bounds that allow everything that either side allows.
    pub fn join(&self, other: &Self) -> Self {
        Self {
            minimum: both(self.minimum, other.minimum, |a, b| lower(a, b, Widen)),
            maximum: both(self.maximum, other.maximum, |a, b| upper(a, b, Widen)),
            multiple_of: self.multiple_of.filter(|_| self.multiple_of == other.multiple_of),
            min_length: both(self.min_length, other.min_length, u64::min),
            max_length: both(self.max_length, other.max_length, u64::max),
            min_items: both(self.min_items, other.min_items, u64::min),
            max_items: both(self.max_items, other.max_items, u64::max),
            unique_items: self.unique_items && other.unique_items,
            min_properties: both(self.min_properties, other.min_properties, u64::min),
            max_properties: both(self.max_properties, other.max_properties, u64::max),
        }
    }

    /// Returns the bounds of values that fit both sides, or `None` if no float can hold a common
    /// step.
    pub fn meet(&self, other: &Self) -> Option<Self> {
        let multiple_of = match (self.multiple_of, other.multiple_of) {
            (Some(mine), Some(theirs)) => {
                let step = Decimal::of_float(mine)?.common_multiple(Decimal::of_float(theirs)?)?;
                Some(step.to_float())
            }
            (mine, theirs) => mine.or(theirs),
        };
        Some(Self {
            minimum: either(self.minimum, other.minimum, |a, b| upper(a, b, Narrow)),
            maximum: either(self.maximum, other.maximum, |a, b| lower(a, b, Narrow)),
            multiple_of,
            min_length: either(self.min_length, other.min_length, u64::max),
            max_length: either(self.max_length, other.max_length, u64::min),
            min_items: either(self.min_items, other.min_items, u64::max),
            max_items: either(self.max_items, other.max_items, u64::min),
            unique_items: self.unique_items || other.unique_items,
            min_properties: either(self.min_properties, other.min_properties, u64::max),
            max_properties: either(self.max_properties, other.max_properties, u64::min),
        })
    }
}

/// Decides between two limits of the same number.
#[derive(Clone, Copy)]
enum Tie {
    Widen,
    Narrow,
}
use Tie::{Narrow, Widen};

fn both<T>(a: Option<T>, b: Option<T>, pick: impl FnOnce(T, T) -> T) -> Option<T> {
    Some(pick(a?, b?))
}

fn either<T>(a: Option<T>, b: Option<T>, pick: impl FnOnce(T, T) -> T) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(pick(a, b)),
        (one, None) | (None, one) => one,
    }
}

fn tied(a: Limit, b: Limit, tie: Tie) -> Limit {
    let is_exclusive = match tie {
        Widen => a.is_exclusive && b.is_exclusive,
        Narrow => a.is_exclusive || b.is_exclusive,
    };
    Limit { is_exclusive, ..a }
}

fn lower(a: Limit, b: Limit, tie: Tie) -> Limit {
    match a.compare(b) {
        Ordering::Less => a,
        Ordering::Greater => b,
        Ordering::Equal => tied(a, b, tie),
    }
}

fn upper(a: Limit, b: Limit, tie: Tie) -> Limit {
    match a.compare(b) {
        Ordering::Less => b,
        Ordering::Greater => a,
        Ordering::Equal => tied(a, b, tie),
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Greater, Less};

    use super::Limit;

    #[test]
    fn a_limit_is_exact_beyond_every_float() {
        let two_to_64 = 18_446_744_073_709_551_616_i128;
        let written = Limit::new(two_to_64 as f64, Some(two_to_64), false);
        let rounded = Limit::new(1.844_674_407_370_955_2e19, None, false);
        let signed = Limit::new(9.223_372_036_854_776e18, Some(i64::MAX.into()), false);
        let half = Limit::new(0.5, None, false);
        let huge = Limit::new(1e300, None, false);
        let rows = [
            (written, two_to_64, Equal),
            (written, two_to_64 + 1, Greater),
            (written, two_to_64 - 1, Less),
            // Written as 1.8446744073709552e19, which is 18446744073709552000.
            (rounded, two_to_64 + 1, Less),
            (rounded, 18_446_744_073_709_552_000, Equal),
            (signed, i64::MAX.into(), Equal),
            (signed, i128::from(i64::MAX) + 1, Greater),
            (signed, 5, Less),
            (half, 0, Less),
            (half, 1, Greater),
            (huge, i128::MAX, Less),
        ];
        for (limit, int, expect) in rows {
            assert_eq!(limit.of_int(int), expect, "{int} and {limit}");
        }
        assert_eq!(written.to_string(), "18446744073709551616");
        assert_eq!(half.to_string(), "0.5");
    }
}
