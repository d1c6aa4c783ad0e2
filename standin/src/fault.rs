//! Describes a fault on request: what goes wrong, for which requests, how often.
//!
//! A fault can be written in one line (`ticket_new:cut,after,times=1`), for `--fault` and the
//! control path; `FromStr` of [`Fault`] has the grammar.

mod line;

use std::time::Duration;

use crate::chance;
use crate::change::Change;

pub use line::FaultError;

/// The limit of faults; the oldest are dropped.
const MAX_FAULTS: usize = 1000;

/// One fault; by default it hits every request.
///
/// ```
/// use std::time::Duration;
/// use prumo_standin::Fault;
///
/// // Once, a ticket is created and the client gets no answer.
/// let lost = Fault::cut().after_work().on("ticket_new").times(1);
/// assert_eq!(lost, "ticket_new:cut,after,times=1".parse()?);
///
/// let busy = Fault::status(429).retry_after(Duration::from_secs(2)).times(3);
/// assert_eq!(busy, "status=429,retry-after=2,times=3".parse()?);
/// # Ok::<(), prumo_standin::FaultError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub(crate) operation: Option<String>,
    pub(crate) effect: Effect,
    pub(crate) is_after_work: bool,
    pub(crate) retry_after: Option<RetryAfter>,
    pub(crate) times: Option<u64>,
    pub(crate) chance: Option<f64>,
}

/// The effect of a fault.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// Delays the answer.
    Latency(Duration),
    /// Answers with a status and a web page.
    Status(u16),
    /// Answers with a web page and status 200.
    Page,
    /// Closes the connection before the body is read.
    CutUnread,
    /// Closes the connection in place of an answer.
    Cut,
    /// Closes the connection in the middle of the answer's body.
    CutBody,
    /// Sends a complete answer whose JSON ends in the middle.
    Truncate,
    /// Redirects the client.
    Redirect(String),
    /// Refuses in the vendor's own way.
    Refuse(Refused),
    /// Makes the answer drift.
    Drift(Change),
}

/// The reason of a refusal on request; each vendor words it with a status, or within HTTP 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// The account's plan or permissions forbid it.
    Forbidden,
    /// The record does not exist.
    NotFound,
    /// An argument is invalid.
    Invalid,
    /// The token is invalid.
    Token,
    /// The token has expired.
    Expired,
    /// The rate limit is exceeded.
    TooMany,
    /// The vendor's program crashed.
    Broken,
}

/// The value of `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum RetryAfter {
    Seconds(u64),
    /// A date, this many seconds from now.
    Date(u64),
}

impl Fault {
    fn new(effect: Effect) -> Self {
        Self {
            operation: None,
            effect,
            is_after_work: false,
            retry_after: None,
            times: None,
            chance: None,
        }
    }

    /// Delays the answer.
    #[must_use]
    pub fn latency(by: Duration) -> Self {
        Self::new(Effect::Latency(by))
    }

    /// Answers with a status from 100 to 999 and the web page of a server in front.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::new(Effect::Status(status))
    }

    /// Answers with a web page and status 200.
    #[must_use]
    pub fn page() -> Self {
        Self::new(Effect::Page)
    }

    /// Closes the connection before the request's body is read.
    #[must_use]
    pub fn cut_unread() -> Self {
        Self::new(Effect::CutUnread)
    }

    /// Closes the connection in place of an answer, after the request was read.
    #[must_use]
    pub fn cut() -> Self {
        Self::new(Effect::Cut)
    }

    /// Closes the connection in the middle of the answer's body; the work is done.
    #[must_use]
    pub fn cut_body() -> Self {
        Self::new(Effect::CutBody)
    }

    /// Sends a complete answer whose JSON ends in the middle; the work is done.
    #[must_use]
    pub fn truncate() -> Self {
        Self::new(Effect::Truncate)
    }

    /// Redirects the client to a URL (307).
    #[must_use]
    pub fn redirect(to: impl Into<String>) -> Self {
        Self::new(Effect::Redirect(to.into()))
    }

    /// Refuses in the vendor's own way.
    #[must_use]
    pub fn refuse(why: Refused) -> Self {
        Self::new(Effect::Refuse(why))
    }

    /// Makes the answer drift.
    #[must_use]
    pub fn drift(change: Change) -> Self {
        Self::new(Effect::Drift(change))
    }

    /// Limits the fault to an operation, by its `operationId`.
    #[must_use]
    pub fn on(self, operation: impl Into<String>) -> Self {
        Self { operation: Some(operation.into()), ..self }
    }

    /// Returns the operation that the fault is limited to.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// Limits the fault to a number of requests.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Limits the fault to a share of the requests, from 0 to 1, drawn by the stand-in's seed.
    #[must_use]
    pub fn chance(self, share: f64) -> Self {
        Self { chance: Some(share), ..self }
    }

    /// Applies the fault after the work: a record is created, and the client does not learn of it.
    #[must_use]
    pub fn after_work(self) -> Self {
        Self { is_after_work: true, ..self }
    }

    /// Adds `Retry-After` in seconds.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(RetryAfter::Seconds(wait.as_secs())), ..self }
    }

    /// Adds `Retry-After` as a date.
    #[must_use]
    pub fn retry_after_date(self, wait: Duration) -> Self {
        Self { retry_after: Some(RetryAfter::Date(wait.as_secs())), ..self }
    }
}

/// The faults that have hits left.
#[derive(Default)]
pub(crate) struct Waiting {
    faults: Vec<Fault>,
    n_drawn: u64,
}

impl Waiting {
    pub(crate) fn add(&mut self, fault: Fault) {
        if self.faults.len() >= MAX_FAULTS {
            self.faults.remove(0);
        }
        self.faults.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.faults.clear();
    }

    pub(crate) fn all(&self) -> Vec<Fault> {
        self.faults.clone()
    }

    /// Returns the faults that hit a request of an operation, and counts the hits.
    pub(crate) fn hit(&mut self, operation: Option<&str>, seed: u64) -> Vec<Fault> {
        let mut hit = Vec::new();
        for fault in &mut self.faults {
            let is_its = fault.operation.as_deref().is_none_or(|wanted| Some(wanted) == operation);
            if !is_its || fault.times == Some(0) {
                continue;
            }
            if let Some(share) = fault.chance {
                self.n_drawn += 1;
                if chance::fraction(seed, &format!("fault/{}", self.n_drawn)) >= share {
                    continue;
                }
            }
            fault.times = fault.times.map(|times| times - 1);
            hit.push(fault.clone());
        }
        self.faults.retain(|fault| fault.times != Some(0));
        hit
    }
}
