//! Compares which scalars two schemas allow: format, enum, bounds, pattern.

use std::cmp::Ordering;

use prumo_spec::openapi::Schema;
use prumo_spec::{Limit, Scalar};
use serde_json::Value;

use super::Compared;
use super::facts::Facts;
use super::shape::Shape;
use crate::rules::Rule;
use crate::walk::{Both, Walk};

pub(super) fn compare(walk: &mut Walk<'_>, both: &Compared<'_, '_>, shape: Shape) {
    if shape == Shape::Enum {
        self::values(walk, both);
    } else {
        restricted(walk, both);
    }
    format(walk, both, shape);
    bounds(walk, both);
    pattern(walk, both);
    if both.old.is_secret != both.new.is_secret {
        let words = |is_secret| if is_secret { "a secret" } else { "no secret" };
        let step = Both { old: words(both.old.is_secret), new: words(both.new.is_secret) };
        both.tell(walk, Rule::SecretChanged, "x-secret", step);
    }
    examples(walk, both);
    undecided(walk, both);
}

/// Reports values that `x-extensible-enum` no longer has.
fn examples(walk: &mut Walk<'_>, both: &Compared<'_, '_>) {
    let (old, new) = (&both.old.examples, &both.new.examples);
    let removed = old.iter().filter(|_| !new.is_empty()).filter(|value| !new.contains(value));
    let removed: Vec<String> = removed.map(|value| format!("`{}`", shown_value(value))).collect();
    if !removed.is_empty() {
        let step = Both { old: &*removed.join(", "), new: "" };
        both.tell(walk, Rule::ExampleValueRemoved, "x-extensible-enum", step);
    }
}

/// Writes a value of a document.
pub(crate) fn shown_value(value: &Value) -> String {
    Scalar::from_value(value).phrase()
}

fn format(walk: &mut Walk<'_>, both: &Compared<'_, '_>, shape: Shape) {
    // Numbers of one Rust type have the same values.
    if !matches!(shape, Shape::Any | Shape::Scalar("String")) && both.old.format.is_some() {
        return;
    }
    let rule = match (both.old.format, both.new.format) {
        (Some(old), Some(new)) if old != new => Rule::FormatChanged,
        (Some(_), None) => Rule::FormatRemoved,
        (None, Some(_)) if matches!(shape, Shape::Any | Shape::Scalar("String")) => {
            Rule::FormatAdded
        }
        _ => return,
    };
    let words = |format: Option<&str>| format.unwrap_or_default().to_owned();
    let (old, new) = (words(both.old.format), words(both.new.format));
    both.tell(walk, rule, "format", Both { old: &old, new: &new });
}

fn values(walk: &mut Walk<'_>, both: &Compared<'_, '_>) {
    let lacking = |some: &Facts<'_>, others: &Facts<'_>| -> Vec<String> {
        let known = |value: &&&Value| others.values.iter().flatten().any(|one| one == *value);
        let lacking = some.values.iter().flatten().filter(|value| !known(value));
        lacking.map(|value| format!("`{}`", shown_value(value))).collect()
    };
    let removed = lacking(both.old, both.new);
    let added = lacking(both.new, both.old);
    if !added.is_empty() {
        let rule = match (both.old.is_open, both.new.is_extensible) {
            (false, _) => Rule::ClosedEnumValueAdded,
            (true, true) => Rule::ExpectedEnumValueAdded,
            (true, false) => Rule::EnumValueAdded,
        };
        both.tell(walk, rule, "enum", Both { old: "", new: &added.join(", ") });
    }
    if !removed.is_empty() {
        let step = Both { old: &*removed.join(", "), new: "" };
        both.tell(walk, Rule::EnumValueRemoved, "enum", step);
    }
    let words = |is_open| if is_open { "open" } else { "closed" };
    let step = Both { old: words(both.old.is_open), new: words(both.new.is_open) };
    match (both.old.is_open, both.new.is_open) {
        (true, false) => both.tell(walk, Rule::EnumClosed, "x-open-enum", step),
        (false, true) => both.tell(walk, Rule::EnumOpened, "x-open-enum", step),
        _ => (),
    }
    variants(walk, both);
}

