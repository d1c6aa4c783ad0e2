//! Counts the JSON values at one place, and those below it.
//!
//! A [`Shape`](prumo_drift::Shape) is observed along a promise. Here there is none, so a value keeps
//! what a promise is later made of: kinds, forms of texts, few distinct values.
//!
//! Invariants:
//!
//! * [`Seen::absorb`] is commutative and associative.
//! * An object keeps a bounded number of members by name; the others are one more value.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::texts::{Distinct, Texts};

/// The most levels that are told apart.
const MAX_DEPTH: usize = 48;

/// The most members of an object that are kept by name.
const MAX_MEMBERS: usize = 256;

/// The values at one place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    pub(crate) n_null: u64,
    pub(crate) n_bool: u64,
    pub(crate) ints: Ints,
    /// Numbers that are not integers, or integers that no client can hold as such.
    pub(crate) n_number: u64,
    pub(crate) texts: Texts,
    pub(crate) objects: Objects,
    pub(crate) arrays: Arrays,
    /// Values that nest too deep.
    pub(crate) n_other: u64,
}

/// The integers at one place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ints {
    pub(crate) count: u64,
    /// Some are larger than an `i64`.
    pub(crate) is_beyond_i64: bool,
    pub(crate) is_negative: bool,
    pub(crate) distinct: Distinct,
}

/// The objects at one place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Objects {
    pub(crate) count: u64,
    pub(crate) members: BTreeMap<String, Member>,
    /// The members beyond the bound.
    pub(crate) others: Option<Box<Seen>>,
}

/// One member of the objects at a place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Member {
    pub(crate) n_present: u64,
    /// The smallest position among the members of an object.
    pub(crate) position: usize,
    pub(crate) seen: Seen,
}

/// The arrays at one place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Arrays {
    pub(crate) count: u64,
    pub(crate) n_items: u64,
    pub(crate) items: Option<Box<Seen>>,
}

impl Seen {
    pub(crate) fn see(&mut self, value: &Value) {
        self.see_at(value, 0);
    }

    fn see_at(&mut self, value: &Value, depth: usize) {
        if depth > MAX_DEPTH {
            self.n_other += 1;
            return;
        }
        match value {
            Value::Null => self.n_null += 1,
            Value::Bool(_) => self.n_bool += 1,
            Value::Number(number) if number.is_i64() || number.is_u64() => {
                self.ints.see(&number.to_string(), number.is_i64());
            }
            Value::Number(_) => self.n_number += 1,
            Value::String(text) => self.texts.see(text),
            Value::Array(items) => {
                self.arrays.count += 1;
                self.arrays.n_items += items.len() as u64;
                for item in items {
                    self.arrays.items.get_or_insert_default().see_at(item, depth + 1);
                }
            }
            Value::Object(members) => {
                self.objects.count += 1;
                for (position, (name, value)) in members.iter().enumerate() {
                    let mut seen = Self::default();
                    seen.see_at(value, depth + 1);
                    self.objects.add(name, Member { n_present: 1, position, seen });
                }
                self.objects.bound();
            }
        }
    }

    /// Counts a value that was not read.
    pub(crate) fn see_unread(&mut self) {
        self.n_other += 1;
    }

    pub(crate) fn absorb(&mut self, other: Self) {
        self.n_null += other.n_null;
        self.n_bool += other.n_bool;
        self.n_number += other.n_number;
        self.n_other += other.n_other;
        self.ints.absorb(other.ints);
        self.texts.absorb(other.texts);
        self.objects.count += other.objects.count;
        for (name, member) in other.objects.members {
            self.objects.add(&name, member);
        }
        join(&mut self.objects.others, other.objects.others);
        self.objects.bound();
        self.arrays.count += other.arrays.count;
        self.arrays.n_items += other.arrays.n_items;
        join(&mut self.arrays.items, other.arrays.items);
    }

    /// Returns the number of values.
    pub(crate) fn count(&self) -> u64 {
        let scalars = self.n_null + self.n_bool + self.ints.count + self.n_number;
        scalars + self.texts.count + self.objects.count + self.arrays.count + self.n_other
    }

    /// Returns the value of a member of the objects.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        self.objects.members.get(name).map(|member| &member.seen)
    }
}

fn join(mine: &mut Option<Box<Seen>>, theirs: Option<Box<Seen>>) {
    if let Some(theirs) = theirs {
        mine.get_or_insert_default().absorb(*theirs);
    }
}

impl Ints {
    fn see(&mut self, text: &str, is_i64: bool) {
        self.count += 1;
        self.is_beyond_i64 |= !is_i64;
        self.is_negative |= text.starts_with('-');
        self.distinct.see(text);
    }

    fn absorb(&mut self, other: Self) {
        self.count += other.count;
        self.is_beyond_i64 |= other.is_beyond_i64;
        self.is_negative |= other.is_negative;
        self.distinct.absorb(other.distinct);
    }
}

impl Objects {
    fn add(&mut self, name: &str, member: Member) {
        match self.members.get_mut(name) {
            Some(known) => {
                known.n_present += member.n_present;
                known.position = known.position.min(member.position);
                known.seen.absorb(member.seen);
            }
            None => drop(self.members.insert(name.to_owned(), member)),
        }
    }

    /// Moves the largest names beyond the bound to the others.
    fn bound(&mut self) {
        while self.members.len() > MAX_MEMBERS {
            if let Some((_, member)) = self.members.pop_last() {
                self.others.get_or_insert_default().absorb(member.seen);
            }
        }
    }
}
