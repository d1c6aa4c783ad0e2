//! Turns descriptions, sources and evidence into doc comments, and strips every keyword that is not
//! part of a schema's canonical form.
//!
//! Invariants:
//!
//! * A vendor's text stays plain text: no HTML, link or code block of it reaches rustdoc, so it can
//!   neither cause a warning nor run as a doctest.

use prumo_spec::openapi::{Parameter, Source};
use serde_json::{Value, json};

use super::enums::enums;
use super::markdown::{code, escaped, linked};
use super::union::for_each_slot;
use super::{Draft, scalar_for, schema};

/// Documents every item and collects the enums.
pub(super) fn docs(draft: &mut Draft) {
    for (_, component) in &mut draft.schemas {
        let text = type_docs(component);
        component["description"] = json!(text);
    }
    // A field without a description gets its type's.
    let types: std::collections::BTreeMap<String, String> = draft
        .schemas
        .iter()
        .filter_map(|(name, component)| {
            Some((name.clone(), first_sentence(component.get("description")?.as_str()?)))
        })
        .collect();
    for_each_slot(draft, &mut |slot| {
        if let Some(text) =
            schema::target(slot).filter(|_| words(slot).is_empty()).and_then(|name| types.get(name))
        {
            slot["x-prumo-type-docs"] = json!(text);
        }
        let text = field_docs(slot);
        simplify(slot, &text);
    });
    for (name, component) in &mut draft.schemas {
        // An enum has a sentence of its own.
        if words(component).is_empty() && component.get("enum").is_none() {
            component["description"] = json!(undescribed(name, component));
        }
    }
    for operation in &mut draft.operations {
        operation.summary = escaped(&operation.summary);
        operation.description = operation_docs(&operation.description, &operation.sources);
        if let Some(body) = &mut operation.body {
            body.description = escaped(&body.description);
        }
        for parameter in &mut operation.parameters {
            strip(&mut parameter.schema);
        }
        operation.success.slots_mut().into_iter().for_each(strip);
    }
    for webhook in &mut draft.webhooks {
        webhook.summary = escaped(&webhook.summary);
        webhook.description = operation_docs(&webhook.description, &webhook.sources);
    }
    draft.enums = enums(&draft.schemas);
    for (_, component) in &mut draft.schemas {
        strip_component(component);
    }
}

fn operation_docs(description: &str, learned: &[Source]) -> String {
    let mut paragraphs = vec![escaped(description)];
    paragraphs.extend(sources(learned));
    join(paragraphs)
}

fn type_docs(component: &Value) -> String {
    let mut paragraphs = vec![words(component)];
    paragraphs.extend(sources(&sources_of(component)));
    join(paragraphs)
}

/// Documents a type that the document does not describe.
fn undescribed(name: &str, component: &Value) -> String {
    let branches = component.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let branches: Vec<String> =
        branches.filter_map(schema::target).map(|branch| format!("`{branch}`")).collect();
    match branches.as_slice() {
        [] => format!("`{name}`, which the document does not describe."),
        all => format!("One of {}.", all.join(", ")),
    }
}

