//! Turns a document into a draft: references between parameters, bodies and
//! responses are followed, path-level parameters are given to each operation.
//!
//! Invariants:
//!
//! * Schemas are left as they stand; references inside them are P1's.
//! * Every pointer of the draft leads to the place where a thing is written.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::credentials::{schemes, security};
use super::media::{SENDABLE, sent_as};
use super::{Answer, Body, Draft, Operation, Parameter, Webhook};
use crate::names::last;
use crate::spec::Spec;
use prumo_spec::complaint::Complaints;
use prumo_spec::{below, invented_name, merge_patch};

/// Methods of a path item, in the order in which OpenAPI lists them.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// How many references may follow one another before it must be a circle.
const MAX_HOPS: usize = 32;

/// Follows `$ref` from `value` at `at` to what it means and where that is.
pub fn resolve<'v>(root: &'v Value, value: &'v Value, at: &str) -> Option<(&'v Value, String)> {
    let mut value = value;
    let mut at = at.to_owned();
    for _ in 0..MAX_HOPS {
        let Some(reference) = value.get("$ref") else {
            return Some((value, at));
        };
        let pointer = unescape(reference.as_str()?.strip_prefix('#')?);
        value = root.pointer(&pointer)?;
        at = pointer;
    }
    None
}

/// A `$ref` is a URI fragment, so its pointer may be percent-encoded.
pub fn unescape(fragment: &str) -> String {
    percent_decode_str(fragment).decode_utf8().map_or_else(|_| fragment.to_owned(), Cow::into_owned)
}

/// The operation's id; without one, method and path as words.
pub fn operation_id(operation: &Value, at: &str) -> String {
    if let Some(id) = operation.get("operationId").and_then(Value::as_str).filter(|id| !id.is_empty()) {
        return id.to_owned();
    }
    let method = last(at);
    let path = at.rfind('/').map(|cut| last(&at[..cut])).unwrap_or_default();
    invented_name(&method, &path)
}

/// Where a body is that cannot be sent, and what it is.
type Unsendable = (String, String);

/// Reads `spec` into a draft.
pub(crate) fn read(spec: &Spec, complaints: &mut Complaints<'_>) -> Draft {
    let root = spec.value();
    let mut draft = Draft {
        info: root.get("info").cloned().unwrap_or_default(),
        base_url: base_url(root),
        ..Draft::default()
    };
    let paths = root.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        if path.starts_with("x-") {
            continue;
        }
        let at = below("/paths", path);
        let Some((item, at)) = resolve(root, item, &at) else {
            complaints.error(&at, "a path whose `$ref` leads nowhere", "write the path item in place");
            continue;
        };
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                let reader = Reader { root, item, path, method };
                let operation = reader.operation(operation, &below(&at, method), &at, complaints);
                draft.operations.extend(operation);
            }
        }
    }
    draft.webhooks = webhooks(root);
    draft.schemes = schemes(root, &mut draft.operations, complaints);
    draft
}

/// The calls that the vendor makes, each with a JSON body.
fn webhooks(root: &Value) -> Vec<Webhook> {
    let items = root.get("x-webhooks").and_then(Value::as_object).into_iter().flatten();
    let read = |(name, item): (&String, &Value)| {
        let at = below(&below(&below("/x-webhooks", name), "post"), "requestBody");
        let operation = item.get("post")?;
        let (body, at) = resolve(root, operation.get("requestBody")?, &at)?;
        let text =
            |name: &str| operation.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let (media, object) = body.get("content")?.as_object()?.iter().find(|(media, _)| is_json(media))?;
        Some(Webhook {
            id: operation_id(operation, &below(&below("/x-webhooks", name), "post")),
            body: object.get("schema")?.clone(),
            pointer: below(&below(&below(&at, "content"), media), "schema"),
            summary: text("summary"),
            description: description(operation),
            signature: operation.get("x-signature").cloned().unwrap_or_default(),
            source: operation.get("x-source").cloned().unwrap_or_default(),
        })
    };
    items.filter_map(read).collect()
}

/// One absolute server URL without a variable, or none.
fn base_url(root: &Value) -> Option<String> {
    let servers = root.get("servers")?.as_array()?;
    let url = servers.first()?.get("url")?.as_str()?;
    let absolute = url.starts_with("https://") || url.starts_with("http://");
    (absolute && !url.contains('{')).then(|| url.trim_end_matches('/').to_owned())
}

/// What is the same for all of one operation.
struct Reader<'d> {
    root: &'d Value,
    item: &'d Value,
    path: &'d str,
    method: &'d str,
}

