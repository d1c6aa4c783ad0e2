//! Answers a caller's questions about an error: how the call failed, and what can be done about it.
//!
//! Invariant: after a failed login, the answers are about the login's error.

use super::{Error, Kind, connection};
use crate::envelope::Doubt;
use crate::retry::PASSING;

impl Error {
    /// Returns whether the vendor refused, by its envelope or by the HTTP status.
    #[must_use]
    pub fn is_vendor(&self) -> bool {
        self.class() == Class::Vendor
    }

    /// Returns whether the response does not fit the spec.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.class() == Class::Decode
    }

    /// Returns whether the request could not be built. Nothing was sent.
    ///
    /// Also `true` if a client could not be built.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        self.class() == Class::InvalidRequest
    }

    /// Returns whether the request body exceeds the vendor's limit. Nothing was sent.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.class() == Class::TooLarge
    }

    /// Returns whether the credentials are unusable: the vendor refused them (status 401 or 403,
    /// for a login also 400 or a refusal with a success status), or their store failed.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        let refused = match self.status() {
            Some(401 | 403) => true,
            // RFC 6749 uses 400 for a wrong password.
            Some(400 | 200..=299) => self.is_login(),
            _ => false,
        };
        self.class() == Class::Credential || (self.is_vendor() && refused)
    }

    /// Returns whether the requested resource does not exist: status 404.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.is_vendor() && self.status() == Some(404)
    }

    /// Returns whether the vendor asks for fewer requests: status 429.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.is_vendor() && self.status() == Some(429)
    }

    /// Returns whether the call or the connection timed out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match self.root() {
            Kind::Transport { source } => source.is_timeout(),
            Kind::NoTime { .. } | Kind::Stalled => true,
            _ => false,
        }
    }

    /// Returns whether no connection could be opened. The vendor never saw the request.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        match self.root() {
            Kind::Transport { source } => connection::is_connect(source),
            _ => false,
        }
    }

    /// Returns whether the name of the host has no address. Nothing was sent.
    #[must_use]
    pub fn is_unknown_host(&self) -> bool {
        match self.root() {
            Kind::Transport { source } => connection::is_unknown_host(source),
            _ => false,
        }
    }

    /// Returns whether the server's certificate was refused. Nothing was sent. Only rustls reports
    /// this.
    #[must_use]
    pub fn is_certificate(&self) -> bool {
        match self.root() {
            Kind::Transport { source } => connection::certificate_error(source).is_some(),
            _ => false,
        }
    }

    /// Returns whether there was no response, or not a complete one.
    #[must_use]
    pub fn is_transport(&self) -> bool {
        self.class() == Class::Transport
    }

    /// Returns whether the login before the call failed. The call itself was not sent.
    ///
    /// The other predicates, such as [`Error::is_auth`], then describe the login's error.
    #[must_use]
    pub fn is_login(&self) -> bool {
        matches!(self.0.kind, Kind::Login { .. })
    }

    /// Returns whether the vendor may have done what was asked, although the call failed.
    ///
    /// Check this before you repeat a call that must not run twice, such as creating a ticket. It
    /// is `true` if
    ///
    /// - the response is a success that can't be decoded ([`Error::is_decode`]),
    /// - the request was sent and no complete response came back in time,
    /// - the vendor refused, but the response also indicates success: the envelope says no and
    ///   there is a payload, or the status says no and the envelope says yes,
    /// - the vendor refused and the response shows that its program crashed,
    /// - the status is neither 2xx nor 4xx, or it is 408: such a status can come from a crash after
    ///   the fact or from a proxy that timed out.
    ///
    /// It is `false` if nothing was sent, if there was no connection, or if the vendor plainly
    /// refused.
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
            Kind::Credential { .. } | Kind::Login { .. } | Kind::NoTime { .. } => false,
            Kind::Transport { source } => !connection::is_connect(source),
            Kind::Vendor { said, .. } => said.doubt != Doubt::None,
            Kind::Decode { .. } | Kind::Stalled => true,
        }
    }

    /// Returns whether the call is a write with an unknown outcome.
    ///
    /// It was not repeated, and must not be before you have checked: see
    /// [`send_or_find`](crate::send_or_find()).
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.is_write && self.may_have_happened()
    }

    /// Returns whether the same call may succeed later and can safely be repeated.
    ///
    /// The client retries by this rule, within the limits of its
    /// [`RetryPolicy`](crate::RetryPolicy).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let may_pass = match self.root() {
            // Asking again does not improve a certificate.
            Kind::Transport { source } => connection::certificate_error(source).is_none(),
            Kind::NoTime { .. } | Kind::Stalled => true,
            Kind::Vendor { .. } => self.status().is_some_and(|status| PASSING.contains(&status)),
            _ => false,
        };
        may_pass && !self.is_outcome_unknown()
    }

    /// Returns the class of the error as one word of a closed list, for logs and metrics.
    #[must_use]
    pub fn class_name(&self) -> &'static str {
        self.class().name()
    }

    fn class(&self) -> Class {
        match self.root() {
            Kind::InvalidRequest { .. } => Class::InvalidRequest,
            Kind::Credential { .. } => Class::Credential,
            Kind::NoTime { .. } => Class::NoTime,
            Kind::TooLarge { .. } => Class::TooLarge,
            Kind::Transport { .. } | Kind::Stalled => Class::Transport,
            Kind::Vendor { .. } => Class::Vendor,
            Kind::Decode { .. } => Class::Decode,
            // The root is never a login.
            Kind::Login { .. } => Class::Credential,
        }
    }
}

/// A [`Kind`] without its data.
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
