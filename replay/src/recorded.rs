//! Compares the received request with the recorded one.

use anyhow::{Context, ensure};
use prumo_spec::HIDDEN;
use serde_json::Value;

use crate::losses::{below, is_same_scalar};
use crate::multipart::Part;
use crate::sent::{MARK, Sent, without_boundary};

/// Fails if the client did not send what was recorded.
///
/// # Errors
///
/// Fails if method, path, query, a recorded header or the body differs; the message names the
/// place.
pub fn ensure_as_recorded(sent: &Sent, exchange: &Value) -> anyhow::Result<()> {
    let recorded = exchange.get("request").context("the fixture has no `request`")?;
    let method = recorded["method"].as_str().unwrap_or_default();
    ensure!(sent.method == method, "/request/method: sent `{}`, recorded `{method}`", sent.method);
    let target = recorded_target(recorded);
    ensure!(
        is_same_target(&sent.target, &target),
        "/request/path or /request/query: sent `{}`, recorded `{target}`",
        sent.target
    );
    for (name, value) in recorded["headers"].as_object().into_iter().flatten() {
        let value = without_boundary(value.as_str().unwrap_or_default());
        let was_sent = sent.headers.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(name));
        let is_same = was_sent.is_some_and(|(_, sent)| {
            is_same_text(sent, &value) || sent.starts_with(&format!("{value};"))
        });
        ensure!(is_same, "/request/headers: `{name}` was not sent as recorded");
    }
    if let Some(body) = recorded.get("body").filter(|body| !body.is_null()) {
        let was_sent = sent.body.as_ref().and_then(|sent| serde_json::from_str::<Value>(sent).ok());
        let was_sent = was_sent.context("/request/body: the sent body is not JSON")?;
        let differs = difference("/request/body", &was_sent, body);
        ensure!(differs.is_none(), "{}: not sent as recorded", differs.unwrap_or_default());
    }
    ensure_form(sent, recorded)
}

/// Returns whether a text was sent as recorded. Where the client sent its secret, the recording may
/// have any mark: the `***` of a header, or the `{name}` of a parameter.
fn is_same_text(sent: &str, recorded: &str) -> bool {
    sent == recorded || (sent.contains(MARK) && sent == with_one_mark(recorded))
}

/// Replaces each mark of a secret with [`MARK`].
fn with_one_mark(recorded: &str) -> String {
    let recorded = recorded.replace(HIDDEN, MARK);
    let mut text = String::with_capacity(recorded.len());
    let mut rest = recorded.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        rest = match after.split_once('}') {
            Some((name, behind)) if is_name(name) => {
                text.push_str(MARK);
                behind
            }
            _ => {
                text.push('{');
                after
            }
        };
    }
    text + rest
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|sign| sign.is_alphanumeric() || "-_.[]".contains(sign))
}

/// Returns the first place where two JSON values differ; `1` and `1.0` are the same number.
fn difference(at: &str, one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs.find_map(|(index, (one, other))| difference(&format!("{at}/{index}"), one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let mut names = one.keys().chain(other.keys());
            names.find_map(|name| match (one.get(name), other.get(name)) {
                (Some(one), Some(other)) => difference(&below(at, name), one, other),
                _ => Some(below(at, name)),
            })
        }
        (Value::String(one), Value::String(other)) => {
            (!is_same_text(one, other)).then(|| at.to_owned())
        }
        _ => (!is_same_scalar(one, other)).then(|| at.to_owned()),
    }
}

fn ensure_form(sent: &Sent, recorded: &Value) -> anyhow::Result<()> {
    let Some(form) = recorded.get("form").and_then(Value::as_array) else { return Ok(()) };
    let lines: Vec<String> = form.iter().map(recorded_line).collect();
    let mut lines: Vec<&str> = lines.iter().flat_map(|line| line.lines()).collect();
    let mut sent: Vec<&str> = sent.body.iter().flat_map(|body| body.lines()).collect();
    lines.sort_unstable();
    sent.sort_unstable();
    ensure!(lines == sent, "/request/form: sent {sent:?}\n  recorded {lines:?}");
    Ok(())
}

