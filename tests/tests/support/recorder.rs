//! Turns what a server on loopback was sent into text, and holds it against the recording.
//!
//! Forms are taken apart into their fields, since boundaries are random.

use anyhow::{Context, ensure};
use contract_tests::clients::PLANTED_SECRET;
use contract_tests::rendering::Sent;
use httpmock::HttpMockRequest;
use serde_json::Value;

/// The mark that stands where a secret was.
const MARK: &str = "{token}";

/// The request as text, its secret replaced by the mark.
pub(crate) fn sent(request: &HttpMockRequest) -> Sent {
    let headers: Vec<(String, String)> = request
        .headers_vec()
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.replace(PLANTED_SECRET, MARK)))
        .collect();
    let content_type =
        headers.iter().find(|(name, _)| name == "content-type").map(|(_, value)| value.clone());
    let body = request.body_ref();
    let uri = request.uri();
    let target = uri.path_and_query().map_or_else(String::new, ToString::to_string);
    Sent {
        method: request.method().to_string(),
        target: decoded(&target).replace(PLANTED_SECRET, MARK),
        headers: headers.into_iter().map(|(name, value)| (name, without_boundary(&value))).collect(),
        body: (!body.is_empty()).then(|| body_text(content_type.as_deref().unwrap_or_default(), body)),
    }
}

/// Recordings hold paths and queries as people read them; in a query `+` stands for a space.
fn decoded(target: &str) -> String {
    match target.split_once('?') {
        Some((path, query)) => format!("{}?{}", read(path), read(&query.replace('+', " "))),
        None => read(target),
    }
}

fn read(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn without_boundary(value: &str) -> String {
    match value.split_once("; boundary=") {
        Some((media_type, _)) => format!("{media_type}; boundary=…"),
        None => value.to_owned(),
    }
}

fn body_text(content_type: &str, body: &[u8]) -> String {
    if let Some((_, boundary)) = content_type.split_once("boundary=") {
        let fields = parts(body, boundary).into_iter().map(|part| part.line());
        return fields.collect::<Vec<_>>().join("\n");
    }
    if content_type.starts_with("application/x-www-form-urlencoded") {
        let text = String::from_utf8_lossy(body).replace('+', " ");
        let fields = text.split('&').filter_map(|field| field.split_once('='));
        return fields
            .map(|(name, value)| format!("{} = {}", read(name), read(value)))
            .collect::<Vec<_>>()
            .join("\n");
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => contract_tests::rendering::pretty(&value),
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    }
}

/// One part of a multipart body.
struct Part {
    name: String,
    file: Option<String>,
    content_type: Option<String>,
    value: Vec<u8>,
}

impl Part {
    fn line(&self) -> String {
        match &self.file {
            Some(file) => {
                let content_type = self.content_type.as_deref().unwrap_or("no content type");
                format!("{} = file `{file}`, {content_type}, {} bytes", self.name, self.value.len())
            }
            None => format!("{} = {}", self.name, String::from_utf8_lossy(&self.value)),
        }
    }
}

/// The parts of a multipart body, taken apart by the format's own rules and not by the sender's code.
fn parts(body: &[u8], boundary: &str) -> Vec<Part> {
    let delimiter = format!("--{boundary}");
    let text: Vec<&[u8]> = split(body, delimiter.as_bytes());
    text.iter().filter_map(|part| part_of(part.strip_prefix(b"\r\n")?.strip_suffix(b"\r\n")?)).collect()
}

fn part_of(part: &[u8]) -> Option<Part> {
    let at = part.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&part[..at]).into_owned();
    let header =
        |name: &str| head.lines().find(|line| line.to_ascii_lowercase().starts_with(name)).map(str::to_owned);
    let disposition = header("content-disposition")?;
    let content_type =
        header("content-type").and_then(|line| Some(line.split_once(':')?.1.trim().to_owned()));
    Some(Part {
        name: quoted(&disposition, " name=\"")?,
        file: quoted(&disposition, " filename=\""),
        content_type,
        value: part[at + 4..].to_vec(),
    })
}

fn quoted(header: &str, key: &str) -> Option<String> {
    let (_, rest) = header.split_once(key)?;
    Some(rest.split_once('"')?.0.to_owned())
}

fn split<'a>(mut body: &'a [u8], delimiter: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    while let Some(at) = body.windows(delimiter.len()).position(|window| window == delimiter) {
        pieces.push(&body[..at]);
        body = &body[at + delimiter.len()..];
    }
    pieces.push(body);
    pieces
}

/// Fails where the client sends something else than the recording says was sent.
pub(crate) fn ensure_as_recorded(sent: &Sent, exchange: &Value) -> anyhow::Result<()> {
    let recorded = exchange.get("request").context("the fixture has no `request`")?;
    let method = recorded["method"].as_str().unwrap_or_default();
    ensure!(sent.method == method, "sent `{}`, recorded `{method}`", sent.method);
    let target = recorded_target(recorded);
    ensure!(
        sorted_query(&sent.target) == sorted_query(&target),
        "sent `{}`, recorded `{target}`",
        sent.target
    );
    for (name, value) in recorded["headers"].as_object().into_iter().flatten() {
        let value = without_boundary(value.as_str().unwrap_or_default());
        let was_sent = sent.headers.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(name));
        let is_same =
            was_sent.is_some_and(|(_, sent)| *sent == value || sent.starts_with(&format!("{value};")));
        ensure!(is_same, "the header `{name}` was not sent as recorded");
    }
    if let Some(body) = recorded.get("body").filter(|body| !body.is_null()) {
        let was_sent = sent.body.as_ref().and_then(|sent| serde_json::from_str::<Value>(sent).ok());
        let is_same = was_sent.as_ref().is_some_and(|sent| is_same(sent, body));
        ensure!(is_same, "the body was not sent as recorded: {:?}", sent.body);
    }
    ensure_form(sent, recorded)
}

/// Whether both are the same JSON value; `1` and `1.0` are one number.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| is_same(one, other)))
        }
        _ => one == other,
    }
}

fn ensure_form(sent: &Sent, recorded: &Value) -> anyhow::Result<()> {
    let Some(form) = recorded.get("form").and_then(Value::as_array) else { return Ok(()) };
    let mut lines: Vec<String> = form.iter().map(recorded_line).collect();
    let mut sent: Vec<String> = sent.body.iter().flat_map(|body| body.lines()).map(str::to_owned).collect();
    lines = lines.iter().flat_map(|line| line.lines()).map(str::to_owned).collect();
    lines.sort();
    sent.sort();
    ensure!(lines == sent, "the form was not sent as recorded:\n  sent {sent:?}\n  recorded {lines:?}");
    Ok(())
}

fn recorded_line(field: &Value) -> String {
    let name = field["name"].as_str().unwrap_or_default().to_owned();
    let part = Part {
        name,
        file: field["file"].as_str().map(str::to_owned),
        content_type: field["content_type"].as_str().map(str::to_owned),
        value: match field["bytes"].as_u64() {
            Some(n_bytes) => vec![0; usize::try_from(n_bytes).unwrap_or_default()],
            None => field["value"].as_str().unwrap_or_default().as_bytes().to_vec(),
        },
    };
    part.line()
}

/// The order of a query has no meaning.
fn sorted_query(target: &str) -> (&str, Vec<&str>) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    (path, pairs)
}

fn recorded_target(recorded: &Value) -> String {
    let path = recorded["path"].as_str().unwrap_or_default();
    let query: Vec<String> = recorded["query"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default()))
        .collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}
