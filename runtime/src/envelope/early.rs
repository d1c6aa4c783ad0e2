//! Decodes the value and the message of a successful response in a single pass.
//!
//! Nearly every response is a plain success, and opening it before decoding it takes two passes.
//! This module decides only that everything is fine. For anything else (a tag that does not mean
//! success, a duplicate member, a value that does not fit) it returns `None`, and
//! [`open`](super::open) judges the response from the start.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IgnoredAny, IntoDeserializer,
    MapAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use super::head::Head;
use super::members::{MemberName, said};
use super::verdict::{Envelope, Verdict, judge};

/// A function that decodes a response early.
pub(crate) type EarlyDecode = fn(&Head, &str) -> Option<Early>;

/// A response that was decoded early.
pub(crate) struct Early {
    /// The decoded value of the operation's type.
    pub(crate) value: Box<dyn Any + Send>,
    /// The message in the envelope.
    pub(crate) message: Option<String>,
}

/// Decodes a plain success.
pub(crate) fn decode<T: DeserializeOwned + Send + 'static>(
    head: &Head,
    text: &str,
) -> Option<Early> {
    let envelope = head.envelope?;
    let mut seen = Seen::of(envelope)?;
    let mut json = serde_json::Deserializer::from_str(text);
    let value: T = match envelope.payload {
        Some(payload) => json.deserialize_map(Enclosed {
            name: member(payload)?,
            seen: &mut seen,
            value: PhantomData,
        }),
        None => T::deserialize(Stripped { json: &mut json, seen: &mut seen }),
    }
    .ok()?;
    json.end().ok()?;
    let verdict = judge(head, Some(&seen.tag?), None);
    (verdict == Verdict::Success)
        .then(|| Early { value: Box::new(value), message: seen.message.and_then(said) })
}

/// The envelope's members that were read so far.
struct Seen {
    tag_name: &'static str,
    message_name: Option<&'static str>,
    errors_name: Option<&'static str>,
    tag: Option<Value>,
    message: Option<Value>,
}

impl Seen {
    /// Returns `None` if the envelope is not a plain one.
    fn of(envelope: &Envelope) -> Option<Self> {
        let optional =
            |pointer: Option<&'static str>| pointer.map_or(Some(None), |it| member(it).map(Some));
        Some(Self {
            tag_name: member(envelope.tag?)?,
            message_name: optional(envelope.message)?,
            errors_name: optional(envelope.errors)?,
            tag: None,
            message: None,
        })
    }

    /// Reads the member if it belongs to the envelope, and returns whether it does.
    fn take<'de, M: MapAccess<'de>>(&mut self, name: &str, map: &mut M) -> Result<bool, M::Error> {
        let slot = if name == self.tag_name {
            &mut self.tag
        } else if self.message_name == Some(name) {
            &mut self.message
        } else if self.errors_name == Some(name) {
            return map.next_value::<IgnoredAny>().map(|_| true);
        } else {
            return Ok(false);
        };
        if slot.replace(map.next_value()?).is_some() {
            return Err(M::Error::custom("it comes twice"));
        }
        Ok(true)
    }
}

/// Returns the name in a pointer to a top-level member.
fn member(pointer: &'static str) -> Option<&'static str> {
    pointer.strip_prefix('/').filter(|name| !name.contains(['/', '~']))
}

/// Reads an object in which one member holds the value.
struct Enclosed<'a, T> {
    name: &'static str,
    seen: &'a mut Seen,
    value: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Enclosed<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<T, M::Error> {
        let mut value = None;
        while let Some(MemberName(name)) = map.next_key()? {
            if self.seen.take(&name, &mut map)? {
                continue;
            }
            if name != self.name {
                map.next_value::<IgnoredAny>()?;
            } else if value.replace(map.next_value()?).is_some() {
                return Err(M::Error::custom("it comes twice"));
            }
        }
        value.ok_or_else(|| M::Error::custom("it is missing"))
    }
}

