//! Counts occurrences, with the smallest place and a limited number of samples.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::finding::Place;

/// The most masks or unknown values that are kept at one place.
pub const MAX_SAMPLES: usize = 8;

/// The most unknown members of one object that are kept by name.
pub const MAX_UNKNOWN_FIELDS: usize = 64;

/// The largest count. Larger numbers are not exact in every reader of JSON, and no run counts so
/// far.
pub const MAX_COUNT: u64 = (1 << 53) - 1;

/// Adds two counts.
pub(crate) fn sum(one: u64, other: u64) -> u64 {
    one.saturating_add(other).min(MAX_COUNT)
}

/// Reads a count, and refuses a number that no run can have counted.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let count = u64::deserialize(deserializer)?;
    if count > MAX_COUNT { Err(D::Error::custom("a count beyond the bound")) } else { Ok(count) }
}

/// Reads counts by name.
pub(crate) fn counts<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, u64>, D::Error> {
    let counts = BTreeMap::<String, u64>::deserialize(deserializer)?;
    match counts.values().all(|count| *count <= MAX_COUNT) {
        true => Ok(counts),
        false => Err(D::Error::custom("a count beyond the bound")),
    }
}

/// A number of occurrences, and the smallest place among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tally {
    /// The number of occurrences.
    #[serde(deserialize_with = "count")]
    pub count: u64,
    /// The smallest place; `None` while the count is zero. Boxed, since most counts have no place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Box<Place>>,
}

impl Tally {
    pub(crate) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Counts one occurrence, at a pointer of an exchange at `(file, line)`.
    pub(crate) fn see(&mut self, (file, line): (&str, u64), pointer: &str) {
        self.count = sum(self.count, 1);
        let first = self.first.as_ref().map(|first| (&*first.file, first.line, &*first.pointer));
        if first.is_none_or(|first| (file, line, pointer) < first) {
            let first = Place { file: file.to_owned(), line, pointer: pointer.to_owned() };
            self.first = Some(Box::new(first));
        }
    }

    /// Adds `other`: counts add up, the smaller place stays.
    pub fn absorb(&mut self, other: &Self) {
        self.count = sum(self.count, other.count);
        match (&self.first, &other.first) {
            (_, None) => (),
            (Some(mine), Some(theirs)) if mine <= theirs => (),
            (_, Some(theirs)) => self.first = Some(theirs.clone()),
        }
    }
}

/// A tally with the smallest of the texts that belong to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sampled {
    /// The tally of all texts together.
    pub tally: Tally,
    /// The smallest [`MAX_SAMPLES`] texts, each with its own count.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "counts")]
    pub samples: BTreeMap<String, u64>,
}

impl Sampled {
    /// Adds `other` and drops the largest texts beyond the bound.
    ///
    /// A text among the smallest of the whole is among the smallest of each part, so its count is
    /// exact however the input was split.
    pub fn absorb(&mut self, other: &Self) {
        self.tally.absorb(&other.tally);
        for (text, count) in &other.samples {
            self.add_sample(text, *count);
        }
    }

    /// Counts `text`, unless it is too large to be kept.
    pub fn add_sample(&mut self, text: &str, count: u64) {
        if let Some(known) = self.samples.get_mut(text) {
            *known = sum(*known, count);
            return;
        }
        self.samples.insert(text.to_owned(), count);
        if self.samples.len() > MAX_SAMPLES {
            self.samples.pop_last();
        }
    }
}
