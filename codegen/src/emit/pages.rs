//! Emits `pages` and `items` of a builder, for an operation whose list comes in pages.
//!
//! Which pages there are is in the table; here is only what an item is in Rust,
//! found by following the list's pointer through the types that progenitor made.
//!
//! Invariants:
//!
//! * A list that can't be found in the type of the answer is an error, never a builder without pages.

use anyhow::{Context as _, bail};
use proc_macro2::TokenStream;
use prumo_spec::openapi::{PageSize, Paging, PagingEnd};
use prumo_spec::pointer::names;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Fields, Item, Type, parse_quote};

use super::records::may_be_missing;
use crate::polish::{doc_lines, inner_of, wire_name};
use crate::prepare::Operation;

/// What tells the end, in the words of the builder's documentation.
const ENDS: [(PagingEnd, &str); 4] = [
    (PagingEnd::LastPage, "Each answer names the last page."),
    (PagingEnd::NextPage, "Each answer names the next page; the last names none."),
    (PagingEnd::EmptyPage, "An empty page comes behind the last."),
    (PagingEnd::NotFound, "A 404 comes behind the last page."),
];

/// Types that hold any JSON.
const UNTYPED: [&str; 2] = ["Value", "Map"];

/// The methods. `ready` makes a page's call ready to be sent.
pub(super) fn methods(
    operation: &Operation,
    answer: &Type,
    types: &[Item],
    ready: &TokenStream,
) -> anyhow::Result<TokenStream> {
    let paging = operation.paging.as_ref().context("`x-paging` is missing")?;
    let list = list(operation, paging, answer, types)
        .with_context(|| format!("`x-paging` of `{}`: no list in the type of its answer", operation.id))?;
    let List { item, may_be_missing } = list;
    let or_none = may_be_missing.then(|| quote!(.or_none()));
    let docs = doc_lines(&docs(operation, paging));
    Ok(quote! {
        #(#docs)*
        pub fn pages(self) -> ::progenitor_client::Pages<'a, #item> {
            ::progenitor_client::Pages::new(self.call, #ready) #or_none
        }
        /// Reads item by item, over all [pages](Self::pages).
        pub fn items(self) -> ::progenitor_client::Items<'a, #item> {
            self.pages().items()
        }
    })
}

fn docs(operation: &Operation, paging: &Paging) -> String {
    let setter = |name: &str| {
        let known = operation.parameters.iter().find(|one| one.name == name);
        known.map_or_else(|| name.to_owned(), |one| one.setter())
    };
    let page = setter(paging.page.as_deref().unwrap_or_default());
    let first = paging.first;
    let size = match &paging.size {
        Some(PageSize::Parameter(name)) => {
            let size = setter(name);
            format!(" Each has as many items as [`{size}`](Self::{size}) says.")
        }
        Some(PageSize::Fixed(size)) => format!(" Each has {size} items."),
        None => String::new(),
    };
    let end = ENDS.iter().find(|(end, _)| paging.end == Some(*end)).map_or("", |(_, words)| words);
    format!(
        "Reads page by page, from number {first} on or from that of [`{page}`](Self::{page}).{size} {end}"
    )
}

/// A list in the type of an answer.
struct List {
    item: Type,
    /// An answer without it is read all the same.
    may_be_missing: bool,
}

fn list(operation: &Operation, paging: &Paging, answer: &Type, types: &[Item]) -> anyhow::Result<List> {
    let pointer = &paging.items;
    let payload = operation.envelope.as_ref().and_then(|envelope| envelope.payload.as_deref());
    let payload = payload.unwrap_or_default();
    let Some(rest) = pointer.strip_prefix(payload) else {
        bail!("`{pointer}` is outside of the payload `{payload}`");
    };
    let mut names = names(rest);
    let (mut target, mut may_be_missing) = (answer.clone(), false);
    loop {
        if let Some(inner) = inner_of(&target, "Option").or_else(|| inner_of(&target, "EmptyOr")) {
            (target, may_be_missing) = (inner, true);
            continue;
        }
        let known = definition(&target, types);
        if known.is_none() && UNTYPED.iter().any(|name| is_called(&target, name)) {
            return Ok(List { item: parse_quote!(::serde_json::Value), may_be_missing });
        }
        target = match known.map(|known| &known.fields) {
            Some(Fields::Unnamed(fields)) => fields.unnamed.first().context("a type of nothing")?.ty.clone(),
            Some(Fields::Named(fields)) => {
                let name = names.next().context("an object stands there")?;
                let field = fields.named.iter().find(|field| wire_name(field) == name);
                let field = field.with_context(|| format!("no field `{name}`"))?;
                may_be_missing |= self::may_be_missing(field)?;
                field.ty.clone()
            }
            _ => match (inner_of(&target, "Vec"), names.next()) {
                (Some(mut item), None) => {
                    Qualified(types).visit_type_mut(&mut item);
                    return Ok(List { item, may_be_missing });
                }
                _ => bail!("no list stands there"),
            },
        };
    }
}

fn is_called(target: &Type, name: &str) -> bool {
    matches!(target, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

fn definition<'t>(target: &Type, types: &'t [Item]) -> Option<&'t syn::ItemStruct> {
    let Type::Path(path) = target else { return None };
    let name = &path.path.segments.last()?.ident;
    types.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == *name => Some(item),
        _ => None,
    })
}

/// Writes `types::Ticket` for the `Ticket` that the module of types knows without a path.
struct Qualified<'t>(&'t [Item]);

impl VisitMut for Qualified<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let Some(name) = path.get_ident().or_else(|| path.segments.first().map(|first| &first.ident)) else {
            return;
        };
        let is_known = self.0.iter().any(|item| match item {
            Item::Struct(item) => item.ident == *name,
            Item::Enum(item) => item.ident == *name,
            Item::Type(item) => item.ident == *name,
            _ => false,
        });
        if is_known && path.segments.len() == 1 && path.leading_colon.is_none() {
            *path = parse_quote!(types::#path);
        }
    }
}
