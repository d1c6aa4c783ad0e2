//! Turns one entry of a HAR document into an [`Exchange`].
//!
//! HAR keeps a body as the text that a browser made of it: joined, decompressed and in UTF-8. So
//! codings in the headers are undone only if the document has bytes that are still encoded.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::value::RawValue;

use super::{CODED, FILE, HOSTLESS, JSON, NO_MEDIA_TYPE, NO_TIME, OMITTED, OURS};
use crate::contract::is_json;
use crate::exchange::content::Content;
use crate::exchange::read::Query;
use crate::exchange::reader::{Fault, Members, Reader, error_at, text_in, whole};
use crate::exchange::{
    Exchange, ExchangeError, ExchangeFault, FormPart, Headers, Request, Response, form,
    host_of_url, path_of_url,
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

impl Kept<'_> {
    /// Returns whether the document has at least one byte of the body, or a part of the form.
    fn has_bytes(&self) -> bool {
        let Content { text, form, base64, unreadable } = &self.content;
        let is_filled = |text: &Option<Cow<'_, str>>| text.as_ref().is_some_and(|t| !t.is_empty());
        self.body.is_some()
            || is_filled(text)
            || is_filled(base64)
            || unreadable.is_some()
            || form.as_ref().is_some_and(|parts| !parts.is_empty())
    }
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
        let is_hostless = ours.as_ref().is_some_and(|ours| ours.get(HOSTLESS).is_some());
        let is_named = operation.is_some();
        Ok(Exchange {
            at: self.optional_text(&entry, "startedDateTime")?.filter(|at| at != NO_TIME),
            origin: word("origin")?,
            source: word("source")?,
            request: self.asked(
                &entry,
                (is_named, is_hostless),
                word("request_body")?.as_deref(),
            )?,
            response: self.answered(&entry, word("response_body")?.as_deref())?,
            operation,
        })
    }

    fn asked(
        self,
        entry: &Members<'a>,
        (is_named, is_hostless): (bool, bool),
        was: Option<&str>,
    ) -> Result<Request<'a>, Fault> {
        let raw = self.required(entry, "request", "an object")?;
        let members = self.members(raw, self.below(entry, "request"))?;
        let text = |name| {
            self.optional_text(&members, name)?
                .ok_or_else(|| self.missing(&members, name, "a string"))
        };
        let url = text("url")?;
        let host = host_of_url(&url).map(Cow::Owned);
        let (path, query) = path_and_query(&url, is_named);
        let query = match query {
            Some(query) => grouped(form::pairs(query)),
            // Programs differ on whether these are still escaped, so the URL takes precedence.
            None => grouped(self.named_values(&members, "queryString")?.into_iter()),
        };
        let mut headers = self.header_list(&members)?;
        let mut kept = Kept::default();
        let data = match members.get("postData") {
            Some(raw) => Some(self.members(raw, self.below(&members, "postData"))?),
            None => None,
        };
        if let Some(data) = &data {
            self.add_media_type(data, &mut headers)?;
            kept = self.kept(data, &mut headers, was)?;
            kept.content = self.sent(data, kept.content, &headers)?;
        }
        let is_body_omitted = match was {
            Some(was) => was == OMITTED,
            None => !kept.has_bytes() && was_sent(&members, data.as_ref(), &headers),
        };
        if is_body_omitted {
            kept = Kept::default();
        }
        let Kept { body, content: Content { text: body_text, form, base64, unreadable } } = kept;
        let method = text("method")?;
        let path = path.to_owned().into();
        Ok(Request {
            method,
            host: host.filter(|_| !is_hostless),
            path,
            query,
            headers,
            body,
            form,
            text: body_text,
            base64,
            unreadable,
            is_body_omitted,
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
        // An empty text beside a list of parts is left out, not sent.
        let has_text = content.text.as_deref().is_none_or(|text| !text.is_empty());
        let content = content.sent(headers);
        let is_told = content.form.is_some() && has_text && !is_multipart;
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
        // Playwright writes -1, browsers write 0.
        if members.get("status").is_some_and(|raw| matches!(raw.get(), "0" | "-1")) {
            return Err((self.offset(raw), ExchangeFault::Aborted));
        }
        let status = self.status(&members)?;
        let mut headers = self.header_list(&members)?;
        let content = match members.get("content") {
            Some(raw) => Some(self.members(raw, self.below(&members, "content"))?),
            None => None,
        };
        let mut kept = Kept::default();
        if let Some(content) = &content {
            self.add_media_type(content, &mut headers)?;
            kept = self.kept(content, &mut headers, was)?;
        }
        let is_body_omitted = match was {
            Some(was) => was == OMITTED,
            // These never have a body, whatever size is said to be unknown.
            None if matches!(status, 100..=199 | 204 | 304) => false,
            None => came_unkept(&members, content.as_ref(), &kept, &headers),
        };
        if is_body_omitted {
            kept = Kept::default();
        }
        let Kept { body, content: Content { text, base64, unreadable, .. } } = kept;
        Ok(Response { status, headers, body, text, base64, unreadable, is_body_omitted })
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

/// Returns whether a request without a recorded body had one, or may have had one.
fn was_sent(request: &Members<'_>, data: Option<&Members<'_>>, headers: &Headers<'_>) -> bool {
    let size = number(request, "bodySize");
    if size > Some(0) || declared_length(headers) > 0 {
        return true;
    }
    let is_unknown = size != Some(0);
    match data {
        Some(data) => {
            let is_empty = data.get("text").is_some() || data.get("params").is_some();
            data.get(FILE).is_some() || (is_unknown && !is_empty)
        }
        // Only the media type hints at a body of unknown size.
        None => is_unknown && headers.get("content-type").is_some(),
    }
}

/// Returns whether a response had, or may have had, a body that the document has not, or only the
/// start of it.
fn came_unkept(
    response: &Members<'_>,
    content: Option<&Members<'_>>,
    kept: &Kept<'_>,
    headers: &Headers<'_>,
) -> bool {
    let Some(content) = content else {
        return number(response, "bodySize") != Some(0);
    };
    let size = number(content, "size");
    if kept.has_bytes() {
        return is_cut(kept, size, headers);
    }
    match content.get("text") {
        Some(_) => size > Some(0),
        None => {
            size != Some(0)
                || number(response, "bodySize") > Some(0)
                || declared_length(headers) > 0
                || content.get(FILE).is_some()
        }
    }
}

/// Returns whether a browser kept only the start of a JSON text: by its size it was longer.
fn is_cut(kept: &Kept<'_>, size: Option<i64>, headers: &Headers<'_>) -> bool {
    let Some(text) = kept.content.text.as_deref() else {
        return false;
    };
    let is_short = size.is_some_and(|size| size > text.len() as i64);
    is_short
        && headers.media_type().is_some_and(|kind| is_json(&kind))
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_err_and(|error| error.is_eof())
}

fn number(members: &Members<'_>, name: &str) -> Option<i64> {
    members.get(name)?.get().parse().ok()
}

/// Returns the size of the body according to the headers, or 0.
fn declared_length(headers: &Headers<'_>) -> u64 {
    headers.get("content-length").and_then(|length| length.trim().parse().ok()).unwrap_or_default()
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
