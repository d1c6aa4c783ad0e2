//! Turns a draft into the rows of the runtime's tables, which a client has as constants.
//!
//! The generator writes them down; a verb that calls without a client uses
//! them as they are. They live as long as the program, so what they refer to
//! is never given back: a few hundred kilobytes for the largest spec.

use prumo_runtime::{
    BodyKind, Envelope, Login, Operation, PageBehind, PageSize, Paging, PagingEnd, PagingStyle, Parameter,
    Place, Placement, RateLimit, Scheme, TagValue,
};
use serde_json::Value;

use super::names::parameter;
use super::prepare::{self, Draft};

/// Every operation, in the order of the spec.
pub fn operations(draft: &Draft) -> &'static [Operation] {
    kept_all(draft.operations.iter().map(operation))
}

/// Every credential that some operation needs.
pub fn schemes(draft: &Draft) -> &'static [Scheme] {
    kept_all(draft.schemes.iter().map(scheme))
}

/// The first page or piece of evidence.
pub fn source(source: &Value) -> String {
    let first = source.as_array().and_then(|all| all.first()).unwrap_or(source);
    let text = |key: &str| first.get(key).and_then(Value::as_str);
    text("page").or_else(|| text("evidence")).unwrap_or_default().to_owned()
}

fn operation(operation: &prepare::Operation) -> Operation {
    let prepare::Operation { id, method, path, .. } = operation;
    let mut row = Operation::new(kept(id), kept(&parameter(id)), kept(method), kept(path));
    row.parameters = kept_all(operation.parameters.iter().map(one_parameter));
    row.body = operation.body.as_ref().map(|body| body_kind(&body.media));
    let security = operation.security.iter();
    row.security = kept_all(security.map(|names| kept_all(names.iter().map(|name| kept(&parameter(name))))));
    row.envelope = envelope(&operation.envelope);
    row.max_request_bytes = operation.max_request_bytes;
    row.rate_limit = operation
        .rate_limit
        .map(|(requests, seconds)| RateLimit { requests: small(requests), seconds: small(seconds) });
    row.paging = paging(&operation.paging);
    row.protocol = operation.protocol.as_deref().map(kept);
    row.source = kept(&source(&operation.source));
    row.tags = kept_all(operation.tags.iter().map(|tag| kept(tag)));
    row
}

fn one_parameter(one: &prepare::Parameter) -> Parameter {
    let place = match one.place.as_str() {
        "path" => Place::Path,
        "query" => Place::Query,
        "header" => Place::Header,
        _ => Place::Cookie,
    };
    let mut row = Parameter::new(kept(&one.name), place);
    (row.required, row.secret) = (one.required, one.secret);
    row
}

fn body_kind(media: &str) -> BodyKind {
    match media {
        "multipart/form-data" => BodyKind::Multipart,
        "application/x-www-form-urlencoded" => BodyKind::Form,
        "text/plain" => BodyKind::Text,
        "application/octet-stream" => BodyKind::Bytes,
        _ => BodyKind::Json,
    }
}

fn envelope(envelope: &Value) -> Option<Envelope> {
    let members = envelope.as_object()?;
    let pointer = |key: &str| members.get(key).and_then(Value::as_str).map(kept);
    let values = |key: &str| {
        let values = members.get(key).and_then(Value::as_array).into_iter().flatten();
        kept_all(values.filter_map(|value| match value {
            Value::Bool(value) => Some(TagValue::Bool(*value)),
            Value::String(value) => Some(TagValue::Text(kept(value))),
            Value::Number(value) => value.as_i64().map(TagValue::Int),
            _ => None,
        }))
    };
    let mut row = Envelope::new();
    (row.tag, row.success, row.failure) = (pointer("tag"), values("success"), values("failure"));
    row.crash = pointer("crash");
    row.message = pointer("message");
    row.errors = pointer("errors");
    row.payload = pointer("payload");
    Some(row)
}

fn paging(paging: &Value) -> Option<Paging> {
    let members = paging.as_object()?;
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let style = match text("style")? {
        "paginator" => PagingStyle::Paginator,
        "limit" => PagingStyle::Limit,
        _ => PagingStyle::Pages,
    };
    let end = match text("end") {
        Some("last-page") => PagingEnd::LastPage,
        Some("next-page") => PagingEnd::NextPage,
        Some("empty-page") => PagingEnd::EmptyPage,
        Some("not-found") => PagingEnd::NotFound,
        _ => PagingEnd::OnePage,
    };
    let mut row = Paging::new(style, kept(text("items")?), end);
    row.page = text("page").map(kept);
    row.first = members.get("first").and_then(Value::as_u64).unwrap_or_default();
    row.size = match members.get("size") {
        Some(Value::String(name)) => Some(PageSize::Parameter(kept(name))),
        Some(Value::Number(number)) => Some(PageSize::Fixed(small(number.as_u64()?))),
        _ => None,
    };
    row.total = text("total").map(kept);
    row.current = text("current").map(kept);
    row.last = text("last").map(kept);
    row.next = text("next").map(kept);
    if text("end") == Some("not-found") || text("behind") == Some("not-found") {
        row.behind = PageBehind::NotFound;
    }
    Some(row)
}

fn scheme(scheme: &prepare::Scheme) -> Scheme {
    let placement = match &scheme.placement {
        prepare::Placement::PathSegment => Placement::PathSegment,
        prepare::Placement::Bearer => Placement::Bearer,
        prepare::Placement::Basic => Placement::Basic,
        prepare::Placement::Header(name) => Placement::Header(kept(name)),
        prepare::Placement::Query(name) => Placement::Query(kept(name)),
    };
    let name = match placement {
        // The segment is found by the parameter's own name.
        Placement::PathSegment => scheme.name.clone(),
        _ => parameter(&scheme.name),
    };
    let mut row = Scheme::new(kept(&name), placement);
    row.login = scheme.login.as_ref().map(|login| {
        let mut row = Login::new(kept(&parameter(&login.operation)), kept(&login.token));
        row.expires_in = login.expires_in.as_deref().map(kept);
        row
    });
    row
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn kept(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn kept_all<T>(items: impl Iterator<Item = T>) -> &'static [T] {
    Box::leak(items.collect::<Vec<T>>().into_boxed_slice())
}
