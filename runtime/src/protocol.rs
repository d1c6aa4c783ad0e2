//! Finds the vendor's identifier of a created resource in the body of a response.
//!
//! A caller who created a ticket but can't decode the response needs the ticket's number. Therefore
//! any body is searched: one that does not fit the spec, or one that broke off after the number.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::envelope;

/// Maximum length. The identifiers of vendors have 20 characters, or 32 if they are hexadecimal.
const MAX_LETTERS: usize = 64;

/// Returns the value at `pointer` if it is a short text or a whole number that was read completely.
pub(crate) fn read(pointer: &str, body: &[u8]) -> Option<String> {
    let body = envelope::without_bom(body);
    let path: Vec<String> =
        pointer.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~")).collect();
    // A notice of PHP may be in front.
    envelope::object_starts(body).find_map(|start| {
        let mut found = None;
        let mut json = serde_json::Deserializer::from_slice(body.get(start..)?);
        // Errors in the rest of the response are reported elsewhere.
        let _ = Seek { path: &path, found: &mut found }.deserialize(&mut json);
        found.filter(|text| is_plain(text))
    })
}

/// Returns whether the text is just an identifier, without anything that breaks or reorders a line.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_LETTERS
        && text.bytes().all(|letter| letter.is_ascii_graphic())
}

/// Walks down a path and stores the text at its end. A number is returned instead, because only the
/// caller knows whether it was read completely.
struct Seek<'a> {
    path: &'a [String],
    found: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let Some((wanted, rest)) = self.path.split_first() else {
            while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(None);
        };
        let mut last = None;
        while let Some(name) = members.next_key::<String>()? {
            *self.found = last.take().or(self.found.take());
            if name == *wanted {
                last = members.next_value_seed(Seek { path: rest, found: &mut *self.found })?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        *self.found = last.or(self.found.take());
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        if self.path.is_empty() {
            // Limited here, so that no long text is copied.
            *self.found = (text.len() <= MAX_LETTERS).then(|| text.to_owned());
        }
        Ok(None)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(self.path.is_empty().then(|| number.to_string()))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_protocol_is_found_in_whatever_came() {
        let long = format!(r#"{{"data":{{"id":"{}"}}}}"#, "7".repeat(65));
        let deep = format!(r#"{{"data":{}7"#, r#"{"id":"#.repeat(10_000));
        let cases = [
            (r#"{"data":{"id":"20221117000042"}}"#, Some("20221117000042")),
            (r#"{"erro":"?","data":{"titulo":{"x":[1]},"id":132508,"n":null}}"#, Some("132508")),
            ("\u{feff}{\"data\":{\"id\":7}}", Some("7")),
            // The body breaks off after, inside and before the number.
            (r#"{"data":{"id":132508,"titulo":"Sem"#, Some("132508")),
            (r#"{"data":{"id":"132508","#, Some("132508")),
            (r#"{"data":{"id":"132508""#, Some("132508")),
            (r#"{"data":{"id":132508}"#, Some("132508")),
            (r#"{"data":{"id":1325"#, None),
            (r#"{"data":{"id":"1325"#, None),
            (r#"{"data":{"id""#, None),
            // A name comes twice: the last one counts.
            (r#"{"data":{"id":1,"id":2}}"#, Some("2")),
            (r#"{"id":1,"data":[{"id":1}]}"#, None),
            (r#"{"data":7}"#, None),
            (r#"{"data":{"id":null}}"#, None),
            (r#"{"data":{"id":true}}"#, None),
            (r#"{"data":{"id":-7}}"#, None),
            (r#"{"data":{"id":7.5}}"#, None),
            (r#"{"data":{"id":[7]}}"#, None),
            (r#"{"data":{"id":{"id":7}}}"#, None),
            (r#"{"data":{"id":""}}"#, None),
            (r#"{"data":{"id":"a b"}}"#, None),
            (r#"{"data":{"id":"7\u0007"}}"#, None),
            (r#"{"data":{"id":"7\u202e"}}"#, None),
            (&long, None),
            (&deep, None),
            ("<html>", None),
            ("", None),
        ];
        for (body, expect) in cases {
            assert_eq!(read("/data/id", body.as_bytes()).as_deref(), expect, "body {body:.60}");
        }
        assert_eq!(read("/a~1b", br#"{"a/b":"x"}"#).as_deref(), Some("x"));
        assert_eq!(read("/id", b"{\"id\":\"\xff\"}"), None);
    }
}
