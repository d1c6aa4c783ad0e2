//! Compares two versions of a page field by field.
//!
//! Invariants:
//!
//! * A page compared with itself has no changes.
//! * One fact that a page says several times is one change.
//! * A fact that only one version says is a change only if its absence means something: no
//!   requirement means optional, no type means that the type is not documented.

mod change;
mod fields;
mod matching;
mod parameters;

pub use change::{Change, Kind};

use crate::facts::{Operation, Page};
use change::Changes;
use matching::Pair;

/// Lists what changed from one version of a page to another, in the order of the pages.
#[must_use]
pub fn diff(old: &Page, new: &Page) -> Vec<Change> {
    let mut changes = Changes::default();
    for pair in matching::pairs(old, new) {
        match pair {
            Pair::Both(old, new) => {
                let n_before = changes.len();
                operation(&mut changes, old, new);
                changes.place_removed(n_before, &old.page);
            }
            Pair::Removed(old) => changes.push(Change::new(Kind::EndpointRemoved, old, old.line)),
            Pair::Added(new) => changes.push(Change::new(Kind::EndpointAdded, new, new.line)),
        }
    }
    changes.into_list()
}

fn operation(changes: &mut Changes, old: &Operation, new: &Operation) {
    if !matching::is_same_path(&old.path, &new.path) {
        let change = Change::new(Kind::PathChanged, old, new.line);
        changes.push(change.from(old.path.as_str()).to(new.path.as_str()));
    }
    if old.method != new.method {
        let change = Change::new(Kind::MethodChanged, old, new.line);
        changes.push(change.from(old.method.as_str()).to(new.method.as_str()));
    }
    parameters::compare(changes, old, new);
    headers(changes, old, new);
    fields::compare(changes, old, new);
}

fn headers(changes: &mut Changes, old: &Operation, new: &Operation) {
    for header in &new.headers {
        let is_known =
            old.headers.iter().any(|known| known.value.eq_ignore_ascii_case(&header.value));
        if !is_known {
            let change = Change::new(Kind::RequestHeaderAdded, new, header.line);
            changes.push(change.named(&header.value));
        }
    }
}
