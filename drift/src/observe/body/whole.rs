//! Judges values that must be seen whole.
//!
//! A value is held as a slice of the input, not as a tree, except for unique items of a list and
//! for enums of lists and objects.

use std::collections::HashSet;

use serde_json::Value;

use super::visit::{Pass, kind_of};
use crate::observe::counts::journal::{Attempt, Fit, Score};
use crate::observe::counts::plan::Branches;
use crate::observe::counts::record::{Child, NodeId};
use crate::shape::{Scalar, Stray, canonical};
use prumo_spec::Kind;

/// The most attempts at branches within each other. Deeper, the first branch of the right kind is
/// taken, since the time would grow exponentially.
const MAX_ATTEMPTS: usize = 6;

/// The depth of attempts down to which all branches are tried, to see whether only one fits.
/// Deeper, the first one that fits is taken.
const MAX_EXHAUSTIVE: usize = 3;

/// How far a value is from a branch: the less, the likelier the branch was meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Unlikeness {
    /// Whether the value does not fit.
    is_broken: bool,
    /// The number of required members with an enum that have another value.
    n_other: usize,
    /// The number of members that the branch does not know.
    n_unknown: usize,
    score: Score,
}

impl Pass<'_> {
    /// Judges a value whose whole text is held.
    pub(crate) fn held(&mut self, node: NodeId, text: &str) -> Result<(), serde_json::Error> {
        let kind = kind_of(text);
        let plan = self.plan(node);
        if !self.allows(node, kind) {
            return self.read_through(node, text);
        }
        for (index, not) in plan.not.iter().enumerate() {
            let negated = self.nodes.child(self.plans, node, Child::Not(index), *not);
            let start = self.journal.begin();
            self.n_attempts += 1;
            self.is_negated = !self.is_negated;
            let read = self.read(negated, text);
            self.is_negated = !self.is_negated;
            self.n_attempts -= 1;
            let score = self.journal.score(start);
            self.journal.end(start);
            read?;
            if score.fits() {
                self.kind(node, kind);
                self.stray(node, Stray::Not, String::new());
                return Ok(());
            }
            if score.n_faults == 0 {
                self.leave_undecided(node);
            }
        }
        if plan.values.is_some() && matches!(kind.base(), Kind::Array | Kind::Object) {
            self.kind(node, kind);
            let value: Value = serde_json::from_str(text)?;
            self.judged_by_enum(node, &Scalar::from_value(&value));
            return Ok(());
        }
        // Branches describe the whole value, so the unique items are checked within one of them.
        let is_unique = plan.bounds.unique_items && plan.branches.is_none();
        if is_unique && kind == Kind::Array && has_twins(text)? {
            self.stray(node, Stray::UniqueItems, String::new());
        }
        match plan.branches.as_ref().filter(|branches| branches.tag.is_none()) {
            Some(branches) => self.tried(node, branches, kind, text),
            None => match wide_int(text) {
                Some(int) => {
                    self.int(node, int);
                    Ok(())
                }
                None => self.read_through(node, text),
            },
        }
    }

    /// Tries the branches and keeps the facts of the best one.
    fn tried(
        &mut self,
        node: NodeId,
        branches: &Branches,
        kind: Kind,
        text: &str,
    ) -> Result<(), serde_json::Error> {
        self.kind(node, kind);
        let mut candidates = Vec::new();
        for (index, branch) in branches.all.iter().enumerate() {
            let child = self.nodes.child(self.plans, node, Child::Branch(index), branch.plan);
            if self.allows(child, kind) {
                candidates.push((index, child));
            }
        }
        if candidates.is_empty() {
            self.skip(text);
        }
        let is_sure = candidates.len() == 1 || self.n_attempts >= MAX_ATTEMPTS;
        if let (true, Some(&(index, child))) = (is_sure, candidates.first()) {
            self.count(node, Fit::Branch(index));
            return self.read(child, text);
        }
        let is_exhaustive = branches.is_exclusive && self.n_attempts < MAX_EXHAUSTIVE;
        let (mut fitting, mut doubtful) = (Vec::new(), Vec::new());
        let mut best = None;
        for (index, child) in candidates {
            let start = self.journal.begin();
            self.n_attempts += 1;
            let read = self.read(child, text);
            self.n_attempts -= 1;
            let score = self.journal.score(start);
            let attempt = self.journal.end(start);
            read?;
            if score.fits() {
                fitting.push((index, child));
            } else if score.n_faults == 0 {
                doubtful.push((index, child));
            }
            let unlikeness = self.unlikeness(child, score, &attempt);
            let is_best = best.as_ref().is_none_or(|(least, _, _)| unlikeness < *least);
            if is_best {
                best = Some((unlikeness, (index, child), attempt));
            }
            let is_flawless =
                best.as_ref().is_some_and(|(least, ..)| *least == Unlikeness::default());
            if is_flawless && (!is_exhaustive || fitting.len() > 1) {
                break;
            }
        }
        if let Some((_, (index, child), mut attempt)) = best {
            self.count(node, Fit::Branch(index));
            // Members that one fitting branch does not know may be known to another.
            attempt.forget_unknown(child, |name| {
                let mut all = fitting.iter().chain(&doubtful);
                all.any(|(_, other)| self.plan(*other).knows(name))
            });
            self.journal.keep(attempt);
        }
        if is_exhaustive {
            self.only_one(node, branches, &fitting, !doubtful.is_empty());
        }
        Ok(())
    }

    /// Returns how far an attempt at a branch is from what was meant. A value that does not fit is
    /// still of the branch whose constants it has, and that knows most of its members.
    fn unlikeness(&mut self, child: NodeId, score: Score, attempt: &Attempt) -> Unlikeness {
        if score.n_faults == 0 {
            return Unlikeness { score, ..Unlikeness::default() };
        }
        let mut n_other = 0;
        for (index, field) in self.plan(child).fields.iter().enumerate() {
            if field.required && self.plans.get(field.plan).values.is_some() {
                let node = self.nodes.child(self.plans, child, Child::Field(index), field.plan);
                n_other += usize::from(attempt.has_unknown_value(node));
            }
        }
        let n_unknown = attempt.n_unknown(child);
        Unlikeness { is_broken: true, n_other, n_unknown, score }
    }

    /// Judges that no more than one branch fits.
    fn only_one(
        &mut self,
        node: NodeId,
        branches: &Branches,
        fitting: &[(usize, NodeId)],
        has_doubtful: bool,
    ) {
        let name = |index: usize| branches.all.get(index).map_or("", |branch| branch.name.as_str());
        match fitting {
            [(one, _), (two, _), ..] => {
                self.stray(node, Stray::Branches, format!("{} and {}", name(*one), name(*two)));
            }
            [_] if has_doubtful => self.leave_undecided(node),
            _ => (),
        }
    }
}

/// Returns an integer beyond 64 bits, which the parser would round.
fn wide_int(text: &str) -> Option<i128> {
    let is_number = text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let int = text.parse::<i128>().ok().filter(|_| is_number)?;
    (u64::try_from(int).is_err() && i64::try_from(int).is_err()).then_some(int)
}

fn has_twins(text: &str) -> Result<bool, serde_json::Error> {
    let items: Vec<Value> = serde_json::from_str(text)?;
    let mut known = HashSet::new();
    Ok(items.iter().any(|item| !known.insert(canonical(item))))
}
