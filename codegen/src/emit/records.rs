//! Emits `records.rs`: which member of a JSON object is which field of a type.
//!
//! typify derives serde's traits. A derive is as dear to a user's compiler as
//! it is convenient for an author, so what it says is said to the runtime's
//! `Record` instead, and the attributes go.
//!
//! Invariants:
//!
//! * A form of typify's that is not known here is an error, never a type that
//!   reads less.

use anyhow::{Context as _, bail};
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, quote};
use syn::visit_mut::VisitMut;
use syn::{Attribute, Fields, Item, ItemEnum, ItemStruct, Token, punctuated::Punctuated};

use super::module_docs;
use crate::polish::{module, wire_name};

/// The module that reads and writes all types of `client`.
pub(super) fn records(client: &syn::File) -> anyhow::Result<TokenStream> {
    let docs = module_docs("Which member of a JSON object is which field of a type.");
    let mut each = Vec::new();
    let mut names = Vec::new();
    for item in module(&client.items, "types").unwrap_or(&[]) {
        match item {
            Item::Struct(item) => match &item.fields {
                Fields::Named(_) => {
                    each.push(record(item).with_context(|| format!("type `{}`", item.ident))?);
                    names.push(&item.ident);
                }
                Fields::Unnamed(_) | Fields::Unit => each.push(transparent(item)?),
            },
            Item::Enum(item) => each.push(union(item)?),
            _ => {}
        }
    }
    Ok(quote! {
        #docs
        #[allow(unused_imports)]
        use ::progenitor_client::record::{
            self, Deserialize, Deserializer, MapAccess, Members, Record, Serialize, SerializeMap, Serializer, Written,
        };

        use crate::client::types;

        ::progenitor_client::records!(#(types::#names),*);
        #(#each)*
    })
}

/// What serde's attributes say of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    /// It must be there.
    Required,
    /// It may be missing and is written as null then.
    Nullable,
    /// It may be missing and is left out then.
    Optional,
    /// It may be missing and is left out when empty.
    Filled,
    /// It is what no other field is.
    Others,
}

