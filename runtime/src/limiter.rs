//! Turns a vendor's rate limit into the moment at which each request may be sent.
//!
//! A client and all its clones share one limiter. Requests are sent in order of arrival (a fair
//! queue) and evenly spaced: with `n` requests per window, one is sent every `window / n`, which
//! keeps the limit wherever the vendor's windows start. A response that asks to wait delays all
//! requests, not only the one that got it.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    /// Earliest moment for the next request, because of the previous one or because the vendor
    /// asked to wait.
    opens_at: Mutex<Duration>,
}

impl Limiter {
    pub(crate) fn new(operations: &[Operation], limits: Limits, clock: Arc<dyn Clock>) -> Self {
        let keys = operations.iter().map(|operation| key(limits, operation)).chain([None]);
        let lanes = keys.map(|key| (key, Lane::new(key))).collect();
        Self { clock, limits, lanes }
    }

    /// Waits until a request of `operation` may be sent, and returns how long that took.
    pub(crate) async fn turn(&self, operation: &Operation) -> Duration {
        let start = self.clock.now();
        let Some(lane) = self.lane(operation) else {
            return Duration::ZERO;
        };
        // Without a limit no request queues, unless the vendor asked to wait.
        if lane.spacing.is_none() && lane.take(start).is_zero() {
            return Duration::ZERO;
        }
        let _turn = lane.queue.lock().await;
        loop {
            let wait = lane.take(self.clock.now());
            if wait.is_zero() {
                return self.clock.now().saturating_sub(start);
            }
            self.clock.sleep(wait).await;
        }
    }

    /// Delays all requests by `wait`, because the vendor asked for it.
    pub(crate) fn hold(&self, operation: &Operation, wait: Duration) {
        let Some(lane) = self.lane(operation) else {
            return;
        };
        let until = self.clock.now().saturating_add(wait);
        let mut opens_at = lane.opens_at();
        *opens_at = until.max(*opens_at);
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
            opens_at: Mutex::new(Duration::ZERO),
        }
    }

    /// Takes the turn and returns zero, or returns how long to wait before trying again.
    fn take(&self, now: Duration) -> Duration {
        let mut opens_at = self.opens_at();
        if *opens_at > now {
            return *opens_at - now;
        }
        if let Some(spacing) = self.spacing {
            // One at a time: a burst could share one of the vendor's windows with the requests
            // before it.
            *opens_at = now.saturating_add(spacing);
        }
        Duration::ZERO
    }

    fn opens_at(&self) -> MutexGuard<'_, Duration> {
        self.opens_at.lock().unwrap_or_else(PoisonError::into_inner)
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
