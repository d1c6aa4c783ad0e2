//! Turns streams and single lines of exchanges into one contract file, in one thread.
//!
//! Invariants:
//!
//! * The file depends on the names, lines and bytes that were taken, not on their order, nor, with
//!   one exchange per line, on whether they came as a stream or line by line.
//! * What can't be read is named by file and line, and does not affect the rest.

use std::collections::BTreeMap;
use std::io::BufRead;

use crate::contract::{Contract, ContractFile, ShardSum};
use crate::exchange::{DEFAULT_MAX_EXCHANGE_BYTES, ExchangeError, ExchangeFault, Item, split};
use crate::observe::{Observation, Origin};

/// A fold of exchanges into a contract file.
pub struct Fold<'c> {
    promised: Vec<&'c Contract>,
    observation: Observation<'c>,
    shards: BTreeMap<String, ShardSum>,
    /// What could not be read.
    broken: ContractFile,
    max_exchange_bytes: usize,
}

impl<'c> Fold<'c> {
    /// Starts with nothing.
    pub fn new(promised: &[&'c Contract]) -> Self {
        Self {
            promised: promised.to_vec(),
            observation: Observation::new(promised),
            shards: BTreeMap::new(),
            broken: ContractFile::default(),
            max_exchange_bytes: DEFAULT_MAX_EXCHANGE_BYTES,
        }
    }

    /// Starts another fold with nothing, along the same promises and with the same limits. It shares
    /// what was read of the promises.
    #[must_use]
    pub fn another(&self) -> Self {
        Self {
            promised: self.promised.clone(),
            observation: self.observation.another(),
            shards: BTreeMap::new(),
            broken: ContractFile::default(),
            max_exchange_bytes: self.max_exchange_bytes,
        }
    }

    /// Sets the size above which an exchange is not read.
    #[must_use]
    pub fn with_max_exchange_bytes(mut self, max_exchange_bytes: usize) -> Self {
        self.max_exchange_bytes = max_exchange_bytes;
        self
    }

    /// Takes all exchanges of a stream. Its name is `file`, and its first line has the number
    /// `first_line`.
    pub fn take_stream(&mut self, file: &str, first_line: u64, reader: impl BufRead) {
        let first_line = usize::try_from(first_line).unwrap_or(usize::MAX);
        for item in split(reader, self.max_exchange_bytes).from_line(first_line) {
            self.take(file, item);
        }
    }

    /// Takes one exchange, which is a whole line of `file`; a blank one is skipped.
    pub fn take_line(&mut self, file: &str, line: u64, bytes: &[u8]) {
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        if let Some(item) = Item::of_line(line, bytes, self.max_exchange_bytes) {
            self.take(file, item);
        }
    }

    /// Returns the number of exchanges that could not be read.
    pub fn n_unreadable(&self) -> u64 {
        self.broken.n_unreadable()
    }

    /// Returns the contract file.
    pub fn finish(self) -> ContractFile {
        let Self { promised, observation, shards, broken, .. } = self;
        let shards = shards.iter().map(|(file, sum)| sum.shard(file));
        ContractFile::new(&promised, &observation.finish(), broken.n_unreadable())
            .with_places(broken.places().iter().cloned())
            .with_shards(shards)
    }

    fn take(&mut self, file: &str, item: Result<Item, ExchangeError>) {
        let sum = match self.shards.get_mut(file) {
            Some(sum) => sum,
            None => self.shards.entry(file.to_owned()).or_default(),
        };
        sum.see(&item);
        let observed = item.and_then(|item| {
            let origin = Origin { file, line: item.line() as u64 };
            self.observation.observe_item(&item, &origin)
        });
        if let Err(error) = observed {
            let broken = std::mem::take(&mut self.broken);
            self.broken = broken.with_unreadable(unreadable_place(file, &error));
        }
    }
}

/// Describes an exchange that could not be read, with its file and line.
pub fn unreadable_place(file: &str, error: &ExchangeError) -> String {
    format!("`{file}`: {error}")
}

impl ShardSum {
    /// Adds an exchange as it was split from its stream. What fails without being an exchange, such
    /// as the reader, adds nothing.
    pub fn see(&mut self, item: &Result<Item, ExchangeError>) {
        match item {
            Ok(item) => self.add(item.line() as u64, item.bytes()),
            Err(error) => {
                if let ExchangeFault::TooLarge { max_bytes } = error.fault() {
                    self.add_too_large(error.line() as u64, *max_bytes);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
