//! Walks through two documents side by side, and collects what changed and which operations it
//! reaches.
//!
//! Invariants:
//!
//! * Each pair of schemas is compared once for each side, whatever refers to it; so a recursive
//!   schema ends, and a change of a shared one is one change.
//! * Pairs wait in a queue, so the depth of a document costs no stack.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use prumo_spec::openapi::{Node, OpenApi, Operation, Schema};
use prumo_spec::{Document, SpecError, SpecFault};

use crate::change::{Called, Change, Changes, DocumentPlace};
use crate::effect::{Effect, Side};
use crate::place::{place, shown};
use crate::rules::Rule;
use crate::same::Same;

/// The most pairs of schemas.
const MAX_PAIRS: usize = 500_000;

/// The key by which two reports are one change: rule, pointers, before and after. A new part is known
/// by its new pointer alone, and a removed one by its old one, because several wholes may share it.
type Key = (Rule, String, String, String, String);

/// Both sides of a comparison.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Both<T> {
    pub(crate) old: T,
    pub(crate) new: T,
}

/// A change, as far as it is known before the walk is over.
#[derive(Debug, Default)]
struct Found {
    effect: Option<Effect>,
    sides: BTreeSet<Side>,
    operations: BTreeSet<usize>,
    /// The pointers: of the smallest whole, where the key lacks one.
    at: Option<Both<String>>,
}

/// A place of the walk: what changed there, and the places below.
#[derive(Debug, Default)]
struct Stop {
    changes: BTreeSet<usize>,
    below: BTreeSet<usize>,
}

/// A pair of schemas that waits to be compared.
#[derive(Debug)]
pub(crate) struct Pair<'d> {
    pub(crate) old: Schema<'d>,
    pub(crate) new: Schema<'d>,
    pub(crate) side: Side,
    stop: usize,
}

/// A walk through two documents.
#[derive(Debug)]
pub(crate) struct Walk<'d> {
    pub(crate) old: OpenApi<'d>,
    pub(crate) new: OpenApi<'d>,
    same: Same,
    keys: BTreeMap<Key, usize>,
    found: Vec<Found>,
    stops: Vec<Stop>,
    pairs: HashMap<(String, String, Side), usize>,
    open: VecDeque<Pair<'d>>,
    operations: Vec<(usize, Called)>,
    /// The stop that changes belong to.
    here: usize,
}

impl<'d> Walk<'d> {
    pub(crate) fn new(old: OpenApi<'d>, new: OpenApi<'d>) -> Self {
        Self {
            old,
            new,
            same: Same::between(old, new),
            keys: BTreeMap::new(),
            found: Vec::new(),
            stops: Vec::new(),
            pairs: HashMap::new(),
            open: VecDeque::new(),
            operations: Vec::new(),
            here: 0,
        }
    }

    /// Starts the comparison of an operation; all that follows reaches it.
    pub(crate) fn enter(&mut self, operation: &Operation<'_>) {
        let path = match operation.path() {
            "" => operation.id(),
            path => path,
        };
        let called = Called {
            path: path.to_owned(),
            method: operation.method().name(),
            id: operation.id().to_owned(),
        };
        self.here = self.stops.len();
        self.stops.push(Stop::default());
        self.operations.push((self.here, called));
    }

    /// Returns whether nothing changed in two nodes, whatever they refer to.
    pub(crate) fn are_same(&self, old: &Node<'_>, new: &Node<'_>) -> bool {
        self.same.are_same(old, new)
    }

    /// Records a change without a side.
    pub(crate) fn tell(&mut self, rule: Rule, at: Both<&str>, step: Both<&str>) {
        self.record(rule, None, at, step);
    }

    /// Records a change of a value, unless callers on its side notice nothing.
    pub(crate) fn tell_of(&mut self, rule: Rule, side: Side, at: Both<&str>, step: Both<&str>) {
        self.record(rule, Some(side), at, step);
    }

