//! Reads the cassettes of VCR and its relatives (vcrpy, go-vcr, PHP-VCR, betamax), in YAML or JSON.
//!
//! All of them are lists of interactions with a request and a response. They differ in the place of
//! the status and in how a body is written: as a text, as an object with a text, or in base64.

use serde_json::{Map, Value, json};

use super::{Converted, yaml};

pub(super) fn read(text: &str) -> Result<Converted, String> {
    let document: Value = match text.trim_start().starts_with(['{', '[']) {
        true => serde_json::from_str(text)
            .map_err(|error| format!("{}:{}: not JSON", error.line(), error.column()))?,
        false => yaml::read(text)?,
    };
    let list = ["http_interactions", "interactions"].iter().find_map(|name| document.get(name));
    let list = list.unwrap_or(&document).as_array();
    let interactions = list.ok_or("the cassette has no list of interactions")?;
    Ok(Converted { exchanges: interactions.iter().map(exchange).collect(), n_unanswered: 0 })
}

fn exchange(interaction: &Value) -> Value {
    let at = interaction.get("recorded_at").and_then(Value::as_str);
    // VCR writes a date of HTTP, betamax one of RFC 3339.
    let at = at.filter(|at| at.starts_with(|first: char| first.is_ascii_digit()));
    json!({
        "at": at,
        "origin": "observed",
        "request": request(&interaction["request"]),
        "response": response(&interaction["response"]),
    })
}

fn request(request: &Value) -> Value {
    let mut written = Map::new();
    let method = request.get("method").and_then(Value::as_str);
    written.extend(method.map(|method| ("method".to_owned(), method.to_uppercase().into())));
    let url = ["uri", "url"].iter().find_map(|name| request.get(name)?.as_str());
    written.extend(url.map(|url| ("path".to_owned(), url.into())));
    written.insert("headers".to_owned(), headers(request.get("headers")));
    // An empty text is how most of them write that there was no body.
    written.extend(body(request.get("body")).filter(|(_, text)| text.as_str() != Some("")));
    Value::Object(written)
}

fn response(response: &Value) -> Value {
    let mut written = Map::new();
    written.extend(status(response).map(|status| ("status".to_owned(), status.into())));
    written.insert("headers".to_owned(), headers(response.get("headers")));
    written.extend(body(response.get("body")));
    Value::Object(written)
}

/// Returns the status of `{code: 200}`, `{status: {code: 200}}`, `{status: 200}` or
/// `{status: 200 OK}`.
fn status(response: &Value) -> Option<u64> {
    let number = |value: &Value| match value {
        Value::String(text) => text.split_whitespace().next()?.parse().ok(),
        value => value.as_u64(),
    };
    let said = response.get("status");
    [said.and_then(|status| status.get("code")), response.get("code"), said]
        .into_iter()
        .flatten()
        .find_map(number)
}

/// Returns the member of our own format for a body.
fn body(body: Option<&Value>) -> Option<(String, Value)> {
    let text = |text: &str| Some(("text".to_owned(), text.into()));
    match body? {
        Value::String(body) => text(body),
        Value::Object(members) => {
            let base64 = ["base64_string", yaml::BINARY].iter().find_map(|name| members.get(*name));
            match (base64.and_then(Value::as_str), members.get("string")) {
                (Some(base64), _) => Some(("base64".to_owned(), base64.into())),
                (None, Some(Value::String(body))) => text(body),
                (None, Some(inner @ Value::Object(_))) => self::body(Some(inner)),
                (None, _) => None,
            }
        }
        _ => None,
    }
}

/// Returns the headers with the first value of each, which is the one that is judged.
fn headers(headers: Option<&Value>) -> Value {
    let members = headers.and_then(Value::as_object).into_iter().flatten();
    let first = |value: &Value| match value {
        Value::Array(values) => values.first().and_then(Value::as_str).map(str::to_owned),
        Value::String(value) => Some(value.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let pairs =
        members.filter_map(|(name, value)| Some((name.clone(), Value::from(first(value)?))));
    Value::Object(pairs.collect())
}
