//! Emits `dispatch.rs`: calls an operation by its name with JSON arguments.
//!
//! The types of parameters and bodies are read from progenitor's builders, so that the two can't
//! disagree.
//!
//! Invariants:
//!
//! * Each operation is a boxed future of its own: a single future with all of them inside
//!   overwhelms the compiler for an API of a thousand operations.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{ImplItem, Item, Type};

use crate::names::{builder, parameter};
use crate::polish::{inner_of, module};
use crate::prepare::{Draft, Operation, Success};

/// Emits the module with `dispatch`.
pub(super) fn dispatch(draft: &Draft, client: &syn::File) -> TokenStream {
    let builders = module(&client.items, "builder").unwrap_or(&[]);
    let calls: Vec<Call> =
        draft.operations.iter().map(|operation| call(operation, builders)).collect();
    let (body, items) = (choice(&calls), choice_of_items(&calls));
    let functions = calls.iter().map(|call| &call.function);
    quote! {
        use prumo_runtime::{Dispatched, Error, dispatch as read};
        use crate::client::Client;

        /// Calls `operation`, which is an `operationId` of the spec.
        ///
        /// * `arguments`: values by the names of parameters on the wire.
        /// * `body`: the request body, as JSON.
        ///
        /// # Errors
        ///
        /// Returns the errors of the operation's own method, and one if an argument does not fit
        /// its type.
        pub async fn dispatch(
            client: &Client,
            operation: &str,
            arguments: &::serde_json::Map<String, ::serde_json::Value>,
            body: Option<&::serde_json::Value>,
        ) -> Result<Dispatched, Error> {
            #body
        }

        /// Reads every item of `operation`, whose list comes in pages.
        ///
        /// # Errors
        ///
        /// Returns the errors of [`dispatch`], and one if the list of `operation` does not come in
        /// pages.
        pub async fn dispatch_items(
            client: &Client,
            operation: &str,
            arguments: &::serde_json::Map<String, ::serde_json::Value>,
            body: Option<&::serde_json::Value>,
        ) -> Result<Vec<::serde_json::Value>, Error> {
            #items
        }

        #(#functions)*
    }
}

/// The code that calls one operation.
struct Call {
    /// Its arm in the `match` over operations.
    arm: TokenStream,
    /// Its arm in the `match` over lists, if its list comes in pages.
    items_arm: Option<TokenStream>,
    /// The functions that the arms call.
    function: TokenStream,
}

/// Emits the `match` over operations; only the chosen future is awaited.
fn choice(calls: &[Call]) -> TokenStream {
    if calls.is_empty() {
        return quote! {
            let _ = (client, arguments, body);
            Err(read::unknown_operation(operation))
        };
    }
    let arms = calls.iter().map(|call| &call.arm);
    quote! {
        type Answer<'a> = dyn ::std::future::Future<Output = Result<Dispatched, Error>> + Send + 'a;
        let _ = (arguments, body);
        let answer: ::std::pin::Pin<Box<Answer<'_>>> = match operation {
            #(#arms)*
            other => return Err(read::unknown_operation(other)),
        };
        answer.await
    }
}

/// Emits the `match` over lists; only the chosen one is read.
fn choice_of_items(calls: &[Call]) -> TokenStream {
    let arms: Vec<&TokenStream> = calls.iter().filter_map(|call| call.items_arm.as_ref()).collect();
    if arms.is_empty() {
        return quote! {
            let _ = (client, arguments, body);
            Err(read::unknown_operation(operation))
        };
    }
    quote! {
        type Items<'a> = dyn ::std::future::Future<Output = Result<Vec<::serde_json::Value>, Error>> + Send + 'a;
        let _ = (arguments, body);
        let items: ::std::pin::Pin<Box<Items<'_>>> = match operation {
            #(#arms)*
            other => return Err(read::unknown_operation(other)),
        };
        items.await
    }
}

/// The arguments of the function that makes a call, and the statements that fill the call.
struct Filling {
    given: Vec<(TokenStream, TokenStream)>,
    steps: Vec<TokenStream>,
}

