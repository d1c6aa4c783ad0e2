//! A user's name and password to a token, by the API's own operation for it.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Request, StatusCode};
use serde_json::{Map, Value};

use crate::auth::{Grant, IssuedToken, is_secret};
use crate::envelope;
use crate::error::Error;
use crate::inner::Inner;
use crate::job::{Job, ReadMode};
use crate::raw_response::RawResponse;
use crate::secret::Secret;
use crate::start::start;
use crate::table::{BodyKind, Login, Operation};

/// Makes the job of a login.
pub(crate) fn job(inner: &Inner, login: Login, grant: &Grant) -> Result<Job, Error> {
    let operation = inner.operation(login.operation)?;
    for (name, secret) in grant {
        if is_secret(name) {
            inner.learn(secret);
        }
    }
    let request = request(inner, operation, grant)?;
    Ok(Job { operation, request, form: None, read_mode: ReadMode::Whole(None), is_login: true })
}

/// Reads the token from the answer to a login.
pub(crate) async fn token(inner: &Inner, login: Login, response: RawResponse) -> Result<IssuedToken, Error> {
    let (context, body) = response.bytes().await?;
    let misfit = |pointer: &str, what: &str| context.decode(Some(pointer.to_owned()), what, &[]);
    let answer: Value =
        serde_json::from_slice(&body).map_err(|_| misfit("", "the answer to the login is no JSON"))?;
    let token = answer.pointer(login.token).and_then(Value::as_str).filter(|text| !text.is_empty());
    let Some(token) = token else {
        // A vendor may refuse a login inside a success; RFC 6749 has this status for it.
        let said = envelope::refusal(StatusCode::BAD_REQUEST, context.envelope(), &body);
        return Err(match said.message {
            Some(_) => context.refused(said, &body),
            None => misfit(login.token, "the login gave no token"),
        });
    };
    // Found here, and not in each call that it is for: those would be refused as long as it lasts.
    if HeaderValue::from_str(token).is_err() {
        return Err(misfit(login.token, "the login gave a token that no header can carry"));
    }
    let token = Secret::new(token);
    inner.learn(&token);
    let life = login.expires_in.and_then(|pointer| answer.pointer(pointer)).and_then(seconds);
    Ok(IssuedToken { token, expires_in: life })
}

/// A number of seconds, also as text. A life of none is no life that anybody can mean:
/// such a token serves until it is refused, as one of which nothing is said.
fn seconds(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::String(text) => text.trim().parse().ok()?,
        other => other.as_f64()?,
    };
    let life = Duration::try_from_secs_f64(seconds);
    // What is too long for a clock is as good as for ever.
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
