//! Reads the YAML of cassettes. It is laxer than [`prumo_spec::document`], since programs wrote it:
//! tags are ignored, except for the one of bytes, and no position is kept.
//!
//! Invariants:
//!
//! * Nesting and the copies of aliases are bounded, so no hostile text exhausts the memory.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

/// The only member of the object that stands for bytes in base64 (`!!binary`).
pub(super) const BINARY: &str = "\0binary";

/// The greatest depth of lists and mappings.
const MAX_DEPTH: usize = 100;

/// The most bytes that aliases may copy.
const MAX_COPIED_BYTES: usize = 64 << 20;

/// A list or mapping that is being read.
struct Open {
    value: Value,
    /// The name of the next member, of a mapping.
    name: Option<String>,
    anchor: usize,
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Value>,
    anchors: HashMap<usize, Value>,
    n_copied: usize,
}

/// Returns the first document of a text as JSON.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let mut parser = Parser::new_from_str(text);
    let mut builder = Builder::default();
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            let marker = error.marker();
            format!("{}:{}: not YAML", marker.line(), marker.col() + 1)
        })?;
        builder.take(event).map_err(|fault| format!("{}:1: {fault}", span.start.line()))?;
        if builder.root.is_some() {
            break;
        }
    }
    Ok(builder.root.unwrap_or_default())
}

impl Builder {
    fn take(&mut self, event: Event<'_>) -> Result<(), &'static str> {
        match event {
            Event::SequenceStart(anchor, _) => self.start(Value::Array(Vec::new()), anchor),
            Event::MappingStart(anchor, _) => self.start(Value::Object(Map::new()), anchor),
            Event::SequenceEnd | Event::MappingEnd => {
                let ended = self.open.pop();
                ended.map_or(Ok(()), |open| self.add(open.value, open.anchor))
            }
            Event::Scalar(text, style, anchor, tag) => {
                if tag.is_some_and(|tag| tag.suffix.ends_with("binary")) {
                    let base64 = text.split_ascii_whitespace().collect::<String>();
                    let bytes = Map::from_iter([(BINARY.to_owned(), base64.into())]);
                    return self.add(Value::Object(bytes), anchor);
                }
                self.add(scalar(&text, style), anchor)
            }
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned().unwrap_or_default();
                self.n_copied = self.n_copied.saturating_add(size(&value));
                if self.n_copied > MAX_COPIED_BYTES {
                    return Err("aliases copy more than a cassette may hold");
                }
                self.add(value, 0)
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, value: Value, anchor: usize) -> Result<(), &'static str> {
        if self.open.len() >= MAX_DEPTH {
            return Err("nested too deep");
        }
        self.open.push(Open { value, name: None, anchor });
        Ok(())
    }

    fn add(&mut self, value: Value, anchor: usize) -> Result<(), &'static str> {
        if anchor > 0 {
            self.n_copied = self.n_copied.saturating_add(size(&value));
            self.anchors.insert(anchor, value.clone());
        }
        let Some(Open { value: around, name, .. }) = self.open.last_mut() else {
            self.root = Some(value);
            return Ok(());
        };
        match around {
            Value::Array(items) => items.push(value),
            Value::Object(members) => match name.take() {
                Some(name) => drop(members.insert(name, value)),
                None => *name = Some(key(value)?),
            },
            _ => (),
        }
        Ok(())
    }
}

fn key(value: Value) -> Result<String, &'static str> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err("a key is no text"),
    }
}

/// Returns a text, or the count or `null` that a plain scalar stands for.
fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return text.into();
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        // Longer numbers are no status, and have to keep their spelling.
        _ if text.len() <= 9 && !text.starts_with('0') => {
            text.parse::<u32>().map_or_else(|_| text.into(), Value::from)
        }
        _ => text.into(),
    }
}

/// Returns about how many bytes a value takes.
fn size(value: &Value) -> usize {
    const NODE_BYTES: usize = 32;
    let inner: usize = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| name.len() + size(value)).sum()
        }
        _ => 0,
    };
    NODE_BYTES + inner
}
