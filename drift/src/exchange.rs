//! Turns bytes into recorded exchanges: one request and its response each.
//!
//! The format is one JSON object per exchange; its keys are those of [`Exchange`], [`Request`] and
//! [`Response`], and unknown ones are ignored.
//!
//! Invariants:
//!
//! * A body is never parsed into a tree here: [`Request::body`] and [`Response::body`] are the
//!   bytes of the input.
//! * An error names line, column, JSON Pointer and the expected value, never the actual one.
//! * A broken exchange does not affect the others, see [`split`].

mod charset;
mod coding;
mod content;
pub mod foreign;
mod form;
pub mod har;
mod head;
mod members;
mod owned;
mod read;
mod reader;
mod split;

use std::borrow::Cow;

use prumo_spec::MediaType;
use serde_json::value::RawValue;

use crate::contract::Unreadable;
pub(crate) use prumo_spec::openapi::{behind_scheme, host_of_url, path_of_url};

pub(crate) use self::head::Head;
pub use self::owned::{OwnedExchange, OwnedFormPart, OwnedRequest, OwnedResponse, compacted};
pub use self::read::read_exchange;
pub use self::split::{DEFAULT_MAX_EXCHANGE_BYTES, Item, Items, split};

/// One request and its response, borrowed from the recording.
#[derive(Debug, Clone)]
pub struct Exchange<'a> {
    /// The time, as written.
    pub at: Option<Cow<'a, str>>,
    /// `live`, `observed`, `documented` or `synthetic`, as written.
    pub origin: Option<Cow<'a, str>>,
    /// The source of the recording.
    pub source: Option<Cow<'a, str>>,
    /// The `operationId`; without it, method and path identify the operation.
    pub operation: Option<Cow<'a, str>>,
    /// The request.
    pub request: Request<'a>,
    /// The response.
    pub response: Response<'a>,
}

/// The request.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The method as written; empty only if [`Exchange::operation`] is set.
    pub method: Cow<'a, str>,
    /// Host and port, in lower case and without the default port; `None` if they were not recorded.
    /// A URL without a host has its scheme and a colon (`data:`).
    pub host: Option<Cow<'a, str>>,
    /// The path without query; empty only if [`Exchange::operation`] is set.
    pub path: Cow<'a, str>,
    /// Query parameters in order, each with its values.
    pub query: Vec<(Cow<'a, str>, Vec<Cow<'a, str>>)>,
    /// The headers.
    pub headers: Headers<'a>,
    /// The JSON body; `null` in the recording means that there was no body.
    pub body: Option<Cow<'a, RawValue>>,
    /// The parts of a form, urlencoded or multipart.
    pub form: Option<Vec<FormPart<'a>>>,
    /// A body that is not recorded as JSON or form; ignored if one of these is set.
    pub text: Option<Cow<'a, str>>,
    /// The bytes of the body as sent, in base64; the other members are their contents.
    pub base64: Option<Cow<'a, str>>,
    /// The reason why the bytes of the body can't be read.
    pub unreadable: Option<Unreadable>,
    /// There was, or may have been, a body that the recording does not have.
    pub is_body_omitted: bool,
}

/// The response.
#[derive(Debug, Clone)]
pub struct Response<'a> {
    /// The status, 100 to 999.
    pub status: u16,
    /// The headers.
    pub headers: Headers<'a>,
    /// The JSON body; `null` in the recording means that there was no body, unless the headers say
    /// JSON and the recording has no `text`. Then the text is `null`.
    pub body: Option<Cow<'a, RawValue>>,
    /// A body that is not recorded as JSON; ignored if `body` is set.
    pub text: Option<Cow<'a, str>>,
    /// The bytes of the body as received, in base64; the other members are their contents.
    pub base64: Option<Cow<'a, str>>,
    /// The reason why no client can read the bytes of the body.
    pub unreadable: Option<Unreadable>,
    /// There was, or may have been, a body that the recording does not have.
    pub is_body_omitted: bool,
}

/// Headers in order; the case of names does not matter.
#[derive(Debug, Clone, Default)]
pub struct Headers<'a> {
    entries: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The only entry is the media type, which the recording has elsewhere.
    is_media_type_alone: bool,
}

/// One part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormPart<'a> {
    /// A field with a value.
    Text {
        /// The field's name on the wire.
        name: Cow<'a, str>,
        /// Its value.
        value: Cow<'a, str>,
    },
    /// A file, whose content the recording does not keep.
    File {
        /// The field's name on the wire.
        name: Cow<'a, str>,
        /// The file's own name.
        file: Cow<'a, str>,
        /// The media type that was sent with it.
        content_type: Option<Cow<'a, str>>,
        /// Its size in bytes.
        bytes: Option<u64>,
    },
}

/// An exchange that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {fault}")]
pub struct ExchangeError {
    line: usize,
    column: usize,
    fault: ExchangeFault,
}

