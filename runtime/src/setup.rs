//! Turns the settings of a client builder into the parts of a client.
//!
//! The generated builder of each client wraps [`ClientSetup`]. [`ClientSetup::build`] finds every
//! invalid setting before the first call.

mod authorization;
mod base_url;
mod server;

use std::fmt;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use crate::auth::Auth;
use crate::client_info::ClientInfo;
use crate::clock::{Clock, SystemClock};
use crate::connector::Connector;
use crate::credentials::{Credentials, Fixed, Keyring, PasswordGrant};
use crate::error::Error;
use crate::inner::{
    Inner, KnownSecrets, ServerAddress, State, cookie_text, header_value, path_text, plain_text,
};
use crate::limiter::{Limiter, Limits};
use crate::oauth::Grants;
use crate::observer::Observer;
use crate::proxy::{Proxy, is_confidential};
use crate::retry::{Budget, RetryPolicy};
use crate::secret::Secret;
use crate::table::{Operation, Placement, RateLimit, Scheme};

use self::server::Server;

pub use self::server::ServerVariable;

/// Default time limit for a connection.
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Default time limit for one attempt, from connecting to the last byte of the response.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
/// Default time limit for a whole call, with all its attempts and the pauses between them.
pub const DEFAULT_TOTAL_TIMEOUT: Duration = Duration::from_secs(180);
/// Default limit for the time without progress in a response or an upload.
pub const DEFAULT_STALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Default maximum number of response bytes that are read into memory.
pub const DEFAULT_MAX_ANSWER_BYTES: u64 = 32 * 1024 * 1024;

/// A time limit that is never reached. The HTTP client adds its limits to the current time, which
/// `Duration::MAX` would overflow.
pub(crate) const FOREVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The settings of a client builder.
#[derive(Clone)]
pub struct ClientSetup {
    operations: &'static [Operation],
    schemes: &'static [Scheme],
    /// The base URL that is set, in place of the spec's server.
    base_url: Option<String>,
    server: Server,
    credentials: Fixed,
    source: Option<Arc<dyn Credentials>>,
    grants: Grants,
    limits: Limits,
    retry: RetryPolicy,
    clock: Arc<dyn Clock>,
    observers: Vec<Arc<dyn Observer>>,
    connector: Connector,
    plain_http_hosts: Vec<String>,
    timeout: Duration,
    total_timeout: Duration,
    stall_timeout: Duration,
    max_answer_bytes: u64,
}

/// The parts of a generated client.
pub struct ClientParts {
    /// The base URL without a trailing slash.
    pub base_url: String,
    /// Follows no redirect, sends no referer and has both time limits. A browser's client behaves
    /// like the browser.
    pub http: reqwest::Client,
    /// Tables, credentials and limits.
    pub inner: Inner,
}

impl ClientSetup {
    /// Starts with the tables of a client, and with the base URL of its API. If the spec has only a
    /// path, which starts with `/`, it is added to a base URL without a path.
    #[must_use]
    pub fn new(
        operations: &'static [Operation],
        schemes: &'static [Scheme],
        base_url: Option<&'static str>,
    ) -> Self {
        Self {
            operations,
            schemes,
            base_url: None,
            server: Server { template: base_url, ..Server::default() },
            credentials: Fixed::default(),
            source: None,
            grants: Grants::default(),
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            clock: Arc::new(SystemClock),
            observers: Vec::new(),
            connector: Connector {
                user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
                connect_timeout: DEFAULT_CONNECT_TIMEOUT,
                ..Connector::default()
            },
            plain_http_hosts: Vec::new(),
            timeout: DEFAULT_TIMEOUT,
            total_timeout: DEFAULT_TOTAL_TIMEOUT,
            stall_timeout: DEFAULT_STALL_TIMEOUT,
            max_answer_bytes: DEFAULT_MAX_ANSWER_BYTES,
        }
    }

    /// Sets the client's name in `User-Agent`.
    #[must_use]
    pub fn user_agent(mut self, user_agent: &'static str) -> Self {
        self.connector.user_agent = user_agent;
        self
    }

    /// Sets the location of the API: scheme, host, and a path unless it starts at the root.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Sets the variables in the base URL of the spec.
    #[must_use]
    pub fn server_variables(mut self, variables: &'static [ServerVariable]) -> Self {
        self.server.variables = variables;
        self
    }

