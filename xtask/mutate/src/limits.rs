//! Mutates values beyond their bounds, each by the smallest step.

use prumo_drift::Rule;
use serde_json::{Map, Value, json};

use super::change::Change;
use super::harmless::is_empty_list;
use super::promise::{JsonType, Others};
use super::site::Site;

fn exceeded(site: &Site<'_>, value: Value) -> Vec<Change> {
    vec![Change::new(value, vec![site.expect(Rule::BoundExceeded)])]
}

/// Returns whether only bounds restrict a number here.
fn is_bounded_number(site: &Site<'_>) -> bool {
    let is_number = site.kinds.contains(&JsonType::Int) || site.kinds.contains(&JsonType::Number);
    is_number && site.values().is_none() && !site.value.is_array() && !site.value.is_object()
}

/// Returns the next number beyond `limit`; a whole one where only integers are promised.
fn beyond(site: &Site<'_>, limit: &Value, step: i64) -> Option<Value> {
    let is_whole = !site.kinds.contains(&JsonType::Number);
    match (is_whole, limit.as_i64(), limit.as_f64()) {
        (true, Some(limit), _) => limit.checked_add(step).map(Value::from),
        (_, _, Some(limit)) => Some(json!(limit + 0.5 * step as f64)),
        _ => None,
    }
}

pub(super) fn minimum(site: &Site<'_>) -> Vec<Change> {
    limit(site, "minimum", "exclusiveMinimum", -1)
}

pub(super) fn maximum(site: &Site<'_>) -> Vec<Change> {
    limit(site, "maximum", "exclusiveMaximum", 1)
}

fn limit(site: &Site<'_>, keyword: &str, exclusive: &str, step: i64) -> Vec<Change> {
    let Some(limit) = site.promise.word(keyword).filter(|_| is_bounded_number(site)) else {
        return Vec::new();
    };
    let itself = site.promise.is_flagged(exclusive).then(|| limit.clone());
    let values = beyond(site, limit, step).into_iter().chain(itself);
    values.flat_map(|value| exceeded(site, value)).collect()
}

pub(super) fn multiple_of(site: &Site<'_>) -> Vec<Change> {
    let step = site.promise.word("multipleOf").filter(|_| is_bounded_number(site));
    let between = step.and_then(|step| match (site.value.as_i64(), step.as_i64(), step.as_f64()) {
        (Some(value), Some(step), _) if step > 1 => value.checked_add(1).map(Value::from),
        (_, _, Some(step)) if site.kinds.contains(&JsonType::Number) => {
            site.value.as_f64().map(|value| json!(value + step / 2.0))
        }
        _ => None,
    });
    between.into_iter().flat_map(|value| exceeded(site, value)).collect()
}

/// Returns the text of a site where only the length is restricted.
fn measured<'p>(site: &'p Site<'_>) -> Option<&'p str> {
    let is_free = site.values().is_none()
        && site.promise.format().is_none()
        && site.promise.word("pattern").is_none();
    site.value.as_str().filter(|_| is_free && site.kinds.contains(&JsonType::Text))
}

pub(super) fn min_length(site: &Site<'_>) -> Vec<Change> {
    let least = site.promise.amount("minLength").and_then(|least| least.checked_sub(1));
    let (Some(n_chars), Some(text)) = (least, measured(site)) else {
        return Vec::new();
    };
    let short: String = text.chars().take(n_chars).collect();
    exceeded(site, short.into())
}

pub(super) fn max_length(site: &Site<'_>) -> Vec<Change> {
    let (Some(most), Some(_)) = (site.promise.amount("maxLength"), measured(site)) else {
        return Vec::new();
    };
    // Lengths count characters, not bytes.
    exceeded(site, "é".repeat(most + 1).into())
}

pub(super) fn pattern(site: &Site<'_>) -> Vec<Change> {
    let is_anchored = site.promise.text("pattern").is_some_and(|pattern| pattern.ends_with('$'));
    let Some(text) = site.value.as_str().filter(|_| is_anchored && site.values().is_none()) else {
        return Vec::new();
    };
    vec![Change::new(format!("{text}¬").into(), vec![site.expect(Rule::FormatViolated)])]
}

pub(super) fn min_items(site: &Site<'_>) -> Vec<Change> {
    let fewer = site.promise.amount("minItems").and_then(|least| least.checked_sub(1));
    let (Some(n_items), Some(items)) = (fewer, site.value.as_array()) else {
        return Vec::new();
    };
    exceeded(site, items.iter().take(n_items).cloned().collect::<Vec<_>>().into())
}

pub(super) fn max_items(site: &Site<'_>) -> Vec<Change> {
    let is_unique = site.promise.is_flagged("uniqueItems");
    let (Some(most), Some(items)) = (site.promise.amount("maxItems"), site.value.as_array()) else {
        return Vec::new();
    };
    if is_unique || items.is_empty() {
        return Vec::new();
    }
    exceeded(site, items.iter().cycle().take(most + 1).cloned().collect::<Vec<_>>().into())
}

/// Puts `[7]` in place of the empty list that stands for an absent object.
pub(super) fn list_not_empty(site: &Site<'_>) -> Vec<Change> {
    let may_be_empty = site.alternatives.iter().any(is_empty_list);
    if may_be_empty { exceeded(site, json!([7])) } else { Vec::new() }
}

pub(super) fn unique_items(site: &Site<'_>) -> Vec<Change> {
    let Some(items) = site.value.as_array().filter(|_| site.promise.is_flagged("uniqueItems"))
    else {
        return Vec::new();
    };
    let Some(first) = items.first() else {
        return Vec::new();
    };
    // It replaces the last item, so that the number of items stays the same.
    let mut twins = items.clone();
    match twins.last_mut() {
        Some(last) if items.len() > 1 => last.clone_from(first),
        _ => twins.push(first.clone()),
    }
    exceeded(site, twins.into())
}

/// Returns the entries of a map, which can grow or shrink without breaking another promise.
fn entries<'p>(site: &'p Site<'_>) -> Option<&'p Map<String, Value>> {
    let is_map =
        site.promise.fields().is_empty() && !matches!(site.promise.others(), Others::Unknown);
    site.value.as_object().filter(|entries| is_map && !entries.is_empty())
}

pub(super) fn min_properties(site: &Site<'_>) -> Vec<Change> {
    let fewer = site.promise.amount("minProperties").and_then(|least| least.checked_sub(1));
    let (Some(n_entries), Some(entries)) = (fewer, entries(site)) else {
        return Vec::new();
    };
    let few: Map<String, Value> = entries.clone().into_iter().take(n_entries).collect();
    exceeded(site, few.into())
}

pub(super) fn max_properties(site: &Site<'_>) -> Vec<Change> {
    let (Some(most), Some(entries)) = (site.promise.amount("maxProperties"), entries(site)) else {
        return Vec::new();
    };
    let many: Map<String, Value> = entries
        .values()
        .cycle()
        .take(most + 1)
        .enumerate()
        .map(|(index, value)| (format!("k{index}"), value.clone()))
        .collect();
    exceeded(site, many.into())
}

pub(super) fn not(site: &Site<'_>) -> Vec<Change> {
    let forbidden =
        site.promise.word("not").and_then(|not| not.get("enum")).and_then(Value::as_array);
    forbidden.into_iter().flatten().flat_map(|value| exceeded(site, value.clone())).collect()
}
