//! Holds a client's state: tables, settings, limits, and the secrets that must not be shown.

mod prepare;

use std::collections::VecDeque;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use reqwest::Url;

pub(crate) use self::prepare::{cookie_text, header_value, path_text, plain_text};
use crate::auth::Auth;
use crate::clock::Clock;
use crate::connector::Connector;
use crate::error::Error;
use crate::limiter::Limiter;
use crate::observer::Observer;
use crate::options::CallOptions;
use crate::retry::{Budget, RetryPolicy};
use crate::scrub::Scrubber;
use crate::secret::Secret;
use crate::table::Operation;

/// Maximum size of the secrets from logins and stores that are scrubbed from the messages to other
/// calls: about a thousand tokens of 32 letters. Their needles take a hundred times as much.
const MAX_LEARNED_BYTES: usize = 32 * 1024;
/// Number of secrets that are kept whatever their size.
const MIN_LEARNED: usize = 16;

/// The state of a generated client: tables, credentials and limits. Cloning it is cheap.
#[derive(Clone)]
pub struct Inner {
    state: Arc<State>,
    /// Settings that override the client's for some calls.
    options: Option<Arc<CallOptions>>,
}

pub(crate) struct State {
    pub(crate) operations: &'static [Operation],
    pub(crate) http: reqwest::Client,
    /// A client without the stall timeout: no response is due while a file is being sent.
    pub(crate) http_for_files: reqwest::Client,
    pub(crate) stall_timeout: Duration,
    /// Ends without a slash.
    pub(crate) base_url: Url,
    /// Whether the way to the server keeps a secret in the path.
    pub(crate) is_confidential: bool,
    /// Hosts to which a secret may be sent over plain HTTP.
    pub(crate) plain_http_hosts: Vec<String>,
    /// Builds HTTP clients for other servers than the API's.
    pub(crate) connector: Connector,
    pub(crate) server: ServerAddress,
    pub(crate) auth: Auth,
    pub(crate) limiter: Limiter,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: Budget,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) observers: Vec<Arc<dyn Observer>>,
    pub(crate) timeout: Duration,
    pub(crate) total_timeout: Duration,
    pub(crate) max_answer_bytes: u64,
    pub(crate) chance: Mutex<fastrand::Rng>,
    pub(crate) known_secrets: RwLock<KnownSecrets>,
}

/// The address of a client's server, for spans.
pub(crate) struct ServerAddress {
    pub(crate) scheme: &'static str,
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
}

impl ServerAddress {
    pub(crate) fn of(base_url: &Url) -> Self {
        Self {
            // A client is built for no other scheme.
            scheme: if base_url.scheme() == "https" { "https" } else { "http" },
            host: base_url.host_str().unwrap_or_default().to_owned(),
            port: base_url.port_or_known_default(),
        }
    }
}

/// The secrets that are scrubbed from a vendor's messages.
pub(crate) struct KnownSecrets {
    scrubber: Arc<Scrubber>,
    /// Secrets from logins and stores, the oldest first.
    learned: VecDeque<Secret>,
}

impl KnownSecrets {
    pub(crate) fn new(auth: &Auth) -> Self {
        Self { scrubber: Arc::new(Scrubber::new(auth.secrets())), learned: VecDeque::new() }
    }

    fn learn(&mut self, secret: &Secret, auth: &Auth) {
        self.learned.push_back(secret.clone());
        let n_bytes: usize = self.learned.iter().map(|secret| secret.expose().len()).sum();
        if n_bytes <= MAX_LEARNED_BYTES || self.learned.len() <= MIN_LEARNED {
            Arc::make_mut(&mut self.scrubber).add(secret);
            return;
        }
        // A quarter at once, because the rest is prepared anew.
        let n_forgotten = (self.learned.len() / 4).max(1);
        self.learned.drain(..n_forgotten);
        self.scrubber = Arc::new(Scrubber::new(auth.secrets().chain(&self.learned)));
    }
}

impl Inner {
    pub(crate) fn new(state: State) -> Self {
        Self { state: Arc::new(state), options: None }
    }

    /// Returns the same client with other settings for its calls.
    #[must_use]
    pub fn with(&self, options: &CallOptions) -> Self {
        let options = match &self.options {
            Some(mine) => mine.under(options),
            None => options.clone(),
        };
        Self { state: Arc::clone(&self.state), options: Some(Arc::new(options)) }
    }

    /// Returns the same client with its own settings.
    pub(crate) fn without_options(&self) -> Self {
        Self { state: Arc::clone(&self.state), options: None }
    }

