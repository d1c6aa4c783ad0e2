//! Joins two shapes into the narrowest one that covers both.
//!
//! Promises widen pointwise, and counts add up. Both halves obey the laws separately, so the whole
//! does.

use std::collections::BTreeMap;

use super::{Alternatives, Field, MAX_UNKNOWN_FIELDS, Sampled, Seen, Shape, Tally, sum};

impl Shape {
    /// Returns the narrowest shape that covers `self` and `other`.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        if *self == Self::default() {
            return other.clone();
        }
        if *other == Self::default() {
            return self.clone();
        }
        Self {
            references: self.references.union(&other.references).cloned().collect(),
            kinds: merged(&self.kinds, &other.kinds, Tally::absorb),
            values: match (&self.values, &other.values) {
                (Some(mine), Some(theirs)) => Some(mine.union(theirs).cloned().collect()),
                _ => None,
            },
            is_closed_enum: self.is_closed_enum && other.is_closed_enum,
            is_extensible_enum: self.is_extensible_enum || other.is_extensible_enum,
            format: self.format.clone().filter(|_| self.format == other.format),
            patterns: (self.patterns.iter())
                .filter(|pattern| other.patterns.contains(pattern))
                .cloned()
                .collect(),
            bounds: self.bounds.join(&other.bounds).into(),
            fields: join_fields(&self.fields, &other.fields),
            additional: self.additional.max(other.additional),
            entries: join_boxed(self.entries.as_deref(), other.entries.as_deref()),
            item: join_boxed(self.item.as_deref(), other.item.as_deref()),
            alternatives: match (&self.alternatives, &other.alternatives) {
                (Some(mine), Some(theirs)) => Some(Box::new(mine.join(theirs))),
                (one, None) | (None, one) => one.clone(),
            },
            not: if self.not == other.not { self.not.clone() } else { Vec::new() },
            seen: self.seen.join(&other.seen).into(),
        }
    }
}

impl Field {
    fn join(&self, other: &Self) -> Self {
        let mut missing = self.missing.clone();
        missing.absorb(&other.missing);
        Self {
            required: self.required && other.required,
            is_read_only: self.is_read_only && other.is_read_only,
            is_write_only: self.is_write_only && other.is_write_only,
            present: sum(self.present, other.present),
            missing,
            shape: Box::new(self.shape.join(&other.shape)),
        }
    }
}

impl Alternatives {
    fn join(&self, other: &Self) -> Self {
        Self {
            tag: self.tag.clone().filter(|_| self.tag == other.tag),
            is_exclusive: self.is_exclusive && other.is_exclusive,
            branches: merged(&self.branches, &other.branches, |mine, theirs| {
                mine.values.extend(theirs.values.iter().cloned());
                *mine.shape = mine.shape.join(&theirs.shape);
                mine.chosen.absorb(&theirs.chosen);
            }),
        }
    }
}

impl Seen {
    fn join(&self, other: &Self) -> Self {
        let mut others = self.others.clone();
        others.absorb(&other.others);
        let mut seen = Self {
            values: merged(&self.values, &other.values, Tally::absorb),
            strays: merged(&self.strays, &other.strays, Sampled::absorb),
            masks: merged(&self.masks, &other.masks, Sampled::absorb),
            unknown: merged(&self.unknown, &other.unknown, Sampled::absorb),
            twice: merged(&self.twice, &other.twice, Tally::absorb),
            others,
        };
        seen.bound();
        seen
    }

    /// Moves the largest unknown names beyond the bound into `others`.
    ///
    /// A name that is kept in the end was never evicted on the way, and any other ends in `others`
    /// with all its counts, whatever the order.
    pub(crate) fn bound(&mut self) {
        self.keep(MAX_UNKNOWN_FIELDS);
    }

    /// Moves the largest unknown names beyond `most` into `others`, like [`Self::bound`].
    pub(crate) fn keep(&mut self, most: usize) {
        while self.unknown.len() > most {
            if let Some((_, evicted)) = self.unknown.pop_last() {
                self.others.absorb(&evicted.tally);
            }
        }
        super::keep(&mut self.twice, most);
    }
}

/// Joins the fields of two objects; a field that only one side has is no longer required.
fn join_fields(
    mine: &BTreeMap<String, Field>,
    theirs: &BTreeMap<String, Field>,
) -> BTreeMap<String, Field> {
    let mut fields = BTreeMap::new();
    for (name, field) in mine {
        let joined = match theirs.get(name) {
            Some(other) => field.join(other),
            None => Field { required: false, ..field.clone() },
        };
        fields.insert(name.clone(), joined);
    }
    for (name, field) in theirs {
        if !mine.contains_key(name) {
            fields.insert(name.clone(), Field { required: false, ..field.clone() });
        }
    }
    fields
}

/// Returns the pointwise union of two maps.
pub(crate) fn merged<K: Ord + Clone, V: Clone>(
    mine: &BTreeMap<K, V>,
    theirs: &BTreeMap<K, V>,
    absorb: impl Fn(&mut V, &V),
) -> BTreeMap<K, V> {
    let mut all = mine.clone();
    for (key, value) in theirs {
        match all.get_mut(key) {
            Some(known) => absorb(known, value),
            None => {
                all.insert(key.clone(), value.clone());
            }
        }
    }
    all
}

fn join_boxed(mine: Option<&Shape>, theirs: Option<&Shape>) -> Option<Box<Shape>> {
    match (mine, theirs) {
        (Some(mine), Some(theirs)) => Some(Box::new(mine.join(theirs))),
        (one, None) | (None, one) => one.cloned().map(Box::new),
    }
}
