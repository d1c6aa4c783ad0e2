//! The members of an answer's top level, in their order, to what the envelope says with them.
//!
//! A member's value stays text until it is asked for.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Refusal;
use super::verdict::{Beside, Doubt};
use crate::table::Envelope;

/// Most sentences of one answer.
const MAX_SENTENCES: usize = 64;

/// The members of an object, such as the answer's top level, in their order, not yet read.
pub(crate) struct RawMembers<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> RawMembers<'a> {
    /// The member that a pointer of one step names. The last one counts, as it
    /// does for every other reader of JSON with a name that comes twice.
    pub(crate) fn raw(&self, pointer: &str) -> Option<&'a RawValue> {
        let name = unescape(pointer.strip_prefix('/')?);
        self.0.iter().rev().find(|(key, _)| *key == name).map(|&(_, raw)| raw)
    }

    /// The value that a pointer of any length names.
    pub(super) fn at(&self, pointer: &str) -> Option<Value> {
        let end = pointer.get(1..)?.find('/').map_or(pointer.len(), |idx| idx + 1);
        let (first, rest) = pointer.split_at(end);
        let mut value: Value = serde_json::from_str(self.raw(first)?.get()).ok()?;
        value.pointer_mut(rest).map(Value::take)
    }

    pub(super) fn sentence(&self, pointer: Option<&str>) -> Option<String> {
        said(self.at(pointer?)?)
    }

    /// The sentence of an answer outside the envelope: RFC 6749's
    /// `error_description`, or what most frameworks call it.
    pub(super) fn common_sentence(&self) -> Option<String> {
        ["/error_description", "/message", "/msg", "/error"].into_iter().find_map(|pointer| {
            match self.at(pointer)? {
                Value::String(text) => spoken(&text),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
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

    /// The members that matter if the tag means a refusal.
    pub(super) fn beside(&self, envelope: &Envelope) -> Beside {
        let crash = envelope.crash.and_then(|pointer| self.at(pointer));
        Beside {
            has_payload: self.hold_payload(envelope),
            has_crash: crash.is_some_and(|value| !value.is_null()),
        }
    }

    /// Something stands where a success has its payload.
    fn hold_payload(&self, envelope: &Envelope) -> bool {
        if let Some(payload) = envelope.payload {
            // A text in its place is rather one more sentence.
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

    /// The object as JSON text, less the members that are the envelope's own.
    pub(super) fn without(&self, envelope: &Envelope) -> Bytes {
        let own: Vec<Cow<'_, str>> = [envelope.tag, envelope.message, envelope.errors]
            .into_iter()
            .flatten()
            .filter_map(|pointer| pointer.strip_prefix('/'))
            .filter(|name| !name.contains('/'))
            .map(unescape)
            .collect();
        // Room for quotes, colons and commas; a name with escapes may ask for more.
        let n_bytes = self.0.iter().map(|(key, raw)| key.len() + raw.get().len() + 4).sum::<usize>();
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

/// The sentence that stands in the envelope.
pub(super) fn said(value: Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.trim().is_empty()).then_some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Gathers sentences from a list, or from an object of lists by field name.
fn collect(value: &Value, errors: &mut Vec<String>) {
    if errors.len() == MAX_SENTENCES {
        return;
    }
    match value {
        Value::String(text) => errors.extend(spoken(text)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, errors)),
        Value::Object(members) => members.values().for_each(|item| collect(item, errors)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Nothing, in any of the spellings of PHP.
fn is_empty(raw: &RawValue) -> bool {
    let letters = || raw.get().bytes().filter(|letter| !letter.is_ascii_whitespace());
    ["null", "false", "0", "\"\"", "[]", "{}"].iter().any(|nothing| letters().eq(nothing.bytes()))
}

/// A sentence; `None` if there is nothing in it. Its length is bounded later,
/// when the credentials are out: a cut through one would leave half of it.
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
                while let Some((MemberName(key), raw)) = map.next_entry::<MemberName<'de>, &'de RawValue>()? {
                    members.push((key, raw));
                }
                Ok(RawMembers(members))
            }
        }

        json.deserialize_map(RawMembersVisitor)
    }
}

/// A member's name, which is copied only if it holds an escape.
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
