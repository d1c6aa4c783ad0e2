//! What a caller asks of an error: in what way it failed, and what may be done about it.
//!
//! Invariant: of a failed login, the questions are about what was wrong with that.

use super::{Error, Kind, connection};
use crate::envelope::Doubt;
use crate::retry::PASSING;

impl Error {
    /// The vendor answered and refused, by its envelope or by the HTTP status.
    #[must_use]
    pub fn is_vendor(&self) -> bool {
        self.class() == Class::Vendor
    }

    /// The vendor answered something that the spec does not promise.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.class() == Class::Decode
    }

    /// The request could not be made as asked; nothing was sent.
    ///
    /// Also true when a client can't be built.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        self.class() == Class::InvalidRequest
    }

    /// The request body is over what the vendor takes; nothing was sent.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.class() == Class::TooLarge
    }

    /// The credentials are no good: the vendor refused them (status 401 or
    /// 403, for a login also 400 or a refusal inside a success), or the store
    /// that keeps them failed.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        let refused = match self.status() {
            Some(401 | 403) => true,
            // RFC 6749 has 400 for a wrong password.
            Some(400 | 200..=299) => self.is_login(),
            _ => false,
        };
        self.class() == Class::Credential || (self.is_vendor() && refused)
    }

    /// What was asked for is not there: status 404.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.is_vendor() && self.status() == Some(404)
    }

    /// The vendor asks for fewer requests: status 429.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.is_vendor() && self.status() == Some(429)
    }

    /// The call, or the connecting, took longer than allowed.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match self.root() {
            Kind::Transport { source } => source.is_timeout(),
            Kind::NoTime | Kind::Stalled => true,
            _ => false,
        }
    }

    /// No connection could be opened; the vendor saw nothing of the request.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        match self.root() {
            Kind::Transport { source } => connection::is_connect(source),
            _ => false,
        }
    }

    /// The server's certificate is refused, so that nothing was sent. Told with rustls only.
    #[must_use]
    pub fn is_certificate(&self) -> bool {
        match self.root() {
            Kind::Transport { source } => connection::certificate_error(source).is_some(),
            _ => false,
        }
    }

    /// There was no answer, or not the whole of it.
    #[must_use]
    pub fn is_transport(&self) -> bool {
        self.class() == Class::Transport
    }

    /// The login before the call failed; the call itself was not sent.
    ///
    /// The other questions, such as [`Error::is_auth`], are about the login then.
    #[must_use]
    pub fn is_login(&self) -> bool {
        matches!(self.0.kind, Kind::Login { .. })
    }

    /// The vendor may have done what was asked, although the call failed.
    ///
    /// Ask this before repeating a call that must not be done twice, such as
    /// the creation of a ticket. It is true when
    ///
    /// - the answer is a success that can't be decoded ([`Error::is_decode`]),
    /// - the request went out and no whole answer came back, or not in time,
    /// - the vendor refused, but its answer speaks for a success as well: the
    ///   envelope says no and there is a payload, or the status says no and
    ///   the envelope says yes,
    /// - the vendor refused, and its answer shows that its program crashed,
    /// - the status is neither a success nor 4xx, or it is 408: these can come from a
    ///   crash on the way back, or from a proxy that did not wait.
    ///
    /// It is false when nothing was sent, when there was no connection, and
    /// when the vendor plainly refused.
    ///
    /// ```
    /// fn advice(error: &prumo_runtime::Error) -> &'static str {
    ///     if error.may_have_happened() {
    ///         "look whether the ticket is there before you send it again"
    ///     } else {
    ///         "the ticket was not created"
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn may_have_happened(&self) -> bool {
        match &self.0.kind {
            Kind::InvalidRequest { .. } | Kind::TooLarge { .. } => false,
            Kind::Credential { .. } | Kind::Login { .. } | Kind::NoTime => false,
            Kind::Transport { source } => !connection::is_connect(source),
            Kind::Vendor { said, .. } => said.doubt != Doubt::None,
            Kind::Decode { .. } | Kind::Stalled => true,
        }
    }

    /// A write of which nobody knows whether it was carried out.
    ///
    /// It was not repeated, and must not be before somebody has looked: see
    /// [`send_or_find`](crate::send_or_find).
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.is_write && self.may_have_happened()
    }

    /// The same call may work later, and to repeat it can do no harm.
    ///
    /// This is what the client goes by when it tries again by itself, as far as its
    /// [`RetryPolicy`](crate::RetryPolicy) goes.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let may_pass = match self.root() {
            // A certificate does not get better by asking again.
            Kind::Transport { source } => connection::certificate_error(source).is_none(),
            Kind::NoTime | Kind::Stalled => true,
            Kind::Vendor { .. } => self.status().is_some_and(|status| PASSING.contains(&status)),
            _ => false,
        };
        may_pass && !self.is_outcome_unknown()
    }

    /// In what way it failed, in one word of a closed list: for logs and metrics.
    #[must_use]
    pub fn class_name(&self) -> &'static str {
        self.class().name()
    }

    fn class(&self) -> Class {
        match self.root() {
            Kind::InvalidRequest { .. } => Class::InvalidRequest,
            Kind::Credential { .. } => Class::Credential,
            Kind::NoTime => Class::NoTime,
            Kind::TooLarge { .. } => Class::TooLarge,
            Kind::Transport { .. } | Kind::Stalled => Class::Transport,
            Kind::Vendor { .. } => Class::Vendor,
            Kind::Decode { .. } => Class::Decode,
            // The root is never a login.
            Kind::Login { .. } => Class::Credential,
        }
    }
}

/// A [`Kind`] without what it holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    InvalidRequest,
    Credential,
    NoTime,
    TooLarge,
    Transport,
    Vendor,
    Decode,
}

impl Class {
    fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid-request",
            Self::Credential => "credential",
            Self::NoTime => "no-time",
            Self::TooLarge => "too-large",
            Self::Transport => "transport",
            Self::Vendor => "vendor",
            Self::Decode => "decode",
        }
    }
}
