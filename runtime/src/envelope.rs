//! Opens the body of a response and extracts its payload, or the vendor's refusal.
//!
//! Only the top level is parsed here, into raw members. The payload stays text until the caller's
//! type decodes it, so a deep or huge payload costs a single scan, and the pointer of a misfit is
//! exact.

mod early;
mod head;
mod members;
mod verdict;

use std::any::Any;
use std::borrow::Cow;

use bytes::Bytes;
use serde::Deserialize as _;

pub(crate) use self::early::{EarlyDecode, decode as decode_early};
pub(crate) use self::head::Head;
pub(crate) use self::members::RawMembers;
pub(crate) use self::verdict::Doubt;
pub use self::verdict::{Envelope, EnvelopeMember, TagValue};

use self::verdict::{Verdict, judge};
use crate::coding;
use crate::decode::Misfit;

/// Maximum number of places at which an object is looked for.
const MAX_STARTS: usize = 32;

/// The content of a refusal.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) message: Option<String>,
    pub(crate) errors: Vec<String>,
    pub(crate) doubt: Doubt,
}

impl Refusal {
    /// Returns the refusal of a response by its head alone.
    pub(crate) fn unread(head: &Head) -> Self {
        refusal(head, &[])
    }
}

/// The parts of a successful response.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The message in the envelope.
    pub(crate) message: Option<String>,
    /// The content of the envelope.
    pub(crate) payload: Payload,
    /// JSON Pointer from the root of the response to the payload.
    pub(crate) prefix: &'static str,
}

/// The content of a successful response without its envelope.
#[derive(Debug)]
pub(crate) enum Payload {
    /// The value, decoded early.
    Value(Box<dyn Any + Send>),
    /// JSON text.
    Text(Bytes),
    /// A misfit that matters only if the operation promises a payload.
    Misfit(Misfit),
}

/// The reason why a response has no payload.
#[derive(Debug)]
pub(crate) enum OpenError {
    /// The tag or the status means a refusal.
    Refused(Refusal),
    /// The tag is there and means neither success nor failure. It is an error whatever the
    /// operation promises, because it may be a refusal.
    Unclear(Misfit),
    /// The response does not fit the envelope.
    Misfit(Misfit),
}

/// Opens the body of a response with a success status. With `decode` a second pass may be avoided.
pub(crate) fn open_for(
    decode: Option<EarlyDecode>,
    head: &Head,
    body: &Bytes,
) -> Result<Opened, OpenError> {
    let early = decode.and_then(|decode| decode(head, text(head, body).ok()?));
    match early {
        Some(early) => {
            Ok(Opened { message: early.message, payload: Payload::Value(early.value), prefix: "" })
        }
        None => open(head, body),
    }
}

/// Opens the body of a response with a success status.
pub(crate) fn open(head: &Head, body: &Bytes) -> Result<Opened, OpenError> {
    let text = match text(head, body) {
        Ok(text) => text,
        Err(misfit) => return Err(refused_behind(head, body).unwrap_or(OpenError::Misfit(misfit))),
    };
    let Some(envelope) = head.envelope else {
        let payload = Payload::Text(body.slice_ref(text.as_bytes()));
        return Ok(Opened { message: None, payload, prefix: "" });
    };
    let members: RawMembers<'_> = match serde_json::from_str(text) {
        Ok(members) => members,
        // Valid JSON but not an object, and the envelope requires no member.
        Err(error) if error.is_data() && envelope.tag.or(envelope.payload).is_none() => {
            let payload = Payload::Text(body.slice_ref(text.as_bytes()));
            return Ok(Opened { message: None, payload, prefix: "" });
        }
        Err(error) => {
            let misfit = crate::decode::misfit(String::new(), &error);
            return Err(refused_behind(head, body).unwrap_or(OpenError::Misfit(misfit)));
        }
    };
    match judged(head, Some(&members)) {
        Verdict::Success => {}
        Verdict::Refusal(doubt) => {
            return Err(OpenError::Refused(Refusal { doubt, ..members.refusal(envelope) }));
        }
        Verdict::Unclear(misfit) => return Err(OpenError::Unclear(misfit)),
        Verdict::Untagged(misfit) => return Err(OpenError::Misfit(misfit)),
    }
    let message = members.sentence(envelope.message);
    let Some(prefix) = envelope.payload else {
        return Ok(Opened {
            message,
            payload: Payload::Text(members.without(envelope)),
            prefix: "",
        });
    };
    let payload = match members.raw(prefix) {
        Some(raw) => Payload::Text(body.slice_ref(raw.get().as_bytes())),
        None => Payload::Misfit(misfit(prefix, "the field is missing")),
    };
    Ok(Opened { message, payload, prefix })
}

