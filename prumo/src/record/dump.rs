//! Reads the output of `curl -i`: the head of a response, an empty line, the body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prumo_drift::exchange::{OwnedExchange, OwnedRequest, OwnedResponse};
use prumo_drift::read_exchange;
use serde_json::{Map, Value};

use crate::call::Chosen;
use crate::redact::as_text;

/// Turns the output of `curl -i` into an exchange of this operation.
///
/// The request has the path of the spec, whose placeholders stand for any value. The heads of redirects
/// and of `100 Continue` before the last one are skipped.
pub(super) fn exchange(chosen: Chosen<'_>, bytes: &[u8]) -> Option<OwnedExchange> {
    let mut rest = bytes;
    let (mut status, mut headers) = (None, Map::new());
    while rest.starts_with(b"HTTP/") {
        let (head, behind) = split_head(rest)?;
        let mut lines = head.lines();
        status = lines.next()?.split_whitespace().nth(1)?.parse::<u16>().ok();
        headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_lowercase(), Value::from(value.trim())))
            .collect();
        rest = behind;
    }
    // curl has undone the coding of the transfer, and with `--compressed` that of the content.
    if !is_compressed(rest) {
        headers.shift_remove("content-encoding");
    }
    let recorded = OwnedExchange {
        at: None,
        origin: Some("live".to_owned()),
        source: None,
        operation: Some(chosen.row.id.to_owned()),
        request: OwnedRequest {
            method: chosen.row.method.to_owned(),
            path: chosen.row.path.to_owned(),
            is_body_omitted: chosen.row.body.is_some(),
            ..OwnedRequest::default()
        },
        response: OwnedResponse {
            status: status?,
            headers,
            base64: Some(STANDARD.encode(rest)),
            ..OwnedResponse::default()
        },
    };
    decoded(&recorded)
}

/// Returns an exchange whose bodies are recorded as bytes with these bodies as JSON, as the parts of a
/// form or as text, as far as they are any of it.
pub(super) fn decoded(recorded: &OwnedExchange) -> Option<OwnedExchange> {
    let bytes = serde_json::to_vec(recorded).ok()?;
    Some(as_text(&mut read_exchange(&bytes).ok()?))
}

fn is_compressed(body: &[u8]) -> bool {
    body.starts_with(&[0x1f, 0x8b]) || body.starts_with(&[0x78])
}

/// Splits at the first empty line.
fn split_head(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let ends = [b"\r\n\r\n".as_slice(), b"\n\n"];
    let end = ends
        .into_iter()
        .filter_map(|end| Some((bytes.windows(end.len()).position(|one| one == end)?, end.len())))
        .min()?;
    let head = std::str::from_utf8(bytes.get(..end.0)?).ok()?;
    Some((head, bytes.get(end.0 + end.1..)?))
}
