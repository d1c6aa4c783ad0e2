//! Turns the recorded half that was sent into the arguments of a typed call.
//!
//! A recorded form is text throughout; what each field is in the client's type
//! is read from the spec. A recorded file is known by its size alone, so a file
//! of as many zeros stands in for it.

use anyhow::{Context, anyhow, bail};
use prumo_runtime::{BodyKind, FilePart, Operation, Place};
use serde_json::{Map, Value};

use crate::clients::Request;

/// The call that makes `recorded` (an exchange's `request`) of `operation`.
///
/// # Errors
///
/// The recorded path is not of the operation, or a form's field is not in the spec.
pub fn of(operation: &Operation, recorded: &Value, spec: &Value) -> anyhow::Result<Request> {
    let mut arguments = path_arguments(operation, text(recorded, "/path")?)?;
    for (name, value) in members(recorded, "/query") {
        let separator = separator(operation, name, spec)?;
        let items = separator.zip(value.as_str()).map(|(separator, text)| text.split(separator).collect());
        arguments.insert(name.clone(), items.unwrap_or_else(|| value.clone()));
    }
    for parameter in operation.parameters.iter().filter(|parameter| parameter.place == Place::Header) {
        let mut headers = members(recorded, "/headers");
        if let Some((_, value)) = headers.find(|(name, _)| name.eq_ignore_ascii_case(parameter.name)) {
            arguments.insert(parameter.name.to_owned(), value.clone());
        }
    }
    Ok(Request { arguments, body: body(operation, recorded, spec)? })
}

/// What parts the items of a list that is one text in the query.
fn separator(operation: &Operation, name: &str, spec: &Value) -> anyhow::Result<Option<char>> {
    let item = path_item(operation, spec)?;
    let method = operation.method.to_ascii_lowercase();
    let holders = [item.get(&method), Some(item)].into_iter().flatten();
    let lists = holders.filter_map(|holder| holder.get("parameters")?.as_array()).flatten();
    for parameter in lists {
        let parameter = resolve(parameter, spec)?;
        if parameter.get("name").is_some_and(|known| known == name) {
            let is_one_text = parameter.get("explode") == Some(&Value::Bool(false));
            return Ok(match parameter.get("style").and_then(Value::as_str) {
                None | Some("form") => is_one_text.then_some(','),
                Some("pipeDelimited") => Some('|'),
                Some("spaceDelimited") => Some(' '),
                Some(_) => None,
            });
        }
    }
    Ok(None)
}

fn path_item<'a>(operation: &Operation, spec: &'a Value) -> anyhow::Result<&'a Value> {
    let item = spec.get("paths").and_then(|paths| paths.get(operation.path));
    item.with_context(|| format!("the spec has no `{}`", operation.id))
}

fn path_arguments(operation: &Operation, path: &str) -> anyhow::Result<Map<String, Value>> {
    let template: Vec<&str> = operation.path.split('/').collect();
    let segments: Vec<&str> = path.split('/').collect();
    if template.len() != segments.len() {
        bail!("`{path}` is no path of `{}`", operation.path);
    }
    let mut arguments = Map::new();
    for (mark, segment) in template.iter().zip(segments) {
        let Some(name) = mark.strip_prefix('{').and_then(|mark| mark.strip_suffix('}')) else { continue };
        let is_secret =
            operation.parameters.iter().any(|parameter| parameter.name == name && parameter.secret);
        if !is_secret {
            arguments.insert(name.to_owned(), segment.into());
        }
    }
    Ok(arguments)
}

fn body(operation: &Operation, recorded: &Value, spec: &Value) -> anyhow::Result<Option<Value>> {
    match operation.body {
        None => Ok(None),
        Some(BodyKind::Json | BodyKind::Text | BodyKind::Bytes) => {
            Ok(recorded.get("body").filter(|body| !body.is_null()).cloned())
        }
        Some(BodyKind::Form | BodyKind::Multipart) => {
            let form = recorded
                .get("form")
                .and_then(Value::as_array)
                .context("the recorded request has no `form`")?;
            let properties = form_properties(operation, spec)?;
            let mut body = Map::new();
            for field in form {
                add_field(&mut body, field, &properties, spec)?;
            }
            Ok(Some(Value::Object(body)))
        }
    }
}