    /// Sets the value of a variable in the base URL of the spec.
    #[must_use]
    pub fn server_variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.server.values.insert(name, value.into());
        self
    }

    /// Sets the credential of one scheme.
    #[must_use]
    pub fn credential(mut self, scheme: &'static str, secret: impl Into<Secret>) -> Self {
        self.credentials.0.insert(scheme, secret.into());
        self
    }

    /// Sets the credential of a scheme with a user and a password.
    #[must_use]
    pub fn basic(
        self,
        scheme: &'static str,
        user: impl Into<Secret>,
        password: impl Into<Secret>,
    ) -> Self {
        let pair = format!("{}:{}", user.into().expose(), password.into().expose());
        self.credential(scheme, pair)
    }

    /// Sets the credentials for the scheme that has a login.
    #[must_use]
    pub fn password_grant(mut self, grant: PasswordGrant) -> Self {
        self.credentials.0.extend(grant.members);
        self
    }

    /// Sets the store for credentials that are not set here. It is asked before each call.
    #[must_use]
    pub fn credentials(mut self, source: impl Credentials + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Sets the retry policy.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Observes this limit for all operations together, instead of the limits in the spec.
    #[must_use]
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.limits = Limits::Own(limit);
        self
    }

    /// Observes no limit. A response that asks to wait is still respected.
    #[must_use]
    pub fn no_rate_limit(mut self) -> Self {
        self.limits = Limits::Off;
        self
    }

    /// Adds an observer of the client's calls.
    #[must_use]
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    /// Trusts servers with a certificate from one of these authorities, in addition to those of the
    /// system. `pem` contains one or more certificates.
    #[must_use]
    pub fn root_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.connector.certificates.add_root(pem.as_ref());
        self
    }

    /// Proves who the caller is by a certificate (mutual TLS), to the API and to its authorization
    /// server. `pem` contains the certificate, those between it and its authority if there are any,
    /// and the private key: PKCS #8, or with `rustls` also PKCS #1 and SEC 1.
    #[must_use]
    pub fn identity(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.connector.certificates.set_identity(pem.as_ref());
        self
    }

    /// Sends all requests with this HTTP client, in place of one that is made from the settings here.
    ///
    /// Its certificates, identity, proxy, connection limits and `User-Agent` count, and the settings
    /// here must not contradict them. What else is then up to its maker:
    ///
    /// * `redirect(Policy::none())`. A client that follows redirects can take a secret to another
    ///   server; the call fails when a redirect was followed, but only afterwards.
    /// * `retry(reqwest::retry::never())`. The client's own retries can run a write twice.
    /// * `referer(false)`. A secret in a path is otherwise sent on with a redirect.
    /// * No decompression is needed: a response is decompressed here, up to
    ///   [`max_answer_bytes`](Self::max_answer_bytes).
    /// * [`stall_timeout`](Self::stall_timeout) holds for uploads of files only: for all else set
    ///   `read_timeout` on the client. [`timeout`](Self::timeout) and
    ///   [`total_timeout`](Self::total_timeout) hold in any case.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.connector.own = Some(client);
        self
    }

    /// Sends all requests by this proxy, in place of the one that the environment names:
    /// `http://user:password@proxy.acme.example:3128`.
    ///
    /// By default the variables `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` are read, and
    /// the system's settings on macOS and Windows. Requests to this machine (`localhost`,
    /// `127.0.0.0/8`, `::1`) never go by a proxy. A proxy reads everything of a request to an `http`
    /// URL, and only the host's name of one to an `https` URL.
    #[must_use]
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.connector.proxy = Proxy::Own(url.into());
        self
    }

    /// Uses no proxy, even if the environment names one.
    #[must_use]
    pub fn no_proxy(mut self) -> Self {
        self.connector.proxy = Proxy::Off;
        self
    }

    /// Allows calls with a secret in the path to this host over plain `http`, where everyone on the
    /// way can read it, including a proxy. Without it they are refused, except to this machine.
    #[must_use]
    pub fn allow_plain_http(mut self, host: impl Into<String>) -> Self {
        self.plain_http_hosts.push(host.into());
        self
    }

    /// Replaces the clock, for tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Limits one attempt, from connecting to the last byte of the response.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Limits a whole call: all attempts, the pauses between them, and a login if one is due.
    /// Waiting for the turn under a rate limit does not count.
    #[must_use]
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = timeout;
        self
    }

    /// Limits the time without progress in a response or an upload. A browser applies its own limit
    /// instead.
    #[must_use]
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.stall_timeout = timeout;
        self
    }

    /// Limits the time to connect. A browser applies its own limit instead.
    #[must_use]
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.connector.connect_timeout = connect_timeout.min(FOREVER);
        self
    }

    /// Limits the number of response bytes that are read into memory.
    #[must_use]
    pub fn max_answer_bytes(mut self, max_answer_bytes: u64) -> Self {
        self.max_answer_bytes = max_answer_bytes;
        self
    }

    /// Validates the settings and creates the parts of a client.
    ///
    /// # Errors
    ///
    /// Returns an error if the base URL is missing or invalid, if it is `https` but no TLS feature
    /// is enabled, if a certificate can't be read, or if a credential can't be sent.
    pub fn build(self) -> Result<ClientParts, Error> {
        let base_url = self.url()?;
        for scheme in self.schemes {
            if let Some(secret) = self.credentials.0.get(scheme.name) {
                check_credential(scheme, secret)?;
            }
        }
        if let Limits::Own(RateLimit { requests: 0, .. } | RateLimit { seconds: 0, .. }) =
            self.limits
        {
            return Err(Error::invalid("a rate limit needs at least one request and one second"));
        }
        let stall_timeout = self.stall_timeout.min(FOREVER);
        self.connector.check()?;
        let http_for_files = self.connector.client(&base_url, None)?;
        let http = self.connector.client(&base_url, Some(stall_timeout))?;
        self.check_grants(&base_url)?;
        let is_confidential = is_confidential(&base_url, &self.plain_http_hosts);
        let text = base_url.as_str().trim_end_matches('/').to_owned();
        let keyring = Keyring { fixed: self.credentials, source: self.source };
        let auth = Auth::new(self.schemes, keyring, self.grants);
        let inner = Inner::new(State {
            operations: self.operations,
            http: http.clone(),
            http_for_files,
            stall_timeout,
            server: ServerAddress::of(&base_url),
            base_url,
            is_confidential,
            plain_http_hosts: self.plain_http_hosts,
            connector: self.connector,
            limiter: Limiter::new(self.operations, self.limits, Arc::clone(&self.clock)),
            retry: self.retry,
            budget: Budget::full(),
            clock: self.clock,
            observers: self.observers,
            timeout: self.timeout,
            total_timeout: self.total_timeout,
            max_answer_bytes: self.max_answer_bytes,
            chance: Mutex::new(fastrand::Rng::new()),
            known_secrets: RwLock::new(KnownSecrets::new(&auth)),
            auth,
        });
        Ok(ClientParts { base_url: text, http, inner })
    }

    /// Returns the base URL: the one that is set, or else the spec's server.
    fn url(&self) -> Result<reqwest::Url, Error> {
        let is_path = self.server.is_path();
        if self.base_url.is_some() && !is_path && !self.server.values.is_empty() {
            return Err(Error::invalid(
                "`.base_url(…)` replaces the server of the spec, so its variables can't be set, too",
            ));
        }
        let given = self.base_url.as_deref();
        if given.is_some() && !is_path {
            return base_url::read(given, None);
        }
        let server = self.server.filled()?;
        match is_path {
            true => base_url::read(given, server.as_deref()),
            false => base_url::read(server.as_deref(), None),
        }
    }
}

