//! Tells the time for tokens, limits and the dates in answers.
//!
//! A stopped clock only advances when it is told to, so tests of an expiry or a rate limit need not
//! wait.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The start of a stopped clock: 15 January 2026, noon in São Paulo.
const FIRST_SECOND: i64 = 1_768_489_200;

/// The clock of a stand-in; clones share it.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The time of a stopped clock; `None` for the system's.
    stopped: Option<Arc<Mutex<Timestamp>>>,
}

impl Clock {
    /// Uses the system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self { stopped: None }
    }

    /// Makes a clock that starts at a fixed moment and only moves by [`Clock::advance`].
    #[must_use]
    pub fn stopped() -> Self {
        let start = Timestamp::from_second(FIRST_SECOND).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { stopped: Some(Arc::new(Mutex::new(start))) }
    }

    /// Advances a stopped clock; has no effect on the system's.
    pub fn advance(&self, by: Duration) {
        let Some(stopped) = &self.stopped else { return };
        let mut now = stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        *now = now.saturating_add(by).unwrap_or(*now);
    }

    pub(crate) fn now(&self) -> Timestamp {
        match &self.stopped {
            Some(stopped) => *stopped.lock().unwrap_or_else(PoisonError::into_inner),
            None => Timestamp::now(),
        }
    }
}
