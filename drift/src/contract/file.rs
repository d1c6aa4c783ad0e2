//! Turns observations into a file that can be moved, joined and judged.
//!
//! Observations follow the promised shape. A file therefore names the digest of the promise of each
//! spec, and can be judged only with that promise.
//!
//! Invariants:
//!
//! * The same exchanges give the same bytes, in whatever order they were observed and however they
//!   were split and joined.
//! * Any bytes can be read: a fault is an error with its place, and memory is bounded by the
//!   budget, to about 140 MB for each MB of the file and 500 MB for the largest.
//! * Every file that is written can be read: observations beyond the budget are shortened.
//! * A file holds nothing that a report must not print.
//! * Joining is associative and commutative, and an empty file changes nothing.

mod error;
mod read;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::{Deserialize, Serialize};
use siphasher::sip128::SipHasher24;

use super::{Contract, Shard, budget, is_default, shard};
use crate::shape::{MAX_COUNT, MAX_UNKNOWN_FIELDS as MAX_NAMES, count, sum};

pub use error::{ContractFileError, ContractFileFault};

/// The version of the format that is written; earlier ones are read, too.
const VERSION: u64 = 2;

/// The number of unreadable exchanges whose places are kept.
const MAX_PLACES: usize = 20;

/// The first member of every file, which distinguishes it from an exchange.
const MARK: &str = "\"prumo-contract\"";

/// Observations along one or several specs.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractFile {
    /// The number of exchanges that could not be read.
    unreadable: u64,
    /// The first of them, one sentence each, with file and line.
    places: Vec<String>,
    /// The files that were observed, sorted.
    shards: Vec<Shard>,
    /// The number of names that each place keeps beyond the promise.
    n_names: usize,
    /// Contracts by the name of the spec and the digest of its promise.
    observed: BTreeMap<(String, String), Contract>,
}

impl Default for ContractFile {
    fn default() -> Self {
        Self {
            unreadable: 0,
            places: Vec::new(),
            shards: Vec::new(),
            n_names: MAX_NAMES,
            observed: BTreeMap::new(),
        }
    }
}

/// The file as written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'c> {
    #[serde(rename = "prumo-contract")]
    version: u64,
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "count")]
    unreadable: u64,
    /// The first unreadable exchanges, one sentence each.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    places: Cow<'c, [String]>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    shards: Cow<'c, [Shard]>,
    /// The number of names that each place keeps, if the file was shortened.
    #[serde(default, skip_serializing_if = "is_default")]
    names: Option<usize>,
    contracts: Vec<Observed<'c>>,
}

/// One contract of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Observed<'c> {
    promise: Cow<'c, str>,
    observed: Cow<'c, Contract>,
}

impl ContractFile {
    /// The largest size of a file, uncompressed.
    pub const MAX_BYTES: usize = budget::MAX_BYTES;

    /// Returns the observations along `promised`: one contract for each spec, in the same order.
    pub fn new(promised: &[&Contract], observed: &[Contract], n_unreadable: u64) -> Self {
        let mut file = Self { unreadable: n_unreadable.min(MAX_COUNT), ..Self::default() };
        for (promised, observed) in promised.iter().zip(observed) {
            let mut observed = Contract { name: promised.name.clone(), ..observed.clone() };
            // Operations that were never seen are in the promise.
            observed.operations.retain(|_, operation| operation.exchanges.count > 0);
            file.add((promised.name.clone(), digest(promised)), observed);
        }
        file
    }

    /// Adds the files that were observed.
    #[must_use]
    pub fn with_shards(mut self, shards: impl IntoIterator<Item = Shard>) -> Self {
        self.shards.extend(shards);
        self.shards = shard::bounded(self.shards);
        self
    }

    /// Counts something that could not be read, which the sentence names with its file and line.
    #[must_use]
    pub fn with_unreadable(mut self, place: String) -> Self {
        self.unreadable = sum(self.unreadable, 1);
        // Input without an end of broken lines is not sorted at every line.
        let last = self.places.get(MAX_PLACES - 1);
        if last.is_some_and(|last| by_number(last, &place).is_lt()) {
            return self;
        }
        self.with_places([place])
    }

    /// Adds where exchanges could not be read, one sentence each; the first are kept.
    #[must_use]
    pub fn with_places(mut self, places: impl IntoIterator<Item = String>) -> Self {
        self.places.extend(places);
        self.places.sort_by(|one, other| by_number(one, other));
        self.places.truncate(MAX_PLACES);
        self
    }

