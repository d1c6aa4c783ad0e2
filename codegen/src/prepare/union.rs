//! Makes unions decodable: typify's untagged enums take the first branch that fits.
//!
//! The objects of a union with a tag are told apart by a required property whose enums share no
//! value, or by the discriminator, which states such a property. The branches of other unions are
//! ranked by their [`marks`].
//!
//! Invariants:
//!
//! * The enums of a tag are closed, whatever `x-open-enum` says. Instead the union is open: it keeps
//!   a value with another tag.
//! * A union that stays ambiguous becomes any JSON, with a complaint: a wrong type that decodes is
//!   worse than no type.

mod marks;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::all_of::{AT, placed};
use super::schema;
use super::{Draft, Tag};
use crate::names::pascal;
use prumo_spec::complaint::{Complaints, Loss};
use prumo_spec::openapi::{is_annotation, is_mapped_to, resolve};

use marks::Telling;
pub use marks::{Marks, Ranking};

/// Returns the branches of a `oneOf` or `anyOf` that are not `null`, and the keyword.
pub(super) fn branches(root: &Value, schema: &Value) -> Option<(Vec<Value>, &'static str)> {
    let keyword = ["oneOf", "anyOf"].into_iter().find(|keyword| schema.get(keyword).is_some())?;
    let all = schema.get(keyword)?.as_array()?;
    // Branches such as `required: [a]` state which members go together, not their types.
    if all.iter().all(|branch| {
        branch.as_object().is_some_and(|keys| keys.keys().all(|key| key == "required"))
    }) {
        return None;
    }
    let mut common = schema.clone();
    if let Some(members) = common.as_object_mut() {
        members.retain(|key, _| key != keyword && !is_annotation(key));
    }
    let shared = common.get("properties").is_some();
    let place = schema.get(AT).and_then(Value::as_str);
    let branches = all.iter().enumerate().filter(|(_, branch)| !is_null(root, branch)).map(
        |(index, branch)| {
            let branch = match place {
                Some(at) => placed(branch, &format!("{at}/{keyword}/{index}")),
                None => branch.clone(),
            };
            if shared { json!({"allOf": [common, branch]}) } else { branch }
        },
    );
    Some((branches.collect(), keyword))
}

/// Returns whether the schema allows `null`.
pub(super) fn takes_null(root: &Value, schema: &Value) -> bool {
    schema::is_nullable(schema)
        || schema::values(schema).iter().any(Value::is_null)
        || ["oneOf", "anyOf"].iter().any(|keyword| {
            let branches = schema.get(keyword).and_then(Value::as_array);
            branches.into_iter().flatten().any(|branch| is_null(root, branch))
        })
}

fn is_null(root: &Value, branch: &Value) -> bool {
    let Some((branch, _)) = resolve(root, branch, "") else {
        return false;
    };
    let values = schema::values(branch);
    schema::type_of(branch) == Some("null")
        || (!values.is_empty() && values.iter().all(Value::is_null))
}

/// Separates the branches of every union of `draft`.
pub(super) fn separate(
    draft: &mut Draft,
    wire_names: &BTreeMap<String, String>,
    complaints: &mut Complaints<'_>,
) {
    let mut unions: Vec<String> = draft
        .schemas
        .iter()
        .filter(|(_, schema)| schema.get("oneOf").is_some())
        .map(|(name, _)| name.clone())
        .collect();
    for name in &unions {
        if tags_of(draft, name).is_none() {
            discriminate(draft, name, wire_names);
        }
    }
    let how = if complaints.is_house() { Telling::Strict } else { Telling::Lenient };
    // A union around one that becomes untyped has a branch that takes anything.
    loop {
        let (settled, ambiguous): (Vec<String>, Vec<String>) =
            unions.into_iter().partition(|name| Told::of(draft, name, how).is_some());
        unions = settled;
        if ambiguous.is_empty() {
            break;
        }
        for name in ambiguous {
            leave_untyped(draft, &name, complaints);
        }
    }
    for name in unions {
        match Told::of(draft, &name, how) {
            Some(Told::Tagged(tags)) => {
                let tag = open_tag(draft, &name, &tags);
                draft.tags.extend(tag.map(|tag| (name, tag)));
                close(draft, &tags);
            }
            Some(Told::Ranked(ranking)) if !ranking.is_as_it_comes() => {
                draft.rankings.insert(name, ranking);
            }
            Some(Told::Ranked(_)) => {}
            None => {}
        }
    }
}