/// Returns the JSON text of the payload, or no bytes if the body has none.
pub(crate) fn payload(head: &Head, body: &Bytes) -> Bytes {
    match open(head, body) {
        Ok(Opened { payload: Payload::Text(text), .. }) => text,
        Ok(_) | Err(_) => Bytes::new(),
    }
}

/// Extracts what a failed response says, if it is JSON. A proxy in front of the API often answers
/// without the envelope.
pub(crate) fn refusal(head: &Head, body: &[u8]) -> Refusal {
    let text = any_text(body);
    let members = members(&text);
    let mut said = Refusal::default();
    if let Some(members) = &members {
        said = head.envelope.map(|envelope| members.refusal(envelope)).unwrap_or_default();
        said.message = said.message.or_else(|| members.common_sentence());
    }
    if let Verdict::Refusal(doubt) = judged(head, members.as_ref()) {
        said.doubt = doubt;
    }
    said
}

/// Returns the refusal that a response holds although it can't be read as a whole: behind a notice of
/// PHP, in front of one, or in a charset that is not declared.
fn refused_behind(head: &Head, body: &[u8]) -> Option<OpenError> {
    let (envelope, text) = (head.envelope?, any_text(body));
    let members = members(&text)?;
    match judged(head, Some(&members)) {
        Verdict::Refusal(doubt) => {
            Some(OpenError::Refused(Refusal { doubt, ..members.refusal(envelope) }))
        }
        Verdict::Success | Verdict::Unclear(_) | Verdict::Untagged(_) => None,
    }
}

/// Reads the members of the object in a text: of the first one that can be read, if other text
/// surrounds it.
fn members(text: &str) -> Option<RawMembers<'_>> {
    object_starts(text.as_bytes()).find_map(|start| {
        let mut json = serde_json::Deserializer::from_str(text.get(start..)?);
        let members = RawMembers::deserialize(&mut json).ok()?;
        (start == 0 || !members.is_empty()).then_some(members)
    })
}

/// Returns the positions at which an object may start: that of a body of JSON, or the first braces in
/// one with other text in front.
pub(crate) fn object_starts(body: &[u8]) -> impl Iterator<Item = usize> {
    let n_blank = body.len() - body.trim_ascii_start().len();
    let is_json = matches!(body.get(n_blank), Some(b'{' | b'['));
    let braces = body.iter().enumerate().filter(|(_, byte)| **byte == b'{').map(|(at, _)| at);
    braces.take(if is_json { 1 } else { MAX_STARTS })
}

/// Returns whether a body that starts with these bytes may be an envelope: an object, or a notice of
/// PHP, behind which there may be one.
pub(crate) fn may_start(head: &[u8]) -> bool {
    const NOTICES: [&[u8]; 7] =
        [b"{", b"<br", b"<b>", b"PHP ", b"Notice:", b"Warning:", b"Deprecated:"];
    let head = without_bom(head).trim_ascii_start();
    NOTICES.iter().any(|start| head.starts_with(start))
}

/// Returns the body without the byte order mark of UTF-8.
pub(crate) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Judges a response by its members, which are `None` if it is not a JSON object.
fn judged(head: &Head, members: Option<&RawMembers<'_>>) -> Verdict {
    let tag = members.zip(head.envelope).and_then(|(members, envelope)| members.at(envelope.tag?));
    judge(head, tag.as_ref(), members)
}

/// Returns the body as text, which a charset that is not declared may have garbled.
fn any_text(body: &[u8]) -> Cow<'_, str> {
    let body = without_bom(body);
    match std::str::from_utf8(body) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(coding::windows_1252(body)),
    }
}

/// Returns the body as text without its byte order mark.
fn text<'b>(head: &Head, body: &'b [u8]) -> Result<&'b str, Misfit> {
    let body = without_bom(body);
    if body.trim_ascii().is_empty() {
        return Err(misfit("", "expected JSON, found nothing"));
    }
    std::str::from_utf8(body).map_err(|error| Misfit {
        pointer: String::new(),
        what: format!(
            "expected JSON, found {} that are not UTF-8 at offset {}",
            coding::likely_charset(&head.headers),
            error.valid_up_to()
        ),
    })
}

