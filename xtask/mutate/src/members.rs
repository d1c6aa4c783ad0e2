//! Mutations of an object's members: one away, one more, one under another name.

use prumo_drift::{Rule, Side};
use serde_json::{Map, Value, json};

use super::change::Change;
use super::mutant::twin;
use super::promise::{Branch, JsonType, Others, Promise};
use super::site::{Role, Site};

/// A name that no spec has.
const NEW: &str = "campo_novo";

/// The members of a place that is an object with named members.
fn members_of<'p>(place: &'p Site<'_>) -> Option<&'p Map<String, Value>> {
    place.value.as_object().filter(|_| place.kinds.len() < JsonType::ALL.len())
}

/// Whether one more member is worth a finding here.
fn is_closed(place: &Site<'_>) -> bool {
    matches!(place.promise.others(), Others::Unknown)
}

/// Whether the member has to be there on this side.
fn is_needed(place: &Site<'_>, name: &str) -> bool {
    let field = place.promise.field(name);
    let is_other_side = field.is_some_and(|field| match place.ground.side {
        Side::Request => field.is_flagged("readOnly"),
        Side::Response => field.is_flagged("writeOnly"),
    });
    place.promise.is_required(name) && !is_other_side
}

fn without(members: &Map<String, Value>, name: &str) -> Map<String, Value> {
    members
        .iter()
        .filter(|(known, _)| *known != name)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// The members, with `name` replaced where it stands.
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

pub(super) fn dropped(place: &Site<'_>) -> Vec<Change> {
    let Some(members) = members_of(place) else {
        return Vec::new();
    };
    let needed = members.keys().filter(|name| is_needed(place, name));
    needed
        .map(|name| {
            let expected = vec![place.expect_member(Rule::FieldMissing, name)];
            Change::of_member(name, without(members, name).into(), expected)
        })
        .collect()
}

pub(super) fn renamed(place: &Site<'_>) -> Vec<Change> {
    moved(place, |name| format!("{name}_novo"))
}

pub(super) fn respelled(place: &Site<'_>) -> Vec<Change> {
    moved(place, |name| match name.to_uppercase() {
        upper if upper == name => name.to_lowercase(),
        upper => upper,
    })
}

fn moved(place: &Site<'_>, new_name: fn(&str) -> String) -> Vec<Change> {
    let Some(members) = members_of(place).filter(|_| is_closed(place)) else {
        return Vec::new();
    };
    let known = members.keys().filter(|name| place.promise.field(name).is_some());
    known
        .filter(|name| place.promise.field(&new_name(name)).is_none())
        .map(|name| {
            let new = new_name(name);
            let missing = is_needed(place, name).then(|| place.expect_member(Rule::FieldMissing, name));
            // Without its tag nothing says which members the object has.
            let undocumented = !place.is_tag(name);
            let undocumented = undocumented.then(|| place.expect_member(Rule::FieldUndocumented, &new));
            let expected = missing.into_iter().chain(undocumented).collect();
            Change::of_member(name, with_name(members, name, &new), expected)
        })
        .collect()
}

pub(super) fn added(place: &Site<'_>) -> Vec<Change> {
    one_more(place, json!(7))
}

pub(super) fn null_added(place: &Site<'_>) -> Vec<Change> {
    one_more(place, Value::Null)
}

pub(super) fn object_added(place: &Site<'_>) -> Vec<Change> {
    one_more(place, json!({"id": 7, "itens": [{"nome": "x"}]}))
}

fn one_more(place: &Site<'_>, value: Value) -> Vec<Change> {
    let Some(members) = members_of(place).filter(|_| is_closed(place)) else {
        return Vec::new();
    };
    let expected = vec![place.expect_member(Rule::FieldUndocumented, NEW)];
    vec![Change::of_member(NEW, with_member(members, NEW, value), expected)]
}

pub(super) fn twice(place: &Site<'_>) -> Vec<Change> {
    doubled(place, |_, value| Some(value.clone()))
}

pub(super) fn twice_unlike(place: &Site<'_>) -> Vec<Change> {
    // Of two tags that are not alike nobody can say which is meant.
    doubled(place, |is_tag, value| (!is_tag && !value.is_null()).then_some(Value::Null))
}

fn doubled(place: &Site<'_>, second: fn(bool, &Value) -> Option<Value>) -> Vec<Change> {
    let Some(members) = members_of(place) else {
        return Vec::new();
    };
    let known = members.iter().filter(|(name, _)| place.promise.field(name).is_some());
    known
        .filter_map(|(name, value)| {
            let second = second(place.is_tag(name), value)?;
            let expected = vec![place.expect_member(Rule::BodyUnreadable, name)];
            Some(Change::of_member(name, with_member(members, &twin(name), second), expected))
        })
        .collect()
}

/// All that another branch requires beside all that the own one does.
pub(super) fn two_branches(place: &Site<'_>) -> Vec<Change> {
    let Some(members) = members_of(place).filter(|_| place.tag.is_none()) else {
        return Vec::new();
    };
    let is_other =
        |branch: &&Branch<'_>| needed_texts(&branch.promise).iter().any(|name| !members.contains_key(*name));
    let both = |branch: &Branch<'_>| {
        let mut both = members.clone();
        both.extend(needed_texts(&branch.promise).into_iter().map(|name| (name.to_owned(), json!("x"))));
        // Each member is one of a branch that fits, so none is undocumented.
        Change::new(both.into(), vec![place.expect(Rule::AlternativeAmbiguous)])
    };
    place.alternatives.iter().filter(is_other).map(both).collect()
}

/// The texts that a branch requires.
fn needed_texts<'s>(branch: &Promise<'s>) -> Vec<&'s str> {
    let fields = branch.fields().into_iter();
    let texts = fields.filter(|(name, field)| branch.is_required(name) && field.allows(JsonType::Text));
    texts.map(|(name, _)| name).collect()
}

pub(super) fn entry_twice(place: &Site<'_>) -> Vec<Change> {
    let Some(members) = members_of(place).filter(|_| !is_closed(place) && place.role == Role::Plain) else {
        return Vec::new();
    };
    let entries = members.iter().filter(|(name, _)| place.promise.field(name).is_none());
    entries
        .map(|(name, value)| {
            // Sites of entries carry no names: they are the vendor's customers'.
            let expected = vec![place.expect_member(Rule::BodyUnreadable, "*")];
            Change::of_member(name, with_member(members, &twin(name), value.clone()), expected)
        })
        .collect()
}
