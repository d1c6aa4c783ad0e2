//! Identifies what exchanges were observed from, so that each of them counts once.
//!
//! A shard is a file, a stream, or the run of an observer inside a program.
//!
//! Invariants:
//!
//! * Two shards with the same digest are the same, whatever their names: files with the same
//!   exchanges on the same lines, or two states of one run.
//! * The digest of a file does not depend on the order or the parts in which its exchanges are
//!   added, nor on how it is compressed.
//! * The number of shards is bounded; those beyond are added up in one, to the same whole in any
//!   order.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::Hasher as _;

use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128 as _, SipHasher24};

use super::is_default;
use crate::shape::{MAX_COUNT, count, sum};

/// The number of shards that are kept by name.
pub(super) const MAX_SHARDS: usize = 10_000;

/// The name of the shards beyond those that are kept.
const OTHERS: &str = "…";

/// A file, a stream or a run from which exchanges were observed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// The file or the run, as the caller named it.
    pub name: String,
    /// The number of bytes of its exchanges; 0 for a run.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "count")]
    pub bytes: u64,
    /// The number of exchanges of a run; 0 for a file or a stream.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "count")]
    pub exchanges: u64,
    /// A hash of the exchanges and their lines, or the random number of the run, in hexadecimal
    /// digits.
    pub digest: String,
}

impl Shard {
    /// Returns the shard of a contract file that names no shards, by the file's bytes.
    pub(super) fn of_file(name: &str, exchanges: u64, bytes: &[u8]) -> Self {
        let digest = spelled(SipHasher24::new().hash(bytes).as_u128());
        Self { name: name.to_owned(), bytes: 0, exchanges, digest }
    }

    /// Returns the shard of a run that has observed so many exchanges. `number` identifies the run
    /// among all others, at any time.
    pub fn of_run(name: &str, exchanges: u64, number: u128) -> Self {
        let digest = spelled(number);
        Self { name: name.to_owned(), bytes: 0, exchanges: exchanges.min(MAX_COUNT), digest }
    }

    /// Returns whether the shard holds no exchange, so that it can't count twice.
    pub fn is_empty(&self) -> bool {
        self.bytes == 0 && self.exchanges == 0
    }

    /// Adds another part of the same shard, or another shard to a sum of several.
    fn add(&mut self, other: &Self) {
        self.bytes = sum(self.bytes, other.bytes);
        self.exchanges = sum(self.exchanges, other.exchanges);
        self.digest = spelled(number(&self.digest).wrapping_add(number(&other.digest)));
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, bytes, exchanges, .. } = self;
        match exchanges {
            0 => write!(f, "`{name}` ({bytes} bytes)"),
            1 => write!(f, "`{name}` (1 exchange)"),
            _ => write!(f, "`{name}` ({exchanges} exchanges)"),
        }
    }
}

/// Adds up the exchanges of one file or stream, which identifies it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShardSum {
    bytes: u64,
    digest: u128,
}

impl ShardSum {
    /// Adds an exchange, whether it can be read or not; `line` is the line on which it starts.
    pub fn add(&mut self, line: u64, bytes: &[u8]) {
        let mut hasher = SipHasher24::new();
        hasher.write(&line.to_le_bytes());
        hasher.write(bytes);
        self.sum(bytes.len(), &hasher);
    }

    /// Adds an exchange of more than `max_bytes`, of which nothing but its line is known.
    pub fn add_too_large(&mut self, line: u64, max_bytes: usize) {
        let mut hasher = SipHasher24::new();
        hasher.write(&line.to_le_bytes());
        hasher.write(b"too large");
        self.sum(max_bytes, &hasher);
    }

    /// Returns the shard; `name` is the name of the file or stream.
    pub fn shard(&self, name: &str) -> Shard {
        let bytes = self.bytes.min(MAX_COUNT);
        Shard { name: name.to_owned(), bytes, exchanges: 0, digest: spelled(self.digest) }
    }

    fn sum(&mut self, n_bytes: usize, hasher: &SipHasher24) {
        self.bytes = self.bytes.saturating_add(n_bytes as u64);
        // Sums do not depend on the order, and unlike an exclusive or they notice a repetition.
        self.digest = self.digest.wrapping_add(hasher.finish128().as_u128());
    }
}

