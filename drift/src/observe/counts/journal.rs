//! Holds the facts about one body until it is read to its end.
//!
//! Facts are written here first and committed only when the body was read to its end, so an
//! unreadable body leaves no partial facts, and neither does a branch that was tried in vain.
//!
//! An observation that is as promised needs neither place nor words: it is the number of a counter
//! in [`Nodes`](super::record::Nodes). In most bodies these are nearly all. Every other fact is an
//! entry.
//!
//! Invariant: each entry of a place is held once with a count, however often an array repeats it,
//! and counters are added up when they become many. So the journal is bounded by the contract as
//! well.

use std::collections::HashMap;

use super::record::NodeId;
use crate::shape::Stray;
use prumo_spec::Kind;

/// An observation at one place that is as promised, and is only counted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fit {
    /// A value of this kind.
    Kind(Kind),
    /// A declared enum value, by its position.
    Value(usize),
    /// A known member, by its position.
    Present(usize),
    /// A branch, by its position.
    Branch(usize),
}

/// An observation at one place that needs a place or words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fact {
    /// A value of this kind, which is not promised.
    Kind(Kind),
    /// The mask of a text of this kind where no text is promised.
    Mask(Kind, String),
    /// A broken constraint, with a mask or value.
    Stray(Stray, String),
    /// A required member that is missing.
    Missing(usize),
    /// A member that appears twice, by a name that may be printed.
    Twice(String),
    /// A member that the promise does not know, and its kind.
    Unknown(String, Kind),
}

/// How a fact relates to the promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// The value is as promised.
    Fits,
    /// The value could not be judged by a part of the promise.
    Undecided,
    /// Beyond the promise, but no fault.
    Beyond,
    /// Against the promise.
    Breaks,
}

/// The number of facts of each weight: the less, the better the value fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Score {
    /// Facts against the promise.
    pub(crate) n_faults: u64,
    /// Facts that could not be judged.
    pub(crate) n_undecided: u64,
    /// Facts beyond the promise.
    n_beyond: u64,
}

impl Score {
    /// Returns whether the value certainly is as promised.
    pub(crate) fn fits(self) -> bool {
        self.n_faults == 0 && self.n_undecided == 0
    }
}

#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) node: NodeId,
    pub(crate) fact: Fact,
    pub(crate) count: u64,
    weight: Weight,
    pub(crate) pointer: Option<String>,
}

/// The number of noted counters before they are added up for the first time.
const ROOM: usize = 4096;

/// The facts of one body, in the order of observation.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    pub(crate) entries: Vec<Entry>,
    /// Counters, and the number to add to each.
    pub(crate) counted: Vec<(usize, u64)>,
    /// The number of noted counters at which they are added up.
    room: usize,
    /// The positions of facts that were recorded before.
    known: HashMap<(NodeId, Fact), usize>,
    /// The start of the current attempt; earlier entries belong to an outer one.
    from: Mark,
}

/// A point in a journal: the number of entries and counters so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mark {
    n_entries: usize,
    n_counted: usize,
}

impl Journal {
    /// Notes that a counter increases by one.
    #[inline]
    pub(crate) fn count(&mut self, counter: usize) {
        if self.counted.len() >= self.room {
            self.add_up();
        }
        self.counted.push((counter, 1));
    }

    /// Joins all notes of each counter.
    #[cold]
    fn add_up(&mut self) {
        let mut own = self.counted.split_off(self.from.n_counted.min(self.counted.len()));
        own.sort_unstable();
        own.dedup_by(|later, kept| {
            let is_same = later.0 == kept.0;
            kept.1 = kept.1.saturating_add(if is_same { later.1 } else { 0 });
            is_same
        });
        self.counted.append(&mut own);
        self.room = ROOM.max(2 * self.counted.len());
    }

    pub(crate) fn push(
        &mut self,
        node: NodeId,
        fact: Fact,
        weight: Weight,
        is_repeated: bool,
        pointer: impl FnOnce() -> String,
    ) {
        if is_repeated {
            let next = self.entries.len();
            let known = self.known.insert((node, fact.clone()), next);
            if let Some(index) = known.filter(|index| *index >= self.from.n_entries) {
                if let Some(entry) = self.entries.get_mut(index) {
                    // The entry may belong to an attempt that was undone.
                    if entry.node == node && entry.fact == fact {
                        entry.count += 1;
                        self.known.insert((node, fact), index);
                        return;
                    }
                }
            }
        }
        let pointer = (weight != Weight::Fits).then(pointer);
        self.entries.push(Entry { node, fact, count: 1, weight, pointer });
    }

