//! What one call does otherwise than its client.

use std::fmt;
use std::time::Duration;

use reqwest::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderName,
    HeaderValue, TRANSFER_ENCODING,
};

use crate::error::Error;
use crate::retry::RetryPolicy;

/// Headers that are the client's own: with another value the request would be another one, or none.
const RESERVED: &[HeaderName] =
    &[AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, TRANSFER_ENCODING];

/// Settings for some calls, laid over those of the client.
///
/// `client.with(options)` gives a client that has them; it shares everything
/// else with the first one: connections, limiter, login and retry budget.
///
/// ```
/// use std::time::Duration;
/// use prumo_runtime::CallOptions;
///
/// let options = CallOptions::new().timeout(Duration::from_secs(5)).no_retry().header("x-request-id", "7f3a");
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) total_timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    headers: Vec<(String, String)>,
}

impl CallOptions {
    /// Changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Longest attempt, from connecting to the answer's last byte.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Longest whole call: all attempts, the pauses between them, and a login if one is due.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = Some(timeout);
        self
    }

    /// How often the call is tried again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// One attempt, as with [`RetryPolicy::never`].
    pub fn no_retry(self) -> Self {
        self.retry(RetryPolicy::never())
    }

    /// Sends one more header. Of a name that is given twice the last value counts.
    ///
    /// A name or value that no header can have, and a header that is the
    /// client's own (credentials, length, content type), is an error of the call.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Lays these headers over those of a request, or says what is wrong with one.
    pub(crate) fn lay_over(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes())?;
            if RESERVED.contains(&name) {
                return Err(Error::invalid(format!("the header `{name}` is the client's own")));
            }
            let mut value = HeaderValue::from_str(value)?;
            // It may be a secret of the caller's.
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Ok(())
    }

    /// Lays `over` on top of these.
    pub(crate) fn under(&self, over: &Self) -> Self {
        Self {
            timeout: over.timeout.or(self.timeout),
            total_timeout: over.total_timeout.or(self.total_timeout),
            retry: over.retry.or(self.retry),
            headers: self.headers.iter().chain(&over.headers).cloned().collect(),
        }
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("total_timeout", &self.total_timeout)
            .field("retry", &self.retry)
            .field("n_headers", &self.headers.len())
            .finish()
    }
}
