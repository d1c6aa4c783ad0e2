//! Matches the operations of two documents, and compares each pair.
//!
//! Operations are the same if they have the same method and path, whatever the names in braces; or
//! else if they have the same name.

use std::collections::BTreeMap;

use prumo_spec::openapi::{OpenApi, Operation, template_names};
use prumo_spec::{SpecError, method_key};

use crate::rules::Rule;
use crate::walk::{Both, Walk};
use crate::{bodies, credentials, extensions, parameters, responses};

/// Compares the operations of both documents.
pub(crate) fn compare(walk: &mut Walk<'_>) -> Result<(), SpecError> {
    let (old, new) = (read(walk.old)?, read(walk.new)?);
    let mut by_call: BTreeMap<String, Operation<'_>> =
        new.iter().map(|one| (call(one), one.clone())).collect();
    let mut moved = Vec::new();
    for one in &old {
        match by_call.remove(&call(one)) {
            Some(other) => pair(walk, one, &other)?,
            None => moved.push(one),
        }
    }
    let mut by_name: BTreeMap<String, Operation<'_>> =
        by_call.into_values().map(|one| (method_key(one.id()), one)).collect();
    for one in moved {
        // An invented name follows the path, so it says nothing about a moved operation.
        match by_name.remove(&method_key(one.id())).filter(|_| one.node().has("operationId")) {
            Some(other) => pair(walk, one, &other)?,
            None => removed(walk, one),
        }
    }
    for one in new.iter().filter(|one| by_name.contains_key(&method_key(one.id()))) {
        walk.enter(one);
        let at = Both { old: "/paths", new: one.at() };
        walk.tell(Rule::OperationAdded, at, Both { old: "", new: one.id() });
    }
    Ok(())
}

/// Reads all operations; one that can't be read is an error.
fn read(api: OpenApi<'_>) -> Result<Vec<Operation<'_>>, SpecError> {
    let mut all = Vec::new();
    for item in api.paths()? {
        for operation in item?.operations() {
            all.push(operation?);
        }
    }
    Ok(all)
}

/// Returns what a call of the operation looks like: method and path, without names in braces.
fn call(operation: &Operation<'_>) -> String {
    let mut path = operation.path().to_owned();
    for name in template_names(operation.path()) {
        path = path.replace(&format!("{{{name}}}"), "{}");
    }
    format!("{} {path}", operation.method().name())
}

fn removed(walk: &mut Walk<'_>, one: &Operation<'_>) {
    walk.enter(one);
    let words = match one.is_deprecated() {
        true => format!("{}, deprecated", one.id()),
        false => one.id().to_owned(),
    };
    let at = Both { old: one.at(), new: "/paths" };
    walk.tell(Rule::OperationRemoved, at, Both { old: &words, new: "" });
}

/// Compares two operations that are the same.
pub(crate) fn pair<'d>(
    walk: &mut Walk<'d>,
    old: &Operation<'d>,
    new: &Operation<'d>,
) -> Result<(), SpecError> {
    walk.enter(new);
    let at = Both { old: old.at(), new: new.at() };
    if call(old) != call(new) {
        let words = |one: &Operation<'_>| format!("{} {}", one.method().name(), one.path());
        let (was, is) = (words(old), words(new));
        walk.tell(Rule::OperationMoved, at, Both { old: &was, new: &is });
    }
    if method_key(old.id()) != method_key(new.id()) {
        walk.tell(Rule::OperationRenamed, at, Both { old: old.id(), new: new.id() });
    }
    // A document says these once for all its operations.
    credentials::of_operation(walk, old, new);
    extensions::compare(walk, old, new)?;
    if walk.are_same(old.node(), new.node()) && walk.are_same(old.item(), new.item()) {
        return Ok(());
    }
    life(walk, old, new);
    parameters::compare(walk, old, new)?;
    bodies::compare(walk, old, new)?;
    responses::compare(walk, old, new)
}

/// Compares deprecation, end and stability.
fn life(walk: &mut Walk<'_>, old: &Operation<'_>, new: &Operation<'_>) {
    let at = Both { old: old.at(), new: new.at() };
    match (old.is_deprecated(), new.is_deprecated()) {
        (false, true) => {
            walk.tell(Rule::OperationDeprecated, at, Both { old: "", new: "deprecated" });
        }
        (true, false) => {
            walk.tell(Rule::OperationReactivated, at, Both { old: "deprecated", new: "" });
        }
        _ => (),
    }
    let text = |one: &Operation<'_>, name: &str| one.node().words(name).to_owned();
    let (was, is) = (text(old, "x-sunset"), text(new, "x-sunset"));
    // Dates are written with the year first, so they are in the order of texts.
    if !was.is_empty() && new.is_deprecated() && is < was {
        walk.tell(Rule::SunsetChanged, at, Both { old: &was, new: &is });
    }
    let (was, is) = (text(old, "x-stability-level"), text(new, "x-stability-level"));
    if stability(&is) < stability(&was) {
        walk.tell(Rule::StabilityDecreased, at, Both { old: &was, new: &is });
    }
}

/// Ranks a level of stability; an operation without one is stable.
fn stability(level: &str) -> usize {
    ["draft", "alpha", "beta"].iter().position(|known| *known == level).unwrap_or(3)
}
