//! Reports the events of calls to observers that count or watch them.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::error::Error;
use crate::table::Operation;

/// Watches the calls of a client, for metrics or to find drift in production.
///
/// The methods are called on the task that makes the call, so they must return quickly and must not
/// block. A panic in one is caught and logged. Their default implementations do nothing.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use prumo_runtime::{Attempt, Observer};
///
/// /// Counts the attempts that had to be repeated.
/// #[derive(Clone, Default)]
/// struct Repeats(Arc<AtomicU64>);
///
/// impl Observer for Repeats {
///     fn attempt(&self, attempt: &Attempt<'_>) {
///         if attempt.pause.is_some() {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
///
/// let repeats = Repeats::default();
/// // Client::builder().observer(repeats.clone())…
/// assert_eq!(repeats.0.load(Ordering::Relaxed), 0);
/// ```
pub trait Observer: Send + Sync {
    /// Called when an attempt has ended, with or without a response.
    fn attempt(&self, _attempt: &Attempt<'_>) {}

    /// Called when a response, which may be a refusal, has been read to its end. It is called
    /// neither for downloads nor for the client's own logins, whose responses contain a token.
    fn answer(&self, _answer: &Answer<'_>) {}

    /// Called when a call has ended, after its last attempt, or when its future is dropped before.
    fn call(&self, _call: &CallEnd<'_>) {}
}

/// One attempt of a call.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The operation as promised by its spec.
    pub operation: &'a Operation,
    /// Number of the attempt within its call, starting at 1.
    pub number: u32,
    /// Time that the request waited for its turn.
    pub waited: Duration,
    /// Time from sending the request to the last byte of the response, or to the failure.
    pub took: Duration,
    /// The HTTP status, if there was a response.
    pub status: Option<u16>,
    /// The error, if the attempt failed.
    pub error: Option<&'a Error>,
    /// The pause before the next attempt, if there is one.
    pub pause: Option<Duration>,
}

/// A response as received. It can contain personal data.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Answer<'a> {
    /// The operation as promised by its spec.
    pub operation: &'a Operation,
    /// The HTTP status.
    pub status: u16,
    /// The response headers.
    pub headers: &'a HeaderMap,
    /// The body, decompressed and in UTF-8 if its charset is known. A refusal is cut at the limit for
    /// responses.
    pub body: &'a [u8],
}

/// A call that has ended.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct CallEnd<'a> {
    /// The operation as promised by its spec.
    pub operation: &'a Operation,
    /// Number of attempts, 0 if nothing was sent.
    pub n_attempts: u32,
    /// Duration of the whole call, including waiting and pauses.
    pub took: Duration,
    /// The error, if the call failed.
    pub error: Option<&'a Error>,
    /// The caller dropped the call before it ended, for example because of a time limit of its own.
    /// If an attempt was sent, its outcome is unknown.
    pub is_dropped: bool,
}

impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("operation", &self.operation.id)
            .field("number", &self.number)
            .field("waited", &self.waited)
            .field("took", &self.took)
            .field("status", &self.status)
            .field("error", &self.error)
            .field("pause", &self.pause)
            .finish()
    }
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("operation", &self.operation.id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CallEnd<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallEnd")
            .field("operation", &self.operation.id)
            .field("n_attempts", &self.n_attempts)
            .field("took", &self.took)
            .field("error", &self.error)
            .field("is_dropped", &self.is_dropped)
            .finish()
    }
}