fn filling(operation: &Operation, builders: &[Item]) -> Filling {
    let owner = builder(&operation.id);
    let mut steps = Vec::new();
    let lifetime = operation.is_paged().then(|| quote!('a));
    let mut given = vec![(quote!(client), quote!(&#lifetime Client))];
    for one in operation.parameters.iter().filter(|one| !one.secret) {
        let (name, setter) = (operation.argument(one), format_ident!("{}", one.setter()));
        let Some(field) = field(builders, &owner, &one.setter()) else {
            continue;
        };
        let Some(target) = inner_of(&field, "Result") else {
            continue;
        };
        steps.push(match inner_of(&target, "Option") {
            Some(target) => quote! {
                if let Some(value) = read::argument::<#target>(arguments, #name)? {
                    call = call.#setter(value);
                }
            },
            None => quote!(call = call.#setter(read::required::<#target>(arguments, #name)?);),
        });
    }
    if !steps.is_empty() {
        given.push((quote!(arguments), quote!(&::serde_json::Map<String, ::serde_json::Value>)));
    }
    if let (Some(body), Some(target)) = (&operation.body, body_type(builders, &owner)) {
        given.push((quote!(body), quote!(Option<&::serde_json::Value>)));
        let fill = quote!(call = call.body(read::body::<#target>(body)?););
        steps.push(if body.may_be_absent { quote!(if body.is_some() { #fill }) } else { fill });
    }
    Filling { given, steps }
}

fn call(operation: &Operation, builders: &[Item]) -> Call {
    let id = &operation.id;
    let method = format_ident!("{}", parameter(id));
    let owner = format_ident!("{}", builder(id));
    let Filling { given, steps } = filling(operation, builders);
    let finish = match operation.success {
        Success::Stream => quote!(Dispatched::stream(call.send().await?).await),
        Success::ByStatus(_) => quote!(Dispatched::by_status(call.send().await?).await),
        _ => quote!(Dispatched::typed(call.send().await?)),
    };
    let name = parameter(id);
    let name = name.trim_start_matches('_');
    let (function, ready) = (format_ident!("call_{name}"), format_ident!("ready_{name}"));
    let names: Vec<&TokenStream> = given.iter().map(|(name, _)| name).collect();
    let parameters: Vec<TokenStream> =
        given.iter().map(|(name, target)| quote!(#name: #target)).collect();
    let arm = quote!(#id => Box::pin(#function(#(#names),*)),);
    let fill = quote! {
        #[allow(unused_mut)]
        let mut call = client.#method();
        #(#steps)*
    };
    if !operation.is_paged() {
        let function = quote! {
            async fn #function(#(#parameters),*) -> Result<Dispatched, Error> {
                #fill
                #finish
            }
        };
        return Call { arm, items_arm: None, function };
    }
    Call {
        arm,
        items_arm: Some(quote!(#id => Box::pin(read::items(#ready(#(#names),*)?.items())),)),
        function: quote! {
            fn #ready<'a>(#(#parameters),*) -> Result<crate::builder::#owner<'a>, Error> {
                #fill
                Ok(call)
            }

            async fn #function<'a>(#(#parameters),*) -> Result<Dispatched, Error> {
                let call = #ready(#(#names),*)?;
                #finish
            }
        },
    }
}

/// Returns the type of a builder's field.
fn field(builders: &[Item], owner: &str, name: &str) -> Option<Type> {
    builders.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == owner => {
            let field = item
                .fields
                .iter()
                .find(|field| field.ident.as_ref().is_some_and(|ident| ident == name))?;
            Some(field.ty.clone())
        }
        _ => None,
    })
}

/// Returns the type that `body` takes: the target of its `TryInto` bound, or text for a raw body.
fn body_type(builders: &[Item], owner: &str) -> Option<Type> {
    let items = builders.iter().find_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() => match &*item.self_ty {
            Type::Path(path)
                if path.path.segments.last().is_some_and(|last| last.ident == owner) =>
            {
                Some(&item.items)
            }
            _ => None,
        },
        _ => None,
    })?;
    let body = items.iter().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == "body" => Some(function),
        _ => None,
    })?;
    let clause = body.sig.generics.where_clause.as_ref()?;
    let target = clause.predicates.iter().find_map(|predicate| {
        let syn::WherePredicate::Type(predicate) = predicate else {
            return None;
        };
        predicate.bounds.iter().find_map(|bound| match bound {
            syn::TypeParamBound::Trait(bound) => {
                let path = Type::Path(syn::TypePath {
                    attrs: Vec::new(),
                    qself: None,
                    path: bound.path.clone(),
                });
                inner_of(&path, "TryInto")
            }
            _ => None,
        })
    })?;
    let is_raw = matches!(&target, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Body"));
    Some(if is_raw { syn::parse_quote!(String) } else { target })
}
