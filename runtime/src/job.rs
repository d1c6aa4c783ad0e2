//! Holds a call before it is sent: its request, its body, and how its response is read.
//!
//! Invariant: a job contains no credential. Each attempt gets its own copy of the request, and the
//! credentials go into that copy.

use percent_encoding::percent_decode_str;
use reqwest::{Body, Client, Method, Request};

use crate::envelope::EarlyDecode;
use crate::error::{Error, MAX_BODY_BYTES};
use crate::form::FormPayload;
use crate::inner::ServerAddress;
use crate::table::Operation;

/// A request without its credentials, and the facts about it.
pub(crate) struct Job {
    pub(crate) operation: &'static Operation,
    pub(crate) request: Request,
    /// The form, if the body is one. Each attempt builds its body anew.
    pub(crate) form: Option<FormPayload>,
    pub(crate) read_mode: ReadMode,
    pub(crate) purpose: Purpose,
}

/// The purpose of a request.
pub(crate) enum Purpose {
    /// A call of the API, with its credentials.
    Call,
    /// A token from the API itself. The request carries no credential.
    Login,
    /// A token from an authorization server.
    Token(TokenEndpoint),
}

/// The way to an authorization server.
pub(crate) struct TokenEndpoint {
    pub(crate) http: Client,
    pub(crate) server: ServerAddress,
    /// Whether a request whose outcome is unknown may be sent again. A code or a refresh token may
    /// be used up by it.
    pub(crate) is_repeatable: bool,
}

impl Job {
    /// Returns whether the request is a write, which is not safe to repeat.
    pub(crate) fn is_write(&self) -> bool {
        match &self.purpose {
            Purpose::Call => {
                !matches!(*self.request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
            }
            Purpose::Login => false,
            Purpose::Token(endpoint) => !endpoint.is_repeatable,
        }
    }

    /// Returns whether the call requests a token. Its response is shown nowhere.
    pub(crate) fn is_login(&self) -> bool {
        !matches!(self.purpose, Purpose::Call)
    }

    /// Returns the request of one attempt, or `None` if its body is single-use.
    pub(crate) fn copy(&self) -> Result<Option<Request>, Error> {
        let Some(mut request) = self.request.try_clone() else {
            return Ok(None);
        };
        if let Some(form) = &self.form {
            *request.body_mut() = Some(form.body()?);
        }
        Ok(Some(request))
    }

    /// Returns the text of the request, both encoded and decoded.
    pub(crate) fn text(&self) -> String {
        let mut sent = self.request.url().query().unwrap_or_default().to_owned();
        let body = self.request.body().and_then(Body::as_bytes).unwrap_or_default();
        let form = self.form.as_ref().map(FormPayload::text).unwrap_or_default();
        for bytes in [body, &form] {
            sent.push('\n');
            sent += &String::from_utf8_lossy(bytes.get(..MAX_BODY_BYTES).unwrap_or(bytes));
        }
        let meant = sent.replace('+', " ");
        sent + "\n" + &percent_decode_str(&meant).decode_utf8_lossy()
    }

    /// Returns whether another attempt can send the form, if there is one.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.form.as_ref().is_none_or(FormPayload::is_repeatable)
    }
}

/// The part of a response that is read before the caller gets it.
#[derive(Clone, Copy)]
pub(crate) enum ReadMode {
    /// All of it. With a function, a plain success is decoded on the way.
    Whole(Option<EarlyDecode>),
    /// The part that is needed to detect a refusal.
    Streamed,
}
