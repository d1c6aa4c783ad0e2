//! Compares two schemas: type, null, members, values, branches.

mod branches;
pub(crate) mod facts;
mod members;
pub(crate) mod shape;
mod values;

pub(crate) use values::{default_of, shown_value};

use prumo_spec::SpecError;
use prumo_spec::below;

use crate::effect::Side;
use crate::rules::Rule;
use crate::walk::{Both, Pair, Walk};
use facts::Facts;
use shape::{Shape, in_words};

/// Two schemas that are compared.
pub(crate) struct Compared<'c, 'd> {
    pub(crate) old: &'c Facts<'d>,
    pub(crate) new: &'c Facts<'d>,
    pub(crate) side: Side,
}

impl Compared<'_, '_> {
    /// Returns the pointers to a keyword of both.
    fn keyword(&self, name: &str) -> (String, String) {
        (below(&self.old.at, name), below(&self.new.at, name))
    }

    /// Reports a change of a keyword.
    fn tell(&self, walk: &mut Walk<'_>, rule: Rule, keyword: &str, step: Both<&str>) {
        let (old, new) = self.keyword(keyword);
        walk.tell_of(rule, self.side, Both { old: &old, new: &new }, step);
    }
}

/// Compares all pairs that wait, and those that they lead to.
pub(crate) fn work_off(walk: &mut Walk<'_>) -> Result<(), SpecError> {
    while let Some(pair) = walk.next_pair() {
        compare(walk, &pair)?;
    }
    Ok(())
}

fn compare<'d>(walk: &mut Walk<'d>, pair: &Pair<'d>) -> Result<(), SpecError> {
    let (old, new) = (Facts::of(&pair.old)?, Facts::of(&pair.new)?);
    let both = Compared { old: &old, new: &new, side: pair.side };
    let (was, is) = (Shape::of(&old), Shape::of(&new));
    if was != is {
        retyped(walk, &both, was, is);
        return Ok(());
    }
    renamed(walk, &both, is);
    values::compare(walk, &both, is);
    branches::compare(walk, &both)?;
    members::compare(walk, &both, is)?;
    if let (Some(old), Some(new)) = (&old.items, &new.items) {
        walk.compare(old, new, pair.side)?;
        nullable(walk, old, new, pair.side)?;
    }
    Ok(())
}

/// Reports that a value has another Rust type; what is inside is not compared then.
fn retyped(walk: &mut Walk<'_>, both: &Compared<'_, '_>, was: Shape, is: Shape) {
    let is_text_like = |shape| matches!(shape, Shape::Scalar(_) | Shape::Any);
    let (rule, keyword) = match (was, is) {
        (Shape::Enum, is) if is_text_like(is) => (Rule::NoLongerEnum, "enum"),
        (was, Shape::Enum) if is_text_like(was) => (Rule::BecameEnum, "enum"),
        _ => (Rule::TypeChanged, "type"),
    };
    let (old, new) = (in_words(both.old), in_words(both.new));
    let is_enum = |shape| if shape == Shape::Enum { "enum " } else { "" };
    let old = format!("{}{old}", is_enum(was));
    let new = format!("{}{new}", is_enum(is));
    both.tell(walk, rule, keyword, Both { old: &old, new: &new });
}

/// Reports that a Rust type has another name.
fn renamed(walk: &mut Walk<'_>, both: &Compared<'_, '_>, shape: Shape) {
    let words =
        |facts: &Facts<'_>| facts.name.clone().unwrap_or_else(|| "a nameless schema".into());
    let (old, new) = (words(both.old), words(both.new));
    let is_same = both.old.name.is_some() == both.new.name.is_some()
        && prumo_spec::method_key(&old) == prumo_spec::method_key(&new);
    // Refusals have no types.
    if is_same || !shape.is_named() || both.side == Side::Refused {
        return;
    }
    let at = Both { old: both.old.at.as_str(), new: both.new.at.as_str() };
    walk.tell_of(Rule::SchemaRenamed, both.side, at, Both { old: &old, new: &new });
}

/// Reports that a value which is always there may be null, or no longer.
pub(crate) fn nullable(
    walk: &mut Walk<'_>,
    old: &prumo_spec::openapi::Schema<'_>,
    new: &prumo_spec::openapi::Schema<'_>,
    side: Side,
) -> Result<(), SpecError> {
    if walk.are_same(old.node(), new.node()) {
        return Ok(());
    }
    let (was, is) = (Facts::of(old)?.is_nullable, Facts::of(new)?.is_nullable);
    let at = Both { old: old.at(), new: new.at() };
    match (was, is) {
        (false, true) => walk.tell_of(Rule::BecameNullable, side, at, NULLABLE),
        (true, false) => walk.tell_of(Rule::BecameNotNullable, side, at, NOT_NULLABLE),
        _ => (),
    }
    Ok(())
}

pub(crate) const NULLABLE: Both<&str> = Both { old: "never null", new: "nullable" };
pub(crate) const NOT_NULLABLE: Both<&str> = Both { old: "nullable", new: "never null" };
