//! Turns a request that the server received into text, with a mark in place of the secret.
//!
//! Forms are split into their fields, since their boundaries are random.

use prumo_spec::MediaType;
use serde_json::Value;

use crate::client::PLANTED_SECRET;
use crate::multipart::parts;
use crate::server::Received;

/// The mark in place of the client's secret.
pub(crate) const MARK: &str = "{token}";

/// A request as received.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case, in the order sent.
    pub headers: Vec<(String, String)>,
    /// The body, if there was one: JSON, or the fields of a form, one per line.
    pub body: Option<String>,
}

impl Sent {
    pub(crate) fn new(received: &Received) -> Self {
        let headers = received.headers.iter();
        let headers =
            headers.map(|(name, value)| (name.clone(), value.replace(PLANTED_SECRET, MARK)));
        let headers: Vec<(String, String)> = headers.collect();
        let content_type =
            headers.iter().find(|(name, _)| name == "content-type").map(|(_, value)| value);
        let content_type = content_type.map_or("", String::as_str);
        let body = (!received.body.is_empty()).then(|| body_text(content_type, &received.body));
        Self {
            method: received.method.clone(),
            target: decoded(&received.target).replace(PLANTED_SECRET, MARK),
            body: body.map(|body| body.replace(PLANTED_SECRET, MARK)),
            headers: headers
                .into_iter()
                .map(|(name, value)| (name, without_boundary(&value)))
                .collect(),
        }
    }
}

/// Decodes a target, since recordings hold decoded paths and queries.
fn decoded(target: &str) -> String {
    match target.split_once('?') {
        Some((path, query)) => format!("{}?{}", read(path), read(&query.replace('+', " "))),
        None => read(target),
    }
}

fn read(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

pub(crate) fn without_boundary(value: &str) -> String {
    match value.split_once("; boundary=") {
        Some((media_type, _)) => format!("{media_type}; boundary=…"),
        None => value.to_owned(),
    }
}

fn body_text(content_type: &str, body: &[u8]) -> String {
    let media = MediaType::new(content_type);
    if let Some((_, boundary)) = media.parameters().find(|(name, _)| *name == "boundary") {
        let fields = parts(body, boundary).into_iter().map(|part| part.line());
        return fields.collect::<Vec<_>>().join("\n");
    }
    if media.is_urlencoded() {
        let text = String::from_utf8_lossy(body).replace('+', " ");
        let fields = text.split('&').filter_map(|field| field.split_once('='));
        return fields
            .map(|(name, value)| format!("{} = {}", read(name), read(value)))
            .collect::<Vec<_>>()
            .join("\n");
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => sorted(value),
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    }
}

/// Sorts the members, whose order has no meaning, so that snapshots are stable.
fn sorted(mut value: Value) -> String {
    value.sort_all_objects();
    format!("{value:#}\n")
}
