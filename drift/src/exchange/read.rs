//! Turns the bytes of one JSON object into an [`Exchange`] that borrows them.
//!
//! Every level is first split into names and raw members, so that the JSON reader never words an
//! error about a value, and a body is only skipped.
//!
//! There are two ways. The short one scans every byte once and gives up at the first fault,
//! whatever it is. Then the careful one starts again, splits level by level, and reports the fault
//! and its place. Both accept the same texts; only the splitting differs.

use std::borrow::Cow;

use prumo_spec::MediaType;
use serde::de::Deserializer as _;
use serde_json::value::RawValue;

use super::content::Content;
use super::members::{Pairs, SplitTwice, text_of};
use super::reader::{Fault, Members, Reader, error_at, text_in, whole};
use super::{
    DEFAULT_MAX_EXCHANGE_BYTES, Exchange, ExchangeError, FormPart, Headers, Request, Response,
    host_of_url,
};

/// The member of a message whose body the recording does not have.
const BODY_OMITTED: &str = "body_omitted";

pub(super) type Query<'a> = Vec<(Cow<'a, str>, Vec<Cow<'a, str>>)>;

/// Reads one exchange from the bytes of one JSON object.
///
/// A byte order mark at the start is skipped. Line and column of an error count from the start of
/// `bytes`. A compressed body may expand to [`DEFAULT_MAX_EXCHANGE_BYTES`].
///
/// # Errors
///
/// Returns an [`ExchangeError`] for the first member that is missing or wrong, or if the bytes are
/// not a JSON object in UTF-8.
pub fn read_exchange(bytes: &[u8]) -> Result<Exchange<'_>, ExchangeError> {
    read_at(bytes, (1, 1), DEFAULT_MAX_EXCHANGE_BYTES)
}

/// Reads the same from bytes that start at this line and column of their file.
pub(super) fn read_at(
    bytes: &[u8],
    place: (usize, usize),
    max_bytes: usize,
) -> Result<Exchange<'_>, ExchangeError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    parse(bytes, max_bytes).map_err(|fault| error_at(bytes, place, fault))
}

fn parse(bytes: &[u8], max_bytes: usize) -> Result<Exchange<'_>, Fault> {
    let text = text_in(bytes)?;
    if let Some(exchange) = short_way(text, max_bytes) {
        return Ok(exchange);
    }
    let (reader, whole) = whole(text, max_bytes)?;
    let members = reader.members(whole, String::new())?;
    let answer = reader.required(&members, "response", "an object");
    let answer = answer.and_then(|raw| reader.members(raw, reader.below(&members, "response")));
    reader.exchange(&members, answer)
}

/// Returns the exchange, or `None` if it has a fault.
fn short_way(text: &str, max_bytes: usize) -> Option<Exchange<'_>> {
    let mut answer = None;
    let mut json = serde_json::Deserializer::from_str(text);
    let members = json.deserialize_map(SplitTwice { answer: &mut answer }).ok()?;
    json.end().ok()?;
    of_parts(text, max_bytes, members, answer?)
}

/// Returns the exchange with these members and these of its response, or `None` if one of them is
/// wrong.
pub(super) fn of_parts<'a>(
    text: &'a str,
    max_bytes: usize,
    members: Pairs<'a>,
    answer: Pairs<'a>,
) -> Option<Exchange<'a>> {
    let reader = Reader::hasty(text, max_bytes);
    let members = reader.unique(None, String::new(), members).ok()?;
    let answer = reader.unique(None, String::new(), answer).ok()?;
    reader.exchange(&members, Ok(answer)).ok()
}

