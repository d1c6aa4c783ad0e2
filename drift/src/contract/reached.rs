//! Follows shapes to those that may stand at the same place, and one member down.

use std::collections::HashSet;

use super::Contract;
use crate::shape::{Additional, Shape};

/// Returns the shapes, the shapes that they refer to, and their branches.
pub(crate) fn reached_from<'a>(promised: &'a Contract, mut open: Vec<&'a Shape>) -> Vec<&'a Shape> {
    // Shapes may be recursive, so each is taken once.
    let mut known: HashSet<*const Shape> = HashSet::new();
    let mut reached = Vec::new();
    while let Some(shape) = open.pop() {
        if !known.insert(std::ptr::from_ref(shape)) {
            continue;
        }
        open.extend(shape.references.iter().filter_map(|name| promised.shapes.get(name)));
        let branches = shape.alternatives.iter().flat_map(|all| all.branches.values());
        open.extend(branches.map(|branch| &*branch.shape));
        reached.push(shape);
    }
    reached
}

/// Returns the shapes of a member, of an item (`*`) or of an entry of a map.
pub(crate) fn below<'a>(shape: &'a Shape, token: &str) -> Vec<&'a Shape> {
    let field = shape.fields.get(token).map(|field| &*field.shape);
    let item = shape.item.as_deref().filter(|_| token == "*");
    let is_entry = shape.additional == Additional::Entries && field.is_none();
    let entry = shape.entries.as_deref().filter(|_| is_entry);
    field.into_iter().chain(item).chain(entry).collect()
}