/// Compares the given Rust names of the values that both have.
fn variants(walk: &mut Walk<'_>, both: &Compared<'_, '_>) {
    let name = |facts: &Facts<'_>, value: &Value| {
        let index = facts.values.iter().flatten().position(|one| *one == value)?;
        facts.variants.get(index).map(|name| (*name).to_owned())
    };
    for value in both.old.values.iter().flatten() {
        let is_known = both.new.values.iter().flatten().any(|one| one == value);
        let (old, new) = (name(both.old, value), name(both.new, value));
        if is_known && old != new {
            let words = |name: Option<String>| name.unwrap_or_else(|| shown_value(value));
            let (old, new) = (words(old), words(new));
            let step = Both { old: old.as_str(), new: &new };
            both.tell(walk, Rule::EnumVariantRenamed, "x-enum-varnames", step);
        }
    }
}

/// Compares the values of what is no enum in Rust: lists, numbers, objects.
fn restricted(walk: &mut Walk<'_>, both: &Compared<'_, '_>) {
    if both.old.values == both.new.values {
        return;
    }
    let words = |facts: &Facts<'_>| match &facts.values {
        None => "any".to_owned(),
        Some(values) => values.iter().map(|one| shown_value(one)).collect::<Vec<_>>().join(", "),
    };
    let (old, new) = (words(both.old), words(both.new));
    let is_in = |some: &Facts<'_>, others: &Facts<'_>| match (&some.values, &others.values) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(some), Some(others)) => some.iter().all(|value| others.contains(value)),
    };
    let step = Both { old: old.as_str(), new: &new };
    if !is_in(both.old, both.new) {
        both.tell(walk, Rule::BoundNarrowed, "enum", step);
    }
    if !is_in(both.new, both.old) {
        both.tell(walk, Rule::BoundWidened, "enum", step);
    }
}

/// One end of a range, larger where fewer values fit.
type Tightness = Option<(f64, bool)>;

fn bounds(walk: &mut Walk<'_>, both: &Compared<'_, '_>) {
    let (old, new) = (&both.old.bounds, &both.new.bounds);
    let limit = |limit: Option<Limit>, sign: f64| {
        limit.map(|limit| (sign * (limit.value + limit.remainder as f64), limit.is_exclusive))
    };
    let amount = |amount: Option<u64>, sign: f64| {
        amount.filter(|amount| *amount > 0 || sign < 0.0).map(|one| (sign * one as f64, false))
    };
    let rows: [(&str, Tightness, Tightness); 8] = [
        ("minimum", limit(old.minimum, 1.0), limit(new.minimum, 1.0)),
        ("maximum", limit(old.maximum, -1.0), limit(new.maximum, -1.0)),
        ("minLength", amount(old.min_length, 1.0), amount(new.min_length, 1.0)),
        ("maxLength", amount(old.max_length, -1.0), amount(new.max_length, -1.0)),
        ("minItems", amount(old.min_items, 1.0), amount(new.min_items, 1.0)),
        ("maxItems", amount(old.max_items, -1.0), amount(new.max_items, -1.0)),
        ("minProperties", amount(old.min_properties, 1.0), amount(new.min_properties, 1.0)),
        ("maxProperties", amount(old.max_properties, -1.0), amount(new.max_properties, -1.0)),
    ];
    for (keyword, old, new) in rows {
        bound(walk, both, keyword, old, new);
    }
    let unique = |is_unique: bool| is_unique.then_some((1.0, false));
    bound(walk, both, "uniqueItems", unique(old.unique_items), unique(new.unique_items));
    step(walk, both);
}

