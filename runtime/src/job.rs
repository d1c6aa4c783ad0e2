//! What is known of a call before it is sent: its request, its body, and how its answer is read.
//!
//! Invariant: a job carries no credential. Each attempt gets its own copy of the request, and the
//! credentials go into that copy.

use percent_encoding::percent_decode_str;
use reqwest::{Body, Method, Request};

use crate::envelope::EarlyDecode;
use crate::error::{Error, MAX_BODY_BYTES};
use crate::form::FormPayload;
use crate::table::Operation;

/// A request that lacks its credentials, and what is known of it.
pub(crate) struct Job {
    pub(crate) operation: &'static Operation,
    pub(crate) request: Request,
    /// The body, if it is a form: made anew for each attempt.
    pub(crate) form: Option<FormPayload>,
    pub(crate) read_mode: ReadMode,
    /// It asks for a token, so it carries none, and to do it twice does no harm.
    pub(crate) is_login: bool,
}

impl Job {
    /// Sending it twice is not what sending it once is.
    pub(crate) fn is_write(&self) -> bool {
        !self.is_login && !matches!(*self.request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
    }

    /// The request of one attempt; `None` if its body can't be had again.
    pub(crate) fn copy(&self) -> Result<Option<Request>, Error> {
        let Some(mut request) = self.request.try_clone() else {
            return Ok(None);
        };
        if let Some(form) = &self.form {
            *request.body_mut() = Some(form.body()?);
        }
        Ok(Some(request))
    }

    /// What is sent, as far as it is text, as it is written and as it is meant.
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

    /// There is a form for another attempt, if it is one.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.form.as_ref().is_none_or(FormPayload::is_repeatable)
    }
}

/// How far an answer is read before its caller gets it.
#[derive(Clone, Copy)]
pub(crate) enum ReadMode {
    /// To its end, whatever it looks like; and decoded, if all is well.
    Whole(Option<EarlyDecode>),
    /// As far as is needed to notice a refusal.
    Streamed,
}
