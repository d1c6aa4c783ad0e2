//! Overrides a client's settings for single calls.

use std::fmt;
use std::time::Duration;

use reqwest::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderName,
    HeaderValue, TRANSFER_ENCODING,
};

use crate::error::Error;
use crate::retry::RetryPolicy;

/// Headers that the client controls. Another value would change or break the request.
const RESERVED: &[HeaderName] =
    &[AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, TRANSFER_ENCODING];

/// Settings for some calls, which override those of the client.
///
/// `client.with(options)` returns a client with these settings. It shares everything else with the
/// original: connections, limiter, login and retry budget.
///
/// ```
/// use std::time::Duration;
/// use prumo_runtime::CallOptions;
///
/// let options = CallOptions::new().timeout(Duration::from_secs(5)).no_retry();
/// let options = options.header("x-request-id", "7f3a");
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
    /// Creates options that override nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Limits one attempt, from connecting to the last byte of the response.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Limits a whole call: all attempts, the pauses between them, and a login if one is due.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = Some(timeout);
        self
    }

    /// Sets the retry policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Allows a single attempt, like [`RetryPolicy::never`].
    pub fn no_retry(self) -> Self {
        self.retry(RetryPolicy::never())
    }

    /// Adds a header. If a name is given twice, the last value counts.
    ///
    /// An invalid name or value, or a header that the client controls (credentials, length, content
    /// type), is an error of the call.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets these headers on a request, or returns the problem with one of them.
    pub(crate) fn lay_over(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes())?;
            if RESERVED.contains(&name) {
                return Err(Error::invalid(format!("the header `{name}` is the client's own")));
            }
            let mut value = HeaderValue::from_str(value)?;
            // It may be a secret of the caller.
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Ok(())
    }

    /// Returns these options overridden by `over`.
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
