//! Identifies what exchanges were observed from, so that each of them counts once.
//!
//! A shard is a file, a stream, or the run of an observer inside a program.
//!
//! Invariants:
//!
//! * Two shards with the same digest are the same, whatever their names: files with the same bytes,
//!   or two states of one run.
//! * The number of shards is bounded; beyond it, all shards are combined into one.

use std::fmt;
use std::hash::Hasher as _;
use std::io::{self, BufRead, Read};

use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128 as _, SipHasher24};

use super::is_default;
use crate::shape::{MAX_COUNT, count, sum};

/// The number of shards that are kept by name.
pub(super) const MAX_SHARDS: usize = 10_000;

/// A file, a stream or a run from which exchanges were observed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// The file or the run, as the caller named it.
    pub name: String,
    /// The number of its bytes; 0 for a run.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "count")]
    pub bytes: u64,
    /// The number of exchanges of a run; 0 for a file or a stream.
    #[serde(default, skip_serializing_if = "is_default", deserialize_with = "count")]
    pub exchanges: u64,
    /// A hash of the bytes, or the random number of the run, in hexadecimal digits.
    pub digest: String,
}

impl Shard {
    /// Returns the shard of a run that has observed so many exchanges. `number` identifies the run
    /// among all others, at any time.
    pub fn of_run(name: &str, exchanges: u64, number: u128) -> Self {
        let digest = format!("{number:032x}");
        Self { name: name.to_owned(), bytes: 0, exchanges: exchanges.min(MAX_COUNT), digest }
    }

    /// Returns whether the shard holds no exchange, so that it can't count twice.
    pub fn is_empty(&self) -> bool {
        self.bytes == 0 && self.exchanges == 0
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

/// Passes a stream on and identifies its bytes, if that is wanted.
#[derive(Debug)]
pub struct ShardReader<R> {
    reader: R,
    /// `None` if the bytes are not to be identified, which takes time.
    hasher: Option<SipHasher24>,
    bytes: u64,
}

impl<R: BufRead> ShardReader<R> {
    /// Starts at the current position of `reader`.
    pub fn new(reader: R, is_identified: bool) -> Self {
        Self { reader, hasher: is_identified.then(SipHasher24::new), bytes: 0 }
    }

    /// Returns the shard of the bytes that were read, if it is identified; `name` is the name of
    /// the stream.
    pub fn shard(&self, name: &str) -> Option<Shard> {
        let digest = format!("{:032x}", self.hasher.as_ref()?.finish128().as_u128());
        Some(Shard { name: name.to_owned(), bytes: self.bytes, exchanges: 0, digest })
    }
}

impl<R: BufRead> Read for ShardReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n_read = self.fill_buf()?.read(into)?;
        self.consume(n_read);
        Ok(n_read)
    }
}

impl<R: BufRead> BufRead for ShardReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // A reader returns the same bytes until they are consumed.
        if let Some(hasher) = self.hasher.as_mut().filter(|_| amount > 0)
            && let Some(read) = self.reader.fill_buf().ok().and_then(|buffer| buffer.get(..amount))
        {
            hasher.write(read);
            self.bytes = self.bytes.saturating_add(amount as u64);
        }
        self.reader.consume(amount);
    }
}

/// Sorts shards, and combines them into one if they are too many.
pub(super) fn bounded(mut shards: Vec<Shard>) -> Vec<Shard> {
    shards.sort();
    let Some(first) = shards.first().filter(|_| shards.len() > MAX_SHARDS) else {
        return shards;
    };
    let name = format!("{} and {} others", first.name, shards.len() - 1);
    let bytes = shards.iter().fold(0, |all, shard| sum(all, shard.bytes));
    let exchanges = shards.iter().fold(0, |all, shard| sum(all, shard.exchanges));
    let mut hasher = SipHasher24::new();
    let mut digests: Vec<&str> = shards.iter().map(|shard| shard.digest.as_str()).collect();
    digests.sort_unstable();
    digests.iter().for_each(|digest| hasher.write(digest.as_bytes()));
    let digest = format!("{:032x}", hasher.finish128().as_u128());
    vec![Shard { name, bytes, exchanges, digest }]
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn shard(name: &str, text: &str, n_buffered: usize) -> Shard {
        let mut reader =
            ShardReader::new(BufReader::with_capacity(n_buffered, text.as_bytes()), true);
        io::copy(&mut reader, &mut io::sink()).unwrap();
        reader.shard(name).unwrap()
    }

    #[test]
    fn the_same_bytes_are_the_same_shard_however_they_are_read() {
        let night = shard("night", "one\ntwo\n", 3);
        assert_eq!(night.bytes, 8);
        assert_eq!(night, shard("night", "one\ntwo\n", 1024));
        assert_ne!(night.digest, shard("night", "one\ntwo!", 3).digest);
    }

    #[test]
    fn too_many_shards_are_one_in_any_order() {
        let few: Vec<Shard> = (0..3).map(|n| shard(&format!("{n}"), "x", 8)).collect();
        assert_eq!(bounded(few.iter().rev().cloned().collect()), few);
        let many = || (0..=MAX_SHARDS).map(|n| shard(&format!("{n}"), &format!("{n}"), 8));
        let [one] = &bounded(many().collect())[..] else { panic!("one shard") };
        assert_eq!(bounded(many().rev().collect()), std::slice::from_ref(one));
    }
}
