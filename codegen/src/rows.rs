//! Turns a draft into the rows of the runtime's tables, which a client has as constants.
//!
//! The generator writes them as source; a command that calls the API without a client uses them
//! directly. They are leaked, since the tables are `'static`: a few hundred kilobytes for the
//! largest spec.

use prumo_runtime::{
    BodyKind, Envelope, EnvelopeMember, Flow, Login, OAuth, Operation, PageBehind, PageSize,
    Paging, PagingEnd, PagingStyle, Parameter, Place, Placement, RateLimit, Scheme, TagValue,
};
use prumo_spec::openapi::{self, ParameterPlace, Source};
use prumo_spec::{MediaType, Scalar};

use super::names::parameter;
use super::prepare::{self, Draft};

/// Returns every operation, in the order of the spec.
pub fn operations(draft: &Draft) -> &'static [Operation] {
    kept_all(draft.operations.iter().map(|one| operation(draft, one)))
}

/// Returns every credential that some operation needs.
pub fn schemes(draft: &Draft) -> &'static [Scheme] {
    kept_all(draft.schemes.iter().map(|one| scheme(draft, one)))
}

/// Returns the first page or piece of evidence.
pub fn source(sources: &[Source]) -> &str {
    sources.first().and_then(Source::place).unwrap_or_default()
}

fn operation(draft: &Draft, operation: &prepare::Operation) -> Operation {
    let prepare::Operation { id, method_name, method, path, .. } = operation;
    let mut row = Operation::new(kept(id), kept(&parameter(method_name)), kept(method), kept(path));
    row.parameters = kept_all(operation.parameters.iter().map(one_parameter));
    row.body = operation.body.as_ref().map(|body| body_kind(&body.media));
    let security = operation.security.iter();
    row.security =
        kept_all(security.map(|names| kept_all(names.iter().map(|name| kept(&parameter(name))))));
    row.scopes = scopes(draft, operation);
    row.envelope = operation.envelope.as_ref().map(envelope);
    row.max_request_bytes = operation.max_request_bytes;
    row.rate_limit = operation.rate_limit.map(|(requests, seconds)| RateLimit {
        requests: small(requests),
        seconds: small(seconds),
    });
    row.paging = operation.paging.as_ref().and_then(paging);
    row.protocol = operation.protocol.as_deref().map(kept);
    row.accept = operation.accept.as_deref().map(kept);
    row.source = kept(source(&operation.sources));
    row.tags = kept_all(operation.tags.iter().map(|tag| kept(tag)));
    row
}

/// Returns the scopes of the tokens that a client obtains itself.
fn scopes(
    draft: &Draft,
    operation: &prepare::Operation,
) -> &'static [(&'static str, &'static [&'static str])] {
    let has_flow = |name: &String| {
        let is_asked = operation.security.iter().flatten().any(|asked| asked == name);
        is_asked && draft.schemes.iter().any(|scheme| scheme.name == *name && scheme.has_flow())
    };
    let scopes = operation.scopes.iter();
    let needed = scopes.filter(|(name, scopes)| !scopes.is_empty() && has_flow(name));
    kept_all(needed.map(|(name, scopes)| {
        let mut scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        scopes.sort_unstable();
        scopes.dedup();
        (kept(&parameter(name)), kept_all(scopes.into_iter().map(kept)))
    }))
}

fn one_parameter(one: &prepare::Parameter) -> Parameter {
    let place = match one.place {
        ParameterPlace::Path => Place::Path,
        ParameterPlace::Query => Place::Query,
        ParameterPlace::Header => Place::Header,
        ParameterPlace::Cookie => Place::Cookie,
    };
    let mut row = Parameter::new(kept(&one.name), place);
    (row.required, row.secret) = (one.required, one.secret);
    row
}

fn body_kind(media: &str) -> BodyKind {
    let media = MediaType::new(media);
    match () {
        () if media.is_multipart_form() => BodyKind::Multipart,
        () if media.is_urlencoded() => BodyKind::Form,
        () if media.is_text() => BodyKind::Text,
        () if media.is_json() => BodyKind::Json,
        () => BodyKind::Bytes,
    }
}

