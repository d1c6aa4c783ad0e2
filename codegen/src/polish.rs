//! Turns progenitor's syntax tree into ours: removes what the runtime replaces, and mends what
//! would trip rustdoc or callers.
//!
//! Invariants:
//!
//! * `Client` can only be made by its builder, so credentials, redirects and time limits are always
//!   the runtime's.
//! * `Error` is not generic: every failure is the runtime's.
//! * The runtime is called `prumo_runtime`.
//! * A nullable field that is missing is read as null, unless a request tells the two apart.
//! * An optional field is an `Option` outside, also where a schema contains itself.
//! * A Rust name has no accent.
//! * No `Debug` of a body shows a field whose format is `password`.

mod ascii;
mod clearable;
mod docs;
mod fields;
mod secrets;
mod sent;
mod variants;

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, File, Ident, Item, LitStr, PathArguments, Type, parse_quote};

use super::prepare::{Draft, schema};

pub(crate) use clearable::READS_NULL_AS_A_VALUE;
pub(crate) use docs::{doc_lines, method_docs, text_of};
pub(crate) use secrets::secrets;
pub(crate) use sent::{inner_of, sent};

/// Polishes `file`, the client of `draft`.
pub(crate) fn polish(mut file: File, draft: &Draft) -> File {
    // The emitters write the client's constructor, calls and imports.
    file.items.retain(|item| match item {
        Item::Mod(module) => module.ident != "prelude",
        Item::Impl(item) => !is_inherent(item, "Client"),
        Item::Use(_) => false,
        _ => true,
    });
    ascii::rename(&mut file);
    Plain.visit_file_mut(&mut file);
    secrets::hide(&mut file, draft);
    clearable::distinguish(&mut file, draft);
    in_document_order(&mut file, draft);
    fields::rename(&mut file, draft);
    docs::mend(&mut file, draft);
    variants::name(&mut file);
    file
}

/// Puts the fields of types in the order of the spec, `extra` last.
fn in_document_order(file: &mut File, draft: &Draft) {
    for item in module_mut(&mut file.items, "types").into_iter().flatten() {
        let Item::Struct(item) = item else { continue };
        let Some(component) = draft.schemas.get(&item.ident.to_string()) else {
            continue;
        };
        let order: Vec<&String> = schema::properties(component).map(|(name, _)| name).collect();
        let syn::Fields::Named(fields) = &mut item.fields else {
            continue;
        };
        let mut sorted: Vec<syn::Field> = fields.named.iter().cloned().collect();
        sorted.sort_by_cached_key(|field| {
            let name = wire_name(field);
            let place =
                order.iter().position(|known| **known == name).filter(|_| !is_flattened(field));
            place.unwrap_or(usize::MAX)
        });
        fields.named = sorted.into_iter().collect();
    }
}

/// Returns the items of the module `name`, if it is among `items` and has a body.
pub(crate) fn module<'f>(items: &'f [Item], name: &str) -> Option<&'f [Item]> {
    items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => {
            module.content.as_ref().map(|(_, items)| items.as_slice())
        }
        _ => None,
    })
}

/// Returns the items of the module `name`, to be changed.
pub(super) fn module_mut<'f>(items: &'f mut [Item], name: &str) -> Option<&'f mut Vec<Item>> {
    items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => {
            module.content.as_mut().map(|(_, items)| items)
        }
        _ => None,
    })
}

/// Returns the wire name of a field: the name that serde gives it, or its own.
pub(crate) fn wire_name(field: &syn::Field) -> String {
    let own = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    serde_value(&field.attrs, "rename").unwrap_or(own)
}

/// Returns whether serde flattens the field: only `extra` is flattened.
pub(crate) fn is_flattened(field: &syn::Field) -> bool {
    field.attrs.iter().any(|attribute| {
        attribute.path().is_ident("serde")
            && attribute.meta.to_token_stream().to_string().contains("flatten")
    })
}