impl<'a> Reader<'a> {
    fn exchange(
        self,
        members: &Members<'a>,
        answer: Result<Members<'a>, Fault>,
    ) -> Result<Exchange<'a>, Fault> {
        // An empty name counts as absent: the operation is then found by method and path.
        let operation = self.optional_text(members, "operation")?.filter(|name| !name.is_empty());
        let mut exchange = Exchange {
            at: self.optional_text(members, "at")?,
            origin: self.optional_text(members, "origin")?,
            source: self.optional_text(members, "source")?,
            request: self.request(members, operation.is_some())?,
            // Faults are reported in the order of this list.
            response: self.response(answer.as_ref().map_err(Clone::clone)?)?,
            operation,
        };
        if answer.is_ok_and(|answer| is_null_body(&exchange, &answer)) {
            exchange.response.text = Some("null".into());
        }
        Ok(exchange)
    }

    fn request(self, exchange: &Members<'a>, is_named: bool) -> Result<Request<'a>, Fault> {
        let raw = self.required(exchange, "request", "an object")?;
        let members = self.members(raw, self.below(exchange, "request"))?;
        // An operation that is named can be found without method and path.
        let text = |name| match self.optional_text(&members, name)? {
            Some(text) => Ok(text),
            None if is_named => Ok(Cow::Borrowed("")),
            None => Err(self.missing(&members, name, "a string")),
        };
        let headers = self.headers(&members)?;
        let content = self.content(&members, &headers)?.sent(&headers);
        let method = text("method")?;
        let path = text("path")?;
        let host = self.optional_text(&members, "host")?.map(lower);
        Ok(Request {
            method,
            host: host.or_else(|| host_of_url(&path).map(Cow::Owned)),
            path,
            query: self.query(&members)?,
            body: members.get("body").map(Cow::Borrowed),
            form: self.form(&members)?.or(content.form),
            text: content.text,
            base64: content.base64,
            unreadable: content.unreadable,
            is_body_omitted: self.flag(&members, BODY_OMITTED)?,
            headers,
        })
    }

    fn response(self, members: &Members<'a>) -> Result<Response<'a>, Fault> {
        let status = self.status(members)?;
        let headers = self.headers(members)?;
        let content = self.content(members, &headers)?;
        Ok(Response {
            status,
            body: members.get("body").map(Cow::Borrowed),
            text: content.text,
            base64: content.base64,
            unreadable: content.unreadable,
            is_body_omitted: self.flag(members, BODY_OMITTED)?,
            headers,
        })
    }

    /// Returns a member that is `false` if it is missing.
    fn flag(self, members: &Members<'a>, name: &str) -> Result<bool, Fault> {
        match members.get(name) {
            None => Ok(false),
            Some(raw) => raw
                .get()
                .parse()
                .map_err(|_| self.unexpected(raw, self.below(members, name), "true or false")),
        }
    }

    pub(super) fn status(self, response: &Members<'a>) -> Result<u16, Fault> {
        let expected = "an integer from 100 to 999";
        let raw = self.required(response, "status", expected)?;
        let status = raw.get().parse::<u16>().ok().filter(|status| (100..=999).contains(status));
        status.ok_or_else(|| self.unexpected(raw, self.below(response, "status"), expected))
    }

    /// Returns the content of `text`, or else of `base64`.
    fn content(self, message: &Members<'a>, headers: &Headers<'_>) -> Result<Content<'a>, Fault> {
        let (name, content) = if let Some(text) = self.optional_text(message, "text")? {
            ("text", Content::of_text(text, headers, self.max_bytes))
        } else if let Some(base64) = self.optional_text(message, "base64")? {
            ("base64", Content::of_base64(base64, headers, self.max_bytes))
        } else {
            return Ok(Content::default());
        };
        content.map_err(|fault| {
            let offset = message.get(name).or(message.object).map_or(0, |raw| self.offset(raw));
            (offset, fault.at(self.below(message, name)))
        })
    }

    fn query(self, request: &Members<'a>) -> Result<Query<'a>, Fault> {
        let Some(raw) = request.get("query") else {
            return Ok(Vec::new());
        };
        let query = self.members(raw, self.below(request, "query"))?;
        let mut parameters = Vec::with_capacity(query.members.len());
        for (name, raw) in &query.members {
            let pointer = || self.below(&query, name);
            let expected = "a string or a list of strings";
            let values = if raw.get().starts_with('[') {
                let items: Vec<&RawValue> = serde_json::from_str(raw.get())
                    .map_err(|_| self.unexpected(raw, pointer(), expected))?;
                items
                    .into_iter()
                    .map(|item| {
                        text_of(item).ok_or_else(|| self.unexpected(item, pointer(), expected))
                    })
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
        let headers = self.members(raw, self.below(message, "headers"))?;
        let mut entries = Vec::with_capacity(headers.members.len());
        for (name, raw) in &headers.members {
            let value = text_of(raw)
                .ok_or_else(|| self.unexpected(raw, self.below(&headers, name), "a string"))?;
            entries.push((name.clone(), value));
        }
        Ok(Headers { entries, ..Headers::default() })
    }

    fn form(self, request: &Members<'a>) -> Result<Option<Vec<FormPart<'a>>>, Fault> {
        let Some(raw) = request.get("form") else {
            return Ok(None);
        };
        let pointer = self.below(request, "form");
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
        let name = self
            .optional_text(&part, "name")?
            .ok_or_else(|| self.missing(&part, "name", "a string"))?;
        if let Some(value) = self.optional_text(&part, "value")? {
            return Ok(FormPart::Text { name, value });
        }
        let Some(file) = self.optional_text(&part, "file")? else {
            return Err(self.missing(&part, "value", "a string, or else `file`"));
        };
        let bytes = match part.get("bytes") {
            None => None,
            Some(raw) => Some(raw.get().parse::<u64>().map_err(|_| {
                self.unexpected(raw, self.below(&part, "bytes"), "a count of bytes")
            })?),
        };
        let content_type = self.optional_text(&part, "content_type")?;
        Ok(FormPart::File { name, file, content_type, bytes })
    }
}

/// Returns a text in lower case, borrowed if it already is.
fn lower(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => text,
    }
}

/// Returns whether the body of a response is the JSON value `null`: it is recorded as `null` and in
/// no other form, although the headers say that there is JSON.
fn is_null_body(exchange: &Exchange<'_>, answer: &Members<'_>) -> bool {
    let says_json = || {
        let content_type = exchange.response.headers.get("content-type");
        content_type.is_some_and(|kind| MediaType::new(kind).is_json())
    };
    let names = ["text", "base64"];
    answer.is_null("body")
        && !exchange.response.is_body_omitted
        && !names.iter().any(|name| answer.has(name))
        && !exchange.is_bodiless()
        && says_json()
}

#[cfg(test)]
mod tests {
    use super::{parse, short_way};

    /// Returns an exchange with these members before its response, and this response.
    fn text(members: &str, answer: &str) -> String {
        format!(
            r#"{{"request": {{"method": "GET", "path": "/"}}, {members} "response": {answer}}}"#
        )
    }

    #[test]
    fn both_ways_take_and_refuse_the_same() {
        let whole = r#"{"status": 200, "headers": {"a": "b"}, "body": {"a": [1, "\"}"]}}"#;
        let cases = [
            ("whole", text("", whole), true),
            ("no body", text("", r#"{"status": 200, "body": null}"#), true),
            ("an escaped name", text("", whole).replace("response", r"respons\u0065"), true),
            ("blanks around", format!(" \n{}\n ", text("", whole)), true),
            ("two answers", text(&format!("\"response\": {whole},"), whole), false),
            ("a name twice", text(r#""at": "1", "at": "2","#, whole), false),
            ("a name twice in the answer", text("", r#"{"status": 200, "status": 200}"#), false),
            (
                "a header twice",
                text("", r#"{"status": 200, "headers": {"a": "b", "a": "b"}}"#),
                false,
            ),
            ("an answer that is null", text("", "null"), false),
            ("an answer that is a list", text("", "[]"), false),
            ("a broken name", text(r#""\ud800": 1,"#, whole), false),
            ("something behind", format!("{} {{}}", text("", whole)), false),
            ("cut short", text("", whole).trim_end_matches('}').to_owned(), false),
            ("no object", "[]".to_owned(), false),
        ];
        for (name, text, is_taken) in cases {
            assert_eq!(
                short_way(&text, 1 << 20).is_some(),
                is_taken,
                "the short way, case `{name}`"
            );
            assert_eq!(parse(text.as_bytes(), 1 << 20).is_ok(), is_taken, "case `{name}`");
        }
    }
}
