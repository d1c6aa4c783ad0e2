//! What happens in calls, told to whoever wants to count or watch it.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::error::Error;
use crate::table::Operation;

/// Watches the calls of a client, for metrics or to find drift in production.
///
/// Methods are called on the task that makes the call, so they must be quick
/// and must not block. All of them do nothing unless they are written.
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
    /// An attempt ended: with an answer, or without one.
    fn attempt(&self, _attempt: &Attempt<'_>) {}

    /// An answer was read to its end, a refusal too. Not called for downloads,
    /// nor for the logins that a client makes by itself: those hold a token.
    fn answer(&self, _answer: &Answer<'_>) {}

    /// A call ended, after its last attempt.
    fn call(&self, _call: &CallEnd<'_>) {}
}

/// One attempt of a call.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The operation as its spec promises it.
    pub operation: &'a Operation,
    /// Which attempt of its call this was, from 1.
    pub number: u32,
    /// How long the request waited for its turn before it went out.
    pub waited: Duration,
    /// From the moment it went out to the answer's last byte, or to the failure.
    pub took: Duration,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// What went wrong, if something did.
    pub error: Option<&'a Error>,
    /// The pause before the next attempt, if there is one.
    pub pause: Option<Duration>,
}

/// An answer as it came over the wire. It can hold personal data.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Answer<'a> {
    /// The operation as its spec promises it.
    pub operation: &'a Operation,
    /// The HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: &'a HeaderMap,
    /// The body, decompressed. Of a refusal no more than the limit of answers.
    pub body: &'a [u8],
}

/// A call that ended.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct CallEnd<'a> {
    /// The operation as its spec promises it.
    pub operation: &'a Operation,
    /// How many attempts were made; 0 if nothing was sent.
    pub n_attempts: u32,
    /// The whole call, waiting and pauses included.
    pub took: Duration,
    /// What went wrong, if something did.
    pub error: Option<&'a Error>,
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
            .finish()
    }
}
