//! Takes fields whose format is `password` out of every `Debug`.
//!
//! Invariants:
//!
//! * The struct, its builder and the builders around it print `***`; the builder
//!   of an operation prints no parameter at all.

use quote::{ToTokens, quote};
use syn::{Attribute, File, Item, ItemStruct, Token, parse_quote, punctuated::Punctuated};

use super::{module_mut, wire_name};
use crate::prepare::{Draft, schema};

/// Hides the secret fields of all body types of `draft`.
pub(super) fn hide(file: &mut File, draft: &Draft) {
    let Some(types) = module_mut(&mut file.items, "types") else {
        return;
    };
    let mut hidden: Vec<(String, Vec<String>)> = Vec::new();
    let mut impls: Vec<Item> = Vec::new();
    for item in types.iter_mut() {
        let Item::Struct(item) = item else { continue };
        let Some(component) = draft.schemas.get(&item.ident.to_string()) else {
            continue;
        };
        let secret: Vec<String> = schema::properties(component)
            .filter(|(_, slot)| slot.get("x-prumo-secret").is_some())
            .map(|(name, _)| name.clone())
            .collect();
        let fields = item.fields.iter().filter(|field| secret.contains(&wire_name(field)));
        let fields: Vec<String> =
            fields.filter_map(|field| field.ident.as_ref()).map(ToString::to_string).collect();
        if !fields.is_empty() {
            impls.push(debug_impl(item, &fields));
            hidden.push((item.ident.to_string(), fields));
        }
    }
    types.extend(impls);
    let Some(builders) = module_mut(types, "builder") else {
        return;
    };
    let mut impls: Vec<Item> = Vec::new();
    for item in builders.iter_mut() {
        let Item::Struct(item) = item else { continue };
        if let Some((_, fields)) = hidden.iter().find(|(name, _)| item.ident == name) {
            impls.push(debug_impl(item, fields));
        }
    }
    builders.extend(impls);
}

/// Takes `Debug` off the derives of `item`, and writes it out.
fn debug_impl(item: &mut ItemStruct, hidden: &[String]) -> Item {
    for attribute in &mut item.attrs {
        without_debug(attribute);
    }
    let name = &item.ident;
    let text = name.to_string();
    let fields = item.fields.iter().filter_map(|field| field.ident.as_ref()).map(|field| {
        let name = field.to_string();
        if hidden.contains(&name) {
            quote!(.field(#name, &::std::format_args!("***")))
        } else {
            quote!(.field(#name, &self.#field))
        }
    });
    let (generics, arguments, clause) = item.generics.split_for_impl();
    parse_quote! {
        impl #generics ::std::fmt::Debug for #name #arguments #clause {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#text) #(#fields)* .finish()
            }
        }
    }
}

fn without_debug(attribute: &mut Attribute) {
    if !attribute.path().is_ident("derive") {
        return;
    }
    let Ok(derives) = attribute.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated) else {
        return;
    };
    let kept = derives.into_iter().filter(|derive| !derive.to_token_stream().to_string().ends_with("Debug"));
    *attribute = parse_quote!(#[derive(#(#kept),*)]);
}
