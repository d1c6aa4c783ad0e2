//! Applies time limits, and reads a response in chunks from the machine's sockets.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response};
use tracing::Instrument as _;

pub(crate) use crate::tls::Certificates;

/// `true` if `https` works.
pub(crate) const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

/// The rest of a body as a stream.
pub(crate) type ResponseChunks = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>;

/// A response body that is being received.
pub(crate) struct Incoming(Response);

impl Incoming {
    pub(crate) fn new(response: Response) -> Self {
        Self(response)
    }

    /// Returns the announced length.
    pub(crate) fn content_length(&self) -> Option<u64> {
        self.0.content_length()
    }

    /// Returns the next chunk, or `None` at the end.
    pub(crate) async fn chunk(&mut self) -> reqwest::Result<Option<Bytes>> {
        self.0.chunk().await
    }

    pub(crate) fn into_chunks(self) -> ResponseChunks {
        Box::pin(self.0.bytes_stream())
    }
}

/// Builds a client that follows no redirect, sends no referer and never retries by itself.
pub(crate) fn builder(connect_timeout: Duration) -> ClientBuilder {
    Client::builder()
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(connect_timeout)
}

/// Adds the limit for the time without progress. It starts with the request's first byte, so it
/// does not suit files.
pub(crate) fn with_stall_timeout(builder: ClientBuilder, stall_timeout: Duration) -> ClientBuilder {
    builder.read_timeout(stall_timeout)
}

/// Awaits `sending`, and returns `None` once neither it nor `n_moved` has made progress for
/// `stall`.
///
/// Progress is checked at the end of each `stall`, so it takes two of them at most.
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

/// Runs a task to its end, whoever waits for it.
pub(crate) fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    drop(tokio::spawn(task.in_current_span()));
}
