//! A vendor's limit on requests to the moment at which each request may go out.
//!
//! One limiter is shared by a client and all its clones. Requests go out in the
//! order in which they came (a queue, so that nobody starves), evenly spaced:
//! of `n` requests in a span of time one goes out every `span / n`, which holds
//! in whatever way the vendor places its spans. An answer that asks to wait
//! holds back everybody, not only who got it.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::table::{Operation, RateLimit};

/// Which limits a client keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Limits {
    /// Those that the spec says.
    #[default]
    Promised,
    /// This one, for all operations together.
    Own(RateLimit),
    /// None. An answer that asks to wait is still heeded.
    Off,
}

/// The queues of one client.
pub(crate) struct Limiter {
    clock: Arc<dyn Clock>,
    limits: Limits,
    /// One lane a limit: operations of one limit share it. `None` is for those without.
    lanes: BTreeMap<Option<Key>, Lane>,
}

/// A [`RateLimit`] that can be compared: requests, seconds.
type Key = (u32, u32);

/// Requests that wait behind each other.
struct Lane {
    /// The time from one request to the next, if there is a limit.
    spacing: Option<Duration>,
    /// Whoever holds it is next. It is a fair lock: first come, first served.
    queue: tokio::sync::Mutex<()>,
    /// The next request goes out at this moment or later: the one before it went out a spacing
    /// ago, or the vendor asked to wait.
    opens_at: Mutex<Duration>,
}

impl Limiter {
    pub(crate) fn new(operations: &[Operation], limits: Limits, clock: Arc<dyn Clock>) -> Self {
        let keys = operations.iter().map(|operation| key(limits, operation)).chain([None]);
        let lanes = keys.map(|key| (key, Lane::new(key))).collect();
        Self { clock, limits, lanes }
    }

    /// Waits until a request of `operation` may go out; gives how long that took.
    pub(crate) async fn turn(&self, operation: &Operation) -> Duration {
        let start = self.clock.now();
        let Some(lane) = self.lane(operation) else {
            return Duration::ZERO;
        };
        // Without a limit nobody queues, unless the vendor asked to wait.
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

    /// Lets nobody out for `wait`, because the vendor asked for it.
    pub(crate) fn hold(&self, operation: &Operation, wait: Duration) {
        let Some(lane) = self.lane(operation) else {
            return;
        };
        let until = self.clock.now().saturating_add(wait);
        let mut opens_at = lane.opens_at();
        *opens_at = until.max(*opens_at);
    }

    fn lane(&self, operation: &Operation) -> Option<&Lane> {
        // An operation that is in no table may have a limit that none of those has.
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

    /// Takes the turn and returns zero, or returns how long to wait before the next try.
    fn take(&self, now: Duration) -> Duration {
        let mut opens_at = self.opens_at();
        if *opens_at > now {
            return *opens_at - now;
        }
        if let Some(spacing) = self.spacing {
            // One at a time: a burst could fall into one span of the vendor with what went before.
            *opens_at = now.saturating_add(spacing);
        }
        Duration::ZERO
    }

    fn opens_at(&self) -> MutexGuard<'_, Duration> {
        self.opens_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time between two of `requests` in a `span`. Rounded up: of three in a second, rounded down,
/// a fourth would go out a nanosecond before the second is over.
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
