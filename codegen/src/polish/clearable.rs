//! Tells null apart from left out: a member that a request can clear becomes a field of
//! `Option<Option<T>>`.
//!
//! Invariants:
//!
//! * Only fields that are already optional change.

use std::collections::BTreeSet;

use syn::{File, Item, parse_quote};

use super::sent::inner_of;
use super::{module_mut, wire_name};
use crate::prepare::Draft;

/// The function of serde's attribute by which the emitters recognise such a field.
pub(crate) const READS_NULL_AS_A_VALUE: &str = "::prumo_runtime::record::clearable";

/// Changes the fields of all clearable members of `file`.
pub(super) fn distinguish(file: &mut File, draft: &Draft) {
    for item in module_mut(&mut file.items, "types").into_iter().flatten() {
        if let Item::Struct(item) = item
            && let Some(members) = draft.clearable.get(&item.ident.to_string())
        {
            item.fields.iter_mut().for_each(|field| distinguish_one(field, members));
        }
    }
}

fn distinguish_one(field: &mut syn::Field, members: &BTreeSet<String>) {
    let wire = wire_name(field);
    if !members.contains(&wire) || inner_of(&field.ty, "Option").is_none() {
        return;
    }
    let target = &field.ty;
    field.ty = parse_quote!(::std::option::Option<#target>);
    field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    field.attrs.push(parse_quote!(#[serde(rename = #wire, with = #READS_NULL_AS_A_VALUE)]));
}
