//! Reads the saved responses of a Postman collection (version 2).
//!
//! A variable is replaced if the collection has its value. Otherwise `{{token}}` becomes `{token}`,
//! the mark of a secret, and a `{{baseUrl}}` at the start of a URL is left out.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::Converted;

/// The greatest depth of folders.
const MAX_DEPTH: usize = 64;

/// The most variables within each other.
const MAX_HOPS: usize = 8;

type Variables<'v> = HashMap<&'v str, &'v str>;

pub(super) fn read(text: &str) -> Result<Converted, String> {
    let document: Value = serde_json::from_str(text)
        .map_err(|error| format!("{}:{}: not JSON", error.line(), error.column()))?;
    let collection = document.get("collection").unwrap_or(&document);
    let variables = variables(collection);
    let mut converted = Converted::default();
    items(collection, &variables, MAX_DEPTH, &mut converted);
    match converted.exchanges.is_empty() {
        true => Err("the collection has no saved response; save one with each request in Postman \
                     (`Save Response`, `Save as example`)"
            .to_owned()),
        false => Ok(converted),
    }
}

fn variables(collection: &Value) -> Variables<'_> {
    let list = collection.get("variable").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|one| Some((one.get("key")?.as_str()?, one.get("value")?.as_str()?))).collect()
}

/// Adds the responses of all requests in a folder, and of the folders in it.
fn items(folder: &Value, variables: &Variables<'_>, depth: usize, converted: &mut Converted) {
    if depth == 0 {
        return;
    }
    for item in folder.get("item").and_then(Value::as_array).into_iter().flatten() {
        items(item, variables, depth - 1, converted);
        let Some(request) = item.get("request") else {
            continue;
        };
        let responses = item.get("response").and_then(Value::as_array);
        let responses = responses.map(Vec::as_slice).unwrap_or_default();
        converted.n_unanswered += u64::from(responses.is_empty());
        for response in responses {
            let request = response.get("originalRequest").unwrap_or(request);
            converted.exchanges.push(json!({
                "origin": "documented",
                "source": "saved in a Postman collection",
                "request": self::request(request, variables),
                "response": self::response(response),
            }));
        }
    }
}

fn request(request: &Value, variables: &Variables<'_>) -> Value {
    let method = request.get("method").and_then(Value::as_str).unwrap_or("GET");
    // A request may be the URL alone.
    let url = request.get("url").unwrap_or(request);
    let mut headers = headers(request.get("header"), variables);
    let mut written = json!({"method": method.to_uppercase()});
    let (path, query) = address(url, variables);
    written["path"] = path.into();
    written["query"] = query.into();
    if let Some((member, value, media_type)) = body(request.get("body"), variables) {
        written[member] = value;
        let is_typed = headers.keys().any(|name| name.eq_ignore_ascii_case("content-type"));
        if let (Some(media_type), false) = (media_type, is_typed) {
            headers.insert("content-type".to_owned(), media_type.into());
        }
    }
    written["headers"] = headers.into();
    written
}

fn response(response: &Value) -> Value {
    let mut written = Map::new();
    written.extend(response.get("code").map(|code| ("status".to_owned(), code.clone())));
    written.insert("headers".to_owned(), headers(response.get("header"), &HashMap::new()).into());
    match response.get("body").and_then(Value::as_str) {
        Some(body) => written.insert("text".to_owned(), body.into()),
        None => written.insert("body_omitted".to_owned(), true.into()),
    };
    Value::Object(written)
}

/// Returns the URL without its query, and the query.
fn address(url: &Value, variables: &Variables<'_>) -> (String, Map<String, Value>) {
    let raw = url.as_str().or_else(|| url.get("raw")?.as_str()).unwrap_or_default();
    let raw = filled(raw, variables);
    // A base URL without a known value may have any host.
    let raw = match raw.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        Some((_, path)) => path.to_owned(),
        None => raw,
    };
    let raw = raw.split('#').next().unwrap_or_default();
    let (path, query) = raw.split_once('?').unwrap_or((raw, ""));
    let host_end = path.find("://").map_or(0, |at| at + "://".len());
    let (scheme, rest) = path.split_at(host_end);
    let of_path = url.get("variable").and_then(Value::as_array).map(Vec::as_slice);
    let mut segments = rest.split('/');
    let mut path = scheme.to_owned() + segments.next().unwrap_or_default();
    for segment in segments {
        path.push('/');
        path.push_str(&path_value(segment, of_path.unwrap_or_default(), variables));
    }
    let is_bare = host_end == 0 && !path.starts_with('/');
    (if is_bare { bare(&path) } else { path }, query_of(query))
}

