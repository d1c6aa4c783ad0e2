//! Turns the values that came at one place into the schema that they fit.
//!
//! Where kinds are mixed in a way that no schema of the house has, any value is allowed.

use serde_json::{Map, Value, json};

use crate::calls::{FormField, Parameter};
use crate::personal;
use crate::texts::{Distinct, FORMS, Texts};
use crate::value::{Arrays, Ints, Objects, Seen};
use prumo_redact::Sensitive;

/// The most values of an enum.
const MAX_ENUM: usize = 12;

/// The fewest observations of an enum, and of each of its values.
const MIN_OBSERVED: u64 = 10;
const MIN_EACH: u64 = 2;

/// The observations for each value of an enum.
const PER_VALUE: u64 = 4;

/// The members from which an object with keys of one form is a map.
const MIN_KEYS: usize = 1;

/// Forms of texts that are no format of a string.
const NO_FORMATS: [&str; 3] = ["int", "number", "bool"];

/// Returns the schema of a value under `name`.
pub(crate) fn of(seen: &Seen, name: &str) -> Map<String, Value> {
    let mut schema = not_null(seen, name);
    if seen.n_null > 0 && !schema.is_empty() {
        match schema.contains_key("oneOf") {
            true => {
                schema = Map::from_iter([
                    ("nullable".to_owned(), json!(true)),
                    ("oneOf".to_owned(), schema.remove("oneOf").unwrap_or_default()),
                ])
            }
            false => drop(schema.insert("nullable".to_owned(), json!(true))),
        }
    }
    schema
}

fn not_null(seen: &Seen, name: &str) -> Map<String, Value> {
    let (n_int, n_number, n_text) = (seen.ints.count, seen.n_number, seen.texts.count);
    let (n_object, n_array) = (seen.objects.count, seen.arrays.count);
    let has = [seen.n_bool, n_int + n_number, n_text, n_object, n_array, seen.n_other]
        .map(|count| count > 0);
    match has {
        [true, false, false, false, false, false] => typed("boolean"),
        [false, true, false, false, false, false] => number(seen, name),
        [false, false, true, false, false, false] => text(&seen.texts, name),
        [false, false, false, true, false, false] => object(&seen.objects),
        [false, false, false, false, true, false] => array(&seen.arrays, name),
        [false, true, true, false, false, false] => number_or_text(seen),
        [false, false, false, true, true, false] if seen.arrays.n_items == 0 => Map::from_iter([(
            "oneOf".to_owned(),
            json!([object(&seen.objects), {"type": "array", "items": {}, "maxItems": 0}]),
        )]),
        _ => Map::new(),
    }
}

fn typed(name: &str) -> Map<String, Value> {
    Map::from_iter([("type".to_owned(), json!(name))])
}

fn formatted(kind: &str, format: &str) -> Map<String, Value> {
    let mut schema = typed(kind);
    schema.insert("format".to_owned(), json!(format));
    schema
}

fn number(seen: &Seen, name: &str) -> Map<String, Value> {
    let Ints { is_beyond_i64, is_negative, distinct, count } = &seen.ints;
    match (seen.n_number > 0, is_beyond_i64) {
        (true, _) | (false, true) if seen.n_number > 0 || *is_negative => typed("number"),
        (_, true) => formatted("integer", "uint64"),
        _ => {
            let mut schema = typed("integer");
            let values = enum_of(distinct, *count, name);
            let values = values.filter(|_| personal::is_vocabulary(name));
            if let Some(values) = values {
                let numbers = values.iter().filter_map(|text| serde_json::from_str(text).ok());
                schema.insert("enum".to_owned(), Value::Array(numbers.collect()));
            }
            schema
        }
    }
}

fn number_or_text(seen: &Seen) -> Map<String, Value> {
    let are_all = |form: &str| seen.texts.are(form) && seen.texts.n_empty == 0;
    let has_fraction = seen.n_number > 0;
    let format = match () {
        () if seen.ints.is_beyond_i64 => None,
        () if !has_fraction && are_all("int") => Some("int-or-string"),
        () if are_all("number") || are_all("int") => Some("number-or-string"),
        () => None,
    };
    if let Some(format) = format {
        return Map::from_iter([("format".to_owned(), json!(format))]);
    }
    let number = if has_fraction { "number" } else { "integer" };
    if seen.ints.is_beyond_i64 {
        return Map::new();
    }
    Map::from_iter([("oneOf".to_owned(), json!([{"type": number}, {"type": "string"}]))])
}

/// Returns the schema of texts under `name`.
fn text(texts: &Texts, name: &str) -> Map<String, Value> {
    let mut schema = typed("string");
    if personal::is_secret(name) {
        schema.insert("format".to_owned(), json!("password"));
        return schema;
    }
    if let Some(format) = format(texts) {
        schema.insert("format".to_owned(), json!(format));
    } else if let Some(values) = enum_of_texts(texts, name) {
        schema.insert("enum".to_owned(), json!(values));
    }
    let kinds = kinds(texts);
    if !kinds.is_empty() {
        schema.insert("x-pii".to_owned(), json!(kinds));
    }
    schema
}

/// Returns the format that all texts have.
fn format(texts: &Texts) -> Option<&'static str> {
    let format = FORMS.iter().find(|form| texts.are(form.name) && !NO_FORMATS.contains(&form.name));
    match format.map(|form| form.name) {
        // The empty text has no other format.
        Some(name) if texts.n_empty > 0 => {
            texts.are("any-date").then_some("any-date").filter(|_| !name.is_empty())
        }
        name => name,
    }
}