fn envelope(said: &openapi::Envelope) -> Envelope {
    let mut row = Envelope::new();
    (row.tag, row.success) = (said.tag.as_deref().map(kept), tag_values(&said.success));
    said.members().fold(row, |row, (name, member)| {
        row.with(
            name,
            match member {
                openapi::EnvelopeMember::Text(text) => EnvelopeMember::Text(Some(kept(text))),
                openapi::EnvelopeMember::Values(values) => {
                    EnvelopeMember::Values(tag_values(values))
                }
            },
        )
    })
}

fn tag_values(values: &[Scalar]) -> &'static [TagValue] {
    kept_all(values.iter().filter_map(|value| match value {
        Scalar::Bool(value) => Some(TagValue::Bool(*value)),
        Scalar::Text(value) => Some(TagValue::Text(kept(value))),
        Scalar::Int(value) => Some(TagValue::Int(*value)),
        Scalar::Null | Scalar::Number(_) | Scalar::Json(_) => None,
    }))
}

fn paging(said: &openapi::Paging) -> Option<Paging> {
    let style = match said.style? {
        openapi::PagingStyle::Pages => PagingStyle::Pages,
        openapi::PagingStyle::Paginator => PagingStyle::Paginator,
        openapi::PagingStyle::Limit => PagingStyle::Limit,
    };
    let end = match said.end {
        Some(openapi::PagingEnd::LastPage) => PagingEnd::LastPage,
        Some(openapi::PagingEnd::NextPage) => PagingEnd::NextPage,
        Some(openapi::PagingEnd::EmptyPage) => PagingEnd::EmptyPage,
        Some(openapi::PagingEnd::NotFound) => PagingEnd::NotFound,
        None => PagingEnd::OnePage,
    };
    let place = |place: &Option<String>| place.as_deref().map(kept);
    let mut row = Paging::new(style, kept(&said.items), end);
    (row.page, row.first) = (place(&said.page), said.first);
    row.size = said.size.as_ref().map(|size| match size {
        openapi::PageSize::Parameter(name) => PageSize::Parameter(kept(name)),
        openapi::PageSize::Fixed(number) => PageSize::Fixed(small(*number)),
    });
    (row.total, row.current) = (place(&said.total), place(&said.current));
    (row.last, row.next) = (place(&said.last), place(&said.next));
    if end == PagingEnd::NotFound || said.behind == Some(openapi::PageBehind::NotFound) {
        row.behind = PageBehind::NotFound;
    }
    Some(row)
}

fn scheme(draft: &Draft, scheme: &prepare::Scheme) -> Scheme {
    let placement = match &scheme.placement {
        prepare::Placement::PathSegment => Placement::PathSegment,
        prepare::Placement::Bearer => Placement::Bearer,
        prepare::Placement::Basic => Placement::Basic,
        prepare::Placement::Header(name) => Placement::Header(kept(name)),
        prepare::Placement::Query(name) => Placement::Query(kept(name)),
        prepare::Placement::Cookie(name) => Placement::Cookie(kept(name)),
    };
    let name = match placement {
        // The path parameter's own name identifies the segment.
        Placement::PathSegment => scheme.name.clone(),
        _ => parameter(&scheme.name),
    };
    let mut row = Scheme::new(kept(&name), placement);
    row.login = scheme.login.as_ref().map(|login| {
        let mut row = Login::new(kept(&parameter(&login.operation)), kept(&login.token));
        row.expires_in = login.expires_in.as_deref().map(kept);
        row
    });
    row.oauth = scheme.has_flow().then(|| {
        let mut row = OAuth::new();
        let (application, user) = (draft.application_prefix(scheme), draft.user_prefix(scheme));
        row.client_credentials =
            scheme.client_credentials.as_ref().map(|one| flow(one, &application));
        row.authorization_code = scheme.authorization_code.as_ref().map(|one| flow(one, &user));
        row
    });
    row
}

fn flow(flow: &openapi::OAuthFlow, prefix: &str) -> Flow {
    let row = Flow::new(kept(&flow.token_url)).prefix(kept(prefix));
    row.authorization_url(kept(&flow.authorization_url)).refresh_url(kept(&flow.refresh_url))
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
