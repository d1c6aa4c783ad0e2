//! What time it is, for tokens, limits and the times in answers.
//!
//! A stopped clock goes on only when it is told to, so that a test of an
//! expiry or of a rate limit waits for nothing.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Where a stopped clock begins: 15 January 2026, noon in São Paulo.
const FIRST_SECOND: i64 = 1_768_489_200;

/// What time it is for a stand-in; clones share it.
#[derive(Clone, Debug)]
pub struct Clock {
    /// None where the system's clock counts.
    stopped: Option<Arc<Mutex<Timestamp>>>,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self { stopped: None }
    }

    /// A clock that always begins at the same moment, and goes on by [`Clock::advance`] alone.
    #[must_use]
    pub fn stopped() -> Self {
        let start = Timestamp::from_second(FIRST_SECOND).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { stopped: Some(Arc::new(Mutex::new(start))) }
    }

    /// Lets a stopped clock go on; does nothing to the system's.
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
