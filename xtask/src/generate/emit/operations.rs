//! Emits `operations.rs`: the tables that drive the runtime, tests and tools.

use std::fmt::Debug;

use proc_macro2::{Ident, TokenStream};
use prumo_runtime::{Envelope, Login, Operation, PageSize, Paging, Placement, RateLimit, Scheme, TagValue};
use quote::{format_ident, quote};
use serde_json::Value;

use super::module_docs;
use crate::generate::prepare::{Draft, Webhook};
use crate::generate::rows::{self, source};

/// The module with `OPERATIONS` and `SCHEMES`.
pub(super) fn operations(draft: &Draft) -> TokenStream {
    let docs = module_docs("What the runtime, tests and tools know of each operation.");
    let operations = rows::operations(draft).iter().map(row);
    let schemes = rows::schemes(draft).iter().map(scheme);
    let webhooks = webhooks(&draft.webhooks);
    quote! {
        #docs
        #[allow(unused_imports)]
        use ::progenitor_client::{
            BodyKind, Envelope, Login, Operation, PageBehind, PageSize, Paging, PagingEnd, PagingStyle, Parameter, Place, Placement,
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
    let Operation { id, rust_name, method, path, max_request_bytes, source, tags, .. } = operation;
    let parameters = operation.parameters.iter().map(|one| {
        let (name, place, required, secret) = (one.name, variant(one.place), one.required, one.secret);
        quote!(Parameter { name: #name, place: Place::#place, required: #required, secret: #secret })
    });
    let body = option(operation.body.map(|kind| {
        let kind = variant(kind);
        quote!(BodyKind::#kind)
    }));
    let security = operation.security.iter().map(|names| quote!(&[#(#names),*]));
    let envelope = option(operation.envelope.as_ref().map(envelope));
    let limit = option(max_request_bytes.map(|bytes| quote!(#bytes)));
    let rate =
        option(operation.rate_limit.map(
            |RateLimit { requests, seconds }| quote!(RateLimit { requests: #requests, seconds: #seconds }),
        ));
    let paging = option(operation.paging.as_ref().map(paging));
    let protocol = option(operation.protocol.map(|pointer| quote!(#pointer)));
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
            protocol: #protocol,
            source: #source,
            tags: &[#(#tags),*],
        }
    }
}

/// A value of an enum without fields, as it is written.
fn variant(value: impl Debug) -> Ident {
    format_ident!("{value:?}")
}

fn text(value: Option<&str>) -> TokenStream {
    option(value.map(|value| quote!(#value)))
}

fn envelope(envelope: &Envelope) -> TokenStream {
    let success = envelope.success.iter().map(|value| match value {
        TagValue::Bool(value) => quote!(TagValue::Bool(#value)),
        TagValue::Text(value) => quote!(TagValue::Text(#value)),
        TagValue::Int(value) => quote!(TagValue::Int(#value)),
    });
    let (tag, message, errors, payload) =
        (text(envelope.tag), text(envelope.message), text(envelope.errors), text(envelope.payload));
    quote! {
        Envelope {
            tag: #tag,
            success: &[#(#success),*],
            message: #message,
            errors: #errors,
            payload: #payload,
        }
    }
}

fn paging(paging: &Paging) -> TokenStream {
    let (style, end, behind) = (variant(paging.style), variant(paging.end), variant(paging.behind));
    let size = option(paging.size.map(|size| match size {
        PageSize::Parameter(name) => quote!(PageSize::Parameter(#name)),
        PageSize::Fixed(number) => quote!(PageSize::Fixed(#number)),
    }));
    let (first, items) = (paging.first, paging.items);
    let (page, total, current, last, next) =
        (text(paging.page), text(paging.total), text(paging.current), text(paging.last), text(paging.next));
    quote! {
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
            behind: PageBehind::#behind,
        }
    }
}

fn scheme(scheme: &Scheme) -> TokenStream {
    let name = scheme.name;
    let placement = match scheme.placement {
        Placement::PathSegment => quote!(PathSegment),
        Placement::Bearer => quote!(Bearer),
        Placement::Basic => quote!(Basic),
        Placement::Header(name) => quote!(Header(#name)),
        Placement::Query(name) => quote!(Query(#name)),
    };
    let login = option(scheme.login.map(|Login { operation, token, expires_in }| {
        let expires_in = text(expires_in);
        quote!(Login { operation: #operation, token: #token, expires_in: #expires_in })
    }));
    quote!(Scheme { name: #name, placement: Placement::#placement, login: #login })
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
