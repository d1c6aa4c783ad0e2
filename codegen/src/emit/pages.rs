//! Emits `pages` and `items` of a builder, for an operation whose list comes in pages.
//!
//! The table describes the pages. This module finds the Rust type of an item by following the
//! list's pointer through the types that progenitor made.
//!
//! Invariants:
//!
//! * A list that can't be found in the type of the response is an error, never a builder without
//!   pages.

use anyhow::{Context as _, bail};
use prumo_spec::openapi::{PageSize, Paging, PagingEnd};
use prumo_spec::pointer::names;
use syn::{Fields, Item, Type, parse_quote};

use super::builders::Model;
use super::files::{comment, indented};
use super::heads::{Heads, is_called};
use super::presence::may_be_missing;
use crate::names::builder;
use crate::polish::{inner_of, wire_name};
use crate::prepare::Operation;

/// How a client recognizes the last page, in the words of the builder's documentation.
const ENDS: [(PagingEnd, &str); 4] = [
    (PagingEnd::LastPage, "Each response has the number of the last page."),
    (PagingEnd::NextPage, "Each response except the last has the number of the next page."),
    (PagingEnd::EmptyPage, "The last page is followed by an empty one."),
    (PagingEnd::NotFound, "The last page is followed by a 404."),
];

/// Types that hold any JSON.
const UNTYPED: [&str; 2] = ["Value", "Map"];

/// Writes both methods. `ready` is the parameters and the expression that prepare a page's call.
pub(super) fn methods(
    operation: &Operation,
    model: &Model<'_>,
    types: &[Item],
    ready: &(&'static str, String),
    heads: &mut Heads<'_>,
) -> anyhow::Result<String> {
    let paging = operation.paging.as_ref().context("`x-paging` is missing")?;
    let list = list(operation, paging, &model.answer()?, types).with_context(|| {
        format!("`x-paging` of `{}`: no list in the type of its answer", operation.id)
    })?;
    let item = heads.shown(&list.item);
    let or_none = if list.may_be_missing { " or_none" } else { "" };
    let docs = indented(&comment(&docs(operation, paging)), 4);
    let (name, (given, ready)) = (builder(&operation.method_name), ready);
    heads.uses.insert("prumo_runtime::paged".to_owned());
    Ok(format!("paged! {{\n{docs}\n    {name}({given}) -> {item} {{ {ready} }}{or_none}\n}}\n"))
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
            format!(" [`{size}`](Self::{size}) sets the number of items in each.")
        }
        Some(PageSize::Fixed(size)) => format!(" Each has {size} items."),
        None => String::new(),
    };
    let end = ENDS.iter().find(|(end, _)| paging.end == Some(*end)).map_or("", |(_, words)| words);
    format!(
        "Reads page by page, starting at page {first} or at [`{page}`](Self::{page}).{size} {end}"
    )
}

/// A list in the type of a response.
struct List {
    item: Type,
    /// Whether a response without the list can be decoded.
    may_be_missing: bool,
}

fn list(
    operation: &Operation,
    paging: &Paging,
    answer: &Type,
    types: &[Item],
) -> anyhow::Result<List> {
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
            Some(Fields::Unnamed(fields)) => {
                fields.unnamed.first().context("a tuple struct without a field")?.ty.clone()
            }
            Some(Fields::Named(fields)) => {
                let name = names.next().context("the list is an object")?;
                let field = fields.named.iter().find(|field| wire_name(field) == name);
                let field = field.with_context(|| format!("no field `{name}`"))?;
                may_be_missing |= self::may_be_missing(field)?;
                field.ty.clone()
            }
            _ => match (inner_of(&target, "Vec"), names.next()) {
                (Some(item), None) => return Ok(List { item, may_be_missing }),
                _ => bail!("the value is no list"),
            },
        };
    }
}

fn definition<'t>(target: &Type, types: &'t [Item]) -> Option<&'t syn::ItemStruct> {
    let Type::Path(path) = target else { return None };
    let name = &path.path.segments.last()?.ident;
    types.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == *name => Some(item),
        _ => None,
    })
}