    /// Returns whether this body broke the promise at a node.
    pub(crate) fn is_broken(&self, node: NodeId) -> bool {
        self.entries.iter().any(|entry| entry.node == node && entry.weight == Weight::Breaks)
    }

    /// Starts an attempt, which [`Self::end`] ends.
    pub(crate) fn begin(&mut self) -> (Mark, Mark) {
        let outer = self.from;
        self.from = Mark { n_entries: self.entries.len(), n_counted: self.counted.len() };
        (outer, self.from)
    }

    /// Counts the facts since `begin`.
    pub(crate) fn score(&self, (_, start): (Mark, Mark)) -> Score {
        let count = |weight: Weight| {
            self.entries
                .iter()
                .skip(start.n_entries)
                .filter(|entry| entry.weight == weight)
                .map(|entry| entry.count)
                .sum()
        };
        Score {
            n_faults: count(Weight::Breaks),
            n_undecided: count(Weight::Undecided),
            n_beyond: count(Weight::Beyond),
        }
    }

    /// Ends an attempt and removes its facts.
    pub(crate) fn end(&mut self, (outer, start): (Mark, Mark)) -> Attempt {
        self.from = outer;
        Attempt {
            entries: self.entries.split_off(start.n_entries.min(self.entries.len())),
            counted: self.counted.split_off(start.n_counted.min(self.counted.len())),
        }
    }

    /// Adds the facts of an attempt again.
    pub(crate) fn keep(&mut self, attempt: Attempt) {
        self.entries.extend(attempt.entries);
        self.counted.extend(attempt.counted);
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.counted.clear();
        self.known.clear();
        self.room = ROOM;
        self.from = Mark::default();
    }
}

/// The facts of an attempt that is not decided yet.
#[derive(Debug)]
pub(crate) struct Attempt {
    entries: Vec<Entry>,
    counted: Vec<(usize, u64)>,
}

impl Attempt {
    /// Counts the members of the object at a node that its branch does not know.
    pub(crate) fn n_unknown(&self, node: NodeId) -> usize {
        let is_unknown = |entry: &&Entry| matches!(entry.fact, Fact::Unknown(..));
        self.entries.iter().filter(|entry| entry.node == node).filter(is_unknown).count()
    }

    /// Returns whether the value at a node is none of its enum.
    pub(crate) fn has_unknown_value(&self, node: NodeId) -> bool {
        let is_stray = |fact: &Fact| matches!(fact, Fact::Stray(Stray::Value, _));
        self.entries.iter().any(|entry| entry.node == node && is_stray(&entry.fact))
    }

    /// Drops unknown members of the object at a node that another branch knows.
    pub(crate) fn forget_unknown(&mut self, node: NodeId, is_known: impl Fn(&str) -> bool) {
        self.entries.retain(|entry| match &entry.fact {
            Fact::Unknown(name, _) if entry.node == node => !is_known(name),
            _ => true,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Journal, ROOM};

    /// Returns the sums of the counters 0 and 1.
    fn sums(journal: &Journal) -> [u64; 2] {
        [0, 1]
            .map(|counter| journal.counted.iter().filter(|it| it.0 == counter).map(|it| it.1).sum())
    }

    #[test]
    fn a_body_that_repeats_itself_is_counted_in_bounded_memory() {
        let mut journal = Journal::default();
        for index in 0..100_000 {
            journal.count(index % 2);
        }
        assert_eq!(sums(&journal), [50_000, 50_000]);
        assert!(journal.counted.len() <= ROOM, "{}", journal.counted.len());
    }

    #[test]
    fn what_a_vain_attempt_counted_is_gone_also_when_it_was_added_up() {
        let mut journal = Journal::default();
        journal.count(0);
        let start = journal.begin();
        (0..10_000).for_each(|_| journal.count(0));
        let vain = journal.end(start);
        assert_eq!(sums(&journal), [1, 0]);
        journal.count(1);
        journal.keep(vain);
        assert_eq!(sums(&journal), [10_001, 1]);
    }
}