impl Reader<'_> {
    fn operation(
        &self,
        operation: &Value,
        at: &str,
        item_at: &str,
        complaints: &mut Complaints<'_>,
    ) -> Option<Operation> {
        let body = match self.body(operation, at, complaints) {
            Ok(body) => body,
            Err((at, message)) => {
                match complaints.is_house() {
                    true => complaints.error(&at, message, SENDABLE),
                    false => {
                        let id = operation_id(operation, &below(&below("/paths", self.path), self.method));
                        let message = format!("{message}, so the operation `{id}` is left out");
                        complaints.warning(&at, message, SENDABLE);
                    }
                }
                return None;
            }
        };
        let text =
            |name: &str| operation.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let limit = operation.get("x-rate-limit").or_else(|| self.root.get("x-rate-limit"));
        let number = |name: &str| limit.and_then(|limit| limit.get(name)).and_then(Value::as_u64);
        let strings = |value: Option<&Value>| -> Vec<String> {
            let items = value.and_then(Value::as_array).into_iter().flatten();
            items.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let mut envelope = self.root.get("x-envelope").cloned().unwrap_or_default();
        if let Some(patch) = operation.get("x-envelope") {
            merge_patch(&mut envelope, patch);
        }
        Some(Operation {
            id: operation_id(operation, &below(&below("/paths", self.path), self.method)),
            pointer: at.to_owned(),
            method: self.method.to_uppercase(),
            path: self.path.to_owned(),
            sent_path: self.path.to_owned(),
            summary: text("summary"),
            description: description(operation),
            source: operation.get("x-source").cloned().unwrap_or_default(),
            parameters: self.parameters(operation, at, item_at, complaints),
            body,
            answers: self.answers(operation, at, complaints),
            security: security(operation.get("security").or_else(|| self.root.get("security"))),
            envelope,
            max_request_bytes: operation.get("x-max-request-bytes").and_then(Value::as_u64),
            rate_limit: number("requests").zip(number("seconds")),
            paging: operation.get("x-paging").cloned().unwrap_or_default(),
            protocol: operation.get("x-protocol").and_then(Value::as_str).map(str::to_owned),
            tags: strings(operation.get("tags")),
            ..Operation::default()
        })
    }

    fn parameters(
        &self,
        operation: &Value,
        at: &str,
        item_at: &str,
        complaints: &mut Complaints<'_>,
    ) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for (holder, at) in [(self.item, item_at), (operation, at)] {
            let list = holder.get("parameters").and_then(Value::as_array);
            for (index, parameter) in list.into_iter().flatten().enumerate() {
                let at = format!("{at}/parameters/{index}");
                let Some(parameter) = self.parameter(parameter, &at, complaints) else {
                    continue;
                };
                // An operation's parameter stands in for the path's.
                parameters.retain(|other| (&other.name, &other.place) != (&parameter.name, &parameter.place));
                parameters.push(parameter);
            }
        }
        parameters
    }

    fn parameter(&self, parameter: &Value, at: &str, complaints: &mut Complaints<'_>) -> Option<Parameter> {
        let Some((object, pointer)) = resolve(self.root, parameter, at) else {
            complaints.error(at, "a parameter whose `$ref` leads nowhere", "");
            return None;
        };
        let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let flag = |name: &str| object.get(name).and_then(Value::as_bool).unwrap_or_default();
        let place = text("in");
        Some(Parameter {
            name: text("name"),
            given: text("name"),
            required: flag("required") || place == "path",
            place,
            secret: flag("x-secret"),
            schema: object.get("schema").cloned().unwrap_or_default(),
            separator: None,
            component: pointer.starts_with("/components/parameters/").then(|| last(&pointer)),
            pointer,
            object: object.clone(),
        })
    }

    /// The body; an operation whose body cannot be sent is none of a foreign
    /// document's client.
    fn body(
        &self,
        operation: &Value,
        at: &str,
        complaints: &mut Complaints<'_>,
    ) -> Result<Option<Body>, Unsendable> {
        let Some(body) = operation.get("requestBody") else { return Ok(None) };
        let at = below(at, "requestBody");
        let Some((body, at)) = resolve(self.root, body, &at) else {
            complaints.error(&at, "a request body whose `$ref` leads nowhere", "write the body in place");
            return Ok(None);
        };
        let Some(content) = body.get("content").and_then(Value::as_object) else { return Ok(None) };
        if content.is_empty() {
            complaints.house(&below(&at, "content"), "a request body of no media type is not sent", "");
            return Ok(None);
        }
        let sendable =
            content.iter().filter_map(|(media, object)| Some((media, object, sent_as(media, object)?)));
        let Some((media, object, sent)) = sendable.min_by_key(|(_, _, sent)| sent.rank()) else {
            let names: Vec<&str> = content.keys().map(String::as_str).collect();
            return Err((below(&at, "content"), format!("a request body of `{}`", names.join("`, `"))));
        };
        let pointer = below(&below(&at, "content"), media);
        if content.len() > 1 {
            complaints.house(
                &below(&at, "content"),
                format!("a request body of {} media types, only `{media}` is sent", content.len()),
                "leave one media type",
            );
        }
        let required = body.get("required").and_then(Value::as_bool) == Some(true);
        let is_plain_json = sent.kind == "application/json" && sent.content_type.is_none();
        let may_be_absent = !required && is_plain_json && self.needs_no_field(object);
        if !required && !may_be_absent {
            complaints.house(
                &at,
                "a request body that may be left out is always sent",
                "say `required: true`, or let it be JSON without a required field",
            );
        }
        sent.tell(media, object, &pointer, complaints);
        let is_text = matches!(sent.kind, "text/plain" | "application/octet-stream");
        // The caller writes it, so no type is made of it.
        let schema = object.get("schema").filter(|_| !is_text || sent.content_type.is_none());
        Ok(Some(Body {
            media: sent.kind.to_owned(),
            content_type: sent.content_type,
            required,
            may_be_absent,
            schema: schema.cloned().unwrap_or_default(),
            pointer: below(&pointer, "schema"),
            component: at.starts_with("/components/requestBodies/").then(|| last(&at)),
            encoding: object.get("encoding").cloned().unwrap_or_default(),
            description: body.get("description").and_then(Value::as_str).unwrap_or_default().to_owned(),
        }))
    }

    /// Whether the schema of a media type is an object that may be empty.
    fn needs_no_field(&self, object: &Value) -> bool {
        let schema = object.get("schema").and_then(|schema| resolve(self.root, schema, ""));
        schema.is_some_and(|(schema, _)| {
            let required = schema.get("required").and_then(Value::as_array);
            schema.get("properties").is_some()
                && schema.get("allOf").is_none()
                && required.is_none_or(Vec::is_empty)
        })
    }

    fn answers(&self, operation: &Value, at: &str, complaints: &mut Complaints<'_>) -> Vec<Answer> {
        let at = below(at, "responses");
        let responses = operation.get("responses").and_then(Value::as_object);
        let mut answers = Vec::new();
        for (status, response) in responses.into_iter().flatten() {
            let Some(read) = read_status(status).filter(|_| !status.starts_with("x-")) else {
                continue;
            };
            let at = below(&at, status);
            let Some((response, at)) = resolve(self.root, response, &at) else {
                complaints.error(&at, "a response whose `$ref` leads nowhere", "");
                continue;
            };
            let content = response.get("content").and_then(Value::as_object);
            let content_at = below(&at, "content");
            answers.push(Answer {
                status: read,
                component: at.starts_with("/components/responses/").then(|| last(&at)),
                pointer: at.clone(),
                content: content
                    .into_iter()
                    .flatten()
                    .map(|(media, object)| {
                        let at = below(&below(&content_at, media), "schema");
                        // What is no JSON comes as bytes, whatever its schema says.
                        let schema = object.get("schema").filter(|_| is_json(media));
                        (media.clone(), schema.cloned(), at)
                    })
                    .collect(),
            });
        }
        answers
    }
}

