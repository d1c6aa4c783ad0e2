//! Holds a successful response as a typed value with its status, headers and body.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::by_status::{Kind, Way};
use crate::decode::{Misfit, decode};
use crate::envelope::{self, Head, Payload};
use crate::error::Error;
use crate::pipeline::Sent;
use crate::raw_response::{RawResponse, ResponseBody};
use crate::stream::ByteStream;
use crate::weight;

/// The result of a call: the value and the response that contained it.
///
/// It dereferences to the value. `Debug` shows only the status, because a response contains
/// personal data. Print the value itself if you want to see it.
pub struct ResponseValue<T> {
    value: T,
    head: Head,
    message: Option<String>,
    raw: Bytes,
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
        self.head.status
    }

    /// Returns the response headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Returns the message that the vendor put into the envelope of a success.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns the response body, decompressed and in UTF-8 if its charset is known, otherwise as
    /// received. It is empty for a download.
    #[must_use]
    pub fn raw_body(&self) -> &[u8] {
        &self.raw
    }

    /// Returns the JSON text that the value was decoded from: the body without its envelope.
    #[must_use]
    pub fn raw_payload(&self) -> &[u8] {
        self.payload.get_or_init(|| envelope::payload(&self.head, &self.raw))
    }

    /// Returns the same response with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> ResponseValue<U> {
        let Self { value, head, message, raw, payload } = self;
        ResponseValue { value: change(value), head, message, raw, payload }
    }
}

impl<T: DeserializeOwned + 'static> ResponseValue<T> {
    /// Reads a response to its end and decodes its payload, which ends the call.
    pub(crate) async fn from_sent(sent: Sent<'_>) -> Result<Self, Error> {
        let Sent { response, ending } = sent;
        ending.end(Self::from_response(response).await)
    }

    async fn from_response(response: RawResponse) -> Result<Self, Error> {
        Self::from_json(response, |text, prefix| decode(text, prefix)).await
    }
}

impl<T: 'static> ResponseValue<T> {
    /// Reads a response in the way of its status.
    pub(crate) async fn in_way(response: RawResponse, way: Way<T>) -> Result<Self, Error> {
        match way.0 {
            Kind::Json(read) => Self::from_json(response, read).await,
            Kind::Empty(value) => Ok(Self::unopened(&response, value)),
            Kind::Bytes(wrap) => Ok(ResponseValue::<ByteStream>::unread(response).map(wrap)),
        }
    }

    /// Reads a response to its end and decodes its payload with `read`, unless it is decoded already.
    async fn from_json(
        response: RawResponse,
        read: impl FnOnce(&str, &'static str) -> Result<T, Misfit>,
    ) -> Result<Self, Error> {
        let (context, raw, opened) = response.open().await?;
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
                let limit = context.max_built_bytes();
                if weight::is_heavy(&payload, limit) {
                    return Err(context.too_heavy(&raw));
                }
                let value = weight::within(limit, || read(text, opened.prefix))
                    .ok_or_else(|| context.too_heavy(&raw))?
                    .map_err(|misfit| context.misfit(misfit, &raw))?;
                (value, OnceLock::from(payload))
            }
        };
        Ok(Self { value, head: context.head, message, raw, payload })
    }
}

impl<T> ResponseValue<T> {
    /// Returns a response without its body.
    fn unopened(response: &RawResponse, value: T) -> Self {
        let (head, message) = (response.context.head.clone(), response.message());
        Self { value, head, message, raw: Bytes::new(), payload: OnceLock::new() }
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
        let raw = match response.body {
            ResponseBody::Read { bytes, .. } => bytes,
            ResponseBody::Live { .. } => Bytes::new(),
        };
        Self { value: (), head: response.context.head, message, raw, payload: OnceLock::new() }
    }
}

impl Unread for ResponseValue<ByteStream> {
    fn unread(response: RawResponse) -> Self {
        ResponseValue::unopened(&response, ()).map(|()| ByteStream::new(response))
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
        f.debug_struct("ResponseValue")
            .field("status", &self.head.status.as_u16())
            .finish_non_exhaustive()
    }
}