fn misfit(pointer: &str, what: &str) -> Misfit {
    Misfit { pointer: pointer.to_owned(), what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use reqwest::StatusCode;

    use super::{Envelope, Head, OpenError, Payload, Refusal, TagValue, open, refusal};

    const NONE: Envelope = Envelope::new();
    const DEEP: Envelope = Envelope::new()
        .tag("/o~1k", &[TagValue::Int(0), TagValue::Text("ok")])
        .crash("/trace")
        .message("/error/text")
        .errors("/error/all")
        .payload("/data");

    const FLAT: Envelope =
        Envelope::new().tag("/ok", &[TagValue::Bool(true)]).message("/error/text");

    /// Describes the payload, the refusal or the misfit.
    fn outcome(envelope: &'static Envelope, body: &str) -> String {
        let head = Head::new(StatusCode::OK, Some(envelope));
        match open(&head, &Bytes::copy_from_slice(body.as_bytes())) {
            Ok(opened) => match opened.payload {
                Payload::Text(payload) => String::from_utf8(payload.to_vec()).unwrap(),
                Payload::Misfit(misfit) => format!("misfit at {}", misfit.pointer),
                Payload::Value(_) => unreachable!("nothing is decoded early"),
            },
            Err(OpenError::Refused(said)) => {
                format!("refused: {} {:?}", said.message.unwrap_or_default(), said.errors)
            }
            Err(OpenError::Unclear(misfit)) => {
                format!("unclear at {}: {}", misfit.pointer, misfit.what)
            }
            Err(OpenError::Misfit(misfit)) => format!("misfit at {}", misfit.pointer),
        }
    }

    fn not_found(envelope: Option<&'static Envelope>, body: &[u8]) -> Refusal {
        refusal(&Head::new(StatusCode::NOT_FOUND, envelope), body)
    }

    #[test]
    fn the_tag_decides_and_the_payload_is_cut_out() {
        const UNTAGGED: Envelope = Envelope { tag: None, ..DEEP };
        let cases = [
            (&DEEP, r#"{"o/k":0,"data": [1, 2] }"#, "[1, 2]"),
            (&DEEP, r#"{"o/k":"ok","data":null}"#, "null"),
            (&DEEP, r#"{"o/k":"ok"}"#, "misfit at /data"),
            (&DEEP, r#"{"o/k":"0","data":1}"#, "refused:  []"),
            (&DEEP, r#"{"data":1}"#, "misfit at /o~1k"),
            (&DEEP, "7", "misfit at "),
            (&UNTAGGED, "[1]", "misfit at "),
            (&DEEP, "{", "misfit at "),
            (
                &DEEP,
                r#"{"o/k":1,"error":{"text":" não ","all":["a","",{"b":["c"]}]}}"#,
                r#"refused:  não  ["a", "c"]"#,
            ),
            (&DEEP, r#"{"o/k":1,"error":{"text":404,"all":"a"}}"#, r#"refused: 404 ["a"]"#),
            // An object with a number is a record, and one message.
            (
                &DEEP,
                r#"{"o/k":1,"error":{"all":[{"a":7,"b":"x","c":[],"d":null,"e":" "},{"b":["y"]}]}}"#,
                r#"refused:  ["a: 7, b: x", "y"]"#,
            ),
            (&DEEP, r#"{"o/k":1,"error":["text"]}"#, "refused:  []"),
            // A name comes twice: the last one counts.
            (&DEEP, r#"{"o/k":1,"o/k":0,"data":1,"data":2}"#, "2"),
            (&NONE, r#"{"a":1, "b":[ ]}"#, r#"{"a":1,"b":[ ]}"#),
            (&NONE, "[1]", "[1]"),
            (
                &FLAT,
                r#"{"ok":true,"error":{},"error/text":1,"a":2}"#,
                r#"{"error":{},"error/text":1,"a":2}"#,
            ),
            (&FLAT, r#"{"ok":true,"a\"\u00e3":1}"#, r#"{"a\"ã":1}"#),
        ];
        for (envelope, body, expect) in cases {
            assert_eq!(outcome(envelope, body), expect, "body {body}");
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
            assert_eq!(
                not_found(Some(&DEEP), body.as_bytes()).message.as_deref(),
                message,
                "body {body}"
            );
        }
        let without = not_found(None, br#"{"message":"m"}"#);
        assert_eq!(without.message.as_deref(), Some("m"));
    }

    #[test]
    fn sentences_are_bounded_in_number() {
        let many = vec!["x"; 1000];
        let body = serde_json::json!({"error": {"text": "x", "all": many}}).to_string();
        let said = not_found(Some(&DEEP), body.as_bytes());
        assert_eq!(said.errors.len(), 64);
        assert_eq!(not_found(Some(&DEEP), b"<html>"), Refusal::default());
        assert_eq!(not_found(None, body.as_bytes()), Refusal::default());
    }
}
