//! Turns a request and its response into an exchange that is judged, and recorded if requested.
//!
//! Invariants:
//!
//! * An exchange is redacted before it is written to a file, and no credential of the call is left
//!   in it.

use std::path::Path;

use anyhow::Context;
use prumo_drift::exchange::{OwnedExchange, OwnedFormPart, OwnedRequest, OwnedResponse};
use prumo_drift::{Report, Side, read_exchange};
use prumo_redact::Redactor;
use prumo_runtime::{Inner, Place};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::catalogue::{Catalogue, Chosen};
use super::credentials::Given;
use super::form::Part;
use super::indent;
use super::request::{Prepared, Sent};
use super::send::Seen;
use crate::redact::Key;
use crate::{clock, judge, specs, write};

/// Builds the exchange as a recording; without a response, it has only the request.
///
/// # Errors
///
/// A body can't be written.
pub(crate) fn exchange(
    chosen: Chosen<'_>,
    sent: &Prepared,
    seen: Option<&Seen>,
) -> anyhow::Result<OwnedExchange> {
    Ok(OwnedExchange {
        at: None,
        origin: Some("live".to_owned()),
        source: None,
        operation: Some(chosen.row.id.to_owned()),
        request: request(chosen, sent, seen.and_then(|seen| seen.page))?,
        response: seen
            .map_or_else(|| OwnedResponse { status: 200, ..OwnedResponse::default() }, response),
    })
}

/// Keeps the bytes of a body that is not UTF-8, so that the judge sees what the client saw.
pub(crate) fn keep_bytes(exchange: &mut OwnedExchange, seen: &Seen) {
    if std::str::from_utf8(&seen.body).is_ok() {
        return;
    }
    let response = &mut exchange.response;
    // The body is decompressed already.
    response.headers.remove("content-encoding");
    response.text = None;
    response.set_bytes(&seen.body);
}

/// Judges one exchange by its spec and the waivers.
///
/// # Errors
///
/// The spec or its waivers can't be read.
pub(crate) fn judged(catalogue: &Catalogue, exchange: &OwnedExchange) -> anyhow::Result<Report> {
    let bytes = serde_json::to_vec(exchange)?;
    judge::judge_exchange(&catalogue.base, &catalogue.path, &read_exchange(&bytes)?)
}

/// Lists where a request deviates from its spec, one line each. Sends nothing.
///
/// # Errors
///
/// The spec or its waivers can't be read.
pub(crate) fn faults(
    catalogue: &Catalogue,
    chosen: Chosen<'_>,
    sent: &Prepared,
) -> anyhow::Result<Vec<String>> {
    let report = judged(catalogue, &exchange(chosen, sent, None)?)?;
    let of_request =
        report.findings.iter().filter(|one| one.side == Side::Request && one.waived.is_none());
    let line = |one: &prumo_drift::Finding| {
        format!(
            "{} at `{}`: promised {}, given {}",
            one.rule.name(),
            one.at,
            one.promised,
            one.seen
        )
    };
    Ok(of_request.map(line).collect())
}

/// Writes an exchange without personal data and secrets.
///
/// The client and its store know the credentials of the call, which a vendor may have echoed.
///
/// # Errors
///
/// The key of the redaction can't be read, or the file can't be written.
pub(crate) fn record(
    catalogue: &Catalogue,
    (inner, given): (&Inner, &Given),
    mut exchange: OwnedExchange,
    path: &Path,
) -> anyhow::Result<()> {
    let key = Key::find(catalogue.redact_key.as_ref())?;
    key.tell();
    let document = specs::document(&catalogue.base, &specs::parts_of(&catalogue.path)?)?;
    exchange.at = Some(clock::now());
    let secrets = given.all();
    let redactor = Redactor::new(key.bytes())
        .with_spec(&document)
        .with_secrets(secrets.iter().flat_map(|secret| whole_and_password(secret.expose())));
    let redacted = redactor.redact_text(&serde_json::to_string(&exchange)?);
    let (mut text, _) = redacted.context("the response nests too deep to be recorded")?;
    // A second search, by the rules that keep credentials out of errors.
    if let Ok(value) = serde_json::from_str::<Value>(&text) {
        let clean = without_credentials(inner, value.clone());
        if clean != value {
            text = clean.to_string();
        }
    }
    write::at_once(path, as_fixture(&text).as_bytes())
}

