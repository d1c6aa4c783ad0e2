//! Turns the documented responses of an operation into the one type that `send()` returns; every
//! failure is the runtime's error.
//!
//! Invariants:
//!
//! * The type of a success holds neither the envelope's tag nor its message.
//! * Responses that no single type can hold become any JSON, with a complaint.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::union::enum_of;
use super::{Answer, Content, Draft, Operation, Success, schema};
use crate::names::{last, pascal};
use prumo_spec::complaint::{Complaints, Loss};
use prumo_spec::openapi::{Envelope, Outcome};
use prumo_spec::pointer::names;
use prumo_spec::{MediaType, Scalar, below};

/// The media type that a client asks for by default.
const JSON: &str = "application/json";

/// Decides what each operation returns, and drops the schemas of failures.
pub(super) fn answers(draft: &mut Draft, complaints: &mut Complaints<'_>) {
    let mut operations = std::mem::take(&mut draft.operations);
    for operation in &operations {
        members_exist(draft, operation, complaints);
    }
    for operation in &mut operations {
        operation.success = success(draft, operation, complaints);
    }
    for operation in &mut operations {
        operation.accept = accept(operation);
        operation.answers.clear();
    }
    draft.operations = operations;
    prune(draft);
}

/// Complains of each member of the envelope that is no property of any response.
fn members_exist(draft: &Draft, operation: &Operation, complaints: &mut Complaints<'_>) {
    let slots: Vec<&Value> = operation
        .answers
        .iter()
        .flat_map(|answer| &answer.content)
        .filter_map(|content| content.schema.as_ref())
        .collect();
    if slots.iter().any(|slot| schema::target(slot).is_none() && schema::type_of(slot).is_none()) {
        // Untyped JSON may have any member.
        return;
    }
    let mut objects: Vec<&Value> = Vec::new();
    for component in
        slots.into_iter().filter_map(schema::target).filter_map(|name| draft.schemas.get(name))
    {
        let branches = component.get("oneOf").and_then(Value::as_array).into_iter().flatten();
        objects
            .extend(branches.filter_map(schema::target).filter_map(|name| draft.schemas.get(name)));
        objects.push(component);
    }
    for (name, place) in operation.envelope.iter().flat_map(Envelope::places) {
        let Some(member) = names(place).next() else {
            continue;
        };
        if !objects
            .iter()
            .any(|object| schema::properties(object).any(|(property, _)| *property == member))
        {
            complaints.error(
                &below(&operation.pointer, "x-envelope"),
                format!(
                    "`x-envelope` says `{name}` is `/{member}`, which no answer of `{}` has",
                    operation.id
                ),
                "set it to `null` in the operation's `x-envelope` if there is none",
            );
        }
    }
}

fn success(draft: &mut Draft, operation: &Operation, complaints: &mut Complaints<'_>) -> Success {
    if operation.method == "HEAD" {
        // The vendor sends no body, whatever the document describes.
        return Success::Empty;
    }
    let good: Vec<&Answer> =
        operation.answers.iter().filter(|answer| answer.status.starts_with('2')).collect();
    let good = match good.is_empty() {
        true => operation.answers.iter().filter(|answer| answer.status == "default").collect(),
        false => good,
    };
    let at = good.first().map_or(operation.pointer.as_str(), |answer| answer.pointer.as_str());
    let mut each: Vec<(String, Success)> = Vec::new();
    for answer in &good {
        for (key, one) in of_answer(answer, complaints) {
            let one = match one {
                Success::Json(slot) => Success::Json(without_envelope(
                    draft,
                    operation,
                    slot,
                    &answer.pointer,
                    complaints,
                )),
                other => other,
            };
            each.push((key, one));
        }
    }
    let mut kinds: Vec<&Success> = Vec::new();
    for (_, one) in &each {
        if !kinds.contains(&one) {
            kinds.push(one);
        }
    }
    match kinds.as_slice() {
        // The document describes no success, so the caller gets the bytes.
        [] => Success::Stream,
        [one] => (*one).clone(),
        _ if operation.is_paged() => {
            let message = format!(
                "`{}` succeeds with answers of different kinds, so it gives untyped JSON",
                operation.id
            );
            let hint = "leave one kind of success, since it comes in pages";
            complaints.losing(Loss::Type, at, message, hint);
            Success::Json(json!({}))
        }
        [Success::Json(slot), Success::Empty] | [Success::Empty, Success::Json(slot)] => {
            let empty = each.iter().filter(|(_, one)| *one == Success::Empty);
            Success::Optional(slot.clone(), empty.map(|(status, _)| status.clone()).collect())
        }
        _ => {
            each.sort_by_cached_key(|(key, _)| vagueness(key));
            Success::ByStatus(each)
        }
    }
}

