//! Emits `types`: each type that typify made, and which field holds which member of a JSON object.
//!
//! typify derives serde's traits, and derives are slow to compile. So the emitter replaces serde's
//! attributes by an invocation of the runtime's `record!`.
//!
//! Invariants:
//!
//! * An unknown form of a typify type is an error, never a type that reads less.

mod marks;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anyhow::{Context as _, bail};
use proc_macro2::Span;
use serde_json::Value;
use syn::visit_mut::VisitMut;
use syn::{Fields, Ident, Item, ItemEnum, ItemImpl, ItemStruct, Type, parse_quote};

use super::files::{Module, Piece, braced, comment, indented, spaced};
use super::heads::{Heads, Home, Names, key};
use super::presence::{Presence, is_untagged, presence, without_serde};
use super::tags::file_of;
use crate::polish::{inner_of, module, wire_name};
use crate::prepare::{Ranking, Tag};

/// Number of arguments that a constructor has at most.
const MAX_ARGUMENTS: usize = 6;

/// The facts about types that the emitter needs.
pub(super) struct Known<'d> {
    pub(super) names: &'d Names,
    /// The file of each type.
    pub(super) files: &'d BTreeMap<String, String>,
    /// Types that some request body contains: only they have a builder.
    pub(super) sent: &'d BTreeSet<String>,
    /// The secret fields of each type.
    pub(super) secrets: &'d BTreeMap<String, Vec<String>>,
    /// The tag of each union that has one.
    pub(super) tags: &'d BTreeMap<String, Tag>,
    /// How the branches of other unions are found.
    pub(super) rankings: &'d BTreeMap<String, Ranking>,
}

/// Emits the module of all types of `client`.
pub(super) fn types(client: &syn::File, known: &Known<'_>) -> anyhow::Result<Module> {
    let mut pieces = Vec::new();
    let mut items = module(&client.items, "types").unwrap_or(&[]).iter().peekable();
    while let Some(item) = items.next() {
        let name = match item {
            Item::Struct(item) => item.ident.to_string(),
            Item::Enum(item) => item.ident.to_string(),
            _ => continue,
        };
        let mut impls: Vec<ItemImpl> = Vec::new();
        while let Some(Item::Impl(item)) = items.next_if(|item| matches!(item, Item::Impl(_))) {
            impls.push(item.clone());
        }
        pieces.push(
            piece(item, impls, name.clone(), known).with_context(|| format!("type `{name}`"))?,
        );
    }
    let error = "/// Why a builder makes no body.\npub mod error {\n    \
                 pub use prumo_runtime::body::ConversionError;\n}\n";
    let has_builders = pieces.iter().any(|piece| known.sent.contains(&piece.name));
    let builders = if has_builders { "pub mod builder;\n\n" } else { "" };
    let root = Piece {
        name: "builder".to_owned(),
        text: format!("{builders}{error}"),
        ..Piece::default()
    };
    let docs = "Types of parameters, bodies and responses.";
    Ok(Module { path: "types", docs, root, pieces, ..Module::default() })
}

fn piece(
    item: &Item,
    mut impls: Vec<ItemImpl>,
    name: String,
    known: &Known<'_>,
) -> anyhow::Result<Piece> {
    let mut heads = Heads::new(known.names, Home::Types);
    // The runtime's builders replace typify's.
    impls.retain(|item| item.trait_.is_some());
    let mut item = item.clone();
    let behind = match &mut item {
        Item::Struct(item) => match &item.fields {
            Fields::Named(_) => record(item, &mut heads, known)?,
            Fields::Unnamed(_) | Fields::Unit => transparent(item, &mut impls, &mut heads)?,
        },
        Item::Enum(item) => union(item, known, &mut heads)?,
        _ => bail!("neither a struct nor an enum"),
    };
    let mut items = vec![item];
    items.extend(impls.into_iter().map(Item::Impl));
    let mut file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items };
    without_serde(&mut file);
    heads.visit_file_mut(&mut file);
    let text = format!("{}\n{behind}", spaced(&prettyplease::unparse(&file)));
    Ok(Piece {
        file: file_of(known.files, &name).to_owned(),
        name,
        text,
        uses: heads.uses,
        ..Piece::default()
    })
}