/// Returns the JSON of an exchange as it is written to a fixture: indented, with every number as it is
/// spelled.
pub(crate) fn as_fixture(exchange: &str) -> String {
    format!("{}\n", indent::as_spelled(exchange))
}

/// Removes the client's credentials from every name, text and number of a value. A number that
/// contains one becomes a text.
pub(crate) fn without_credentials(inner: &Inner, value: Value) -> Value {
    let clean = |text: &str| {
        String::from_utf8_lossy(&inner.without_credentials(text.as_bytes())).into_owned()
    };
    match value {
        Value::Null | Value::Bool(_) => value,
        Value::Number(number) => {
            let text = number.to_string();
            let shown = clean(&text);
            if shown == text { Value::Number(number) } else { Value::from(shown) }
        }
        Value::String(text) => Value::from(clean(&text)),
        Value::Array(items) => {
            items.into_iter().map(|item| without_credentials(inner, item)).collect()
        }
        Value::Object(members) => {
            let each =
                |(name, value): (String, Value)| (clean(&name), without_credentials(inner, value));
            Value::Object(members.into_iter().map(each).collect())
        }
    }
}

/// Returns a credential and, of `user:password`, the password.
fn whole_and_password(secret: &str) -> impl Iterator<Item = &str> {
    std::iter::once(secret).chain(secret.split_once(':').map(|(_, password)| password))
}

/// Returns the request as it was sent, or the same for another page.
fn request(chosen: Chosen<'_>, sent: &Prepared, page: Option<u64>) -> anyhow::Result<OwnedRequest> {
    let mut query = query(sent.pairs.iter().cloned());
    let page = chosen.row.paging.and_then(|paging| paging.page).zip(page);
    if let Some((name, number)) = page
        && chosen.row.parameters.iter().any(|one| one.place == Place::Query && one.name == name)
    {
        query.insert(name.to_owned(), number.to_string().into());
    }
    let mut request = OwnedRequest {
        method: sent.method.clone(),
        path: path(chosen, &sent.path, page),
        query,
        ..OwnedRequest::default()
    };
    for (name, value) in &sent.headers {
        if let Some(value) = value {
            request.headers.insert(name.clone(), value.as_str().into());
        }
    }
    match &sent.body {
        Sent::Nothing => {}
        Sent::Json(_, text) => request.body = Some(text.clone()),
        Sent::Raw(bytes) => request.text = Some(String::from_utf8_lossy(bytes).into_owned()),
        Sent::Form(_, parts) => request.form = Some(parts.iter().map(form_part).collect()),
    }
    Ok(request)
}

fn form_part((name, part): &(String, Part)) -> OwnedFormPart {
    match part {
        Part::Text(value, _) => OwnedFormPart::Text { name: name.clone(), value: value.clone() },
        Part::File(path, media) => OwnedFormPart::File {
            name: name.clone(),
            file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            content_type: media.clone(),
            bytes: std::fs::metadata(path).ok().map(|metadata| metadata.len()),
        },
    }
}

/// Returns the sent path, with the template's own word in place of a secret.
fn path(chosen: Chosen<'_>, sent: &str, page: Option<(&str, u64)>) -> String {
    let segments = chosen.row.path.split('/').zip(sent.split('/')).map(|(wanted, segment)| {
        let name = wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        let is_secret =
            chosen.row.parameters.iter().any(|one| one.secret && Some(one.name) == name);
        match page {
            _ if is_secret => wanted.to_owned(),
            Some((page, number)) if name == Some(page) => number.to_string(),
            _ => segment.to_owned(),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Returns the query as an object; a repeated name has a list.
pub(crate) fn query(
    pairs: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
) -> Map<String, Value> {
    let mut query = Map::new();
    for (name, text) in pairs {
        let (name, text) = (name.into(), Value::from(text.into()));
        match query.get_mut(&name) {
            None => drop(query.insert(name, text)),
            Some(Value::Array(items)) => items.push(text),
            Some(one) => *one = Value::Array(vec![one.take(), text]),
        }
    }
    query
}

fn response(seen: &Seen) -> OwnedResponse {
    let headers =
        seen.headers.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str())));
    let text = String::from_utf8_lossy(&seen.body).into_owned();
    let body = RawValue::from_string(text.trim().to_owned()).ok();
    let text = body.is_none().then_some(text).filter(|text| !text.is_empty());
    let headers = headers.collect();
    OwnedResponse { status: seen.status, headers, body, text, ..OwnedResponse::default() }
}
