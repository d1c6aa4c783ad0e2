//! Joins documents: the parts of a large one, each in its own file.
//!
//! Invariants:
//!
//! * Nothing is overwritten: a key in both is a fault at its place in the part.
//! * Every member keeps the file and the position where it is written.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::build::Place;
use super::{Document, DocumentError, DocumentFault, Source};

/// The levels of mappings that are joined member by member: the document, `components`, `schemas`.
const JOINED_LEVELS: usize = 3;

pub(super) fn join(whole: &mut Document, part: Document) -> Result<(), DocumentError> {
    let Document { sources, value, mut place, .. } = part;
    renumber(&mut place, u32::try_from(whole.sources.len()).unwrap_or(u32::MAX));
    whole.sources.extend(sources);
    let mut joiner = Joiner { sources: &whole.sources };
    joiner.value(&mut whole.value, &mut whole.place, value, place, Level { depth: 0, key: "" })
}

/// Shifts the file indices of a part behind those of the document.
fn renumber(place: &mut Place, n_before: u32) {
    place.source += n_before;
    for below in &mut place.below {
        renumber(below, n_before);
    }
}

/// The place where two values meet.
#[derive(Clone, Copy)]
struct Level<'a> {
    depth: usize,
    key: &'a str,
}

struct Joiner<'a> {
    sources: &'a [Source],
}

impl Joiner<'_> {
    fn value(
        &mut self,
        value: &mut Value,
        place: &mut Place,
        part: Value,
        part_place: Place,
        level: Level<'_>,
    ) -> Result<(), DocumentError> {
        match (&mut *value, part) {
            (_, Value::Null) => Ok(()),
            (Value::Null, part) => {
                *value = part;
                *place = part_place;
                Ok(())
            }
            (Value::Object(members), Value::Object(part)) if level.depth < JOINED_LEVELS => {
                self.members(members, place, part, part_place, level.depth + 1)
            }
            (Value::Array(items), Value::Array(part)) if level.depth == 1 => {
                items.extend(part);
                place.below.extend(part_place.below);
                Ok(())
            }
            _ => Err(self.fault(level.key, place, &part_place)),
        }
    }

    fn members(
        &mut self,
        members: &mut Map<String, Value>,
        place: &mut Place,
        part: Map<String, Value>,
        part_place: Place,
        depth: usize,
    ) -> Result<(), DocumentError> {
        let known: HashMap<String, usize> =
            members.keys().enumerate().map(|(index, name)| (name.clone(), index)).collect();
        for ((key, value), below) in part.into_iter().zip(part_place.below) {
            let place_there = known.get(&key).and_then(|index| place.below.get_mut(*index));
            match (members.get_mut(&key), place_there) {
                (Some(there), Some(place_there)) => {
                    self.value(there, place_there, value, below, Level { depth, key: &key })?;
                }
                _ => {
                    members.insert(key, value);
                    place.below.push(below);
                }
            }
        }
        Ok(())
    }

    fn fault(&self, key: &str, there: &Place, part: &Place) -> DocumentError {
        let name = |place: &Place| {
            self.sources.get(place.source as usize).map_or("", |source| &source.file).to_owned()
        };
        let key = if key.is_empty() { "what is no mapping" } else { key };
        DocumentError {
            file: name(part),
            position: part.position(),
            fault: DocumentFault::InAnotherPart { key: key.to_owned(), file: name(there) },
        }
    }
}
