//! Mutates the bytes of a response in transit: character encoding, gzip, chunks.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use prumo_drift::Rule;
use serde_json::Value;

use super::mutant::{Mutant, object};
use super::site::Sight;
use super::subject::Subject;

/// Returns the bytes of the response's JSON, or `None` if it has none.
fn json_bytes(subject: &Subject<'_>) -> Option<Vec<u8>> {
    subject.answer_media()?;
    subject.answer_body().map(|body| body.to_string().into_bytes())
}

/// Copies the exchange with `bytes` as the response body and a header that names their coding.
fn sent(
    subject: &Subject<'_>,
    bytes: &[u8],
    header: Option<(&str, &str)>,
    expected: Vec<Sight>,
) -> Mutant {
    let mut exchange = subject.answered.clone();
    if let Some(response) = exchange.get_mut("response").and_then(Value::as_object_mut) {
        response.shift_remove("body");
        response.insert("base64".to_owned(), STANDARD.encode(bytes).into());
    }
    if let (Some((name, value)), Some(headers)) =
        (header, object(&mut exchange, "response", "headers"))
    {
        headers.insert(name.to_owned(), value.into());
    }
    Mutant::new("/response/base64", &exchange, expected)
}

fn unreadable(subject: &Subject<'_>) -> Vec<Sight> {
    vec![subject.answer_ground().expect_body(Rule::BodyUnreadable)]
}

const GZIP: Option<(&str, &str)> = Some(("content-encoding", "gzip"));
const CHUNKED: Option<(&str, &str)> = Some(("transfer-encoding", "chunked"));

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail. If it did, the mutant would survive.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

fn chunked(bytes: &[u8]) -> Vec<u8> {
    let mut sent = Vec::new();
    for chunk in bytes.chunks(100) {
        sent.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        sent.extend(chunk);
        sent.extend(b"\r\n");
    }
    sent.extend(b"0\r\n\r\n");
    sent
}

/// Encodes the body in ways that every client decodes, which must give no finding.
pub(super) fn coded(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(bytes) = json_bytes(subject) else {
        return Vec::new();
    };
    vec![
        sent(subject, &bytes, None, Vec::new()),
        sent(subject, &gzipped(&bytes), GZIP, Vec::new()),
        sent(subject, &chunked(&bytes), CHUNKED, Vec::new()),
        sent(subject, &bytes, CHUNKED, Vec::new()),
    ]
}

/// Encodes a text in Latin-1.
pub(super) fn latin_1(subject: &Subject<'_>) -> Vec<Mutant> {
    let text =
        subject.answer_media().and(subject.answer_body()).map(Value::to_string).unwrap_or_default();
    let bytes: Option<Vec<u8>> =
        text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect();
    let bytes = bytes.filter(|_| !text.is_ascii());
    bytes.map(|bytes| sent(subject, &bytes, None, unreadable(subject))).into_iter().collect()
}

pub(super) fn cut_while_coded(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(bytes) = json_bytes(subject) else {
        return Vec::new();
    };
    let (gzip, chunks) = (gzipped(&bytes), chunked(&bytes));
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    vec![
        sent(subject, &half(&gzip), GZIP, unreadable(subject)),
        sent(subject, &half(&chunks), CHUNKED, unreadable(subject)),
    ]
}

pub(super) fn not_coded(subject: &Subject<'_>) -> Vec<Mutant> {
    let bytes = json_bytes(subject);
    bytes.map(|bytes| sent(subject, &bytes, GZIP, unreadable(subject))).into_iter().collect()
}
