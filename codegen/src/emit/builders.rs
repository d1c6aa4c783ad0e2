//! Emits `builder.rs`: one builder an operation, of a line a parameter.
//!
//! progenitor's builders keep each parameter by itself and make the request
//! from them. Ours hand it on to the runtime's `Call`, which knows the rest
//! from the table `OPERATIONS`: a fifth of the work for a user's compiler. What
//! a parameter, a body and an answer are in Rust is read from progenitor's, so
//! that there is one opinion about it.
//!
//! Invariants:
//!
//! * Nothing is imported: an operation may be called `Error` or `Call`.

use anyhow::{Context as _, ensure};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{ImplItem, ImplItemFn, Item, ItemStruct, ReturnType, Type};

use super::{module_docs, pages};
use crate::names;
use crate::polish::{doc_lines, docs_of, inner_of, module};
use crate::prepare::{Body, Draft, Operation, Parameter, Success};

/// The module of all builders.
pub(super) fn builders(draft: &Draft, client: &syn::File) -> anyhow::Result<TokenStream> {
    let docs = module_docs("One builder an operation: set the parameters, then send.");
    let known = module(&client.items, "builder").unwrap_or(&[]);
    let types = module(&client.items, "types").unwrap_or(&[]);
    let each = draft.operations.iter().map(|operation| {
        let name = names::builder(&operation.id);
        let model = Model::find(known, &name).with_context(|| format!("operation `{}`", operation.id))?;
        builder(operation, &model, types)
    });
    let each = each.collect::<anyhow::Result<Vec<_>>>()?;
    Ok(quote! {
        #docs
        #[allow(unused_imports)]
        use crate::client::types;

        #(#each)*
    })
}

/// progenitor's builder of an operation.
struct Model<'f> {
    fields: &'f ItemStruct,
    functions: Vec<&'f ImplItemFn>,
}

impl<'f> Model<'f> {
    fn find(items: &'f [Item], name: &str) -> anyhow::Result<Self> {
        let fields = items.iter().find_map(|item| match item {
            Item::Struct(item) if item.ident == name => Some(item),
            _ => None,
        });
        let functions = items.iter().filter_map(|item| match item {
            Item::Impl(item) if item.trait_.is_none() && is_about(&item.self_ty, name) => Some(&item.items),
            _ => None,
        });
        let functions = functions.flatten().filter_map(|item| match item {
            ImplItem::Fn(function) => Some(function),
            _ => None,
        });
        let fields = fields.with_context(|| format!("progenitor made no builder `{name}`"))?;
        Ok(Self { fields, functions: functions.collect() })
    }

    /// What is in the `Result` that a field is.
    fn field(&self, name: &str) -> anyhow::Result<Type> {
        let field =
            self.fields.fields.iter().find(|field| field.ident.as_ref().is_some_and(|one| one == name));
        let target = field.and_then(|field| inner_of(&field.ty, "Result"));
        target.with_context(|| format!("progenitor's builder has no `{name}`"))
    }

    fn function(&self, name: &str) -> Option<&'f ImplItemFn> {
        self.functions.iter().copied().find(|function| function.sig.ident == name)
    }

    /// What `send` gives.
    fn answer(&self) -> anyhow::Result<Type> {
        let output = self.function("send").and_then(|function| match &function.sig.output {
            ReturnType::Type(_, target) => inner_of(target, "Result"),
            ReturnType::Default => None,
        });
        let answer = output.and_then(|target| inner_of(&target, "ResponseValue"));
        answer.context("progenitor's `send` gives no `ResponseValue`")
    }
}

