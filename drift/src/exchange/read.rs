//! Turns the bytes of one JSON object into an [`Exchange`] that borrows them.
//!
//! Every level is first split into names and raw members, so the JSON reader
//! never gets to word an error about a value, and a body is only skipped over.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::content::Content;
use super::{
    DEFAULT_MAX_EXCHANGE_BYTES, Exchange, ExchangeError, ExchangeFault, FormPart, Headers, Request, Response,
};

type Query<'a> = Vec<(Cow<'a, str>, Vec<Cow<'a, str>>)>;

/// Reads one exchange from the bytes of one JSON object.
///
/// A byte order mark at the start is skipped. Line and column of an error
/// count from the start of `bytes`. A compressed body may expand to
/// [`DEFAULT_MAX_EXCHANGE_BYTES`].
///
/// # Errors
///
/// An [`ExchangeError`] for the first member that is missing or is not what
/// it must be, or when the bytes are no JSON object in UTF-8.
pub fn read_exchange(bytes: &[u8]) -> Result<Exchange<'_>, ExchangeError> {
    read_at(bytes, (1, 1), DEFAULT_MAX_EXCHANGE_BYTES)
}

/// The same for bytes that start at this line and column of their file.
pub(super) fn read_at(
    bytes: &[u8],
    (first_line, first_column): (usize, usize),
    max_bytes: usize,
) -> Result<Exchange<'_>, ExchangeError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    parse(bytes, max_bytes).map_err(|(offset, fault)| {
        let (line, column) = line_and_column(bytes, offset);
        let column = if line == 1 { column + first_column - 1 } else { column };
        ExchangeError { line: line + first_line - 1, column, fault }
    })
}

/// What is wrong, and at which byte.
type Fault = (usize, ExchangeFault);

fn parse(bytes: &[u8], max_bytes: usize) -> Result<Exchange<'_>, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| (error.valid_up_to(), ExchangeFault::NotUtf8))?;
    let whole: &RawValue = serde_json::from_str(text).map_err(|error| syntax(text, &error))?;
    Reader { text, max_bytes }.exchange(whole)
}

fn syntax(text: &str, error: &serde_json::Error) -> Fault {
    let line_start: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let offset = line_start + error.column().saturating_sub(1);
    let sentence = error.to_string();
    let sentence = sentence.split(" at line ").next().unwrap_or_default().to_owned();
    (offset, ExchangeFault::Syntax(sentence))
}

/// Line and column from 1; an offset inside a character counts as that character.
fn line_and_column(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = bytes.get(..offset).unwrap_or(bytes);
    let n_breaks = before.iter().filter(|&&byte| byte == b'\n').count();
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |index| index + 1);
    let line = before.get(line_start..).unwrap_or_default();
    (n_breaks + 1, String::from_utf8_lossy(line).chars().count() + 1)
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    text: &'a str,
    /// How large a compressed body may become.
    max_bytes: usize,
}

