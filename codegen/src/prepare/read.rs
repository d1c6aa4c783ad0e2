//! Turns a document into a draft: follows references between parameters, bodies and responses, and
//! gives path-level parameters to each operation.
//!
//! Invariants:
//!
//! * Schemas are left as they are; hoist follows the references in them.
//! * Every pointer of the draft leads to the place where its value is written.

use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::{self, Media, Node, OpenApi, RequestBody, Schema};
use prumo_spec::pointer::last;
use prumo_spec::{Method, SpecError, below};
use serde_json::Value;

use super::credentials::schemes;
use super::docs::parameter_docs;
use super::media::{SENDABLE, Sent, sent_as};
use super::{Answer, Body, Content, Draft, FieldEncoding, Info, Operation, Parameter, Webhook};
use crate::spec::Spec;

/// A body that can't be sent: its place, and its media types.
type Unsendable = (String, String);

/// Reads `spec` into a draft.
pub(super) fn read(spec: &Spec, complaints: &mut Complaints<'_>) -> Draft {
    let api = spec.api();
    let mut draft = Draft {
        info: api.info().map(|info| self::info(&info)).unwrap_or_default(),
        base_url: api.base_url(),
        base_path: api.base_path(),
        server: api.server_template().filter(|server| !server.variables.is_empty()),
        ..Draft::default()
    };
    for item in api.paths().unwrap_or_default() {
        let item = match item {
            Ok(item) => item,
            Err(error) => {
                unread(&error, complaints);
                continue;
            }
        };
        for operation in item.operations() {
            match operation {
                Ok(read) => draft.operations.extend(self::operation(&read, complaints)),
                Err(error) => unread(&error, complaints),
            }
        }
    }
    draft.webhooks = webhooks(api);
    draft.schemes = schemes(api, &mut draft.operations, complaints);
    draft
}

fn info(info: &Node<'_>) -> Info {
    let text = |name: &str| info.words(name).to_owned();
    Info { title: text("title"), version: text("version"), description: text("description") }
}

/// Complains of what can't be read, in case that the lint missed it.
fn unread(error: &SpecError, complaints: &mut Complaints<'_>) {
    complaints.error(&error.pointer, error.fault.to_string(), error.hint().unwrap_or_default());
}

/// Returns the calls that the vendor makes, each with a JSON body.
fn webhooks(api: OpenApi<'_>) -> Vec<Webhook> {
    let all = api.webhooks().unwrap_or_default();
    let read = |webhook: &openapi::Webhook<'_>| {
        let operation = &webhook.operation;
        let body = operation.request_body().ok()??;
        let schema = body.content().ok()?.find(Media::reads_as_json)?.schema()?;
        Some(Webhook {
            id: operation.id().to_owned(),
            body: schema.node().value().clone(),
            pointer: schema.at().to_owned(),
            summary: operation.summary().to_owned(),
            description: description(operation),
            signature: webhook.signature().ok().flatten(),
            sources: operation.sources(),
        })
    };
    let posted = all.iter().flatten().filter(|webhook| webhook.operation.method() == Method::Post);
    posted.filter_map(read).collect()
}

fn operation(
    operation: &openapi::Operation<'_>,
    complaints: &mut Complaints<'_>,
) -> Option<Operation> {
    let body = match operation.request_body().map(|body| body.map(|body| sent(&body, complaints))) {
        Ok(body) => body.unwrap_or(Ok(None)),
        Err(error) => {
            unread(&error, complaints);
            return None;
        }
    };
    let body = match body {
        Ok(body) => body,
        Err((at, message)) => {
            match complaints.is_house() {
                true => complaints.error(&at, message, SENDABLE),
                false => {
                    let message =
                        format!("{message}, so the operation `{}` is left out", operation.id());
                    complaints.costing(operation.id(), &at, message, SENDABLE);
                }
            }
            return None;
        }
    };
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect::<Vec<_>>();
    Some(Operation {
        id: operation.id().to_owned(),
        method_name: operation.id().to_owned(),
        pointer: operation.at().to_owned(),
        method: operation.method().name(),
        path: operation.path().to_owned(),
        sent_path: operation.path().to_owned(),
        summary: operation.summary().to_owned(),
        description: description(operation),
        sources: operation.sources(),
        parameters: parameters(operation, complaints),
        body,
        answers: answers(operation, complaints),
        security: operation.security().into_iter().map(owned).collect(),
        scopes: operation
            .scopes()
            .into_iter()
            .map(|(name, scopes)| (name.to_owned(), owned(scopes)))
            .collect(),
        envelope: operation.envelope().ok().flatten(),
        max_request_bytes: operation.max_request_bytes(),
        rate_limit: operation.rate_limit().map(|limit| (limit.requests, limit.seconds)),
        paging: operation.paging().ok().flatten(),
        protocol: operation.protocol().map(str::to_owned),
        tags: owned(operation.tags()),
        ..Operation::default()
    })
}

fn parameters(
    operation: &openapi::Operation<'_>,
    complaints: &mut Complaints<'_>,
) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    for parameter in operation.parameters() {
        match parameter {
            Ok(read) => parameters.push(self::parameter(&read)),
            Err(error) => unread(&error, complaints),
        }
    }
    parameters
}

