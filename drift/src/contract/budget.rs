//! Decides how much a contract file may hold, and shortens observations to fit.
//!
//! A hostile vendor can invent names without end. The observer keeps a bounded number at each
//! place, but a large spec has many places. If the whole does not fit into a file, each place keeps
//! half as many names, then a quarter, until it fits; the other names are still counted.
//!
//! Invariants:
//!
//! * The bounds for writing and reading are the same.
//! * Shortening keeps the smallest names, so shortened shards join to the same result as the whole.

use std::collections::BTreeMap;

use super::{Body, Contract, Operation, Parameter};
use crate::shape::{Shape, keep, keep_endpoints};

/// The largest size of a file.
pub(super) const MAX_BYTES: usize = 64 << 20;

/// The most objects and lists in a file; these turn few bytes into much memory.
const MAX_OBJECTS: usize = 400_000;

/// The least average size of an object or a list in a file. Files with names and counts are above
/// it.
const LEAST_BYTES_OF_OBJECT: usize = 8;

/// The number of objects that is harmless, however short they are.
const FEW_OBJECTS: usize = 1_000;

/// Returns whether a text of this size can have so many objects and lists.
pub(super) fn is_within_objects(bytes: &[u8]) -> bool {
    let n_objects = bytes.iter().filter(|byte| matches!(byte, b'{' | b'[')).count();
    n_objects <= (bytes.len() / LEAST_BYTES_OF_OBJECT).clamp(FEW_OBJECTS, MAX_OBJECTS)
}

/// Returns whether a text can be read as a file.
pub(super) fn is_within(bytes: &[u8]) -> bool {
    bytes.len() <= MAX_BYTES && is_within_objects(bytes)
}

/// Keeps at most `n_names` names that the promise does not have at each place of the contract.
pub(super) fn shorten(contract: &mut Contract, n_names: usize) {
    keep_endpoints(&mut contract.strangers, n_names);
    contract.operations.values_mut().for_each(|operation| of_operation(operation, n_names));
}

fn of_operation(operation: &mut Operation, n_names: usize) {
    keep(&mut operation.strange_parameters, n_names);
    keep(&mut operation.strange_requests, n_names);
    of_parameters(&mut operation.parameters, n_names);
    let bodies = operation.request.iter_mut().chain(operation.responses.values_mut());
    bodies.for_each(|body| of_body(body, n_names));
}

fn of_body(body: &mut Body, n_names: usize) {
    keep(&mut body.strange_media, n_names);
    keep(&mut body.strange_json, n_names);
    of_parameters(&mut body.headers, n_names);
    body.media.values_mut().for_each(|media| of_shape(&mut media.shape, n_names));
}

fn of_parameters(parameters: &mut BTreeMap<String, Parameter>, n_names: usize) {
    parameters.values_mut().for_each(|parameter| of_shape(&mut parameter.shape, n_names));
}

fn of_shape(shape: &mut Shape, n_names: usize) {
    let mut open = vec![shape];
    while let Some(shape) = open.pop() {
        shape.seen.keep(n_names);
        open.extend(shape.fields.values_mut().map(|field| &mut *field.shape));
        open.extend(shape.item.as_deref_mut());
        open.extend(shape.entries.as_deref_mut());
        let branches = shape.alternatives.iter_mut().flat_map(|all| all.branches.values_mut());
        open.extend(branches.map(|branch| &mut *branch.shape));
    }
}
