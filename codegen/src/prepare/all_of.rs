//! Merges `allOf` into one schema, so that typify has nothing to merge.
//!
//! Invariants:
//!
//! * A property of two parts must meet the promises of both.
//! * A base that lists its heirs (`oneOf`) gives an heir only what all of them have in common.
//! * A part is merged once, however many ways lead to it.
//! * Each merged property keeps the place where it is written, in [`AT`].

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use prumo_spec::below;
use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::{is_annotation, resolve};

/// The keyword for the original place of a moved schema; removed before the passes end.
pub(super) const AT: &str = "x-prumo-at";

/// The greatest depth of nested parts.
const MAX_DEPTH: usize = 64;

/// Returns the reference in `schema`, if `schema` only adds words to one reference.
pub(super) fn only_part(schema: &Value) -> Option<&Value> {
    let parts = schema.get("allOf")?.as_array()?;
    let alone = schema.as_object()?.keys().all(|key| key == "allOf" || is_annotation(key));
    match parts.as_slice() {
        [part] if alone && part.get("$ref").is_some() => Some(part),
        _ => None,
    }
}

/// Merges the parts of `schema`, and the keywords beside them, into one schema.
pub(super) fn merge(
    root: &Value,
    schema: &Value,
    at: &str,
    complaints: &mut Complaints<'_>,
) -> Value {
    let mut merger = Merger { root, merged: Map::new(), trail: Vec::new(), seen: BTreeSet::new() };
    merger.add(schema, at, complaints);
    // The words of a part describe the part, not the whole.
    for key in ["description", "title", "x-source"] {
        match schema.get(key) {
            Some(value) => merger.merged.insert(key.to_owned(), value.clone()),
            None => merger.merged.shift_remove(key),
        };
    }
    if schema.get("nullable").is_none() {
        merger.merged.shift_remove("nullable");
    }
    Value::Object(merger.merged)
}

struct Merger<'d> {
    root: &'d Value,
    merged: Map<String, Value>,
    trail: Vec<String>,
    /// The places of the parts so far.
    seen: BTreeSet<String>,
}

impl Merger<'_> {
    fn add(&mut self, part: &Value, at: &str, complaints: &mut Complaints<'_>) {
        let Some((part, at)) = resolve(self.root, part, at) else {
            complaints.error(at, "a `$ref` that leads nowhere", "");
            return;
        };
        if self.trail.contains(&at) || self.trail.len() > MAX_DEPTH {
            complaints.error(
                &at,
                "an `allOf` that contains itself",
                "take the inner reference out",
            );
            return;
        }
        if !self.seen.insert(at.clone()) {
            return;
        }
        self.trail.push(at.clone());
        let parts = part.get("allOf").and_then(Value::as_array);
        for (index, part) in parts.into_iter().flatten().enumerate() {
            self.add(part, &format!("{at}/allOf/{index}"), complaints);
        }
        for (key, value) in part.as_object().into_iter().flatten() {
            if key != "allOf" {
                self.keyword(key, value, &at, complaints);
            }
        }
        self.trail.pop();
    }

    fn keyword(&mut self, key: &str, value: &Value, at: &str, complaints: &mut Complaints<'_>) {
        if matches!(key, "oneOf" | "anyOf") && self.lists_an_heir(value) {
            return;
        }
        match (key, self.merged.get_mut(key)) {
            ("properties", _) => self.properties(value, &below(at, key)),
            ("required", Some(Value::Array(names))) => {
                for name in value.as_array().into_iter().flatten() {
                    if !names.contains(name) {
                        names.push(name.clone());
                    }
                }
            }
            ("enum", Some(Value::Array(values))) => {
                values.retain(|known| value.as_array().is_some_and(|other| other.contains(known)));
            }
            ("oneOf" | "anyOf", Some(_)) => complaints.error(
                &below(at, key),
                format!("two parts of an `allOf` each have `{key}`"),
                "write the combinations out",
            ),
            ("type", Some(known)) if known != value => complaints.error(
                &below(at, key),
                format!("parts of an `allOf` disagree about the type: {known} and {value}"),
                "",
            ),
            // The discriminator of a base describes the schemas that inherit from it.
            ("discriminator", _) if self.trail.len() > 1 => {}
            _ => {
                self.merged.insert(key.to_owned(), value.clone());
            }
        }
    }

    /// Returns whether branches of a base lead to a schema that is being merged from it.
    fn lists_an_heir(&self, branches: &Value) -> bool {
        let Some((_, heirs)) = self.trail.split_last() else { return false };
        let mut seen = BTreeSet::new();
        let mut open: Vec<&Value> = branches.as_array().into_iter().flatten().collect();
        while let Some(branch) = open.pop() {
            let Some((meant, at)) = resolve(self.root, branch, "") else { continue };
            if heirs.contains(&at) && !at.is_empty() {
                return true;
            }
            if at.is_empty() || seen.insert(at) {
                let below = ["oneOf", "anyOf"].into_iter().filter_map(|key| meant.get(key));
                open.extend(below.filter_map(Value::as_array).flatten());
            }
        }
        false
    }

    fn properties(&mut self, value: &Value, at: &str) {
        let merged = self.merged.entry("properties").or_insert_with(|| json!({}));
        let Some(merged) = merged.as_object_mut() else {
            return;
        };
        for (name, property) in value.as_object().into_iter().flatten() {
            let placed = placed(property, &below(at, name));
            match merged.get_mut(name) {
                Some(known)
                    if *known == placed || property.as_object().is_some_and(Map::is_empty) => {}
                Some(known) => {
                    *known = json!({"allOf": [known.clone(), placed.clone()], AT: below(at, name)})
                }
                None => {
                    merged.insert(name.clone(), placed);
                }
            }
        }
    }
}

/// Returns `schema` with a note of the place where it is written, unless it has one.
pub(super) fn placed(schema: &Value, at: &str) -> Value {
    let mut placed = schema.clone();
    if let Some(members) = placed.as_object_mut() {
        members.entry(AT).or_insert_with(|| json!(at));
    }
    placed
}