    /// Returns the operation that generated code calls by this method name.
    pub(crate) fn operation(&self, rust_name: &str) -> Result<&'static Operation, Error> {
        let found = self.state.operations.iter().find(|operation| operation.rust_name == rust_name);
        found.ok_or_else(|| {
            Error::invalid(format!("the client's table has no operation `{rust_name}`"))
        })
    }

    pub(crate) fn operations(&self) -> &'static [Operation] {
        self.state.operations
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.state.http
    }

    /// Returns an HTTP client for an authorization server.
    pub(crate) fn http_for(&self, url: &Url) -> Result<reqwest::Client, Error> {
        let base_url = &self.state.base_url;
        match Connector::is_same_way(url, base_url) {
            true => Ok(self.http().clone()),
            false => self.state.connector.client(url, Some(self.stall_timeout())),
        }
    }

    /// Returns whether the caller made the HTTP client. A browser's follows redirects, whoever made
    /// it.
    pub(crate) fn has_own_http(&self) -> bool {
        self.state.connector.own.is_some() && cfg!(not(target_arch = "wasm32"))
    }

    pub(crate) fn plain_http_hosts(&self) -> &[String] {
        &self.state.plain_http_hosts
    }

    pub(crate) fn http_for_files(&self) -> &reqwest::Client {
        &self.state.http_for_files
    }

    pub(crate) fn stall_timeout(&self) -> Duration {
        self.state.stall_timeout
    }

    pub(crate) fn base_url(&self) -> &Url {
        &self.state.base_url
    }

    pub(crate) fn server(&self) -> &ServerAddress {
        &self.state.server
    }

    pub(crate) fn auth(&self) -> &Auth {
        &self.state.auth
    }

    pub(crate) fn limiter(&self) -> &Limiter {
        &self.state.limiter
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.state.budget
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.state.clock
    }

    pub(crate) fn shared_clock(&self) -> &Arc<dyn Clock> {
        &self.state.clock
    }

    /// Reports an event to each observer. One that panics does not take the call with it.
    pub(crate) fn observe(&self, report: impl Fn(&dyn Observer)) {
        for observer in &self.state.observers {
            let reporting = AssertUnwindSafe(|| report(&**observer));
            if std::panic::catch_unwind(reporting).is_err() {
                tracing::error!("an observer panicked");
            }
        }
    }

    pub(crate) fn options(&self) -> Option<&CallOptions> {
        self.options.as_deref()
    }

    pub(crate) fn retry_policy(&self) -> RetryPolicy {
        self.options().and_then(|options| options.retry).unwrap_or(self.state.retry)
    }

    /// Returns the time limit of one attempt.
    pub(crate) fn timeout(&self) -> Duration {
        self.options().and_then(|options| options.timeout).unwrap_or(self.state.timeout)
    }

    /// Returns the time limit of a whole call.
    pub(crate) fn total_timeout(&self) -> Duration {
        self.options().and_then(|options| options.total_timeout).unwrap_or(self.state.total_timeout)
    }

    pub(crate) fn max_answer_bytes(&self) -> u64 {
        self.state.max_answer_bytes
    }

    /// Returns a random number from 0 to 1.
    pub(crate) fn chance(&self) -> f64 {
        self.state.chance.lock().unwrap_or_else(PoisonError::into_inner).f64()
    }

    pub(crate) fn scrubber(&self) -> Arc<Scrubber> {
        let known_secrets = self.state.known_secrets.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&known_secrets.scrubber)
    }

    /// Scrubs `secret` from the vendor's messages from now on.
    pub(crate) fn learn(&self, secret: &Secret) {
        let is_it = |known: &Secret| known.expose() == secret.expose();
        let is_known = |known: &KnownSecrets| known.learned.iter().rev().any(is_it);
        if self.auth().secrets().any(is_it) {
            return;
        }
        if is_known(&self.state.known_secrets.read().unwrap_or_else(PoisonError::into_inner)) {
            return;
        }
        let mut known = self.state.known_secrets.write().unwrap_or_else(PoisonError::into_inner);
        if !is_known(&known) {
            known.learn(secret, self.auth());
        }
    }

    /// Returns `body` without the client's credentials, for tools that show or keep it.
    #[doc(hidden)]
    #[must_use]
    pub fn without_credentials(&self, body: &[u8]) -> Vec<u8> {
        self.scrubber().bytes(body, body.len())
    }
}

impl AsRef<Inner> for Inner {
    fn as_ref(&self) -> &Inner {
        self
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not even the names of the credentials.
        f.debug_struct("Inner").finish_non_exhaustive()
    }
}
