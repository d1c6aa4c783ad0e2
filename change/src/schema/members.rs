//! Compares the members of two objects: presence, null, default, marks; and those without a name.

use prumo_spec::openapi::Schema;
use prumo_spec::{SpecError, below};

use super::facts::{Facts, Unnamed};
use super::shape::{Shape, in_words};
use super::values::shown_value;
use super::{Compared, NOT_NULLABLE, NULLABLE};
use crate::effect::Side;
use crate::rules::Rule;
use crate::walk::{Both, Walk};

/// A constructor has at most so many arguments; with more, there is none.
const MAX_ARGUMENTS: usize = 6;

pub(super) fn compare<'d>(
    walk: &mut Walk<'d>,
    both: &Compared<'_, 'd>,
    shape: Shape,
) -> Result<(), SpecError> {
    for (name, old) in &both.old.properties {
        match both.new.property(name) {
            Some(new) => member(walk, both, name, Both { old, new })?,
            None => removed(walk, both, name, old)?,
        }
    }
    for (name, new) in &both.new.properties {
        if both.old.property(name).is_none() {
            added(walk, both, name, new)?;
        }
    }
    reordered(walk, both);
    unnamed(walk, both, shape)
}

/// A member, as far as its presence goes.
struct Presence<'d> {
    facts: Facts<'d>,
    is_required: bool,
    /// Whether only the other direction has it.
    is_hidden: bool,
}

impl<'d> Presence<'d> {
    fn of(schema: &Schema<'d>, is_required: bool, side: Side) -> Result<Self, SpecError> {
        let facts = Facts::of(schema)?;
        let is_hidden = match side {
            Side::Sent => facts.is_read_only,
            Side::Received | Side::Refused => facts.is_write_only,
        };
        Ok(Self { is_required: is_required && !is_hidden, is_hidden, facts })
    }

    fn words(&self) -> &'static str {
        if self.is_required { "required" } else { "optional" }
    }
}

fn removed<'d>(
    walk: &mut Walk<'d>,
    both: &Compared<'_, 'd>,
    name: &str,
    old: &Schema<'d>,
) -> Result<(), SpecError> {
    let was = Presence::of(old, both.old.requires(name), both.side)?;
    if !was.is_hidden {
        let words = format!("{} {}", was.words(), in_words(&was.facts));
        let at = Both { old: old.at(), new: both.new.at.as_str() };
        walk.tell_of(Rule::PropertyRemoved, both.side, at, Both { old: &words, new: "" });
    }
    Ok(())
}

fn added<'d>(
    walk: &mut Walk<'d>,
    both: &Compared<'_, 'd>,
    name: &str,
    new: &Schema<'d>,
) -> Result<(), SpecError> {
    let is = Presence::of(new, both.new.requires(name), both.side)?;
    if !is.is_hidden {
        let rule = if is.is_required { Rule::RequiredPropertyAdded } else { Rule::PropertyAdded };
        let words = format!("{} {}", is.words(), in_words(&is.facts));
        let at = Both { old: both.old.at.as_str(), new: new.at() };
        walk.tell_of(rule, both.side, at, Both { old: "", new: &words });
    }
    Ok(())
}

fn member<'d>(
    walk: &mut Walk<'d>,
    both: &Compared<'_, 'd>,
    name: &str,
    schemas: Both<&Schema<'d>>,
) -> Result<(), SpecError> {
    let is_same = walk.are_same(schemas.old.node(), schemas.new.node());
    if is_same && both.old.requires(name) == both.new.requires(name) {
        return Ok(());
    }
    let was = Presence::of(schemas.old, both.old.requires(name), both.side)?;
    let is = Presence::of(schemas.new, both.new.requires(name), both.side)?;
    let at = Both { old: schemas.old.at(), new: schemas.new.at() };
    presence(walk, both, name, Both { old: &was, new: &is });
    if is.is_hidden && was.is_hidden {
        return Ok(());
    }
    null(walk, both.side, at, Both { old: &was, new: &is });
    marks(walk, both.side, at, Both { old: &was.facts, new: &is.facts });
    walk.compare(schemas.old, schemas.new, both.side)
}

/// Reports that a member became required or optional, at the schema that says so.
fn presence(walk: &mut Walk<'_>, both: &Compared<'_, '_>, name: &str, of: Both<&Presence<'_>>) {
    let is_nullable = of.old.facts.is_nullable && of.new.facts.is_nullable;
    let rule = match (of.old.is_required, of.new.is_required, is_nullable) {
        (false, true, false) => Rule::PropertyBecameRequired,
        (false, true, true) => Rule::NullablePropertyBecameRequired,
        (true, false, false) => Rule::PropertyBecameOptional,
        (true, false, true) => Rule::NullablePropertyBecameOptional,
        _ => return,
    };
    let place = |facts: &Facts<'_>, other: &Facts<'_>| {
        let requires = |facts: &Facts<'_>| {
            let required = facts.required.iter().find(|(known, _)| *known == name);
            required.map(|(_, at)| at.clone())
        };
        // The side without the requirement is named like the side with it, if it has that schema.
        let at = requires(facts).or_else(|| requires(other)).unwrap_or_else(|| facts.at.clone());
        below(&below(&at, "properties"), name)
    };
    let (old, new) = (place(both.old, both.new), place(both.new, both.old));
    let step = Both { old: of.old.words(), new: of.new.words() };
    walk.tell_of(rule, both.side, Both { old: &old, new: &new }, step);
}

