//! Turns the request half of a recording into the arguments of a typed call.
//!
//! A recorded form consists of texts; the spec gives the type of each field in the client. A
//! recording keeps only the size of a file, so a file of as many zeros replaces it.

use anyhow::{Context, anyhow, bail};
use prumo_runtime::{BodyKind, FilePart, Operation, Place};
use prumo_spec::OpenApi;
use prumo_spec::openapi::{self, AdditionalProperties, ParameterPlace, Schema};
use serde_json::{Map, Value};

use crate::client::{Request, described};

/// Returns the arguments with which `operation` makes `recorded`, an exchange's `request`.
///
/// # Errors
///
/// Fails if the recorded path does not belong to the operation, or if a form's field is not in the
/// spec.
pub fn arguments(
    operation: &Operation,
    recorded: &Value,
    spec: OpenApi<'_>,
) -> anyhow::Result<Request> {
    let (_, path) = split_path(operation, recorded)?;
    let described = described(operation, spec)?;
    let mut arguments = path_arguments(operation, path);
    for (name, value) in members(recorded, "/query") {
        let parameter = described.parameter(ParameterPlace::Query, name);
        let separator = parameter.and_then(|parameter| parameter.separator());
        let items =
            separator.zip(value.as_str()).map(|(separator, text)| text.split(separator).collect());
        arguments.insert(name.clone(), items.unwrap_or_else(|| value.clone()));
    }
    for parameter in
        operation.parameters.iter().filter(|parameter| parameter.place == Place::Header)
    {
        let mut headers = members(recorded, "/headers");
        if let Some((_, value)) =
            headers.find(|(name, _)| name.eq_ignore_ascii_case(parameter.name))
        {
            arguments.insert(parameter.name.to_owned(), value.clone());
        }
    }
    Ok(Request { arguments, body: body(operation, recorded, &described)? })
}

/// Splits the recorded path into the path of the API's base URL and the operation's own.
pub(crate) fn split_path<'r>(
    operation: &Operation,
    recorded: &'r Value,
) -> anyhow::Result<(&'r str, &'r str)> {
    let path = text(recorded, "/path")?;
    let n_segments = operation.path.matches('/').count();
    let starts = path.rmatch_indices('/').map(|(at, _)| at);
    let start = starts.take(n_segments).last().filter(|_| path.matches('/').count() >= n_segments);
    let split = start.map(|at| path.split_at(at));
    match split.filter(|(_, own)| is_of(operation.path, own)) {
        Some(split) => Ok(split),
        None => bail!("/request/path: `{path}` is no path of `{}`", operation.path),
    }
}

fn is_of(template: &str, path: &str) -> bool {
    let mut pairs = template.split('/').zip(path.split('/'));
    pairs.all(|(mark, segment)| mark.contains('{') || mark == segment)
}

fn path_arguments(operation: &Operation, path: &str) -> Map<String, Value> {
    let mut arguments = Map::new();
    for (mark, segment) in operation.path.split('/').zip(path.split('/')) {
        let Some(name) = mark.strip_prefix('{').and_then(|mark| mark.strip_suffix('}')) else {
            continue;
        };
        let is_secret =
            operation.parameters.iter().any(|parameter| parameter.name == name && parameter.secret);
        if !is_secret {
            arguments.insert(name.to_owned(), segment.into());
        }
    }
    arguments
}

fn body(
    operation: &Operation,
    recorded: &Value,
    described: &openapi::Operation<'_>,
) -> anyhow::Result<Option<Value>> {
    match operation.body {
        None => Ok(None),
        Some(BodyKind::Json) => Ok(recorded.get("body").filter(|body| !body.is_null()).cloned()),
        Some(BodyKind::Text | BodyKind::Bytes) => {
            let written = ["body", "text"].into_iter().filter_map(|member| recorded.get(member));
            Ok(written.into_iter().find(|body| !body.is_null()).cloned())
        }
        Some(BodyKind::Form | BodyKind::Multipart) => {
            let form = recorded
                .get("form")
                .and_then(Value::as_array)
                .context("the recorded request has no `form`")?;
            let schema = form_schema(described)?;
            let mut body = Map::new();
            for field in form {
                add_field(&mut body, field, &schema)?;
            }
            Ok(Some(Value::Object(body)))
        }
    }
}

/// Adds a form's field: `campos[a]` to the key `a` of `campos`, `anexos[]` and `anexos[0]` to the
/// list `anexos`, any other field under its own name.
fn add_field(
    body: &mut Map<String, Value>,
    field: &Value,
    form: &Schema<'_>,
) -> anyhow::Result<()> {
    let name = text(field, "/name")?;
    let (base, key) = match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
        Some((base, key)) => (base, Some(key)),
        None => (name, None),
    };
    let schema = [name, base].iter().find_map(|name| form.property(name));
    let schema =
        schema.with_context(|| format!("the spec has no form field `{name}`"))?.followed()?;
    let is_list = schema.type_word() == Some("array");
    let inner = match (is_list, schema.additional()) {
        (true, _) => schema.items(),
        (false, AdditionalProperties::Like(value)) if key.is_some() => Some(value),
        (false, _) => None,
    };
    let inner = inner.unwrap_or(schema).followed()?;
    let value = match field.get("file") {
        Some(_) => file(field)?,
        // The recording has not even the size of the file.
        None if inner.format()? == Some("binary") => {
            serde_json::to_value(FilePart::from_bytes(name, Vec::new()))?
        }
        None => typed(text(field, "/value")?, &inner),
    };

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

fn typed(value: &str, schema: &Schema<'_>) -> Value {
    match schema.type_word() {
        Some("integer" | "number" | "boolean") => {
            serde_json::from_str(value).unwrap_or_else(|_| value.into())
        }
        _ => value.into(),
    }
}

