//! Emits `operations.rs`: the tables that drive the runtime, tests and tools.

use std::collections::BTreeSet;
use std::fmt::Debug;

use proc_macro2::{Ident, TokenStream};
use prumo_runtime::{
    Envelope, EnvelopeMember, Flow, OAuth, Operation, PageBehind, PageSize, Paging, Parameter,
    Placement, RateLimit, Scheme, TagValue,
};
use prumo_spec::openapi;
use quote::{ToTokens, format_ident, quote};
use syn::visit_mut::{self, VisitMut};

use super::files::{Module, Piece, spaced};
use super::tags::{SHARED, Tag, file_of_operation, free};
use crate::prepare::{Draft, Webhook};
use crate::rows::{self, source};

/// Emits the module with `OPERATIONS` and `SCHEMES`.
pub(super) fn operations(draft: &Draft, tags: &[Tag<'_>]) -> anyhow::Result<Module> {
    let rows = rows::operations(draft);
    let shared = shared_envelopes(rows);
    let mut pieces = Vec::new();
    for (place, one) in shared.iter().enumerate() {
        let (name, value) = (envelope_name(place), envelope(one));
        let constant = quote!(pub(super) const #name: Envelope = #value;);
        pieces.push(piece(SHARED, name.to_string(), constant)?);
    }
    let names = row_names(rows);
    for (operation, name) in rows.iter().zip(&names) {
        let (file, value) = (file_of_operation(tags, operation.id), row(operation, &shared));
        let constant = quote!(pub(super) const #name: Operation = #value;);
        pieces.push(piece(file, name.to_string(), constant)?);
    }
    let docs = "The tables that drive the runtime, tests and tools.";
    let root = root(draft, &names)?;
    Ok(Module { path: "operations", docs, root, pieces, is_private: true, ..Module::default() })
}

/// Emits the tables themselves.
fn root(draft: &Draft, names: &[Ident]) -> anyhow::Result<Piece> {
    let schemes = rows::schemes(draft).iter().map(scheme);
    let webhooks = webhooks(&draft.webhooks);
    let tables = quote! {
        /// Every operation, in the order of the spec.
        pub const OPERATIONS: &[Operation] = &[#(#names),*];

        /// Every credential that some operation needs.
        pub const SCHEMES: &[Scheme] = &[#(#schemes),*];

        #webhooks
    };
    let mut root = piece("", String::new(), tables)?;
    root.uses.retain(|path| !path.starts_with("super::"));
    Ok(root)
}

/// Formats `tokens` and collects their imports: constants come from the module itself, and
/// everything else from the runtime.
fn piece(file: &str, name: String, tokens: TokenStream) -> anyhow::Result<Piece> {
    struct Uses(BTreeSet<String>);

    impl VisitMut for Uses {
        fn visit_path_mut(&mut self, path: &mut syn::Path) {
            let first = path.segments.first().map(|segment| segment.ident.to_string());
            self.0.extend(first.map(|first| {
                let is_constant = !first.contains(char::is_lowercase);
                format!("{}::{first}", if is_constant { "super" } else { "prumo_runtime" })
            }));
            visit_mut::visit_path_mut(self, path);
        }

        fn visit_vis_restricted_mut(&mut self, _: &mut syn::VisRestricted) {}

        fn visit_attribute_mut(&mut self, _: &mut syn::Attribute) {}
    }

    let mut parsed: syn::File = syn::parse2(tokens)?;
    let mut uses = Uses(BTreeSet::new());
    uses.visit_file_mut(&mut parsed);
    let text = spaced(&prettyplease::unparse(&parsed));
    Ok(Piece { file: file.to_owned(), name, text, uses: uses.0, ..Piece::default() })
}

/// Returns the identifier of each operation's row.
fn row_names(rows: &[Operation]) -> Vec<Ident> {
    let mut taken = BTreeSet::new();
    let name = |operation: &Operation| {
        // Two names may differ only in letters that have the same capital.
        let name = free(&format!("ROW_{}", operation.rust_name.to_uppercase()), &taken);
        taken.insert(name.clone());
        format_ident!("{name}")
    };
    rows.iter().map(name).collect()
}

fn row(operation: &Operation, shared: &[Envelope]) -> TokenStream {
    let Operation { id, rust_name, method, path, source, .. } = operation;
    let mut row = quote!(Operation::new(#id, #rust_name, #method, #path));
    let parameters = operation.parameters.iter().map(parameter);
    row.extend(column("parameters", list(parameters)));
    let body = operation.body.map(variant);
    row.extend(column("body", body.map(|kind| quote!(BodyKind::#kind))));
    let security = operation.security.iter().map(|names| quote!(&[#(#names),*]));
    row.extend(column("security", list(security)));
    let scopes = operation.scopes.iter().map(|(name, scopes)| quote!((#name, &[#(#scopes),*])));
    row.extend(column("scopes", list(scopes)));
    row.extend(column(
        "envelope",
        operation.envelope.as_ref().map(|one| shared_or_own(one, shared)),
    ));
    row.extend(column("max_request_bytes", operation.max_request_bytes));
    let limit = operation
        .rate_limit
        .map(|RateLimit { requests, seconds }| quote!(RateLimit { requests: #requests, seconds: #seconds }));
    row.extend(column("rate_limit", limit));
    row.extend(column("paging", operation.paging.as_ref().map(paging)));
    row.extend(column("protocol", operation.protocol));
    row.extend(column("accept", operation.accept));
    row.extend(column("source", Some(source)));
    row.extend(column("tags", list(operation.tags.iter())));
    row
}

/// Emits a column of a row, unless it has no value.
fn column(name: &str, value: Option<impl ToTokens>) -> Option<TokenStream> {
    let name = format_ident!("{name}");
    value.map(|value| quote!(.#name(#value)))
}

/// Emits a list, unless it is empty.
fn list(items: impl ExactSizeIterator<Item: ToTokens>) -> Option<TokenStream> {
    (items.len() > 0).then(|| quote!(&[#(#items),*]))
}

/// Returns the identifier of a variant without fields.
fn variant(value: impl Debug) -> Ident {
    format_ident!("{value:?}")
}

fn parameter(parameter: &Parameter) -> TokenStream {
    let (name, place) = (parameter.name, variant(parameter.place));
    let required = parameter.required.then(|| quote!(.required()));
    let secret = parameter.secret.then(|| quote!(.secret()));
    quote!(Parameter::new(#name, Place::#place) #required #secret)
}

fn envelope(envelope: &Envelope) -> TokenStream {
    let success = tag_values(envelope.success);
    let tag = envelope.tag.map(|tag| quote!(.tag(#tag, &[#(#success),*])));
    let members = envelope.members().filter_map(|(name, member)| match member {
        EnvelopeMember::Text(text) => column(name, text),
        EnvelopeMember::Values(values) => column(name, list(tag_values(values))),
    });
    quote!(Envelope::new() #tag #(#members)*)
}

/// Collects the envelopes that several operations share, apart from the payload's member.
fn shared_envelopes(rows: &[Operation]) -> Vec<Envelope> {
    let all: Vec<Envelope> =
        rows.iter().filter_map(|row| row.envelope).map(without_payload).collect();
    let mut shared: Vec<Envelope> = Vec::new();
    for one in &all {
        if !shared.contains(one) && all.iter().filter(|other| *other == one).count() > 1 {
            shared.push(*one);
        }
    }
    shared
}

fn without_payload(mut envelope: Envelope) -> Envelope {
    envelope.payload = None;
    envelope
}

/// Returns the name of a shared envelope.
fn envelope_name(place: usize) -> Ident {
    if place == 0 { format_ident!("ENVELOPE") } else { format_ident!("ENVELOPE_{}", place + 1) }
}

/// Emits the name of a shared envelope, or the envelope written out.
fn shared_or_own(one: &Envelope, shared: &[Envelope]) -> TokenStream {
    let Some(place) = shared.iter().position(|other| *other == without_payload(*one)) else {
        return envelope(one);
    };
    let (name, payload) = (envelope_name(place), column("payload", one.payload));
    quote!(#name #payload)
}

fn tag_values(values: &'static [TagValue]) -> impl ExactSizeIterator<Item = TokenStream> {
    values.iter().map(|value| match value {
        TagValue::Bool(value) => quote!(TagValue::Bool(#value)),
        TagValue::Text(value) => quote!(TagValue::Text(#value)),
        TagValue::Int(value) => quote!(TagValue::Int(#value)),
    })
}

fn paging(paging: &Paging) -> TokenStream {
    let (style, items, end) = (variant(paging.style), paging.items, variant(paging.end));
    let first = paging.first;
    let page = paging.page.map(|page| quote!(.page(#page, #first)));
    let size = paging.size.map(|size| match size {
        PageSize::Parameter(name) => quote!(.size(PageSize::Parameter(#name))),
        PageSize::Fixed(number) => quote!(.size(PageSize::Fixed(#number))),
    });
    let places = [
        ("total", paging.total),
        ("current", paging.current),
        ("last", paging.last),
        ("next", paging.next),
    ];
    let places = places.into_iter().filter_map(|(name, place)| column(name, place));
    let behind = (paging.behind != PageBehind::Empty).then(|| variant(paging.behind));
    let behind = column("behind", behind.map(|behind| quote!(PageBehind::#behind)));
    quote!(Paging::new(PagingStyle::#style, #items, PagingEnd::#end) #page #size #(#places)* #behind)
}

fn scheme(scheme: &Scheme) -> TokenStream {
    let name = scheme.name;
    let placement = match scheme.placement {
        Placement::PathSegment => quote!(PathSegment),
        Placement::Bearer => quote!(Bearer),
        Placement::Basic => quote!(Basic),
        Placement::Header(name) => quote!(Header(#name)),
        Placement::Query(name) => quote!(Query(#name)),
        Placement::Cookie(name) => quote!(Cookie(#name)),
    };
    let login = scheme.login.map(|login| {
        let (operation, token) = (login.operation, login.token);
        let expires_in = column("expires_in", login.expires_in);
        quote!(Login::new(#operation, #token) #expires_in)
    });
    let login = column("login", login);
    let oauth = column("oauth", scheme.oauth.as_ref().map(oauth));
    quote!(Scheme::new(#name, Placement::#placement) #login #oauth)
}

fn oauth(oauth: &OAuth) -> TokenStream {
    let application = column("client_credentials", oauth.client_credentials.as_ref().map(flow));
    let user = column("authorization_code", oauth.authorization_code.as_ref().map(flow));
    quote!(OAuth::new() #application #user)
}

fn flow(flow: &Flow) -> TokenStream {
    let token_url = flow.token_url;
    let texts = [
        ("prefix", flow.prefix),
        ("authorization_url", flow.authorization_url),
        ("refresh_url", flow.refresh_url),
    ];
    let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
    let texts = texts.filter_map(|(name, text)| column(name, Some(text)));
    quote!(Flow::new(#token_url) #(#texts)*)
}

/// Emits the table of webhooks, unless it is empty.
fn webhooks(webhooks: &[Webhook]) -> Option<TokenStream> {
    let rows = webhooks.iter().map(|webhook| {
        let Webhook { id, signature, sources, .. } = webhook;
        let signature = signature.as_ref().map(|signature| {
            let openapi::Signature { header, prefix, algorithm, over, encoding } = signature;
            let header = header.as_deref().unwrap_or_default();
            quote! {
                Signature {
                    header: #header,
                    prefix: #prefix,
                    algorithm: #algorithm,
                    over: #over,
                    encoding: #encoding,
                }
            }
        });
        let signature = column("signature", signature);
        let source = source(sources);
        quote!(Webhook::new(#id, #source) #signature)
    });
    (!webhooks.is_empty()).then(|| {
        quote! {
            /// Every call that the vendor makes to its customer's server, in the order of the spec.
            pub const WEBHOOKS: &[Webhook] = &[#(#rows),*];
        }
    })
}
