//! Holds a client's state, and turns a prepared request into the one that is sent.
//!
//! A `Call` builds a request with placeholders for its credentials. [`Inner::prepare`] inserts the
//! credentials right before sending, and refuses what must not be sent: a path that was changed by
//! a value, a body over the limit, or a credential that does not fit into its place.

use std::collections::VecDeque;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use percent_encoding::percent_decode_str;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderName, HeaderValue};
use reqwest::{Request, Url};

use crate::auth::{Auth, Carried};
use crate::clock::Clock;
use crate::encode::encode_path;
use crate::error::Error;
use crate::limiter::Limiter;
use crate::observer::Observer;
use crate::options::CallOptions;
use crate::retry::{Budget, RetryPolicy};
use crate::scrub::Scrubber;
use crate::secret::Secret;
use crate::table::{Operation, Place, Placement};

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

    /// Turns a request with placeholders into the one that is sent, and returns its secrets.
    pub(crate) async fn prepare(
        &self,
        operation: &Operation,
        request: &mut Request,
        carried: &[Carried],
    ) -> Result<Vec<Secret>, Error> {
        refuse_too_large(operation, request)?;
        // The path comes first: it is checked as generated code wrote it.
        let mut secrets = self.swap_segments(operation, request.url_mut()).await?;
        for one in carried {
            apply(one, request)?;
            secrets.push(one.secret.clone());
        }
        secrets.iter().for_each(|secret| self.learn(secret));
        Ok(secrets)
    }

    /// Compares the path with the template and inserts the secret segments, which are returned.
    ///
    /// Segments are identified by their position, so a caller's value can't pass for a placeholder,
    /// and a value that adds or removes segments is detected.
    async fn swap_segments(
        &self,
        operation: &Operation,
        url: &mut Url,
    ) -> Result<Vec<Secret>, Error> {
        let n_stem = self.state.base_url.path().trim_end_matches('/').matches('/').count();
        let template = operation.path.split('/').skip(1);
        let segments = url.path().split('/').skip(1);
        if segments.clone().count() != n_stem + template.clone().count() {
            return Err(Error::invalid(
                "a path parameter is `..` or `.`, which no path segment can hold",
            ));
        }
        let (mut swapped, mut secrets) = (Vec::new(), Vec::new());
        for (idx, (wanted, segment)) in template.zip(segments.skip(n_stem)).enumerate() {
            match parameter_of(wanted) {
                Some(name) if is_secret(operation, name) => {
                    if !self.state.is_confidential {
                        return Err(unprotected(name));
                    }
                    let secret = self.auth().path_secret(name).await?;
                    swapped.push((n_stem + idx, encode_path(path_text(name, &secret)?)));
                    secrets.push(secret);
                }
                Some(name) if segment.is_empty() => {
                    return Err(Error::invalid(format!(
                        "path parameter `{name}` is empty or `.`, which no path segment can hold"
                    )));
                }
                Some(_) => {}
                None if wanted.contains('{') || same(wanted, segment) => {}
                None => {
                    return Err(Error::invalid("the path does not match the client's table"));
                }
            }
        }
        if !swapped.is_empty() {
            let path = with_segments(url.path(), &swapped);
            url.set_path(&path);
        }
        Ok(secrets)
    }
}

/// Returns `path` with the segments at some positions replaced.
fn with_segments(path: &str, swapped: &[(usize, String)]) -> String {
    let mut out = String::with_capacity(
        path.len() + swapped.iter().map(|(_, text)| text.len()).sum::<usize>(),
    );
    for (idx, segment) in path.split('/').skip(1).enumerate() {
        let other = swapped.iter().find(|(place, _)| *place == idx);
        out.push('/');
        out.push_str(other.map_or(segment, |(_, text)| text));
    }
    out
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

fn apply(carried: &Carried, request: &mut Request) -> Result<(), Error> {
    let name = carried.scheme.name;
    let secret = carried.secret.expose();
    match carried.scheme.placement {
        // Already inserted into the path, by the parameter with the same name.
        Placement::PathSegment => Ok(()),
        Placement::Bearer => set_header(request, name, AUTHORIZATION, &format!("Bearer {secret}")),
        Placement::Basic => {
            let text = format!("Basic {}", BASE64_STANDARD.encode(plain_text(name, secret)?));
            set_header(request, name, AUTHORIZATION, &text)
        }
        Placement::Header(header) => match HeaderName::from_bytes(header.as_bytes()) {
            Ok(header) => set_header(request, name, header, secret),
            Err(_) => Err(Error::invalid(format!("scheme `{name}` has an invalid header name"))),
        },
        Placement::Query(parameter) => {
            request.url_mut().query_pairs_mut().append_pair(parameter, plain_text(name, secret)?);
            Ok(())
        }
    }
}

/// Validates a credential as a path segment.
pub(crate) fn path_text<'a>(name: &str, secret: &'a Secret) -> Result<&'a str, Error> {
    match secret.expose() {
        "" => Err(Error::invalid(format!("credential `{name}` is empty"))),
        "." | ".." => Err(Error::invalid(format!("credential `{name}` can't be a path segment"))),
        text => plain_text(name, text),
    }
}

/// Refuses a credential with a line break or another control character, which most likely comes
/// from the file that it was read from.
pub(crate) fn plain_text<'a>(name: &str, text: &'a str) -> Result<&'a str, Error> {
    if text.contains(char::is_control) {
        return Err(Error::invalid(format!(
            "credential `{name}` contains a line break or another control character"
        )));
    }
    Ok(text)
}

fn unprotected(name: &str) -> Error {
    Error::invalid(format!(
        "`{name}` is a secret in the path, which everyone on the way can read over plain `http`: \
         use `https`, or allow the host by its name with `.allow_plain_http(…)` on the client builder"
    ))
}

/// Returns `token` for `{token}`, and `None` for a constant or mixed segment.
fn parameter_of(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix('{')?.strip_suffix('}')?;
    (!name.contains(['{', '}'])).then_some(name)
}

fn is_secret(operation: &Operation, name: &str) -> bool {
    let parameters = operation.parameters.iter();
    let mut of_name = parameters.filter(|parameter| parameter.name == name);
    of_name.any(|parameter| parameter.secret && parameter.place == Place::Path)
}

fn same(wanted: &str, segment: &str) -> bool {
    percent_decode_str(wanted).eq(percent_decode_str(segment))
}

fn set_header(
    request: &mut Request,
    scheme: &str,
    name: HeaderName,
    text: &str,
) -> Result<(), Error> {
    let mut value = header_value(scheme, text)?;
    value.set_sensitive(true);
    request.headers_mut().insert(name, value);
    Ok(())
}

/// Converts a credential into a header value. The error names the scheme, never the text.
pub(crate) fn header_value(scheme: &str, text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|_| {
        Error::invalid(format!(
            "credential `{scheme}` contains a character that is invalid in a header"
        ))
    })
}

/// Checks the size of any body. A form is refused earlier, with the sizes of its parts.
fn refuse_too_large(operation: &Operation, request: &Request) -> Result<(), Error> {
    let Some(limit) = operation.max_request_bytes else {
        return Ok(());
    };
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let held = request.body().and_then(|body| body.as_bytes()).map(|bytes| bytes.len() as u64);
    match held.or(announced) {
        Some(total) if total > limit => Err(Error::too_large(limit, total, Vec::new())),
        Some(_) | None => Ok(()),
    }
}