/// How the branches of a union are told apart.
enum Told {
    /// By one property: the (component, property) pairs.
    Tagged(Vec<(String, String)>),
    /// By their kinds and members.
    Ranked(Ranking),
}

impl Told {
    fn of(draft: &Draft, union: &str, how: Telling) -> Option<Self> {
        let tags = tags_of(draft, union).filter(|tags| is_one_tag(draft, union, tags));
        match tags {
            Some(tags) => Some(Self::Tagged(tags)),
            None => marks::ranking(draft, union, how).map(Self::Ranked),
        }
    }
}

fn leave_untyped(draft: &mut Draft, name: &str, complaints: &mut Complaints<'_>) {
    let at = draft.places.get(name).cloned().unwrap_or_default();
    complaints.losing(
        Loss::Type,
        &at,
        format!("a document may match two branches of `{name}`, so it stays untyped JSON"),
        "give each branch a required property of its own, or one with a one-value enum",
    );
    draft.schemas.shift_remove(name);
    forget(draft, name);
}

/// Returns the (component, property) pairs that tell the branches of `union` apart, or `None` if
/// some branches can't be told apart.
fn tags_of(draft: &Draft, union: &str) -> Option<Vec<(String, String)>> {
    let branches = draft.schemas.get(union)?.get("oneOf")?.as_array()?;
    let mut tags = Vec::new();
    for (index, left) in branches.iter().enumerate() {
        for right in branches.iter().skip(index + 1) {
            let (kind_left, kind_right) = (kind(draft, left), kind(draft, right));
            if kind_left == "any" || kind_right == "any" {
                return None;
            }
            // A scalar keeps its value in any branch that fits, so the first will do.
            if kind_left != kind_right || !matches!(kind_left, "object" | "array") {
                continue;
            }
            let (left, right) = (schema::target(left)?, schema::target(right)?);
            let tag = tag_between(draft, left, right)?;
            tags.push((left.to_owned(), tag.clone()));
            tags.push((right.to_owned(), tag));
        }
    }
    Some(tags)
}

/// Returns whether one property tells all branches of `union` apart.
fn is_one_tag(draft: &Draft, union: &str, tags: &[(String, String)]) -> bool {
    let Some((_, property)) = tags.first() else { return false };
    let branches = draft.schemas.get(union).and_then(|union| union.get("oneOf")?.as_array());
    branches.into_iter().flatten().all(|branch| {
        let name = schema::target(branch);
        tags.iter().any(|(one, tag)| Some(one.as_str()) == name && tag == property)
    })
}

/// Returns the one property that tells all branches of `union` apart, if its values are texts or
/// integers.
fn open_tag(draft: &Draft, union: &str, tags: &[(String, String)]) -> Option<Tag> {
    let (_, property) = tags.first()?;
    let mut values = Vec::new();
    for branch in draft.schemas.get(union)?.get("oneOf")?.as_array()? {
        let slot = draft.schemas.get(schema::target(branch)?)?.get("properties")?.get(property)?;
        values.extend(enum_of(draft, slot).iter().cloned());
    }
    let is_open = |value: &Value| value.is_string() || value.is_i64();
    values.iter().all(is_open).then(|| Tag { property: property.clone(), values })
}

/// Returns the JSON type of a slot.
fn kind<'v>(draft: &'v Draft, slot: &'v Value) -> &'v str {
    let meant = schema::target(slot).and_then(|name| draft.schemas.get(name)).unwrap_or(slot);
    schema::type_of(meant).unwrap_or("any")
}

/// Returns a property that both require and whose enums share no value.
fn tag_between(draft: &Draft, left: &str, right: &str) -> Option<String> {
    let (left, right) = (draft.schemas.get(left)?, draft.schemas.get(right)?);
    schema::properties(left)
        .filter(|(_, slot)| !enum_of(draft, slot).is_empty())
        .filter(|(name, _)| schema::is_required(left, name) && schema::is_required(right, name))
        .find(|(name, slot)| {
            let other =
                right.pointer("/properties").and_then(|properties| properties.get(name.as_str()));
            let (ours, theirs) =
                (enum_of(draft, slot), other.map_or(&[][..], |slot| enum_of(draft, slot)));
            !ours.is_empty()
                && !theirs.is_empty()
                && ours.iter().all(|value| !theirs.contains(value))
        })
        .map(|(name, _)| name.clone())
}