/// The members of one object, and where the object stands.
struct Members<'a> {
    pointer: String,
    object: &'a RawValue,
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> Reader<'a> {
    fn exchange(self, whole: &'a RawValue) -> Result<Exchange<'a>, Fault> {
        let members = self.members(whole, String::new())?;
        let operation = self.optional_text(&members, "operation")?;
        Ok(Exchange {
            at: self.optional_text(&members, "at")?,
            origin: self.optional_text(&members, "origin")?,
            source: self.optional_text(&members, "source")?,
            request: self.request(&members, operation.is_some())?,
            response: self.response(&members)?,
            operation,
        })
    }

    fn request(self, exchange: &Members<'a>, is_named: bool) -> Result<Request<'a>, Fault> {
        let raw = self.required(exchange, "request", "an object")?;
        let members = self.members(raw, exchange.below("request"))?;
        // An operation that is named needs neither method nor path to be found.
        let text = |name| match self.optional_text(&members, name)? {
            Some(text) => Ok(text),
            None if is_named => Ok(Cow::Borrowed("")),
            None => Err(self.missing(&members, name, "a string")),
        };
        let headers = self.headers(&members)?;
        let content = self.content(&members, &headers)?.sent(&headers);
        Ok(Request {
            method: text("method")?,
            path: text("path")?,
            query: self.query(&members)?,
            body: members.get("body").map(Cow::Borrowed),
            form: self.form(&members)?.or(content.form),
            text: content.text,
            base64: self.optional_text(&members, "base64")?,
            unreadable: content.unreadable,
            headers,
        })
    }

    fn response(self, exchange: &Members<'a>) -> Result<Response<'a>, Fault> {
        let raw = self.required(exchange, "response", "an object")?;
        let members = self.members(raw, exchange.below("response"))?;
        let expected = "an integer from 100 to 999";
        let raw = self.required(&members, "status", expected)?;
        let status = raw.get().parse::<u16>().ok().filter(|status| (100..=999).contains(status));
        let Some(status) = status else {
            return Err(self.unexpected(raw, members.below("status"), expected));
        };
        let headers = self.headers(&members)?;
        let content = self.content(&members, &headers)?;
        Ok(Response {
            status,
            body: members.get("body").map(Cow::Borrowed),
            text: content.text,
            base64: self.optional_text(&members, "base64")?,
            unreadable: content.unreadable,
            headers,
        })
    }

    /// What is in `text`, or else in `base64`.
    fn content(self, message: &Members<'a>, headers: &Headers<'_>) -> Result<Content<'a>, Fault> {
        let (name, content) = if let Some(text) = self.optional_text(message, "text")? {
            ("text", Content::of_text(text, headers, self.max_bytes))
        } else if let Some(base64) = self.optional_text(message, "base64")? {
            ("base64", Content::of_base64(&base64, headers, self.max_bytes))
        } else {
            return Ok(Content::default());
        };
        content.map_err(|fault| {
            let raw = message.get(name).unwrap_or(message.object);
            (self.offset(raw), fault.at(message.below(name)))
        })
    }

    fn query(self, request: &Members<'a>) -> Result<Query<'a>, Fault> {
        let Some(raw) = request.get("query") else {
            return Ok(Vec::new());
        };
        let query = self.members(raw, request.below("query"))?;
        let mut parameters = Vec::with_capacity(query.members.len());
        for (name, raw) in &query.members {
            let pointer = || query.below(name);
            let expected = "a string or a list of strings";
            let values = if raw.get().starts_with('[') {
                let items: Vec<&RawValue> =
                    serde_json::from_str(raw.get()).map_err(|_| self.unexpected(raw, pointer(), expected))?;
                items
                    .into_iter()
                    .map(|item| text_of(item).ok_or_else(|| self.unexpected(item, pointer(), expected)))
                    .collect::<Result<Vec<_>, _>>()?
            } else {
                vec![text_of(raw).ok_or_else(|| self.unexpected(raw, pointer(), expected))?]
            };
            parameters.push((name.clone(), values));
        }
        Ok(parameters)
    }

    fn headers(self, message: &Members<'a>) -> Result<Headers<'a>, Fault> {
        let Some(raw) = message.get("headers") else {
            return Ok(Headers::default());
        };
        let headers = self.members(raw, message.below("headers"))?;
        let mut entries = Vec::with_capacity(headers.members.len());
        for (name, raw) in &headers.members {
            let value = text_of(raw).ok_or_else(|| self.unexpected(raw, headers.below(name), "a string"))?;
            entries.push((name.clone(), value));
        }
        Ok(Headers { entries })
    }

    fn form(self, request: &Members<'a>) -> Result<Option<Vec<FormPart<'a>>>, Fault> {
        let Some(raw) = request.get("form") else {
            return Ok(None);
        };
        let pointer = request.below("form");
        let items: Vec<&RawValue> = serde_json::from_str(raw.get())
            .map_err(|_| self.unexpected(raw, pointer.clone(), "a list of parts"))?;
        let parts = items.into_iter().enumerate();
        parts
            .map(|(index, raw)| self.form_part(raw, format!("{pointer}/{index}")))
            .collect::<Result<Vec<_>, _>>()
            .map(Some)
    }

    fn form_part(self, raw: &'a RawValue, pointer: String) -> Result<FormPart<'a>, Fault> {
        let part = self.members(raw, pointer)?;
        let name =
            self.optional_text(&part, "name")?.ok_or_else(|| self.missing(&part, "name", "a string"))?;
        if let Some(value) = self.optional_text(&part, "value")? {
            return Ok(FormPart::Text { name, value });
        }
        let Some(file) = self.optional_text(&part, "file")? else {
            return Err(self.missing(&part, "value", "a string, or else `file`"));
        };
        let bytes = match part.get("bytes") {
            None => None,
            Some(raw) => Some(
                raw.get()
                    .parse::<u64>()
                    .map_err(|_| self.unexpected(raw, part.below("bytes"), "a count of bytes"))?,
            ),
        };
        let content_type = self.optional_text(&part, "content_type")?;
        Ok(FormPart::File { name, file, content_type, bytes })
    }

    /// Splits an object into its members.
    fn members(self, raw: &'a RawValue, pointer: String) -> Result<Members<'a>, Fault> {
        let mut reader = serde_json::Deserializer::from_str(raw.get());
        let Ok(members) = reader.deserialize_map(Split) else {
            return Err(self.unexpected(raw, pointer, "an object"));
        };
        let members = Members { pointer, object: raw, members };
        let mut names: Vec<&str> = members.members.iter().map(|(name, _)| &**name).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair.first() == pair.last()) {
            Some(pair) => {
                let name = pair.first().copied().unwrap_or_default();
                let last = members.members.iter().rev().find(|(other, _)| other == name);
                let at = last.map_or(raw, |(_, raw)| raw);
                let pointer = members.below(name);
                Err((self.offset(at), ExchangeFault::Duplicate { pointer }))
            }
            None => Ok(members),
        }
    }

    fn optional_text(self, members: &Members<'a>, name: &str) -> Result<Option<Cow<'a, str>>, Fault> {
        let Some(raw) = members.get(name) else {
            return Ok(None);
        };
        match text_of(raw) {
            Some(text) => Ok(Some(text)),
            None => Err(self.unexpected(raw, members.below(name), "a string")),
        }
    }

    fn required(
        self,
        members: &Members<'a>,
        name: &str,
        expected: &'static str,
    ) -> Result<&'a RawValue, Fault> {
        members.get(name).ok_or_else(|| self.missing(members, name, expected))
    }

    fn missing(self, members: &Members<'a>, name: &str, expected: &'static str) -> Fault {
        let pointer = members.below(name);
        (self.offset(members.object), ExchangeFault::Missing { pointer, expected })
    }

    fn unexpected(self, raw: &RawValue, pointer: String, expected: &'static str) -> Fault {
        (self.offset(raw), ExchangeFault::Unexpected { pointer, expected })
    }

    /// Where in the text a member stands; it is a slice of it.
    fn offset(self, raw: &RawValue) -> usize {
        (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }
}

impl<'a> Members<'a> {
    /// The member, unless it is missing or null, which mean the same here.
    fn get(&self, name: &str) -> Option<&'a RawValue> {
        let (_, raw) = self.members.iter().find(|(candidate, _)| candidate == name)?;
        (raw.get() != "null").then_some(*raw)
    }

    fn below(&self, name: &str) -> String {
        crate::document::below(&self.pointer, &crate::mask::safe_name(name))
    }
}

/// The text of a JSON string, borrowed when nothing in it is escaped.
fn text_of(raw: &RawValue) -> Option<Cow<'_, str>> {
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        return serde_json::from_str(raw.get()).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inner))
}

/// Takes an object apart without looking into its members.
struct Split;

impl<'de> Visitor<'de> for Split {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((name, raw)) = map.next_entry::<&RawValue, &RawValue>()? {
            let name = text_of(name).ok_or_else(|| serde::de::Error::custom("a broken name"))?;
            members.push((name, raw));
        }
        Ok(members)
    }
}
