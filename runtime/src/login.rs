//! Turns a password grant into a token, with the API's own login operation.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Request, StatusCode};
use serde_json::{Map, Value};

use crate::credentials::{Grant, IssuedToken, is_secret};
use crate::decode::decode;
use crate::envelope::{self, Head};
use crate::error::Error;
use crate::inner::Inner;
use crate::job::{Job, Purpose, ReadMode};
use crate::raw_response::RawResponse;
use crate::secret::Secret;
use crate::start::start;
use crate::table::{BodyKind, Login, Operation};

/// Builds the job of a login.
pub(crate) fn job(inner: &Inner, login: Login, grant: &Grant) -> Result<Job, Error> {
    let operation = inner.operation(login.operation)?;
    for (name, secret) in grant {
        if is_secret(name) {
            inner.learn(secret);
        }
    }
    let request = request(inner, operation, grant)?;
    let read_mode = ReadMode::Whole(None);
    Ok(Job { operation, request, form: None, read_mode, purpose: Purpose::Login })
}

/// Reads the token from the response to a login, and returns the whole response as well.
pub(crate) async fn read(
    inner: &Inner,
    login: Login,
    response: RawResponse,
) -> Result<(IssuedToken, Value), Error> {
    let (context, body) = response.bytes().await?;
    let misfit = |pointer: &str, what: &str| context.decode(Some(pointer.to_owned()), what, &[]);
    // Unlike serde_json, this reads a lifetime such as `1e999`.
    let answer = std::str::from_utf8(&body).ok().and_then(|text| decode::<Value>(text, "").ok());
    let answer = answer.ok_or_else(|| misfit("", "the login response is not JSON"))?;
    let token = answer.pointer(login.token).and_then(Value::as_str).filter(|text| !text.is_empty());
    let Some(token) = token else {
        // A vendor may refuse a login with a success status. RFC 6749 uses this one.
        let head = Head { status: StatusCode::BAD_REQUEST, ..context.head.clone() };
        let said = envelope::refusal(&head, &body);
        return Err(match said.message {
            Some(_) => context.refused(said, &body),
            None => misfit(login.token, "the login returned no token"),
        });
    };
    // Checked once here, because every call with this token would fail.
    if HeaderValue::from_str(token).is_err() {
        return Err(misfit(login.token, "the login returned a token that no header can contain"));
    }
    let token = Secret::new(token);
    inner.learn(&token);
    let life = login.expires_in.and_then(|pointer| answer.pointer(pointer)).and_then(seconds);
    Ok((IssuedToken { token, expires_in: life }, answer))
}

/// Parses a number of seconds, which may be text. A lifetime of zero can't be meant, so it is
/// ignored, and the token is used until it is refused.
fn seconds(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::String(text) => text.trim().parse().ok()?,
        other => other.as_f64()?,
    };
    let life = Duration::try_from_secs_f64(seconds);
    // A lifetime that is too long for a clock is as good as unlimited.
    life.ok().filter(|life| !life.is_zero())
}

fn request(inner: &Inner, operation: &Operation, grant: &Grant) -> Result<Request, Error> {
    let members = grant.iter().map(|(name, secret)| (*name, secret.expose()));
    let members = std::iter::once(("grant_type", "password")).chain(members);
    let (kind, body) = match operation.body {
        Some(BodyKind::Form) => ("application/x-www-form-urlencoded", form(members)?),
        _ => ("application/json", json(members)),
    };
    let request = start(inner, operation, |_| None, "")?;
    Ok(request.header(CONTENT_TYPE, kind).body(body).build()?)
}

fn form<'a>(members: impl Iterator<Item = (&'a str, &'a str)>) -> Result<String, Error> {
    serde_urlencoded::to_string(members.collect::<Vec<_>>())
        .map_err(|_| Error::invalid("the login can't be written as a form"))
}

fn json<'a>(members: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let members: Map<String, Value> =
        members.map(|(name, text)| (name.to_owned(), Value::from(text))).collect();
    Value::Object(members).to_string()
}
