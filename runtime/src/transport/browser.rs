//! Reads a response in chunks from the browser's `fetch`.

use std::pin::Pin;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::{Client, ClientBuilder, Response};
use tracing::Instrument as _;

use crate::error::Error;

/// `true`, because a browser always supports `https`.
pub(crate) const HAS_TLS: bool = true;

/// The rest of a body as a stream.
pub(crate) type ResponseChunks = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>>>>;

/// A response body that is being received.
pub(crate) struct Incoming(ResponseChunks);

impl Incoming {
    pub(crate) fn new(response: Response) -> Self {
        Self(Box::pin(response.bytes_stream()))
    }

    /// Returns `None`, because the announced length is that of the compressed body.
    pub(crate) fn content_length(&self) -> Option<u64> {
        None
    }

    /// Returns the next chunk, or `None` at the end.
    pub(crate) async fn chunk(&mut self) -> reqwest::Result<Option<Bytes>> {
        std::future::poll_fn(|task| self.0.as_mut().poll_next(task)).await.transpose()
    }

    pub(crate) fn into_chunks(self) -> ResponseChunks {
        self.0
    }
}

/// The certificates that a caller wants to be used, which a browser does not support.
#[derive(Clone, Default)]
pub(crate) struct Certificates {
    has_roots: bool,
    has_identity: bool,
}

impl Certificates {
    pub(crate) fn add_root(&mut self, _pem: &[u8]) {
        self.has_roots = true;
    }

    pub(crate) fn set_identity(&mut self, _pem: &[u8]) {
        self.has_identity = true;
    }

    pub(crate) fn has_roots(&self) -> bool {
        self.has_roots
    }

    pub(crate) fn has_identity(&self) -> bool {
        self.has_identity
    }

    pub(crate) fn build(&self, http: ClientBuilder, _may_speak_tls: bool) -> Result<Client, Error> {
        if self.has_identity {
            return Err(Error::invalid(
                "an identity is set, but a browser uses only its own: \
                 leave `.identity(…)` out, and install the certificate in the browser",
            ));
        }
        if self.has_roots {
            return Err(Error::invalid(
                "a root certificate is set, but a browser trusts only its own: \
                 leave `.root_certificate(…)` out, and let the browser or its system trust the authority",
            ));
        }
        http.build().map_err(|_| Error::invalid("the HTTP client can't be set up in this browser"))
    }
}

/// Builds a client. The browser applies its own time limits.
pub(crate) fn builder(_connect_timeout: Duration) -> ClientBuilder {
    Client::builder()
}

/// Returns the builder unchanged.
pub(crate) fn with_stall_timeout(
    builder: ClientBuilder,
    _stall_timeout: Duration,
) -> ClientBuilder {
    builder
}

/// Awaits `sending`, whether or not it makes progress.
pub(crate) async fn while_it_moves<T>(
    sending: impl Future<Output = T>,
    _stall: Duration,
    _n_moved: &AtomicU64,
) -> Option<T> {
    Some(sending.await)
}

/// Runs a task to its end, whoever waits for it.
pub(crate) fn spawn(task: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(task.in_current_span());
}
