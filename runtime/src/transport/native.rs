//! Time limits and an answer's chunks to sockets of our own.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response};

pub(crate) use crate::tls::Roots;

/// `https` works.
pub(crate) const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

/// The rest of a body, for a reader of its own.
pub(crate) type ResponseChunks = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>;

/// The body of an answer on its way.
pub(crate) struct Incoming(Response);

impl Incoming {
    pub(crate) fn new(response: Response) -> Self {
        Self(response)
    }

    /// The bytes that are announced.
    pub(crate) fn content_length(&self) -> Option<u64> {
        self.0.content_length()
    }

    /// The next chunk; `None` at the end.
    pub(crate) async fn chunk(&mut self) -> reqwest::Result<Option<Bytes>> {
        self.0.chunk().await
    }

    pub(crate) fn into_chunks(self) -> ResponseChunks {
        Box::pin(self.0.bytes_stream())
    }
}

/// A client that follows no redirect, sends no referer and repeats nothing by itself.
pub(crate) fn builder(connect_timeout: Duration) -> ClientBuilder {
    Client::builder()
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(connect_timeout)
}

/// The same with the limit on silence. It counts from the request's first byte on, so it is not for files.
pub(crate) fn with_stall_timeout(builder: ClientBuilder, stall_timeout: Duration) -> ClientBuilder {
    builder.read_timeout(stall_timeout)
}

/// What `sending` gives; `None` once that and `n_moved` have stood still for `stall`.
///
/// That they do is noticed at the end of a span of `stall`: after two of them at the latest.
pub(crate) async fn while_it_moves<T>(
    sending: impl Future<Output = T>,
    stall: Duration,
    n_moved: &AtomicU64,
) -> Option<T> {
    let mut sending = pin!(sending);
    loop {
        let before = n_moved.load(Ordering::Relaxed);
        match tokio::time::timeout(stall, sending.as_mut()).await {
            Ok(outcome) => return Some(outcome),
            Err(_) if n_moved.load(Ordering::Relaxed) == before => return None,
            Err(_) => {}
        }
    }
}