/// Ranks the key of an answer; the most specific has the lowest rank.
fn vagueness(key: &str) -> impl Ord + use<> {
    let (status, media) = key.split_once(' ').unwrap_or((key, ""));
    // A range means the statuses that are not named, and `default` the rest.
    let of_status = (status == "default", status.ends_with("XX"));
    let media = MediaType::new(media);
    let essence = media.essence();
    let n_stars = essence.matches('*').count();
    (
        of_status,
        status.to_owned(),
        n_stars,
        essence.ends_with('*'),
        Reverse(media.distinctions().count()),
    )
}

/// Returns the media types of JSON that the client reads: all of them if their schemas differ, or
/// else the first.
fn read_as_json(answer: &Answer) -> Vec<&Content> {
    let mut json: Vec<&Content> = answer.content.iter().filter(|content| content.is_json).collect();
    if json.iter().all(|one| one.schema == json[0].schema) {
        json.truncate(1);
    }
    json
}

/// Returns what the client makes of an answer by its status, or by its status and media type.
fn of_answer(answer: &Answer, complaints: &mut Complaints<'_>) -> Vec<(String, Success)> {
    let read = read_as_json(answer);
    if read.is_empty() {
        let kind = if answer.content.is_empty() { Success::Empty } else { Success::Stream };
        return vec![(answer.status.clone(), kind)];
    }
    let names: Vec<String> = read.iter().map(|content| format!("`{}`", content.media)).collect();
    if answer.content.iter().any(|one| !one.is_json)
        || (read.len() == 1 && answer.content.len() > 1)
    {
        let n_all = answer.content.len();
        let message =
            format!("an answer of {n_all} media types, only {} is read", names.join(", "));
        complaints.house(&below(&answer.pointer, "content"), message, "leave one media type");
    }
    let mut each = Vec::new();
    for content in &read {
        let key = match read.as_slice() {
            [_] => answer.status.clone(),
            _ => format!("{} {}", answer.status, MediaType::new(&content.media).key()),
        };
        let slot = content.schema.as_ref().map(bare).unwrap_or_else(|| {
            let message = "an answer without a schema is untyped JSON";
            complaints.house(&content.pointer, message, "give it a schema");
            json!({})
        });
        each.push((key, Success::Json(slot)));
    }
    each
}

/// Returns the media types that the client asks for, or `None` if it is only `application/json`:
/// those of JSON that it reads, and those of an answer without JSON.
fn accept(operation: &Operation) -> Option<String> {
    let good = operation.answers.iter().filter(|answer| answer.status.starts_with('2'));
    let asked = |answer: &Answer| -> Vec<String> {
        let json = read_as_json(answer);
        let all = if json.is_empty() { answer.content.iter().collect() } else { json };
        let is_asked = |one: &&Content| !one.is_json || !MediaType::new(&one.media).is_range();
        all.into_iter().filter(is_asked).map(|one| one.media.clone()).collect()
    };
    let mut all: Vec<String> = Vec::new();
    for written in good.flat_map(asked) {
        let is_header = written.chars().all(|sign| sign.is_ascii_graphic() || sign == ' ');
        let key = MediaType::new(&written).key();
        if is_header && !all.contains(&key) {
            all.push(key);
        }
    }
    let is_plain = all.is_empty() || all == [JSON];
    (!is_plain).then(|| all.join(", "))
}

/// Returns `slot` without the keywords that only document this one use.
fn bare(slot: &Value) -> Value {
    let mut bare = slot.clone();
    if let Some(members) = bare.as_object_mut() {
        members.retain(|key, _| {
            !matches!(key.as_str(), "description" | "title" | "example") && !key.starts_with("x-")
        });
    }
    bare
}

