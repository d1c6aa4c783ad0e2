//! Makes changes that keep the promise: every finding about one is a false alarm.

use serde_json::{Map, Value};

use super::change::Change;
use super::mutant::{Mutant, object};
use super::promise::{Branch, JsonType, Others};
use super::site::{Role, Site};
use super::subject::Subject;
use super::values;

pub(super) fn none(subject: &Subject<'_>) -> Vec<Mutant> {
    vec![
        Mutant::new("/", &subject.exchange, Vec::new()),
        Mutant::new("/", &subject.answered, Vec::new()),
    ]
}

pub(super) fn null_allowed(site: &Site<'_>) -> Vec<Change> {
    // Authors differ in whether a nullable enum lists null, so only `nullable` decides.
    let is_allowed =
        site.kinds.contains(&JsonType::Null) && site.role != Role::Body && !site.value.is_null();
    is_allowed.then(|| Change::new(Value::Null, Vec::new())).into_iter().collect()
}

pub(super) fn optional_dropped(site: &Site<'_>) -> Vec<Change> {
    let members = site.value.as_object().filter(|_| site.promise.word("minProperties").is_none());
    let Some(members) = members else {
        return Vec::new();
    };
    let optional = members.keys().filter(|name| !site.promise.is_required(name));
    optional
        .map(|name| {
            let mut fewer = members.clone();
            fewer.shift_remove(name);
            Change::of_member(name, fewer.into(), Vec::new())
        })
        .collect()
}

pub(super) fn members_reversed(site: &Site<'_>) -> Vec<Change> {
    let members = site.value.as_object().into_iter();
    members
        .map(|members| {
            let reversed: Map<String, Value> =
                members.iter().rev().map(|(name, value)| (name.clone(), value.clone())).collect();
            Change::new(reversed.into(), Vec::new())
        })
        .collect()
}

pub(super) fn entry_added(site: &Site<'_>) -> Vec<Change> {
    let is_map = !matches!(site.promise.others(), Others::Unknown)
        && site.promise.word("maxProperties").is_none();
    let Some(members) = site.value.as_object().filter(|members| is_map && !members.is_empty())
    else {
        return Vec::new();
    };
    let mut more = members.clone();
    let value = members.values().next().cloned().unwrap_or_default();
    more.insert("mais_um".to_owned(), value);
    vec![Change::new(more.into(), Vec::new())]
}

pub(super) fn items_repeated(site: &Site<'_>) -> Vec<Change> {
    let is_bounded = ["minItems", "maxItems", "uniqueItems"]
        .iter()
        .any(|word| site.promise.word(word).is_some());
    let Some(items) = site.value.as_array().filter(|items| !is_bounded && !items.is_empty()) else {
        return Vec::new();
    };
    let twice: Vec<Value> = items.iter().chain(items).cloned().collect();
    vec![Change::new(twice.into(), Vec::new()), Change::new(Value::Array(Vec::new()), Vec::new())]
}

pub(super) fn empty_list_allowed(site: &Site<'_>) -> Vec<Change> {
    let is_allowed = site.alternatives.iter().any(is_empty_list) && site.value.is_object();
    is_allowed.then(|| Change::new(Value::Array(Vec::new()), Vec::new())).into_iter().collect()
}

/// Returns whether the branch allows the empty list only.
pub(super) fn is_empty_list(branch: &Branch<'_>) -> bool {
    branch.promise.kinds().contains(&JsonType::List) && branch.promise.amount("maxItems") == Some(0)
}

pub(super) fn known_value(site: &Site<'_>) -> Vec<Change> {
    // Another value of a tag would choose another branch.
    let values = site.promise.values().filter(|_| !matches!(site.role, Role::Tag { .. }));
    let values =
        values.into_iter().flatten().filter(|value| **value != site.value && !value.is_null());
    values.map(|value| Change::new(value.clone(), Vec::new())).collect()
}

pub(super) fn unlisted_value(site: &Site<'_>) -> Vec<Change> {
    let unlisted = values::unlisted(site).filter(|_| site.is_extensible());
    unlisted.map(|value| Change::new(value, Vec::new())).into_iter().collect()
}

pub(super) fn int_for_number(site: &Site<'_>) -> Vec<Change> {
    let is_free = ["minimum", "maximum", "multipleOf", "enum"]
        .iter()
        .all(|word| site.promise.word(word).is_none());
    if !site.kinds.contains(&JsonType::Number)
        || site.kinds.len() == JsonType::ALL.len()
        || !is_free
    {
        return Vec::new();
    }
    vec![Change::new(Value::from(7), Vec::new()), Change::new(Value::from(-0.5), Vec::new())]
}

pub(super) fn charset_added(subject: &Subject<'_>) -> Vec<Mutant> {
    let mut exchange = subject.answered.clone();
    let Some(headers) = object(&mut exchange, "response", "headers") else {
        return Vec::new();
    };
    let Some(Value::String(media)) = headers.get_mut("content-type") else {
        return Vec::new();
    };
    *media = format!(
        "{}; charset=ISO-8859-1",
        media.split(';').next().unwrap_or_default().to_uppercase()
    );
    vec![Mutant::new("/response/headers/content-type", &exchange, Vec::new())]
}

pub(super) fn status_alike(subject: &Subject<'_>) -> Vec<Mutant> {
    let promise = |status: u16| subject.operation.response(status);
    let is_alike = |status: &u16| {
        let is_one =
            promise(*status).zip(promise(subject.status)).is_some_and(|(a, b)| std::ptr::eq(a, b));
        is_one && *status != subject.status && (*status < 400) == (subject.status < 400)
    };
    let statuses =
        [200, 201, 400, 401, 403, 404, 409, 422, 500, 502, 503].into_iter().filter(is_alike);
    statuses
        .map(|status| {
            let mut exchange = subject.answered.clone();
            if let Some(site) = exchange.pointer_mut("/response/status") {
                *site = status.into();
            }
            Mutant::new("/response/status", &exchange, Vec::new())
        })
        .collect()
}

pub(super) fn body_left_out(subject: &Subject<'_>) -> Vec<Mutant> {
    let is_optional =
        subject.operation.request_body().is_some() && !subject.operation.is_body_required();
    if !is_optional || subject.request_body().is_none() {
        return Vec::new();
    }
    let mut exchange = subject.exchange.clone();
    if let Some(request) = exchange.get_mut("request").and_then(Value::as_object_mut) {
        request.insert("body".to_owned(), Value::Null);
    }
    if let Some(headers) = object(&mut exchange, "request", "headers") {
        headers.shift_remove("content-type");
    }
    vec![Mutant::new("/request/body", &exchange, Vec::new())]
}

pub(super) fn request_not_recorded(subject: &Subject<'_>) -> Vec<Mutant> {
    let mut exchange = subject.exchange.clone();
    if let Some(request) = exchange.get_mut("request").and_then(Value::as_object_mut) {
        request.retain(|name, _| name == "method" || name == "path");
    }
    // A recording without a query looks like one with an empty query.
    let needs_query =
        subject.operation.parameters().iter().any(|p| p.place == "query" && p.is_required);
    if needs_query && !subject.is_refusal {
        return Vec::new();
    }
    vec![Mutant::new("/request", &exchange, Vec::new())]
}
