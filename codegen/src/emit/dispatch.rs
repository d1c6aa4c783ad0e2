//! Emits `dispatch`: calls an operation by its name with JSON arguments.
//!
//! The types of parameters and bodies are read from progenitor's builders, so that the two can't
//! disagree.
//!
//! Invariants:
//!
//! * Each operation is a boxed future of its own: a single future with all of them inside
//!   overwhelms the compiler for an API of a thousand operations.
//! * Each tag looks for its own operations, so that no file grows with the whole API.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::visit_mut::VisitMut;
use syn::{ImplItem, Item, Type};

use super::files::{Module, Piece, spaced};
use super::heads::{Heads, Home, Names};
use super::tags::Tag;
use crate::names::{builder, parameter};
use crate::polish::{inner_of, module};
use crate::prepare::{Operation, Success};

/// The most operations that one function looks through.
const MAX_ARMS: usize = 100;

/// Emits the module with `dispatch`.
pub(super) fn dispatch(
    tags: &[Tag<'_>],
    client: &syn::File,
    names: &Names,
) -> anyhow::Result<Module> {
    let builders = module(&client.items, "builder").unwrap_or(&[]);
    let (mut pieces, mut finders, mut finders_of_items) = (Vec::new(), Vec::new(), Vec::new());
    for tag in tags {
        let calls: Vec<Call> =
            tag.operations.iter().map(|operation| call(operation, builders)).collect();
        let mut functions: Vec<(TokenStream, Vec<String>)> = Vec::new();
        for (number, calls) in calls.chunks(MAX_ARMS).enumerate() {
            let name = |start| format_ident!("{start}_{}_{}", tag.file, number + 1);
            let arms: Vec<&TokenStream> = calls.iter().map(|call| &call.arm).collect();
            let found = finder(&name("find_call"), &quote!(::prumo_runtime::Dispatched), &arms);
            functions.push((found, calls.iter().map(|call| call.name.to_string()).collect()));
            finders.push(name("find_call"));
            let arms: Vec<&TokenStream> =
                calls.iter().filter_map(|call| call.items_arm.as_ref()).collect();
            if !arms.is_empty() {
                let values = quote!(Vec<::serde_json::Value>);
                let readies = calls.iter().filter_map(|call| call.ready.as_ref());
                let readies = readies.map(Ident::to_string).collect();
                functions.push((finder(&name("find_items"), &values, &arms), readies));
                finders_of_items.push(name("find_items"));
            }
        }
        functions.extend(calls.into_iter().map(|call| (call.function, Vec::new())));
        for (function, called) in functions {
            let mut piece = piece(&tag.file, function, names)?;
            // The files of a tag may cut it between a search and what it finds.
            piece.uses.extend(called.iter().map(|name| format!("super::{name}")));
            pieces.push(piece);
        }
    }
    let root = piece("", root(&finders, &finders_of_items), names)?;
    let docs = "Calls an operation by its name, for replaying recordings and for tools.";
    Ok(Module { path: "dispatch", docs, root, pieces, is_private: true, ..Module::default() })
}

/// Emits the functions that callers use.
fn root(finders: &[Ident], finders_of_items: &[Ident]) -> TokenStream {
    let (call, items) = (first_found(finders), first_found(finders_of_items));
    quote! {
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
            client: &crate::Client,
            operation: &str,
            arguments: &::serde_json::Map<String, ::serde_json::Value>,
            body: Option<&::serde_json::Value>,
        ) -> Result<::prumo_runtime::Dispatched, ::prumo_runtime::Error> {
            #call
        }

        /// Reads every item of `operation`, whose list comes in pages.
        ///
        /// # Errors
        ///
        /// Returns the errors of [`dispatch`], and one if the list of `operation` does not come in
        /// pages.
        pub async fn dispatch_items(
            client: &crate::Client,
            operation: &str,
            arguments: &::serde_json::Map<String, ::serde_json::Value>,
            body: Option<&::serde_json::Value>,
        ) -> Result<Vec<::serde_json::Value>, ::prumo_runtime::Error> {
            #items
        }
    }
}

