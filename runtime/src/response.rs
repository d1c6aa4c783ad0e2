//! Holds a successful response as a typed value with its status, headers and body.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::decode::decode;
use crate::envelope::{self, Payload};
use crate::error::Error;
use crate::pipeline::Sent;
use crate::raw_response::{RawResponse, ResponseBody};
use crate::stream::ByteStream;
use crate::table::Envelope;

/// The result of a call: the value and the response that contained it.
///
/// It dereferences to the value. `Debug` shows only the status, because a response contains
/// personal data. Print the value itself if you want to see it.
pub struct ResponseValue<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    message: Option<String>,
    raw: Bytes,
    envelope: Option<&'static Envelope>,
    /// Extracted from `raw` on first use, unless it is already there.
    payload: OnceLock<Bytes>,
}

impl<T> ResponseValue<T> {
    /// Returns the value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Returns the HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the response headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the message that the vendor put into the envelope of a success.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns the response body as received. It is empty for a download.
    #[must_use]
    pub fn raw_body(&self) -> &[u8] {
        &self.raw
    }

    /// Returns the JSON text that the value was decoded from: the body without its envelope.
    #[must_use]
    pub fn raw_payload(&self) -> &[u8] {
        self.payload.get_or_init(|| envelope::payload(self.status, self.envelope, &self.raw))
    }

    /// Returns the same response with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> ResponseValue<U> {
        let Self { value, status, headers, message, raw, envelope, payload } = self;
        ResponseValue { value: change(value), status, headers, message, raw, envelope, payload }
    }
}

impl<T: DeserializeOwned + 'static> ResponseValue<T> {
    /// Reads a response to its end and decodes its payload, which ends the call.
    pub(crate) async fn from_sent(sent: Sent<'_>) -> Result<Self, Error> {
        let Sent { response, ending } = sent;
        ending.end(Self::from_response(response).await)
    }

    async fn from_response(response: RawResponse) -> Result<Self, Error> {
        let (context, raw, opened) = response.open().await?;
        let envelope = context.envelope();
        let message = opened.message.as_deref().map(|text| context.message(text));
        let (value, payload) = match opened.payload {
            Payload::Misfit(misfit) => return Err(context.misfit(misfit, &raw)),
            Payload::Value(value) => match value.downcast::<T>() {
                Ok(value) => (*value, OnceLock::new()),
                Err(_) => return Err(context.decode(None, "it was decoded as another type", &raw)),
            },
            Payload::Text(payload) => {
                // Already validated as UTF-8.
                let text = std::str::from_utf8(&payload).unwrap_or_default();
                let value = decode(text, opened.prefix).map_err(|misfit| context.misfit(misfit, &raw))?;
                (value, OnceLock::from(payload))
            }
        };
        Ok(Self { value, status: context.status, headers: context.headers, message, raw, envelope, payload })
    }
}

/// Responses that are returned undecoded: downloads, and those without a promised body.
#[doc(hidden)]
pub trait Unread: Sized {
    /// Wraps the response.
    fn unread(response: RawResponse) -> Self;
}

impl Unread for ResponseValue<()> {
    fn unread(response: RawResponse) -> Self {
        let message = response.message();
        let status = response.status();
        let envelope = response.context.envelope();
        let raw = match response.body {
            ResponseBody::Read { bytes, .. } => bytes,
            ResponseBody::Live { .. } => Bytes::new(),
        };
        let payload = OnceLock::new();
        Self { value: (), status, headers: response.context.headers, message, raw, envelope, payload }
    }
}

impl Unread for ResponseValue<ByteStream> {
    fn unread(response: RawResponse) -> Self {
        let status = response.status();
        let message = response.message();
        let headers = response.headers().clone();
        let value = ByteStream::new(response);
        Self { value, status, headers, message, raw: Bytes::new(), envelope: None, payload: OnceLock::new() }
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> AsRef<T> for ResponseValue<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

impl<T> fmt::Debug for ResponseValue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseValue").field("status", &self.status.as_u16()).finish_non_exhaustive()
    }
}
