//! Emits `operations.rs`: the tables that drive the runtime, tests and tools.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::module_docs;
use crate::generate::names::parameter;
use crate::generate::prepare::{Draft, Operation, Placement, Scheme, Webhook};

/// The module with `OPERATIONS` and `SCHEMES`.
pub(super) fn operations(draft: &Draft) -> TokenStream {
    let docs = module_docs("What the runtime, tests and tools know of each operation.");
    let operations = draft.operations.iter().map(row);
    let schemes = draft.schemes.iter().map(scheme);
    let webhooks = webhooks(&draft.webhooks);
    quote! {
        #docs
        #[allow(unused_imports)]
        use ::progenitor_client::{
            BodyKind, Envelope, Login, Operation, PageSize, Paging, PagingEnd, PagingStyle, Parameter, Place, Placement,
            RateLimit, Scheme, Signature, TagValue, Webhook,
        };

        /// Every operation, in the order of the spec.
        pub const OPERATIONS: &[Operation] = &[#(#operations),*];

        /// Every credential that some operation needs.
        pub const SCHEMES: &[Scheme] = &[#(#schemes),*];

        #webhooks
    }
}

fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

fn row(operation: &Operation) -> TokenStream {
    let Operation { id, method, path, tags, .. } = operation;
    let rust_name = parameter(id);
    let parameters = operation.parameters.iter().map(|one| {
        let (name, required, secret) = (&one.name, one.required, one.secret);
        let place = match one.place.as_str() {
            "path" => quote!(Path),
            "query" => quote!(Query),
            "header" => quote!(Header),
            _ => quote!(Cookie),
        };
        quote!(Parameter { name: #name, place: Place::#place, required: #required, secret: #secret })
    });
    let body = option(operation.body.as_ref().map(|body| match body.media.as_str() {
        "multipart/form-data" => quote!(BodyKind::Multipart),
        "application/x-www-form-urlencoded" => quote!(BodyKind::Form),
        "text/plain" => quote!(BodyKind::Text),
        "application/octet-stream" => quote!(BodyKind::Bytes),
        _ => quote!(BodyKind::Json),
    }));
    let security = operation.security.iter().map(|names| {
        let names = names.iter().map(|name| parameter(name));
        quote!(&[#(#names),*])
    });
    let envelope = option(envelope(&operation.envelope));
    let limit = option(operation.max_request_bytes.map(|bytes| quote!(#bytes)));
    let rate = option(operation.rate_limit.map(|(requests, seconds)| {
        let (requests, seconds) = (small(requests), small(seconds));
        quote!(RateLimit { requests: #requests, seconds: #seconds })
    }));
    let paging = option(paging(&operation.paging));
    let source = source(&operation.source);
    quote! {
        Operation {
            id: #id,
            rust_name: #rust_name,
            method: #method,
            path: #path,
            parameters: &[#(#parameters),*],
            body: #body,
            security: &[#(#security),*],
            envelope: #envelope,
            max_request_bytes: #limit,
            rate_limit: #rate,
            paging: #paging,
            source: #source,
            tags: &[#(#tags),*],
        }
    }
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn envelope(envelope: &Value) -> Option<TokenStream> {
    let members = envelope.as_object()?;
    let pointer =
        |key: &str| option(members.get(key).and_then(Value::as_str).map(|pointer| quote!(#pointer)));
    let (tag, message, errors, payload) =
        (pointer("tag"), pointer("message"), pointer("errors"), pointer("payload"));
    let success = members.get("success").and_then(Value::as_array).into_iter().flatten().filter_map(
        |value| match value {
            Value::Bool(value) => Some(quote!(TagValue::Bool(#value))),
            Value::String(value) => Some(quote!(TagValue::Text(#value))),
            Value::Number(value) => value.as_i64().map(|value| quote!(TagValue::Int(#value))),
            _ => None,
        },
    );
    Some(quote! {
        Envelope {
            tag: #tag,
            success: &[#(#success),*],
            message: #message,
            errors: #errors,
            payload: #payload,
        }
    })
}

fn paging(paging: &Value) -> Option<TokenStream> {
    let members = paging.as_object()?;
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let told = |name: &str| option(text(name).map(|text| quote!(#text)));
    let style = match text("style")? {
        "paginator" => quote!(Paginator),
        "limit" => quote!(Limit),
        _ => quote!(Pages),
    };
    let end = match text("end") {
        Some("last-page") => quote!(LastPage),
        Some("next-page") => quote!(NextPage),
        Some("empty-page") => quote!(EmptyPage),
        Some("not-found") => quote!(NotFound),
        _ => quote!(OnePage),
    };
    let size = match members.get("size") {
        Some(Value::String(name)) => Some(quote!(PageSize::Parameter(#name))),
        Some(Value::Number(number)) => {
            let number = small(number.as_u64()?);
            Some(quote!(PageSize::Fixed(#number)))
        }
        _ => None,
    };
    let (size, items) = (option(size), text("items")?);
    let first = members.get("first").and_then(Value::as_u64).unwrap_or_default();
    let (page, total, current, last, next) =
        (told("page"), told("total"), told("current"), told("last"), told("next"));
    Some(quote! {
        Paging {
            style: PagingStyle::#style,
            page: #page,
            first: #first,
            size: #size,
            items: #items,
            total: #total,
            current: #current,
            last: #last,
            next: #next,
            end: PagingEnd::#end,
        }
    })
}

/// The table of webhooks, where there are any.
fn webhooks(webhooks: &[Webhook]) -> Option<TokenStream> {
    let rows = webhooks.iter().map(|webhook| {
        let Webhook { id, signature, source: learned, .. } = webhook;
        let text = |name: &str| signature.get(name).and_then(Value::as_str).unwrap_or_default();
        let (header, prefix, algorithm) = (text("header"), text("prefix"), text("algorithm"));
        let (over, encoding) = (text("over"), text("encoding"));
        let signature = option(webhook.is_signed().then(|| {
            quote! {
                Signature {
                    header: #header,
                    prefix: #prefix,
                    algorithm: #algorithm,
                    over: #over,
                    encoding: #encoding,
                }
            }
        }));
        let source = source(learned);
        quote!(Webhook { id: #id, signature: #signature, source: #source })
    });
    (!webhooks.is_empty()).then(|| {
        quote! {
            /// Every call that the vendor makes to its customer's server, in the order of the spec.
            pub const WEBHOOKS: &[Webhook] = &[#(#rows),*];
        }
    })
}

/// The first page or piece of evidence.
fn source(source: &Value) -> String {
    let first = source.as_array().and_then(|all| all.first()).unwrap_or(source);
    let text = |key: &str| first.get(key).and_then(Value::as_str);
    text("page").or_else(|| text("evidence")).unwrap_or_default().to_owned()
}

fn scheme(scheme: &Scheme) -> TokenStream {
    let name = match scheme.placement {
        // The segment is found by the parameter's own name.
        Placement::PathSegment => scheme.name.clone(),
        _ => parameter(&scheme.name),
    };
    let placement = match &scheme.placement {
        Placement::PathSegment => quote!(PathSegment),
        Placement::Bearer => quote!(Bearer),
        Placement::Basic => quote!(Basic),
        Placement::Header(name) => quote!(Header(#name)),
        Placement::Query(name) => quote!(Query(#name)),
    };
    let login = option(scheme.login.as_ref().map(|login| {
        let (operation, token) = (parameter(&login.operation), &login.token);
        let expires_in = option(login.expires_in.as_ref().map(|pointer| quote!(#pointer)));
        quote!(Login { operation: #operation, token: #token, expires_in: #expires_in })
    }));
    quote!(Scheme { name: #name, placement: Placement::#placement, login: #login })
}