/// Returns the values of the enum that a slot refers to.
pub(super) fn enum_of<'v>(draft: &'v Draft, slot: &'v Value) -> &'v [Value] {
    let meant = schema::target(slot).and_then(|name| draft.schemas.get(name)).unwrap_or(slot);
    schema::values(meant)
}

/// Writes the values of the union's discriminator into its branches.
fn discriminate(
    draft: &mut Draft,
    union: &str,
    wire_names: &BTreeMap<String, String>,
) -> Option<()> {
    let schema = draft.schemas.get(union)?.clone();
    let property = schema.pointer("/discriminator/propertyName")?.as_str()?.to_owned();
    let mapping = schema.pointer("/discriminator/mapping").and_then(Value::as_object);
    for branch in schema.get("oneOf")?.as_array()? {
        let name = schema::target(branch)?.to_owned();
        let mut values: Vec<String> = mapping
            .into_iter()
            .flatten()
            .filter(|(_, meant)| {
                let meant = meant.as_str().zip(wire_names.get(&name));
                meant.is_some_and(|(meant, name)| is_mapped_to(meant, name))
            })
            .map(|(value, _)| value.clone())
            .collect();
        if values.is_empty() {
            values.push(wire_names.get(&name)?.clone());
        }
        let tag = pascal(&format!("{name}_{property}_tag"));
        let component = draft.schemas.get_mut(&name)?;
        let slot = component.get_mut("properties")?.get_mut(&property)?;
        *slot = schema::reference(&tag);
        let required = component.get_mut("required")?.as_array_mut()?;
        if !required.iter().any(|known| *known == property.as_str()) {
            required.push(json!(property));
        }
        draft.schemas.insert(tag, json!({"type": "string", "enum": values}));
    }
    Some(())
}

/// Makes the enums behind `tags` closed; a boolean tag becomes a named enum.
fn close(draft: &mut Draft, tags: &[(String, String)]) {
    for (component, property) in tags {
        let Some(slot) =
            draft.schemas.get(component).and_then(|schema| schema.get("properties")?.get(property))
        else {
            continue;
        };
        let name = match schema::target(slot) {
            Some(name) => name.to_owned(),
            None => {
                let name = pascal(&format!("{component}_{property}"));
                let mut named = schema::reference(&name);
                for key in ["description", "x-evidence", "x-source", "nullable"] {
                    if let Some(value) = slot.get(key) {
                        named[key] = value.clone();
                    }
                }
                let closed = json!({"type": "boolean", "enum": schema::values(slot)});
                draft.schemas.insert(name.clone(), closed);
                draft.schemas[component]["properties"][property] = named;
                name
            }
        };
        draft.schemas[&name]["x-open-enum"] = json!(false);
    }
}

/// Replaces each reference to `name` with any JSON.
fn forget(draft: &mut Draft, name: &str) {
    let mut change = |slot: &mut Value| {
        if schema::target(slot) == Some(name)
            && let Some(members) = slot.as_object_mut()
        {
            members.shift_remove("allOf");
            members.shift_remove("nullable");
        }
    };
    for_each_slot(draft, &mut change);
}

/// Calls `change` for every slot of the draft, at any depth.
pub(super) fn for_each_slot(draft: &mut Draft, change: &mut dyn FnMut(&mut Value)) {
    for (_, component) in &mut draft.schemas {
        schema::change_slots(component, change);
    }
    for webhook in &mut draft.webhooks {
        change(&mut webhook.body);
        schema::change_slots(&mut webhook.body, change);
    }
    for operation in &mut draft.operations {
        let mut roots: Vec<&mut Value> =
            operation.parameters.iter_mut().map(|one| &mut one.schema).collect();
        roots.extend(operation.body.as_mut().map(|body| &mut body.schema));
        let answers = operation.answers.iter_mut().flat_map(|answer| &mut answer.content);
        roots.extend(answers.filter_map(|content| content.schema.as_mut()));
        roots.extend(operation.success.slots_mut());
        for slot in roots {
            change(slot);
            schema::change_slots(slot, change);
        }
    }
}
