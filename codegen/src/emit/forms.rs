//! Emits `forms.rs`: how the fields of each form body become parts.
//!
//! Invariants:
//!
//! * Parts go out in the order of the spec.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Item;

use crate::polish::{module, wire_name};
use crate::prepare::{Draft, FieldKind, Form};

/// Emits the module of all form bodies.
pub(super) fn forms(draft: &Draft, client: &syn::File) -> TokenStream {
    let types = module(&client.items, "types").unwrap_or(&[]);
    let each = draft.forms.iter().map(|form| body(form, types));
    quote! {
        #(#each)*
    }
}

fn body(form: &Form, types: &[Item]) -> TokenStream {
    let name = format_ident!("{}", form.name);
    let limit = match form.max_request_bytes {
        Some(limit) => quote!(Some(#limit)),
        None => quote!(None),
    };
    let kind = if form.multipart { quote!(Multipart) } else { quote!(UrlEncoded) };
    let fields = form.fields.iter().filter_map(|field| {
        let (ident, optional) = rust_field(types, &form.name, &field.property)?;
        let one = part(&field.property, &field.kind, &quote!(value));
        let one = match &field.content_type {
            Some(media) => quote!(form.typed(#media, |form| { #one });),
            None => one,
        };
        Some(if optional {
            quote!(if let Some(value) = &self.#ident { #one })
        } else {
            quote!({ let value = &self.#ident; #one })
        })
    });
    quote! {
        impl ::prumo_runtime::FormBody for crate::types::#name {
            const MAX_REQUEST_BYTES: Option<u64> = #limit;
            const KIND: ::prumo_runtime::FormKind = ::prumo_runtime::FormKind::#kind;
            fn write(&self, form: &mut ::prumo_runtime::Form) {
                #(#fields)*
            }
        }
    }
}

/// Returns the field that typify made of `property`, and whether it is an `Option`.
fn rust_field(types: &[Item], owner: &str, property: &str) -> Option<(syn::Ident, bool)> {
    let fields = types.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == owner => Some(&item.fields),
        _ => None,
    })?;
    let field = fields.iter().find(|field| wire_name(field) == property)?;
    let optional = crate::polish::inner_of(&field.ty, "Option").is_some();
    Some((field.ident.clone()?, optional))
}

fn part(name: &str, kind: &FieldKind, value: &TokenStream) -> TokenStream {
    match kind {
        FieldKind::Text => quote!(form.text(#name, #value);),
        FieldKind::Json => quote!(form.json(#name, #value);),
        FieldKind::File => quote!(form.file(#name, #value);),
        FieldKind::Repeated(item) => {
            let each = part(name, item, &quote!(item));
            quote!(for item in #value { #each })
        }
        FieldKind::Each(item) => {
            // A name that ends in brackets keeps them.
            let each = match (&**item, name.ends_with("[]")) {
                (item, true) => part(name, item, &quote!(item)),
                (FieldKind::File, false) => quote!(form.file_item(#name, item);),
                (_, false) => quote!(form.item(#name, item);),
            };
            quote!(for item in #value { #each })
        }
        FieldKind::Indexed(item) => {
            let put = if **item == FieldKind::File { quote!(file) } else { quote!(text) };
            let name = format!("{name}[{{index}}]");
            quote!(for (index, item) in #value.iter().enumerate() { form.#put(format!(#name), item); })
        }
        FieldKind::Deep => quote!(form.deep(#name, #value);),
        FieldKind::Keyed => quote!(for (key, item) in #value { form.entry(#name, key, item); }),
    }
}
