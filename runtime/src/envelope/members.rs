//! Reads the top-level members of a response and extracts what the envelope locates in them.
//!
//! The value of a member stays text until it is needed.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::Refusal;
use super::verdict::{Doubt, Envelope};
use crate::decode::decode;

/// Maximum number of messages that are taken from one response.
const MAX_SENTENCES: usize = 64;

/// The members of an object in their order, with values that are not parsed yet.
pub(crate) struct RawMembers<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> RawMembers<'a> {
    /// Returns the member that a single-segment pointer names. Of duplicate names the last one
    /// counts, as in every other JSON reader.
    pub(crate) fn raw(&self, pointer: &str) -> Option<&'a RawValue> {
        let name = unescape(pointer.strip_prefix('/')?);
        self.0.iter().rev().find(|(key, _)| *key == name).map(|&(_, raw)| raw)
    }

    /// Returns the value that a pointer of any length locates.
    pub(super) fn at(&self, pointer: &str) -> Option<Value> {
        let end = pointer.get(1..)?.find('/').map_or(pointer.len(), |idx| idx + 1);
        let (first, rest) = pointer.split_at(end);
        let mut value: Value = decode(self.raw(first)?.get(), "").ok()?;
        value.pointer_mut(rest).map(Value::take)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn sentence(&self, pointer: Option<&str>) -> Option<String> {
        said(self.at(pointer?)?)
    }

    /// Returns the message of a response without an envelope: `error_description` as in RFC 6749,
    /// or a member with one of the names that most frameworks use.
    pub(super) fn common_sentence(&self) -> Option<String> {
        ["/error_description", "/message", "/msg", "/error"].into_iter().find_map(|pointer| {
            match self.at(pointer)? {
                Value::String(text) => spoken(&text),
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::Array(_)
                | Value::Object(_) => None,
            }
        })
    }

    pub(super) fn refusal(&self, envelope: &Envelope) -> Refusal {
        let mut errors = Vec::new();
        if let Some(value) = envelope.errors.and_then(|pointer| self.at(pointer)) {
            collect(&value, &mut errors);
        }
        Refusal { message: self.sentence(envelope.message), errors, doubt: Doubt::None }
    }

    /// Returns whether there is a payload in the place where a success has it.
    pub(super) fn hold_payload(&self, envelope: &Envelope) -> bool {
        if let Some(payload) = envelope.payload {
            // A string in its place is more likely another message.
            let is_compound = |raw: &&RawValue| raw.get().starts_with(['{', '[']);
            return self.raw(payload).filter(is_compound).is_some_and(|raw| !is_empty(raw));
        }
        let own: Vec<Cow<'_, str>> = [envelope.tag, envelope.message, envelope.errors]
            .into_iter()
            .flatten()
            .filter_map(|pointer| pointer.split('/').nth(1))
            .map(unescape)
            .collect();
        self.0.iter().any(|(key, raw)| !own.contains(key) && !is_empty(raw))
    }

    /// Returns the object as JSON text without the members that belong to the envelope.
    pub(super) fn without(&self, envelope: &Envelope) -> Bytes {
        let own: Vec<Cow<'_, str>> = [envelope.tag, envelope.message, envelope.errors]
            .into_iter()
            .flatten()
            .filter_map(|pointer| pointer.strip_prefix('/'))
            .filter(|name| !name.contains('/'))
            .map(unescape)
            .collect();
        // Includes quotes, colons and commas. A name with escapes may need more.
        let n_bytes =
            self.0.iter().map(|(key, raw)| key.len() + raw.get().len() + 4).sum::<usize>();
        let mut text = String::with_capacity(n_bytes + 2);
        text.push('{');
        for (key, raw) in &self.0 {
            if own.contains(key) {
                continue;
            }
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(&Value::from(key.as_ref()).to_string());
            text.push(':');
            text.push_str(raw.get());
        }
        text.push('}');
        Bytes::from(text)
    }
}

/// Returns the message in the envelope's member.
pub(super) fn said(value: Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.trim().is_empty()).then_some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Collects messages from a list, or from an object that maps field names to lists. An item of a
/// list with a number or a flag is a record, such as a product that was refused, and becomes one
/// message.
fn collect(value: &Value, errors: &mut Vec<String>) {
    if errors.len() == MAX_SENTENCES {
        return;
    }
    match value {
        Value::String(text) => errors.extend(spoken(text)),
        Value::Array(items) => items.iter().for_each(|item| match item.as_object() {
            Some(members) if is_record(members) => errors.push(record(members)),
            _ => collect(item, errors),
        }),
        Value::Object(members) => members.values().for_each(|item| collect(item, errors)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_record(members: &Map<String, Value>) -> bool {
    members.values().any(|member| member.is_number() || member.is_boolean())
}

/// Returns the scalar members of a record as one message.
fn record(members: &Map<String, Value>) -> String {
    let told = members.iter().filter_map(|(name, value)| match value {
        Value::String(text) => spoken(text).map(|text| format!("{name}: {text}")),
        Value::Number(_) | Value::Bool(_) => Some(format!("{name}: {value}")),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    });
    told.collect::<Vec<_>>().join(", ")
}

/// Returns whether the value is empty in any of the ways in which PHP writes it.
fn is_empty(raw: &RawValue) -> bool {
    let letters = || raw.get().bytes().filter(|letter| !letter.is_ascii_whitespace());
    ["null", "false", "0", "\"\"", "[]", "{}"].iter().any(|nothing| letters().eq(nothing.bytes()))
}

/// Returns the message unless it is blank. Its length is limited later, after scrubbing, since a
/// cut through a credential would leave half of it.
fn spoken(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

fn unescape(name: &str) -> Cow<'_, str> {
    if name.contains('~') {
        Cow::Owned(name.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(name)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawMembers<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct RawMembersVisitor;

        impl<'de> Visitor<'de> for RawMembersVisitor {
            type Value = RawMembers<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((MemberName(key), raw)) =
                    map.next_entry::<MemberName<'de>, &'de RawValue>()?
                {
                    members.push((key, raw));
                }
                Ok(RawMembers(members))
            }
        }

        json.deserialize_map(RawMembersVisitor)
    }
}

/// A member's name, which is copied only if it contains an escape.
pub(super) struct MemberName<'a>(pub(super) Cow<'a, str>);

impl<'de> Deserialize<'de> for MemberName<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct MemberNameVisitor;

        impl<'de> Visitor<'de> for MemberNameVisitor {
            type Value = MemberName<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(MemberName(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(MemberName(Cow::Owned(name.to_owned())))
            }
        }

        json.deserialize_str(MemberNameVisitor)
    }
}
