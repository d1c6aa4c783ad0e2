//! Compares the parameters of two operations.

use prumo_spec::openapi::{Operation, Parameter, ParameterPlace, Schema, template_names};
use prumo_spec::{SpecError, method_key};

use crate::effect::Side;
use crate::rules::Rule;
use crate::schema::{default_of, nullable, shown_value};
use crate::walk::{Both, Walk};

pub(crate) fn compare<'d>(
    walk: &mut Walk<'d>,
    old: &Operation<'d>,
    new: &Operation<'d>,
) -> Result<(), SpecError> {
    let was = read(old)?;
    let mut is = read(new)?;
    for one in &was {
        let Some(index) = is.iter().position(|other| is_same(old, one, new, other)) else {
            let words = words(one)?;
            let at = Both { old: one.at(), new: new.at() };
            walk.tell(Rule::ParameterRemoved, at, Both { old: &words, new: "" });
            continue;
        };
        let other = is.remove(index);
        pair(walk, one, &other)?;
    }
    for one in is {
        let rule = match one.is_required()? {
            true => Rule::RequiredParameterAdded,
            false => Rule::ParameterAdded,
        };
        let words = words(&one)?;
        walk.tell(rule, Both { old: old.at(), new: one.at() }, Both { old: "", new: &words });
    }
    Ok(())
}

fn read<'d>(operation: &Operation<'d>) -> Result<Vec<Parameter<'d>>, SpecError> {
    let all: Result<Vec<Parameter<'d>>, SpecError> = operation.parameters().into_iter().collect();
    Ok(all?.into_iter().filter(|one| !Operation::is_told_elsewhere(one)).collect())
}

fn words(one: &Parameter<'_>) -> Result<String, SpecError> {
    let presence = if one.is_required()? { "required" } else { "optional" };
    Ok(format!("{presence} `{}` in {}", one.name(), one.place().word()))
}

/// Returns whether two parameters are the same: by name, or by the position in the path.
fn is_same(
    old: &Operation<'_>,
    one: &Parameter<'_>,
    new: &Operation<'_>,
    other: &Parameter<'_>,
) -> bool {
    if one.place() != other.place() {
        return false;
    }
    let position = |operation: &Operation<'_>, name: &str| {
        template_names(operation.path()).position(|known| known == name)
    };
    match one.place() {
        ParameterPlace::Header => one.name().eq_ignore_ascii_case(other.name()),
        ParameterPlace::Path => {
            let (was, is) = (position(old, one.name()), position(new, other.name()));
            one.name() == other.name() || (was.is_some() && was == is)
        }
        ParameterPlace::Query | ParameterPlace::Cookie => one.name() == other.name(),
    }
}

fn pair<'d>(
    walk: &mut Walk<'d>,
    old: &Parameter<'d>,
    new: &Parameter<'d>,
) -> Result<(), SpecError> {
    if walk.are_same(old.node(), new.node()) {
        return Ok(());
    }
    let at = Both { old: old.at(), new: new.at() };
    if old.place() == ParameterPlace::Path && method_key(old.name()) != method_key(new.name()) {
        walk.tell(Rule::ParameterRenamed, at, Both { old: old.name(), new: new.name() });
    }
    match (old.is_required()?, new.is_required()?) {
        (false, true) => walk.tell(Rule::ParameterBecameRequired, at, REQUIRED),
        (true, false) => walk.tell(Rule::ParameterBecameOptional, at, OPTIONAL),
        _ => (),
    }
    let (was, is) = (old.node().is_marked("deprecated"), new.node().is_marked("deprecated"));
    match (was, is) {
        (false, true) => {
            walk.tell(Rule::ParameterDeprecated, at, Both { old: "", new: "deprecated" });
        }
        (true, false) => {
            walk.tell(Rule::ParameterReactivated, at, Both { old: "deprecated", new: "" });
        }
        _ => (),
    }
    let style = |one: &Parameter<'_>| one.style().map(|style| format!("{style:?}"));
    let (was, is) = (style(old)?, style(new)?);
    if was != is {
        walk.tell(Rule::ParameterStyleChanged, at, Both { old: &was, new: &is });
    }
    let schema = |one: &Parameter<'d>| -> Result<Option<Schema<'d>>, SpecError> {
        Ok(match one.schema() {
            Some(schema) => Some(schema),
            None => one.content()?.and_then(|media| media.schema()),
        })
    };
    match (schema(old)?, schema(new)?) {
        (Some(old), Some(new)) => of_value(walk, at, &old, &new),
        _ => Ok(()),
    }
}

fn of_value<'d>(
    walk: &mut Walk<'d>,
    at: Both<&str>,
    old: &Schema<'d>,
    new: &Schema<'d>,
) -> Result<(), SpecError> {
    let words = |schema: &Schema<'_>| default_of(schema).map(shown_value).unwrap_or_default();
    let (was, is) = (words(old), words(new));
    if was != is {
        walk.tell(Rule::ParameterDefaultChanged, at, Both { old: &was, new: &is });
    }
    nullable(walk, old, new, Side::Sent)?;
    walk.compare(old, new, Side::Sent)
}

const REQUIRED: Both<&str> = Both { old: "optional", new: "required" };
const OPTIONAL: Both<&str> = Both { old: "required", new: "optional" };