/// Writes how an object is read and written and, if it is sent, built.
fn record(item: &ItemStruct, heads: &mut Heads<'_>, known: &Known<'_>) -> anyhow::Result<String> {
    let name = item.ident.to_string();
    heads.uses.insert("prumo_runtime::record".to_owned());
    let mut text = format!("record!({name} {{\n");
    let mut others = None;
    for (place, field) in item.fields.iter().enumerate() {
        let ident = field.ident.as_ref().context("a field without a name")?;
        let said = presence(&field.attrs).with_context(|| format!("field `{ident}`"))?;
        match said.word() {
            Some(word) => {
                let _ = writeln!(text, "    {place} {word} {ident} {:?},", wire_name(field));
            }
            None => others = Some(ident),
        }
    }
    if let Some(others) = others {
        let _ = writeln!(text, "    .. {others}");
    }
    text.push_str("});\n");
    if let Some(hidden) = known.secrets.get(&name) {
        heads.uses.insert("prumo_runtime::debug_of".to_owned());
        let fields =
            item.fields.iter().filter_map(|field| field.ident.as_ref()).map(ToString::to_string);
        let fields: Vec<String> = fields
            .map(|field| {
                format!("{} {field}", if hidden.contains(&field) { "hidden" } else { "shown" })
            })
            .collect();
        let _ = write!(text, "\ndebug_of!({name} {});\n", braced(&fields));
    }
    if known.sent.contains(&name) {
        heads.uses.insert("super::builder".to_owned());
        // The builder's own `default` may be a setter.
        let default = heads.shown(&parse_quote!(::std::default::Default));
        let _ = write!(
            text,
            "\nimpl {name} {{\n    /// Starts a builder.\n    pub fn builder() -> builder::{name} {{\n        \
             {default}::default()\n    }}\n{}}}\n",
            of_required(item, &default, heads)?
        );
    }
    Ok(text)
}

/// Writes the constructor that takes all required fields, so that the compiler finds one that is
/// missing. A type with more of them than a reader can keep apart has none.
fn of_required(item: &ItemStruct, default: &str, heads: &mut Heads<'_>) -> anyhow::Result<String> {
    let (mut parameters, mut fields) = (Vec::new(), Vec::new());
    for setter in setters(item)? {
        let name = setter.name;
        if matches!(setter.word, "required" | "nullable") {
            let field = item.fields.iter().find(|field| field.ident.as_ref() == Some(name));
            let target = field.map(|field| heads.shown(&field.ty)).unwrap_or_default();
            parameters.push(format!("        {name}: impl Into<{target}>,\n"));
            fields.push(format!("            {name}: {name}.into(),\n"));
        } else {
            fields.push(format!("            {name}: {default}::default(),\n"));
        }
    }
    if !(1..=MAX_ARGUMENTS).contains(&parameters.len()) {
        return Ok(String::new());
    }
    Ok(format!(
        "\n    /// Makes a body of the required fields.\n    pub fn new(\n{}    ) -> Self {{\n        \
         Self {{\n{}        }}\n    }}\n",
        parameters.concat(),
        fields.concat()
    ))
}

/// Writes a newtype, which is read and written as its only field.
fn transparent(
    item: &ItemStruct,
    impls: &mut Vec<ItemImpl>,
    heads: &mut Heads<'_>,
) -> anyhow::Result<String> {
    let name = &item.ident;
    let only = item.fields.iter().next().filter(|_| item.fields.len() == 1);
    let target = only.map(|field| &field.ty).context("a newtype needs exactly one field")?;
    heads.uses.insert("prumo_runtime::transparent".to_owned());
    let plain: Vec<bool> = impls.iter().map(|one| is_plain(one, target)).collect();
    if plain.iter().filter(|is_plain| **is_plain).count() != 3 {
        return Ok(format!("transparent!({name});\n"));
    }
    let mut plain = plain.into_iter();
    impls.retain(|_| !plain.next().unwrap_or_default());
    Ok(format!("transparent!({name}({}));\n", heads.shown(target)))
}

/// Returns whether `item` is `Deref` or a `From` between the type and `target`.
fn is_plain(item: &ItemImpl, target: &Type) -> bool {
    let Some((path, _)) = &item.trait_ else { return false };
    let Some(last) = path.segments.last() else { return false };
    if last.ident == "Deref" {
        return true;
    }
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return false };
    let from = match arguments.args.first() {
        Some(syn::GenericArgument::Type(from)) => from,
        _ => return false,
    };
    last.ident == "From" && (key(from) == key(target) || key(&item.self_ty) == key(target))
}

