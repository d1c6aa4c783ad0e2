//! Complains of schemas and parameters whose meaning is not what it seems.

use std::collections::BTreeMap;

use serde_json::Value;

use super::grammar::Node;
use super::vocabulary::Kind;
use crate::names::{pascal, snake};
use crate::prepare::variants;
use prumo_spec::below;
use prumo_spec::complaint::Complaints;
use prumo_spec::formats::FORMATS;
use prumo_spec::nearest;
use prumo_spec::openapi::{Combination, ParameterPlace, TYPES, resolve};

/// Lints all schemas and parameters.
pub(super) fn lint(root: &Value, nodes: &[Node<'_>], complaints: &mut Complaints<'_>) {
    for node in nodes {
        match node.kind {
            Kind::Schema if node.value.get("$ref").is_none() => schema(root, node, complaints),
            Kind::Parameter if node.value.get("$ref").is_none() => parameter(node, complaints),
            Kind::Components => components(node, complaints),
            Kind::Info => info(node, complaints),
            _ => {}
        }
    }
}

fn schema(root: &Value, node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let text = |name: &str| node.value.get(name).and_then(Value::as_str);
    let types = TYPES.map(|(name, _)| name);
    if let Some(name) = text("type").filter(|name| !types.contains(name)) {
        let hint = match nearest(name, &types) {
            Some(near) => format!("did you mean `{near}`?"),
            None if name == "null" => "say `nullable: true` beside another type".to_owned(),
            None => format!("one of `{}`", types.join("`, `")),
        };
        // A branch `type: null` is understood, though OpenAPI 3.0 has none.
        match name {
            "null" => complaints.house(&below(&node.at, "type"), "OpenAPI 3.0 has no type `null`", &hint),
            _ => complaints.error(&below(&node.at, "type"), format!("unknown type `{name}`"), &hint),
        }
    }
    if text("type") == Some("array") && node.value.get("items").is_none() {
        complaints.house(&node.at, "a list without `items`", "say `items: {}` if nothing is known of them");
    }
    format(node, text("type"), text("format"), complaints);
    required(node, complaints);
    enumeration(node, complaints);
    evidence(root, node, complaints);
    same_fields(node, complaints);
}

fn format(node: &Node<'_>, kind: Option<&str>, format: Option<&str>, complaints: &mut Complaints<'_>) {
    let Some(format) = format else { return };
    let at = below(&node.at, "format");
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
    if !kind.map_or(row.is_loose(), |kind| types.contains(&kind)) {
        let found = kind.map_or("no type".to_owned(), |kind| format!("type `{kind}`"));
        complaints.house(
            &at,
            format!("format `{format}` with {found}"),
            &format!("its type is `{}`", types.join("` or `")),
        );
    }
}

fn required(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let Some(required) = node.value.get("required").and_then(Value::as_array) else {
        return;
    };
    let keywords = Combination::ALL.map(Combination::keyword);
    let has_more = keywords.iter().any(|keyword| node.value.get(keyword).is_some());
    // Parts of an `allOf` may require what another part has.
    let is_part = keywords.iter().any(|keyword| node.at.contains(&format!("/{keyword}/")));
    let properties = node.value.get("properties").and_then(Value::as_object);
    for (index, name) in required.iter().filter_map(Value::as_str).enumerate() {
        let at = format!("{}/required/{index}", node.at);
        if !has_more && !is_part && !properties.is_some_and(|properties| properties.contains_key(name)) {
            let known: Vec<&str> = properties.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            let hint =
                nearest(name, &known).map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
            complaints.house(&at, format!("`{name}` is required, but no property"), &hint);
        }
        if required.iter().take(index).any(|other| other == name) {
            complaints.house(&at, format!("`{name}` is required twice"), "");
        }
    }
}

fn enumeration(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let Some(values) = node.value.get("enum").and_then(Value::as_array) else {
        return;
    };
    let at = below(&node.at, "enum");
    if values.is_empty() {
        complaints.error(&at, "an enum without a value", "");
    }
    let kind = node.value.get("type").and_then(Value::as_str);
    for (index, value) in values.iter().enumerate() {
        let at = format!("{at}/{index}");
        if values[..index].contains(value) {
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
            complaints.error(&at, format!("{value} in an enum of type `{}`", kind.unwrap_or_default()), hint);
        }
    }
    if node.value.get("x-enum-varnames").is_none() {
        let mut seen: BTreeMap<String, &Value> = BTreeMap::new();
        for value in values.iter().filter(|value| value.is_string()) {
            if let Some(other) =
                seen.insert(pascal(value.as_str().unwrap_or_default()), value).filter(|other| *other != value)
            {
                complaints.house(
                    &at,
                    format!("values {other} and {value} have one name, so the later gets a number"),
                    "name the values with `x-enum-varnames`",
                );
            }
        }
    }
    // What the two lists make must be good Rust names, whatever the values are.
    debug_assert!(variants(node.value).iter().all(|(name, _)| !name.is_empty()));
}

fn evidence(root: &Value, node: &Node<'_>, complaints: &mut Complaints<'_>) {
    for (name, property) in node.value.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let at = below(&below(&node.at, "properties"), name);
        let has = |schema: &Value| schema.get("x-evidence").is_some();
        let part = property.get("allOf").and_then(|parts| parts.get(0)).unwrap_or(property);
        let inherits = resolve(root, part, &at).is_some_and(|(meant, _)| has(meant));
        if !has(property) && !inherits && complaints.is_house() {
            complaints.error(
                &at,
                format!("field `{name}` without `x-evidence`"),
                "documented, observed or inferred?",
            );
        }
    }
}

