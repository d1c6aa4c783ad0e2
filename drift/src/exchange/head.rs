//! Splits a line into its exchange without the response body, and the text of that body.
//!
//! The body is most of a line, and judging it shows whether it is JSON. If the end of the line
//! marks the end of the body, it need not be scanned first.
//!
//! Invariant: if the text is one JSON value, the line is an exchange with that body, and
//! [`read_at`](super::read::read_at) reads the same. If it is not, the line may be anything.

use std::fmt;

use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Exchange;
use super::members::{Pairs, text_of};
use super::read::of_parts;
use super::reader::text_in;

/// The text after a body that is the last member of its exchange: in lines of
/// [`OwnedExchange`](super::OwnedExchange), where a null text follows the body, and in most others.
const TAILS: [&str; 2] = [r#","text":null}}"#, "}}"];

/// An exchange whose response body has not been read yet.
#[derive(Debug)]
pub(crate) struct Head<'a> {
    /// The exchange without that body.
    pub(crate) exchange: Exchange<'a>,
    /// The body, if it is one JSON value.
    pub(crate) body: &'a str,
}

/// Returns the head of a line, or `None` if the whole line must be read.
pub(super) fn head(bytes: &[u8], max_bytes: usize) -> Option<Head<'_>> {
    let text = text_in(bytes).ok()?;
    let text = TAILS.iter().find_map(|tail| text.strip_suffix(tail))?;
    let (members, rest) = members_before("response", text)?;
    let (answer, body) = members_before("body", rest)?;
    // `null` means no body, and a text may be set although the tail has a null one.
    if body.trim() == "null" || answer.iter().any(|(name, _)| name == "text") {
        return None;
    }
    let exchange = of_parts(text, max_bytes, members, answer)?;
    Some(Head { exchange, body })
}

/// Returns the members before the member `name` of an object, and the text after that name.
fn members_before<'a>(name: &str, text: &'a str) -> Option<(Pairs<'a>, &'a str)> {
    let mut before = Before { name, members: Vec::new(), found: None };
    // Stopping in the middle is an error of the parser, which is expected.
    let _ = serde_json::Deserializer::from_str(text).deserialize_map(&mut before);
    let name = before.found?.get();
    let end = (name.as_ptr() as usize).checked_sub(text.as_ptr() as usize)? + name.len();
    let behind = text.get(end..)?.trim_start_matches([' ', '\t', '\n', '\r']);
    Some((before.members, behind.strip_prefix(':')?))
}

/// Splits an object up to the member with this name.
struct Before<'n, 'de> {
    name: &'n str,
    members: Pairs<'de>,
    /// The name as written.
    found: Option<&'de RawValue>,
}

impl<'de> Visitor<'de> for &mut Before<'_, 'de> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(written) = map.next_key::<&RawValue>()? {
            let name = text_of(written).ok_or_else(|| A::Error::custom("a broken name"))?;
            if name == self.name {
                self.found = Some(written);
                break;
            }
            self.members.push((name, map.next_value()?));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use serde_json::value::RawValue;

    use super::super::{OwnedExchange, read_exchange};
    use super::head;

    /// Returns a line with this response and the text after it.
    fn line(answer: &str, behind: &str) -> String {
        format!(
            r#"{{"request":{{"method":"GET","path":"/","body":{{"a":1}}}},"response":{answer}{behind}}}"#
        )
    }

    #[test]
    fn the_body_of_a_head_is_that_of_the_line() {
        let whole = line(r#"{"status":200,"body":{"a":[1,"}}"]}}"#, "");
        let cases = [
            ("last of all", whole.clone(), Some(r#"{"a":[1,"}}"]}"#)),
            ("before a text", line(r#"{"status":200,"body":[1],"text":null}"#, ""), Some("[1]")),
            ("with blanks", line("{\"status\": 200, \"body\" :\t{} }", ""), Some("{}")),
            (
                "a name that is escaped",
                whole.replace(r#"200,"body"#, r#"200,"b\u006fdy"#),
                Some(r#"{"a":[1,"}}"]}"#),
            ),
            (
                "an answer that is first",
                r#"{"response":{"status":200,"body":1},"operation":"a","request":{}}"#.into(),
                None,
            ),
            (
                "something behind the answer",
                line(r#"{"status":200,"body":{}}"#, r#","at":{}"#),
                None,
            ),
            (
                "something behind the body",
                line(r#"{"status":200,"body":{},"headers":{}}"#, ""),
                None,
            ),
            ("two bodies", line(r#"{"status":200,"body":{},"body":{}}"#, ""), None),
            ("two texts", line(r#"{"status":200,"text":"","body":{},"text":null}"#, ""), None),
            ("two of a name", line(r#"{"status":200,"status":200,"body":{}}"#, ""), None),
            ("two answers", line(r#"{},"response":{"status":200,"body":{}}"#, ""), None),
            ("no body", line(r#"{"status":200,"body":null}"#, ""), None),
            (
                "the body of the request",
                r#"{"response":{"status":200},"request":{"body":{}}}"#.into(),
                None,
            ),
            ("no status", line(r#"{"body":{}}"#, ""), None),
            ("no JSON", line(r#"{"status":200,"body":{1}}"#, ""), None),
            ("a bracket too many", line(r#"{"status":200,"body":{}}}"#, ""), None),
            ("a bracket too few", line(r#"{"status":200,"body":{}"#, ""), None),
            ("an answer that is a list", line(r#"[{"status":200,"body":{}}"#, ""), None),
        ];
        for (name, line, expect) in cases {
            let head = head(line.as_bytes(), 1 << 20);
            let body =
                head.as_ref().and_then(|head| serde_json::from_str::<&RawValue>(head.body).ok());
            assert_eq!(body.map(RawValue::get), expect, "case `{name}`");
            if let (Some(head), Some(body)) = (&head, body) {
                let mut exchange = head.exchange.clone();
                exchange.response.body = Some(Cow::Borrowed(body));
                let [exchange, read] =
                    [exchange, read_exchange(line.as_bytes()).unwrap()].map(|exchange| {
                        serde_json::to_string(&OwnedExchange::from(&exchange)).unwrap()
                    });
                assert_eq!(exchange, read, "case `{name}`");
            }
        }
    }
}