/// Writes a union, which is read as the first branch that fits. A union with a tag gets one more
/// branch, for the tags that the spec does not know.
fn union(item: &mut ItemEnum, known: &Known<'_>, heads: &mut Heads<'_>) -> anyhow::Result<String> {
    if !is_untagged(&item.attrs)? {
        bail!("a union with a tag is not supported");
    }
    let branches = item.variants.iter().map(|variant| match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(variant.ident.to_string()),
        _ => bail!("branch `{}` of the union needs exactly one value", variant.ident),
    });
    let branches = branches.collect::<anyhow::Result<Vec<_>>>()?;
    heads.uses.insert("prumo_runtime::union_of".to_owned());
    let name = item.ident.to_string();
    if let Some(ranking) = known.rankings.get(&name) {
        return marks::ranked(&name, &branches, ranking);
    }
    let known_branches = braced(&branches);
    let Some(Tag { property, values }) = known.tags.get(&name) else {
        return Ok(format!("union_of!({name} {known_branches});\n"));
    };
    let mut open = "Unknown".to_owned();
    while branches.contains(&open) {
        open.push('_');
    }
    let literal = |value: &Value| match value.as_str() {
        Some(text) => format!("{text:?}"),
        None => format!("{value}_i64"),
    };
    let values: Vec<String> = values.iter().map(literal).collect();
    let text = format!(
        "union_of!({name} {known_branches} or {open} where {property:?} is not in {});\n",
        braced(&values)
    );
    let open = Ident::new(&open, Span::call_site());
    let docs = format!(" A value whose `{property}` the spec does not know, as it came.");
    item.variants.push(parse_quote!(#[doc = #docs] #open(::serde_json::Value)));
    Ok(text)
}

/// Emits the builders of all types that some request body contains.
pub(super) fn builders(client: &syn::File, known: &Known<'_>) -> anyhow::Result<Module> {
    let mut pieces = Vec::new();
    for item in module(&client.items, "types").unwrap_or(&[]) {
        let Item::Struct(item) = item else { continue };
        let is_object = matches!(item.fields, Fields::Named(_));
        if is_object && known.sent.contains(&item.ident.to_string()) {
            pieces.push(body_builder(item, known)?);
        }
    }
    let docs = "Builders of request bodies: a setter of an optional field takes the value itself. A field\nthat is not set is left out; a setter `…_null` sends null, which is another request.";
    Ok(Module { path: "types/builder", docs, pieces, ..Module::default() })
}

fn body_builder(item: &ItemStruct, known: &Known<'_>) -> anyhow::Result<Piece> {
    let name = item.ident.to_string();
    let mut heads = Heads::new(known.names, Home::Elsewhere);
    heads.uses.extend(["prumo_runtime::builder".to_owned(), "crate::types".to_owned()]);
    let mut text = format!(
        "builder! {{\n    /// Builds a [`{name}`](types::{name}).\n    pub struct {name} for types::{name} {{\n"
    );
    for setter in setters(item)? {
        let line = format!("{}{} {}", comment(&setter.docs), setter.word, setter.shown(&mut heads));
        let _ = writeln!(text, "{}", indented(&line, 8));
    }
    text.push_str("    }\n}\n");
    Ok(Piece {
        file: file_of(known.files, &name).to_owned(),
        name,
        text,
        uses: heads.uses,
        ..Piece::default()
    })
}

/// A field of a body as its builders set it.
pub(super) struct Setter<'f> {
    /// The word for its presence in the runtime's macro.
    word: &'static str,
    pub(super) name: &'f Ident,
    /// The type that it takes.
    target: Type,
    /// The name of the setter that makes it null.
    pub(super) null: Option<String>,
    pub(super) docs: String,
}

impl Setter<'_> {
    /// Writes the setter as a line of the runtime's macros.
    pub(super) fn shown(&self, heads: &mut Heads<'_>) -> String {
        let null = self.null.as_ref().map_or_else(String::new, |null| format!(" = {null}"));
        format!("{}: {}{null},", self.name, heads.shown(&self.target))
    }
}

/// Returns the setters of the fields of a body.
pub(super) fn setters(item: &ItemStruct) -> anyhow::Result<Vec<Setter<'_>>> {
    let setters = item.fields.iter().map(|field| {
        let name = field.ident.as_ref().context("a field without a name")?;
        let said = presence(&field.attrs)?;
        let (word, target) = setter(field, said);
        let null = (said == Presence::Clearable).then(|| null_setter(name, item));
        Ok(Setter { word, name, target, null, docs: super::docs_of_item(&field.attrs) })
    });
    setters.collect()
}

/// Returns the name of the setter that makes a field null, which no other field of the type has.
fn null_setter(field: &Ident, item: &ItemStruct) -> String {
    let mut name = format!("{}_null", field.to_string().trim_start_matches("r#"));
    while item.fields.iter().any(|other| other.ident.as_ref().is_some_and(|ident| *ident == name)) {
        name.push('_');
    }
    name
}

/// Returns the word for a field's presence, and the type that its setter takes.
fn setter(field: &syn::Field, said: Presence) -> (&'static str, Type) {
    let inner = inner_of(&field.ty, "Option");
    match (said, inner) {
        (Presence::Clearable, Some(optional)) => {
            ("clearable", inner_of(&optional, "Option").unwrap_or(optional))
        }
        (Presence::Required, _) => ("required", field.ty.clone()),
        (Presence::Nullable, Some(inner)) => ("nullable", inner),
        (Presence::Optional, Some(inner)) => ("optional", inner),
        _ => ("filled", field.ty.clone()),
    }
}