/// Returns the payload of an enveloped response.
fn without_envelope(
    draft: &mut Draft,
    operation: &Operation,
    slot: Value,
    at: &str,
    complaints: &mut Complaints<'_>,
) -> Value {
    let Some(envelope) = &operation.envelope else {
        return slot;
    };
    let Some(name) = successful_branch(draft, envelope, &slot, at, complaints) else {
        return slot;
    };
    let Some(component) = draft.schemas.get(&name) else {
        return slot;
    };
    if let Some(payload) = envelope.payload.as_deref().map(last) {
        return match component.get("properties").and_then(|all| all.get(&payload)) {
            Some(payload) => bare(payload),
            None => {
                complaints.error(
                    at,
                    format!("`x-envelope` says the payload is `/{payload}`, which `{name}` does not have"),
                    "set `payload: null` in the operation's `x-envelope` if there is none",
                );
                slot
            }
        };
    }
    let members = [&envelope.tag, &envelope.message, &envelope.errors];
    let members: Vec<String> = members.into_iter().flatten().map(|place| last(place)).collect();
    if !members.iter().any(|member| schema::properties(component).any(|(name, _)| name == member)) {
        return slot;
    }
    let stripped = strip(component, &members);
    // This response uses it as a branch, or as a whole, which is no use by a schema.
    let n_own = usize::from(schema::target(&slot) != Some(name.as_str()));
    let used_elsewhere = operation_uses(draft, &name) > n_own;
    let own =
        if used_elsewhere { pascal(&format!("{}_answer", operation.method_name)) } else { name };
    if used_elsewhere && draft.schemas.contains_key(&own) {
        complaints.error(
            at,
            format!("the type `{own}` would be both this answer and a schema"),
            "rename the schema",
        );
    }
    draft.schemas.insert(own.clone(), stripped);
    schema::reference(&own)
}

/// Returns the object of a success: the branch whose tag marks a success, or the only branch.
fn successful_branch(
    draft: &Draft,
    envelope: &Envelope,
    slot: &Value,
    at: &str,
    complaints: &mut Complaints<'_>,
) -> Option<String> {
    let name = schema::target(slot)?;
    let Some(branches) = draft.schemas.get(name)?.get("oneOf").and_then(Value::as_array) else {
        return Some(name.to_owned());
    };
    let tag = envelope.tag.as_deref().map(last)?;
    let is_success =
        |value: &Value| envelope.outcome(&Scalar::from_value(value)) == Outcome::Success;
    let good: Vec<&str> = branches
        .iter()
        .filter_map(schema::target)
        .filter(|branch| {
            let slot =
                draft.schemas.get(*branch).and_then(|branch| branch.get("properties")?.get(&tag));
            slot.is_some_and(|slot| enum_of(draft, slot).iter().any(is_success))
        })
        .collect();
    match good.as_slice() {
        [one] => Some((*one).to_owned()),
        _ => {
            complaints.error(
                at,
                format!(
                    "{} branches of the answer have a `{tag}` that means success, one is needed",
                    good.len()
                ),
                "let the enums of the tag say which branch is which",
            );
            None
        }
    }
}

fn strip(component: &Value, members: &[String]) -> Value {
    let mut stripped = component.clone();
    if let Some(properties) = stripped.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|name, _| !members.contains(name));
    }
    if let Some(required) = stripped.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| {
            name.as_str().is_none_or(|name| !members.iter().any(|member| member == name))
        });
    }
    stripped
}

/// Counts the responses, bodies and schemas that lead to the component `name`.
fn operation_uses(draft: &Draft, name: &str) -> usize {
    let mut uses = 0;
    let mut count = |slot: &Value| uses += usize::from(schema::target(slot) == Some(name));
    for (_, component) in &draft.schemas {
        let mut open = vec![component];
        while let Some(one) = open.pop() {
            schema::slots(one, &mut |slot| {
                count(slot);
                open.push(slot);
            });
        }
    }
    for operation in &draft.operations {
        operation.body.iter().for_each(|body| count(&body.schema));
    }
    uses
}

/// Drops the components that no operation sends or returns.
fn prune(draft: &mut Draft) {
    let roots = draft.operations.iter().flat_map(|operation| {
        let parameters =
            operation.parameters.iter().filter(|one| !one.secret).map(|one| &one.schema);
        let body = operation.body.iter().map(|body| &body.schema);
        parameters.chain(body).chain(operation.success.slots())
    });
    let roots = roots.chain(draft.webhooks.iter().map(|webhook| &webhook.body));
    let used = schema::reachable(&draft.schemas, roots);
    draft.schemas.retain(|name, _| used.contains(name));
}