/// A client without a generated crate, for tools that use the tables of a spec.
#[doc(hidden)]
impl ClientInfo<Inner> for ClientParts {
    fn api_version() -> &'static str {
        ""
    }

    fn baseurl(&self) -> &str {
        &self.base_url
    }

    fn client(&self) -> &reqwest::Client {
        &self.http
    }

    fn inner(&self) -> &Inner {
        &self.inner
    }
}

impl fmt::Debug for ClientSetup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSetup")
            .field("timeout", &self.timeout)
            .field("total_timeout", &self.total_timeout)
            .field("connect_timeout", &self.connector.connect_timeout)
            .field("stall_timeout", &self.stall_timeout)
            .field("retry", &self.retry)
            .field("limits", &self.limits)
            .field("max_answer_bytes", &self.max_answer_bytes)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ClientParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientParts").finish_non_exhaustive()
    }
}

/// Refuses a credential that does not fit into its place.
fn check_credential(scheme: &Scheme, secret: &Secret) -> Result<(), Error> {
    let name = scheme.name;
    let text = secret.expose();
    if text.is_empty() {
        return Err(Error::invalid(format!("credential `{name}` is empty")));
    }
    match scheme.placement {
        Placement::PathSegment => path_text(name, secret).map(drop),
        Placement::Header(_) | Placement::Bearer => header_value(name, text).map(drop),
        Placement::Basic | Placement::Query(_) => plain_text(name, text).map(drop),
        Placement::Cookie(_) => cookie_text(name, text).map(drop),
    }
}