/// The documentation of a parameter as it is written.
pub(super) fn parameter_docs(parameter: &Parameter<'_>) -> String {
    let mut all = parameter.node().value().clone();
    // The schema's words describe the parameter.
    let schema = parameter.schema().and_then(|schema| schema.node().value().as_object());
    if let (Some(all), Some(schema)) = (all.as_object_mut(), schema) {
        for (key, value) in schema {
            all.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    let scalar = schema::format_of(&all).and_then(scalar_for);
    if let Some(scalar) = scalar {
        all["x-prumo-wire"] = json!(scalar.format.examples_in_words());
    }
    // The text goes into a list item, which is one line.
    field_docs(&all).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn field_docs(slot: &Value) -> String {
    let of_type = slot.get("x-prumo-type-docs").and_then(Value::as_str).unwrap_or_default();
    let mut paragraphs = vec![of_type.to_owned(), words(slot)];
    let mut facts = Vec::new();
    if slot.get("deprecated").and_then(Value::as_bool) == Some(true) {
        facts.push("Deprecated.".to_owned());
    }
    if let Some(wire) = slot.get("x-prumo-wire").and_then(Value::as_str) {
        facts.push(format!("On the wire: `{wire}`."));
    }
    facts.extend(bounds(slot));
    if let Some(default) =
        slot.get("default").filter(|default| !default.is_object() && !default.is_array())
    {
        facts.push(format!("Default: {}.", code(&default.to_string())));
    }
    paragraphs.push(facts.join(" "));
    let kinds = slot.get("x-pii").map(list).unwrap_or_default();
    if !kinds.is_empty() {
        paragraphs.push(format!("Personal data: {}.", kinds.join(", ")));
    }
    if let Some(evidence) = slot.get("x-evidence") {
        paragraphs.push(format!("Evidence: {}.", list(evidence).join(", ")));
    }
    paragraphs.extend(sources(&sources_of(slot)));
    join(paragraphs)
}

fn words(schema: &Value) -> String {
    let text = |key: &str| escaped(schema.get(key).and_then(Value::as_str).unwrap_or_default());
    match (text("title"), text("description")) {
        (title, description) if description.is_empty() => title,
        (title, description) if title.is_empty() || description.starts_with(&title) => description,
        (title, description) => format!("{title}\n\n{description}"),
    }
}

/// Returns the first sentence of a paragraph, on one line.
fn first_sentence(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    match paragraph.find(". ") {
        Some(end) => paragraph[..=end].to_owned(),
        None => paragraph,
    }
}

/// Describes lengths, bounds and patterns, which the client does not enforce.
fn bounds(slot: &Value) -> Option<String> {
    let number = |key: &str| slot.get(key).filter(|value| value.is_number()).map(Value::to_string);
    let range = |low: &str, high: &str, unit: &str| match (number(low), number(high)) {
        (Some(low), Some(high)) => Some(format!("{low} to {high}{unit}")),
        (Some(low), None) => Some(format!("at least {low}{unit}")),
        (None, Some(high)) => Some(format!("at most {high}{unit}")),
        (None, None) => None,
    };
    let mut facts: Vec<String> = [
        range("minLength", "maxLength", " characters"),
        range("minimum", "maximum", ""),
        range("minItems", "maxItems", " items"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if let Some(pattern) = slot.get("pattern").and_then(Value::as_str) {
        facts.push(format!("matching {}", code(pattern)));
    }
    (!facts.is_empty()).then(|| format!("Promised: {}.", facts.join(", ")))
}

fn sources_of(schema: &Value) -> Vec<Source> {
    schema.get("x-source").map(Source::read_all).unwrap_or_default()
}

fn sources(all: &[Source]) -> Option<String> {
    let lines = all.iter().filter_map(|source| {
        let date = source.date.as_ref().map(|date| format!(", {date}")).unwrap_or_default();
        Some(format!("{}{date}", linked(source.place()?)))
    });
    let lines: Vec<String> = lines.collect();
    match lines.as_slice() {
        [] => None,
        [one] => Some(format!("Source: {one}.")),
        many => Some(format!("Sources:\n\n* {}", many.join("\n* "))),
    }
}

fn list(value: &Value) -> Vec<&str> {
    match value {
        Value::String(one) => vec![one],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn join(paragraphs: Vec<String>) -> String {
    let paragraphs: Vec<&str> =
        paragraphs.iter().map(String::as_str).filter(|one| !one.is_empty()).collect();
    paragraphs.join("\n\n")
}

/// Reduces a slot to its canonical form, with `text` as description.
fn simplify(slot: &mut Value, text: &str) {
    let secret = schema::format_of(slot) == Some("password");
    strip(slot);
    if secret {
        slot["x-prumo-secret"] = json!(true);
    }
    if !text.is_empty() {
        slot["description"] = json!(text);
    }
}

fn strip(slot: &mut Value) {
    if let Some(members) = slot.as_object_mut() {
        members.retain(|key, _| {
            matches!(
                key.as_str(),
                "type" | "format" | "nullable" | "items" | "additionalProperties" | "allOf"
            )
        });
        if members.get("format").is_some_and(|format| format == "password" || format == "binary") {
            members.shift_remove("format");
        }
    }
}

fn strip_component(component: &mut Value) {
    if let Some(members) = component.as_object_mut() {
        members.retain(|key, _| {
            matches!(
                key.as_str(),
                "type"
                    | "properties"
                    | "required"
                    | "additionalProperties"
                    | "oneOf"
                    | "enum"
                    | "description"
            )
        });
    }
}
