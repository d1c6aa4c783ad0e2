//! Time: what it is now, and a future that ends later.
//!
//! Everything in this crate that waits or compares times asks a [`Clock`], so
//! that tests and simulations run on one that they turn themselves. The time
//! limits of the connection are the one exception: the HTTP client keeps them.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::OnceLock;
use std::task::Poll;
use std::time::Duration;

#[cfg(not(target_arch = "wasm32"))]
use std::time::{Instant, SystemTime};

#[cfg(target_arch = "wasm32")]
use web_time::{Instant, SystemTime};

/// A future on the heap, as traits give it that are used behind a pointer.
#[cfg(not(target_arch = "wasm32"))]
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A future on the heap, as traits give it that are used behind a pointer.
#[cfg(target_arch = "wasm32")]
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Where a client has its time from.
pub trait Clock: Send + Sync {
    /// Time since a moment in the past that stays the same; it never goes back.
    fn now(&self) -> Duration;

    /// Time since the start of 1970 in UTC, for the dates that vendors send.
    fn unix(&self) -> Duration;

    /// A future that ends when `wait` is over.
    fn sleep(&self, wait: Duration) -> Boxed<'static, ()>;
}

/// The machine's own time.
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

/// What `future` gives, unless `limit` is over before.
pub(crate) async fn within<T>(
    clock: &dyn Clock,
    limit: Duration,
    future: impl Future<Output = T>,
) -> Option<T> {
    let mut future = pin!(future);
    // Most futures here are ready at once: they need no timer.
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
