//! Turns a vendor's rate limit into the moment at which each request may be sent.
//!
//! A client and all its clones share one limiter. Requests are sent in order of arrival (a fair
//! queue) and evenly spaced: with `n` requests per window, one is sent every `window / n`, which
//! keeps the limit wherever the vendor's windows start. A response that asks to wait holds all
//! requests, not only the one that got it.
//!
//! Invariant: a request waits for its place in the queue as long as it takes, but no longer for a
//! hold than its call may take. It fails as soon as that is known.

use std::collections::BTreeMap;
use std::future::Future as _;
use std::num::NonZeroU32;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use crate::clock::Clock;
use crate::table::{Operation, RateLimit};

/// The limits that a client observes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Limits {
    /// The limits in the spec.
    #[default]
    Promised,
    /// This limit, shared by all operations.
    Own(RateLimit),
    /// No limit. A response that asks to wait is still respected.
    Off,
}

/// The queues of one client.
pub(crate) struct Limiter {
    clock: Arc<dyn Clock>,
    limits: Limits,
    /// One lane per limit, shared by its operations. `None` is the lane of operations without a
    /// limit.
    lanes: BTreeMap<Option<Key>, Lane>,
}

/// The numbers of a [`RateLimit`], which can be ordered: requests, seconds.
type Key = (u32, u32);

/// A queue of requests.
struct Lane {
    /// Time from one request to the next, if there is a limit.
    spacing: Option<Duration>,
    /// Held by the next request. The lock is fair: first come, first served.
    queue: tokio::sync::Mutex<()>,
    gate: Mutex<Gate>,
    /// Wakes the requests in the queue when the vendor asks to wait.
    news: tokio::sync::Notify,
}

/// Earliest moments for the next request.
#[derive(Clone, Copy, Default)]
struct Gate {
    /// Because of the previous request.
    opens_at: Duration,
    /// Because the vendor asked to wait.
    held_until: Duration,
}

/// The time that a request waited for its turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Waited {
    pub(crate) total: Duration,
    /// The part of it for which the vendor asked.
    pub(crate) held: Duration,
}

impl Limiter {
    pub(crate) fn new(operations: &[Operation], limits: Limits, clock: Arc<dyn Clock>) -> Self {
        let keys = operations.iter().map(|operation| key(limits, operation)).chain([None]);
        let lanes = keys.map(|key| (key, Lane::new(key))).collect();
        Self { clock, limits, lanes }
    }

    /// Waits until a request of `operation` may be sent, whose call has `left` of its time.
    ///
    /// # Errors
    ///
    /// Returns how long the vendor wants no request, if that is longer than `left`.
    pub(crate) async fn turn(
        &self,
        operation: &Operation,
        left: Duration,
    ) -> Result<Waited, Duration> {
        let start = self.clock.now();
        let Some(lane) = self.lane(operation) else {
            return Ok(Waited::default());
        };
        lane.check(start, left)?;
        // Without a limit no request queues, unless the vendor asked to wait.
        if lane.spacing.is_none() && lane.take(start).is_zero() {
            return Ok(Waited::default());
        }
        let _turn = self.place(lane, left).await?;
        let mut held = Duration::ZERO;
        loop {
            let now = self.clock.now();
            lane.check(now, left.saturating_sub(held))?;
            let wait = lane.take(now);
            if wait.is_zero() {
                return Ok(Waited { total: now.saturating_sub(start), held });
            }
            let is_held = lane.gate().held_until > now;
            self.clock.sleep(wait).await;
            if is_held {
                held = held.saturating_add(self.clock.now().saturating_sub(now));
            }
        }
    }

    /// Waits for the first place in the queue.
    async fn place<'l>(
        &self,
        lane: &'l Lane,
        left: Duration,
    ) -> Result<tokio::sync::MutexGuard<'l, ()>, Duration> {
        let mut place = pin!(lane.queue.lock());
        loop {
            let mut news = pin!(lane.news.notified());
            lane.check(self.clock.now(), left)?;
            let arrived = std::future::poll_fn(|task| {
                if let Poll::Ready(turn) = place.as_mut().poll(task) {
                    return Poll::Ready(Some(turn));
                }
                news.as_mut().poll(task).map(|()| None)
            });
            if let Some(turn) = arrived.await {
                return Ok(turn);
            }
        }
    }

    /// Holds all requests for `wait`, because the vendor asked for it.
    pub(crate) fn hold(&self, operation: &Operation, wait: Duration) {
        let Some(lane) = self.lane(operation) else {
            return;
        };
        let until = self.clock.now().saturating_add(wait);
        {
            let mut gate = lane.gate();
            gate.held_until = until.max(gate.held_until);
        }
        lane.news.notify_waiters();
    }

    fn lane(&self, operation: &Operation) -> Option<&Lane> {
        // An operation outside of the table may have a limit that none in the table has.
        self.lanes.get(&key(self.limits, operation)).or_else(|| self.lanes.get(&None))
    }
}

impl Lane {
    fn new(key: Option<Key>) -> Self {
        let spacing = key.and_then(|(requests, seconds)| {
            Some(share(Duration::from_secs(seconds.into()), NonZeroU32::new(requests)?))
        });
        Self {
            spacing: spacing.filter(|spacing| !spacing.is_zero()),
            queue: tokio::sync::Mutex::new(()),
            gate: Mutex::default(),
            news: tokio::sync::Notify::new(),
        }
    }

    /// Returns the time for which the vendor wants no request, if it is longer than `left`.
    fn check(&self, now: Duration, left: Duration) -> Result<(), Duration> {
        let wait = self.gate().held_until.saturating_sub(now);
        if wait > left { Err(wait) } else { Ok(()) }
    }

    /// Takes the turn and returns zero, or returns how long to wait before trying again.
    fn take(&self, now: Duration) -> Duration {
        let mut gate = self.gate();
        let opens_at = gate.opens_at.max(gate.held_until);
        if opens_at > now {
            return opens_at - now;
        }
        if let Some(spacing) = self.spacing {
            // One at a time: a burst could share one of the vendor's windows with the requests
            // before it.
            gate.opens_at = now.saturating_add(spacing);
        }
        Duration::ZERO
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the time between two of `requests` in a `span`. It is rounded up: with three per second,
/// rounding down would send a fourth one a nanosecond before the second is over.
fn share(span: Duration, requests: NonZeroU32) -> Duration {
    let nanos = span.as_nanos().div_ceil(requests.get().into());
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

fn key(limits: Limits, operation: &Operation) -> Option<Key> {
    let limit = match limits {
        Limits::Promised => operation.rate_limit,
        Limits::Own(limit) => Some(limit),
        Limits::Off => None,
    };
    limit.map(|limit| (limit.requests, limit.seconds))
}
