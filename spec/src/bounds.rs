//! Widens and narrows the limits of numbers, lengths and amounts.

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// The number.
    pub value: f64,
    /// Whether the number itself is out of range.
    pub is_exclusive: bool,
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
    /// Returns whether no bound is set.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
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
    Limit { value: a.value, is_exclusive }
}

fn lower(a: Limit, b: Limit, tie: Tie) -> Limit {
    if a.value < b.value {
        a
    } else if b.value < a.value {
        b
    } else {
        tied(a, b, tie)
    }
}

fn upper(a: Limit, b: Limit, tie: Tie) -> Limit {
    if a.value > b.value {
        a
    } else if b.value > a.value {
        b
    } else {
        tied(a, b, tie)
    }
}