fn file(field: &Value) -> anyhow::Result<Value> {
    let n_bytes =
        field.get("bytes").and_then(Value::as_u64).context("a recorded file has no `bytes`")?;
    let zeros = vec![0_u8; usize::try_from(n_bytes)?];
    let mut part = FilePart::from_bytes(text(field, "/file")?, zeros);
    if let Some(media_type) = field.get("content_type").and_then(Value::as_str) {
        part = part.content_type(media_type);
    }
    Ok(serde_json::to_value(part)?)
}

/// Returns the schema of the form that an operation takes.
fn form_schema<'d>(operation: &openapi::Operation<'d>) -> anyhow::Result<Schema<'d>> {
    let body = operation.request_body()?.context("the operation has no `requestBody`")?;
    let media = body.content()?.next();
    let schema = media.and_then(|media| media.schema()).context("the body has no schema")?;
    Ok(schema.followed()?)
}

fn text<'a>(value: &'a Value, pointer: &str) -> anyhow::Result<&'a str> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .ok_or_else(|| anyhow!("/request: `{pointer}` is no text"))
}

fn members<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use prumo_runtime::Parameter;
    use prumo_spec::Document;
    use serde_json::json;

    use super::*;

    const OPERATION: Operation = Operation::new("enviar", "enviar", "POST", "/item/{token}/{id}")
        .parameters(&[
            Parameter::new("token", Place::Path).secret(),
            Parameter::new("id", Place::Path),
            Parameter::new("ids", Place::Query),
            Parameter::new("X-Conta", Place::Header),
        ])
        .body(BodyKind::Multipart);

    fn spec() -> Document {
        let ids = json!({"name": "ids", "in": "query", "style": "pipeDelimited"});
        let form = json!({"properties": {
            "nome": {"type": "string"},
            "n": {"type": "integer"},
            "campos": {"type": "object"},
            "fotos": {"type": "array", "items": {"type": "string", "format": "binary"}},
            "pares": {"type": "array", "items": {"type": "integer"}},
        }});
        let body = json!({"content": {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/F"}}}});
        let spec = json!({
            "paths": {"/item/{token}/{id}": {"parameters": [ids], "post": {"requestBody": body}}},
            "components": {"schemas": {"F": form}},
        });
        Document::parse("spec.json", &spec.to_string()).unwrap()
    }

    #[test]
    fn a_recorded_request_gives_its_arguments() {
        let cases = [
            ("a path", json!({"path": "/item/{token}/7"}), json!({"id": "7"})),
            (
                "a path below the base URL's",
                json!({"path": "/api/v1/item/{token}/7"}),
                json!({"id": "7"}),
            ),
            (
                "a list in one text",
                json!({"path": "/item/{token}/7", "query": {"ids": "1|2"}}),
                json!({"id": "7", "ids": ["1", "2"]}),
            ),
            (
                "a list of texts",
                json!({"path": "/item/{token}/7", "query": {"a": ["1", "2"]}}),
                json!({"id": "7", "a": ["1", "2"]}),
            ),
            (
                "a header in any case",
                json!({"path": "/item/{token}/7", "headers": {"x-conta": "9", "accept": "*/*"}}),
                json!({"id": "7", "X-Conta": "9"}),
            ),
        ];
        for (name, mut recorded, expected) in cases {
            recorded["form"] = json!([]);
            let request = arguments(&OPERATION, &recorded, OpenApi::new(&spec())).unwrap();
            assert_eq!(Value::Object(request.arguments), expected, "case `{name}`");
        }
    }

    #[test]
    fn a_recorded_form_gives_the_body_by_the_types_of_the_spec() {
        let cases = [
            ("a text", json!([{"name": "nome", "value": "7"}]), json!({"nome": "7"})),
            ("a number", json!([{"name": "n", "value": "7"}]), json!({"n": 7})),
            (
                "an entry of a map",
                json!([{"name": "campos[a]", "value": "x"}]),
                json!({"campos": {"a": "x"}}),
            ),
            (
                "a list",
                json!([{"name": "pares[]", "value": "1"}, {"name": "pares[]", "value": "2"}]),
                json!({"pares": [1, 2]}),
            ),
        ];
        for (name, form, expected) in cases {
            let recorded = json!({"path": "/item/{token}/7", "form": form});
            let request = arguments(&OPERATION, &recorded, OpenApi::new(&spec())).unwrap();
            assert_eq!(request.body, Some(expected), "case `{name}`");
        }
        let photo = json!([{"name": "fotos[0]", "file": "a.jpg", "bytes": 3}]);
        let recorded = json!({"path": "/item/{token}/7", "form": photo});
        let body = arguments(&OPERATION, &recorded, OpenApi::new(&spec())).unwrap().body.unwrap();
        assert_eq!(body["fotos"][0]["name"], "a.jpg");
    }

    #[test]
    fn what_is_of_another_operation_is_refused_with_its_place() {
        let cases = [
            (
                json!({"path": "/outro/{token}/7", "form": []}),
                "/request/path: `/outro/{token}/7` is no path of",
            ),
            (json!({"path": "/item", "form": []}), "/request/path: `/item` is no path of"),
            (json!({"form": []}), "/request: `/path` is no text"),
            (json!({"path": "/item/{token}/7"}), "the recorded request has no `form`"),
            (
                json!({"path": "/item/{token}/7", "form": [{"name": "novo", "value": "1"}]}),
                "the spec has no form field `novo`",
            ),
        ];
        for (recorded, expected) in cases {
            let error =
                arguments(&OPERATION, &recorded, OpenApi::new(&spec())).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
