//! What goes wrong on request: a fault, for which requests, and how often.
//!
//! A fault is written in one line, too (`ticket_new:cut,after,times=1`), for the
//! program's `--fault` and the control path; [`Fault`]'s `FromStr` has the grammar.

mod line;

use std::time::Duration;

use crate::chance;
use crate::change::Change;

pub use line::FaultError;

/// How many faults wait at a time; the oldest make room.
const MAX_FAULTS: usize = 1000;

/// One thing that goes wrong, with every request unless it is told otherwise.
///
/// ```
/// use std::time::Duration;
/// use prumo_standin::Fault;
///
/// // The ticket is created, and nobody hears of it: once.
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

/// What goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// The answer comes later.
    Latency(Duration),
    /// A status, with a web page.
    Status(u16),
    /// A web page with status 200.
    Page,
    /// The connection is closed before the body is read.
    CutUnread,
    /// The connection is closed in place of an answer.
    Cut,
    /// The connection is closed in the middle of the answer's body.
    CutBody,
    /// The answer is whole, and its JSON ends in the middle.
    Truncate,
    /// The answer sends the client elsewhere.
    Redirect(String),
    /// The vendor refuses, in its own way.
    Refuse(Refused),
    /// The answer leaves the contract.
    Drift(Change),
}

/// Why a vendor refuses, each in its own way: with a status, or with `erro`, `error` or `status` inside HTTP 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// The account's plan or rights do not include it.
    Forbidden,
    /// What was asked for is not there.
    NotFound,
    /// Something that was sent is not valid.
    Invalid,
    /// The token is not valid.
    Token,
    /// The token was good once.
    Expired,
    /// More requests than the vendor takes.
    TooMany,
    /// The vendor's program broke, and says where.
    Broken,
}

/// When the client may come back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum RetryAfter {
    Seconds(u64),
    /// As a date, this many seconds from now.
    Date(u64),
}

impl Fault {
    fn new(effect: Effect) -> Self {
        Self { operation: None, effect, is_after_work: false, retry_after: None, times: None, chance: None }
    }

    /// The answer comes this much later.
    #[must_use]
    pub fn latency(by: Duration) -> Self {
        Self::new(Effect::Latency(by))
    }

    /// This status with a web page, as the server in front of a vendor has it; 100 to 999.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::new(Effect::Status(status))
    }

    /// A web page with status 200.
    #[must_use]
    pub fn page() -> Self {
        Self::new(Effect::Page)
    }

    /// The connection is closed before the request's body is read.
    #[must_use]
    pub fn cut_unread() -> Self {
        Self::new(Effect::CutUnread)
    }

    /// The connection is closed in place of an answer, once the request was read.
    #[must_use]
    pub fn cut() -> Self {
        Self::new(Effect::Cut)
    }

    /// The connection is closed in the middle of the answer's body; the work is done.
    #[must_use]
    pub fn cut_body() -> Self {
        Self::new(Effect::CutBody)
    }

    /// The answer's length is right, and its JSON ends in the middle; the work is done.
    #[must_use]
    pub fn truncate() -> Self {
        Self::new(Effect::Truncate)
    }

    /// The answer sends the client to this URL (307).
    #[must_use]
    pub fn redirect(to: impl Into<String>) -> Self {
        Self::new(Effect::Redirect(to.into()))
    }

    /// The vendor refuses, in its own way.
    #[must_use]
    pub fn refuse(why: Refused) -> Self {
        Self::new(Effect::Refuse(why))
    }

    /// The answer leaves the contract.
    #[must_use]
    pub fn drift(change: Change) -> Self {
        Self::new(Effect::Drift(change))
    }

    /// With requests of this operation only, by its `operationId`.
    #[must_use]
    pub fn on(self, operation: impl Into<String>) -> Self {
        Self { operation: Some(operation.into()), ..self }
    }

    /// The operation whose requests it hits; none if it hits all.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// Only with the next so many.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Only with this share of them, from 0 to 1, drawn by the stand-in's seed.
    #[must_use]
    pub fn chance(self, share: f64) -> Self {
        Self { chance: Some(share), ..self }
    }

    /// After the work was done: what was to be created is there, though nobody is told.
    #[must_use]
    pub fn after_work(self) -> Self {
        Self { is_after_work: true, ..self }
    }

    /// With `Retry-After` in seconds.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(RetryAfter::Seconds(wait.as_secs())), ..self }
    }

    /// With `Retry-After` as the date which it is then.
    #[must_use]
    pub fn retry_after_date(self, wait: Duration) -> Self {
        Self { retry_after: Some(RetryAfter::Date(wait.as_secs())), ..self }
    }
}

/// The faults that wait.
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

    /// The faults that hit a request of this operation; each counts one time less from now on.
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
