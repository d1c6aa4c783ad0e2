//! A write that may have been carried out, to one that was, without a second one.
//!
//! Invariants:
//!
//! * Nothing is sent again before somebody has looked and found nothing.
//! * As long as it is not known whether the write was carried out, the error says so
//!   ([`Error::is_outcome_unknown`]), whatever came after it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, SystemClock};
use crate::error::Error;

/// Sends; if nobody knows whether that was carried out, looks for it, and sends again only if it
/// is not there.
///
/// As [`SendOrFind::run`] with its defaults: twice at most, with five seconds before the first look.
///
/// `find` must find what `send` makes and nothing older, so give the thing a mark of its own: a
/// number of yours in the title of a ticket, say.
///
/// **What is left to chance.** A vendor that is still busy with the first request when it is looked
/// for will carry it out later, and there are two. The pause before the look makes that rare; only
/// a vendor that takes an idempotency key could make it impossible. Where two are worse than
/// none, do not send again: [`SendOrFind::attempts`] of 1 looks, and never sends twice.
///
/// ```
/// use prumo_runtime::{Error, send_or_find};
///
/// # struct Ticket;
/// # struct Client;
/// # impl Client {
/// #     async fn open_ticket(&self, _title: &str) -> Result<Ticket, Error> { Ok(Ticket) }
/// #     async fn tickets_of_today(&self) -> Result<Vec<(String, Ticket)>, Error> { Ok(Vec::new()) }
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
/// As [`SendOrFind::run`].
pub async fn send_or_find<T, S, F>(send: impl Fn() -> S, find: impl Fn() -> F) -> Result<T, Error>
where
    S: Future<Output = Result<T, Error>>,
    F: Future<Output = Result<Option<T>, Error>>,
{
    SendOrFind::new().run(send, find).await
}

/// [`send_or_find`] with other numbers.
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
    /// Sends twice at most, and pauses for five seconds before the first look.
    pub fn new() -> Self {
        Self { attempts: 2, first_pause: Duration::from_secs(5), clock: Arc::new(SystemClock) }
    }

    /// How often it is sent at most; 0 counts as 1.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The pause before the first look; it doubles with each further one.
    pub fn first_pause(mut self, pause: Duration) -> Self {
        self.first_pause = pause;
        self
    }

    /// Takes the time from this clock: for tests.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sends, looks, and sends again: see [`send_or_find`].
    ///
    /// # Errors
    ///
    /// What `send` fails with, if it is known that nothing was carried out. Else the first error
    /// of `send`, which says that the outcome is unknown; [`Error::then`] is what went wrong
    /// after it: the look, or a further attempt.
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
            // A refusal counts as little as a success that nobody saw: it may be refused
            // because it is there.
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