/// Returns the kinds of persons that every known text has the form of.
fn kinds(texts: &Texts) -> Vec<&'static str> {
    let mut found: Option<Vec<Sensitive>> = None;
    for text in texts.distinct.known() {
        let kinds = personal::kinds(text);
        found = Some(match found {
            None => kinds,
            Some(found) => found.into_iter().filter(|kind| kinds.contains(kind)).collect(),
        });
    }
    let mut found = found.unwrap_or_default();
    found.sort();
    found.dedup();
    found.retain(|kind| *kind != Sensitive::Secret);
    found.into_iter().map(Sensitive::name).collect()
}

/// Returns the values of an enum, or `None` if the texts are none.
fn enum_of_texts(texts: &Texts, name: &str) -> Option<Vec<String>> {
    let values = enum_of(&texts.distinct, texts.count - texts.n_empty, name)?;
    let is_known = personal::is_vocabulary(name)
        || values.iter().all(|value| personal::is_machine_word(value));
    (texts.n_empty == 0 && is_known && !texts.are("int")).then_some(values)
}

/// Returns few distinct values of many observations.
fn enum_of(distinct: &Distinct, count: u64, name: &str) -> Option<Vec<String>> {
    let all = distinct.all()?;
    let is_few = (2..=MAX_ENUM).contains(&all.len())
        && count >= MIN_OBSERVED
        && count >= PER_VALUE * all.len() as u64
        && all.values().all(|count| *count >= MIN_EACH);
    let may_show =
        || personal::may_show_values(name) && all.keys().all(|value| personal::may_be_value(value));
    (is_few && may_show()).then(|| all.keys().cloned().collect())
}

fn array(arrays: &Arrays, name: &str) -> Map<String, Value> {
    let items = arrays.items.as_deref().map(|items| of(items, name)).unwrap_or_default();
    let mut schema = typed("array");
    schema.insert("items".to_owned(), Value::Object(items));
    schema
}

fn object(objects: &Objects) -> Map<String, Value> {
    let mut schema = typed("object");
    let mut rest = objects.others.as_deref().cloned();
    let mut named = Vec::new();
    let is_map = objects.members.len() >= MIN_KEYS && objects.members.keys().all(|key| is_id(key));
    for (name, member) in &objects.members {
        if is_map || !personal::may_be_name(name) {
            rest.get_or_insert_default().absorb(member.seen.clone());
        } else {
            named.push((name, member));
        }
    }
    named.sort_by_key(|(name, member)| (member.position, *name));
    let required: Vec<&String> = named
        .iter()
        .filter(|(_, member)| member.n_present == objects.count)
        .map(|(name, _)| *name)
        .collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    let mut properties = Map::new();
    for (name, member) in named {
        let mut property = of(&member.seen, name);
        property.insert("x-evidence".to_owned(), json!("observed"));
        properties.insert(name.clone(), Value::Object(property));
    }
    if !properties.is_empty() {
        schema.insert("properties".to_owned(), Value::Object(properties));
    }
    if let Some(rest) = rest {
        // Beside named members the others may be anything.
        let is_alone = !schema.contains_key("properties");
        let entries = if is_alone { of(&rest, "") } else { Map::new() };
        schema.insert("additionalProperties".to_owned(), Value::Object(entries));
    }
    schema
}

/// Returns whether a key of an object is an id rather than a name.
fn is_id(key: &str) -> bool {
    !personal::may_be_name(key)
        || matches!(crate::segment::read(key, None), crate::segment::Segment::Value { .. })
}

/// Returns the schema of a parameter's values.
pub(crate) fn of_parameter(parameter: &Parameter, name: &str) -> Map<String, Value> {
    let one = of_wire(&parameter.texts, name);
    if parameter.is_repeated || name.ends_with("[]") {
        let mut schema = typed("array");
        schema.insert("items".to_owned(), Value::Object(one));
        return schema;
    }
    one
}

/// Returns the schema of texts that stand for values of any type, as in a query.
pub(crate) fn of_wire(texts: &Texts, name: &str) -> Map<String, Value> {
    let is_filled = texts.n_empty == 0;
    match () {
        () if is_filled && texts.are("bool") => typed("boolean"),
        // A number with leading zeros, or one that identifies a person, is a text.
        () if is_filled
            && texts.are("int")
            && !has_leading_zero(texts)
            && kinds(texts).is_empty() =>
        {
            typed("integer")
        }
        () => text(texts, name),
    }
}

fn has_leading_zero(texts: &Texts) -> bool {
    texts.distinct.known().any(|text| text.len() > 1 && text.starts_with('0'))
}

/// Returns the schema of a field of a form.
pub(crate) fn of_form_field(field: &FormField, name: &str) -> Map<String, Value> {
    let one = match field.n_files > 0 {
        true => formatted("string", "binary"),
        false => of_wire(&field.texts, name),
    };
    let mut schema = match (field.is_map, field.is_list || field.is_indexed) {
        (true, _) => {
            let mut map = typed("object");
            map.insert("additionalProperties".to_owned(), json!({"type": "string"}));
            map
        }
        (false, true) => {
            let mut list = typed("array");
            list.insert("items".to_owned(), Value::Object(one));
            list
        }
        (false, false) => one,
    };
    schema.insert("x-evidence".to_owned(), json!("observed"));
    schema
}

/// Returns a text without a form, for values of which some are not known.
pub(crate) fn untyped_text(schema: Map<String, Value>) -> Map<String, Value> {
    let mut text = typed("string");
    text.extend(schema.into_iter().filter(|(name, _)| name == "x-pii"));
    text
}
