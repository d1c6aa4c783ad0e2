//! Decides which parts of two documents are the same, whatever they refer to.
//!
//! Two values are the same if they are equal, and no reference in them leads to a component that
//! differs. So a comparison walks only through what changed.
//!
//! Invariants:
//!
//! * The order of `properties` counts, because the arguments of a constructor follow it.

use std::collections::{BTreeMap, BTreeSet};

use prumo_spec::document::each_reference;
use prumo_spec::openapi::{Node, OpenApi};
use prumo_spec::percent_decoded;
use serde_json::{Map, Value};

/// The components that are the same in both documents, by their references such as
/// `#/components/schemas/Pedido`.
#[derive(Debug, Default)]
pub(crate) struct Same(BTreeSet<String>);

impl Same {
    /// Compares the components of two documents, and follows the references between them.
    pub(crate) fn between(old: OpenApi<'_>, new: OpenApi<'_>) -> Self {
        let (old, new) = (components(old), components(new));
        let mut users: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        let mut open: Vec<String> = Vec::new();
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for name in names {
            match (old.get(name), new.get(name)) {
                (Some(one), Some(other)) if is_equal(one, other) => {
                    each_reference(one, &mut |to| {
                        users.entry(component_of(to)).or_default().push(name);
                    });
                }
                _ => open.push(name.clone()),
            }
        }
        // A reference that leads elsewhere is not followed here, so its user may differ.
        let is_elsewhere = |name: &String| !old.contains_key(name) && !new.contains_key(name);
        open.extend(users.keys().filter(|name| is_elsewhere(name)).cloned());
        let mut differing = BTreeSet::new();
        while let Some(name) = open.pop() {
            open.extend(users.get(&name).into_iter().flatten().map(|user| (*user).clone()));
            differing.insert(name.clone());
            users.remove(&name);
        }
        let known: BTreeSet<&String> = old.keys().filter(|name| new.contains_key(*name)).collect();
        Self(known.into_iter().filter(|name| !differing.contains(*name)).cloned().collect())
    }

    /// Returns whether two nodes are the same.
    pub(crate) fn are_same(&self, old: &Node<'_>, new: &Node<'_>) -> bool {
        if !is_equal(old.value(), new.value()) {
            return false;
        }
        let mut is_same = true;
        each_reference(old.value(), &mut |to| is_same &= self.0.contains(&component_of(to)));
        is_same
    }
}

/// Returns all components by their references.
fn components(api: OpenApi<'_>) -> BTreeMap<String, &Value> {
    let kinds = api.root().get("components").and_then(Value::as_object).into_iter().flatten();
    let mut found = BTreeMap::new();
    for (kind, named) in kinds {
        for (name, value) in named.as_object().into_iter().flatten() {
            let at = prumo_spec::below(&prumo_spec::below("#/components", kind), name);
            found.insert(at, value);
        }
    }
    found
}

/// Returns the reference to the component in which a reference leads.
fn component_of(reference: &str) -> String {
    let reference = percent_decoded(reference);
    let end = reference.match_indices('/').nth(3).map_or(reference.len(), |(slash, _)| slash);
    reference.get(..end).unwrap_or_default().to_owned()
}

/// Returns whether two values are equal, and their `properties` in the same order.
fn is_equal(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => are_equal_objects(old, new),
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| is_equal(old, new))
        }
        (old, new) => old == new,
    }
}

fn are_equal_objects(old: &Map<String, Value>, new: &Map<String, Value>) -> bool {
    old.len() == new.len()
        && old.iter().all(|(name, one)| {
            new.get(name).is_some_and(|other| {
                is_equal(one, other) && (name != "properties" || is_in_order(one, other))
            })
        })
}

fn is_in_order(old: &Value, new: &Value) -> bool {
    match (old.as_object(), new.as_object()) {
        (Some(old), Some(new)) => old.keys().eq(new.keys()),
        _ => true,
    }
}
