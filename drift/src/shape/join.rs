//! Joins two shapes into the narrowest one that covers both.
//!
//! Promises widen pointwise, and counts add up. Both halves obey the laws separately, so the whole
//! does.

use std::collections::BTreeMap;

use super::{Alternatives, Field, MAX_UNKNOWN_FIELDS, Rare, Sampled, Seen, Shape, Tally, sum};

impl Shape {
    /// Returns the narrowest shape that covers `self` and `other`.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        let mut joined = self.clone();
        joined.absorb(other);
        joined
    }

    /// Widens this shape like [`Self::join`], without copying it.
    pub(crate) fn absorb(&mut self, other: &Self) {
        if *other == Self::default() {
            return;
        }
        if *self == Self::default() {
            other.clone_into(self);
            return;
        }
        self.references.extend(other.references.iter().cloned());
        merge(&mut self.kinds, &other.kinds, Tally::absorb);
        match (&mut self.values, &other.values) {
            (Some(mine), Some(theirs)) => mine.extend(theirs.iter().cloned()),
            (mine, _) => *mine = None,
        }
        self.is_closed_enum &= other.is_closed_enum;
        self.is_extensible_enum |= other.is_extensible_enum;
        if self.format != other.format {
            self.format = None;
        }
        self.patterns.retain(|pattern| other.patterns.contains(pattern));
        if self.bounds != other.bounds {
            self.bounds = self.bounds.join(&other.bounds).into();
        }
        absorb_fields(&mut self.fields, &other.fields);
        self.additional = self.additional.max(other.additional);
        absorb_boxed(&mut self.entries, other.entries.as_deref());
        absorb_boxed(&mut self.item, other.item.as_deref());
        match (&mut self.alternatives, &other.alternatives) {
            (Some(mine), Some(theirs)) => mine.absorb(theirs),
            (mine @ None, Some(theirs)) => *mine = Some(theirs.clone()),
            (_, None) => (),
        }
        if self.not != other.not {
            self.not.clear();
        }
        if other.seen != Rare::default() {
            self.seen.absorb(&other.seen);
        }
    }
}

impl Field {
    fn absorb(&mut self, other: &Self) {
        self.required &= other.required;
        self.is_read_only &= other.is_read_only;
        self.is_write_only &= other.is_write_only;
        self.present = sum(self.present, other.present);
        self.missing.absorb(&other.missing);
        self.shape.absorb(&other.shape);
    }
}

impl Alternatives {
    fn absorb(&mut self, other: &Self) {
        if self.tag != other.tag {
            self.tag = None;
        }
        self.is_exclusive &= other.is_exclusive;
        merge(&mut self.branches, &other.branches, |mine, theirs| {
            mine.values.extend(theirs.values.iter().cloned());
            mine.shape.absorb(&theirs.shape);
            mine.chosen.absorb(&theirs.chosen);
        });
    }
}

impl Seen {
    fn absorb(&mut self, other: &Self) {
        merge(&mut self.values, &other.values, Tally::absorb);
        merge(&mut self.strays, &other.strays, Sampled::absorb);
        merge(&mut self.masks, &other.masks, Sampled::absorb);
        merge(&mut self.unknown, &other.unknown, Sampled::absorb);
        merge(&mut self.twice, &other.twice, Tally::absorb);
        self.others.absorb(&other.others);
        self.bound();
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
fn absorb_fields(mine: &mut BTreeMap<String, Field>, theirs: &BTreeMap<String, Field>) {
    for (name, field) in mine.iter_mut().filter(|(_, field)| field.required) {
        field.required = theirs.contains_key(name);
    }
    for (name, field) in theirs {
        match mine.get_mut(name) {
            Some(known) => known.absorb(field),
            None => {
                mine.insert(name.clone(), Field { required: false, ..field.clone() });
            }
        }
    }
}

/// Makes a map the pointwise union of itself and another.
pub(crate) fn merge<K: Ord + Clone, V: Clone>(
    mine: &mut BTreeMap<K, V>,
    theirs: &BTreeMap<K, V>,
    absorb: impl Fn(&mut V, &V),
) {
    for (key, value) in theirs {
        match mine.get_mut(key) {
            Some(known) => absorb(known, value),
            None => {
                mine.insert(key.clone(), value.clone());
            }
        }
    }
}

fn absorb_boxed(mine: &mut Option<Box<Shape>>, theirs: Option<&Shape>) {
    match (mine, theirs) {
        (Some(mine), Some(theirs)) => mine.absorb(theirs),
        (mine @ None, Some(theirs)) => *mine = Some(Box::new(theirs.clone())),
        (_, None) => (),
    }
}
