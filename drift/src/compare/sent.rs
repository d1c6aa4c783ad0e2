//! Finds the named shapes that a client sends.
//!
//! A type that is both sent and received has its `readOnly` members optional, since a request never
//! has them; a response without one still decodes.

use std::collections::BTreeSet;

use crate::contract::Contract;
use crate::shape::Shape;

/// Returns the names of the shapes that requests hold, at any depth.
pub(super) fn names_sent(contract: &Contract) -> BTreeSet<&str> {
    let requests = contract.operations.values().filter_map(|operation| operation.request.as_ref());
    let mut open: Vec<&Shape> =
        requests.flat_map(|body| body.media.values()).map(|media| &*media.shape).collect();
    let mut names = BTreeSet::new();
    while let Some(shape) = open.pop() {
        for name in &shape.references {
            if names.insert(name.as_str()) {
                open.extend(contract.shapes.get(name));
            }
        }
        open.extend(shape.fields.values().map(|field| &*field.shape));
        open.extend(shape.entries.as_deref());
        open.extend(shape.item.as_deref());
        let branches = shape.alternatives.iter().flat_map(|all| all.branches.values());
        open.extend(branches.map(|branch| &*branch.shape));
    }
    names
}
