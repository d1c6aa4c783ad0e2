//! Lets responses decode whatever the vendor adds or exceeds, makes `readOnly` and `writeOnly`
//! members optional in the other direction, and finds the members that a request can clear.
//!
//! Invariants:
//!
//! * Lengths, patterns and bounds never fail a decode: they are documentation.
//! * Every object of a response keeps unknown members in `extra`; an object that is sent does so if
//!   the document has `additionalProperties` for it.
//! * A component that is both sent and received is as lenient as one that is only received.
//! * Only the spec's own `nullable` makes a member clearable, never what is relaxed here.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Draft, schema};

/// Relaxes the schemas of responses, and records the clearable members of requests.
pub(super) fn lenient(draft: &mut Draft) {
    let answers = draft.operations.iter().flat_map(|operation| operation.success.slots());
    let calls = draft.webhooks.iter().map(|webhook| &webhook.body);
    let received = schema::reachable(&draft.schemas, answers.chain(calls));
    let bodies = draft
        .operations
        .iter()
        .filter_map(|operation| operation.body.as_ref().map(|body| &body.schema));
    let sent = schema::reachable(&draft.schemas, bodies);
    let forms: BTreeSet<&str> = draft.forms.iter().map(|form| form.name.as_str()).collect();
    for (name, component) in &mut draft.schemas {
        if component.get("properties").is_none() {
            continue;
        }
        // A part of a form is text: it can't be null.
        if sent.contains(name) && !forms.contains(name.as_str()) {
            let members = clearable(component);
            if !members.is_empty() {
                draft.clearable.insert(name.clone(), members);
            }
        }
        let mut optional: Vec<&str> = Vec::new();
        if sent.contains(name) {
            optional.push("readOnly");
        }
        if received.contains(name) {
            optional.push("writeOnly");
            relax(component);
        }
        relieve(component, &optional);
    }
}

/// Returns the members that may be left out and may be null, which are two different requests.
fn clearable(component: &Value) -> BTreeSet<String> {
    schema::properties(component)
        .filter(|(name, slot)| schema::is_nullable(slot) && !schema::is_required(component, name))
        .map(|(name, _)| name.clone())
        .collect()
}

/// Keeps unknown members, and lets lists and maps be missing or null.
fn relax(component: &mut Value) {
    if component.get("additionalProperties").is_none() {
        component["additionalProperties"] = json!({});
    }
    let required: Vec<Value> =
        component.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let properties = component.get_mut("properties").and_then(Value::as_object_mut);
    for (name, slot) in properties.into_iter().flatten() {
        let is_collection = matches!(schema::type_of(slot), Some("array" | "object"));
        if is_collection && !required.iter().any(|one| one == name.as_str()) {
            slot["nullable"] = json!(true);
        }
    }
}

/// Makes members with one of `marks` optional.
fn relieve(component: &mut Value, marks: &[&str]) {
    let marked: Vec<String> = schema::properties(component)
        .filter(|(_, slot)| {
            marks.iter().any(|mark| slot.get(mark).and_then(Value::as_bool) == Some(true))
        })
        .map(|(name, _)| name.clone())
        .collect();
    if let Some(required) = component.get_mut("required").and_then(Value::as_array_mut) {
        required
            .retain(|name| name.as_str().is_none_or(|name| !marked.iter().any(|one| one == name)));
    }
}
