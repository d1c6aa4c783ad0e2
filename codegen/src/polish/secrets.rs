//! Hides fields whose format is `password` from every `Debug`.
//!
//! Invariants:
//!
//! * A struct prints `***` for such a field; a builder prints no value at all.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{Attribute, File, Item, Token, parse_quote, punctuated::Punctuated};

use super::{module, module_mut, wire_name};
use crate::prepare::{Draft, schema};

/// Collects the secret fields of each type of `file`, by their Rust names.
pub(crate) fn secrets(file: &File, draft: &Draft) -> BTreeMap<String, Vec<String>> {
    let mut secrets = BTreeMap::new();
    for item in module(&file.items, "types").unwrap_or(&[]) {
        let Item::Struct(item) = item else { continue };
        let name = item.ident.to_string();
        let Some(component) = draft.schemas.get(&name) else { continue };
        let secret: Vec<&String> = schema::properties(component)
            .filter(|(_, slot)| slot.get("x-prumo-secret").is_some())
            .map(|(name, _)| name)
            .collect();
        if secret.is_empty() {
            continue;
        }
        let fields = item.fields.iter().filter(|field| secret.contains(&&wire_name(field)));
        let fields: Vec<String> =
            fields.filter_map(|field| field.ident.as_ref()).map(ToString::to_string).collect();
        if !fields.is_empty() {
            secrets.insert(name, fields);
        }
    }
    secrets
}

/// Removes the derived `Debug` from all types with a secret field; the emitters write another one.
pub(super) fn hide(file: &mut File, draft: &Draft) {
    let secrets = secrets(file, draft);
    for item in module_mut(&mut file.items, "types").into_iter().flatten() {
        if let Item::Struct(item) = item
            && secrets.contains_key(&item.ident.to_string())
        {
            item.attrs.iter_mut().for_each(without_debug);
        }
    }
}

fn without_debug(attribute: &mut Attribute) {
    if !attribute.path().is_ident("derive") {
        return;
    }
    let Ok(derives) =
        attribute.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated)
    else {
        return;
    };
    let kept = derives
        .into_iter()
        .filter(|derive| !derive.to_token_stream().to_string().ends_with("Debug"));
    *attribute = parse_quote!(#[derive(#(#kept),*)]);
}
