//! Compares the parts of two schemas, and the branches of two unions: those that are alike by name, by
//! what they say, or by their order.

use prumo_spec::SpecError;
use prumo_spec::openapi::Schema;

use super::Compared;
use super::facts::Facts;
use super::shape::{Shape, in_words};
use super::values::shown_value;
use crate::rules::Rule;
use crate::walk::{Both, Walk};

pub(super) fn compare<'d>(walk: &mut Walk<'d>, both: &Compared<'_, 'd>) -> Result<(), SpecError> {
    let (pairs, removed, added) = matched(walk, both)?;
    for (old, new) in pairs {
        walk.compare(&old, &new, both.side)?;
    }
    for old in removed {
        let words = in_words(&Facts::of(&old)?);
        let at = Both { old: old.at(), new: both.new.at.as_str() };
        walk.tell_of(Rule::BranchRemoved, both.side, at, Both { old: &words, new: "" });
    }
    for new in added {
        let words = in_words(&Facts::of(&new)?);
        let at = Both { old: both.old.at.as_str(), new: new.at() };
        walk.tell_of(Rule::BranchAdded, both.side, at, Both { old: "", new: &words });
    }
    discriminator(walk, both);
    parts(walk, both);
    Ok(())
}

/// Reports other components in `allOf`.
fn parts(walk: &mut Walk<'_>, both: &Compared<'_, '_>) {
    let words = |some: &Facts<'_>, others: &Facts<'_>| -> String {
        some.parts.difference(&others.parts).cloned().collect::<Vec<_>>().join(", ")
    };
    let (old, new) = (words(both.old, both.new), words(both.new, both.old));
    if !(old.is_empty() && new.is_empty()) {
        both.tell(walk, Rule::PartsChanged, "allOf", Both { old: &old, new: &new });
    }
}

type Matched<'d> = (Vec<(Schema<'d>, Schema<'d>)>, Vec<Schema<'d>>, Vec<Schema<'d>>);

/// Matches branches: pairs, then those that only the old and only the new union has.
fn matched<'d>(walk: &Walk<'d>, both: &Compared<'_, 'd>) -> Result<Matched<'d>, SpecError> {
    let mut old = both.old.branches.clone();
    let mut new = both.new.branches.clone();
    let mut pairs = Vec::new();
    let is_named_alike = |old: &Schema<'_>, new: &Schema<'_>| {
        old.target_name().is_some() && old.target_name() == new.target_name()
    };
    let is_titled_alike = |old: &Schema<'_>, new: &Schema<'_>| {
        let (old, new) = (old.node().words("title"), new.node().words("title"));
        !old.is_empty() && old == new
    };
    let is_same = |old: &Schema<'_>, new: &Schema<'_>| walk.are_same(old.node(), new.node());
    take(&mut old, &mut new, &mut pairs, is_named_alike);
    take(&mut old, &mut new, &mut pairs, is_same);
    take(&mut old, &mut new, &mut pairs, is_titled_alike);
    // A nameless branch may have changed; one that has the same shape is taken for it.
    let mut shapes = Vec::new();
    for schema in old.iter().chain(&new) {
        shapes.push((schema.at().to_owned(), Shape::of(&Facts::of(schema)?)));
    }
    let shape = |schema: &Schema<'_>| {
        shapes.iter().find(|(at, _)| *at == schema.at()).map(|(_, shape)| *shape)
    };
    take(&mut old, &mut new, &mut pairs, |old, new| {
        !old.is_reference() && !new.is_reference() && shape(old) == shape(new)
    });
    Ok((pairs, old, new))
}

/// Moves the branches that are alike into pairs.
fn take<'d>(
    old: &mut Vec<Schema<'d>>,
    new: &mut Vec<Schema<'d>>,
    pairs: &mut Vec<(Schema<'d>, Schema<'d>)>,
    is_alike: impl Fn(&Schema<'d>, &Schema<'d>) -> bool,
) {
    old.retain(|one| {
        let Some(index) = new.iter().position(|other| is_alike(one, other)) else { return true };
        pairs.push((one.clone(), new.remove(index)));
        false
    });
}

fn discriminator(walk: &mut Walk<'_>, both: &Compared<'_, '_>) {
    let (old, new) = (both.old.discriminator, both.new.discriminator);
    let property = |one: Option<(&str, _)>| one.map_or("none", |(name, _)| name).to_owned();
    if property(old) != property(new) {
        let (old, new) = (property(old), property(new));
        let step = Both { old: old.as_str(), new: &new };
        both.tell(walk, Rule::DiscriminatorChanged, "discriminator", step);
        return;
    }
    let mapping = |one: Option<(&str, Option<_>)>| one.and_then(|(_, mapping)| mapping);
    if mapping(old) != mapping(new) {
        let words = |one| mapping(one).map(shown_value).unwrap_or_default();
        let (old, new) = (words(old), words(new));
        let step = Both { old: old.as_str(), new: &new };
        both.tell(walk, Rule::MappingChanged, "discriminator", step);
    }
}
