//! Provides the time, and futures that complete after a delay.
//!
//! Everything in this crate that waits or compares times asks a [`Clock`], so that tests and
//! simulations can control the time. The only exception is the time limits of a connection, which
//! the HTTP client enforces.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::OnceLock;
use std::task::Poll;
use std::time::Duration;

#[cfg(not(target_arch = "wasm32"))]
use std::time::{Instant, SystemTime};

#[cfg(target_arch = "wasm32")]
use web_time::{Instant, SystemTime};

/// A boxed future, as returned by the methods of traits that are used as trait objects.
#[cfg(not(target_arch = "wasm32"))]
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A boxed future, as returned by the methods of traits that are used as trait objects.
#[cfg(target_arch = "wasm32")]
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A source of time for a client.
pub trait Clock: Send + Sync {
    /// Returns the time since a fixed moment in the past. It never decreases.
    fn now(&self) -> Duration;

    /// Returns the time since the start of 1970 in UTC, to compare with the dates that vendors
    /// send.
    fn unix(&self) -> Duration;

    /// Returns a future that completes after `wait`.
    fn sleep(&self, wait: Duration) -> Boxed<'static, ()>;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }

    fn unix(&self) -> Duration {
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn sleep(&self, wait: Duration) -> Boxed<'static, ()> {
        Box::pin(tokio::time::sleep(wait))
    }

    #[cfg(target_arch = "wasm32")]
    fn sleep(&self, wait: Duration) -> Boxed<'static, ()> {
        Box::pin(futures_timer::Delay::new(wait))
    }
}

/// Awaits `future`, and returns `None` if it takes longer than `limit`.
pub(crate) async fn within<T>(
    clock: &dyn Clock,
    limit: Duration,
    future: impl Future<Output = T>,
) -> Option<T> {
    let mut future = pin!(future);
    // Most futures here are ready at once and need no timer.
    let mut over: Option<Boxed<'static, ()>> = None;
    std::future::poll_fn(move |task| {
        if let Poll::Ready(value) = future.as_mut().poll(task) {
            return Poll::Ready(Some(value));
        }
        let over = over.get_or_insert_with(|| clock.sleep(limit));
        over.as_mut().poll(task).map(|()| None)
    })
    .await
}