    /// Returns the number of exchanges that could not be read.
    pub fn n_unreadable(&self) -> u64 {
        self.unreadable
    }

    /// Returns where the first of these exchanges are, one sentence each.
    pub fn places(&self) -> &[String] {
        &self.places
    }

    /// Returns the files that were observed.
    pub fn shards(&self) -> &[Shard] {
        &self.shards
    }

    /// Returns each spec with the digest of the promise along which it was observed.
    pub fn promises(&self) -> impl Iterator<Item = (&str, &str)> {
        self.observed.keys().map(|(spec, promise)| (spec.as_str(), promise.as_str()))
    }

    /// Returns whether a text with this start is meant as a contract file.
    pub fn is_one(start: &[u8]) -> bool {
        let start = start.strip_prefix("\u{feff}".as_bytes()).unwrap_or(start).trim_ascii_start();
        start
            .strip_prefix(b"{")
            .is_some_and(|inside| inside.trim_ascii_start().starts_with(MARK.as_bytes()))
    }

    /// Reads a file; `name` is its name in errors.
    ///
    /// # Errors
    ///
    /// Returns the first [`ContractFileFault`].
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, ContractFileError> {
        read::read(bytes).map_err(|fault| ContractFileError { file: name.to_owned(), fault })
    }

    /// Returns the text of the file, shortened if it must be; `name` is its name in errors.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::fitted`].
    pub fn to_json(&self, name: &str) -> Result<String, ContractFileError> {
        Ok(self.fit(name, budget::is_within)?.1)
    }

    /// Returns the file as it is read after writing, with fewer names at each place if the whole
    /// exceeds the budget of a file, and its text.
    ///
    /// # Errors
    ///
    /// Returns [`ContractFileFault::TooDeep`] if a shape nests too deep, and
    /// [`ContractFileFault::TooMuch`] if what the specs promise exceeds the budget by itself.
    pub fn fitted(self, name: &str) -> Result<(Self, String), ContractFileError> {
        let (file, text) = self.fit(name, budget::is_within)?;
        Ok(match file {
            Cow::Borrowed(_) => (self, text),
            Cow::Owned(shortened) => (shortened, text),
        })
    }

    fn fit(
        &self,
        name: &str,
        is_within: fn(&[u8]) -> bool,
    ) -> Result<(Cow<'_, Self>, String), ContractFileError> {
        let error = |fault: fn(String) -> ContractFileFault| {
            let names: Vec<&str> = self.promises().map(|(spec, _)| spec).collect();
            ContractFileError { file: name.to_owned(), fault: fault(names.join("`, `")) }
        };
        let mut file = Cow::Borrowed(self);
        loop {
            let text = file.text().ok_or_else(|| error(ContractFileFault::TooDeep))?;
            if is_within(text.as_bytes()) {
                return Ok((file, text));
            }
            if file.n_names == 0 {
                return Err(error(ContractFileFault::TooMuch));
            }
            let n_names = file.n_names / 2;
            file.to_mut().shorten(n_names);
        }
    }

    /// Returns the text, or `None` if a shape nests too deep.
    fn text(&self) -> Option<String> {
        let contracts = self.observed.iter().map(|((_, promise), observed)| Observed {
            promise: Cow::Borrowed(promise),
            observed: Cow::Borrowed(observed),
        });
        let written = Written {
            version: VERSION,
            unreadable: self.unreadable,
            places: Cow::Borrowed(&self.places),
            shards: Cow::Borrowed(&self.shards),
            names: Some(self.n_names).filter(|n_names| *n_names < MAX_NAMES),
            contracts: contracts.collect(),
        };
        let mut json = serde_json::to_string(&written).ok()?;
        json.push('\n');
        Some(json)
    }

    fn shorten(&mut self, n_names: usize) {
        self.n_names = n_names;
        self.observed.values_mut().for_each(|observed| budget::shorten(observed, n_names));
    }

    /// Adds the observations in `other`; `name` is its name in errors.
    ///
    /// # Errors
    ///
    /// Returns [`ContractFileFault::Revision`] if both observed a spec along different promises.
    pub fn absorb(&mut self, name: &str, other: Self) -> Result<(), ContractFileError> {
        self.join(name, other, shard::bounded)
    }

