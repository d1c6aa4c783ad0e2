//! Mutates the members of an object: drops, adds, renames and repeats them.

use prumo_drift::Rule;
use serde_json::{Map, Value, json};

use super::change::Change;
use super::mutant::twin;
use super::promise::{Branch, JsonType, Others, Promise};
use super::site::{Role, Site};

/// A member name that no spec has.
const NEW: &str = "campo_novo";

/// Returns the members of a site whose schema names members.
fn members_of<'p>(site: &'p Site<'_>) -> Option<&'p Map<String, Value>> {
    site.value.as_object().filter(|_| site.kinds.len() < JsonType::ALL.len())
}

/// Returns whether an unknown member gives a finding here.
fn is_closed(site: &Site<'_>) -> bool {
    matches!(site.promise.others(), Others::Unknown)
}

/// Returns whether the member is required on this side.
fn is_needed(site: &Site<'_>, name: &str) -> bool {
    let field = site.promise.field(name);
    let is_other_side =
        field.is_some_and(|field| field.is_flagged(site.ground.mark_of_the_other()));
    site.promise.is_required(name) && !is_other_side
}

/// Adds members that belong to the other side.
pub(super) fn misplaced(site: &Site<'_>) -> Vec<Change> {
    let Some(members) = members_of(site) else {
        return Vec::new();
    };
    let mark = site.ground.mark_of_the_other();
    let fields = site.promise.fields().into_iter();
    let absent =
        fields.filter(|(name, field)| field.is_flagged(mark) && !members.contains_key(*name));
    absent
        .filter_map(|(name, field)| {
            let value = plain_value(&field)?;
            let expected = vec![site.expect_member(Rule::FieldMisplaced, name)];
            Some(Change::of_member(name, with_member(members, name, value), expected))
        })
        .collect()
}

/// Returns a value of a field that promises no more than a kind and a length.
fn plain_value(field: &Promise<'_>) -> Option<Value> {
    const RESTRICTIONS: [&str; 6] =
        ["enum", "format", "pattern", "maxLength", "maximum", "minimum"];
    if RESTRICTIONS.iter().any(|keyword| field.word(keyword).is_some()) {
        return None;
    }
    match field.text("type")? {
        "integer" => Some(json!(7)),
        "string" => Some(json!("um texto qualquer")),
        _ => None,
    }
}