/// Emits the search through `finders`; only the future that is found is awaited.
fn first_found(finders: &[Ident]) -> TokenStream {
    if finders.is_empty() {
        return quote! {
            let _ = (client, arguments, body);
            Err(read::unknown_operation(operation))
        };
    }
    quote! {
        let finders = [#(#finders),*];
        let found = finders.iter().find_map(|find| find(client, operation, arguments, body));
        found.ok_or_else(|| read::unknown_operation(operation))?.await
    }
}

/// Emits the function `name`, which returns the future of an operation if it has an arm.
fn finder(name: &Ident, answer: &TokenStream, arms: &[&TokenStream]) -> TokenStream {
    quote! {
        pub(super) fn #name<'a>(
            client: &'a crate::Client,
            operation: &str,
            arguments: &'a ::serde_json::Map<String, ::serde_json::Value>,
            body: Option<&'a ::serde_json::Value>,
        ) -> Option<::prumo_runtime::Boxed<'a, Result<#answer, ::prumo_runtime::Error>>> {
            let _ = (arguments, body);
            match operation {
                #(#arms)*
                _ => None,
            }
        }
    }
}

/// Formats `tokens` and collects their imports.
fn piece(file: &str, tokens: TokenStream, names: &Names) -> anyhow::Result<Piece> {
    let mut parsed: syn::File = syn::parse2(tokens)?;
    let mut heads = Heads::new(names, Home::Plain);
    heads.visit_file_mut(&mut parsed);
    let functions = parsed.items.iter().filter_map(|item| match item {
        Item::Fn(function) => Some(function.sig.ident.to_string()),
        _ => None,
    });
    let functions = functions.collect();
    let (text, mut uses) = (spaced(&prettyplease::unparse(&parsed)), heads.uses);
    if text.contains("read::") {
        uses.insert("prumo_runtime::dispatch as read".to_owned());
    }
    Ok(Piece { file: file.to_owned(), text, uses, functions, ..Piece::default() })
}

/// The code that calls one operation.
struct Call {
    /// The function that makes the call.
    name: Ident,
    /// The function that fills a call whose list comes in pages.
    ready: Option<Ident>,
    /// Its arm in the `match` over operations.
    arm: TokenStream,
    /// Its arm in the `match` over lists, if its list comes in pages.
    items_arm: Option<TokenStream>,
    /// The functions that the arms call.
    function: TokenStream,
}

/// The arguments of the function that makes a call, and the statements that fill the call.
struct Filling {
    given: Vec<(TokenStream, TokenStream)>,
    steps: Vec<TokenStream>,
}

fn filling(operation: &Operation, builders: &[Item]) -> Filling {
    let owner = builder(&operation.method_name);
    let mut steps = Vec::new();
    let lifetime = operation.is_paged().then(|| quote!('a));
    let mut given = vec![(quote!(client), quote!(&#lifetime crate::Client))];
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
    let (id, written) = (&operation.id, parameter(&operation.method_name));
    let method = format_ident!("{written}");
    let owner = format_ident!("{}", builder(&operation.method_name));
    let Filling { given, steps } = filling(operation, builders);
    let finish = match operation.success {
        Success::Stream => quote!(::prumo_runtime::Dispatched::stream(call.send().await?).await),
        Success::ByStatus(_) => {
            quote!(::prumo_runtime::Dispatched::by_status(call.send().await?).await)
        }
        _ => quote!(::prumo_runtime::Dispatched::typed(call.send().await?)),
    };
    let name = written;
    let name = name.trim_start_matches('_');
    let (function, ready) = (format_ident!("call_{name}"), format_ident!("ready_{name}"));
    let names: Vec<&TokenStream> = given.iter().map(|(name, _)| name).collect();
    let parameters: Vec<TokenStream> =
        given.iter().map(|(name, target)| quote!(#name: #target)).collect();
    let arm = quote!(#id => Some(Box::pin(#function(#(#names),*))),);
    let fill = quote! {
        #[allow(unused_mut)]
        let mut call = client.#method();
        #(#steps)*
    };
    if !operation.is_paged() {
        let code = quote! {
            pub(super) async fn #function(#(#parameters),*) -> Result<::prumo_runtime::Dispatched, ::prumo_runtime::Error> {
                #fill
                #finish
            }
        };
        return Call { name: function, ready: None, arm, items_arm: None, function: code };
    }
    Call {
        name: function.clone(),
        ready: Some(ready.clone()),
        arm,
        items_arm: Some(
            quote!(#id => Some(Box::pin(async move { read::items(#ready(#(#names),*)?.items()).await })),),
        ),
        function: quote! {
            pub(super) fn #ready<'a>(#(#parameters),*) -> Result<crate::builder::#owner<'a>, ::prumo_runtime::Error> {
                #fill
                Ok(call)
            }

            pub(super) async fn #function<'a>(#(#parameters),*) -> Result<::prumo_runtime::Dispatched, ::prumo_runtime::Error> {
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
