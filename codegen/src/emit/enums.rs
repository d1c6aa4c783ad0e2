//! Emits `enums`: open enums, which keep unknown values, and closed enums for the values that tell
//! the branches of a union apart.
//!
//! Invariants:
//!
//! * Reading a value and writing it back gives the same wire value, known or not.
//! * No associated type is named through `Self`: a value may be called `err`.

use std::fmt::Write;

use quote::{format_ident, quote};
use serde_json::Value;

use super::files::{Module, Piece, comment, indented, spaced};
use crate::polish::doc_lines;
use crate::prepare::{Enum, EnumKind};

/// Emits the module of all `enums`.
pub(super) fn enums(enums: &[Enum]) -> anyhow::Result<Module> {
    let pieces = enums.iter().map(|one| {
        let (text, uses) = match one.kind {
            EnumKind::Text => (invocation(one, "text_enum", ""), Some("text_enum")),
            EnumKind::Integer => (
                invocation(one, "integer_enum", " read by prumo_runtime::record::integer"),
                Some("integer_enum"),
            ),
            EnumKind::IntegerOrText => {
                let read = " read by prumo_runtime::record::integer_or_text";
                (invocation(one, "integer_enum", read), Some("integer_enum"))
            }
            EnumKind::Boolean => (boolean(one)?, None),
        };
        let uses = uses.map(|name| format!("prumo_runtime::{name}")).into_iter().collect();
        let first = one.name.chars().next().unwrap_or('x').to_ascii_lowercase();
        let file =
            if first.is_ascii_lowercase() { format!("from_{first}") } else { "others".to_owned() };
        Ok(Piece { file, name: one.name.clone(), text, uses, ..Piece::default() })
    });
    let docs = "Enums of the API. Open ones keep unknown values.";
    let pieces = pieces.collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Module { path: "enums", docs, pieces, ..Module::default() })
}

/// Writes an invocation of the runtime's macro for the enum.
fn invocation(one: &Enum, name: &str, read: &str) -> String {
    let openness = if one.open { "open" } else { "closed" };
    let (docs, count) = (indented(&comment(&docs(one)), 4), one.variants.len());
    let mut text =
        format!("{name}! {{\n{docs}\n    {openness} pub enum {}[{count}]{read} {{\n", one.name);
    for (variant, value) in &one.variants {
        let _ = writeln!(text, "        /// `{}` on the wire.", shown(value));
        let _ = writeln!(text, "        {variant} = {},", literal(value));
    }
    text.push_str("    }\n}\n");
    text
}

fn docs(one: &Enum) -> String {
    if one.docs.is_empty() { format!("`{}`.", one.name) } else { one.docs.clone() }
}

/// Writes a wire value as a Rust literal.
fn literal(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| format!("{text:?}"))
}

/// Writes a wire value as a code span.
fn shown(value: &Value) -> String {
    match value.as_str() {
        Some("") => "\"\"".to_owned(),
        Some(text) => text.replace('`', "'").replace(['\n', '\r'], " "),
        None => value.to_string(),
    }
}

/// Emits a boolean enum with one value or both, which tells branches of a union apart.
fn boolean(one: &Enum) -> anyhow::Result<String> {
    let name = format_ident!("{}", one.name);
    let docs = doc_lines(&docs(one));
    let variants: Vec<_> =
        one.variants.iter().map(|(variant, _)| format_ident!("{variant}")).collect();
    let shown = one
        .variants
        .iter()
        .map(|(_, value)| doc_lines(&format!("`{}` on the wire.", shown(value))));
    let values: Vec<bool> = one.variants.iter().filter_map(|(_, value)| value.as_bool()).collect();
    let message = format!("not a value of `{name}`");
    let texts: Vec<String> = values.iter().map(bool::to_string).collect();
    let count = proc_macro2::Literal::usize_unsuffixed(variants.len());
    let fallback = (values.len() < 2)
        .then(|| quote!(_ => Err(<D::Error as ::serde::de::Error>::custom(#message)),));
    let file = syn::parse2(quote! {
        #(#docs)*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum #name { #(#(#shown)* #variants,)* }

        impl #name {
            /// The values in the spec, in its order.
            pub const KNOWN: [Self; #count] = [#(Self::#variants),*];
        }

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
    })?;
    Ok(spaced(&prettyplease::unparse(&file)))
}