/// Reads an object that is the value apart from the envelope's members.
struct Stripped<'a, D> {
    json: D,
    seen: &'a mut Seen,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Stripped<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.json.deserialize_map(StrippedVisitor { visitor, seen: self.seen })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct StrippedVisitor<'a, V> {
    visitor: V,
    seen: &'a mut Seen,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for StrippedVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<V::Value, M::Error> {
        self.visitor.visit_map(StrippedMap { map, seen: self.seen })
    }
}

struct StrippedMap<'a, M> {
    map: M,
    seen: &'a mut Seen,
}

impl<'de, M: MapAccess<'de>> MapAccess<'de> for StrippedMap<'_, M> {
    type Error = M::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, M::Error> {
        while let Some(MemberName(name)) = self.map.next_key()? {
            if !self.seen.take(&name, &mut self.map)? {
                return seed.deserialize(name.into_deserializer()).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, M::Error> {
        self.map.next_value_seed(seed)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use reqwest::StatusCode;
    use serde_json::{Value, json};

    use super::super::TagValue;
    use super::{Envelope, Head, decode};

    const AROUND: Envelope = Envelope::new()
        .tag("/ok", &[TagValue::Bool(true)])
        .message("/text")
        .errors("/errors")
        .payload("/data");
    const AMONG: Envelope = Envelope { payload: None, ..AROUND };

    fn early(envelope: &'static Envelope, text: &str) -> Option<(Value, Option<String>)> {
        let early =
            decode::<BTreeMap<String, i64>>(&Head::new(StatusCode::OK, Some(envelope)), text)?;
        let value = early.value.downcast::<BTreeMap<String, i64>>().unwrap();
        Some((json!(value), early.message))
    }

    #[test]
    fn a_plain_success_is_its_value_and_its_sentence() {
        let cases = [
            (
                &AROUND,
                r#"{"ok":true,"data":{"a":1},"text":"done","more":[1]}"#,
                json!({"a": 1}),
                Some("done"),
            ),
            (
                &AROUND,
                r#" {"data":{}, "errors":[{"x":1}], "text":" ", "ok":true} "#,
                json!({}),
                None,
            ),
            (
                &AMONG,
                r#"{"a":1,"ok":true,"b":2,"text":7,"errors":null}"#,
                json!({"a": 1, "b": 2}),
                Some("7"),
            ),
            (&AMONG, r#"{"\u006fk":true,"a\n":1}"#, json!({"a\n": 1}), None),
        ];
        for (envelope, text, value, message) in cases {
            assert_eq!(
                early(envelope, text),
                Some((value, message.map(str::to_owned))),
                "text {text}"
            );
        }
    }

    #[test]
    fn whatever_is_not_plain_is_left_to_the_long_way() {
        const DEEP: Envelope = Envelope { tag: Some("/state/ok"), ..AROUND };
        let cases = [
            (&AROUND, r#"{"ok":false,"data":{"a":1}}"#),
            (&AROUND, r#"{"ok":"true","data":{"a":1}}"#),
            (&AROUND, r#"{"data":{"a":1}}"#),
            (&AROUND, r#"{"ok":true}"#),
            (&AROUND, r#"{"ok":true,"data":{"a":"1"}}"#),
            (&AROUND, r#"{"ok":true,"data":{},"data":{}}"#),
            (&AROUND, r#"{"ok":true,"data":{},"ok":false}"#),
            (&AROUND, r#"{"ok":true,"data":{}} x"#),
            (&AROUND, r#"{"ok":true,"data":{}"#),
            (&AROUND, r#"[{"ok":true,"data":{}}]"#),
            (&AMONG, r#"{"ok":true,"ok":true,"a":1}"#),
            (&AMONG, r#"{"ok":false,"a":1}"#),
            (&AMONG, r#"{"a":1}"#),
            (&DEEP, r#"{"state":{"ok":true},"data":{}}"#),
        ];
        for (envelope, text) in cases {
            assert_eq!(early(envelope, text), None, "text {text}");
        }
    }
}
