//! Defines the single opaque error type of a call.
//!
//! Callers classify an error with predicates and read its details with getters. Neither `Display`,
//! `Debug` nor the `source()` chain contains a URL, a header, a body or a credential. The response
//! body is available only through [`Error::body`], up to a limit. From the vendor's messages,
//! `Display` removes whatever looks like an e-mail address or a personal number, and names that the
//! request contained.

mod connection;
mod echo;
mod persons;
mod predicates;
mod print;

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;

use crate::credentials::CredentialError;
use crate::envelope::Refusal;

/// Maximum number of response bytes that an error keeps.
pub(crate) const MAX_BODY_BYTES: usize = 64 * 1024;

/// The reason why a call failed.
///
/// ```
/// fn advice(error: &prumo_runtime::Error) -> &'static str {
///     if error.is_rate_limited() {
///         "slow down"
///     } else if error.is_auth() {
///         "check the credentials"
///     } else if error.is_decode() {
///         "the vendor left the contract"
///     } else {
///         "see the message"
///     }
/// }
/// ```
pub struct Error(Box<Failure>);

struct Failure {
    operation: Option<&'static str>,
    status: Option<u16>,
    headers: Option<HeaderMap>,
    /// The vendor's identifier of the created resource.
    protocol: Option<String>,
    /// Number of attempts that were sent.
    n_attempts: u32,
    /// The request is not idempotent.
    is_write: bool,
    /// Parts of the vendor's messages that repeat the request. They are not printed.
    echoes: Vec<String>,
    /// The error that followed this one.
    then: Option<Error>,
    /// The reason why the body of a refusal was not read, or how.
    note: Option<String>,
    kind: Kind,
}

enum Kind {
    /// The request, or the client itself, can't be built.
    InvalidRequest { what: String, source: Option<reqwest::Error> },
    /// The credential store failed.
    Credential { name: &'static str, source: CredentialError },
    /// The login before the call failed.
    Login { cause: Arc<Error> },
    /// The call ran out of time before the next attempt, or would while the vendor wants no request
    /// for `held`.
    NoTime { held: Option<Duration> },
    /// The request body exceeds the vendor's limit.
    TooLarge { limit: u64, total: u64, parts: Vec<PartSize> },
    /// The upload made no progress and no response came.
    Stalled,
    /// There was no response, or not a complete one.
    Transport { source: reqwest::Error },
    /// The vendor answered with a refusal.
    Vendor { said: Refusal, body: Bytes },
    /// The response does not fit the spec.
    Decode { pointer: Option<String>, what: String, body: Bytes },
}

/// The size of one part of a refused upload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartSize {
    /// The field's name on the wire, such as `anexos[]`.
    pub name: String,
    /// Number of bytes of its value or content, without the part's headers.
    pub bytes: u64,
}

impl PartSize {
    pub(crate) fn new(name: impl Into<String>, bytes: u64) -> Self {
        Self { name: name.into(), bytes }
    }
}

