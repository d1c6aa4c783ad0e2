//! Emits the type of an operation whose success differs by status or media type: an enum with a
//! variant for each, and one for a status or media type that the spec does not promise.

use std::collections::BTreeSet;
use std::fmt::Write;

use anyhow::Context as _;
use syn::Type;

use super::files::Piece;
use super::heads::{Heads, Home, Names};
use super::tags::free;
use crate::names;
use crate::polish::runtime_type;
use crate::prepare::{Draft, Operation, Success, type_of};
use prumo_spec::MediaType;

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

/// The variant of an answer that the spec does not promise.
const OTHER: &str = "Other";

/// Returns the name of an operation's type, which is free.
pub(super) fn name(operation: &Operation, names: &Names) -> Type {
    let mut name = format!("{}Answer", names::builder(&operation.method_name));
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
    let method = names::parameter(&operation.method_name);
    let has_bytes = each.iter().any(|(_, one)| *one == Success::Stream);
    let by = match each.iter().any(|(key, _)| key.contains(' ')) {
        true => "status and media type",
        false => "status",
    };
    let mut text = format!(
        "by_status! {{\n    /// The answer of [`Client::{method}`](crate::Client::{method}), by \
         its {by}.\n    pub enum {name}({has_bytes}), else {OTHER} {{\n"
    );
    let mut taken = BTreeSet::new();
    for (status, one) in each {
        let variant = free(&variant(status, each), &taken);
        taken.insert(variant.clone());
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
    Ok(Some(Piece { file: file.to_owned(), name, text, uses: heads.uses, ..Piece::default() }))
}

/// Returns the name of the variant for a key: its status, and what tells its media type from the
/// others of this status.
fn variant(key: &str, each: &[(String, Success)]) -> String {
    let (status, media) = split(key);
    let known = VARIANTS.iter().find(|(known, _)| *known == status);
    let name = known.map_or_else(|| format!("Status{status}"), |(_, name)| (*name).to_owned());
    let Some(media) = media else { return name };
    let others = each.iter().map(|(other, _)| split(other)).filter(|(other, _)| *other == status);
    let is_told =
        others.filter_map(|(_, other)| other).any(|other| other.essence() != media.essence());
    let subtype = media.type_and_subtype().map(|(_, subtype)| subtype).filter(|_| is_told);
    let mut words = vec![subtype.unwrap_or_default()];
    words.extend(media.distinctions().flat_map(|(name, value)| [name, value]));
    match words.join(" ").trim() {
        "" => name,
        words => name + &names::pascal(words),
    }
}

/// Splits a key into its status and its media type.
fn split(key: &str) -> (&str, Option<MediaType<'_>>) {
    match key.split_once(' ') {
        Some((status, media)) => (status, Some(MediaType::new(media))),
        None => (key, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_is_named_by_what_tells_it_from_the_others() {
        let named = |keys: &[&str]| {
            let each: Vec<(String, Success)> =
                keys.iter().map(|key| ((*key).to_owned(), Success::Empty)).collect();
            keys.iter().map(|key| variant(key, &each)).collect::<Vec<_>>().join(" ")
        };
        let rows = [
            (&["200", "218", "2XX"][..], "Ok Status218 Success"),
            (
                &["200 application/json; version=2", "200 application/json", "201"],
                "OkVersion2 Ok Created",
            ),
            (
                &["200 application/vnd.a.v2+json", "200 application/json; a=b"],
                "OkVndAV2Json OkJsonAB",
            ),
            (&["200 application/*+json", "201 application/json"], "Ok Created"),
        ];
        for (keys, expected) in rows {
            assert_eq!(named(keys), expected);
        }
    }
}
