//! Merges two promises into the one that fits both, as `allOf` requires.
//!
//! References are followed where both sides restrict a value, so the result may refer to named
//! shapes but never contradicts them. A member counts as known if either side names it, since that
//! is what authors mean by `additionalProperties: false` beside an `allOf`. A schema in its place
//! applies to every member that its own side does not name.

use std::collections::BTreeMap;

use super::{Reader, SpecError, SpecFault};
use crate::shape::{Alternatives, Branch, Field, Pattern, Shape, Tally};
use prumo_spec::Kind;

/// The most pairs of branches in two sets of alternatives.
const MAX_PAIRS: usize = 256;

/// The most branches that one merge may give, including nested ones.
const MAX_MERGED: usize = 1024;

/// The most shapes that one merge may make: members of members grow exponentially where a schema and
/// its part have the same ones.
const MAX_MET: usize = 500_000;

/// The most shapes that all merges of a document may make.
const MAX_MET_IN_ALL: usize = 2_000_000;

/// The greatest depth of shapes that are merged into each other.
const MAX_DEPTH: usize = 64;

impl Reader<'_> {
    /// Returns the promise that fits both `a` and `b`.
    pub(super) fn meet(&mut self, at: &str, a: &Shape, b: &Shape) -> Result<Shape, SpecError> {
        if a == b || says_nothing(b) {
            return Ok(a.clone());
        }
        if says_nothing(a) {
            return Ok(b.clone());
        }
        if self.meet_depth >= MAX_DEPTH {
            return Err(
                self.fault(at, SpecFault::TooComplex { what: "`allOf` of recursive schemas" })
            );
        }
        if self.meet_depth == 0 {
            self.n_merged = 0;
            self.n_met = 0;
        }
        self.meet_depth += 1;
        let met = self.meet_resolved(at, a, b);
        self.meet_depth -= 1;
        met
    }

    fn meet_resolved(&mut self, at: &str, a: &Shape, b: &Shape) -> Result<Shape, SpecError> {
        let a = &self.inline(at, a)?;
        let b = &self.inline(at, b)?;
        let n_shapes = n_shapes(a).saturating_add(n_shapes(b));
        self.n_met = self.n_met.saturating_add(n_shapes);
        self.n_met_in_all = self.n_met_in_all.saturating_add(n_shapes);
        if self.n_met > MAX_MET || self.n_met_in_all > MAX_MET_IN_ALL {
            return Err(self.fault(at, SpecFault::TooComplex { what: "members of merged members" }));
        }
        let mut fields = BTreeMap::new();
        for (name, mine) in &a.fields {
            let field = match b.fields.get(name) {
                Some(theirs) => self.meet_field(at, mine, theirs)?,
                None => self.meet_entries(at, mine, b)?,
            };
            fields.insert(name.clone(), field);
        }
        for (name, theirs) in b.fields.iter().filter(|(name, _)| !a.fields.contains_key(*name)) {
            fields.insert(name.clone(), self.meet_entries(at, theirs, a)?);
        }
        let kinds: BTreeMap<Kind, Tally> = Kind::BASE
            .into_iter()
            .filter(|&kind| a.allows(kind) && b.allows(kind))
            .map(|kind| (kind, Tally::default()))
            .collect();
        if kinds.is_empty() {
            return Err(self.fault(at, SpecFault::Impossible));
        }
        let bounds = a.bounds.meet(&b.bounds).ok_or_else(|| {
            self.fault(at, SpecFault::TooComplex { what: "two `multipleOf` at one place" })
        })?;
        Ok(Shape {
            kinds,
            values: match (&a.values, &b.values) {
                (Some(mine), Some(theirs)) => Some(mine.intersection(theirs).cloned().collect()),
                (one, None) | (None, one) => one.clone(),
            },
            is_closed_enum: a.is_closed_enum || b.is_closed_enum,
            is_extensible_enum: [a, b]
                .iter()
                .all(|part| part.values.is_none() || part.is_extensible_enum),
            format: a.format.clone().or_else(|| b.format.clone()),
            patterns: both(&a.patterns, &b.patterns),
            bounds: bounds.into(),
            fields,
            additional: a.additional.min(b.additional),
            entries: self.meet_boxed(at, a.entries.as_deref(), b.entries.as_deref())?,
            item: self.meet_boxed(at, a.item.as_deref(), b.item.as_deref())?,
            alternatives: self.meet_alternatives(at, a, b)?.map(Box::new),
            not: a.not.iter().chain(&b.not).cloned().collect(),
            ..Shape::default()
        })
    }

    fn meet_field(&mut self, at: &str, a: &Field, b: &Field) -> Result<Field, SpecError> {
        Ok(Field {
            required: a.required || b.required,
            is_read_only: a.is_read_only || b.is_read_only,
            is_write_only: a.is_write_only || b.is_write_only,
            shape: self.meet(at, &a.shape, &b.shape)?.into(),
            ..Field::default()
        })
    }

    /// Merges a member that only one side names with the entries of the other side.
    fn meet_entries(&mut self, at: &str, field: &Field, other: &Shape) -> Result<Field, SpecError> {
        use SpecFault::{Circular, Impossible, TooComplex};
        let met = other.entries.as_deref().map(|entries| self.meet(at, &field.shape, entries));
        let shape = match met {
            Some(Ok(shape)) => shape.into(),
            // A member that can never be present is a mistake, so its own promise counts.
            None
            | Some(Err(SpecError {
                fault: Impossible | Circular { .. } | TooComplex { .. },
                ..
            })) => field.shape.clone(),
            Some(Err(error)) => return Err(error),
        };
        Ok(Field { shape, ..field.clone() })
    }

    fn meet_boxed(
        &mut self,
        at: &str,
        a: Option<&Shape>,
        b: Option<&Shape>,
    ) -> Result<Option<Box<Shape>>, SpecError> {
        match (a, b) {
            (Some(a), Some(b)) => Ok(Some(Box::new(self.meet(at, a, b)?))),
            (one, None) | (None, one) => Ok(one.cloned().map(Box::new)),
        }
    }

    /// Merges the branches of one side with the whole of the other, including its branches.
    fn meet_alternatives(
        &mut self,
        at: &str,
        a: &Shape,
        b: &Shape,
    ) -> Result<Option<Alternatives>, SpecError> {
        let (alternatives, other) = match (&a.alternatives, &b.alternatives) {
            (None, None) => return Ok(None),
            (Some(mine), None) => (mine, b),
            (None, Some(theirs)) => (theirs, a),
            (Some(mine), Some(theirs))
                if mine.branches.len() * theirs.branches.len() > MAX_PAIRS =>
            {
                return Err(self.fault(at, SpecFault::TooComplex { what: "pairs of branches" }));
            }
            // A tag is read only in the outermost alternatives.
            (Some(mine), Some(theirs)) if mine.tag.is_none() && theirs.tag.is_some() => (theirs, a),
            (Some(mine), Some(_)) => (mine, b),
        };
        let mut branches = BTreeMap::new();
        self.n_merged += alternatives.branches.len();
        if self.n_merged > MAX_MERGED {
            return Err(self.fault(at, SpecFault::TooComplex { what: "branches within branches" }));
        }
        for (name, branch) in &alternatives.branches {
            let shape = match self.meet(at, &branch.shape, other) {
                // This branch is impossible, but others may not be.
                Err(SpecError { fault: SpecFault::Impossible, .. }) => continue,
                shape => shape?,
            };
            branches.insert(name.clone(), Branch { shape: shape.into(), ..branch.clone() });
        }
        if branches.is_empty() {
            return Err(self.fault(at, SpecFault::Impossible));
        }
        let (tag, is_exclusive) = (alternatives.tag.clone(), alternatives.is_exclusive);
        Ok(Some(Alternatives { tag, is_exclusive, branches }))
    }
}

/// Counts the shapes that a copy of this one holds, up to the most that a merge may make.
fn n_shapes(shape: &Shape) -> usize {
    let mut open = vec![shape];
    let mut count = 0;
    while let Some(shape) = open.pop().filter(|_| count <= MAX_MET) {
        count += 1;
        open.extend(shape.fields.values().map(|field| &*field.shape));
        open.extend(shape.entries.as_deref().into_iter().chain(shape.item.as_deref()));
        open.extend(
            shape.alternatives.iter().flat_map(|all| all.branches.values()).map(|one| &*one.shape),
        );
        open.extend(&shape.not);
    }
    count
}

fn both(a: &[Pattern], b: &[Pattern]) -> Vec<Pattern> {
    let mut all: Vec<Pattern> = a.iter().chain(b).cloned().collect();
    all.sort();
    all.dedup();
    all
}

fn says_nothing(shape: &Shape) -> bool {
    *shape == Shape { item: shape.item.clone(), ..Shape::any() }
        && shape.item.as_deref().is_none_or(|item| *item == Shape::any())
}