/// Complains of fields of one object that have the same Rust name. In a foreign document the later
/// field gets a number, and the complaint names the result.
fn same_fields(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    if !complaints.is_house() {
        return;
    }
    let mut seen: BTreeMap<String, &String> = BTreeMap::new();
    for (name, _) in node.value.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if let Some(other) = seen.insert(snake(name), name) {
            complaints.error(
                &below(&below(&node.at, "properties"), name),
                format!("`{other}` and `{name}` become the same field `{}`", snake(name)),
                "leave one of the two",
            );
        }
    }
}

fn parameter(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let text = |name: &str| node.value.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("name").is_empty() {
        complaints.error(&node.at, "a parameter without `name`", "");
    }
    if ParameterPlace::named(text("in")).is_none() {
        complaints.error(
            &node.at,
            format!("a parameter in `{}`", text("in")),
            "`path`, `query`, `header` or `cookie`",
        );
    }
    if text("in") == "path" && node.value.get("required").and_then(Value::as_bool) != Some(true) {
        complaints.house(&node.at, format!("path parameter `{}` is not `required: true`", text("name")), "");
    }
    if node.value.get("schema").is_none() && node.value.get("content").is_none() {
        complaints.house(&node.at, format!("parameter `{}` without a schema", text("name")), "");
    }
    if complaints.is_house() && node.value.get("x-evidence").is_none() {
        let message = format!("parameter `{}` without `x-evidence`", text("name"));
        complaints.error(&node.at, message, "documented, observed or inferred?");
    }
}

/// Complains of components that have the same Rust name.
fn components(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let mut seen: BTreeMap<String, &String> = BTreeMap::new();
    for (name, _) in node.value.get("schemas").and_then(Value::as_object).into_iter().flatten() {
        let at = below(&below(&node.at, "schemas"), name);
        if let Some(other) = seen.insert(pascal(name), name) {
            let message = format!("`{other}` and `{name}` become the same type `{}`", pascal(name));
            match complaints.is_house() {
                true => complaints.error(&at, message, "rename one of the two"),
                false => complaints.warning(&at, message, "the later one gets a number"),
            }
        }
    }
}

fn info(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let version = node.value.get("version").and_then(Value::as_str).unwrap_or_default();
    if !version.is_ascii() {
        complaints.house(&below(&node.at, "version"), "a version that is not ASCII", "");
    }
}
