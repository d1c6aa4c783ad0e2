//! Decides whether the branches of a union without one tag can be told apart, and finds the marks by
//! which a client ranks them.
//!
//! Two objects are told apart by a required property that the other does not declare, by required
//! properties of different kinds, or by a constant; other types by their kind. So the client tries
//! the branches in the order in which a value matches their marks, whatever their order in the
//! document.
//!
//! Invariants:
//!
//! * Lists are told apart only if no list but the empty one fits both: a client does not look into
//!   them before it reads them.
//! * A number or a text keeps its value in every branch that fits, so several may fit; the narrowest
//!   is tried first.

use std::collections::BTreeSet;

use prumo_spec::formats::Format;
use serde_json::Value;

use super::super::{Draft, schema};
use super::{enum_of, tag_between};

/// The greatest number of branches of a union, with those of the unions in it.
const MAX_BRANCHES: usize = 256;

/// The parts of a branch that tell it from the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marks {
    /// Nothing beside its type.
    Any,
    /// The values of an enum.
    Values(Vec<Value>),
    /// The members of an object.
    Members {
        /// The members that it requires.
        required: Vec<String>,
        /// The other members that it declares.
        optional: Vec<String>,
        /// Required members with an enum, and their values.
        constants: Vec<(String, Vec<Value>)>,
    },
    /// The branches of a union within the union.
    OneOf(Vec<Marks>),
}

/// How a client finds the branch of a union without one tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking {
    /// The indices of the branches, of which the narrowest scalar comes first.
    pub order: Vec<usize>,
    /// The marks of each branch, if more than one may decode the same value.
    pub marks: Option<Vec<Marks>>,
}

impl Ranking {
    /// Returns whether the branches are tried in the order of the document.
    pub(super) fn is_as_it_comes(&self) -> bool {
        self.marks.is_none() && self.order.is_sorted()
    }
}

/// How sure a client must be of a branch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// Each of two branches has something that the other lacks, as a house document must have it.
    Strict,
    /// One of two branches has something that the other lacks.
    Lenient,
}

/// Returns how the branches of `union` are found, or `None` if some can't be told apart.
pub(super) fn ranking(draft: &Draft, union: &str, how: Telling) -> Option<Ranking> {
    let branches = draft.schemas.get(union)?.get("oneOf")?.as_array()?;
    let mut all: Vec<Vec<&Value>> = Vec::new();
    for branch in branches {
        let mut alternatives = Vec::new();
        collect(draft, branch, &mut BTreeSet::from([union]), &mut alternatives);
        all.push(alternatives);
    }
    if all.iter().map(Vec::len).sum::<usize>() > MAX_BRANCHES {
        return None;
    }
    let mut needs_marks = false;
    for (index, left) in all.iter().enumerate() {
        for right in all.iter().skip(index + 1) {
            for (left, right) in left.iter().flat_map(|one| right.iter().map(move |two| (one, two)))
            {
                if !are_apart(draft, left, right, how) {
                    return None;
                }
                needs_marks |= may_share_a_value(draft, left, right);
            }
        }
    }
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|index| {
        let others = || all.iter().enumerate().filter(|(other, _)| other != index);
        let others = || others().flat_map(|(_, others)| others);
        all[*index].iter().any(|one| {
            let kinds = Kinds::of(draft, one);
            is_wide(draft, one) && others().any(|other| kinds.has(Kinds::of(draft, other)))
        })
    });
    let marks = needs_marks.then(|| all.iter().map(|one| marks_of(draft, one)).collect());
    Some(Ranking { order, marks })
}

/// Collects the branches of a union and of the unions in it.
fn collect<'d>(
    draft: &'d Draft,
    slot: &'d Value,
    seen: &mut BTreeSet<&'d str>,
    found: &mut Vec<&'d Value>,
) {
    let inner = schema::target(slot)
        .and_then(|name| Some((name, draft.schemas.get(name)?.get("oneOf")?.as_array()?)));
    let Some((name, branches)) = inner else {
        found.push(slot);
        return;
    };
    if found.len() <= MAX_BRANCHES && seen.insert(name) {
        branches.iter().for_each(|branch| collect(draft, branch, seen, found));
    }
}