fn recorded_line(field: &Value) -> String {
    let part = Part {
        name: field["name"].as_str().unwrap_or_default().to_owned(),
        file: field["file"].as_str().map(str::to_owned),
        content_type: field["content_type"].as_str().map(str::to_owned),
        value: match field["bytes"].as_u64() {
            Some(n_bytes) => vec![0; usize::try_from(n_bytes).unwrap_or_default()],
            None => field["value"].as_str().unwrap_or_default().as_bytes().to_vec(),
        },
    };
    part.line()
}

/// Returns whether two targets have the same path, and the same query in any order.
fn is_same_target(sent: &str, recorded: &str) -> bool {
    sorted_query(sent) == sorted_query(recorded)
        || (sent.contains(MARK) && sorted_query(sent) == sorted_query(&with_one_mark(recorded)))
}

/// Sorts a query, since its order has no meaning.
fn sorted_query(target: &str) -> (&str, Vec<&str>) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    (path, pairs)
}

fn recorded_target(recorded: &Value) -> String {
    let path = recorded["path"].as_str().unwrap_or_default();
    let mut query = Vec::new();
    for (name, value) in recorded["query"].as_object().into_iter().flatten() {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        query.extend(
            values.iter().map(|value| format!("{name}={}", value.as_str().unwrap_or_default())),
        );
    }
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent() -> Sent {
        Sent {
            method: "POST".to_owned(),
            target: "/item?a=1&b=2".to_owned(),
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: Some(json!({"n": 1.0, "list": ["x", {"y": null}]}).to_string()),
        }
    }

    #[test]
    fn any_mark_stands_for_the_secret() {
        let cases = [
            ("the client's own mark", "Bearer {token}", "Bearer {token}", true),
            ("the mark of redaction", "Bearer {token}", "Bearer ***", true),
            ("the name of a parameter", "/a/{token}/7", "/a/{api-key}/7", true),
            ("another scheme", "Bearer {token}", "Basic ***", false),
            ("no mark at all", "Bearer {token}", "Bearer abc", false),
            ("a brace that stays open", "{token} {a", "*** {a", true),
            ("braces around a sentence", "{token}", "{a sentence}", false),
            ("marks where no secret was sent", "{a}", "{b}", false),
        ];
        for (name, sent, recorded, expected) in cases {
            assert_eq!(is_same_text(sent, recorded), expected, "case `{name}`");
        }
        assert!(is_same_target("/a?b=1&k={token}", "/a?k=***&b=1"));
        assert!(!is_same_target("/a?b=1&k={token}", "/a?k=***&b=2"));
    }

    #[test]
    fn what_differs_is_named_by_its_place() {
        let recorded = json!({
            "method": "POST", "path": "/item", "query": {"b": "2", "a": "1"},
            "headers": {"Content-Type": "application/json"},
            "body": {"n": 1, "list": ["x", {"y": null}]},
        });
        let cases = [
            ("the recording itself", "/method", json!("POST"), None),
            ("another method", "/method", json!("PUT"), Some("/request/method: ")),
            ("another path", "/path", json!("/itens"), Some("/request/path or /request/query: ")),
            ("another query", "/query/a", json!("7"), Some("/request/path or /request/query: ")),
            (
                "a query with one more item",
                "/query/a",
                json!(["1", "7"]),
                Some("/request/path or "),
            ),
            (
                "another header",
                "/headers/Content-Type",
                json!("text/plain"),
                Some("/request/headers: "),
            ),
            ("another number", "/body/n", json!(2), Some("/request/body/n: ")),
            ("a shorter list", "/body/list", json!(["x"]), Some("/request/body/list: ")),
            (
                "a member more",
                "/body/list/1",
                json!({"y": null, "z": 1}),
                Some("/request/body/list/1/z: "),
            ),
        ];
        for (name, at, value, expected) in cases {
            let mut request = recorded.clone();
            *request.pointer_mut(at).unwrap() = value;
            let outcome = ensure_as_recorded(&sent(), &json!({"request": request}));
            let said = outcome.err().map(|error| error.to_string());
            let is_expected = match (&said, expected) {
                (Some(said), Some(expected)) => said.starts_with(expected),
                (said, expected) => said.is_none() && expected.is_none(),
            };
            assert!(is_expected, "case `{name}`: {said:?}");
        }
    }
}
