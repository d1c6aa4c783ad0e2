//! Why a request is refused, apart from how a vendor says it.

use crate::fault::Refused;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A parameter or field that must be sent was not.
    Missing(String),
    /// What was sent is not what belongs there.
    Invalid(String),
    /// A time that was sent is none.
    InvalidTime(String),
    /// The body is of a kind that the vendor does not take, or breaks off.
    WrongBody,
    /// There is no such thing; the vendor's word for it, or its sentence.
    Unknown(&'static str),
    /// A page behind the last.
    NoSuchPage,
    /// The thing is not in a state for that; the vendor's sentence.
    Rule(&'static str),
    /// Nobody has that user and password.
    WrongCredentials,
    /// There is no token, or one that nobody gave out.
    NoToken,
    /// The token was good once.
    ExpiredToken,
    /// More requests than the vendor takes in a second.
    TooMany,
    /// The body is larger than the vendor takes.
    TooLarge,
    /// There is no such operation.
    NoSuchOperation,
    /// The account's plan or rights do not include it.
    Forbidden,
    /// The thing is not there, said by the status.
    NotFound,
    /// The vendor's program broke.
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

/// How a vendor says that it refuses.
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) message: Option<String>,
    /// Further sentences, where the vendor has a place for them.
    pub(crate) errors: Vec<String>,
    /// A code, where the vendor has a place for one.
    pub(crate) code: Option<&'static str>,
    pub(crate) wording: Wording,
}

/// What an answer that refuses is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wording {
    /// The envelope's failure.
    Envelope,
    /// The sentence alone.
    Sentence,
    /// The envelope's failure, with where the vendor's program broke.
    Exception,
    /// A code with its description, as a token endpoint has it.
    Code,
    /// A web page of the server in front.
    Page,
}

impl Said {
    /// A sentence in the vendor's envelope.
    pub(crate) fn envelope(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: Some(message.into()),
            errors: Vec::new(),
            code: None,
            wording: Wording::Envelope,
        }
    }

    /// A page of the server in front.
    pub(crate) fn page(status: u16) -> Self {
        Self { status, message: None, errors: Vec::new(), code: None, wording: Wording::Page }
    }

    pub(crate) fn with_errors(self, errors: Vec<String>) -> Self {
        Self { errors, ..self }
    }

    pub(crate) fn worded(self, wording: Wording) -> Self {
        Self { wording, ..self }
    }
}
