//! Everything that can go wrong in a call, as one opaque type.
//!
//! Callers ask with predicates and read with getters. Neither `Display`,
//! `Debug` nor the `source()` chain holds a URL, a header, a body or a
//! credential; the answer's bytes are behind [`Error::body`] only, bounded.
//! Of the vendor's sentences, `Display` leaves out what has the form of an
//! e-mail address or of a person's number, and names that were sent.

mod connection;
mod echo;
mod persons;
mod predicates;
mod print;

use std::error::Error as StdError;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::HeaderMap;

use crate::credentials::CredentialError;
use crate::envelope::Refusal;

/// Most bytes of an answer that an error keeps.
pub(crate) const MAX_BODY_BYTES: usize = 64 * 1024;

/// Why a call failed.
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
    /// What the vendor calls the thing that it made.
    protocol: Option<String>,
    /// Attempts that were sent.
    n_attempts: u32,
    /// To do it twice is not what doing it once is.
    is_write: bool,
    /// What the vendor's sentences repeat of the request: it is not printed.
    echoes: Vec<String>,
    /// What went wrong after it.
    then: Option<Error>,
    kind: Kind,
}

enum Kind {
    /// The request, or the client itself, can't be made as asked.
    InvalidRequest { what: String, source: Option<reqwest::Error> },
    /// The store of the credentials failed.
    Credential { name: &'static str, source: CredentialError },
    /// The login before the call failed.
    Login { cause: Arc<Error> },
    /// The call's time was over before the next attempt.
    NoTime,
    /// The request body is over what the vendor takes.
    TooLarge { limit: u64, total: u64, parts: Vec<PartSize> },
    /// Neither did more of a file go out, nor did an answer come.
    Stalled,
    /// No answer, or not the whole of it.
    Transport { source: reqwest::Error },
    /// The vendor answered and refused.
    Vendor { said: Refusal, body: Bytes },
    /// The vendor answered something that the spec does not promise.
    Decode { pointer: Option<String>, what: String, body: Bytes },
}

/// The size of one part of a refused upload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartSize {
    /// The field's name on the wire, such as `anexos[]`.
    pub name: String,
    /// The size of its value or content, without the part's headers.
    pub bytes: u64,
}

impl PartSize {
    pub(crate) fn new(name: impl Into<String>, bytes: u64) -> Self {
        Self { name: name.into(), bytes }
    }
}

impl Error {
    /// The spec's `operationId` of the call that failed.
    ///
    /// `None` when the client was being built, or when a call by name had an
    /// argument that could not be read.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.0.operation
    }

    /// The HTTP status, if there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.0.kind {
            Kind::Login { cause } => cause.status(),
            _ => self.0.status,
        }
    }

    /// The answer's headers, if there was an answer, less those that hold a credential.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.headers.as_ref()
    }

    /// What the vendor calls the thing that it made, as far as an answer came that says so:
    /// the number of a ticket that was created although its answer can't be read.
    ///
    /// Where it stands in the answer is told by
    /// [`Operation::protocol`](crate::Operation::protocol). It can be there when the
    /// answer broke off, and with a refusal that is doubtful; it proves nothing.
    #[must_use]
    pub fn protocol(&self) -> Option<&str> {
        self.0.protocol.as_deref()
    }

    /// What went wrong after this, when it was tried to find out whether it was carried out:
    /// see [`SendOrFind::run`](crate::SendOrFind::run).
    #[must_use]
    pub fn then(&self) -> Option<&Self> {
        self.0.then.as_ref()
    }

    /// How many attempts were sent; 0 if nothing went out.
    #[must_use]
    pub fn n_attempts(&self) -> u32 {
        self.0.n_attempts
    }

    /// The vendor's own sentence, if it gave one.
    ///
    /// It is as the vendor says it, less the client's credentials. It can name a
    /// person: what is printed of an error has no e-mail addresses, no numbers of
    /// persons and no name that the call itself sent, but any other name can't be
    /// told from other words. A log that must hold none has [`Error::operation`],
    /// [`Error::status`] and [`Error::class_name`].
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match self.root() {
            Kind::Vendor { said, .. } => said.message.as_deref(),
            _ => None,
        }
    }

    /// The vendor's further sentences, often one for each field that it refused.
    #[must_use]
    pub fn errors(&self) -> &[String] {
        match self.root() {
            Kind::Vendor { said, .. } => &said.errors,
            _ => &[],
        }
    }

    /// JSON Pointer to the place in the answer that could not be decoded.
    ///
    /// `Some("")` is the answer as a whole.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        match self.root() {
            Kind::Decode { pointer, .. } => pointer.as_deref(),
            _ => None,
        }
    }

    /// The answer's first 64 KiB as they came, less the client's credentials.
    ///
    /// It can hold personal data, which is why nothing prints it.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        match self.root() {
            Kind::Vendor { body, .. } | Kind::Decode { body, .. } => Some(body),
            _ => None,
        }
    }

    /// The parts of a refused upload with their sizes, in the order of sending.
    #[must_use]
    pub fn parts(&self) -> &[PartSize] {
        match &self.0.kind {
            Kind::TooLarge { parts, .. } => parts,
            _ => &[],
        }
    }

    /// What failed in the end: of a failed login, what was wrong with that.
    fn root(&self) -> &Kind {
        match &self.0.kind {
            Kind::Login { cause } => cause.root(),
            other => other,
        }
    }

    /// Names the operation, unless it is named already.
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

    pub(crate) fn followed_by(mut self, then: Option<Self>) -> Self {
        self.0.then = then;
        self
    }

    /// The call ended after so many attempts.
    pub(crate) fn after(mut self, n_attempts: u32, is_write: bool) -> Self {
        self.0.n_attempts = n_attempts;
        self.0.is_write = is_write;
        self
    }

    /// It came for a request with this text: what the vendor repeats of it is not printed.
    pub(crate) fn for_request(mut self, sent: impl FnOnce() -> String) -> Self {
        if let Kind::Vendor { said, .. } = &self.0.kind {
            let sentences: Vec<&String> = said.message.iter().chain(&said.errors).collect();
            if !sentences.is_empty() {
                let sent = sent();
                self.0.echoes = sentences.into_iter().flat_map(|text| echo::repeated(text, &sent)).collect();
            }
        }
        self
    }
}

/// How errors are made.
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
        Self::new(Kind::NoTime)
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
        // The URL can hold a credential.
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
        Self::invalid("a header parameter holds a character that no header can carry")
    }
}

impl From<reqwest::header::InvalidHeaderName> for Error {
    fn from(_: reqwest::header::InvalidHeaderName) -> Self {
        Self::invalid("a header parameter has a name that no header can have")
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.kind {
            Kind::InvalidRequest { source: Some(source), .. } | Kind::Transport { source } => Some(source),
            Kind::Credential { source, .. } => Some(&**source),
            Kind::Login { cause } => Some(&**cause),
            Kind::InvalidRequest { source: None, .. } | Kind::TooLarge { .. } | Kind::NoTime => None,
            Kind::Vendor { .. } | Kind::Decode { .. } | Kind::Stalled => None,
        }
    }
}
