//! Decides whether and when another attempt follows a failed one.
//!
//! Invariants:
//!
//! * A write that the vendor may have carried out is never repeated: see
//!   [`Error::may_have_happened`](crate::Error::may_have_happened).
//! * Retries are paid for from a budget that successful calls fill. During an outage the budget
//!   runs dry and calls fail at once, so that retries do not make the outage worse.
//! * Pauses grow exponentially with full jitter, and are never shorter than the vendor asked for.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// Statuses that may be temporary: the same request may succeed later.
pub(crate) const PASSING: [u16; 6] = [408, 429, 500, 502, 503, 504];

/// The pause if the vendor asks for one without saying how long.
const DEFAULT_ASKED_PAUSE: Duration = Duration::from_secs(1);

/// The size of a full budget.
const FULL_BUDGET: u32 = 500;
/// The cost of one retry.
const RETRY_COST: u32 = 10;
/// The amount that a call adds if its first attempt succeeds.
const REFUND: u32 = 1;

/// The limits on attempts and pauses when a call is retried.
///
/// Only safe calls are repeated: requests that never reached the vendor, requests that it refused
/// because of their rate (429), and reads. A write that may have been carried out is never
/// repeated, whatever the policy says.
///
/// ```
/// use std::time::Duration;
/// use prumo_runtime::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(6).max_pause(Duration::from_secs(60));
/// # assert_ne!(patient, RetryPolicy::never());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    first_pause: Duration,
    max_pause: Duration,
}

impl Default for RetryPolicy {
    /// Allows three attempts, with a first pause of up to half a second and no pause over 20
    /// seconds.
    fn default() -> Self {
        Self {
            max_attempts: 3,
            first_pause: Duration::from_millis(500),
            max_pause: Duration::from_secs(20),
        }
    }
}

impl RetryPolicy {
    /// Allows a single attempt. (A refused token from a login is still renewed, once per call.)
    pub fn never() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// Returns how long all requests are delayed when the vendor asks for `asked`.
    pub(crate) fn hold(&self, asked: Option<Duration>) -> Duration {
        asked.unwrap_or(DEFAULT_ASKED_PAUSE).min(self.max_pause)
    }

    /// Limits the number of attempts of one call, including the first. 0 counts as 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the longest pause before the second attempt. It doubles with each further attempt.
    pub fn first_pause(mut self, pause: Duration) -> Self {
        self.first_pause = pause;
        self
    }

    /// Limits every pause. If a vendor asks for a longer one, the call ends with the refusal, and
    /// other calls wait no longer than this limit before they try again.
    pub fn max_pause(mut self, pause: Duration) -> Self {
        self.max_pause = pause;
        self
    }

    /// Returns the pause after attempt number `attempt` (starting at 1), or `None` if no attempt
    /// follows.
    ///
    /// `share` is random, from 0 to 1. `asked` is the pause that the vendor asked for.
    pub(crate) fn pause(
        &self,
        attempt: u32,
        asked: Option<Duration>,
        share: f64,
    ) -> Option<Duration> {
        if attempt >= self.max_attempts {
            return None;
        }
        let doubled = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        let longest = self.first_pause.saturating_mul(doubled).min(self.max_pause);
        // `Duration::MAX` overflows when it is multiplied by 1.
        let pause = Duration::try_from_secs_f64(longest.as_secs_f64() * share.clamp(0.0, 1.0));
        let pause = pause.unwrap_or(longest).min(longest);
        match asked {
            Some(asked) if asked > self.max_pause => None,
            // Otherwise all clients that were given the same moment would come back together.
            Some(asked) => Some(asked.saturating_add(pause.min(self.first_pause))),
            None => Some(pause),
        }
    }
}

/// The retry budget of a client and its clones.
pub(crate) struct Budget {
    left: Mutex<u32>,
}

impl Budget {
    pub(crate) fn full() -> Self {
        Self { left: Mutex::new(FULL_BUDGET) }
    }

    /// Pays for one retry. Returns `false` if the budget is too low.
    pub(crate) fn pay(&self) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        match left.checked_sub(RETRY_COST) {
            Some(rest) => {
                *left = rest;
                true
            }
            None => false,
        }
    }

    /// Adds to the budget after a successful call. A retry that helped gets its cost back.
    pub(crate) fn refund(&self, n_retries: u32) {
        let amount = if n_retries == 0 { REFUND } else { RETRY_COST };
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.saturating_add(amount).min(FULL_BUDGET);
    }
}

/// Parses `Retry-After`: a number of seconds, or a date.
///
/// A date is compared with that of the response itself, because the vendor's clock may be wrong, and
/// only without it with `unix`, the time here. A date in the past is a pause of zero. Any other
/// value is ignored.
pub(crate) fn retry_after(headers: &HeaderMap, unix: Duration) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let now = headers.get(DATE).and_then(|date| since_1970(date.to_str().ok()?));
    Some(since_1970(text)?.saturating_sub(now.unwrap_or(unix)))
}

fn since_1970(date: &str) -> Option<Duration> {
    let date = httpdate::parse_http_date(date.trim()).ok()?;
    date.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn pauses_double_up_to_the_longest() {
        let policy =
            RetryPolicy::default().max_attempts(40).first_pause(SECOND).max_pause(6 * SECOND);
        // (after attempt, asked, share, pause in seconds)
        let cases = [
            (1, None, 1.0, Some(1.0)),
            (2, None, 1.0, Some(2.0)),
            (3, None, 1.0, Some(4.0)),
            (4, None, 1.0, Some(6.0)),
            (39, None, 1.0, Some(6.0)),
            (40, None, 1.0, None),
            (2, None, 0.25, Some(0.5)),
            (2, None, 0.0, Some(0.0)),
            (1, Some(3), 0.5, Some(3.5)),
            (4, Some(3), 1.0, Some(4.0)),
            (1, Some(6), 0.0, Some(6.0)),
            (1, Some(7), 0.0, None),
        ];
        for (attempt, asked, share, expect) in cases {
            let pause = policy.pause(attempt, asked.map(Duration::from_secs), share);
            assert_eq!(pause, expect.map(Duration::from_secs_f64), "after attempt {attempt}");
        }
        assert_eq!(RetryPolicy::never().pause(1, None, 1.0), None);
        assert_eq!(RetryPolicy::default().max_attempts(0).pause(1, None, 1.0), None);
    }

    #[test]
    fn a_budget_that_nobody_fills_runs_dry() {
        let budget = Budget::full();
        let n_paid = (0..1000).take_while(|_| budget.pay()).count();
        assert_eq!(n_paid, 50);
        budget.refund(1);
        assert!(budget.pay() && !budget.pay(), "a retry that helped is paid back");
        for _ in 0..9 {
            budget.refund(0);
        }
        assert!(!budget.pay());
        budget.refund(0);
        assert!(budget.pay(), "ten calls that work pay for one retry");
    }

    #[test]
    fn what_a_vendor_asks_for_is_read_in_seconds_and_as_a_date() {
        // 2026-11-22T03:00:00Z.
        let now = Duration::from_secs(1_795_316_400);
        let cases = [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("Sun, 22 Nov 2026 03:00:30 GMT", Some(30)),
            ("Sun, 22 Nov 2026 02:59:00 GMT", Some(0)),
            ("Sunday, 22-Nov-26 03:01:00 GMT", Some(60)),
            ("-1", None),
            ("soon", None),
            ("", None),
            ("99999999999999999999999", None),
        ];
        for (text, expect) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(text));
            assert_eq!(retry_after(&headers, now), expect.map(Duration::from_secs), "{text:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