    fn record(&mut self, rule: Rule, side: Option<Side>, at: Both<&str>, step: Both<&str>) {
        let Some(effect) = rule.row().effect(side.unwrap_or(Side::Sent)) else { return };
        let (before, after) = (shown(step.old), shown(step.new));
        let is_new = before.is_empty() && !after.is_empty();
        let is_gone = after.is_empty() && !before.is_empty();
        let at_old = if is_new { "" } else { at.old };
        let at_new = if is_gone { "" } else { at.new };
        let key = (rule, at_old.to_owned(), at_new.to_owned(), before, after);
        let index = match self.keys.entry(key) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                self.found.push(Found::default());
                *new.insert(self.found.len() - 1)
            }
        };
        let found = &mut self.found[index];
        found.effect = Some(found.effect.map_or(effect, |known| known.worse(effect)));
        found.sides.extend(side);
        let size = |old: &str, new: &str| (old.len(), new.len(), old.to_owned(), new.to_owned());
        let known = found.at.as_ref().map(|at| size(&at.old, &at.new));
        if known.is_none_or(|known| size(at.old, at.new) < known) {
            found.at = Some(Both { old: at.old.to_owned(), new: at.new.to_owned() });
        }
        if let Some(stop) = self.stops.get_mut(self.here) {
            stop.changes.insert(index);
        }
    }

    /// Lets two schemas be compared, unless they are the same.
    pub(crate) fn compare(
        &mut self,
        old: &Schema<'d>,
        new: &Schema<'d>,
        side: Side,
    ) -> Result<(), SpecError> {
        if self.are_same(old.node(), new.node()) {
            return Ok(());
        }
        let (old, new) = (old.followed()?, new.followed()?);
        if self.are_same(old.node(), new.node()) && old.at() == new.at() {
            return Ok(());
        }
        let next = self.stops.len();
        let stop =
            *self.pairs.entry((old.at().to_owned(), new.at().to_owned(), side)).or_insert(next);
        if let Some(here) = self.stops.get_mut(self.here) {
            here.below.insert(stop);
        }
        if stop < next {
            return Ok(());
        }
        if self.pairs.len() > MAX_PAIRS {
            return Err(new.node().fault(SpecFault::TooComplex { what: "too many schemas" }));
        }
        self.stops.push(Stop::default());
        self.open.push_back(Pair { old, new, side, stop });
        Ok(())
    }

    /// Returns the next pair to compare; what follows belongs to it.
    pub(crate) fn next_pair(&mut self) -> Option<Pair<'d>> {
        let pair = self.open.pop_front()?;
        self.here = pair.stop;
        Some(pair)
    }

    /// Ends the walk.
    pub(crate) fn finish(mut self) -> Changes {
        for operation in 0..self.operations.len() {
            for change in self.reached_from(self.operations[operation].0) {
                self.found[change].operations.insert(operation);
            }
        }
        let Self { keys, found, operations, old, new, .. } = self;
        let change = |((rule, _, _, before, after), index): (Key, usize)| {
            let Found { effect, sides, operations: reached, at } = &found[index];
            let Both { old: at_old, new: at_new } = at.as_ref()?;
            let mut called: Vec<Called> =
                reached.iter().map(|index| operations[*index].1.clone()).collect();
            called.sort();
            called.dedup();
            let at = if after.is_empty() && !before.is_empty() { at_old } else { at_new };
            Some(Change {
                rule,
                effect: (*effect)?,
                sides: sides.iter().copied().collect(),
                place: place(at),
                before,
                after,
                operations: called,
                old: document_place(old.document(), at_old),
                new: document_place(new.document(), at_new),
            })
        };
        Changes::new(keys.into_iter().filter_map(change).collect())
    }

    fn reached_from(&self, stop: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut seen = BTreeSet::from([stop]);
        let mut open = vec![stop];
        while let Some(stop) = open.pop() {
            let Stop { changes, below } = &self.stops[stop];
            reached.extend(changes);
            open.extend(below.iter().copied().filter(|one| seen.insert(*one)));
        }
        reached
    }
}

fn document_place(document: &Document, pointer: &str) -> DocumentPlace {
    DocumentPlace {
        file: document.file_at(pointer).to_owned(),
        position: document.nearest_position(pointer),
        pointer: pointer.to_owned(),
    }
}
