//! Turns one entry of a HAR document into an [`Exchange`].
//!
//! HAR keeps a body as the text that a browser made of it: joined, decompressed and in UTF-8. So
//! codings in the headers are undone only if the document has bytes that are still encoded.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::value::RawValue;

use super::{CODED, JSON, NO_MEDIA_TYPE, NO_TIME, OURS};
use crate::exchange::content::Content;
use crate::exchange::read::Query;
use crate::exchange::reader::{Fault, Members, Reader, error_at, text_in, whole};
use crate::exchange::{
    Exchange, ExchangeError, ExchangeFault, FormPart, Headers, Request, Response, form, path_of_url,
};

/// Reads the entry that starts at this line and column of its file.
pub(in crate::exchange) fn read_at(
    bytes: &[u8],
    place: (usize, usize),
    max_bytes: usize,
) -> Result<Exchange<'_>, ExchangeError> {
    let read = text_in(bytes).and_then(|text| {
        let (reader, whole) = whole(text, max_bytes)?;
        reader.entry(whole)
    });
    read.map_err(|fault| error_at(bytes, place, fault))
}

/// A body in a HAR document.
#[derive(Default)]
struct Kept<'a> {
    /// The JSON value of a recording in our own format.
    body: Option<Cow<'a, RawValue>>,
    content: Content<'a>,
}

impl<'a> Reader<'a> {
    fn entry(self, whole: &'a RawValue) -> Result<Exchange<'a>, Fault> {
        let entry = self.members(whole, String::new())?;
        let ours = match entry.get(OURS) {
            Some(raw) => Some(self.members(raw, self.below(&entry, OURS))?),
            None => None,
        };
        let word = |name| match &ours {
            Some(ours) => self.optional_text(ours, name),
            None => Ok(None),
        };
        let operation = word("operation")?;
        Ok(Exchange {
            at: self.optional_text(&entry, "startedDateTime")?.filter(|at| at != NO_TIME),
            origin: word("origin")?,
            source: word("source")?,
            request: self.asked(&entry, operation.is_some(), word("request_body")?.as_deref())?,
            response: self.answered(&entry, word("response_body")?.as_deref())?,
            operation,
        })
    }

    fn asked(
        self,
        entry: &Members<'a>,
        is_named: bool,
        was: Option<&str>,
    ) -> Result<Request<'a>, Fault> {
        let raw = self.required(entry, "request", "an object")?;
        let members = self.members(raw, self.below(entry, "request"))?;
        let text = |name| {
            self.optional_text(&members, name)?
                .ok_or_else(|| self.missing(&members, name, "a string"))
        };
        let url = text("url")?;
        let (path, query) = path_and_query(&url, is_named);
        let query = match query {
            Some(query) => grouped(form::pairs(query)),
            // Programs differ on whether these are still escaped, so the URL takes precedence.
            None => grouped(self.named_values(&members, "queryString")?.into_iter()),
        };
        let mut headers = self.header_list(&members)?;
        let mut kept = Kept::default();
        if let Some(raw) = members.get("postData") {
            let data = self.members(raw, self.below(&members, "postData"))?;
            self.add_media_type(&data, &mut headers)?;
            kept = self.kept(&data, &mut headers, was)?;
            kept.content = self.sent(&data, kept.content, &headers)?;
        }
        let Kept { body, content: Content { text: body_text, form, base64, unreadable } } = kept;
        let method = text("method")?;
        let path = path.to_owned().into();
        Ok(Request {
            method,
            path,
            query,
            headers,
            body,
            form,
            text: body_text,
            base64,
            unreadable,
        })
    }

