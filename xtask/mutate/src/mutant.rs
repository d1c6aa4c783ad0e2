//! A changed value to the text of a mutated exchange.
//!
//! What no JSON tree can hold (a name twice, half a surrogate pair, a number
//! of any length) is written with a mark of the private use area, and made
//! what it stands for in the text.

use serde_json::{Map, Value, json};

use super::site::{Sight, Slot};

/// Before a member's name: the name is there already.
const TWIN: char = '\u{e000}';
/// In a text: an escape without its half.
const HALF: char = '\u{e001}';
/// Around a text: it is JSON as it stands.
const RAW: char = '\u{e002}';

/// A mutated exchange, and the findings that it has to give.
#[derive(Debug)]
pub(super) struct Mutant {
    /// Where it was mutated: a pointer into the recording, or a word.
    pub(super) place: String,
    /// The exchange as JSON text.
    pub(super) text: String,
    /// Exactly these, and nothing else.
    pub(super) expected: Vec<Sight>,
}

impl Mutant {
    pub(super) fn new(place: impl Into<String>, exchange: &Value, mut expected: Vec<Sight>) -> Self {
        expected.sort();
        Self { place: place.into(), text: written(exchange), expected }
    }
}

/// A name that an object holds already.
pub(super) fn twin(name: &str) -> String {
    format!("{TWIN}{name}")
}

/// A text with half of a surrogate pair.
pub(super) fn half_a_pair() -> Value {
    format!("a{HALF}b").into()
}

/// JSON as it stands.
pub(super) fn raw(json: &str) -> Value {
    format!("{RAW}{json}{RAW}").into()
}

fn written(exchange: &Value) -> String {
    exchange
        .to_string()
        .replace(&format!("\"{TWIN}"), "\"")
        .replace(HALF, "\\ud800")
        .replace(&format!("\"{RAW}"), "")
        .replace(&format!("{RAW}\""), "")
}

/// `exchange` with another value in `slot`.
pub(super) fn with(exchange: &Value, slot: &Slot, value: Value) -> Value {
    let mut mutated = exchange.clone();
    match slot {
        Slot::Pointer(pointer) => put(&mut mutated, pointer, value),
        Slot::Text(pointer) => put(&mut mutated, pointer, spelled(&value).into()),
        Slot::Part(name) => {
            if let Some(parts) = mutated.pointer_mut("/request/form").and_then(Value::as_array_mut) {
                parts.push(json!({"name": name, "value": spelled(&value)}));
            }
        }
        Slot::Query { name, index, separator } => {
            if let Some(query) = object(&mut mutated, "request", "query") {
                let recorded = query.get(name).cloned().unwrap_or_default();
                query.insert(name.clone(), replaced(&recorded, *index, *separator, spelled(&value)));
            }
        }
        Slot::Cookie { name } => {
            let value = spelled(&value);
            let mut cookies = cookies(exchange);
            for cookie in cookies.iter_mut().filter(|(known, _)| known == name) {
                cookie.1 = &value;
            }
            put(&mut mutated, "/request/headers/cookie", cookie_header(&cookies));
        }
        Slot::Path { from_end, prefix } => {
            if let Some(Value::String(path)) = mutated.pointer_mut("/request/path") {
                let mut segments: Vec<String> = path.split('/').map(str::to_owned).collect();
                let index = segments.len().checked_sub(from_end + 1);
                if let Some(segment) = index.and_then(|index| segments.get_mut(index)) {
                    let text = spelled(&value);
                    let text =
                        percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC);
                    *segment = format!("{prefix}{text}");
                }
                *path = segments.join("/");
            }
        }
    }
    mutated
}

/// Puts a value where a pointer leads, also where nothing is yet.
fn put(exchange: &mut Value, pointer: &str, value: Value) {
    let Some((holder, name)) = pointer.rsplit_once('/') else {
        *exchange = value;
        return;
    };
    let name = name.replace("~1", "/").replace("~0", "~");
    match exchange.pointer_mut(holder) {
        Some(Value::Object(members)) => {
            members.insert(name, value);
        }
        Some(Value::Array(items)) => {
            if let Some(place) = name.parse().ok().and_then(|index: usize| items.get_mut(index)) {
                *place = value;
            }
        }
        _ => (),
    }
}

/// The place of a slot, as survivors and argued lines call it.
pub(super) fn name(slot: &Slot) -> String {
    match slot {
        Slot::Pointer(pointer) | Slot::Text(pointer) => pointer.clone(),
        Slot::Query { name, .. } => format!("/request/query/{name}"),
        Slot::Part(name) => format!("/request/form/{name}"),
        Slot::Path { .. } => "/request/path".to_owned(),
        Slot::Cookie { name } => format!("/request/cookie/{name}"),
    }
}

/// The texts of a query parameter, with one of them replaced.
fn replaced(recorded: &Value, index: usize, separator: Option<&str>, text: String) -> Value {
    let mut texts = texts(recorded, separator);
    if let Some(place) = texts.get_mut(index) {
        *place = text;
    }
    match (separator, recorded) {
        (Some(separator), _) => texts.join(separator).into(),
        (None, Value::Array(_)) => texts.into(),
        (None, _) => texts.pop().into(),
    }
}

/// The texts that a query parameter was recorded with.
pub(super) fn texts(recorded: &Value, separator: Option<&str>) -> Vec<String> {
    match (recorded, separator) {
        (Value::String(text), Some(separator)) => text.split(separator).map(str::to_owned).collect(),
        (Value::Array(texts), _) => texts.iter().map(spelled).collect(),
        (other, _) => vec![spelled(other)],
    }
}

/// A scalar as the text that a parameter is.
fn spelled(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An object of the recording to be changed, such as `/response/headers`; made where it is not.
pub(super) fn object<'v>(
    exchange: &'v mut Value,
    half: &str,
    name: &str,
) -> Option<&'v mut Map<String, Value>> {
    let half = exchange.get_mut(half)?.as_object_mut()?;
    half.entry(name).or_insert_with(|| Value::Object(Map::new())).as_object_mut()
}

/// Returns the names and values of the cookies that a request was recorded with.
pub(super) fn cookies(exchange: &Value) -> Vec<(&str, &str)> {
    let text = exchange.pointer("/request/headers/cookie").and_then(Value::as_str).unwrap_or_default();
    text.split(';').filter_map(|cookie| cookie.trim().split_once('=')).collect()
}

/// Writes cookies as the value of their header.
pub(super) fn cookie_header(cookies: &[(&str, &str)]) -> Value {
    cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ").into()
}
