//! Turns an exchange into the JSON object that [`super::read_exchange`] reads.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Exchange, FormPart, Headers};
use crate::contract::is_json;

/// An [`Exchange`] that owns its contents; it serializes to the format that the reader reads, on one
/// line and with every number as it was spelled.
#[derive(Debug, Clone, Serialize)]
pub struct OwnedExchange {
    /// The time, in RFC 3339.
    pub at: Option<String>,
    /// `live`, `observed`, `documented` or `synthetic`.
    pub origin: Option<String>,
    /// The source of the recording.
    pub source: Option<String>,
    /// The `operationId`.
    pub operation: Option<String>,
    /// The request.
    pub request: OwnedRequest,
    /// The response.
    pub response: OwnedResponse,
}

/// The request.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OwnedRequest {
    /// The method.
    pub method: String,
    /// Host and port, if they were recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The path without query.
    pub path: String,
    /// Names with a string, or with a list of strings.
    pub query: Map<String, Value>,
    /// Names with a string.
    pub headers: Map<String, Value>,
    /// The JSON body.
    #[serde(serialize_with = "on_one_line")]
    pub body: Option<Box<RawValue>>,
    /// The parts of a form.
    pub form: Option<Vec<OwnedFormPart>>,
    /// A body that is neither JSON nor a form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The bytes of the body, instead of the members above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
    /// There was, or may have been, a body that the recording does not have.
    #[serde(rename = "body_omitted", skip_serializing_if = "is_false")]
    pub is_body_omitted: bool,
}

/// The response.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OwnedResponse {
    /// The status.
    pub status: u16,
    /// Names with a string.
    pub headers: Map<String, Value>,
    /// The JSON body.
    #[serde(serialize_with = "on_one_line")]
    pub body: Option<Box<RawValue>>,
    /// A body that is not JSON.
    pub text: Option<String>,
    /// The bytes of the body, instead of the members above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
    /// There was, or may have been, a body that the recording does not have.
    #[serde(rename = "body_omitted", skip_serializing_if = "is_false")]
    pub is_body_omitted: bool,
}

impl OwnedResponse {
    /// Keeps a body that is no text.
    pub fn set_bytes(&mut self, bytes: &[u8]) {
        self.base64 = Some(STANDARD.encode(bytes));
    }
}

/// One part of a form.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum OwnedFormPart {
    /// A field with a value.
    Text {
        /// The field's name on the wire.
        name: String,
        /// Its value.
        value: String,
    },
    /// A file, without its content.
    File {
        /// The field's name on the wire.
        name: String,
        /// The file's own name.
        file: String,
        /// The media type that was sent with it.
        content_type: Option<String>,
        /// Its size in bytes.
        bytes: Option<u64>,
    },
}

impl OwnedExchange {
    /// Makes an exchange in prumo's own format: JSON is a body, not a text.
    pub fn with_json_bodies(exchange: &Exchange<'_>) -> Self {
        let mut owned = Self::from(exchange);
        let (request, response) = (&mut owned.request, &mut owned.response);
        if request.body.is_none() && request.form.is_none() {
            request.body = json_of(&mut request.text, &exchange.request.headers);
        }
        if response.body.is_none() {
            response.body = json_of(&mut response.text, &exchange.response.headers);
        }
        owned
    }
}

impl From<&Exchange<'_>> for OwnedExchange {
    fn from(exchange: &Exchange<'_>) -> Self {
        let owned = |text: &Option<Cow<'_, str>>| text.as_deref().map(str::to_owned);
        let request = &exchange.request;
        let response = &exchange.response;
        // The bytes have all contents that were read from them, and those that could not be read.
        let (is_coded, was_coded) = (request.base64.is_some(), response.base64.is_some());
        Self {
            at: owned(&exchange.at),
            origin: owned(&exchange.origin),
            source: owned(&exchange.source),
            operation: owned(&exchange.operation),
            request: OwnedRequest {
                method: request.method.to_string(),
                host: owned(&request.host),
                path: request.path.to_string(),
                query: request.query.iter().map(query_entry).collect(),
                headers: header_map(&request.headers),
                body: request.body.clone().map(Cow::into_owned),
                form: request
                    .form
                    .as_ref()
                    .filter(|_| !is_coded)
                    .map(|parts| parts.iter().map(Into::into).collect()),
                text: owned(&request.text).filter(|_| !is_coded),
                base64: owned(&request.base64),
                is_body_omitted: request.is_body_omitted,
            },
            response: OwnedResponse {
                status: response.status,
                headers: header_map(&response.headers),
                body: response.body.clone().map(Cow::into_owned),
                text: owned(&response.text).filter(|_| !was_coded),
                base64: owned(&response.base64),
                is_body_omitted: response.is_body_omitted,
            },
        }
    }
}

impl From<&FormPart<'_>> for OwnedFormPart {
    fn from(part: &FormPart<'_>) -> Self {
        match part {
            FormPart::Text { name, value } => {
                Self::Text { name: name.to_string(), value: value.to_string() }
            }
            FormPart::File { name, file, content_type, bytes } => Self::File {
                name: name.to_string(),
                file: file.to_string(),
                content_type: content_type.as_deref().map(str::to_owned),
                bytes: *bytes,
            },
        }
    }
}

fn query_entry((name, values): &(Cow<'_, str>, Vec<Cow<'_, str>>)) -> (String, Value) {
    let value = match values.as_slice() {
        [value] => Value::from(value.as_ref()),
        values => values.iter().map(AsRef::<str>::as_ref).collect(),
    };
    (name.to_string(), value)
}

/// Keeps the first value of a repeated header, which is the one that is judged.
fn header_map(headers: &Headers<'_>) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, value) in headers.iter() {
        map.entry(name).or_insert_with(|| Value::from(value));
    }
    map
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// Writes a body without the line breaks of a printer, because a line of NDJSON is one exchange.
fn on_one_line<S: Serializer>(
    body: &Option<Box<RawValue>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let has_breaks = |body: &&RawValue| body.get().contains(['\n', '\r']);
    let compacted = body.as_deref().filter(has_breaks).map(compacted);
    compacted.as_deref().or(body.as_deref()).serialize(serializer)
}

/// Returns a JSON text without the white space between its tokens. Its numbers stay as they are
/// spelled.
pub fn compacted(json: &RawValue) -> Box<RawValue> {
    let (mut in_string, mut is_escaped) = (false, false);
    let is_kept = |character: &char| {
        let is_blank = !in_string && character.is_ascii_whitespace();
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => in_string = !in_string,
            _ => (),
        }
        !is_blank
    };
    let text = json.get().chars().filter(is_kept).collect();
    RawValue::from_string(text).unwrap_or_else(|_| json.to_owned())
}

/// Takes a text that is a JSON object or list if the headers say JSON.
fn json_of(text: &mut Option<String>, headers: &Headers<'_>) -> Option<Box<RawValue>> {
    let is_json = headers.media_type().is_some_and(|kind| is_json(&kind) && !kind.contains('*'));
    let json =
        text.as_deref().filter(|text| is_json && text.trim_start().starts_with(['{', '[']))?;
    let body = RawValue::from_string(json.trim().to_owned()).ok()?;
    *text = None;
    Some(body)
}