fn serde_value(attributes: &[Attribute], key: &str) -> Option<String> {
    let mut value = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // Other keys of the attribute do not matter here.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident(key) {
                value = Some(meta.value()?.parse::<LitStr>()?.value());
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<Expr>()?;
            }
            Ok(())
        });
    }
    value
}

/// Returns whether `item` is `impl name { … }`, without a trait.
pub(super) fn is_inherent(item: &syn::ItemImpl, name: &str) -> bool {
    item.trait_.is_none() && matches!(&*item.self_ty, Type::Path(path) if path.path.is_ident(name))
}

/// Parses a type of progenitor and names the runtime's types in it as a client does.
pub(super) fn runtime_type(text: &str) -> syn::Result<Type> {
    let mut parsed = syn::parse_str(text)?;
    Plain.visit_type_mut(&mut parsed);
    Ok(parsed)
}

/// Turns `Box<Option<T>>` into `Option<Box<T>>`. Where schemas contain each other, typify boxes the
/// first type that it meets again, which may be the `Option` itself.
fn turn_box_inside_out(field: &mut syn::Field) {
    let Some(held) = inner_of(&field.ty, "Box").and_then(|boxed| inner_of(&boxed, "Option")) else {
        return;
    };
    let boxed: Type = parse_quote!(::std::option::Option<::std::boxed::Box<#held>>);
    field.ty = boxed;
    let presence: Attribute = match says_default(&field.attrs) {
        true => parse_quote!(#[serde(skip_serializing_if = "::std::option::Option::is_none")]),
        false => parse_quote!(#[serde(deserialize_with = "::std::option::Option::deserialize")]),
    };
    let rename = serde_value(&field.attrs, "rename");
    field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    field.attrs.extend(rename.map(|name| -> Attribute { parse_quote!(#[serde(rename = #name)]) }));
    field.attrs.push(presence);
}

/// Returns whether serde takes the default for an absent field.
fn says_default(attributes: &[Attribute]) -> bool {
    let mut says = false;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // The attributes are typify's, so they can be parsed.
        let _ = attribute.parse_nested_meta(|meta| {
            says |= meta.path.is_ident("default");
            if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<Expr>()?;
            }
            Ok(())
        });
    }
    says
}

/// Small changes that need no context.
struct Plain;

impl VisitMut for Plain {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(first) =
            path.segments.first_mut().filter(|first| first.ident == "progenitor_client")
        {
            first.ident = Ident::new("prumo_runtime", first.ident.span());
            path.leading_colon = Some(Default::default());
        }
        let alone = path.segments.len() == 1;
        if let Some(segment) =
            path.segments.last_mut().filter(|segment| alone && segment.ident == "Error")
        {
            segment.arguments = PathArguments::None;
        }
    }

    /// A schema may be called `Default`, so the trait needs its full path.
    fn visit_expr_path_mut(&mut self, expression: &mut syn::ExprPath) {
        visit_mut::visit_expr_path_mut(self, expression);
        if expression.path.segments.first().is_some_and(|segment| segment.ident == "Default") {
            expression.path = parse_quote!(::std::default::Default::default);
        }
    }

    /// A nullable field may as well be missing: the judge reports it, and no caller loses the whole
    /// response over it. Unknown members keep their spelling.
    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        visit_mut::visit_field_mut(self, field);
        turn_box_inside_out(field);
        // A map of values would respell the numbers in it.
        if is_flattened(field)
            && field.ty
                == parse_quote!(::serde_json::Map<::std::string::String, ::serde_json::Value>)
        {
            field.ty = parse_quote!(::prumo_runtime::Extra);
        }
        let reads_null = serde_value(&field.attrs, "deserialize_with");
        if reads_null
            .is_some_and(|function| function.replace(' ', "").ends_with("Option::deserialize"))
        {
            field.attrs.push(parse_quote!(#[serde(default)]));
        }
    }
}
