//! Gives operations, types, fields and values of enums the names that a project chose.
//!
//! Invariants:
//!
//! * Only Rust names change; the wire, the tables' ids and the docs keep the vendor's.
//! * A part that does not exist, and a name that is none or is taken, is a fault, and nothing else
//!   is renamed by it.

use std::collections::{BTreeMap, BTreeSet};

use prumo_spec::{RESERVED_METHODS, nearest};
use serde_json::{Map, Value, json};

use super::union::for_each_slot;
use super::{Draft, schema, variants};
use crate::names::{parameter, pascal, snake};
use crate::renames::{Rename, RenameFault, Renamed};

/// The outcome of one name.
type Given = Result<(), (String, String)>;

/// Renames the methods of operations.
pub(super) fn operations(draft: &mut Draft, renames: &[Rename]) {
    each(draft, renames, Renamed::Operation, |draft, Rename { part, name, .. }| {
        let ids = || draft.operations.iter().map(|one| one.id.as_str());
        if !ids().any(|id| id == part) {
            return Err(absent("operation", part, ids()));
        }
        check(name, &parameter(name), "a method")?;
        let key = |name: &str| parameter(name).replace('_', "");
        let mut others = draft.operations.iter().filter(|one| one.id != *part);
        if RESERVED_METHODS.contains(&name.as_str())
            || others.any(|one| key(&one.method_name) == key(name))
        {
            return Err(taken("another method"));
        }
        for operation in draft.operations.iter_mut().filter(|one| one.id == *part) {
            operation.method_name.clone_from(name);
        }
        Ok(())
    });
}

/// Renames types, then their fields and values.
pub(super) fn types(draft: &mut Draft, renames: &[Rename]) {
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    each(draft, renames, Renamed::Type, |draft, Rename { part, name, .. }| {
        if !draft.schemas.contains_key(part) {
            return Err(absent("type", part, draft.schemas.keys().map(String::as_str)));
        }
        check(name, &pascal(name), "a type")?;
        if draft.schemas.contains_key(name) {
            return Err(taken("another type"));
        }
        rename_type(draft, part, name);
        renamed.insert(part.clone(), name.clone());
        Ok(())
    });
    each(draft, renames, Renamed::Field, |draft, Rename { part, name, .. }| {
        let (owner, wire) = member(draft, &renamed, part, "type")?;
        let component = draft.schemas.get(&owner).unwrap_or(&Value::Null);
        let names = || schema::properties(component).map(|(name, _)| name.as_str());
        if !names().any(|known| known == wire) {
            return Err(absent("field", part, names().map(|known| format!("{owner}.{known}"))));
        }
        check(name, &snake(name), "a field")?;
        let others = names().filter(|known| *known != wire);
        let own = draft.field_names.get(&owner);
        let mut others = others
            .map(|known| own.and_then(|own| own.get(known)).map_or(snake(known), String::clone));
        if name == "extra" || others.any(|other| other == *name) {
            return Err(taken("another field"));
        }
        draft.field_names.entry(owner).or_default().insert(wire, name.clone());
        Ok(())
    });
    each(draft, renames, Renamed::Value, |draft, Rename { part, name, .. }| {
        let (owner, wire) = member(draft, &renamed, part, "enum")?;
        let Some(component) = draft.schemas.get_mut(&owner) else { return Ok(()) };
        rename_value(component, &owner, part, &wire, name)
    });
}

/// Tries each name of a kind, and notes the faults.
fn each(
    draft: &mut Draft,
    renames: &[Rename],
    kind: Renamed,
    mut give: impl FnMut(&mut Draft, &Rename) -> Given,
) {
    for (index, rename) in renames.iter().enumerate().filter(|(_, one)| one.kind == kind) {
        if let Err((message, hint)) = give(draft, rename) {
            draft.rename_faults.push(RenameFault { index, message, hint });
        }
    }
}

/// Returns the type and the wire name of `Type.name`; the type by its old or its new name.
fn member(
    draft: &Draft,
    renamed: &BTreeMap<String, String>,
    part: &str,
    what: &str,
) -> Result<(String, String), (String, String)> {
    let Some((owner, wire)) = part.split_once('.') else {
        let hint = format!("write `{}`", if what == "enum" { "Type.value" } else { "Type.field" });
        return Err((format!("`{part}` has no type in front of a dot"), hint));
    };
    let owner = renamed.get(owner).map_or(owner, String::as_str);
    if !draft.schemas.contains_key(owner) {
        return Err(absent("type", owner, draft.schemas.keys().map(String::as_str)));
    }
    Ok((owner.to_owned(), wire.to_owned()))
}

fn absent<T: AsRef<str>>(
    what: &str,
    part: &str,
    known: impl Iterator<Item = T>,
) -> (String, String) {
    let known: Vec<T> = known.collect();
    let known: Vec<&str> = known.iter().map(T::as_ref).collect();
    let hint = match nearest(part, &known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            "the generated client has the names; remove the line if the part is gone".to_owned()
        }
    };
    (format!("the client has no {what} `{part}`"), hint)
}

fn taken(by: &str) -> (String, String) {
    (format!("{by} has this name"), "choose another".to_owned())
}

/// Checks that a name is written as Rust writes it.
fn check(name: &str, written: &str, what: &str) -> Given {
    if name == written {
        return Ok(());
    }
    Err((format!("not the name of {what}"), format!("write `{written}`")))
}

fn rename_type(draft: &mut Draft, old: &str, new: &str) {
    let schemas = std::mem::take(&mut draft.schemas);
    let named = |name: String| if name == old { new.to_owned() } else { name };
    draft.schemas =
        schemas.into_iter().map(|(name, schema)| (named(name), schema)).collect::<Map<_, _>>();
    if let Some(place) = draft.places.remove(old) {
        draft.places.insert(new.to_owned(), place);
    }
    if let Some(tag) = draft.tags.remove(old) {
        draft.tags.insert(new.to_owned(), tag);
    }
    if let Some(ranking) = draft.rankings.remove(old) {
        draft.rankings.insert(new.to_owned(), ranking);
    }
    for_each_slot(draft, &mut |slot| {
        if schema::target(slot) == Some(old) {
            slot["allOf"] = schema::reference(new)["allOf"].clone();
        }
    });
}

/// Gives a value of an enum its name; the others keep theirs.
fn rename_value(component: &mut Value, owner: &str, part: &str, wire: &str, name: &str) -> Given {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let values = schema::values(component).to_vec();
    if !values.iter().any(|value| text(value) == wire) {
        let known = values.iter().map(|value| format!("{owner}.{}", text(value)));
        return Err(absent("value", part, known));
    }
    check(name, &pascal(name), "a value of an enum")?;
    let names: BTreeMap<String, String> =
        variants(component).into_iter().map(|(name, value)| (text(&value), name)).collect();
    let others: BTreeSet<&String> =
        names.iter().filter(|(value, _)| *value != wire).map(|(_, name)| name).collect();
    if name == "Unknown" || others.iter().any(|other| *other == name) {
        return Err(taken("another value"));
    }
    let given = values.iter().map(text).map(|value| match value == wire {
        true => json!(name),
        false => json!(names.get(&value)),
    });
    component["x-enum-varnames"] = Value::Array(given.collect());
    Ok(())
}
