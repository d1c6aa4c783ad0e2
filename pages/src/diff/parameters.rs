//! Compares the parameters of an operation.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::change::{Change, Changes, Kind};
use crate::draft::normal;
use crate::facts::{Operation, Parameter, Place, Requirement, Told};
use crate::lock::{comparable, comparable_text, comparable_value};

pub(super) fn compare(changes: &mut Changes, old: &Operation, new: &Operation) {
    let is_documented = has_described(old) && has_described(new);
    for parameter in &old.parameters {
        let partner = find(new, &parameter.name);
        let is_gone = partner
            .is_none_or(|other| is_documented && parameter.is_described && !other.is_described);
        if is_gone && !has_parent(old, new, parameter) {
            changes.push(removed(old, new, parameter));
        }
    }
    for parameter in &new.parameters {
        let partner = find(old, &parameter.name);
        match partner
            .filter(|other| !is_documented || !parameter.is_described || other.is_described)
        {
            Some(other) => details(changes, new, other, parameter),
            None if has_parent(new, old, parameter) => (),
            None => changes.push(added(new, old, parameter)),
        }
    }
}

fn has_described(operation: &Operation) -> bool {
    operation.parameters.iter().any(|parameter| parameter.is_described)
}

fn find<'a>(operation: &'a Operation, name: &str) -> Option<&'a Parameter> {
    let name = normal(name);
    operation.parameters.iter().find(|parameter| normal(&parameter.name) == name)
}

/// Tells whether a part of the body is new only because the object around it is.
fn has_parent(here: &Operation, there: &Operation, parameter: &Parameter) -> bool {
    if parameter.is_described {
        return false;
    }
    let mut name = normal(&parameter.name);
    while let Some((above, _)) = name.rsplit_once('.') {
        name = above.to_owned();
        if find(here, &name).is_some_and(|one| !one.is_described) && find(there, &name).is_none() {
            return true;
        }
    }
    false
}

fn added(operation: &Operation, other: &Operation, parameter: &Parameter) -> Change {
    let change = whole(Kind::ParamAdded, operation, other, parameter);
    change.with("default", parameter.default.as_ref().map(|told| told.value.clone()))
}

fn removed(operation: &Operation, other: &Operation, parameter: &Parameter) -> Change {
    let mut change = whole(Kind::ParamRemoved, operation, other, parameter);
    change.operation = other.name();
    change
}

fn whole(kind: Kind, operation: &Operation, other: &Operation, parameter: &Parameter) -> Change {
    let change = Change::new(kind, operation, parameter.line).named(&parameter.name);
    let mut change = change.with("in", parameter.place.word()).with("type", parameter.kind_name());
    if !parameter.values.is_empty() {
        let values: Vec<&str> = parameter.values.iter().map(|told| told.value.as_str()).collect();
        change = change.with("enum", values);
    }
    let change = change.with("required", requirement(parameter));
    let children = children(operation, other, parameter);
    if children.is_empty() { change } else { change.with("children", children) }
}

/// Returns the names below a new object of the body, relative to it.
fn children(operation: &Operation, other: &Operation, parameter: &Parameter) -> Vec<String> {
    let below = |one: &&Parameter| {
        !one.is_described && find(other, &one.name).is_none() && one.name != parameter.name
    };
    let relative = |one: &Parameter| {
        let rest = one.name.strip_prefix(&parameter.name)?;
        let rest = rest.strip_prefix("[]").unwrap_or(rest);
        rest.strip_prefix('.').map(str::to_owned)
    };
    operation.parameters.iter().filter(below).filter_map(relative).collect()
}

/// Returns a requirement for a report: true, false, its condition, or null.
fn requirement(parameter: &Parameter) -> Value {
    match parameter.required.as_ref().map(|told| &told.value) {
        None => Value::Null,
        Some(Requirement::Always) => json!(true),
        Some(Requirement::Never) => json!(false),
        Some(Requirement::When(condition)) => json!(format!("conditional: {condition}")),
    }
}

/// Returns a requirement as it is compared: without a word of the page, a variable of the path is
/// required, and everything else is optional.
fn in_effect(parameter: &Parameter) -> Value {
    match requirement(parameter) {
        Value::Null => json!(parameter.place == Place::Path),
        Value::String(condition) => {
            json!(comparable(condition.trim_start_matches("conditional: ")))
        }
        said => said,
    }
}

fn details(changes: &mut Changes, operation: &Operation, old: &Parameter, new: &Parameter) {
    let line = |told: Option<usize>| told.unwrap_or(new.line);
    let change =
        |kind: Kind, at: Option<usize>| Change::new(kind, operation, line(at)).named(&new.name);
    if old.place != new.place {
        let moved = change(Kind::ParamMoved, None);
        changes.push(moved.from(old.place.word()).to(new.place.word()));
    }
    let (before, after) = (requirement(old), requirement(new));
    if in_effect(old) != in_effect(new) {
        let at = new.required.as_ref().map(|told| told.line);
        changes.push(change(Kind::RequiredChanged, at).from(before).to(after));
    }
    let comparable =
        |one: &Parameter| one.default.as_ref().map(|told| comparable_value(&told.value));
    if comparable(old) != comparable(new) {
        let spelled = |one: &Parameter| one.default.as_ref().map(|told| told.value.clone());
        let at = new.default.as_ref().map(|told| told.line);
        changes.push(change(Kind::DefaultChanged, at).from(spelled(old)).to(spelled(new)));
    }
    if let (Some(before), Some(after)) = (old.kind.as_ref(), new.kind.as_ref()) {
        let has_values = !old.values.is_empty() || !new.values.is_empty();
        if before.value != after.value && !has_values {
            let changed = change(Kind::TypeChanged, Some(after.line));
            changes.push(changed.from(old.kind_name()).to(new.kind_name()));
        }
    }
    values(changes, operation, old, new);
    constraints(changes, operation, old, new);
}

fn values(changes: &mut Changes, operation: &Operation, old: &Parameter, new: &Parameter) {
    let key = |told: &Told<String>| comparable_text(&told.value);
    let set = |one: &Parameter| one.values.iter().map(key).collect::<HashSet<_>>();
    let (before, after) = (set(old), set(new));
    for told in new.values.iter().filter(|told| !before.contains(&key(told))) {
        let change = Change::new(Kind::EnumValueAdded, operation, told.line).named(&new.name);
        changes.push(change.with("value", told.value.clone()));
    }
    for told in old.values.iter().filter(|told| !after.contains(&key(told))) {
        let change = Change::new(Kind::EnumValueRemoved, operation, told.line).named(&new.name);
        changes.push(change.with("value", told.value.clone()));
    }
}

fn constraints(changes: &mut Changes, operation: &Operation, old: &Parameter, new: &Parameter) {
    for (name, told) in &new.constraints {
        let change = |kind| {
            Change::new(kind, operation, told.line).named(&new.name).with("constraint", *name)
        };
        match old.constraints.get(name) {
            None => changes.push(change(Kind::ConstraintAdded).with("value", told.value.clone())),
            Some(before) if comparable_text(&before.value) != comparable_text(&told.value) => {
                let changed = change(Kind::ConstraintChanged);
                changes.push(changed.from(before.value.clone()).to(told.value.clone()));
            }
            Some(_) => (),
        }
    }
    for (name, told) in &old.constraints {
        if !new.constraints.contains_key(name) {
            let change =
                Change::new(Kind::ConstraintRemoved, operation, told.line).named(&new.name);
            changes.push(change.with("constraint", *name).with("value", told.value.clone()));
        }
    }
}
