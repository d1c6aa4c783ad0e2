//! Mutations that pass a bound, each by the least step.

use prumo_drift::Rule;
use serde_json::{Map, Value, json};

use super::change::Change;
use super::harmless::is_empty_list;
use super::promise::{JsonType, Others};
use super::site::Site;

fn exceeded(place: &Site<'_>, value: Value) -> Vec<Change> {
    vec![Change::new(value, vec![place.expect(Rule::BoundExceeded)])]
}

/// Whether nothing but its bounds decides about a number here.
fn is_bounded_number(place: &Site<'_>) -> bool {
    let is_number = place.kinds.contains(&JsonType::Int) || place.kinds.contains(&JsonType::Number);
    is_number && place.values().is_none() && !place.value.is_array() && !place.value.is_object()
}

/// The next number beyond `limit`, whole where only whole ones are promised.
fn beyond(place: &Site<'_>, limit: &Value, step: i64) -> Option<Value> {
    let is_whole = !place.kinds.contains(&JsonType::Number);
    match (is_whole, limit.as_i64(), limit.as_f64()) {
        (true, Some(limit), _) => limit.checked_add(step).map(Value::from),
        (_, _, Some(limit)) => Some(json!(limit + 0.5 * step as f64)),
        _ => None,
    }
}

pub(super) fn minimum(place: &Site<'_>) -> Vec<Change> {
    limit(place, "minimum", "exclusiveMinimum", -1)
}

pub(super) fn maximum(place: &Site<'_>) -> Vec<Change> {
    limit(place, "maximum", "exclusiveMaximum", 1)
}

fn limit(place: &Site<'_>, keyword: &str, exclusive: &str, step: i64) -> Vec<Change> {
    let Some(limit) = place.promise.word(keyword).filter(|_| is_bounded_number(place)) else {
        return Vec::new();
    };
    let itself = place.promise.is_flagged(exclusive).then(|| limit.clone());
    let values = beyond(place, limit, step).into_iter().chain(itself);
    values.flat_map(|value| exceeded(place, value)).collect()
}

pub(super) fn multiple_of(place: &Site<'_>) -> Vec<Change> {
    let step = place.promise.word("multipleOf").filter(|_| is_bounded_number(place));
    let between = step.and_then(|step| match (place.value.as_i64(), step.as_i64(), step.as_f64()) {
        (Some(value), Some(step), _) if step > 1 => value.checked_add(1).map(Value::from),
        (_, _, Some(step)) if place.kinds.contains(&JsonType::Number) => {
            place.value.as_f64().map(|value| json!(value + step / 2.0))
        }
        _ => None,
    });
    between.into_iter().flat_map(|value| exceeded(place, value)).collect()
}

/// The text of a place where only its length decides.
fn measured<'p>(place: &'p Site<'_>) -> Option<&'p str> {
    let is_free = place.values().is_none()
        && place.promise.format().is_none()
        && place.promise.word("pattern").is_none();
    place.value.as_str().filter(|_| is_free && place.kinds.contains(&JsonType::Text))
}

pub(super) fn min_length(place: &Site<'_>) -> Vec<Change> {
    let least = place.promise.amount("minLength").and_then(|least| least.checked_sub(1));
    let (Some(n_chars), Some(text)) = (least, measured(place)) else {
        return Vec::new();
    };
    let short: String = text.chars().take(n_chars).collect();
    exceeded(place, short.into())
}

pub(super) fn max_length(place: &Site<'_>) -> Vec<Change> {
    let (Some(most), Some(_)) = (place.promise.amount("maxLength"), measured(place)) else {
        return Vec::new();
    };
    // Characters count, not bytes.
    exceeded(place, "é".repeat(most + 1).into())
}

pub(super) fn pattern(place: &Site<'_>) -> Vec<Change> {
    let is_anchored = place.promise.text("pattern").is_some_and(|pattern| pattern.ends_with('$'));
    let Some(text) = place.value.as_str().filter(|_| is_anchored && place.values().is_none()) else {
        return Vec::new();
    };
    vec![Change::new(format!("{text}¬").into(), vec![place.expect(Rule::FormatViolated)])]
}

pub(super) fn min_items(place: &Site<'_>) -> Vec<Change> {
    let fewer = place.promise.amount("minItems").and_then(|least| least.checked_sub(1));
    let (Some(n_items), Some(items)) = (fewer, place.value.as_array()) else {
        return Vec::new();
    };
    exceeded(place, items.iter().take(n_items).cloned().collect::<Vec<_>>().into())
}

pub(super) fn max_items(place: &Site<'_>) -> Vec<Change> {
    let is_unique = place.promise.is_flagged("uniqueItems");
    let (Some(most), Some(items)) = (place.promise.amount("maxItems"), place.value.as_array()) else {
        return Vec::new();
    };
    if is_unique || items.is_empty() {
        return Vec::new();
    }
    exceeded(place, items.iter().cycle().take(most + 1).cloned().collect::<Vec<_>>().into())
}

/// `[7]` where a list stands for no object, and so is empty.
pub(super) fn list_not_empty(place: &Site<'_>) -> Vec<Change> {
    let may_be_empty = place.alternatives.iter().any(is_empty_list);
    if may_be_empty { exceeded(place, json!([7])) } else { Vec::new() }
}

pub(super) fn unique_items(place: &Site<'_>) -> Vec<Change> {
    let Some(items) = place.value.as_array().filter(|_| place.promise.is_flagged("uniqueItems")) else {
        return Vec::new();
    };
    let Some(first) = items.first() else {
        return Vec::new();
    };
    // In the place of the last one, so that the amount stays.
    let mut twins = items.clone();
    match twins.last_mut() {
        Some(last) if items.len() > 1 => last.clone_from(first),
        _ => twins.push(first.clone()),
    }
    exceeded(place, twins.into())
}

/// The entries of a map: only these can be fewer or more without anything else being wrong.
fn entries<'p>(place: &'p Site<'_>) -> Option<&'p Map<String, Value>> {
    let is_map = place.promise.fields().is_empty() && !matches!(place.promise.others(), Others::Unknown);
    place.value.as_object().filter(|entries| is_map && !entries.is_empty())
}

pub(super) fn min_properties(place: &Site<'_>) -> Vec<Change> {
    let fewer = place.promise.amount("minProperties").and_then(|least| least.checked_sub(1));
    let (Some(n_entries), Some(entries)) = (fewer, entries(place)) else {
        return Vec::new();
    };
    let few: Map<String, Value> = entries.clone().into_iter().take(n_entries).collect();
    exceeded(place, few.into())
}

pub(super) fn max_properties(place: &Site<'_>) -> Vec<Change> {
    let (Some(most), Some(entries)) = (place.promise.amount("maxProperties"), entries(place)) else {
        return Vec::new();
    };
    let many: Map<String, Value> = entries
        .values()
        .cycle()
        .take(most + 1)
        .enumerate()
        .map(|(index, value)| (format!("k{index}"), value.clone()))
        .collect();
    exceeded(place, many.into())
}

pub(super) fn not(place: &Site<'_>) -> Vec<Change> {
    let forbidden = place.promise.word("not").and_then(|not| not.get("enum")).and_then(Value::as_array);
    forbidden.into_iter().flatten().flat_map(|value| exceeded(place, value.clone())).collect()
}