/// `campos[a]` goes to the key `a` of `campos`, `anexos[]` and `anexos[0]` to the list `anexos`,
/// all else to itself.
fn add_field(
    body: &mut Map<String, Value>,
    field: &Value,
    properties: &Value,
    spec: &Value,
) -> anyhow::Result<()> {
    let name = text(field, "/name")?;
    let (base, key) = match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
        Some((base, key)) => (base, Some(key)),
        None => (name, None),
    };
    let schema = [name, base].iter().find_map(|name| properties.get(name));
    let schema = resolve(schema.with_context(|| format!("the spec has no form field `{name}`"))?, spec)?;
    let is_file = |schema: &Value| schema.get("format").is_some_and(|format| format == "binary");
    let value = match field.get("file") {
        Some(_) => file(field)?,
        // Recorded by somebody who kept nothing of it, not even its size.
        None if is_file(schema) || schema.get("items").is_some_and(is_file) => {
            serde_json::to_value(FilePart::from_bytes(name, Vec::new()))?
        }
        None => typed(text(field, "/value")?, schema),
    };

    let is_list = schema.get("type").is_some_and(|kind| kind == "array");
    match key.filter(|_| !is_list) {
        Some(key) => {
            let entries = body.entry(base).or_insert_with(|| Value::Object(Map::new()));
            entries
                .as_object_mut()
                .context("a field is both a map and something else")?
                .insert(key.to_owned(), value);
        }
        None if is_list => {
            let items = body.entry(base).or_insert_with(|| Value::Array(Vec::new()));
            items.as_array_mut().context("a field is both a list and something else")?.push(value);
        }
        None => {
            body.insert(base.to_owned(), value);
        }
    }
    Ok(())
}

fn typed(value: &str, schema: &Value) -> Value {
    let kind = schema.get("type").and_then(Value::as_str).unwrap_or("string");
    match kind {
        "integer" | "number" | "boolean" => serde_json::from_str(value).unwrap_or_else(|_| value.into()),
        _ => value.into(),
    }
}

fn file(field: &Value) -> anyhow::Result<Value> {
    let n_bytes = field.get("bytes").and_then(Value::as_u64).context("a recorded file has no `bytes`")?;
    let zeros = vec![0_u8; usize::try_from(n_bytes)?];
    let mut part = FilePart::from_bytes(text(field, "/file")?, zeros);
    if let Some(media_type) = field.get("content_type").and_then(Value::as_str) {
        part = part.content_type(media_type);
    }
    Ok(serde_json::to_value(part)?)
}

/// The properties of the form that `operation` takes, by its spec.
fn form_properties(operation: &Operation, spec: &Value) -> anyhow::Result<Value> {
    let method = operation.method.to_ascii_lowercase();
    let item = path_item(operation, spec)?.get(&method);
    let item = item.with_context(|| format!("the spec has no `{}`", operation.id))?;
    let body = resolve(item.get("requestBody").context("the operation has no `requestBody`")?, spec)?;
    let content = body.get("content").and_then(Value::as_object).and_then(|content| content.values().next());
    let schema = content.and_then(|content| content.get("schema")).context("the body has no schema")?;
    Ok(resolve(schema, spec)?.get("properties").cloned().unwrap_or_default())
}

fn resolve<'a>(value: &'a Value, spec: &'a Value) -> anyhow::Result<&'a Value> {
    match value.get("$ref").and_then(Value::as_str) {
        None => Ok(value),
        Some(reference) => {
            let pointer = reference.strip_prefix('#').unwrap_or(reference);
            spec.pointer(pointer).with_context(|| format!("`{reference}` leads nowhere"))
        }
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> anyhow::Result<&'a str> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .ok_or_else(|| anyhow!("`{pointer}` is no text in the recorded request"))
}

fn members<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flatten()
}
