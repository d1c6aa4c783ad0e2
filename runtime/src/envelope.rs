//! The bytes of an answer to its payload, or to the vendor's refusal.
//!
//! Only the top level is read here, as raw members; what is inside the payload
//! stays text until the caller's type decodes it. So a deep or a huge payload
//! costs one scan, and the pointer of a misfit is exact.

mod tag;

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use self::tag::Verdict;
use crate::decode::Misfit;
use crate::table::Envelope;

/// Most sentences of one answer.
const MAX_SENTENCES: usize = 64;

/// What a vendor says when it refuses.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) message: Option<String>,
    pub(crate) errors: Vec<String>,
    /// Another part of the answer speaks for a success.
    pub(crate) is_doubtful: bool,
}

/// A successful answer, taken apart.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The envelope's sentence.
    pub(crate) message: Option<String>,
    /// JSON text of the payload. A misfit counts only if a payload is wanted.
    pub(crate) payload: Result<Bytes, Misfit>,
    /// JSON Pointer from the answer's root to the payload.
    pub(crate) prefix: &'static str,
}

/// Why an answer has no payload.
#[derive(Debug)]
pub(crate) enum Closed {
    /// The tag says so.
    Refused(Refusal),
    /// The tag is there and says neither yes nor no. A fault whatever the
    /// operation promises, because it may be a refusal.
    Unclear(Misfit),
    /// The answer is not what the envelope promises.
    Misfit(Misfit),
}

/// Takes the body of an answer with a status of success apart.
pub(crate) fn open(envelope: Option<&Envelope>, body: &Bytes) -> Result<Opened, Closed> {
    let text = text(body).map_err(Closed::Misfit)?;
    let Some(envelope) = envelope else {
        let payload = Ok(body.slice_ref(text.as_bytes()));
        return Ok(Opened { message: None, payload, prefix: "" });
    };
    let members: Members<'_> = match serde_json::from_str(text) {
        Ok(members) => members,
        // JSON, but no object, and the envelope asks for no member.
        Err(error) if error.is_data() && envelope.tag.or(envelope.payload).is_none() => {
            let payload = Ok(body.slice_ref(text.as_bytes()));
            return Ok(Opened { message: None, payload, prefix: "" });
        }
        Err(error) => return Err(Closed::Misfit(crate::decode::misfit(String::new(), &error))),
    };
    if let Some(tag) = envelope.tag {
        let Some(value) = members.at(tag) else {
            return Err(Closed::Misfit(misfit(tag, "the field that tells success is missing")));
        };
        match tag::judge(envelope.success, &value) {
            Verdict::Success => {}
            Verdict::Refusal => {
                let is_doubtful = members.hold_payload(envelope);
                return Err(Closed::Refused(Refusal { is_doubtful, ..members.refusal(envelope) }));
            }
            Verdict::Unclear(what) => return Err(Closed::Unclear(misfit(tag, &what))),
        }
    }
    let message = members.sentence(envelope.message);
    let Some(prefix) = envelope.payload else {
        return Ok(Opened { message, payload: Ok(members.without(envelope)), prefix: "" });
    };
    let payload = match members.raw(prefix) {
        Some(raw) => Ok(body.slice_ref(raw.get().as_bytes())),
        None => Err(misfit(prefix, "the field is missing")),
    };
    Ok(Opened { message, payload, prefix })
}

/// What the body of an answer with a status of failure says, if it is JSON and
/// says anything. What stands before the API often answers without the envelope.
pub(crate) fn refusal(envelope: Option<&Envelope>, body: &[u8]) -> Refusal {
    let members = || serde_json::from_str::<Members<'_>>(text(body).ok()?).ok();
    let Some(members) = members() else {
        return Refusal::default();
    };
    let mut said = envelope.map(|envelope| members.refusal(envelope)).unwrap_or_default();
    said.message = said.message.or_else(|| members.common_sentence());
    said.is_doubtful = envelope.is_some_and(|envelope| {
        let value = envelope.tag.and_then(|tag| members.at(tag));
        value.is_some_and(|value| tag::judge(envelope.success, &value) == Verdict::Success)
    });
    said
}

/// The body as text, less a byte order mark.
fn text(body: &[u8]) -> Result<&str, Misfit> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if body.trim_ascii().is_empty() {
        return Err(misfit("", "expected JSON, found nothing"));
    }
    std::str::from_utf8(body).map_err(|error| Misfit {
        pointer: String::new(),
        what: format!("expected JSON, found bytes that are no UTF-8 at offset {}", error.valid_up_to()),
    })
}

