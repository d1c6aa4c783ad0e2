//! Lists the reasons of refusals, independent of a vendor's wording.

use serde_json::Value;

use crate::fault::Refused;

/// The reason of a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A required parameter or field is absent.
    Missing(String),
    /// A parameter or field is invalid.
    Invalid(String),
    /// A time is malformed.
    InvalidTime(String),
    /// The body has another media type, or breaks off.
    WrongBody,
    /// A record does not exist; the vendor's word for it, or its sentence.
    Unknown(&'static str),
    /// A page behind the last.
    NoSuchPage,
    /// The record's state forbids it; the vendor's sentence.
    Rule(&'static str),
    /// The same, with the records that are the reason.
    RuleOn(&'static str, Vec<Value>),
    /// User or password is wrong.
    WrongCredentials,
    /// The token is absent or unknown.
    NoToken,
    /// The token has expired.
    ExpiredToken,
    /// The rate limit is exceeded.
    TooMany,
    /// The body is too large.
    TooLarge,
    /// No operation takes the request.
    NoSuchOperation,
    /// The account's plan or permissions forbid it.
    Forbidden,
    /// The record does not exist, reported by the status.
    NotFound,
    /// The vendor's program crashed.
    Broken,
}

impl From<Refused> for Refusal {
    fn from(why: Refused) -> Self {
        match why {
            Refused::Forbidden => Self::Forbidden,
            Refused::NotFound => Self::NotFound,
            Refused::Invalid => Self::Invalid("id".to_owned()),
            Refused::Token => Self::NoToken,
            Refused::Expired => Self::ExpiredToken,
            Refused::TooMany => Self::TooMany,
            Refused::Broken => Self::Broken,
        }
    }
}

/// A vendor's wording of a refusal.
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) message: Option<String>,
    /// Further sentences or records, if the vendor has a member for them.
    pub(crate) errors: Option<Vec<Value>>,
    /// A code, if the vendor has a member for one.
    pub(crate) code: Option<&'static str>,
    pub(crate) wording: Wording,
}

/// The form of a refusal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wording {
    /// The envelope's failure.
    Envelope,
    /// The sentence alone.
    Sentence,
    /// The envelope's failure, with the place where the vendor's program crashed.
    Exception,
    /// A code with its description, as token endpoints answer.
    Code,
    /// A web page of the server in front.
    Page,
}

impl Said {
    /// Words a refusal in the vendor's envelope.
    pub(crate) fn envelope(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: Some(message.into()),
            errors: None,
            code: None,
            wording: Wording::Envelope,
        }
    }

    /// Answers with a page of the server in front.
    pub(crate) fn page(status: u16) -> Self {
        Self { status, message: None, errors: None, code: None, wording: Wording::Page }
    }

    pub(crate) fn with_errors(self, errors: Vec<Value>) -> Self {
        Self { errors: Some(errors), ..self }
    }

    pub(crate) fn worded(self, wording: Wording) -> Self {
        Self { wording, ..self }
    }
}
