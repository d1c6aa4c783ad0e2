//! Sends a call that is set up, and reads the response in the way that its operation promises.

use std::fmt;

use bytes::Bytes;
use reqwest::Request;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use serde::de::DeserializeOwned;

use crate::by_status::{ByStatus, Way, is_status};
use crate::envelope::decode_early;
use crate::error::Error;
use crate::inner::Inner;
use crate::job::{Job, ReadMode};
use crate::pipeline::{self, Sent};
use crate::raw_response::ResponseContext;
use crate::response::{ResponseValue, Unread};
use crate::stream::ByteStream;

/// A call that is ready to be sent, or the error that prevents it.
pub struct Ready<'c> {
    pub(super) inner: &'c Inner,
    pub(super) name: &'static str,
    pub(super) job: Result<Job, Error>,
}

impl Ready<'_> {
    /// Overrides the media type of the body.
    #[must_use]
    pub fn content_type(mut self, content_type: &'static str) -> Self {
        if let Ok(job) = &mut self.job {
            job.request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        self
    }

    /// Returns the request with placeholders for the path secrets and without any credential. It
    /// lacks the body of a form, which each attempt builds anew.
    ///
    /// # Errors
    ///
    /// Returns the error that prevents the call.
    pub fn request(&self) -> Result<&Request, &Error> {
        self.job.as_ref().map(|job| &job.request)
    }

    /// Sends the call and decodes the response as JSON.
    ///
    /// # Errors
    ///
    /// Returns any error that a call of an operation can fail with.
    pub async fn read<T: DeserializeOwned + Send + 'static>(
        self,
    ) -> Result<ResponseValue<T>, Error> {
        let mut job = self.job?;
        job.read_mode = ReadMode::Whole(Some(decode_early::<T>));
        ResponseValue::from_sent(pipeline::send(self.inner, job).await?).await
    }

    /// Sends the call and reads the response to its end without decoding it.
    pub(crate) async fn opened(self) -> Result<(ResponseContext, Bytes), Error> {
        let Sent { response, ending } = pipeline::send(self.inner, self.job?).await?;
        ending.end(response.open().await.map(|(context, bytes, _)| (context, bytes)))
    }

    /// Sends the call and returns the response undecoded: a download, or a response without a
    /// promised body.
    ///
    /// # Errors
    ///
    /// Returns any error that a call of an operation can fail with.
    pub async fn unread<T>(self) -> Result<ResponseValue<T>, Error>
    where
        ResponseValue<T>: Unread,
    {
        let mut job = self.job?;
        job.read_mode = ReadMode::Streamed;
        job.request.headers_mut().remove(ACCEPT);
        let Sent { response, ending } = pipeline::send(self.inner, job).await?;
        ending.end(Ok(ResponseValue::unread(response)))
    }

    /// Sends the call as one whose answer may be JSON, and returns the response undecoded.
    ///
    /// # Errors
    ///
    /// Returns any error that a call of an operation can fail with.
    pub async fn undecoded(self, has_bytes: bool) -> Result<ResponseValue<ByteStream>, Error> {
        self.in_way(has_bytes, |_, _| Way::bytes(|bytes| bytes)).await
    }

    /// Sends the call and reads the response in the way of its status and media type.
    ///
    /// # Errors
    ///
    /// Returns any error that a call of an operation can fail with.
    pub async fn by_status<T: ByStatus>(self) -> Result<ResponseValue<T>, Error> {
        self.in_way(T::HAS_BYTES, T::way).await
    }

    /// Sends the call and decodes the response as JSON, except for a status of `empty`, which
    /// promises no body.
    ///
    /// # Errors
    ///
    /// Returns any error that a call of an operation can fail with.
    pub async fn optional<T: DeserializeOwned + Send + 'static>(
        self,
        empty: &'static [&'static str],
    ) -> Result<ResponseValue<Option<T>>, Error> {
        let way = |status, _: &str| match empty.iter().any(|key| is_status(key, status)) {
            true => Way::empty(None),
            false => Way::json(Some),
        };
        self.in_way(false, way).await
    }

    async fn in_way<T: 'static>(
        self,
        has_bytes: bool,
        way: impl FnOnce(u16, &str) -> Way<T>,
    ) -> Result<ResponseValue<T>, Error> {
        let mut job = self.job?;
        job.read_mode = ReadMode::Streamed;
        if has_bytes {
            job.request.headers_mut().remove(ACCEPT);
        }
        let Sent { response, ending } = pipeline::send(self.inner, job).await?;
        let media = response.headers().get(CONTENT_TYPE).and_then(|media| media.to_str().ok());
        let way = way(response.status().as_u16(), media.unwrap_or_default());
        ending.end(ResponseValue::in_way(response, way).await)
    }
}

impl fmt::Debug for Ready<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").field("name", &self.name).finish_non_exhaustive()
    }
}
