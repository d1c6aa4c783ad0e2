//! Turns a tree of shapes into a flat list of its places and back, for contract files.
//!
//! A place is named by the pointer to it: `/fields/<name>`, `/item`, `/entries` or
//! `/branches/<name>` after the pointer of the surrounding shape. So a difference between two files
//! is a readable line, and a deep shape does not make a deep file.
//!
//! Invariants:
//!
//! * Shapes are written completely, promises included. Only what can be observed is read: no
//!   pattern, no bound and no reference comes from a file.
//! * Everything that is read obeys the bounds of observations, whatever wrote the file.
//! * A place comes after the one around it, so reading needs no list of places beside the tree.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::Split;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::MAX_DEPTH as MAX_BODY_DEPTH;
use super::is_default;
use crate::shape::count;
use crate::shape::{Alternatives, Branch, Field, MAX_SAMPLES, Sampled, Scalar, Seen, Shape, Tally};
use prumo_spec::Kind;
use prumo_spec::document::below;

/// The greatest depth of shapes: the depth of a body, and some branches. Joining and comparing
/// recurse, and a thread's stack is small.
const MAX_DEPTH: usize = MAX_BODY_DEPTH + 32;

/// The value at one place of a written shape.
#[derive(Serialize)]
struct Written<'s> {
    #[serde(flatten)]
    field: Option<OfField<'s>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    branch: Option<OfBranch<'s>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'s str>,
    #[serde(skip_serializing_if = "is_default")]
    is_exclusive: bool,
    #[serde(flatten)]
    shape: Shape,
}

#[derive(Serialize)]
struct OfField<'s> {
    #[serde(skip_serializing_if = "is_default")]
    required: bool,
    #[serde(skip_serializing_if = "is_default")]
    is_read_only: bool,
    #[serde(skip_serializing_if = "is_default")]
    is_write_only: bool,
    #[serde(skip_serializing_if = "is_default")]
    present: u64,
    #[serde(skip_serializing_if = "Tally::is_none")]
    missing: &'s Tally,
}

#[derive(Serialize)]
struct OfBranch<'s> {
    values: &'s BTreeSet<Scalar>,
    #[serde(skip_serializing_if = "Tally::is_none")]
    chosen: &'s Tally,
}

/// The places of an observed shape, and the JSON of each.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Read {
    #[serde(deserialize_with = "count")]
    present: u64,
    missing: Tally,
    branch: ReadBranch,
    tag: Option<String>,
    kinds: BTreeMap<Kind, Tally>,
    seen: Seen,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ReadBranch {
    values: BTreeSet<Scalar>,
    chosen: Tally,
}

/// One step from a shape to a shape within it.
enum Step<'t> {
    Field(Cow<'t, str>),
    Item,
    Entries,
    Branch(Cow<'t, str>),
}

/// The pointer to a place, borrowed from the file where it can be.
struct At<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for At<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Pointer)
    }
}

struct Pointer;

impl<'de> Visitor<'de> for Pointer {
    type Value = At<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the pointer to a place")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(At(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(At(Cow::Owned(text.to_owned())))
    }
}

pub(super) fn serialize<S: Serializer>(shape: &Shape, serializer: S) -> Result<S::Ok, S::Error> {
    let mut places = BTreeMap::new();
    let mut open = vec![(String::new(), 0, None, None, shape)];
    while let Some((at, depth, field, branch, shape)) = open.pop() {
        if depth > MAX_DEPTH {
            return Err(S::Error::custom("shapes within each other beyond the bound"));
        }
        let depth = depth + 1;
        let fields = shape.fields.iter().map(|(name, field)| {
            (
                below(&format!("{at}/fields"), name),
                depth,
                Some(of_field(field)),
                None,
                &*field.shape,
            )
        });
        open.extend(fields);
        open.extend(
            shape.item.as_deref().map(|item| (format!("{at}/item"), depth, None, None, item)),
        );
        open.extend(
            shape.entries.as_deref().map(|all| (format!("{at}/entries"), depth, None, None, all)),
        );
        let branches =
            shape.alternatives.iter().flat_map(|all| &all.branches).map(|(name, branch)| {
                let Branch { values, chosen, shape } = branch;
                let place = OfBranch { values, chosen };
                (below(&format!("{at}/branches"), name), depth, None, Some(place), &**shape)
            });
        open.extend(branches);
        places.insert(at, (field, branch, shape));
    }
    serializer.collect_map(places.into_iter().map(|(at, place)| (at, written(place))))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Box<Shape>, D::Error> {
    deserializer.deserialize_map(Places)
}

/// Reads places into a tree, in the order in which they are written.
struct Places;

impl<'de> Visitor<'de> for Places {
    type Value = Box<Shape>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("places of a shape")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut places: A) -> Result<Self::Value, A::Error> {
        let mut root = Box::<Shape>::default();
        while let Some((At(at), read)) = places.next_entry::<At<'de>, Read>()? {
            let Some(place) = place_for(&mut root, &at, &read) else {
                return Err(A::Error::custom("a place that is in no other"));
            };
            place.kinds = read.kinds;
            place.seen = bounded(read.seen).into();
            if let Some(tag) = read.tag {
                place.alternatives =
                    Some(Box::new(Alternatives { tag: Some(tag), ..Alternatives::default() }));
            }
        }
        Ok(root)
    }
}

