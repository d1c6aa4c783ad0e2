//! Turns arguments into a call of the runtime, and into a preview of its request.

use anyhow::{Context, anyhow};
use prumo_runtime::call::{Call, Ready};
use prumo_runtime::{BodyKind, CallOptions, ClientParts, ClientSetup, Place};
use serde_json::Value;
use serde_json::value::RawValue;

use super::arguments::{Arguments, Given};
use super::catalogue::{Catalogue, Chosen};
use super::form::{Multipart, Parts, UrlEncoded, parts};
use super::spelled;

/// Base URL of a request that is only shown. On this machine, so that no certificates are read.
const NOWHERE: &str = "http://localhost";

/// A request before the credentials are added.
pub(crate) struct Prepared {
    pub(crate) method: String,
    /// The path, with `__token__` in place of a secret.
    pub(crate) path: String,
    /// The query, if there is one.
    pub(crate) query: Option<String>,
    pub(crate) pairs: Vec<(String, String)>,
    /// Names and values; `None` for a value that must not be shown.
    pub(crate) headers: Vec<(String, Option<String>)>,
    pub(crate) body: Sent,
}

/// A body in the form that is sent.
pub(crate) enum Sent {
    Nothing,
    /// JSON, and its text with the numbers as they were spelled.
    Json(Value, Box<RawValue>),
    Raw(Vec<u8>),
    Form(BodyKind, Parts),
}

/// Builds the call for `arguments`, without its body.
pub(crate) fn call<'c>(
    chosen: Chosen<'_>,
    arguments: &Arguments,
    client: &'c ClientParts,
) -> Call<'c> {
    let mut call = Call::new(client, chosen.row.rust_name);
    for (one, value) in &arguments.parameters {
        let index = chosen.row.parameters.iter().position(|row| row == *one);
        let separator = index.and_then(|index| chosen.drafted.parameters[index].separator);
        match (one.place, separator) {
            (Place::Query, Some(separator)) => call.joined(one.name, separator, Some(value)),
            (Place::Query, None) => call.query(one.name, Some(value)),
            (Place::Path, _) => call.path(one.name, Some(text(value))),
            (Place::Header | Place::Cookie, _) => call.header(one.name, Some(text(value))),
        }
    }
    call
}

/// Returns the text of a value in a path or a header.
fn text(value: &RawValue) -> String {
    spelled::plain(value).unwrap_or_else(|| value.get().to_owned())
}

/// Adds the body to a call, so that it can be sent.
pub(crate) fn finish<'c>(
    chosen: Chosen<'_>,
    body: &'c Sent,
) -> impl Fn(Call<'c>) -> Ready<'c> + Send + use<'c> {
    let (raw, media) = (raw_media(chosen), chosen.drafted.body.as_ref());
    let media = media.and_then(|body| body.content_type.as_deref());
    let media: Option<&'static str> =
        media.map(|media| &*Box::leak(media.to_owned().into_boxed_str()));
    move |call| {
        let ready = match body {
            Sent::Nothing => call.ready(),
            Sent::Json(_, text) => call.json::<Box<RawValue>, Box<RawValue>>(Ok(text.clone())),
            Sent::Raw(bytes) => call.raw(raw, Ok(bytes.clone().into())),
            Sent::Form(BodyKind::Multipart, parts) => {
                call.form::<Multipart, Multipart>(Ok(Multipart(parts.clone())))
            }
            Sent::Form(_, parts) => {
                call.form::<UrlEncoded, UrlEncoded>(Ok(UrlEncoded(parts.clone())))
            }
        };
        match media {
            Some(media) => ready.content_type(media),
            None => ready,
        }
    }
}

/// Returns the request that `arguments` would send.
///
/// # Errors
///
/// The arguments can't be sent.
pub(crate) fn prepare(
    catalogue: &Catalogue,
    chosen: Chosen<'_>,
    arguments: &Arguments,
    options: &CallOptions,
) -> anyhow::Result<Prepared> {
    let mut client =
        ClientSetup::new(catalogue.rows, catalogue.schemes, None).base_url(NOWHERE).build()?;
    client.inner = client.inner.with(options);
    let body = sent(catalogue, chosen, arguments)?;
    let ready = finish(chosen, &body)(call(chosen, arguments, &client));
    let request = ready.request().map_err(|error| anyhow!("{error}"))?;
    let headers = request.headers().iter().map(|(name, value)| {
        let text = value.to_str().ok().filter(|_| !value.is_sensitive());
        (name.as_str().to_owned(), text.map(str::to_owned))
    });
    Ok(Prepared {
        method: request.method().to_string(),
        path: request.url().path().to_owned(),
        query: request.url().query().map(str::to_owned),
        pairs: request.url().query_pairs().into_owned().collect(),
        headers: headers.collect(),
        body,
    })
}

fn sent(catalogue: &Catalogue, chosen: Chosen<'_>, arguments: &Arguments) -> anyhow::Result<Sent> {
    Ok(match &arguments.body {
        None => Sent::Nothing,
        Some(Given::Json(value, text)) => Sent::Json(value.clone(), text.clone()),
        Some(Given::Raw(bytes)) => Sent::Raw(bytes.clone()),
        Some(Given::Form(members, files)) => {
            let body = chosen.drafted.body.as_ref();
            let name = body.and_then(|body| prumo_codegen::prepare::schema::target(&body.schema));
            let form = catalogue.draft.forms.iter().find(|form| Some(form.name.as_str()) == name);
            let form =
                form.with_context(|| format!("the spec has no form for `{}`", chosen.row.id))?;
            let kind = if form.multipart { BodyKind::Multipart } else { BodyKind::Form };
            Sent::Form(kind, parts(&form.fields, members, files)?)
        }
    })
}

fn raw_media(chosen: Chosen<'_>) -> &'static str {
    match chosen.row.body {
        Some(BodyKind::Text) => "text/plain",
        _ => "application/octet-stream",
    }
}
