//! The bytes of an answer to its payload, or to the vendor's refusal.
//!
//! Only the top level is read here, as raw members; what is inside the payload
//! stays text until the caller's type decodes it. So a deep or a huge payload
//! costs one scan, and the pointer of a misfit is exact.

mod early;
mod members;
mod tag;

use std::any::Any;

use bytes::Bytes;

pub(crate) use self::early::{Decode, decode as decode_early};
pub(crate) use self::members::Members;

use self::tag::Verdict;
use crate::decode::Misfit;
use crate::table::Envelope;

/// What a vendor says when it refuses.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) message: Option<String>,
    pub(crate) errors: Vec<String>,
    /// Another part of the answer speaks for a success.
    pub(crate) is_doubtful: bool,
    /// The vendor's program crashed on the way.
    pub(crate) is_crash: bool,
}

/// A successful answer, taken apart.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The envelope's sentence.
    pub(crate) message: Option<String>,
    /// What is in the envelope.
    pub(crate) payload: Payload,
    /// JSON Pointer from the answer's root to the payload.
    pub(crate) prefix: &'static str,
}

/// What a successful answer holds beside its envelope.
#[derive(Debug)]
pub(crate) enum Payload {
    /// It was decoded on the way.
    Value(Box<dyn Any + Send>),
    /// JSON text.
    Text(Bytes),
    /// It counts only if a payload is wanted.
    Misfit(Misfit),
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

/// Takes the body of an answer with a status of success apart; `decode` may
/// spare the second pass.
pub(crate) fn open_for(
    decode: Option<Decode>,
    envelope: Option<&Envelope>,
    body: &Bytes,
) -> Result<Opened, Closed> {
    let text = text(body).map_err(Closed::Misfit)?;
    let early = decode.zip(envelope).and_then(|(decode, envelope)| decode(envelope, text));
    match early {
        Some(early) => {
            Ok(Opened { message: early.message, payload: Payload::Value(early.value), prefix: "" })
        }
        None => open(envelope, body),
    }
}

/// Takes the body of an answer with a status of success apart.
pub(crate) fn open(envelope: Option<&Envelope>, body: &Bytes) -> Result<Opened, Closed> {
    let text = text(body).map_err(Closed::Misfit)?;
    let Some(envelope) = envelope else {
        let payload = Payload::Text(body.slice_ref(text.as_bytes()));
        return Ok(Opened { message: None, payload, prefix: "" });
    };
    let members: Members<'_> = match serde_json::from_str(text) {
        Ok(members) => members,
        // JSON, but no object, and the envelope asks for no member.
        Err(error) if error.is_data() && envelope.tag.or(envelope.payload).is_none() => {
            let payload = Payload::Text(body.slice_ref(text.as_bytes()));
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
                let is_doubtful = members.hold_payload(envelope) || !tag::is_plain(envelope.failure, &value);
                return Err(Closed::Refused(Refusal { is_doubtful, ..members.refusal(envelope) }));
            }
            Verdict::Unclear(what) => return Err(Closed::Unclear(misfit(tag, &what))),
        }
    }
    let message = members.sentence(envelope.message);
    let Some(prefix) = envelope.payload else {
        return Ok(Opened { message, payload: Payload::Text(members.without(envelope)), prefix: "" });
    };
    let payload = match members.raw(prefix) {
        Some(raw) => Payload::Text(body.slice_ref(raw.get().as_bytes())),
        None => Payload::Misfit(misfit(prefix, "the field is missing")),
    };
    Ok(Opened { message, payload, prefix })
}

/// The payload's text in the body of a success; empty if it has none.
pub(crate) fn payload(envelope: Option<&Envelope>, body: &Bytes) -> Bytes {
    match open(envelope, body) {
        Ok(Opened { payload: Payload::Text(text), .. }) => text,
        Ok(_) | Err(_) => Bytes::new(),
    }
}

/// What the body of an answer that is a failure, by its status or else, says, if it is JSON and
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

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{Closed, Payload, Refusal, open, refusal};
    use crate::table::{Envelope, TagValue};

    const NONE: Envelope = Envelope::new();
    const DEEP: Envelope = Envelope::new()
        .tag("/o~1k", &[TagValue::Int(0), TagValue::Text("ok")])
        .crash("/trace")
        .message("/error/text")
        .errors("/error/all")
        .payload("/data");

    const FLAT: Envelope = Envelope::new().tag("/ok", &[TagValue::Bool(true)]).message("/error/text");

    /// The payload, or the sentence, or the place that does not fit.
    fn outcome(envelope: &Envelope, body: &str) -> String {
        match open(Some(envelope), &Bytes::copy_from_slice(body.as_bytes())) {
            Ok(opened) => match opened.payload {
                Payload::Text(payload) => String::from_utf8(payload.to_vec()).unwrap(),
                Payload::Misfit(misfit) => format!("misfit at {}", misfit.pointer),
                Payload::Value(_) => unreachable!("nothing is decoded early"),
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
    fn a_refusal_by_an_unknown_word_is_doubtful() {
        let told = Envelope { failure: &[TagValue::Text("no")], ..DEEP };
        let cases = [("\"no\"", false), ("\"okay\"", true), ("\"NO\"", true), ("1", true)];
        for (tag, is_doubtful) in cases {
            let body = format!(r#"{{"o/k":{tag}}}"#);
            assert_eq!(outcome(&told, &body).starts_with("doubtfully refused"), is_doubtful, "tag {tag}");
            assert!(outcome(&DEEP, &body).starts_with("refused"), "tag {tag}");
        }
    }

    #[test]
    fn a_refusal_with_the_trace_of_a_crash_is_one() {
        let cases = [
            (r#"{"o/k":1,"trace":["a"]}"#, true),
            (r#"{"o/k":1,"trace":[]}"#, true),
            (r#"{"o/k":1,"trace":null}"#, false),
            (r#"{"o/k":1}"#, false),
        ];
        for (body, is_crash) in cases {
            let opened = open(Some(&DEEP), &Bytes::copy_from_slice(body.as_bytes()));
            let Err(Closed::Refused(said)) = opened else { panic!("body {body} is no refusal") };
            assert_eq!(said.is_crash, is_crash, "body {body}");
        }
    }

    #[test]
    fn a_status_of_failure_has_a_sentence_outside_the_envelope() {
        let cases = [
            (r#"{"message":"Unauthenticated."}"#, Some("Unauthenticated.")),
            (r#"{"error":"x","error_description":"d","message":"m"}"#, Some("d")),
            (r#"{"error":"x","error_description":" ","message":7}"#, Some("x")),
            (r#"{"status":"error","msg":"m"}"#, Some("m")),
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