/// A status, a range of them, or `default`, in OpenAPI's spelling.
pub fn read_status(status: &str) -> Option<String> {
    let upper = status.to_ascii_uppercase();
    let range = upper.len() == 3 && upper.ends_with("XX") && upper.starts_with(['1', '2', '3', '4', '5']);
    let code = status.len() == 3 && status.parse::<u16>().is_ok_and(|code| (100..600).contains(&code));
    match status {
        "default" => Some(status.to_owned()),
        _ if code || range => Some(upper),
        _ => None,
    }
}

/// Whether an answer of `media` is read as JSON.
pub(super) fn is_json(media: &str) -> bool {
    let plain = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    plain == "application/json" || plain == "text/json" || plain == "*/*" || plain.ends_with("+json")
}

/// What the vendor says of the operation, and that it is on its way out.
fn description(operation: &Value) -> String {
    let text = operation.get("description").and_then(Value::as_str).unwrap_or_default();
    match operation.get("deprecated").and_then(Value::as_bool) {
        Some(true) => format!("Deprecated by the vendor.\n\n{}", text.trim()),
        _ => text.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_merge_patch_is_rfc_7396() {
        let default = json!({"tag": "/erro", "payload": "/data"});
        let cases = [
            (json!({}), json!({"tag": "/erro", "payload": "/data"})),
            (json!({"payload": null}), json!({"tag": "/erro"})),
            (json!({"tag": "/status"}), json!({"tag": "/status", "payload": "/data"})),
            (Value::Null, Value::Null),
        ];
        for (patch, expected) in cases {
            let mut target = default.clone();
            merge_patch(&mut target, &patch);
            assert_eq!(target, expected, "patch {patch}");
        }
    }

    #[test]
    fn a_circle_of_references_ends() {
        let root = json!({"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}, "c d": 1, "e": {"$ref": "#/c%20d"}});
        assert_eq!(resolve(&root, &root["a"], "/a"), None);
        assert_eq!(resolve(&root, &root["e"], "/e"), Some((&json!(1), "/c d".to_owned())));
    }
}
