//! Turns an [`Exchange`] into an entry of a HAR document.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::{CODED, EMPTY, HOSTLESS, JSON, NO_MEDIA_TYPE, NO_TIME, OMITTED, OURS};
use crate::exchange::{Exchange, FormPart, Headers, Request, Response, behind_scheme};

/// The text before the first entry.
pub const HEAD: &str = concat!(
    r#"{"log": {"version": "1.2", "creator": {"name": "prumo", "version": ""#,
    env!("CARGO_PKG_VERSION"),
    "\"}, \"entries\": [\n"
);

/// The text between two entries.
pub const SEPARATOR: &str = ",\n";

/// The text after the last entry.
pub const TAIL: &str = "\n]}}\n";

/// The start of the URL of an exchange that was recorded without a host.
const HOST: &str = "http://localhost";

/// Characters that are escaped in a query; braces are not, since they mark a secret.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'{').remove(b'}');

/// Returns the entry of one exchange, on one line.
pub fn entry(exchange: &Exchange<'_>) -> String {
    let mut ours = Map::new();
    let words = [
        ("operation", &exchange.operation),
        ("origin", &exchange.origin),
        ("source", &exchange.source),
    ];
    for (name, word) in words {
        if let Some(word) = word {
            ours.insert(name.to_owned(), Value::from(word.as_ref()));
        }
    }
    if exchange.request.host.is_none() {
        ours.insert(HOSTLESS.to_owned(), Value::from(true));
    }
    let (request, request_body) = request(&exchange.request);
    let (response, response_body) = response(&exchange.response);
    for (name, was) in [("request_body", request_body), ("response_body", response_body)] {
        if let Some(was) = was {
            ours.insert(name.to_owned(), Value::from(was));
        }
    }
    let mut entry = json!({
        "startedDateTime": exchange.at.as_deref().unwrap_or(NO_TIME),
        "time": 0,
        "request": request,
        "response": response,
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
    });
    if !ours.is_empty() {
        entry[OURS] = Value::Object(ours);
    }
    entry.to_string()
}

/// The text of a body, its coding, and how it was recorded.
struct Kept<'a> {
    text: &'a str,
    is_base64: bool,
    was: Option<&'static str>,
}

impl<'a> Kept<'a> {
    fn of(
        body: Option<&'a Cow<'_, RawValue>>,
        text: Option<&'a str>,
        base64: Option<&'a str>,
    ) -> Option<Self> {
        match (body, text, base64) {
            (Some(body), _, _) => {
                Some(Self { text: body.get(), is_base64: false, was: Some(JSON) })
            }
            (None, Some(text), _) => {
                let was = text.is_empty().then_some(EMPTY);
                Some(Self { text, is_base64: false, was })
            }
            (None, None, Some(text)) => Some(Self { text, is_base64: true, was: Some(CODED) }),
            (None, None, None) => None,
        }
    }

    fn fill(&self, content: &mut Value) {
        content["text"] = Value::from(self.text);
        if self.is_base64 {
            content["encoding"] = Value::from("base64");
        }
    }
}

fn request(request: &Request<'_>) -> (Value, Option<&'static str>) {
    let query: Vec<(&str, &str)> = request
        .query
        .iter()
        .flat_map(|(name, values)| values.iter().map(|value| (name.as_ref(), value.as_ref())))
        .collect();
    let mut written = json!({
        "method": request.method,
        "url": url(request.host.as_deref(), &request.path, &query),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&request.headers),
        "queryString": query.iter().map(|(name, value)| json!({"name": name, "value": value})).collect::<Value>(),
        "headersSize": -1,
        "bodySize": -1,
    });
    if request.is_body_omitted {
        return (written, Some(OMITTED));
    }
    let form = request.form.as_ref().filter(|_| request.body.is_none());
    if let Some(parts) = form {
        written["postData"] = json!({
            "mimeType": media_type(&request.headers),
            "params": parts.iter().map(part).collect::<Value>(),
        });
        return (written, parts.is_empty().then_some(EMPTY));
    }
    let Some(kept) =
        Kept::of(request.body.as_ref(), request.text.as_deref(), request.base64.as_deref())
    else {
        written["bodySize"] = Value::from(0);
        return (written, Some(EMPTY));
    };
    let mut data = json!({"mimeType": media_type(&request.headers)});
    kept.fill(&mut data);
    written["postData"] = data;
    (written, kept.was)
}

fn response(response: &Response<'_>) -> (Value, Option<&'static str>) {
    let mut content = json!({"size": 0, "mimeType": media_type(&response.headers)});
    let kept =
        Kept::of(response.body.as_ref(), response.text.as_deref(), response.base64.as_deref());
    let was = match &kept {
        Some(kept) => {
            content["size"] = Value::from(kept.text.len());
            kept.fill(&mut content);
            kept.was
        }
        None if response.is_body_omitted => {
            content["size"] = Value::from(-1);
            Some(OMITTED)
        }
        None => Some(EMPTY),
    };
    let written = json!({
        "status": response.status,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&response.headers),
        "content": content,
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    });
    (written, was)
}

fn headers(headers: &Headers<'_>) -> Value {
    headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn media_type<'h>(headers: &'h Headers<'_>) -> &'h str {
    headers.get("content-type").unwrap_or(NO_MEDIA_TYPE)
}

fn part(part: &FormPart<'_>) -> Value {
    match part {
        FormPart::Text { name, value } => json!({"name": name, "value": value}),
        FormPart::File { name, file, content_type, bytes } => {
            let mut part = json!({"name": name, "fileName": file});
            if let Some(content_type) = content_type {
                part["contentType"] = Value::from(content_type.as_ref());
            }
            if let Some(bytes) = bytes {
                part["_bytes"] = Value::from(*bytes);
            }
            part
        }
    }
}

/// Returns the URL, with a query that is part of the path after the other one.
fn url(host: Option<&str>, path: &str, query: &[(&str, &str)]) -> String {
    let path = path.split('#').next().unwrap_or_default();
    let (path, of_path) = path.split_once('?').unwrap_or((path, ""));
    let host = match host {
        _ if behind_scheme(path).is_some() => String::new(),
        // The scheme is not recorded, and does not matter.
        Some(host) if !host.ends_with(':') => format!("https://{host}"),
        Some(scheme) => scheme.to_owned(),
        None => HOST.to_owned(),
    };
    let slash = if host.is_empty() || path.is_empty() || path.starts_with('/') { "" } else { "/" };
    let escaped = |text| utf8_percent_encode(text, ESCAPED).to_string();
    let mut pairs: Vec<String> =
        query.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    if !of_path.is_empty() {
        pairs.push(of_path.to_owned());
    }
    let mark = if pairs.is_empty() { "" } else { "?" };
    format!("{host}{slash}{path}{mark}{}", pairs.join("&"))
}