/// The kinds of JSON values, one bit each; integers are numbers, too.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Kinds(u8);

impl Kinds {
    const TEXT: Self = Self(1);
    const NUMBER: Self = Self(2);
    const BOOL: Self = Self(4);
    const LIST: Self = Self(8);
    const OBJECT: Self = Self(16);
    const NULL: Self = Self(32);
    const ALL: Self = Self(63);

    /// Returns the kinds of values that the client reads into a slot that is no union.
    fn of(draft: &Draft, slot: &Value) -> Self {
        let meant = meant(draft, slot);
        let format = schema::format_of(meant).and_then(Format::named);
        let own = match schema::type_of(meant) {
            Some("string" | "integer" | "number") if format.is_some_and(Format::is_loose) => {
                Self::TEXT.and(Self::NUMBER)
            }
            Some("integer") if format.is_some_and(Format::reads_bools) => {
                Self::NUMBER.and(Self::BOOL)
            }
            Some("string") => Self::TEXT,
            Some("integer" | "number") => Self::NUMBER,
            Some("boolean") => Self::BOOL,
            Some("array") => Self::LIST,
            Some("object") => Self::OBJECT,
            _ => Self::ALL,
        };
        let is_nullable = schema::is_nullable(slot) || schema::is_nullable(meant);
        if is_nullable { own.and(Self::NULL) } else { own }
    }

