//! Turns enum components into the enums of a client, with a Rust name for each value.
//!
//! Invariants:
//!
//! * Each variant of an enum has its own name, and none is called `Unknown`.

use std::collections::{BTreeMap, BTreeSet};

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
    let mut taken = BTreeSet::from(["Unknown".to_owned()]);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut known = BTreeSet::new();
    let alike = Alike::of(schema::values(component));
    let mut variants: Vec<(String, Value)> = Vec::new();
    for (index, value) in schema::values(component).iter().enumerate() {
        if !known.insert(value.to_string()) {
            continue;
        }
        let given = given.and_then(|names| names.get(index)).and_then(Value::as_str);
        let wanted = given.map_or_else(|| variant(value), pascal);
        let mut name = if wanted == "Unknown" { "UnknownValue".to_owned() } else { wanted.clone() };
        if given.is_none() {
            name = value.as_str().and_then(|text| alike.told_apart(text, &taken)).unwrap_or(name);
        }
        let count = counts.entry(wanted.clone()).or_insert(2);
        while taken.contains(&name) {
            name = format!("{}{count}", wanted.trim_end_matches('_'));
            *count += 1;
        }
        taken.insert(name.clone());
        variants.push((name, value.clone()));
    }
    variants
}

/// How often each text is among the values of an enum, without regard to case.
struct Alike(BTreeMap<String, usize>);

impl Alike {
    fn of(values: &[Value]) -> Self {
        let mut counts = BTreeMap::new();
        let distinct: BTreeSet<&str> = values.iter().filter_map(Value::as_str).collect();
        for text in distinct {
            *counts.entry(text.to_lowercase()).or_default() += 1;
        }
        Self(counts)
    }

    /// Returns a name that says what differs where only a sign or the case of letters does: beside
    /// `email`, `-email` is `EmailDesc`.
    fn told_apart(&self, text: &str, taken: &BTreeSet<String>) -> Option<String> {
        let plain = pascal(text);
        let ending = match self.sign(text) {
            Some(ending) => ending,
            None if !taken.contains(&plain) || self.0.get(&text.to_lowercase()) < Some(&2) => {
                return None;
            }
            None if text.to_uppercase() == text => "Upper",
            None if text.to_lowercase() == text => "Lower",
            None if text.chars().skip(1).all(|letter| !letter.is_uppercase()) => "Capital",
            None => "Mixed",
        };
        let is_word = text.chars().any(char::is_alphabetic);
        is_word.then(|| format!("{}{ending}", plain.trim_end_matches('_')))
    }

    /// Returns the word for the sign by which a text differs from another one.
    fn sign(&self, text: &str) -> Option<&'static str> {
        let has = |text: &str| self.0.contains_key(&text.to_lowercase());
        if text.strip_prefix(['-', '+']).is_some_and(has) {
            return Some(if text.starts_with('-') { "Desc" } else { "Asc" });
        }
        let (word, other) = if text.ends_with('-') { ("Minus", '+') } else { ("Plus", '-') };
        let rest = text.strip_suffix(['-', '+'])?;
        (has(rest) || has(&format!("{rest}{other}"))).then_some(word)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn names(values: &[&str]) -> String {
        let names = variants(&json!({"type": "string", "enum": values})).into_iter();
        names.map(|(name, _)| name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_value_has_a_name_of_its_own() {
        assert_eq!(names(&["a", "A", "a!", "a", "a 2", "unknown"]), "A AUpper A2 A22 UnknownValue");
    }

    #[test]
    fn values_that_differ_by_a_sign_or_by_case_are_named_by_it() {
        assert_eq!(names(&["email", "-email"]), "Email EmailDesc");
        assert_eq!(names(&["-email", "+email", "email"]), "EmailDesc EmailAsc Email");
        assert_eq!(names(&["-email", "nome"]), "Email Nome");
        assert_eq!(names(&["ATIVO", "ativo", "Ativo"]), "Ativo AtivoLower AtivoCapital");
        assert_eq!(names(&["ativo", "ATIVO", "atIVO"]), "Ativo AtivoUpper AtIvo");
        assert_eq!(names(&["emDia", "EMDia", "EmDia"]), "EmDia EmDiaMixed EmDia2");
        assert_eq!(names(&["A+", "A-", "A", "B+"]), "APlus AMinus A B");
        assert_eq!(names(&["1", "-1"]), "X1 Minus1");
    }

    /// It would take minutes if each value were compared with all others.
    #[test]
    fn an_enum_may_have_tens_of_thousands_of_values() {
        let values: Vec<String> =
            (0..60_000).map(|number| format!("a{}{number}", "!".repeat(number % 3))).collect();
        let same: Vec<String> =
            (0..20_000).map(|number| format!("b{}", "!".repeat(number % 97))).collect();
        let values = [values, same].concat();
        let all = variants(&json!({"enum": values}));
        let distinct: BTreeSet<&String> = all.iter().map(|(name, _)| name).collect();
        assert_eq!((all.len(), distinct.len()), (60_097, 60_097));
    }
}
