//! The bytes of an answer to what the vendor calls the thing that it made.
//!
//! Whoever created a ticket and can't read the answer needs its number, to look
//! for it or to ask for it. So it is looked for in whatever came: an answer
//! that does not fit the spec, and one that broke off behind the number.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Most letters of a protocol. Those of vendors have 20, or 32 where they are hexadecimal.
const MAX_LETTERS: usize = 64;

/// What stands at `pointer`, if it is a short text or a whole number that was read to its end.
pub(crate) fn read(pointer: &str, body: &[u8]) -> Option<String> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let path: Vec<String> =
        pointer.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~")).collect();
    let mut found = None;
    let mut json = serde_json::Deserializer::from_slice(body);
    // What is wrong with the rest of the answer is told elsewhere.
    let _ = Seek { path: &path, found: &mut found }.deserialize(&mut json);
    found.filter(|text| is_plain(text))
}

/// Nothing that could be more than a name, and nothing that turns or breaks a line.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_LETTERS && text.bytes().all(|letter| letter.is_ascii_graphic())
}

/// Walks down a path and keeps the text at its end. A number is given instead: whoever reads on
/// knows whether it was whole.
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
            // Bounded here, so that nothing long is copied.
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
            // It broke off: behind it, in it, before it.
            (r#"{"data":{"id":132508,"titulo":"Sem"#, Some("132508")),
            (r#"{"data":{"id":"132508","#, Some("132508")),
            (r#"{"data":{"id":"132508""#, Some("132508")),
            (r#"{"data":{"id":132508}"#, Some("132508")),
            (r#"{"data":{"id":1325"#, None),
            (r#"{"data":{"id":"1325"#, None),
            (r#"{"data":{"id""#, None),
            // Of a name that comes twice, the last counts.
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