    /// Returns the kinds of values that the client reads into any slot.
    fn of_any(draft: &Draft, slot: &Value) -> Self {
        let mut alternatives = Vec::new();
        collect(draft, slot, &mut BTreeSet::new(), &mut alternatives);
        let null = if schema::is_nullable(slot) { Self::NULL } else { Self(0) };
        alternatives.into_iter().fold(null, |all, one| all.and(Self::of(draft, one)))
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    fn shared(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn has(self, other: Self) -> bool {
        !self.shared(other).is_empty()
    }
}

/// Returns the component that a slot refers to, or the slot.
fn meant<'d>(draft: &'d Draft, slot: &'d Value) -> &'d Value {
    schema::target(slot).and_then(|name| draft.schemas.get(name)).unwrap_or(slot)
}

/// Returns whether a client finds out which of two branches a value belongs to.
fn are_apart(draft: &Draft, left: &Value, right: &Value, how: Telling) -> bool {
    let [left_kinds, right_kinds] = [left, right].map(|slot| Kinds::of(draft, slot));
    if left_kinds == Kinds::ALL || right_kinds == Kinds::ALL {
        return false;
    }
    let shared = left_kinds.shared(right_kinds);
    if shared.has(Kinds::OBJECT) {
        let [Some(left), Some(right)] = [left, right].map(schema::target) else { return false };
        return objects_are_apart(draft, left, right, how);
    }
    !shared.has(Kinds::LIST) || lists_are_apart(draft, left, right)
}

fn objects_are_apart(draft: &Draft, left: &str, right: &str, how: Telling) -> bool {
    if tag_between(draft, left, right).is_some() {
        return true;
    }
    let (Some(one), Some(other)) = (draft.schemas.get(left), draft.schemas.get(right)) else {
        return false;
    };
    let (ours, theirs) = (requires_more(one, other), requires_more(other, one));
    if (ours && theirs) || properties_differ(draft, one, other) {
        return true;
    }
    let has_more = || {
        ours || theirs || has_constant_of(draft, one, other) || has_constant_of(draft, other, one)
    };
    how == Telling::Lenient && has_more()
}

/// Returns whether `one` requires a property that `other` does not declare.
fn requires_more(one: &Value, other: &Value) -> bool {
    let is_declared =
        |name: &str| other.get("properties").is_some_and(|all| all.get(name).is_some());
    schema::properties(one).any(|(name, _)| !is_declared(name) && schema::is_required(one, name))
}

/// Returns whether both require a property, with values of different kinds.
fn properties_differ(draft: &Draft, one: &Value, other: &Value) -> bool {
    both_required(one, other).any(|(left, right)| {
        let [left, right] = [left, right].map(|slot| Kinds::of_any(draft, slot));
        left.shared(right).is_empty()
    })
}

/// Returns whether both require a property, which is a constant only in `one`.
fn has_constant_of(draft: &Draft, one: &Value, other: &Value) -> bool {
    both_required(one, other).any(|(constant, free)| {
        let is_same_kind = Kinds::of_any(draft, constant) == Kinds::of_any(draft, free);
        !enum_of(draft, constant).is_empty() && enum_of(draft, free).is_empty() && is_same_kind
    })
}

/// Returns the properties that both require.
fn both_required<'v>(
    one: &'v Value,
    other: &'v Value,
) -> impl Iterator<Item = (&'v Value, &'v Value)> {
    schema::properties(one).filter_map(move |(name, slot)| {
        let theirs = other.get("properties")?.get(name)?;
        let is_required = schema::is_required(one, name) && schema::is_required(other, name);
        is_required.then_some((slot, theirs))
    })
}

/// Returns whether only the empty list fits both.
fn lists_are_apart(draft: &Draft, left: &Value, right: &Value) -> bool {
    let is_empty = |list: &Value| list.get("maxItems").and_then(Value::as_u64) == Some(0);
    let [left, right] = [left, right].map(|slot| meant(draft, slot));
    if is_empty(left) || is_empty(right) {
        return true;
    }
    let (Some(left), Some(right)) = (left.get("items"), right.get("items")) else { return false };
    if Kinds::of_any(draft, left).shared(Kinds::of_any(draft, right)).is_empty() {
        return true;
    }
    let [Some(left), Some(right)] =
        [left, right].map(|slot| draft.schemas.get(schema::target(slot)?))
    else {
        return false;
    };
    let are_records = [left, right].iter().all(|one| schema::type_of(one) == Some("object"));
    are_records
        && (requires_more(left, right) && requires_more(right, left)
            || properties_differ(draft, left, right))
}

/// Returns whether one value may be decoded as both.
fn may_share_a_value(draft: &Draft, left: &Value, right: &Value) -> bool {
    let [left_kinds, right_kinds] = [left, right].map(|slot| Kinds::of(draft, slot));
    let shared = left_kinds.shared(right_kinds).without(Kinds::NULL);
    let has_enum = [left, right].iter().any(|slot| !enum_of(draft, slot).is_empty());
    shared.has(Kinds::OBJECT) || (has_enum && shared.has(Kinds::TEXT.and(Kinds::NUMBER)))
}

/// Returns whether a slot takes every text or every number.
fn is_wide(draft: &Draft, slot: &Value) -> bool {
    let meant = meant(draft, slot);
    let is_plain = schema::values(meant).is_empty() && schema::format_of(meant).is_none();
    match schema::type_of(meant) {
        Some("number") => true,
        Some("string") => is_plain,
        _ => false,
    }
}

fn marks_of(draft: &Draft, alternatives: &[&Value]) -> Marks {
    match alternatives {
        [only] => marks(draft, only),
        all => Marks::OneOf(all.iter().map(|one| marks(draft, one)).collect()),
    }
}

fn marks(draft: &Draft, slot: &Value) -> Marks {
    let meant = meant(draft, slot);
    if !schema::values(meant).is_empty() {
        return Marks::Values(schema::values(meant).to_vec());
    }
    if meant.get("properties").is_none() {
        return Marks::Any;
    }
    let names = |is_required: bool| {
        let names = schema::properties(meant).map(|(name, _)| name);
        names.filter(|name| schema::is_required(meant, name) == is_required).cloned().collect()
    };
    let constants = schema::properties(meant)
        .filter(|(name, _)| schema::is_required(meant, name))
        .map(|(name, slot)| (name.clone(), enum_of(draft, slot).to_vec()))
        .filter(|(_, values)| !values.is_empty() && values.iter().all(is_constant));
    Marks::Members { required: names(true), optional: names(false), constants: constants.collect() }
}

fn is_constant(value: &Value) -> bool {
    value.is_string() || value.is_i64() || value.is_boolean()
}
