//! Streams a download chunk by chunk.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use crate::error::Error;
use crate::raw_response::{RawResponse, ResponseBody, ResponseContext};
use crate::transport::ResponseChunks;

/// The body of a response that is not decoded, such as a file.
///
/// It implements [`Stream`], but [`ByteStream::chunk`] and [`ByteStream::read_all`] need no other
/// crate.
pub struct ByteStream {
    head: Option<Bytes>,
    rest: Option<ResponseChunks>,
    context: ResponseContext,
}

impl ByteStream {
    pub(crate) fn new(response: RawResponse) -> Self {
        let RawResponse { context, body } = response;
        let (head, rest): (Bytes, Option<ResponseChunks>) = match body {
            ResponseBody::Read { bytes, .. } => (bytes, None),
            ResponseBody::Live { head, rest } => (head, Some(rest.into_chunks())),
        };
        Self { head: (!head.is_empty()).then_some(head), rest, context }
    }

    /// Returns the next chunk, or `None` at the end.
    ///
    /// # Errors
    ///
    /// Returns an error if the transfer breaks off or times out.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        std::future::poll_fn(|task| Pin::new(&mut *self).poll_next(task)).await.transpose()
    }

    /// Returns the rest of the body, if it has at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`ByteStream::chunk`], and one if there are more than `limit` bytes.
    pub async fn read_all(mut self, limit: usize) -> Result<Bytes, Error> {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            if chunk.len() > limit.saturating_sub(bytes.len()) {
                return Err(self.context.too_long(limit));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(head) = self.head.take() {
            return Poll::Ready(Some(Ok(head)));
        }
        let Some(rest) = &mut self.rest else {
            return Poll::Ready(None);
        };
        match std::task::ready!(rest.as_mut().poll_next(task)) {
            Some(Ok(chunk)) => Poll::Ready(Some(Ok(chunk))),
            Some(Err(error)) => {
                self.rest = None;
                Poll::Ready(Some(Err(self.context.broken(error))))
            }
            None => {
                self.rest = None;
                Poll::Ready(None)
            }
        }
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}
