//! Finds each operation of one version of a page in the other.
//!
//! Method and path decide. What is left is matched by the request's own id or title, or because it
//! is the only one left; the rest was added or removed.

use crate::facts::{Operation, Page};
use crate::lock::is_id;
use crate::route;

/// An operation of both versions, or of one.
pub(super) enum Pair<'a> {
    Both(&'a Operation, &'a Operation),
    Removed(&'a Operation),
    Added(&'a Operation),
}

/// Decides whether two operations could be the same.
type Test<'a> = &'a dyn Fn(&Operation, &Operation) -> bool;

pub(super) fn is_same_path(old: &str, new: &str) -> bool {
    route::key(old) == route::key(new)
}

/// Lists the pairs in the order of the old version, then what was added.
pub(super) fn pairs<'a>(old: &'a Page, new: &'a Page) -> Vec<Pair<'a>> {
    let mut partner: Vec<Option<usize>> = vec![None; old.operations.len()];
    let mut is_taken = vec![false; new.operations.len()];
    let tests: [Test<'_>; 4] = [
        &|one, other| one.method == other.method && is_same_path(&one.path, &other.path),
        &|one, other| is_same_path(&one.path, &other.path),
        &is_same_request,
        &|one, other| one.method == other.method && is_near(&one.path, &other.path),
    ];
    for (n, test) in tests.iter().enumerate() {
        for (at, one) in old.operations.iter().enumerate() {
            if partner[at].is_some() {
                continue;
            }
            let mut free =
                (0..is_taken.len()).filter(|k| !is_taken[*k] && test(one, &new.operations[*k]));
            let found = free.next();
            // Only method and path identify by themselves; else the match must be the only one.
            if found.is_some() && (n == 0 || free.next().is_none()) {
                partner[at] = found;
                found.into_iter().for_each(|k| is_taken[k] = true);
            }
        }
    }
    match_last(old, new, &mut partner, &mut is_taken);
    let of_old = old.operations.iter().zip(&partner).map(|(one, partner)| match partner {
        Some(at) => Pair::Both(one, &new.operations[*at]),
        None => Pair::Removed(one),
    });
    let added = new.operations.iter().zip(&is_taken).filter(|(_, taken)| !**taken);
    of_old.chain(added.map(|(one, _)| Pair::Added(one))).collect()
}

/// Matches the operations of two pages that have one each.
fn match_last(old: &Page, new: &Page, partner: &mut [Option<usize>], is_taken: &mut [bool]) {
    let is_single = old.operations.len() == 1 && new.operations.len() == 1;
    if is_single && partner[0].is_none() {
        partner[0] = Some(0);
        is_taken[0] = true;
    }
}

/// Tells whether two requests of a collection are the same, moved to another address.
fn is_same_request(old: &Operation, new: &Operation) -> bool {
    old.titles.iter().filter(|title| is_id(title)).any(|title| new.titles.contains(title))
}

/// Tells whether two paths differ in the spelling of one segment.
fn is_near(old: &str, new: &str) -> bool {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('/').collect(), new.split('/').collect());
    if old.len() != new.len() {
        return false;
    }
    let mut others = old.iter().zip(&new).filter(|(a, b)| a != b);
    let Some((a, b)) = others.next() else { return true };
    let shared = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    others.next().is_none() && shared >= 3 && shared * 2 > a.len().max(b.len())
}
