//! Emits `enums.rs`: enums that keep a value they do not know, and closed
//! enums where a value tells the branches of a union apart.
//!
//! Invariants:
//!
//! * Reading and writing back gives the wire value, known or not.
//! * No associated type is named through `Self`: a value may be called `err`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::module_docs;
use crate::polish::doc_lines;
use crate::prepare::{Enum, EnumKind};

/// The module of all `enums`.
pub(super) fn enums(enums: &[Enum]) -> TokenStream {
    let docs = module_docs("Enums of the API. Open ones keep a value that the spec does not know.");
    let each = enums.iter().map(|one| match one.kind {
        EnumKind::Text => text(one),
        EnumKind::Integer | EnumKind::IntegerOrText => integer(one),
        EnumKind::Boolean => boolean(one),
    });
    quote! {
        #docs
        #(#each)*
    }
}

/// The type itself, with `unknown` as catch-all if it is open.
fn declaration(one: &Enum, unknown: &TokenStream) -> TokenStream {
    let name = format_ident!("{}", one.name);
    let docs = if one.docs.is_empty() { format!("`{}`.", one.name) } else { one.docs.clone() };
    let docs = doc_lines(&docs);
    let variants = one.variants.iter().map(|(variant, value)| {
        let variant = format_ident!("{variant}");
        let docs = doc_lines(&format!("`{}` on the wire.", shown(value)));
        quote!(#(#docs)* #variant,)
    });
    let catch_all = one.open.then(|| {
        quote! {
            /// A value that the spec does not know, as it came; it is written back unchanged.
            Unknown(#unknown),
        }
    });
    let exhaustive = one.open.then(|| quote!(#[non_exhaustive]));
    quote! {
        #(#docs)*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #exhaustive
        pub enum #name {
            #(#variants)*
            #catch_all
        }
    }
}

/// A wire value inside a code span.
fn shown(value: &Value) -> String {
    match value.as_str() {
        Some("") => "\"\"".to_owned(),
        Some(text) => text.replace('`', "'").replace(['\n', '\r'], " "),
        None => value.to_string(),
    }
}

fn known(one: &Enum) -> TokenStream {
    let name = format_ident!("{}", one.name);
    let variants: Vec<_> = one.variants.iter().map(|(variant, _)| format_ident!("{variant}")).collect();
    let count = variants.len();
    let is_known = one.open.then(|| {
        quote! {
            /// Whether the spec knows the value.
            #[must_use]
            pub fn is_known(&self) -> bool {
                !::std::matches!(self, Self::Unknown(_))
            }
        }
    });
    quote! {
        impl #name {
            /// The values that the spec knows, in its order.
            pub const KNOWN: [Self; #count] = [#(Self::#variants),*];
            #is_known
        }
    }
}

fn text(one: &Enum) -> TokenStream {
    let name = format_ident!("{}", one.name);
    let declaration = declaration(one, &quote!(::std::string::String));
    let known = known(one);
    let variants: Vec<_> = one.variants.iter().map(|(variant, _)| format_ident!("{variant}")).collect();
    let values: Vec<_> = one.variants.iter().map(|(_, value)| value.as_str().unwrap_or_default()).collect();
    let unknown_text = one.open.then(|| quote!(Self::Unknown(value) => value,));
    let read =
        if one.open { open_text(&name, &variants, &values) } else { closed_text(&name, &variants, &values) };
    quote! {
        #declaration
        #known
        impl #name {
            /// The value on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    #unknown_text
                }
            }
        }
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        #read
    }
}

fn open_text(name: &syn::Ident, variants: &[syn::Ident], values: &[&str]) -> TokenStream {
    quote! {
        impl ::std::convert::From<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }
        impl ::std::convert::From<::std::string::String> for #name {
            fn from(value: ::std::string::String) -> Self {
                Self::from(value.as_str())
            }
        }
        impl ::std::str::FromStr for #name {
            type Err = ::std::convert::Infallible;
            fn from_str(value: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                Ok(Self::from(value))
            }
        }
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                <::std::string::String as ::serde::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }
    }
}

fn closed_text(name: &syn::Ident, variants: &[syn::Ident], values: &[&str]) -> TokenStream {
    let expected = format!("a value of `{name}`");
    quote! {
        impl ::std::str::FromStr for #name {
            type Err = ::std::string::String;
            fn from_str(value: &str) -> ::std::result::Result<Self, ::std::string::String> {
                match value {
                    #(#values => Ok(Self::#variants),)*
                    _ => Err(::std::concat!("not ", #expected).to_owned()),
                }
            }
        }
        impl ::std::convert::TryFrom<&str> for #name {
            type Error = ::std::string::String;
            fn try_from(value: &str) -> ::std::result::Result<Self, ::std::string::String> {
                value.parse()
            }
        }
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let value = <::std::string::String as ::serde::Deserialize>::deserialize(deserializer)?;
                value.parse().map_err(<D::Error as ::serde::de::Error>::custom)
            }
        }
    }
}