fn misfit(pointer: &str, what: &str) -> Misfit {
    Misfit { pointer: pointer.to_owned(), what: what.to_owned() }
}

/// The members of an object, such as the answer's top level, in their order, not yet read.
pub(crate) struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    /// The member that a pointer of one step names. The last one counts, as it
    /// does for every other reader of JSON with a name that comes twice.
    pub(crate) fn raw(&self, pointer: &str) -> Option<&'a RawValue> {
        let name = unescape(pointer.strip_prefix('/')?);
        self.0.iter().rev().find(|(key, _)| *key == name).map(|&(_, raw)| raw)
    }

    /// The value that a pointer of any length names.
    fn at(&self, pointer: &str) -> Option<Value> {
        let end = pointer.get(1..)?.find('/').map_or(pointer.len(), |idx| idx + 1);
        let (first, rest) = pointer.split_at(end);
        let mut value: Value = serde_json::from_str(self.raw(first)?.get()).ok()?;
        value.pointer_mut(rest).map(Value::take)
    }

    fn sentence(&self, pointer: Option<&str>) -> Option<String> {
        match self.at(pointer?)? {
            Value::String(text) => spoken(&text),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// The sentence of an answer outside the envelope: RFC 6749's
    /// `error_description`, or what most frameworks call it.
    fn common_sentence(&self) -> Option<String> {
        ["/error_description", "/message", "/error"].into_iter().find_map(|pointer| {
            match self.at(pointer)? {
                Value::String(text) => spoken(&text),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
            }
        })
    }

    fn refusal(&self, envelope: &Envelope) -> Refusal {
        let mut errors = Vec::new();
        if let Some(value) = envelope.errors.and_then(|pointer| self.at(pointer)) {
            collect(&value, &mut errors);
        }
        Refusal { message: self.sentence(envelope.message), errors, is_doubtful: false }
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
    fn without(&self, envelope: &Envelope) -> Bytes {
        let own: Vec<Cow<'_, str>> = [envelope.tag, envelope.message, envelope.errors]
            .into_iter()
            .flatten()
            .filter_map(|pointer| pointer.strip_prefix('/'))
            .filter(|name| !name.contains('/'))
            .map(unescape)
            .collect();
        let mut text = String::from("{");
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

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((key, raw)) = map.next_entry::<String, &'de RawValue>()? {
                    members.push((Cow::Owned(key), raw));
                }
                Ok(Members(members))
            }
        }

        json.deserialize_map(MembersVisitor)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{Closed, Refusal, open, refusal};
    use crate::table::{Envelope, TagValue};

    const NONE: Envelope = Envelope { tag: None, success: &[], message: None, errors: None, payload: None };
    const DEEP: Envelope = Envelope {
        tag: Some("/o~1k"),
        success: &[TagValue::Int(0), TagValue::Text("ok")],
        message: Some("/error/text"),
        errors: Some("/error/all"),
        payload: Some("/data"),
    };

    const FLAT: Envelope =
        Envelope { tag: Some("/ok"), success: &[TagValue::Bool(true)], message: Some("/error/text"), ..NONE };

    /// The payload, or the sentence, or the place that does not fit.
    fn outcome(envelope: &Envelope, body: &str) -> String {
        match open(Some(envelope), &Bytes::copy_from_slice(body.as_bytes())) {
            Ok(opened) => match opened.payload {
                Ok(payload) => String::from_utf8(payload.to_vec()).unwrap(),
                Err(misfit) => format!("misfit at {}", misfit.pointer),
            },
            Err(Closed::Refused(said)) => {
                let doubt = if said.is_doubtful { "doubtfully " } else { "" };
                format!("{doubt}refused: {} {:?}", said.message.unwrap_or_default(), said.errors)
            }
            Err(Closed::Unclear(misfit)) => format!("unclear at {}: {}", misfit.pointer, misfit.what),
            Err(Closed::Misfit(misfit)) => format!("misfit at {}", misfit.pointer),
        }
    }

    #[test]
    fn the_tag_decides_and_the_payload_is_cut_out() {
        let cases = [
            (&DEEP, r#"{"o/k":0,"data": [1, 2] }"#, "[1, 2]"),
            (&DEEP, r#"{"o/k":"ok","data":null}"#, "null"),
            (&DEEP, r#"{"o/k":"ok"}"#, "misfit at /data"),
            (&DEEP, r#"{"o/k":"0","data":1}"#, "refused:  []"),
            (&DEEP, r#"{"data":1}"#, "misfit at /o~1k"),
            (&DEEP, "7", "misfit at "),
            (&Envelope { tag: None, ..DEEP }, "[1]", "misfit at "),
            (&DEEP, "{", "misfit at "),
            (
                &DEEP,
                r#"{"o/k":1,"error":{"text":" não ","all":["a","",{"b":["c"]}]}}"#,
                r#"refused:  não  ["a", "c"]"#,
            ),
            (&DEEP, r#"{"o/k":1,"error":{"text":404,"all":"a"}}"#, r#"refused: 404 ["a"]"#),
            (&DEEP, r#"{"o/k":1,"error":["text"]}"#, "refused:  []"),
            // Of a name that comes twice, the last counts.
            (&DEEP, r#"{"o/k":1,"o/k":0,"data":1,"data":2}"#, "2"),
            (&NONE, r#"{"a":1, "b":[ ]}"#, r#"{"a":1,"b":[ ]}"#),
            (&NONE, "[1]", "[1]"),
            (&FLAT, r#"{"ok":true,"error":{},"error/text":1,"a":2}"#, r#"{"error":{},"error/text":1,"a":2}"#),
            (&FLAT, r#"{"ok":true,"a\"\u00e3":1}"#, r#"{"a\"ã":1}"#),
        ];
        for (envelope, body, expect) in cases {
            assert_eq!(outcome(envelope, body), expect, "body {body}");
        }
    }

    #[test]
    fn a_refusal_with_a_payload_is_doubtful() {
        let cases = [
            (&DEEP, r#"{"o/k":1,"data":{"id":7}}"#, true),
            (&DEEP, r#"{"o/k":"OK","data": [ {"id":7} ]}"#, true),
            (&DEEP, r#"{"o/k":1,"data":{ }}"#, false),
            (&DEEP, r#"{"o/k":1,"data":[ ]}"#, false),
            (&DEEP, r#"{"o/k":1,"data":null}"#, false),
            (&DEEP, r#"{"o/k":1,"data":"no"}"#, false),
            (&DEEP, r#"{"o/k":1,"trace":["a"]}"#, false),
            (&FLAT, r#"{"ok":false,"id":"7"}"#, true),
            (&FLAT, r#"{"ok":false,"id":7}"#, true),
            (&FLAT, r#"{"ok":false,"error":{"text":"no"}}"#, false),
            (&FLAT, r#"{"ok":false,"id":"","n":0,"of":null,"is":false}"#, false),
        ];
        for (envelope, body, is_doubtful) in cases {
            let refused = outcome(envelope, body);
            assert!(refused.contains("refused: "), "body {body}: {refused}");
            assert_eq!(refused.starts_with("doubtfully "), is_doubtful, "body {body}");
        }
    }

    #[test]
    fn a_status_of_failure_has_a_sentence_outside_the_envelope() {
        let cases = [
            (r#"{"message":"Unauthenticated."}"#, Some("Unauthenticated.")),
            (r#"{"error":"x","error_description":"d","message":"m"}"#, Some("d")),
            (r#"{"error":"x","error_description":" ","message":7}"#, Some("x")),
            (r#"{"o/k":1,"error":{"text":"own"},"message":"m"}"#, Some("own")),
            (r#"{"error":true}"#, None),
            (r#"["message"]"#, None),
        ];
        for (body, message) in cases {
            assert_eq!(refusal(Some(&DEEP), body.as_bytes()).message.as_deref(), message, "body {body}");
        }
        let without = refusal(None, br#"{"message":"m"}"#);
        assert_eq!((without.message.as_deref(), without.is_doubtful), (Some("m"), false));
        assert!(refusal(Some(&DEEP), br#"{"o/k":0}"#).is_doubtful);
        assert!(!refusal(Some(&DEEP), br#"{"o/k":1,"data":{"id":7}}"#).is_doubtful);
    }

    #[test]
    fn sentences_are_bounded_in_number() {
        let many = vec!["x"; 1000];
        let body = serde_json::json!({"error": {"text": "x", "all": many}}).to_string();
        let said = refusal(Some(&DEEP), body.as_bytes());
        assert_eq!(said.errors.len(), 64);
        assert_eq!(refusal(Some(&DEEP), b"<html>"), Refusal::default());
        assert_eq!(refusal(None, body.as_bytes()), Refusal::default());
    }
}