/// Sorts shards, leaves out files without exchanges, and adds up the largest by name if they are
/// too many.
pub(super) fn bounded(mut shards: Vec<Shard>) -> Vec<Shard> {
    // A run has its number from the start.
    shards.retain(|shard| !shard.is_empty() || number(&shard.digest) != 0);
    shards.sort();
    if shards.len() <= MAX_SHARDS {
        return shards;
    }
    let (sums, mut kept): (Vec<_>, Vec<_>) =
        shards.into_iter().partition(|shard| shard.name == OTHERS);
    let beyond = kept.split_off(MAX_SHARDS.min(kept.len()));
    let mut others =
        sums.into_iter().chain(beyond).map(|shard| Shard { name: OTHERS.to_owned(), ..shard });
    if let Some(mut all) = others.next() {
        others.for_each(|shard| all.add(&shard));
        kept.push(all);
        kept.sort();
    }
    kept
}

/// Joins files and streams of one name, which are parts of one; each run stays by itself.
pub(super) fn of_parts(shards: Vec<Shard>) -> Vec<Shard> {
    let (mut runs, parts): (Vec<_>, Vec<_>) =
        shards.into_iter().partition(|shard| shard.exchanges > 0);
    let mut whole: BTreeMap<String, Shard> = BTreeMap::new();
    for part in parts {
        match whole.get_mut(&part.name) {
            Some(known) => known.add(&part),
            None => {
                whole.insert(part.name.clone(), part);
            }
        }
    }
    runs.extend(whole.into_values());
    runs
}

fn spelled(number: u128) -> String {
    format!("{number:032x}")
}

/// Returns the number that a digest spells; one of another form is hashed.
fn number(digest: &str) -> u128 {
    let hash = || SipHasher24::new().hash(digest.as_bytes()).as_u128();
    u128::from_str_radix(digest, 16).unwrap_or_else(|_| hash())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shard(name: &str, lines: &[(u64, &str)]) -> Shard {
        let mut sum = ShardSum::default();
        lines.iter().for_each(|(line, text)| sum.add(*line, text.as_bytes()));
        sum.shard(name)
    }

    #[test]
    fn the_same_exchanges_are_the_same_shard_in_any_order() {
        let night = shard("night", &[(1, "one"), (2, "two")]);
        assert_eq!(night.bytes, 6);
        assert_eq!(night, shard("night", &[(2, "two"), (1, "one")]));
        let others: [&[(u64, &str)]; 4] = [
            &[(1, "one"), (2, "tw!")],
            &[(1, "one"), (3, "two")],
            &[(1, "one")],
            &[(1, "one"), (2, "two"), (2, "two")],
        ];
        for lines in others {
            assert_ne!(night.digest, shard("night", lines).digest, "{lines:?}");
        }
        assert_eq!(
            of_parts(vec![shard("a", &[(2, "b")]), shard("a", &[(1, "a")])]),
            [shard("a", &[(1, "a"), (2, "b")])]
        );
    }

    #[test]
    fn too_many_shards_are_added_up_in_any_order() {
        let few: Vec<Shard> = (0..3).map(|n| shard(&format!("{n}"), &[(n, "x")])).collect();
        assert_eq!(bounded(few.iter().rev().cloned().collect()), few);

        let many: Vec<Shard> =
            (0..MAX_SHARDS as u64 + 9).map(|n| shard(&format!("{n:05}"), &[(n, "x")])).collect();
        let whole = bounded(many.clone());
        assert_eq!(whole.len(), MAX_SHARDS + 1);
        assert_eq!(whole.iter().map(|shard| shard.bytes).sum::<u64>(), many.len() as u64);
        let (mut left, right): (Vec<_>, Vec<_>) =
            many.into_iter().enumerate().partition(|(n, _)| n % 3 == 0);
        left.reverse();
        let half =
            |part: Vec<(usize, Shard)>| bounded(part.into_iter().map(|(_, one)| one).collect());
        let joined = [half(right), half(left)].concat();
        assert_eq!(bounded(joined), whole);
        assert_eq!(bounded(whole.clone()), whole);
    }
}