    /// Adds the observations in `other` like [`Self::absorb`], where both may have observed parts
    /// of the same file: files of one name are one shard.
    ///
    /// The parts must be different exchanges, which is not noticed otherwise.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::absorb`].
    pub fn absorb_part(&mut self, name: &str, other: Self) -> Result<(), ContractFileError> {
        self.join(name, other, |shards| shard::bounded(shard::of_parts(shards)))
    }

    fn join(
        &mut self,
        name: &str,
        other: Self,
        bounded: fn(Vec<Shard>) -> Vec<Shard>,
    ) -> Result<(), ContractFileError> {
        let is_known = |spec: &str| self.observed.keys().any(|(known, _)| known == spec);
        let stranger =
            other.observed.keys().find(|key| is_known(&key.0) && !self.observed.contains_key(*key));
        if let Some((spec, _)) = stranger {
            let fault = ContractFileFault::Revision(spec.clone());
            return Err(ContractFileError { file: name.to_owned(), fault });
        }
        let Self { unreadable, places, shards, n_names, observed } = other;
        for (key, observed) in observed {
            self.add(key, observed);
        }
        self.unreadable = sum(self.unreadable, unreadable);
        self.shards.extend(shards);
        self.shards = bounded(std::mem::take(&mut self.shards));
        let joined = std::mem::take(self).with_places(places);
        *self = joined;
        if self.n_names.min(n_names) < MAX_NAMES {
            self.shorten(self.n_names.min(n_names));
        }
        Ok(())
    }

    /// Adds the observations along each of `promised` to the contract at the same index; `name` is
    /// the name of the file in errors.
    ///
    /// # Errors
    ///
    /// Returns [`ContractFileFault::Revision`] or [`ContractFileFault::UnknownSpec`]; nothing is
    /// added then.
    pub fn pour(
        self,
        name: &str,
        promised: &[&Contract],
        observed: &mut [Contract],
    ) -> Result<(), ContractFileError> {
        let digests: Vec<String> = promised.iter().map(|promised| digest(promised)).collect();
        let mut found = Vec::new();
        for ((spec, promise), contract) in self.observed {
            // Two specs may promise the same; then the name decides.
            let is_alike = |index: &usize| digests.get(*index) == Some(&promise);
            let by_name = promised.iter().position(|promised| promised.name == spec);
            let Some(index) =
                by_name.filter(is_alike).or_else(|| (0..digests.len()).find(is_alike))
            else {
                let fault = match by_name {
                    Some(_) => ContractFileFault::Revision(spec),
                    None => ContractFileFault::UnknownSpec(spec),
                };
                return Err(ContractFileError { file: name.to_owned(), fault });
            };
            found.push((index, contract));
        }
        for (index, contract) in found {
            if let (Some(observed), Some(promised)) = (observed.get_mut(index), promised.get(index))
            {
                observed.absorb(Contract { name: promised.name.clone(), ..contract });
            }
        }
        Ok(())
    }

    /// Returns the number of exchanges in it.
    pub fn n_exchanges(&self) -> u64 {
        self.observed.values().fold(0, |all, observed| all.saturating_add(observed.exchanges))
    }

    fn add(&mut self, key: (String, String), observed: Contract) {
        match self.observed.entry(key) {
            Entry::Occupied(mut known) => known.get_mut().absorb(observed),
            Entry::Vacant(place) => {
                place.insert(observed);
            }
        }
    }
}

/// Returns a hash of the promise, which does not depend on the file's name.
///
/// It changes with everything that the observer follows, so also with a release of this crate that
/// reads more of a spec.
fn digest(promised: &Contract) -> String {
    let bare = Contract { name: String::new(), unjudged: Vec::new(), ..promised.clone() };
    let bytes = serde_json::to_vec(&bare).unwrap_or_default();
    format!("{:032x}", SipHasher24::new().hash(&bytes).as_u128())
}

/// Compares texts, with the numbers in them as numbers: line 9 before line 10.
fn by_number(one: &str, other: &str) -> Ordering {
    let parts = |text: &str| -> Vec<(usize, String)> {
        let is_digit = |character: char| character.is_ascii_digit();
        let chunks = text.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
        let texts = chunks.map(|chunk| String::from_utf8_lossy(chunk).into_owned());
        // A longer number is a larger one.
        texts.map(|text| (if text.starts_with(is_digit) { text.len() } else { 0 }, text)).collect()
    };
    parts(one).cmp(&parts(other))
}

#[cfg(test)]
mod tests;