fn bound(
    walk: &mut Walk<'_>,
    both: &Compared<'_, '_>,
    keyword: &str,
    old: Tightness,
    new: Tightness,
) {
    let rule = match (old, new) {
        // A text that may be empty has a shortest length: 0.
        (None, Some(_)) if keyword == "minLength" => Rule::BoundNarrowed,
        (None, Some(_)) => Rule::BoundAdded,
        (Some(_), None) => Rule::BoundRemoved,
        (Some(old), Some(new)) => match old.partial_cmp(&new) {
            Some(Ordering::Less) => Rule::BoundNarrowed,
            Some(Ordering::Greater) => Rule::BoundWidened,
            _ => return,
        },
        (None, None) => return,
    };
    let words = |bound: Tightness| {
        bound.map_or_else(String::new, |(value, is_exclusive)| {
            let exclusive = if is_exclusive { ", exclusive" } else { "" };
            format!("{keyword} {}{exclusive}", value.abs() * sign_of(keyword, value))
        })
    };
    let (old, new) = (words(old), words(new));
    both.tell(walk, rule, keyword, Both { old: &old, new: &new });
}

/// Returns the sign with which a bound is written.
fn sign_of(keyword: &str, tightness: f64) -> f64 {
    let is_upper = keyword.starts_with("max");
    if (tightness < 0.0) == is_upper { 1.0 } else { -1.0 }
}

/// Compares `multipleOf`.
fn step(walk: &mut Walk<'_>, both: &Compared<'_, '_>) {
    let (old, new) = (both.old.bounds.multiple_of, both.new.bounds.multiple_of);
    let is_multiple = |one: f64, other: f64| (one / other).fract() == 0.0;
    let rule = match (old, new) {
        (old, new) if old == new => return,
        (None, _) => Rule::BoundAdded,
        (_, None) => Rule::BoundRemoved,
        (Some(old), Some(new)) if is_multiple(old, new) => Rule::BoundWidened,
        _ => Rule::BoundNarrowed,
    };
    let words =
        |step: Option<f64>| step.map_or_else(String::new, |one| format!("multipleOf {one}"));
    let (old, new) = (words(old), words(new));
    both.tell(walk, rule, "multipleOf", Both { old: &old, new: &new });
}

fn pattern(walk: &mut Walk<'_>, both: &Compared<'_, '_>) {
    let (old, new) = (&both.old.patterns, &both.new.patterns);
    let rule = match (old.is_empty(), new.is_empty()) {
        _ if old == new => return,
        (true, _) => Rule::PatternAdded,
        (_, true) => Rule::PatternRemoved,
        // Whatever matches the old pattern, matches this one.
        _ if new.iter().all(|pattern| matches!(*pattern, ".*" | "^.*$")) => Rule::PatternRemoved,
        _ => Rule::PatternChanged,
    };
    let words = |patterns: &std::collections::BTreeSet<&str>| {
        patterns.iter().copied().collect::<Vec<_>>().join(" and ")
    };
    let (old, new) = (words(old), words(new));
    both.tell(walk, rule, "pattern", Both { old: &old, new: &new });
}

/// Reports changes of keywords whose effect can't be decided.
fn undecided(walk: &mut Walk<'_>, both: &Compared<'_, '_>) {
    let get = |facts: &Facts<'_>, key: &str| {
        let mut all = facts.undecided.iter().filter(|(known, _)| *known == key);
        all.next().map(|(_, value)| shown_value(value)).unwrap_or_default()
    };
    let all = both.old.undecided.iter().chain(&both.new.undecided);
    let mut keys: Vec<&str> = all.map(|(key, _)| *key).collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let values = |facts: &Facts<'_>| -> Vec<Value> {
            let all = facts.undecided.iter().filter(|(known, _)| *known == key);
            all.map(|(_, value)| (*value).clone()).collect()
        };
        if values(both.old) != values(both.new) {
            let (old, new) = (get(both.old, key), get(both.new, key));
            both.tell(walk, Rule::KeywordChanged, key, Both { old: &old, new: &new });
        }
    }
}

/// Returns the default of a schema.
pub(crate) fn default_of<'d>(schema: &Schema<'d>) -> Option<&'d Value> {
    Facts::of(schema).ok()?.default
}