/// Returns the path of a URL without a scheme: what is before its first slash is the host.
fn bare(url: &str) -> String {
    match url.find('/') {
        Some(at) if url.get(..at).is_some_and(|host| host.contains(['.', ':'])) => {
            format!("https://{url}")
        }
        _ => format!("/{url}"),
    }
}

/// Returns the value of a segment `:name`, or the segment.
fn path_value(segment: &str, of_path: &[Value], variables: &Variables<'_>) -> String {
    let Some(name) = segment.strip_prefix(':').filter(|name| !name.is_empty()) else {
        return segment.to_owned();
    };
    let is_it = |one: &&Value| one.get("key").and_then(Value::as_str) == Some(name);
    let value = of_path.iter().find(is_it).and_then(|one| one.get("value")?.as_str());
    match value.filter(|value| !value.is_empty()) {
        Some(value) => filled(value, variables),
        None => format!("{{{name}}}"),
    }
}

fn query_of(query: &str) -> Map<String, Value> {
    let mut pairs = Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let [name, value] = [name, value].map(|text| {
            percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
        });
        let values = pairs.entry(name).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(values) = values {
            values.push(value.into());
        }
    }
    pairs
}

/// Returns the headers of a list, or of a text with one in each line.
fn headers(said: Option<&Value>, variables: &Variables<'_>) -> Map<String, Value> {
    let mut headers = Map::new();
    let mut add = |name: &str, value: &str| {
        let is_known = headers.keys().any(|known: &String| known.eq_ignore_ascii_case(name));
        if !name.is_empty() && !is_known {
            headers.insert(name.to_owned(), filled(value, variables).into());
        }
    };
    match said {
        Some(Value::String(text)) => text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .for_each(|(name, value)| add(name.trim(), value.trim())),
        Some(Value::Array(list)) => {
            for one in list.iter().filter(|one| is_enabled(one)) {
                let text = |name| one.get(name).and_then(Value::as_str).unwrap_or_default();
                add(text("key"), text("value"));
            }
        }
        _ => (),
    }
    headers
}

/// Returns the member of our own format for a body, its value and the media type that it implies.
fn body(
    body: Option<&Value>,
    variables: &Variables<'_>,
) -> Option<(&'static str, Value, Option<&'static str>)> {
    let body = body?;
    let mode = body.get("mode")?.as_str()?;
    let said = body.get(mode)?;
    match mode {
        "raw" => {
            let text = said.as_str().filter(|text| !text.is_empty())?;
            let language = body.pointer("/options/raw/language").and_then(Value::as_str);
            let is_json = language == Some("json");
            Some(("text", filled(text, variables).into(), is_json.then_some("application/json")))
        }
        "urlencoded" => {
            let media_type = "application/x-www-form-urlencoded";
            Some(("form", parts(said, variables)?, Some(media_type)))
        }
        "formdata" => Some(("form", parts(said, variables)?, Some("multipart/form-data"))),
        "graphql" => {
            let mut call = said.clone();
            // The variables are written as the text of their JSON.
            let values = call.get("variables").and_then(Value::as_str);
            if let Some(values) = values.and_then(|text| serde_json::from_str(text).ok()) {
                call["variables"] = values;
            }
            Some(("body", call, Some("application/json")))
        }
        _ => Some(("body_omitted", true.into(), None)),
    }
}

fn parts(list: &Value, variables: &Variables<'_>) -> Option<Value> {
    let part = |one: &Value| {
        let text = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
        let name = filled(text("key"), variables);
        match text("type") {
            "file" => json!({"name": name, "file": "file"}),
            _ => json!({"name": name, "value": filled(text("value"), variables)}),
        }
    };
    Some(list.as_array()?.iter().filter(|one| is_enabled(one)).map(part).collect())
}

fn is_enabled(one: &Value) -> bool {
    one.get("disabled").and_then(Value::as_bool) != Some(true)
}

/// Returns a text with the values of its variables (`{{name}}`), and `{name}` for an unknown one.
fn filled(text: &str, variables: &Variables<'_>) -> String {
    let mut text = text.to_owned();
    for _ in 0..MAX_HOPS {
        let Some((before, rest)) = text.split_once("{{") else {
            break;
        };
        let Some((name, behind)) = rest.split_once("}}") else {
            break;
        };
        let value = variables.get(name.trim()).filter(|value| !value.is_empty());
        let value = value.map_or_else(|| format!("{{{}}}", name.trim()), ToString::to_string);
        text = format!("{before}{value}{behind}");
    }
    text
}
