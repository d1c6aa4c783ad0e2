//! Completes a write with an unknown outcome without carrying it out twice.
//!
//! Invariants:
//!
//! * Nothing is sent again before a search has found nothing.
//! * While it is unknown whether the write was carried out, the error says so
//!   ([`Error::is_outcome_unknown`]), whatever happened after it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, SystemClock};
use crate::error::Error;

/// Sends a write. If its outcome is unknown, searches for the result, and sends again only if there
/// is none.
///
/// This is [`SendOrFind::run`] with its defaults: at most two attempts, and five seconds before the
/// first search.
///
/// `find` must find what `send` creates and nothing older, so mark the resource: for example, put
/// an id of your own into the title of a ticket.
///
/// **What can go wrong.** If the vendor is still processing the first request during the search, it
/// carries the request out later, and there will be two resources. The pause before the search
/// makes this rare; only a vendor with idempotency keys could rule it out. If two are worse than
/// none, do not send again: with [`SendOrFind::attempts`] of 1 the write is sent once and then only
/// searched for.
///
/// ```
/// use prumo_runtime::{Error, send_or_find};
///
/// # struct Ticket;
/// # struct Client;
/// # impl Client {
/// #     async fn open_ticket(&self, _title: &str) -> Result<Ticket, Error> { Ok(Ticket) }
/// #     async fn tickets_of_today(&self) -> Result<Vec<(String, Ticket)>, Error> { Ok(vec![]) }
/// # }
/// async fn open_once(client: &Client, alarm: u32) -> Result<Ticket, Error> {
///     let title = format!("Link down (alarm {alarm})");
///     send_or_find(
///         || client.open_ticket(&title),
///         async || {
///             let tickets = client.tickets_of_today().await?;
///             Ok(tickets.into_iter().find(|(known, _)| *known == title).map(|(_, ticket)| ticket))
///         },
///     )
///     .await
/// }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap()
/// #     .block_on(open_once(&Client, 7)).unwrap();
/// ```
///
/// # Errors
///
/// Returns the errors of [`SendOrFind::run`].
pub async fn send_or_find<T, S, F>(send: impl Fn() -> S, find: impl Fn() -> F) -> Result<T, Error>
where
    S: Future<Output = Result<T, Error>>,
    F: Future<Output = Result<Option<T>, Error>>,
{
    SendOrFind::new().run(send, find).await
}

/// Runs [`send_or_find`] with other settings.
///
/// ```
/// use std::time::Duration;
/// use prumo_runtime::SendOrFind;
///
/// let careful = SendOrFind::new().attempts(1).first_pause(Duration::from_secs(30));
/// ```
#[derive(Clone)]
#[must_use]
pub struct SendOrFind {
    attempts: u32,
    first_pause: Duration,
    clock: Arc<dyn Clock>,
}

impl SendOrFind {
    /// Allows two attempts, with a pause of five seconds before the first search.
    pub fn new() -> Self {
        Self { attempts: 2, first_pause: Duration::from_secs(5), clock: Arc::new(SystemClock) }
    }

    /// Limits how often the write is sent. 0 counts as 1.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Sets the pause before the first search. It doubles with each further one.
    pub fn first_pause(mut self, pause: Duration) -> Self {
        self.first_pause = pause;
        self
    }

    /// Replaces the clock, for tests.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sends, searches, and sends again: see [`send_or_find`].
    ///
    /// # Errors
    ///
    /// Returns the error of `send` if nothing was carried out. Otherwise it returns the first error
    /// of `send`, which says that the outcome is unknown, and [`Error::then`] is the error of the
    /// search or of a further attempt.
    pub async fn run<T, S, F>(&self, send: impl Fn() -> S, find: impl Fn() -> F) -> Result<T, Error>
    where
        S: Future<Output = Result<T, Error>>,
        F: Future<Output = Result<Option<T>, Error>>,
    {
        let first = match send().await {
            Err(error) if error.is_outcome_unknown() => error,
            known => return known,
        };
        let mut then = None;
        let mut pause = self.first_pause;
        let mut n_sent = 1;
        loop {
            self.clock.sleep(pause).await;
            pause = pause.saturating_mul(2);
            match find().await {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => {}
                Err(error) => return Err(first.followed_by(Some(error))),
            }
            // A refusal does not prove anything: the vendor may refuse the write because the first
            // one exists.
            if n_sent == self.attempts {
                return Err(first.followed_by(then));
            }
            n_sent += 1;
            match send().await {
                Ok(sent) => return Ok(sent),
                Err(error) => then = Some(error),
            }
        }
    }
}

impl Default for SendOrFind {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for SendOrFind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendOrFind")
            .field("attempts", &self.attempts)
            .field("first_pause", &self.first_pause)
            .finish_non_exhaustive()
    }
}