fn parameter(parameter: &openapi::Parameter<'_>) -> Parameter {
    let (name, at) = (parameter.name(), parameter.at());
    Parameter {
        name: name.to_owned(),
        given: name.to_owned(),
        required: parameter.is_required().unwrap_or_default(),
        place: parameter.place(),
        is_told_elsewhere: openapi::Operation::is_told_elsewhere(parameter),
        secret: parameter.is_secret(),
        schema: parameter.schema().map(|schema| schema.node().value().clone()).unwrap_or_default(),
        style: parameter.style_word().map(str::to_owned),
        has_content: parameter.has_content(),
        separator: parameter.separator(),
        component: at.starts_with("/components/parameters/").then(|| last(at)),
        pointer: at.to_owned(),
        description: parameter.description().to_owned(),
        docs: parameter_docs(parameter),
    }
}

/// Returns the body as the client sends it, or `Err` if the body can't be sent.
fn sent(
    body: &RequestBody<'_>,
    complaints: &mut Complaints<'_>,
) -> Result<Option<Body>, Unsendable> {
    let at = body.node().at();
    let content: Vec<Media<'_>> = match body.content() {
        Ok(content) if body.node().has("content") => content.collect(),
        _ => return Ok(None),
    };
    let content_at = below(at, "content");
    if content.is_empty() {
        complaints.house(&content_at, "a request body of no media type is not sent", "");
        return Ok(None);
    }
    let Some((media, sent)) = best(&content) else {
        let names: Vec<&str> = content.iter().map(Media::name).collect();
        return Err((content_at, format!("a request body of `{}`", names.join("`, `"))));
    };
    if content.len() > 1 {
        complaints.house(
            &content_at,
            format!(
                "a request body of {} media types, only `{}` is sent",
                content.len(),
                media.name()
            ),
            "leave one media type",
        );
    }
    let required = body.is_required() == Ok(true);
    let is_plain_json = sent.kind == "application/json" && sent.content_type.is_none();
    let may_be_absent = !required && is_plain_json && media.schema().is_some_and(needs_no_field);
    if !required && !may_be_absent {
        complaints.house(
            at,
            "a request body that may be left out is always sent",
            "say `required: true`, or let it be JSON without a required field",
        );
    }
    sent.tell(media, complaints);
    let is_text = matches!(sent.kind, "text/plain" | "application/octet-stream");
    // The caller writes the text, so it needs no type.
    let schema = media.schema().filter(|_| !is_text || sent.content_type.is_none());
    Ok(Some(Body {
        media: sent.kind.to_owned(),
        content_type: sent.content_type,
        required,
        may_be_absent,
        schema: schema.map(|schema| schema.node().value().clone()).unwrap_or_default(),
        pointer: below(media.at(), "schema"),
        component: at.starts_with("/components/requestBodies/").then(|| last(at)),
        encodings: media.encodings().unwrap_or_default().iter().map(encoding).collect(),
        description: body.description().to_owned(),
    }))
}

/// Chooses the best media type among those that can be sent.
fn best<'a, 'd>(content: &'a [Media<'d>]) -> Option<(&'a Media<'d>, Sent)> {
    let sendable = content.iter().filter_map(|media| Some((media, sent_as(media)?)));
    sendable.min_by_key(|(_, sent)| sent.rank())
}

fn encoding(encoding: &openapi::Encoding<'_>) -> FieldEncoding {
    let node = encoding.node();
    let text = |name: &str| node.get(name).and_then(Value::as_str).map(str::to_owned);
    FieldEncoding {
        property: encoding.name().to_owned(),
        style: text("style"),
        explode: node.get("explode").and_then(Value::as_bool),
        content_type: text("contentType"),
        is_indexed: node.has("x-list-names"),
        has_headers: node.has("headers"),
    }
}

/// Returns whether a schema is an object that may be empty.
fn needs_no_field(schema: Schema<'_>) -> bool {
    schema.followed().is_ok_and(|schema| {
        schema.node().has("properties")
            && !schema.combines(openapi::Combination::AllOf)
            && schema.required().is_ok_and(|required| required.is_empty())
    })
}

fn answers(operation: &openapi::Operation<'_>, complaints: &mut Complaints<'_>) -> Vec<Answer> {
    let mut answers = Vec::new();
    for response in operation.responses().into_iter().flatten() {
        let Ok(status) = response.status() else {
            continue;
        };
        let response = match response.followed() {
            Ok(response) => response,
            Err(error) => {
                unread(&error, complaints);
                continue;
            }
        };
        let at = response.node().at();
        answers.push(Answer {
            status,
            component: at.starts_with("/components/responses/").then(|| last(at)),
            pointer: at.to_owned(),
            content: response
                .content()
                .into_iter()
                .flatten()
                .map(|media| content(&media))
                .collect(),
        });
    }
    answers
}

fn content(media: &Media<'_>) -> Content {
    let is_json = media.reads_as_json();
    // A body that is not JSON is returned as bytes, whatever its schema.
    let schema = media.schema().filter(|_| is_json);
    Content {
        media: media.name().to_owned(),
        is_json,
        schema: schema.map(|schema| schema.node().value().clone()),
        pointer: below(media.at(), "schema"),
    }
}

/// Returns the vendor's description of the operation, with a note if it is deprecated.
fn description(operation: &openapi::Operation<'_>) -> String {
    match operation.is_deprecated() {
        true => format!("Deprecated by the vendor.\n\n{}", operation.description()),
        false => operation.description().to_owned(),
    }
}
