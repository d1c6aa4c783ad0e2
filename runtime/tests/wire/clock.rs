//! A clock that moves only when a future sleeps, so that no test waits for real time.
//!
//! A short sleep completes at once and advances the clock by its length, so a pause of 20 seconds
//! takes no time. A long one is a time limit: it completes when short ones have advanced the clock
//! that far.

use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use prumo_runtime::{Boxed, Clock};

/// 2026-11-22T03:00:00Z, the time at which the clock starts.
const START: Duration = Duration::from_secs(1_795_316_400);

#[derive(Clone)]
pub(crate) struct FakeClock {
    /// Longest sleep that completes at once.
    short: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    now: Duration,
    /// The short sleeps so far.
    slept: Vec<Duration>,
    waiting: Vec<(Duration, Waker)>,
}

impl FakeClock {
    /// Creates a clock that advances through sleeps of up to a minute.
    pub(crate) fn new() -> Self {
        Self::with_short(Duration::from_secs(60))
    }

    /// Creates a clock that advances only on request.
    pub(crate) fn still() -> Self {
        Self::with_short(Duration::ZERO)
    }

    fn with_short(short: Duration) -> Self {
        Self { short, state: Arc::default() }
    }

    /// Returns the short sleeps so far in seconds.
    pub(crate) fn slept(&self) -> Vec<f64> {
        self.state.lock().unwrap().slept.iter().map(Duration::as_secs_f64).collect()
    }

    /// Advances the clock.
    pub(crate) fn advance(&self, by: Duration) {
        let mut state = self.state.lock().unwrap();
        state.now += by;
        let now = state.now;
        let (due, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut state.waiting).into_iter().partition(|(at, _)| *at <= now);
        state.waiting = waiting;
        drop(state);
        for (_, waker) in due {
            waker.wake();
        }
    }

    /// Advances the clock to the end of the first sleep.
    pub(crate) fn advance_to_next(&self) {
        let state = self.state.lock().unwrap();
        let next = state.waiting.iter().map(|(at, _)| *at).min().unwrap();
        let by = next.saturating_sub(state.now);
        drop(state);
        self.advance(by);
    }

    /// Runs all tasks until one of them sleeps for at most `wait`.
    pub(crate) async fn until_somebody_sleeps(&self, wait: Duration) {
        while !self.somebody_sleeps(wait) {
            tokio::task::yield_now().await;
        }
    }

    fn somebody_sleeps(&self, wait: Duration) -> bool {
        let state = self.state.lock().unwrap();
        let end = state.now + wait;
        state.waiting.iter().any(|(at, _)| *at <= end)
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Duration {
        self.state.lock().unwrap().now
    }

    fn unix(&self) -> Duration {
        START + self.now()
    }

    fn sleep(&self, wait: Duration) -> Boxed<'static, ()> {
        let clock = self.clone();
        let at = self.now().saturating_add(wait);
        Box::pin(std::future::poll_fn(move |task| {
            let mut state = clock.state.lock().unwrap();
            if state.now >= at {
                return Poll::Ready(());
            }
            if wait <= clock.short {
                state.slept.push(wait);
                let by = at - state.now;
                drop(state);
                clock.advance(by);
                return Poll::Ready(());
            }
            state.waiting.retain(|(_, waker)| !waker.will_wake(task.waker()));
            state.waiting.push((at, task.waker().clone()));
            Poll::Pending
        }))
    }
}
