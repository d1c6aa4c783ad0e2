//! Lists the endpoints that were called and that no operation takes.
//!
//! Invariants:
//!
//! * A method has at most [`MAX_ENDPOINTS`] endpoints with the same known start of the path. More of
//!   them are one, such as `GET /api/…`, so that a scan of a server is one finding a method.
//! * No call is lost: the counts add up.

use std::collections::BTreeMap;

use crate::contract::Contract;
use crate::shape::Tally;

/// The most endpoints with one method and one known start that are listed by name.
const MAX_ENDPOINTS: usize = 16;

/// The mark of all paths that begin alike.
const REST: &str = "…";

/// Returns the name of each endpoint with its calls.
pub(super) fn endpoints(promised: &Contract, observed: &Contract) -> BTreeMap<String, Tally> {
    // Most traffic has none, and an API may have thousands of paths.
    if observed.strangers.is_empty() {
        return BTreeMap::new();
    }
    let paths = known_paths(promised);
    let mut groups: BTreeMap<String, BTreeMap<&str, &Tally>> = BTreeMap::new();
    for (name, tally) in &observed.strangers {
        groups.entry(rest(&paths, name)).or_default().insert(name, tally);
    }
    let mut endpoints = BTreeMap::new();
    for (rest, group) in groups {
        let is_listed = group.len() <= MAX_ENDPOINTS && !group.contains_key(rest.as_str());
        for (name, tally) in group {
            let name = if is_listed { name } else { &rest };
            endpoints.entry(name.to_owned()).or_insert_with(Tally::default).absorb(tally);
        }
    }
    endpoints
}

/// Returns the segments of every promised path, with and without the path of each server.
fn known_paths(promised: &Contract) -> Vec<Vec<&str>> {
    let stems = promised.stems.iter().map(String::as_str).chain([""]);
    stems
        .flat_map(|stem| {
            promised
                .operations
                .values()
                .map(move |operation| segments(stem).chain(segments(&operation.path)).collect())
        })
        .collect()
}

/// Returns the pattern of all endpoints with this method whose paths begin with the same segments
/// of the spec.
fn rest(paths: &[Vec<&str>], name: &str) -> String {
    let Some((method, path)) = name.split_once(' ') else {
        return REST.to_owned();
    };
    let mut paths: Vec<&[&str]> = paths.iter().map(Vec::as_slice).collect();
    let mut known = format!("{method} /");
    for (index, segment) in segments(path).enumerate() {
        paths.retain(|path| path.get(index).is_some_and(|promised| is_same(promised, segment)));
        if paths.is_empty() {
            break;
        }
        known.push_str(segment);
        known.push('/');
    }
    known + REST
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// Returns whether a segment of an endpoint's name stands for this one of the spec.
fn is_same(promised: &str, segment: &str) -> bool {
    promised == segment || (promised.contains('{') && segment == "*")
}