fn is_about(target: &Type, name: &str) -> bool {
    matches!(target, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

fn builder(operation: &Operation, model: &Model<'_>, types: &[Item]) -> anyhow::Result<TokenStream> {
    let name = format_ident!("{}", names::builder(&operation.id));
    let method = names::parameter(&operation.id);
    let docs = doc_lines(&format!("Builder of [`Client::{method}`](crate::Client::{method})."));
    let body = operation.body.as_ref().map(|body| BodyParts::new(body, model)).transpose()?;
    let setters = operation.parameters.iter().filter(|one| !one.secret).map(|one| setter(one, model));
    let setters = setters.collect::<anyhow::Result<Vec<_>>>()?;
    let send = send(operation, model, body.as_ref())?;
    let pages = match operation.is_paged() {
        true => {
            let ready = each_ready(body.as_ref())
                .with_context(|| format!("`x-paging` of operation `{}`", operation.id))?;
            Some(pages::methods(operation, &model.answer()?, types, &ready)?)
        }
        false => None,
    };
    let derives = match &body {
        // A stream can be sent once, and is as closed as it is long.
        Some(BodyParts { is_raw: true, .. }) => quote!(#[derive(Debug)]),
        _ => quote!(#[derive(Clone, Debug)]),
    };
    let (field, start, body_setters) = match &body {
        None => Default::default(),
        Some(body) => {
            let (kept, start) = (&body.kept, &body.start);
            (
                quote!(body: ::std::result::Result<#kept, ::std::string::String>,),
                quote!(body: #start,),
                body.setters(),
            )
        }
    };
    Ok(quote! {
        #(#docs)*
        #derives
        #[must_use]
        pub struct #name<'a> {
            call: ::progenitor_client::call::Call<'a>,
            #field
        }
        impl<'a> #name<'a> {
            /// Starts a request of `client`.
            pub fn new(client: &'a crate::client::Client) -> Self {
                Self { call: ::progenitor_client::call::Call::new(client, #method), #start }
            }
            #(#setters)*
            #body_setters
            #send
            #pages
        }
    })
}

fn setter(parameter: &Parameter, model: &Model<'_>) -> anyhow::Result<TokenStream> {
    let setter = format_ident!("{}", parameter.setter());
    let kept = model.field(&parameter.setter())?;
    let target = inner_of(&kept, "Option").unwrap_or(kept);
    let name = &parameter.name;
    let value = quote!(value.try_into().ok());
    let set = match (parameter.separator, parameter.place.as_str()) {
        (Some(separator), _) => quote!(joined::<#target>(#name, #separator, #value)),
        (None, "path") => quote!(path::<#target>(#name, #value)),
        (None, "header") => quote!(header::<#target>(#name, #value)),
        (None, _) => quote!(query::<#target>(#name, #value)),
    };
    let docs = docs_of(parameter);
    let docs = doc_lines(&if docs.is_empty() { format!("Sets `{setter}`.") } else { docs });
    Ok(quote! {
        #(#docs)*
        pub fn #setter(mut self, value: impl ::std::convert::TryInto<#target>) -> Self {
            self.call.#set;
            self
        }
    })
}

/// How a body is set and sent.
struct BodyParts {
    /// What the builder keeps: the body, or a builder of it.
    kept: Type,
    /// The body's type.
    target: Type,
    start: TokenStream,
    has_builder: bool,
    is_raw: bool,
    /// The method of `Call` that makes it ready, and what comes before the body and behind the call.
    method: TokenStream,
    before: Option<TokenStream>,
    behind: Option<TokenStream>,
}

impl BodyParts {
    fn new(body: &Body, model: &Model<'_>) -> anyhow::Result<Self> {
        let kept = model.field("body")?;
        let has_builder = model.function("body_map").is_some();
        let is_raw = is_about(&kept, "Body");
        let target = match &kept {
            Type::Path(path) if has_builder => {
                let last = path.path.segments.last().context("a type without a name")?;
                syn::parse_quote!(types::#last)
            }
            other => other.clone(),
        };
        let start = match has_builder {
            true => quote!(Ok(::std::default::Default::default())),
            false => quote!(Err("the body is missing".to_owned())),
        };
        let media = body.content_type.as_deref();
        let (method, before, behind) = match body.media.as_str() {
            _ if is_raw => {
                let media = media.unwrap_or(&body.media);
                (quote!(raw), Some(quote!(#media,)), None)
            }
            "application/json" if body.may_be_absent => (quote!(json_if_any::<#target, _>), None, None),
            "application/json" => {
                (quote!(json::<#target, _>), None, media.map(|media| quote!(.content_type(#media))))
            }
            _ => (quote!(form::<#target, _>), None, None),
        };
        Ok(Self { kept, target, start, has_builder, is_raw, method, before, behind })
    }

    /// What makes a call ready to be sent with `body`.
    fn ready(&self, body: &TokenStream) -> TokenStream {
        let Self { method, before, behind, .. } = self;
        quote!(#method(#before #body) #behind)
    }

    fn setters(&self) -> TokenStream {
        let Self { kept, target, .. } = self;
        let (from, map) = match self.has_builder {
            true => (
                quote!(.map(::std::convert::From::from)),
                quote! {
                    /// Fills in the request body, starting from what is set so far.
                    pub fn body_map(mut self, f: impl ::std::ops::FnOnce(#kept) -> #kept) -> Self {
                        self.body = self.body.map(f);
                        self
                    }
                },
            ),
            false => Default::default(),
        };
        let (bound, error) = match self.is_raw {
            true => (quote!(), quote!(|_| "the body does not convert".to_owned())),
            false => (
                quote!(where V::Error: ::std::fmt::Display),
                quote!(|error| ::std::format!("the body does not convert: {error}")),
            ),
        };
        quote! {
            /// Sets the whole request body.
            pub fn body<V: ::std::convert::TryInto<#target>>(mut self, value: V) -> Self #bound {
                self.body = value.try_into() #from .map_err(#error);
                self
            }
            #map
        }
    }
}

/// What makes the call of each page ready to be sent.
fn each_ready(body: Option<&BodyParts>) -> anyhow::Result<TokenStream> {
    let Some(body) = body else {
        return Ok(quote!(::progenitor_client::call::Call::ready));
    };
    ensure!(!body.is_raw, "the body is a stream that can be sent once, and every page's request needs it");
    let ready = body.ready(&quote!(self.body.clone()));
    Ok(quote!(move |call| call.#ready))
}

fn send(operation: &Operation, model: &Model<'_>, body: Option<&BodyParts>) -> anyhow::Result<TokenStream> {
    let answer = model.answer()?;
    let docs = doc_lines(&format!("Sends the request: `{} {}`.", operation.method, operation.path));
    let ready = body.map_or(quote!(ready()), |body| body.ready(&quote!(self.body)));
    let read = match operation.success {
        Success::Json(_) => quote!(read()),
        Success::Empty | Success::Stream => quote!(unread()),
    };
    Ok(quote! {
        #(#docs)*
        pub async fn send(self) -> ::std::result::Result<::progenitor_client::ResponseValue<#answer>, ::progenitor_client::Error> {
            self.call.#ready.#read.await
        }

        /// Sends the request, and waits for the answer: for programs without an async runtime.
        #[cfg(feature = "blocking")]
        pub fn send_blocking(self) -> ::std::result::Result<::progenitor_client::ResponseValue<#answer>, ::progenitor_client::Error> {
            ::progenitor_client::blocking::wait(self.send())
        }
    })
}