impl Error {
    /// Returns the spec's `operationId` of the failed call.
    ///
    /// It is `None` if the client could not be built, or if an argument of a call by name could not
    /// be read.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.0.operation
    }

    /// Returns the HTTP status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.0.kind {
            Kind::Login { cause } => cause.status(),
            _ => self.0.status,
        }
    }

    /// Returns the response headers, if there was a response, without those that contain a
    /// credential.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.headers.as_ref()
    }

    /// Returns the vendor's identifier of the created resource, if the response contains it: the
    /// number of a ticket that was created although its response can't be decoded.
    ///
    /// [`Operation::protocol`](crate::Operation::protocol) says where it is located in the
    /// response. It may also be found in a response that broke off and in an ambiguous refusal, so
    /// it proves nothing.
    #[must_use]
    pub fn protocol(&self) -> Option<&str> {
        self.0.protocol.as_deref()
    }

    /// Returns the error that occurred after this one while finding out whether the write was
    /// carried out: see [`SendOrFind::run`](crate::SendOrFind::run).
    #[must_use]
    pub fn then(&self) -> Option<&Self> {
        self.0.then.as_ref()
    }

    /// Returns the number of attempts that were sent, 0 if nothing was sent.
    #[must_use]
    pub fn n_attempts(&self) -> u32 {
        self.0.n_attempts
    }

    /// Returns how long the vendor wants no request, if that is why the call was not sent: longer
    /// than its `total_timeout` allows.
    #[must_use]
    pub fn retry_in(&self) -> Option<Duration> {
        match self.root() {
            Kind::NoTime { held } => *held,
            _ => None,
        }
    }

    /// Returns the vendor's own message, if there is one.
    ///
    /// It is the vendor's text without the client's credentials, and it can name a person. When an
    /// error is printed, e-mail addresses, personal numbers and the names that the call itself sent
    /// are removed, but any other name can't be told from ordinary words. For a log without any
    /// name use [`Error::operation`], [`Error::status`] and [`Error::class_name`].
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match self.root() {
            Kind::Vendor { said, .. } => said.message.as_deref(),
            _ => None,
        }
    }

    /// Returns the vendor's further messages, often one for each rejected field.
    #[must_use]
    pub fn errors(&self) -> &[String] {
        match self.root() {
            Kind::Vendor { said, .. } => &said.errors,
            _ => &[],
        }
    }

    /// Returns the JSON Pointer to the place in the response that could not be decoded.
    ///
    /// `Some("")` is the whole response.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        match self.root() {
            Kind::Decode { pointer, .. } => pointer.as_deref(),
            _ => None,
        }
    }

    /// Returns the first 64 KiB of the response, without the client's credentials.
    ///
    /// They can contain personal data, so they are never printed.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        match self.root() {
            Kind::Vendor { body, .. } | Kind::Decode { body, .. } => Some(body),
            _ => None,
        }
    }

    /// Returns the parts of a refused upload with their sizes, in the order of sending.
    #[must_use]
    pub fn parts(&self) -> &[PartSize] {
        match &self.0.kind {
            Kind::TooLarge { parts, .. } => parts,
            _ => &[],
        }
    }

    /// Returns the kind of the error, or of the login's error if the login failed.
    fn root(&self) -> &Kind {
        match &self.0.kind {
            Kind::Login { cause } => cause.root(),
            other => other,
        }
    }

    /// Sets the operation, unless it is already set.
    #[doc(hidden)]
    #[must_use]
    pub fn in_operation(mut self, operation: &'static str) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_answer(mut self, status: u16, headers: HeaderMap) -> Self {
        self.0.headers = Some(headers);
        self.with_status(status)
    }

    pub(crate) fn with_protocol(mut self, protocol: Option<String>) -> Self {
        self.0.protocol = protocol;
        self
    }

    pub(crate) fn with_note(mut self, note: Option<String>) -> Self {
        self.0.note = note;
        self
    }

    pub(crate) fn followed_by(mut self, then: Option<Self>) -> Self {
        self.0.then = then;
        self
    }

    /// Sets the number of attempts, and whether the request is a write.
    pub(crate) fn after(mut self, n_attempts: u32, is_write: bool) -> Self {
        self.0.n_attempts = n_attempts;
        self.0.is_write = is_write;
        self
    }

    /// Finds the parts of the vendor's messages that repeat the text of the request.
    pub(crate) fn for_request(mut self, sent: impl FnOnce() -> String) -> Self {
        if let Kind::Vendor { said, .. } = &self.0.kind {
            let sentences: Vec<&String> = said.message.iter().chain(&said.errors).collect();
            if !sentences.is_empty() {
                let sent = sent().to_lowercase();
                let sent = echo::Sent::new(&sent);
                self.0.echoes =
                    sentences.into_iter().flat_map(|text| sent.repeated(text)).collect();
            }
        }
        self
    }
}

/// Constructors.
impl Error {
    fn new(kind: Kind) -> Self {
        Self(Box::new(Failure {
            operation: None,
            status: None,
            headers: None,
            protocol: None,
            echoes: Vec::new(),
            n_attempts: 0,
            is_write: false,
            then: None,
            note: None,
            kind,
        }))
    }

    pub(crate) fn invalid(what: impl Into<String>) -> Self {
        Self::new(Kind::InvalidRequest { what: what.into(), source: None })
    }

    pub(crate) fn no_credential(name: &'static str, source: CredentialError) -> Self {
        Self::new(Kind::Credential { name, source })
    }

    pub(crate) fn login(cause: Arc<Self>) -> Self {
        Self::new(Kind::Login { cause })
    }

    pub(crate) fn no_time() -> Self {
        Self::new(Kind::NoTime { held: None })
    }

    pub(crate) fn held(wait: Duration) -> Self {
        Self::new(Kind::NoTime { held: Some(wait) })
    }

    pub(crate) fn stalled() -> Self {
        Self::new(Kind::Stalled)
    }

    pub(crate) fn too_large(limit: u64, total: u64, parts: Vec<PartSize>) -> Self {
        Self::new(Kind::TooLarge { limit, total, parts })
    }

    pub(crate) fn vendor(said: Refusal, body: Vec<u8>) -> Self {
        Self::new(Kind::Vendor { said, body: Bytes::from(body) })
    }

    pub(crate) fn decode(pointer: Option<String>, what: impl Into<String>, body: Vec<u8>) -> Self {
        Self::new(Kind::Decode { pointer, what: what.into(), body: Bytes::from(body) })
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        // The URL can contain a credential.
        let error = error.without_url();
        Self::new(if error.is_builder() {
            Kind::InvalidRequest { what: "the request can't be built".into(), source: Some(error) }
        } else {
            Kind::Transport { source: error }
        })
    }
}

impl From<reqwest::header::InvalidHeaderValue> for Error {
    fn from(_: reqwest::header::InvalidHeaderValue) -> Self {
        Self::invalid("a header parameter contains a character that is invalid in a header")
    }
}

impl From<reqwest::header::InvalidHeaderName> for Error {
    fn from(_: reqwest::header::InvalidHeaderName) -> Self {
        Self::invalid("a header parameter has an invalid name")
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.kind {
            Kind::InvalidRequest { source: Some(source), .. } | Kind::Transport { source } => {
                Some(source)
            }
            Kind::Credential { source, .. } => Some(&**source),
            Kind::Login { cause } => Some(&**cause),
            Kind::InvalidRequest { source: None, .. }
            | Kind::TooLarge { .. }
            | Kind::NoTime { .. } => None,
            Kind::Vendor { .. } | Kind::Decode { .. } | Kind::Stalled => None,
        }
    }
}
