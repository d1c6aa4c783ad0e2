//! Complains of schemas and parameters whose meaning is not what it seems.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::names::{pascal, snake};
use crate::prepare::variants;
use prumo_spec::complaint::Complaints;
use prumo_spec::formats::FORMATS;
use prumo_spec::grammar::{Holds, Object, ObjectKind, holds};
use prumo_spec::openapi::{Combination, Node, ParameterPlace, Schema, TYPES};
use prumo_spec::{below, nearest};

/// Lints all schemas and parameters.
pub(super) fn lint(objects: &[Object<'_>], complaints: &mut Complaints<'_>) {
    for Object { kind, node } in objects {
        match kind {
            ObjectKind::Schema if !node.has("$ref") => {
                schema(&Schema::of(node.clone()), complaints)
            }
            ObjectKind::Parameter if !node.has("$ref") => parameter(node, complaints),
            ObjectKind::Components => components(node, complaints),
            ObjectKind::Info if !node.words("version").is_ascii() => {
                complaints.house(&below(node.at(), "version"), "a version that is not ASCII", "");
            }
            _ => {}
        }
    }
}

fn schema(schema: &Schema<'_>, complaints: &mut Complaints<'_>) {
    let types = TYPES.map(|(name, _)| name);
    if let Some(name) = schema.type_word().filter(|name| !types.contains(name)) {
        let hint = match nearest(name, &types) {
            Some(near) => format!("did you mean `{near}`?"),
            None if name == "null" => "say `nullable: true` beside another type".to_owned(),
            None => format!("one of `{}`", types.join("`, `")),
        };
        let at = below(schema.at(), "type");
        // A branch `type: null` is understood, though OpenAPI 3.0 has none.
        match name {
            "null" => complaints.house(&at, "OpenAPI 3.0 has no type `null`", &hint),
            _ => complaints.error(&at, format!("unknown type `{name}`"), &hint),
        }
    }
    if schema.type_word() == Some("array") && schema.items().is_none() {
        let hint = "say `items: {}` if nothing is known of them";
        complaints.house(schema.at(), "a list without `items`", hint);
    }
    format(schema, complaints);
    limits(schema, complaints);
    required(schema, complaints);
    enumeration(schema, complaints);
    evidence(schema, complaints);
    same_fields(schema, complaints);
}

fn format(schema: &Schema<'_>, complaints: &mut Complaints<'_>) {
    let Ok(Some(format)) = schema.format() else { return };
    let at = below(schema.at(), "format");
    let Some(row) = FORMATS.iter().find(|row| row.name == format) else {
        let known: Vec<&str> = FORMATS.iter().map(|row| row.name).collect();
        let hint = match nearest(format, &known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "it is read as if there were none".to_owned(),
        };
        complaints.house(&at, format!("unknown format `{format}`"), &hint);
        return;
    };
    let types: Vec<&str> = row.kinds.iter().filter_map(|kind| kind.type_name()).collect();
    let kind = schema.type_word();
    if !kind.map_or(row.is_loose(), |kind| types.contains(&kind)) {
        let found = kind.map_or("no type".to_owned(), |kind| format!("type `{kind}`"));
        let hint = format!("its type is `{}`", types.join("` or `"));
        complaints.house(&at, format!("format `{format}` with {found}"), &hint);
    }
}

/// Complains of limits that no number reaches. A foreign document is without them already.
fn limits(schema: &Schema<'_>, complaints: &mut Complaints<'_>) {
    let document = schema.node().api().document();
    for (name, limit) in schema.node().named_children() {
        if is_limit(name) && document.is_beyond_floats(limit.value(), limit.at()) {
            let message = format!("`{name}` is beyond every number");
            complaints.house(limit.at(), message, "leave it out, or state the limit");
        }
    }
}

/// Returns whether a keyword of a schema is a number.
fn is_limit(name: &str) -> bool {
    matches!(holds(ObjectKind::Schema, name), Some(Holds::Number | Holds::Count))
}

fn required(schema: &Schema<'_>, complaints: &mut Complaints<'_>) {
    let required = schema.required().unwrap_or_default();
    let has_more = Combination::ALL.into_iter().any(|how| schema.combines(how));
    // Parts of an `allOf` may require what another part has.
    let is_part = |how: Combination| schema.at().contains(&format!("/{}/", how.keyword()));
    let may_be_elsewhere = has_more || Combination::ALL.into_iter().any(is_part);
    for (index, name) in required.iter().enumerate() {
        let at = format!("{}/required/{index}", schema.at());
        if !may_be_elsewhere && schema.property(name).is_none() {
            let known: Vec<&str> =
                schema.properties().into_iter().flatten().map(|(name, _)| name).collect();
            let hint = nearest(name, &known)
                .map(|near| format!("did you mean `{near}`?"))
                .unwrap_or_default();
            complaints.house(&at, format!("`{name}` is required, but no property"), &hint);
        }
        if required[..index].contains(name) {
            complaints.house(&at, format!("`{name}` is required twice"), "");
        }
    }
}

fn enumeration(schema: &Schema<'_>, complaints: &mut Complaints<'_>) {
    let Ok(Some(values)) = schema.values() else { return };
    let at = below(schema.at(), "enum");
    if values.is_empty() {
        complaints.error(&at, "an enum without a value", "");
    }
    let kind = schema.type_word();
    let mut seen = BTreeSet::new();
    for (index, value) in values.iter().enumerate() {
        let at = format!("{at}/{index}");
        if !seen.insert(value.to_string()) {
            complaints.house(&at, format!("{value} is in the enum twice"), "");
        }
        let fits = match kind {
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64(),
            Some("number") => value.is_number(),
            Some("boolean") => value.is_boolean(),
            _ => true,
        };
        if !fits && !value.is_null() {
            let hint = if value.is_boolean() {
                "YAML reads yes, no, on and off as text, true and false as booleans"
            } else {
                "let `type` be what the values are, or write the values as the type says"
            };
            complaints.error(
                &at,
                format!("{value} in an enum of type `{}`", kind.unwrap_or_default()),
                hint,
            );
        }
    }
    if !schema.node().has("x-enum-varnames") {
        same_variants(schema.node().value(), &at, complaints);
    }
    // What the two lists make must be good Rust names, whatever the values are.
    debug_assert!(variants(schema.node().value()).iter().all(|(name, _)| !name.is_empty()));
}

/// Values of one enum that would be one variant in Rust, and that no word tells apart.
fn same_variants(schema: &Value, at: &str, complaints: &mut Complaints<'_>) {
    let mut seen: BTreeMap<String, Value> = BTreeMap::new();
    for (name, value) in variants(schema) {
        let Some(plain) = value.as_str().map(pascal) else { continue };
        let number = name.strip_prefix(plain.trim_end_matches('_')).unwrap_or_default();
        let is_numbered = !number.is_empty() && number.bytes().all(|sign| sign.is_ascii_digit());
        let other = seen.insert(plain, value.clone()).filter(|_| is_numbered);
        if let Some(other) = other {
            complaints.house(
                at,
                format!("values {other} and {value} have one name, so the later gets a number"),
                "name the values with `x-enum-varnames`",
            );
        }
    }
}

fn evidence(schema: &Schema<'_>, complaints: &mut Complaints<'_>) {
    if !complaints.is_house() {
        return;
    }
    for (name, property) in schema.properties().into_iter().flatten() {
        let has = |schema: &Schema<'_>| schema.node().has("x-evidence");
        let part = property.combined(Combination::AllOf).ok().and_then(|mut parts| parts.next());
        let meant = part.as_ref().unwrap_or(&property).followed();
        if !has(&property) && !meant.is_ok_and(|meant| has(&meant)) {
            let message = format!("field `{name}` without `x-evidence`");
            complaints.error(property.at(), message, "documented, observed or inferred?");
        }
    }
}

/// Complains of fields of one object that have the same Rust name. In a foreign document the later
/// field gets a number, and the complaint names the result.
fn same_fields(schema: &Schema<'_>, complaints: &mut Complaints<'_>) {
    if !complaints.is_house() {
        return;
    }
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (name, property) in schema.properties().into_iter().flatten() {
        if let Some(other) = seen.insert(snake(name), name) {
            let message = format!("`{other}` and `{name}` become the same field `{}`", snake(name));
            complaints.error(property.at(), message, "leave one of the two");
        }
    }
}

fn parameter(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let (name, place) = (node.words("name"), node.words("in"));
    if name.is_empty() {
        complaints.error(node.at(), "a parameter without `name`", "");
    }
    if ParameterPlace::named(place).is_none() {
        let message = format!("a parameter in `{place}`");
        complaints.error(node.at(), message, "`path`, `query`, `header` or `cookie`");
    }
    if place == ParameterPlace::Path.word() && !node.is_marked("required") {
        complaints.house(node.at(), format!("path parameter `{name}` is not `required: true`"), "");
    }
    if !node.has("schema") && !node.has("content") {
        complaints.house(node.at(), format!("parameter `{name}` without a schema"), "");
    }
    if complaints.is_house() && !node.has("x-evidence") {
        let message = format!("parameter `{name}` without `x-evidence`");
        complaints.error(node.at(), message, "documented, observed or inferred?");
    }
}

/// Complains of components that have the same Rust name.
fn components(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (name, schema) in node.entries("schemas", "").into_iter().flatten() {
        if let Some(other) = seen.insert(pascal(name), name) {
            let message = format!("`{other}` and `{name}` become the same type `{}`", pascal(name));
            match complaints.is_house() {
                true => complaints.error(schema.at(), message, "rename one of the two"),
                false => complaints.warning(schema.at(), message, "the later one gets a number"),
            }
        }
    }
}