fn without(members: &Map<String, Value>, name: &str) -> Map<String, Value> {
    members
        .iter()
        .filter(|(known, _)| *known != name)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Copies the members with `name` replaced at its position.
fn with_name(members: &Map<String, Value>, name: &str, new: &str) -> Value {
    let rename = |(known, value): (&String, &Value)| {
        (if known == name { new.to_owned() } else { known.clone() }, value.clone())
    };
    members.iter().map(rename).collect::<Map<_, _>>().into()
}

fn with_member(members: &Map<String, Value>, name: &str, value: Value) -> Value {
    let mut members = members.clone();
    members.insert(name.to_owned(), value);
    members.into()
}

pub(super) fn dropped(site: &Site<'_>) -> Vec<Change> {
    let Some(members) = members_of(site) else {
        return Vec::new();
    };
    let needed = members.keys().filter(|name| is_needed(site, name));
    needed
        .map(|name| {
            let expected = vec![site.expect_member(Rule::FieldMissing, name)];
            Change::of_member(name, without(members, name).into(), expected)
        })
        .collect()
}

pub(super) fn renamed(site: &Site<'_>) -> Vec<Change> {
    moved(site, |name| format!("{name}_novo"))
}

pub(super) fn respelled(site: &Site<'_>) -> Vec<Change> {
    moved(site, |name| match name.to_uppercase() {
        upper if upper == name => name.to_lowercase(),
        upper => upper,
    })
}

fn moved(site: &Site<'_>, new_name: fn(&str) -> String) -> Vec<Change> {
    let Some(members) = members_of(site).filter(|_| is_closed(site)) else {
        return Vec::new();
    };
    let known = members.keys().filter(|name| site.promise.field(name).is_some());
    known
        .filter(|name| site.promise.field(&new_name(name)).is_none())
        .map(|name| {
            let new = new_name(name);
            let missing =
                is_needed(site, name).then(|| site.expect_member(Rule::FieldMissing, name));
            // The branch of an object without its tag is unknown.
            let undocumented = !site.is_tag(name);
            let undocumented =
                undocumented.then(|| site.expect_member(Rule::FieldUndocumented, &new));
            let expected = missing.into_iter().chain(undocumented).collect();
            Change::of_member(name, with_name(members, name, &new), expected)
        })
        .collect()
}

pub(super) fn added(site: &Site<'_>) -> Vec<Change> {
    one_more(site, json!(7))
}

pub(super) fn null_added(site: &Site<'_>) -> Vec<Change> {
    one_more(site, Value::Null)
}

pub(super) fn object_added(site: &Site<'_>) -> Vec<Change> {
    one_more(site, json!({"id": 7, "itens": [{"nome": "x"}]}))
}

fn one_more(site: &Site<'_>, value: Value) -> Vec<Change> {
    let Some(members) = members_of(site).filter(|_| is_closed(site)) else {
        return Vec::new();
    };
    let expected = vec![site.expect_member(Rule::FieldUndocumented, NEW)];
    vec![Change::of_member(NEW, with_member(members, NEW, value), expected)]
}

pub(super) fn twice(site: &Site<'_>) -> Vec<Change> {
    doubled(site, |_, value| Some(value.clone()))
}

pub(super) fn twice_unlike(site: &Site<'_>) -> Vec<Change> {
    // Two tags with different values would leave the branch open.
    doubled(site, |is_tag, value| (!is_tag && !value.is_null()).then_some(Value::Null))
}

fn doubled(site: &Site<'_>, second: fn(bool, &Value) -> Option<Value>) -> Vec<Change> {
    let Some(members) = members_of(site) else {
        return Vec::new();
    };
    let known = members.iter().filter(|(name, _)| site.promise.field(name).is_some());
    known
        .filter_map(|(name, value)| {
            let second = second(site.is_tag(name), value)?;
            let expected = vec![site.expect_member(Rule::BodyUnreadable, name)];
            Some(Change::of_member(name, with_member(members, &twin(name), second), expected))
        })
        .collect()
}

/// Adds everything that another branch requires to what the value's own branch requires.
pub(super) fn two_branches(site: &Site<'_>) -> Vec<Change> {
    let Some(members) = members_of(site).filter(|_| site.tag.is_none()) else {
        return Vec::new();
    };
    let is_other = |branch: &&Branch<'_>| {
        needed_texts(&branch.promise).iter().any(|name| !members.contains_key(*name))
    };
    let both = |branch: &Branch<'_>| {
        let mut both = members.clone();
        both.extend(
            needed_texts(&branch.promise).into_iter().map(|name| (name.to_owned(), json!("x"))),
        );
        // Each member belongs to a branch that fits, so none is undocumented.
        Change::new(both.into(), vec![site.expect(Rule::AlternativeAmbiguous)])
    };
    site.alternatives.iter().filter(is_other).map(both).collect()
}

/// Lists the text members that a branch requires.
fn needed_texts<'s>(branch: &Promise<'s>) -> Vec<&'s str> {
    let fields = branch.fields().into_iter();
    let texts =
        fields.filter(|(name, field)| branch.is_required(name) && field.allows(JsonType::Text));
    texts.map(|(name, _)| name).collect()
}

pub(super) fn entry_twice(site: &Site<'_>) -> Vec<Change> {
    let Some(members) = members_of(site).filter(|_| !is_closed(site) && site.role == Role::Plain)
    else {
        return Vec::new();
    };
    let entries = members.iter().filter(|(name, _)| site.promise.field(name).is_none());
    entries
        .map(|(name, value)| {
            // Findings never show the keys of a map, because these may identify the vendor's
            // customers.
            let expected = vec![site.expect_member(Rule::BodyUnreadable, "*")];
            Change::of_member(name, with_member(members, &twin(name), value.clone()), expected)
        })
        .collect()
}