fn written<'s>(
    (field, branch, shape): (Option<OfField<'s>>, Option<OfBranch<'s>>, &'s Shape),
) -> Written<'s> {
    let alternatives = shape.alternatives.as_ref();
    Written {
        field,
        branch,
        tag: alternatives.and_then(|all| all.tag.as_deref()),
        is_exclusive: alternatives.is_some_and(|all| all.is_exclusive),
        shape: bare(shape),
    }
}

fn of_field(field: &Field) -> OfField<'_> {
    let Field { required, is_read_only, is_write_only, present, missing, shape: _ } = field;
    OfField {
        required: *required,
        is_read_only: *is_read_only,
        is_write_only: *is_write_only,
        present: *present,
        missing,
    }
}

/// Returns the shape without its inner shapes.
fn bare(shape: &Shape) -> Shape {
    Shape {
        references: shape.references.clone(),
        kinds: shape.kinds.clone(),
        values: shape.values.clone(),
        is_closed_enum: shape.is_closed_enum,
        is_extensible_enum: shape.is_extensible_enum,
        format: shape.format.clone(),
        patterns: shape.patterns.clone(),
        bounds: shape.bounds.clone(),
        fields: BTreeMap::new(),
        additional: shape.additional,
        entries: None,
        item: None,
        alternatives: None,
        not: shape.not.clone(),
        seen: shape.seen.clone(),
    }
}

/// Takes the next step of a pointer.
fn step<'t>(tokens: &mut Split<'t, char>) -> Option<Step<'t>> {
    let token = tokens.next()?;
    let mut name = || {
        let name = tokens.next()?;
        let is_escaped = name.contains('~');
        Some(if is_escaped {
            name.replace("~1", "/").replace("~0", "~").into()
        } else {
            name.into()
        })
    };
    Some(match token {
        "fields" => Step::Field(name()?),
        "item" => Step::Item,
        "entries" => Step::Entries,
        "branches" => Step::Branch(name()?),
        _ => return None,
    })
}

/// Returns the new shape at a pointer, or `None` if there is no path to it.
fn place_for<'s>(root: &'s mut Shape, at: &str, read: &Read) -> Option<&'s mut Shape> {
    let mut tokens = at.split('/');
    if !tokens.next()?.is_empty() {
        return None;
    }
    if at.is_empty() {
        return Some(root);
    }
    let mut around = root;
    for _ in 0..MAX_DEPTH {
        let step = step(&mut tokens)?;
        if tokens.clone().next().is_none() {
            return Some(new_place(around, step, read));
        }
        around = match step {
            Step::Field(name) => &mut around.fields.get_mut(&*name)?.shape,
            Step::Item => around.item.as_deref_mut()?,
            Step::Entries => around.entries.as_deref_mut()?,
            Step::Branch(name) => {
                &mut around.alternatives.as_mut()?.branches.get_mut(&*name)?.shape
            }
        };
    }
    None
}

/// Returns the new shape that a step leads to.
fn new_place<'s>(around: &'s mut Shape, step: Step<'_>, read: &Read) -> &'s mut Shape {
    match step {
        Step::Field(name) => {
            let Read { present, missing, .. } = read;
            let field = Field { present: *present, missing: missing.clone(), ..Field::default() };
            &mut around.fields.entry(name.into_owned()).or_insert(field).shape
        }
        Step::Item => around.item.get_or_insert_default(),
        Step::Entries => around.entries.get_or_insert_default(),
        Step::Branch(name) => {
            let ReadBranch { values, chosen } = &read.branch;
            let branch =
                Branch { values: values.clone(), chosen: chosen.clone(), shape: Box::default() };
            let alternatives = around.alternatives.get_or_insert_default();
            &mut alternatives.branches.entry(name.into_owned()).or_insert(branch).shape
        }
    }
}

/// Cuts observations to the bounds that the observer keeps.
fn bounded(mut seen: Seen) -> Seen {
    let samples =
        (seen.strays.values_mut()).chain(seen.masks.values_mut()).chain(seen.unknown.values_mut());
    samples.for_each(smallest);
    seen.bound();
    seen
}

/// Drops the largest texts beyond the bound.
fn smallest(sampled: &mut Sampled) {
    while sampled.samples.len() > MAX_SAMPLES {
        sampled.samples.pop_last();
    }
}
