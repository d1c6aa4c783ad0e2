//! Redacts an exchange: it keeps its shape, and the result is always the same.
//!
//! The first byte chooses the spec whose marks apply.

use prumo_redact::Redactor;
use serde_json::Value;

use super::specs;

/// A CPF with valid check digits, and e-mail addresses, which are recognized by their form.
const PERSONS: [&str; 3] = ["529.982.247-25", "marina.prado@acme.example", "52998224725"];

pub(crate) fn check(bytes: &[u8]) {
    let Some((&spec, rest)) = bytes.split_first() else {
        return;
    };
    let Ok(mut exchange) = serde_json::from_slice::<Value>(rest) else {
        return;
    };
    let redactors =
        [Redactor::new(b"key"), Redactor::new(b"key").with_spec(&specs::chosen(spec).document)];
    for redactor in &redactors {
        check_redacted(redactor, &exchange);
    }
    for person in PERSONS {
        write_into_texts(&mut exchange, person);
        let mut redacted = exchange.clone();
        redactors[0].redact(&mut redacted);
        let written = texts(&redacted);
        assert!(!written.contains(person), "`{person}` is still in {written}");
    }
}

fn check_redacted(redactor: &Redactor, exchange: &Value) {
    let mut redacted = exchange.clone();
    redactor.redact(&mut redacted);
    assert!(is_alike(&without_bytes(exchange), &redacted), "{exchange} became {redacted}");
    let mut again = exchange.clone();
    redactor.redact(&mut again);
    assert_eq!(again, redacted, "another fake for the same value");
}

/// Removes only bodies that are recorded as bytes.
fn without_bytes(exchange: &Value) -> Value {
    let mut exchange = exchange.clone();
    for side in ["/request/base64", "/response/base64"] {
        if let Some(base64) = exchange.pointer_mut(side) {
            *base64 = Value::Null;
        }
    }
    exchange
}

/// Returns whether both have the same kinds at the same places.
fn is_alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_alike(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.values().zip(other.values()).all(|(one, other)| is_alike(one, other))
        }
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

/// Members of a form's part that name the part.
const NAMES: [&str; 2] = ["name", "content_type"];

/// Replaces every text with this one, except for names.
fn write_into_texts(value: &mut Value, person: &str) {
    match value {
        Value::String(text) => person.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| write_into_texts(item, person)),
        Value::Object(members) => {
            let written = members.iter_mut().filter(|(name, _)| !NAMES.contains(&name.as_str()));
            written.for_each(|(_, member)| write_into_texts(member, person));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => (),
    }
}

/// Returns all texts, one per line.
fn texts(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text}\n"),
        Value::Array(items) => items.iter().map(texts).collect(),
        Value::Object(members) => {
            let written = members.iter().filter(|(name, _)| !NAMES.contains(&name.as_str()));
            written.map(|(_, member)| texts(member)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}