    /// Returns the body that was sent: the text has the pairs as sent, the list of parts has more
    /// about files.
    fn sent(
        self,
        data: &Members<'a>,
        content: Content<'a>,
        headers: &Headers<'_>,
    ) -> Result<Content<'a>, Fault> {
        let is_multipart = headers.media_type().as_deref() == Some("multipart/form-data");
        let content = content.sent(headers);
        let is_told = content.form.is_some() && !is_multipart;
        match self.parts(data)? {
            Some(parts) if !is_told && (!parts.is_empty() || data.get("text").is_none()) => {
                Ok(Content { form: Some(parts), ..Content::default() })
            }
            _ => Ok(content),
        }
    }

    fn answered(self, entry: &Members<'a>, was: Option<&str>) -> Result<Response<'a>, Fault> {
        let raw = self.required(entry, "response", "an object")?;
        let members = self.members(raw, self.below(entry, "response"))?;
        if members.get("status").is_some_and(|raw| raw.get() == "0") {
            return Err((self.offset(raw), ExchangeFault::Aborted));
        }
        let status = self.status(&members)?;
        let mut headers = self.header_list(&members)?;
        let Some(raw) = members.get("content") else {
            return Ok(Response {
                status,
                headers,
                body: None,
                text: None,
                base64: None,
                unreadable: None,
            });
        };
        let content = self.members(raw, self.below(&members, "content"))?;
        self.add_media_type(&content, &mut headers)?;
        let kept = self.kept(&content, &mut headers, was)?;
        let Kept { body, content: Content { text, base64, unreadable, .. } } = kept;
        Ok(Response { status, headers, body, text, base64, unreadable })
    }

    /// Returns the body in `text`; `was` is the kind of body in a recording of prumo's.
    fn kept(
        self,
        members: &Members<'a>,
        headers: &mut Headers<'a>,
        was: Option<&str>,
    ) -> Result<Kept<'a>, Fault> {
        let Some(text) = self.optional_text(members, "text")? else {
            return Ok(Kept::default());
        };
        let pointer = || self.below(members, "text");
        let at = members.get("text").map_or(0, |raw| self.offset(raw));
        let is_base64 = self.optional_text(members, "encoding")?.as_deref() == Some("base64");
        let content = match was {
            Some(JSON) => {
                let expected = "JSON";
                let body = RawValue::from_string(text.into_owned()).map_err(|_| {
                    (at, ExchangeFault::Unexpected { pointer: pointer(), expected })
                })?;
                return Ok(Kept { body: Some(Cow::Owned(body)), ..Kept::default() });
            }
            Some(CODED) if is_base64 => Content::of_base64(text, headers, self.max_bytes),
            _ if is_base64 => Content::of_kept_bytes(text, headers, self.max_bytes),
            _ => Ok(Content { text: Some(text), ..Content::default() }),
        };
        let content = content.map_err(|fault| (at, fault.at(pointer())))?;
        Ok(Kept { body: None, content })
    }

    /// Returns a list of `{name, value}`, or `None` if it is missing.
    fn named_values(
        self,
        members: &Members<'a>,
        name: &str,
    ) -> Result<Vec<(String, String)>, Fault> {
        let list = self.list(members, name)?;
        let pairs =
            list.iter().map(|item| Ok((self.word(item, "name")?, self.word(item, "value")?)));
        pairs.collect()
    }

    /// Returns the headers without the pseudo-headers of HTTP/2.
    fn header_list(self, members: &Members<'a>) -> Result<Headers<'a>, Fault> {
        let pairs = self.named_values(members, "headers")?.into_iter();
        let entries = pairs.filter(|(name, _)| !name.starts_with(':'));
        let entries = entries.map(|(name, value)| (name.into(), value.into())).collect();
        Ok(Headers { entries, ..Headers::default() })
    }

    /// Returns the parts of a form, or `None` if the document has no such list.
    fn parts(self, data: &Members<'a>) -> Result<Option<Vec<FormPart<'a>>>, Fault> {
        if data.get("params").is_none() {
            return Ok(None);
        }
        let mut parts = Vec::new();
        for part in self.list(data, "params")? {
            let name = self.word(&part, "name")?.into();
            parts.push(match self.optional_text(&part, "fileName")? {
                Some(file) => FormPart::File {
                    name,
                    file,
                    content_type: self.optional_text(&part, "contentType")?,
                    bytes: part.get("_bytes").and_then(|raw| raw.get().parse().ok()),
                },
                None => FormPart::Text { name, value: self.word(&part, "value")?.into() },
            });
        }
        Ok(Some(parts))
    }

    fn list(self, members: &Members<'a>, name: &str) -> Result<Vec<Members<'a>>, Fault> {
        let Some(raw) = members.get(name) else {
            return Ok(Vec::new());
        };
        let pointer = self.below(members, name);
        let items: Vec<&RawValue> = serde_json::from_str(raw.get())
            .map_err(|_| self.unexpected(raw, pointer.clone(), "a list"))?;
        let items = items.into_iter().enumerate();
        items.map(|(index, raw)| self.members(raw, format!("{pointer}/{index}"))).collect()
    }

    fn word(self, members: &Members<'a>, name: &str) -> Result<String, Fault> {
        Ok(self.optional_text(members, name)?.unwrap_or_default().into_owned())
    }

    /// Adds the media type of a body to headers without one.
    fn add_media_type(self, members: &Members<'a>, headers: &mut Headers<'a>) -> Result<(), Fault> {
        let media_type = self.optional_text(members, "mimeType")?;
        let media_type = media_type.filter(|text| !text.is_empty() && text != NO_MEDIA_TYPE);
        if let (Some(media_type), None) = (media_type, headers.get("content-type")) {
            headers.is_media_type_alone = headers.entries.is_empty();
            headers.entries.push(("content-type".into(), media_type));
        }
        Ok(())
    }
}

/// Splits a URL: `https://host/a/b?c=d#e` → `/a/b`, `c=d`.
fn path_and_query(url: &str, is_named: bool) -> (&str, Option<&str>) {
    let url = url.split('#').next().unwrap_or_default();
    let (before, query) = match url.split_once('?') {
        Some((before, query)) => (before, Some(query)),
        None => (url, None),
    };
    // A recording that names its operation needs no path.
    (path_of_url(before).unwrap_or(if is_named { "" } else { "/" }), query)
}

/// Returns the values of each name, in the order of the first occurrences.
fn grouped<'a>(pairs: impl Iterator<Item = (String, String)>) -> Query<'a> {
    let mut query: Query<'a> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (name, value) in pairs {
        let known = places.get(&name).and_then(|&place| query.get_mut(place));
        match known {
            Some((_, values)) => values.push(value.into()),
            None => {
                places.insert(name.clone(), query.len());
                query.push((name.into(), vec![value.into()]));
            }
        }
    }
    query
}
