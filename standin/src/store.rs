//! Stores records by kind and number, and uploaded files.
//!
//! Its memory is bounded: it keeps the newest [`MAX_RECORDS`] of each kind, and [`MAX_FILE_BYTES`]
//! of files together.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;

use crate::fact::Facts;
use crate::record::{Key, RecordKind};

/// The limit of records of one kind; the oldest are dropped.
pub(crate) const MAX_RECORDS: usize = 10_000;

/// The limit of bytes of all uploaded files; the oldest are dropped.
pub(crate) const MAX_FILE_BYTES: usize = 128 << 20;

/// An uploaded file.
#[derive(Clone)]
pub(crate) struct StoredFile {
    /// The last segment of its address.
    pub(crate) id: String,
    pub(crate) media_type: String,
    pub(crate) bytes: Bytes,
}

/// All records.
#[derive(Default)]
pub(crate) struct Store {
    kinds: BTreeMap<RecordKind, Records>,
    files: VecDeque<StoredFile>,
    n_file_bytes: usize,
}

#[derive(Default)]
struct Records {
    by_number: BTreeMap<u64, Facts>,
    last: u64,
}

impl Store {
    /// Stores a record; its number is the next of its kind, counted from `first`.
    pub(crate) fn add(
        &mut self,
        kind: RecordKind,
        first: u64,
        facts: impl FnOnce(u64) -> Facts,
    ) -> Key {
        let records = self.kinds.entry(kind).or_default();
        let number = (records.last + 1).max(first);
        records.last = number;
        records.by_number.insert(number, facts(number));
        if records.by_number.len() > MAX_RECORDS {
            records.by_number.pop_first();
        }
        Key { kind, number }
    }

    /// Removes a record.
    pub(crate) fn remove(&mut self, key: Key) -> Option<Facts> {
        self.kinds.get_mut(key.kind)?.by_number.remove(&key.number)
    }

    pub(crate) fn get(&self, key: Key) -> Option<&Facts> {
        self.kinds.get(key.kind)?.by_number.get(&key.number)
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut Facts> {
        self.kinds.get_mut(key.kind)?.by_number.get_mut(&key.number)
    }

    /// Iterates over the records of a kind, oldest first.
    pub(crate) fn all(&self, kind: RecordKind) -> impl DoubleEndedIterator<Item = (Key, &Facts)> {
        let records = self.kinds.get(kind).into_iter().flat_map(|records| &records.by_number);
        records.map(move |(&number, facts)| (Key { kind, number }, facts))
    }

    /// Returns the newest record of a kind whose fact `name` reads as `wanted`.
    pub(crate) fn find(&self, kind: RecordKind, name: &str, wanted: &str) -> Option<Key> {
        self.all(kind).rev().find(|(_, facts)| facts.is(name, wanted)).map(|(key, _)| key)
    }

    /// Stores a file, and drops the oldest beyond the limit.
    pub(crate) fn add_file(&mut self, file: StoredFile) {
        self.n_file_bytes += file.bytes.len();
        self.files.push_back(file);
        while self.n_file_bytes > MAX_FILE_BYTES {
            let Some(oldest) = self.files.pop_front() else { break };
            self.n_file_bytes -= oldest.bytes.len();
        }
    }

    pub(crate) fn file(&self, id: &str) -> Option<&StoredFile> {
        self.files.iter().find(|file| file.id == id)
    }
}
