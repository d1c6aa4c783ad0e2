//! Turns enum components into the enums of a client, with a Rust name for each value.
//!
//! Invariants:
//!
//! * Each variant of an enum has its own name, and none is called `Unknown`.

use serde_json::{Map, Value, json};

use super::{Enum, EnumKind, schema};
use crate::names::pascal;

/// Returns the enums among the components.
pub(super) fn enums(schemas: &Map<String, Value>) -> Vec<Enum> {
    let mut enums = Vec::new();
    for (name, component) in schemas.iter().filter(|(_, component)| component.get("enum").is_some())
    {
        let kind = match (schema::type_of(component), schema::format_of(component)) {
            (Some("integer"), Some("int-or-string")) => EnumKind::IntegerOrText,
            (Some("integer"), _) => EnumKind::Integer,
            (Some("boolean"), _) => EnumKind::Boolean,
            _ => EnumKind::Text,
        };
        enums.push(Enum {
            name: name.clone(),
            kind,
            open: kind != EnumKind::Boolean && component.get("x-open-enum") != Some(&json!(false)),
            variants: variants(component),
            docs: component
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
        });
    }
    enums.sort_by(|a, b| a.name.cmp(&b.name));
    enums
}

/// Returns a distinct Rust name for each value of an enum: the given name, or one made from the
/// value.
pub fn variants(component: &Value) -> Vec<(String, Value)> {
    let given = component.get("x-enum-varnames").and_then(Value::as_array);
    let mut taken = vec!["Unknown".to_owned()];
    let mut variants: Vec<(String, Value)> = Vec::new();
    for (index, value) in schema::values(component).iter().enumerate() {
        if variants.iter().any(|(_, known)| known == value) {
            continue;
        }
        let given = given.and_then(|names| names.get(index)).and_then(Value::as_str);
        let wanted = given.map_or_else(|| variant(value), pascal);
        let mut name = if wanted == "Unknown" { "UnknownValue".to_owned() } else { wanted.clone() };
        let mut count = 2;
        while taken.contains(&name) {
            name = format!("{}{count}", wanted.trim_end_matches('_'));
            count += 1;
        }
        taken.push(name.clone());
        variants.push((name, value.clone()));
    }
    variants
}

/// Makes a name for a value without a given one.
fn variant(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "Empty".to_owned(),
        Value::String(text) if !text.chars().any(char::is_alphanumeric) => {
            let codes: Vec<String> =
                text.chars().map(|sign| format!("{:X}", u32::from(sign))).collect();
            format!("Sign{}", codes.join("And"))
        }
        Value::String(text) => pascal(text),
        Value::Number(number) => {
            pascal(&format!("value {}", number.to_string().replace('-', "minus ")))
        }
        other => pascal(&other.to_string()),
    }
}
