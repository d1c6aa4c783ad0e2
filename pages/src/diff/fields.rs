//! Compares the fields of an operation's responses.

use std::collections::{BTreeSet, HashMap};

use super::change::{Change, Changes, Kind};
use crate::draft::normal;
use crate::facts::{Field, Kind as JsonKind, Operation};

pub(super) fn compare(changes: &mut Changes, old: &Operation, new: &Operation) {
    // A version without any example says nothing about the response.
    if old.response.is_empty() || new.response.is_empty() {
        return;
    }
    let (before, after) = (by_path(old), by_path(new));
    for field in &old.response {
        if is_topmost(field, &before, &after) {
            changes.push(whole(Kind::ResponseFieldRemoved, new, field, &old.response));
        }
    }
    for field in &new.response {
        if is_topmost(field, &after, &before) {
            changes.push(whole(Kind::ResponseFieldAdded, new, field, &new.response));
        } else if let Some(other) = before.get(&normal(&field.path)) {
            if has_other_type(other, field) {
                let change =
                    Change::new(Kind::ResponseTypeChanged, new, field.line).named(&field.path);
                changes.push(change.from(other.kind_name()).to(field.kind_name()));
            }
        }
    }
}

fn by_path(operation: &Operation) -> HashMap<String, &Field> {
    operation.response.iter().map(|field| (normal(&field.path), field)).collect()
}

/// Tells whether a field is only here, and the field around it is in both.
fn is_topmost(
    field: &Field,
    here: &HashMap<String, &Field>,
    there: &HashMap<String, &Field>,
) -> bool {
    let path = normal(&field.path);
    if there.contains_key(&path) {
        return false;
    }
    let above = path.rsplit_once('.').map(|(above, _)| above);
    above.is_none_or(|above| there.contains_key(above) || !here.contains_key(above))
}

fn whole(kind: Kind, operation: &Operation, field: &Field, all: &[Field]) -> Change {
    let change = Change::new(kind, operation, field.line).named(&field.path);
    let change = change.with("type", field.kind_name());
    let children: Vec<&str> = all.iter().filter_map(|one| below(&one.path, &field.path)).collect();
    if children.is_empty() { change } else { change.with("children", children) }
}

/// Returns the path of a field relative to the field around it.
fn below<'a>(path: &'a str, around: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(around)?;
    let rest = rest.trim_start_matches("[]");
    rest.strip_prefix('.')
}

/// Tells whether no value of one version could be a value of the other.
fn has_other_type(old: &Field, new: &Field) -> bool {
    let known = |kinds: &BTreeSet<JsonKind>| -> BTreeSet<JsonKind> {
        kinds.iter().copied().filter(|kind| *kind != JsonKind::Null).collect()
    };
    let differ = |old: &BTreeSet<JsonKind>, new: &BTreeSet<JsonKind>| {
        let (old, new) = (known(old), known(new));
        !old.is_empty() && !new.is_empty() && old.is_disjoint(&new)
    };
    differ(&old.kinds, &new.kinds) || differ(&old.items, &new.items)
}