fn integer(one: &Enum) -> TokenStream {
    let name = format_ident!("{}", one.name);
    let declaration = declaration(one, &quote!(i64));
    let known = known(one);
    let variants: Vec<_> = one.variants.iter().map(|(variant, _)| format_ident!("{variant}")).collect();
    let values: Vec<i64> = one.variants.iter().filter_map(|(_, value)| value.as_i64()).collect();
    let unknown_code = one.open.then(|| quote!(Self::Unknown(value) => *value,));
    let from = if one.open {
        open_integer(&name, &variants, &values)
    } else {
        closed_integer(&name, &variants, &values)
    };
    let read = read_integer(one);
    quote! {
        #declaration
        #known
        impl #name {
            /// The value on the wire.
            #[must_use]
            pub fn code(&self) -> i64 {
                match self {
                    #(Self::#variants => #values,)*
                    #unknown_code
                }
            }
        }
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.code(), f)
            }
        }
        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.code())
            }
        }
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                #read
            }
        }
        #from
    }
}

/// How an integer enum is read; `int-or-string` takes text too.
fn read_integer(one: &Enum) -> TokenStream {
    let convert = if one.open {
        quote!(Ok(Self::from(value)))
    } else {
        quote!(Self::try_from(value).map_err(<D::Error as ::serde::de::Error>::custom))
    };
    if one.kind == EnumKind::Integer {
        return quote! {
            let value = <i64 as ::serde::Deserialize>::deserialize(deserializer)?;
            #convert
        };
    }
    quote! {
        let wire = <::progenitor_client::IntOrString as ::serde::Deserialize>::deserialize(deserializer)?;
        let Some(value) = wire.as_i64() else {
            return Err(<D::Error as ::serde::de::Error>::custom("expected an integer, or one as text"));
        };
        #convert
    }
}

fn open_integer(name: &syn::Ident, variants: &[syn::Ident], values: &[i64]) -> TokenStream {
    quote! {
        impl ::std::convert::From<i64> for #name {
            fn from(value: i64) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    other => Self::Unknown(other),
                }
            }
        }
        impl ::std::convert::From<i32> for #name {
            fn from(value: i32) -> Self {
                Self::from(i64::from(value))
            }
        }
        impl ::std::str::FromStr for #name {
            type Err = ::std::num::ParseIntError;
            fn from_str(value: &str) -> ::std::result::Result<Self, ::std::num::ParseIntError> {
                value.parse::<i64>().map(Self::from)
            }
        }
    }
}

fn closed_integer(name: &syn::Ident, variants: &[syn::Ident], values: &[i64]) -> TokenStream {
    let message = format!("not a value of `{name}`");
    quote! {
        impl ::std::convert::TryFrom<i64> for #name {
            type Error = ::std::string::String;
            fn try_from(value: i64) -> ::std::result::Result<Self, ::std::string::String> {
                match value {
                    #(#values => Ok(Self::#variants),)*
                    _ => Err(#message.to_owned()),
                }
            }
        }
        impl ::std::str::FromStr for #name {
            type Err = ::std::string::String;
            fn from_str(value: &str) -> ::std::result::Result<Self, ::std::string::String> {
                value.parse::<i64>().map_err(|_| #message.to_owned()).and_then(Self::try_from)
            }
        }
    }
}

/// A boolean with one or both values, which tells branches of a union apart.
fn boolean(one: &Enum) -> TokenStream {
    let name = format_ident!("{}", one.name);
    let declaration = declaration(one, &quote!(bool));
    let known = known(one);
    let variants: Vec<_> = one.variants.iter().map(|(variant, _)| format_ident!("{variant}")).collect();
    let values: Vec<bool> = one.variants.iter().filter_map(|(_, value)| value.as_bool()).collect();
    let message = format!("not a value of `{name}`");
    let texts: Vec<String> = values.iter().map(bool::to_string).collect();
    let fallback =
        (values.len() < 2).then(|| quote!(_ => Err(<D::Error as ::serde::de::Error>::custom(#message)),));
    quote! {
        #declaration
        #known
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(match self { #(Self::#variants => #texts,)* })
            }
        }
        impl ::std::str::FromStr for #name {
            type Err = ::std::string::String;
            fn from_str(value: &str) -> ::std::result::Result<Self, ::std::string::String> {
                match value {
                    #(#texts => Ok(Self::#variants),)*
                    _ => Err(#message.to_owned()),
                }
            }
        }
        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_bool(match self { #(Self::#variants => #values,)* })
            }
        }
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                match <bool as ::serde::Deserialize>::deserialize(deserializer)? {
                    #(#values => Ok(Self::#variants),)*
                    #fallback
                }
            }
        }
    }
}