fn record(item: &ItemStruct) -> anyhow::Result<TokenStream> {
    let name = &item.ident;
    let text = name.to_string();
    let mut fields = Vec::new();
    let mut others = None;
    for field in &item.fields {
        let ident = field.ident.as_ref().context("a field without a name")?;
        match presence(&field.attrs).with_context(|| format!("field `{ident}`"))? {
            Presence::Others => others = Some(ident),
            presence => fields.push((ident, wire_name(field), presence)),
        }
    }
    let wire = fields.iter().map(|(_, wire, ..)| wire);
    let read = read(&fields, others);
    let writes = fields.iter().map(|(ident, wire, presence)| match presence {
        Presence::Optional => quote!(members.optional(#wire, &self.#ident);),
        Presence::Filled => quote!(if !self.#ident.is_empty() { members.member(#wire, &self.#ident); }),
        _ => quote!(members.member(#wire, &self.#ident);),
    });
    let write_others = others.map(|ident| quote!(members.others(&self.#ident);));
    Ok(quote! {
        impl Record for types::#name {
            const NAME: &'static str = #text;
            const MEMBERS: &'static [&'static str] = &[#(#wire),*];
            #read
            fn write<M: SerializeMap>(&self, members: &mut Written<M>) {
                #(#writes)*
                #write_others
            }
        }
    })
}

type Known<'i> = (&'i syn::Ident, String, Presence);

/// The function that reads: fields that are required are options until all have come.
fn read(fields: &[Known<'_>], others: Option<&syn::Ident>) -> TokenStream {
    let is_required = |presence: &Presence| *presence == Presence::Required;
    let starts = fields.iter().map(|(ident, _, presence)| match presence {
        Presence::Required => quote!(let mut #ident = None;),
        Presence::Filled => quote!(let mut #ident = ::std::default::Default::default();),
        _ => quote!(let mut #ident = None;),
    });
    let arms = fields.iter().enumerate().map(|(place, (ident, _, presence))| {
        let place = Literal::usize_unsuffixed(place);
        let method = if is_required(presence) { quote!(required) } else { quote!(value) };
        quote!(Some(#place) => __members.#method(&mut #ident),)
    });
    let other = match others {
        Some(ident) => quote!(__members.other(&mut #ident)),
        None => quote!(__members.skip()),
    };
    let start_others = others.map(|ident| quote!(let mut #ident = ::std::default::Default::default();));
    let required: Vec<_> =
        fields.iter().enumerate().filter(|(_, (_, _, presence))| is_required(presence)).collect();
    let places = required.iter().map(|(place, _)| Literal::usize_unsuffixed(*place));
    let idents: Vec<_> = required.iter().map(|(_, (ident, ..))| ident).collect();
    let check = (!required.is_empty()).then(|| {
        quote! {
            let (#(Some(#idents),)*) = (#(#idents,)*) else {
                return Err(__members.missing(&[#(#places),*]));
            };
        }
    });
    let all = fields.iter().map(|(ident, ..)| *ident).chain(others);
    quote! {
        fn read<'de, M: MapAccess<'de>>(__members: &mut Members<M>) -> ::std::result::Result<Self, M::Error> {
            #(#starts)*
            #start_others
            loop {
                match __members.next()? {
                    #(#arms)*
                    Some(_) => #other,
                    None => break,
                }?;
            }
            #check
            Ok(Self { #(#all),* })
        }
    }
}

/// A type around another one is written as that one.
fn transparent(item: &ItemStruct) -> anyhow::Result<TokenStream> {
    let name = &item.ident;
    let only = item.fields.iter().next().filter(|_| item.fields.len() == 1);
    let target = only.map(|field| &field.ty).with_context(|| format!("type `{name}` has not one field"))?;
    Ok(quote! {
        impl<'de> Deserialize<'de> for types::#name {
            fn deserialize<D: Deserializer<'de>>(json: D) -> ::std::result::Result<Self, D::Error> {
                <#target as Deserialize>::deserialize(json).map(Self)
            }
        }
        impl Serialize for types::#name {
            fn serialize<S: Serializer>(&self, json: S) -> ::std::result::Result<S::Ok, S::Error> {
                Serialize::serialize(&self.0, json)
            }
        }
    })
}

/// A union is the first of its branches that fits.
fn union(item: &ItemEnum) -> anyhow::Result<TokenStream> {
    let name = &item.ident;
    let text = name.to_string();
    if keys(&item.attrs)?.iter().map(|(key, _)| key.as_str()).ne(["untagged"]) {
        bail!("type `{name}` is a union with a tag");
    }
    let variants = item.variants.iter().map(|variant| match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(&variant.ident),
        _ => bail!("branch `{}` of the union `{name}` holds not one value", variant.ident),
    });
    let variants = variants.collect::<anyhow::Result<Vec<_>>>()?;
    Ok(quote! {
        impl<'de> Deserialize<'de> for types::#name {
            fn deserialize<D: Deserializer<'de>>(json: D) -> ::std::result::Result<Self, D::Error> {
                let any = record::any(json)?;
                #(if let Some(value) = record::branch(&any) {
                    return Ok(Self::#variants(value));
                })*
                Err(record::no_branch(#text))
            }
        }
        impl Serialize for types::#name {
            fn serialize<S: Serializer>(&self, json: S) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    #(Self::#variants(value) => Serialize::serialize(value, json),)*
                }
            }
        }
    })
}

/// Whether an object is read without this field.
pub(super) fn may_be_missing(field: &syn::Field) -> anyhow::Result<bool> {
    Ok(!matches!(presence(&field.attrs)?, Presence::Required))
}

fn presence(attributes: &[Attribute]) -> anyhow::Result<Presence> {
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
        [("default", ""), ("deserialize_with", "::std::option::Option::deserialize")] => Presence::Nullable,
        [("skip_serializing_if", "::std::option::Option::is_none")] => Presence::Optional,
        [("default", ""), ("skip_serializing_if", empty)] if empty.ends_with("::is_empty") => {
            Presence::Filled
        }
        _ => bail!("the attributes {said:?} are not known"),
    })
}

/// What is in serde's attributes, key by key.
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

/// Takes serde's derives and attributes off all types of `client`.
pub(super) fn without_serde(client: &syn::File) -> syn::File {
    let mut client = client.clone();
    Plain.visit_file_mut(&mut client);
    client
}

struct Plain;

impl VisitMut for Plain {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("serde"));
        for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
            let Ok(derives) = attribute.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated)
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