/// Reports that a member may be null, or no longer.
fn null(walk: &mut Walk<'_>, side: Side, at: Both<&str>, of: Both<&Presence<'_>>) {
    let is_optional = !of.old.is_required && !of.new.is_required;
    let (rule, step) = match (of.old.facts.is_nullable, of.new.facts.is_nullable) {
        (false, true) if is_optional => (Rule::OptionalBecameNullable, NULLABLE),
        (false, true) => (Rule::BecameNullable, NULLABLE),
        (true, false) if is_optional => (Rule::OptionalBecameNotNullable, NOT_NULLABLE),
        (true, false) => (Rule::BecameNotNullable, NOT_NULLABLE),
        _ => return,
    };
    walk.tell_of(rule, side, at, step);
}

/// Reports changes of default, deprecation and direction.
fn marks(walk: &mut Walk<'_>, side: Side, at: Both<&str>, of: Both<&Facts<'_>>) {
    if of.old.default != of.new.default {
        let words = |facts: &Facts<'_>| facts.default.map(shown_value).unwrap_or_default();
        let (old, new) = (words(of.old), words(of.new));
        walk.tell_of(Rule::DefaultChanged, side, at, Both { old: &old, new: &new });
    }
    match (of.old.is_deprecated, of.new.is_deprecated) {
        (false, true) => walk.tell_of(Rule::PropertyDeprecated, side, at, DEPRECATED),
        (true, false) => walk.tell_of(Rule::PropertyReactivated, side, at, REACTIVATED),
        _ => (),
    }
    let direction = |facts: &Facts<'_>| match (facts.is_read_only, facts.is_write_only) {
        (true, _) => "readOnly",
        (false, true) => "writeOnly",
        (false, false) => "both directions",
    };
    let (old, new) = (direction(of.old), direction(of.new));
    if old != new {
        walk.tell_of(Rule::DirectionChanged, side, at, Both { old, new });
    }
}

const DEPRECATED: Both<&str> = Both { old: "", new: "deprecated" };
const REACTIVATED: Both<&str> = Both { old: "deprecated", new: "" };

/// Reports another order of the members that a constructor takes.
fn reordered(walk: &mut Walk<'_>, both: &Compared<'_, '_>) {
    let required = |facts: &Facts<'_>, other: &Facts<'_>| -> Vec<String> {
        let names = facts.properties.iter().map(|(name, _)| *name);
        let names = names.filter(|name| facts.requires(name) && other.requires(name));
        names.map(str::to_owned).collect()
    };
    let (old, new) = (required(both.old, both.new), required(both.new, both.old));
    if old == new || old.len() > MAX_ARGUMENTS || old.len() != new.len() {
        return;
    }
    let (old, new) = (old.join(", "), new.join(", "));
    both.tell(walk, Rule::RequiredReordered, "properties", Both { old: &old, new: &new });
}

/// Compares what is allowed of members without a name.
fn unnamed<'d>(
    walk: &mut Walk<'d>,
    both: &Compared<'_, 'd>,
    shape: Shape,
) -> Result<(), SpecError> {
    let words = |unnamed: &Unnamed<'_>| match unnamed {
        Unnamed::Unsaid => "unsaid",
        Unnamed::Forbidden => "forbidden",
        Unnamed::Allowed => "any value",
        Unnamed::Like(_) => "a schema",
    };
    let (was, is) = (words(&both.old.additional), words(&both.new.additional));
    let keyword = "additionalProperties";
    let step = Both { old: was, new: is };
    match (&both.old.additional, &both.new.additional) {
        (Unnamed::Like(old), Unnamed::Like(new)) => {
            walk.compare(old, new, both.side)?;
            super::nullable(walk, old, new, both.side)?;
        }
        (Unnamed::Unsaid, Unnamed::Unsaid)
        | (Unnamed::Forbidden, Unnamed::Forbidden)
        | (Unnamed::Allowed, Unnamed::Allowed)
        | (Unnamed::Unsaid, Unnamed::Forbidden)
        | (Unnamed::Forbidden, Unnamed::Unsaid) => (),
        (Unnamed::Allowed, Unnamed::Like(_)) | (Unnamed::Like(_), Unnamed::Allowed) => {
            both.tell(walk, Rule::TypeChanged, keyword, step);
        }
        // A map has the values of its members, and any JSON without a schema.
        (Unnamed::Like(_), _) | (_, Unnamed::Like(_)) if shape == Shape::Map => {
            both.tell(walk, Rule::TypeChanged, keyword, step);
        }
        (Unnamed::Allowed, _) | (_, Unnamed::Allowed) if shape == Shape::Map => (),
        (Unnamed::Unsaid | Unnamed::Forbidden, _) => {
            both.tell(walk, Rule::UnnamedMembersAllowed, keyword, step);
        }
        (_, Unnamed::Unsaid | Unnamed::Forbidden) => {
            both.tell(walk, Rule::UnnamedMembersForbidden, keyword, step);
        }
    }
    Ok(())
}
