//! Emits the type of an operation whose success differs by status: an enum with a variant for each
//! status, and one for a status that the spec does not promise.

use std::fmt::Write;

use anyhow::Context as _;
use syn::Type;

use super::files::Piece;
use super::heads::{Heads, Home, Names};
use crate::names;
use crate::polish::runtime_type;
use crate::prepare::{Draft, Operation, Success, type_of};

/// Statuses of success that have a name of their own.
const VARIANTS: [(&str, &str); 9] = [
    ("200", "Ok"),
    ("201", "Created"),
    ("202", "Accepted"),
    ("204", "NoContent"),
    ("205", "ResetContent"),
    ("206", "PartialContent"),
    ("207", "MultiStatus"),
    ("2XX", "Success"),
    ("default", "Default"),
];

/// The variant of a status that the spec does not promise.
const OTHER: &str = "Other";

/// Returns the name of an operation's type, which is free.
pub(super) fn name(operation: &Operation, names: &Names) -> Type {
    let mut name = format!("{}Answer", names::builder(&operation.id));
    while names.taken.contains(&name) {
        name.push('_');
    }
    let ident = quote::format_ident!("{name}");
    syn::parse_quote!(#ident)
}

/// Emits the type, if the operation has one.
pub(super) fn answer(
    draft: &Draft,
    operation: &Operation,
    file: &str,
    names: &Names,
) -> anyhow::Result<Option<Piece>> {
    let Success::ByStatus(each) = &operation.success else { return Ok(None) };
    let mut heads = Heads::new(names, Home::Elsewhere);
    heads.uses.insert("prumo_runtime::by_status".to_owned());
    let name = heads.shown(&name(operation, names));
    let method = names::parameter(&operation.id);
    let has_bytes = each.iter().any(|(_, one)| *one == Success::Stream);
    let mut text = format!(
        "by_status! {{\n    /// The answer of [`Client::{method}`](crate::Client::{method}), by \
         its status.\n    pub enum {name}({has_bytes}), else {OTHER} {{\n"
    );
    for (status, one) in each {
        let variant = variant(status);
        let _ = match one {
            Success::Json(slot) => {
                let target = runtime_type(&type_of(draft, slot))
                    .with_context(|| format!("the type of `{}` {status}", operation.id))?;
                writeln!(text, "        {status:?} json {variant}({}),", heads.shown(&target))
            }
            Success::Stream => {
                let target = heads.shown(&syn::parse_quote!(::prumo_runtime::ByteStream));
                writeln!(text, "        {status:?} bytes {variant}({target}),")
            }
            _ => writeln!(text, "        {status:?} empty {variant},"),
        };
    }
    text.push_str("    }\n}\n");
    Ok(Some(Piece { file: file.to_owned(), name, text, uses: heads.uses }))
}

fn variant(status: &str) -> String {
    let known = VARIANTS.iter().find(|(known, _)| *known == status);
    known.map_or_else(|| format!("Status{status}"), |(_, name)| (*name).to_owned())
}
