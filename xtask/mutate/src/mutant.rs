//! Turns a changed value into the text of a mutated exchange.
//!
//! A JSON tree cannot hold a name twice, half a surrogate pair or a number of any length. Such a
//! value is marked by a character of the private use area, and the mark is resolved in the text.

use serde_json::{Map, Value, json};

use super::site::{Sight, Slot};

/// Marks a second member of the same name, before the name.
const TWIN: char = '\u{e000}';
/// Marks half of a surrogate pair in a text.
const HALF: char = '\u{e001}';
/// Encloses a text that is already JSON.
const RAW: char = '\u{e002}';

/// A mutated exchange and the findings that the judge must report.
#[derive(Debug)]
pub(super) struct Mutant {
    /// A JSON Pointer into the recording, or a word for a place without one.
    pub(super) place: String,
    /// The exchange as JSON text.
    pub(super) text: String,
    /// All findings that the judge must report, sorted.
    pub(super) expected: Vec<Sight>,
}

impl Mutant {
    pub(super) fn new(
        place: impl Into<String>,
        exchange: &Value,
        mut expected: Vec<Sight>,
    ) -> Self {
        expected.sort();
        Self { place: place.into(), text: written(exchange), expected }
    }
}

/// Returns a name for a second member called `name`.
pub(super) fn twin(name: &str) -> String {
    format!("{TWIN}{name}")
}

/// Returns a text with half of a surrogate pair.
pub(super) fn half_a_pair() -> Value {
    format!("a{HALF}b").into()
}

/// Returns a value that is written as the given JSON text.
pub(super) fn raw(json: &str) -> Value {
    format!("{RAW}{json}{RAW}").into()
}

fn written(exchange: &Value) -> String {
    let text = exchange.to_string();
    if ![TWIN, HALF, RAW].iter().any(|mark| text.contains(*mark)) {
        return text;
    }
    text.replace(&format!("\"{TWIN}"), "\"")
        .replace(HALF, "\\ud800")
        .replace(&format!("\"{RAW}"), "")
        .replace(&format!("{RAW}\""), "")
}

/// Copies `exchange` with another value in `slot`.
pub(super) fn with(exchange: &Value, slot: &Slot, value: Value) -> Value {
    let mut mutated = exchange.clone();
    match slot {
        Slot::Pointer(pointer) => put(&mut mutated, pointer, value),
        Slot::Text(pointer) => put(&mut mutated, pointer, spelled(&value).into()),
        Slot::Part(name) => {
            if let Some(parts) = mutated.pointer_mut("/request/form").and_then(Value::as_array_mut)
            {
                parts.push(json!({"name": name, "value": spelled(&value)}));
            }
        }
        Slot::Query { name, index, separator } => {
            if let Some(query) = object(&mut mutated, "request", "query") {
                let recorded = query.get(name).cloned().unwrap_or_default();
                query
                    .insert(name.clone(), replaced(&recorded, *index, *separator, spelled(&value)));
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
                    let text = percent_encoding::utf8_percent_encode(
                        &text,
                        percent_encoding::NON_ALPHANUMERIC,
                    );
                    *segment = format!("{prefix}{text}");
                }
                *path = segments.join("/");
            }
        }
    }
    mutated
}

/// Puts a value at a pointer, and adds an absent member.
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

/// Returns the name of a slot in survivors and in lines of `argued.tsv`.
pub(super) fn name(slot: &Slot) -> String {
    match slot {
        Slot::Pointer(pointer) | Slot::Text(pointer) => pointer.clone(),
        Slot::Query { name, .. } => format!("/request/query/{name}"),
        Slot::Part(name) => format!("/request/form/{name}"),
        Slot::Path { .. } => "/request/path".to_owned(),
        Slot::Cookie { name } => format!("/request/cookie/{name}"),
    }
}

/// Copies a recorded query parameter with one of its texts replaced.
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

/// Lists the texts that a query parameter was recorded with.
pub(super) fn texts(recorded: &Value, separator: Option<&str>) -> Vec<String> {
    match (recorded, separator) {
        (Value::String(text), Some(separator)) => {
            text.split(separator).map(str::to_owned).collect()
        }
        (Value::Array(texts), _) => texts.iter().map(spelled).collect(),
        (other, _) => vec![spelled(other)],
    }
}

/// Writes a scalar as the text of a parameter.
fn spelled(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns an object of the recording, such as `/response/headers`; adds it if it is absent.
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
    let text =
        exchange.pointer("/request/headers/cookie").and_then(Value::as_str).unwrap_or_default();
    text.split(';').filter_map(|cookie| cookie.trim().split_once('=')).collect()
}

/// Writes cookies as the value of their header.
pub(super) fn cookie_header(cookies: &[(&str, &str)]) -> Value {
    cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("; ")
        .into()
}
