//! Reads from serde's attributes, as typify writes them, whether a member may be missing.
//!
//! Invariants:
//!
//! * Unknown attributes are an error.

use anyhow::bail;
use quote::ToTokens as _;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Token, punctuated::Punctuated};

use crate::polish::READS_NULL_AS_A_VALUE;

/// The presence of a field, as serde's attributes state it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// Must be present.
    Required,
    /// May be missing; is written as null when it has no value.
    Nullable,
    /// May be missing; is left out when it has no value.
    Optional,
    /// May be missing, null or a value, and is written as it is.
    Clearable,
    /// May be missing; is left out when it is empty.
    Filled,
    /// Collects the members that no other field has.
    Others,
}

impl Presence {
    /// Returns the word for it in the runtime's macros, or `None` for `Others`.
    pub(super) fn word(self) -> Option<&'static str> {
        match self {
            Self::Required => Some("required"),
            Self::Nullable => Some("nullable"),
            Self::Optional => Some("optional"),
            Self::Clearable => Some("clearable"),
            Self::Filled => Some("filled"),
            Self::Others => None,
        }
    }
}

/// Returns whether an object can be read without this field.
pub(super) fn may_be_missing(field: &syn::Field) -> anyhow::Result<bool> {
    Ok(!matches!(presence(&field.attrs)?, Presence::Required))
}

/// Reads the presence of a field.
pub(super) fn presence(attributes: &[Attribute]) -> anyhow::Result<Presence> {
    let keys = keys(attributes)?;
    let mut said: Vec<(&str, &str)> = keys
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .filter(|(key, _)| *key != "rename")
        .collect();
    said.sort_unstable();
    said.dedup();
    Ok(match said.as_slice() {
        [] => Presence::Required,
        [("flatten", "")] => Presence::Others,
        [("with", READS_NULL_AS_A_VALUE)] => Presence::Clearable,
        [("default", ""), ("deserialize_with", "::std::option::Option::deserialize")] => {
            Presence::Nullable
        }
        [("skip_serializing_if", "::std::option::Option::is_none")] => Presence::Optional,
        [("default", ""), ("skip_serializing_if", empty)] if empty.ends_with("::is_empty") => {
            Presence::Filled
        }
        _ => bail!("the attributes {said:?} are not known"),
    })
}

/// Returns whether an enum is a union whose branches are tried one by one.
pub(super) fn is_untagged(attributes: &[Attribute]) -> anyhow::Result<bool> {
    Ok(keys(attributes)?.iter().map(|(key, _)| key.as_str()).eq(["untagged"]))
}

/// Returns the keys and values in serde's attributes.
fn keys(attributes: &[Attribute]) -> anyhow::Result<Vec<(String, String)>> {
    let mut keys = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        attribute.parse_nested_meta(|meta| {
            let key = meta.path.to_token_stream().to_string();
            let value = match meta.input.peek(Token![=]) {
                true => meta.value()?.parse::<syn::LitStr>()?.value(),
                false => String::new(),
            };
            keys.push((key, value));
            Ok(())
        })?;
    }
    Ok(keys)
}

/// Removes serde's derives and attributes from all types of `file`.
pub(super) fn without_serde(file: &mut syn::File) {
    Plain.visit_file_mut(file);
}

struct Plain;

impl VisitMut for Plain {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("serde"));
        for attribute in
            attributes.iter_mut().filter(|attribute| attribute.path().is_ident("derive"))
        {
            let Ok(derives) =
                attribute.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated)
            else {
                continue;
            };
            let kept = derives
                .into_iter()
                .filter(|path| path.segments.first().is_none_or(|first| first.ident != "serde"));
            *attribute = syn::parse_quote!(#[derive(#(#kept),*)]);
        }
    }
}