/// The reason why an exchange could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeFault {
    /// The bytes are not UTF-8.
    #[error("invalid UTF-8")]
    NotUtf8,
    /// The text is not JSON; the sentence is the JSON reader's.
    #[error("not JSON: {0}")]
    Syntax(String),
    /// A required member is missing.
    #[error("`{pointer}` is missing, expected {expected}")]
    Missing {
        /// JSON Pointer to where it belongs.
        pointer: String,
        /// The expected value.
        expected: &'static str,
    },
    /// A member is not the expected value.
    #[error("{} is not {expected}", named(pointer))]
    Unexpected {
        /// JSON Pointer to it; empty for the exchange itself.
        pointer: String,
        /// The expected value.
        expected: &'static str,
    },
    /// A member appears twice.
    #[error("`{pointer}` appears twice")]
    Duplicate {
        /// JSON Pointer to it.
        pointer: String,
    },
    /// A body is in a coding that this reader does not support.
    #[error("`{pointer}` is in an unsupported coding: {coding}")]
    Coding {
        /// JSON Pointer to it.
        pointer: String,
        /// The coding, if it is a registered one.
        coding: &'static str,
    },
    /// A compressed body is larger than the reader's limit.
    #[error("`{pointer}` expands to more than {max_bytes} bytes")]
    Expands {
        /// JSON Pointer to it.
        pointer: String,
        /// The bound.
        max_bytes: usize,
    },
    /// The entry of a HAR document has status 0 or -1: the request was given up before a response
    /// came.
    #[error("the request was given up, so there is no response to judge")]
    Aborted,
    /// The stream is a file of another kind, and holds no recording that is read here.
    #[error("{name}, not recorded traffic")]
    Foreign {
        /// The kind, with its article.
        name: &'static str,
        /// The way to exchanges that are read here.
        remedy: &'static str,
    },
    /// The stream is UTF-16, and none of it was read.
    #[error("the text is UTF-16; save it as UTF-8")]
    Utf16,
    /// The exchange is larger than the reader's limit and was skipped.
    #[error("larger than {max_bytes} bytes")]
    TooLarge {
        /// The bound.
        max_bytes: usize,
    },
    /// A list of exchanges has a comma without an exchange before or after it.
    #[error("the list of exchanges has an extra comma")]
    ListItemMissing,
    /// The input ends inside a list of exchanges.
    #[error("the list of exchanges is not closed")]
    ListNotClosed,
    /// The reader failed; nothing after this place was read.
    #[error("failed to read: {0}")]
    Io(std::io::ErrorKind),
}

/// Names the place of a pointer; the root has no name.
fn named(pointer: &str) -> String {
    if pointer.is_empty() { "the exchange".to_owned() } else { format!("`{pointer}`") }
}

impl<'a> Exchange<'a> {
    /// Makes an exchange from a response, when only the operation of its request is known.
    pub(crate) fn of_answer(operation: &'a str, response: Response<'a>) -> Self {
        let request = Request {
            method: "".into(),
            host: None,
            path: "".into(),
            query: Vec::new(),
            headers: Headers::default(),
            body: None,
            form: None,
            text: None,
            base64: None,
            unreadable: None,
            is_body_omitted: false,
        };
        Self {
            at: None,
            origin: None,
            source: None,
            operation: Some(operation.into()),
            request,
            response,
        }
    }

    /// Returns whether HTTP gives the response no body, by the method or the status.
    pub(crate) fn is_bodiless(&self) -> bool {
        self.request.method.eq_ignore_ascii_case("HEAD")
            || matches!(self.response.status, 100..200 | 204 | 205 | 304)
    }
}

impl<'a> Response<'a> {
    /// Returns a response as a client has it, with a decompressed body.
    pub fn new(status: u16, headers: Headers<'a>, body: &'a [u8]) -> Self {
        let (text, unreadable) = match charset::text_of(body, &headers) {
            Ok(text) => (Some(text), None),
            Err(why) => (None, Some(why)),
        };
        Self { status, headers, body: None, text, base64: None, unreadable, is_body_omitted: false }
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Headers<'a> {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let entries = pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { entries, ..Self::default() }
    }
}

impl Headers<'_> {
    /// Returns the first value of the header `name`, ignoring case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(candidate, _)| candidate.eq_ignore_ascii_case(name)).map(|(_, v)| v)
    }

    /// Returns whether headers were recorded.
    pub(crate) fn are_recorded(&self) -> bool {
        !self.entries.is_empty() && !self.is_media_type_alone
    }

    /// Returns names and values as written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }

    /// Returns the media type of `content-type`, without its parameters, in lower case.
    pub fn media_type(&self) -> Option<Cow<'_, str>> {
        Some(MediaType::new(self.get("content-type")?).essence())
    }
}

impl Request<'_> {
    /// Returns the values of the query parameter `name`.
    pub fn query_values(&self, name: &str) -> Option<&[Cow<'_, str>]> {
        self.query.iter().find(|(candidate, _)| candidate == name).map(|(_, values)| &values[..])
    }
}

impl FormPart<'_> {
    /// Returns the field's name on the wire.
    pub fn name(&self) -> &str {
        match self {
            Self::Text { name, .. } | Self::File { name, .. } => name,
        }
    }
}

impl ExchangeError {
    /// Returns the line, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Returns the column in characters, from 1.
    pub fn column(&self) -> usize {
        self.column
    }

    /// Returns the reason why it could not be read.
    pub fn fault(&self) -> &ExchangeFault {
        &self.fault
    }
}

#[cfg(test)]
mod tests;
