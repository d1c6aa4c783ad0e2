//! A vendor's limit on requests to the moment at which each request may go out.
//!
//! One limiter is shared by a client and all its clones. Requests go out in the
//! order in which they came (a queue, so that nobody starves), evenly spaced:
//! of `n` requests in a span of time one goes out every `span / n`, which holds
//! in whatever way the vendor places its spans. An answer that asks to wait
//! holds back everybody, not only who got it.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

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
    pace: Option<Pace>,
    /// Whoever holds it is next. It is a fair lock: first come, first served.
    queue: tokio::sync::Mutex<()>,
    /// Nothing goes out before this moment, because the vendor asked so.
    held_until: Mutex<Duration>,
}

type Pace = RateLimiter<NotKeyed, InMemoryState, Ticks, NoOpMiddleware<Duration>>;

/// Our clock, as the pace asks for it.
struct Ticks(Arc<dyn Clock>);

impl GovernorClock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.now()
    }
}

impl Limiter {
    pub(crate) fn new(operations: &[Operation], limits: Limits, clock: Arc<dyn Clock>) -> Self {
        let keys = operations.iter().map(|operation| key(limits, operation)).chain([None]);
        let lanes = keys.map(|key| (key, Lane::new(key, &clock))).collect();
        Self { clock, limits, lanes }
    }

    /// Waits until a request of `operation` may go out; gives how long that took.
    pub(crate) async fn turn(&self, operation: &Operation) -> Duration {
        let start = self.clock.now();
        let Some(lane) = self.lane(operation) else {
            return Duration::ZERO;
        };
        // Without a limit nobody queues, unless the vendor asked to wait.
        if lane.pace.is_none() && lane.wait(start).is_zero() {
            return Duration::ZERO;
        }
        let _turn = lane.queue.lock().await;
        loop {
            let wait = lane.wait(self.clock.now());
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
        let mut held_until = lane.held_until.lock().unwrap_or_else(PoisonError::into_inner);
        *held_until = until.max(*held_until);
    }

    fn lane(&self, operation: &Operation) -> Option<&Lane> {
        // An operation that is in no table may have a limit that none of those has.
        self.lanes.get(&key(self.limits, operation)).or_else(|| self.lanes.get(&None))
    }
}

impl Lane {
    fn new(key: Option<Key>, clock: &Arc<dyn Clock>) -> Self {
        let quota = key.and_then(|(requests, seconds)| {
            let span = Duration::from_secs(seconds.into());
            // One at a time: a burst could fall into one span of the vendor with what went before.
            Some(Quota::with_period(share(span, NonZeroU32::new(requests)?))?.allow_burst(NonZeroU32::MIN))
        });
        Self {
            pace: quota.map(|quota| RateLimiter::direct_with_clock(quota, Ticks(Arc::clone(clock)))),
            queue: tokio::sync::Mutex::new(()),
            held_until: Mutex::new(Duration::ZERO),
        }
    }

    /// How long to wait yet; zero takes the turn.
    fn wait(&self, now: Duration) -> Duration {
        let held_until = *self.held_until.lock().unwrap_or_else(PoisonError::into_inner);
        if held_until > now {
            return held_until - now;
        }
        let Some(pace) = &self.pace else {
            return Duration::ZERO;
        };
        match pace.check() {
            Ok(()) => Duration::ZERO,
            Err(not_until) => not_until.wait_time_from(now).max(Duration::from_nanos(1)),
        }
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
