//! What a caller sets on a client builder to the parts of a client.
//!
//! The emitted builder of each client wraps [`ClientSetup`]. Everything that
//! can be wrong is found in [`ClientSetup::build`], before the first call.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use reqwest::Url;
use reqwest::redirect::Policy;

use crate::error::Error;
use crate::inner::{Inner, header_value};
use crate::secret::Secret;
use crate::table::{Operation, Placement, Scheme};

/// Longest wait for a connection, unless set otherwise.
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest whole call, from connecting to the answer's last byte, unless set otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
/// Most bytes of an answer that is read into memory, unless set otherwise.
pub const DEFAULT_MAX_ANSWER_BYTES: u64 = 32 * 1024 * 1024;

/// What an emitted client builder gathers.
#[derive(Clone)]
pub struct ClientSetup {
    operations: &'static [Operation],
    schemes: &'static [Scheme],
    base_url: Option<String>,
    user_agent: &'static str,
    credentials: BTreeMap<&'static str, Secret>,
    timeout: Duration,
    connect_timeout: Duration,
    max_answer_bytes: u64,
}

/// What a generated client is made of.
pub struct ClientParts {
    /// The base URL, without a slash at its end.
    pub base_url: String,
    /// Follows no redirect, sends no referer, has both time limits.
    pub http: reqwest::Client,
    /// Tables, credentials, limits.
    pub inner: Inner,
}

impl ClientSetup {
    /// Starts with the tables of a client and, if its API has but one, the base URL.
    #[must_use]
    pub fn new(
        operations: &'static [Operation],
        schemes: &'static [Scheme],
        base_url: Option<&'static str>,
    ) -> Self {
        Self {
            operations,
            schemes,
            base_url: base_url.map(str::to_owned),
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
            credentials: BTreeMap::new(),
            timeout: DEFAULT_TIMEOUT,
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            max_answer_bytes: DEFAULT_MAX_ANSWER_BYTES,
        }
    }

    /// What the client calls itself in `User-Agent`.
    #[must_use]
    pub fn user_agent(mut self, user_agent: &'static str) -> Self {
        self.user_agent = user_agent;
        self
    }

    /// Where the API is: scheme, host, and a path if it does not start at the root.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Sets the credential of one scheme.
    #[must_use]
    pub fn credential(mut self, scheme: &'static str, secret: impl Into<Secret>) -> Self {
        self.credentials.insert(scheme, secret.into());
        self
    }

    /// Sets the credential of a scheme with a user and a password.
    #[must_use]
    pub fn basic(self, scheme: &'static str, user: impl Into<Secret>, password: impl Into<Secret>) -> Self {
        let pair = format!("{}:{}", user.into().expose(), password.into().expose());
        self.credential(scheme, pair)
    }

    /// Longest whole call, from connecting to the answer's last byte.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Longest wait for a connection.
    #[must_use]
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.connect_timeout = connect_timeout;
        self
    }

    /// Most bytes of an answer that is read into memory.
    #[must_use]
    pub fn max_answer_bytes(mut self, max_answer_bytes: u64) -> Self {
        self.max_answer_bytes = max_answer_bytes;
        self
    }

    /// Checks what was set and makes the parts of a client.
    ///
    /// # Errors
    ///
    /// The base URL is missing or unusable, `https` was asked for without a
    /// TLS feature, or a credential can't be sent.
    pub fn build(self) -> Result<ClientParts, Error> {
        let base_url = read_base_url(self.base_url.as_deref())?;
        for scheme in self.schemes {
            if let Some(secret) = self.credentials.get(scheme.name) {
                check_credential(scheme, secret)?;
            }
        }
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .timeout(self.timeout)
            .connect_timeout(self.connect_timeout)
            .user_agent(self.user_agent)
            .build()
            .map_err(|_| Error::invalid("the HTTP client can't be set up on this machine"))?;
        let text = base_url.as_str().trim_end_matches('/').to_owned();
        let inner =
            Inner::new(self.operations, self.schemes, self.credentials, &base_url, self.max_answer_bytes);
        Ok(ClientParts { base_url: text, http, inner })
    }
}

impl fmt::Debug for ClientSetup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSetup")
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("max_answer_bytes", &self.max_answer_bytes)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ClientParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientParts").finish_non_exhaustive()
    }
}

/// Reads a base URL. No error prints it: it can hold a credential.
fn read_base_url(text: Option<&str>) -> Result<Url, Error> {
    let text =
        text.ok_or_else(|| Error::invalid("no base URL is set: call `.base_url(…)` on the client builder"))?;
    let url = Url::parse(text.trim())
        .map_err(|_| Error::invalid("the base URL is no absolute URL such as `https://api.acme.example`"))?;
    if text.contains(['{', '}']) {
        return Err(Error::invalid("the base URL has a variable that is not filled in"));
    }
    let tls = cfg!(any(feature = "rustls", feature = "native-tls"));
    match url.scheme() {
        "http" => {}
        "https" if tls => {}
        "https" => {
            return Err(Error::invalid(
                "the base URL is `https`, but the client was compiled without TLS: \
                 enable its feature `rustls` or `native-tls`",
            ));
        }
        _ => {
            return Err(Error::invalid("the base URL's scheme is neither `https` nor `http`"));
        }
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::invalid(
            "the base URL holds a user or a password: give credentials to the client builder",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Error::invalid("the base URL has a query or a fragment"));
    }
    Ok(url)
}

/// Finds a credential that its place can't carry.
fn check_credential(scheme: &Scheme, secret: &Secret) -> Result<(), Error> {
    let name = scheme.name;
    let text = secret.expose();
    if text.is_empty() {
        return Err(Error::invalid(format!("credential `{name}` is empty")));
    }
    match scheme.placement {
        Placement::PathSegment if matches!(text, "." | "..") => {
            Err(Error::invalid(format!("credential `{name}` can't be a path segment")))
        }
        Placement::Header(_) | Placement::Bearer => header_value(name, text).map(drop),
        Placement::PathSegment | Placement::Basic | Placement::Query(_) => Ok(()),
    }
}
