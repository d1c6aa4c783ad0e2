//! What was seen of one body, until it is known to be worth keeping.
//!
//! Facts are written here first and taken over only when the body was read to
//! its end, so an unreadable body leaves no half of itself behind, and a branch
//! that was tried in vain leaves nothing.
//!
//! Invariant: each fact of a place is held once, with a count, however often an
//! array repeats it. So the journal is bounded by the contract as well.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::record::NodeId;
use crate::shape::{Kind, Stray};

/// One thing that was seen at one place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fact {
    /// A value of this kind.
    Kind(Kind),
    /// The mask of a text of this kind that stands where no text belongs.
    Mask(Kind, String),
    /// A declared enum value, by its position.
    Value(usize),
    /// A broken constraint, with a mask or value.
    Stray(Stray, String),
    /// A known member, by its position.
    Present(usize),
    /// A required member that is not there.
    Missing(usize),
    /// A member that is there twice, by a name that may be printed.
    Twice(String),
    /// A member that the promise does not know, and its kind.
    Unknown(String, Kind),
    /// A branch, by its position.
    Branch(usize),
}

/// How a fact relates to the promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// As promised.
    Fits,
    /// Beyond what is promised, and no fault.
    Beyond,
    /// Against the promise.
    Breaks,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) node: NodeId,
    pub(super) fact: Fact,
    pub(super) count: u64,
    weight: Weight,
    pub(super) pointer: Option<String>,
}

/// The facts of one body, in the order they were seen.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pub(super) entries: Vec<Entry>,
    /// Where a fact that is a number already stands.
    numbers: HashMap<(NodeId, u32), usize, BuildHasherDefault<Mixed>>,
    /// Where a fact that holds a text already stands.
    texts: HashMap<(NodeId, Fact), usize>,
    /// Entries before this one belong to an outer attempt.
    from: usize,
}

/// A cheap hash for keys that no vendor chooses.
#[derive(Debug, Default)]
pub(super) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}

impl Fact {
    /// The fact as a number, unless it holds a text.
    fn number(&self) -> Option<u32> {
        let (which, index) = match self {
            Self::Kind(kind) => (0, *kind as usize),
            Self::Value(index) => (1, *index),
            Self::Present(index) => (2, *index),
            Self::Missing(index) => (3, *index),
            Self::Branch(index) => (4, *index),
            Self::Mask(..) | Self::Stray(..) | Self::Unknown(..) | Self::Twice(..) => return None,
        };
        let index = u32::try_from(index).ok()?;
        (index < 1 << 24).then_some(which << 24 | index)
    }
}

impl Journal {
    pub(super) fn push(
        &mut self,
        node: NodeId,
        fact: Fact,
        weight: Weight,
        is_repeated: bool,
        pointer: impl FnOnce() -> String,
    ) {
        if is_repeated {
            let next = self.entries.len();
            let known = match fact.number() {
                Some(number) => self.numbers.insert((node, number), next),
                None => self.texts.insert((node, fact.clone()), next),
            };
            if let Some(index) = known.filter(|index| *index >= self.from) {
                if let Some(entry) = self.entries.get_mut(index) {
                    // What a vain attempt wrote there may be gone.
                    if entry.node == node && entry.fact == fact {
                        entry.count += 1;
                        match fact.number() {
                            Some(number) => self.numbers.insert((node, number), index),
                            None => self.texts.insert((node, fact), index),
                        };
                        return;
                    }
                }
            }
        }
        let pointer = (weight != Weight::Fits).then(pointer);
        self.entries.push(Entry { node, fact, count: 1, weight, pointer });
    }

    /// Whether this body broke the promise at a node.
    pub(super) fn is_broken(&self, node: NodeId) -> bool {
        self.entries.iter().any(|entry| entry.node == node && entry.weight == Weight::Breaks)
    }

    /// Starts an attempt; to be ended with [`Self::end`].
    pub(super) fn begin(&mut self) -> (usize, usize) {
        let outer = self.from;
        self.from = self.entries.len();
        (outer, self.from)
    }

    /// How badly the attempt since `begin` went: faults, then unknown members.
    pub(super) fn score(&self, (_, start): (usize, usize)) -> (u64, u64) {
        let count = |weight: Weight| {
            self.entries
                .iter()
                .skip(start)
                .filter(|entry| entry.weight == weight)
                .map(|entry| entry.count)
                .sum()
        };
        (count(Weight::Breaks), count(Weight::Beyond))
    }

    /// Ends an attempt and takes its facts out.
    pub(super) fn end(&mut self, (outer, start): (usize, usize)) -> Attempt {
        self.from = outer;
        Attempt(self.entries.split_off(start.min(self.entries.len())))
    }

    /// Puts the facts of an attempt back.
    pub(super) fn keep(&mut self, attempt: Attempt) {
        self.entries.extend(attempt.0);
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.numbers.clear();
        self.texts.clear();
        self.from = 0;
    }
}

/// Facts of an attempt that is not decided yet.
#[derive(Debug)]
pub(super) struct Attempt(Vec<Entry>);
