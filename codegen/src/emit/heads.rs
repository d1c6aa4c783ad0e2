//! Shortens the paths of a piece of source to the names that its file imports.
//!
//! progenitor and typify write every path out, since they can't know the names of a document's
//! schemas. The emitter knows them, so `::std::option::Option<T>` becomes `Option<T>`, and only a
//! name that the document uses itself keeps its path.
//!
//! Invariants:
//!
//! * A name of a type, an enum or an operation of the document is never imported.
//! * Every import is used: it is recorded where a path is shortened.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Item, Path, Type, parse_quote};

use crate::names;
use crate::polish::module;
use crate::prepare::Draft;

/// Names of the prelude, each with its module of `std`.
const PRELUDE: [(&str, &str); 12] = [
    ("boxed", "Box"),
    ("convert", "AsRef"),
    ("convert", "From"),
    ("convert", "Into"),
    ("convert", "TryFrom"),
    ("convert", "TryInto"),
    ("default", "Default"),
    ("ops", "FnOnce"),
    ("option", "Option"),
    ("result", "Result"),
    ("string", "String"),
    ("vec", "Vec"),
];

/// The names that a document uses itself.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Names of `types`.
    types: BTreeSet<String>,
    /// Names of types, enums and builders of operations.
    pub(super) taken: BTreeSet<String>,
}

impl Names {
    /// Collects the names of `draft` and of its `client`.
    pub(super) fn new(draft: &Draft, client: &syn::File) -> Self {
        let items = module(&client.items, "types").unwrap_or(&[]);
        let types: BTreeSet<String> = items.iter().filter_map(name_of).collect();
        let enums = draft.enums.iter().map(|one| one.name.clone());
        let builders = draft.operations.iter().map(|one| names::builder(&one.method_name));
        let taken = types.iter().cloned().chain(enums).chain(builders).collect();
        Self { types, taken }
    }
}

/// Returns the name of the type that `item` declares.
pub(super) fn name_of(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

/// The module that a piece of source is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// A file of `types`, which imports other types by name.
    Types,
    /// A file outside of `types` with source from `types`: it calls a type `types::Ticket`.
    Elsewhere,
    /// A file outside of `types` whose source always names types with a path.
    Plain,
}

/// Shortens paths and records the imports that this takes.
#[derive(Debug)]
pub(super) struct Heads<'n> {
    pub(super) names: &'n Names,
    home: Home,
    /// The imports, each as it stands after `use`.
    pub(super) uses: BTreeSet<String>,
}

impl<'n> Heads<'n> {
    pub(super) fn new(names: &'n Names, home: Home) -> Self {
        Self { names, home, uses: BTreeSet::new() }
    }

    /// Returns the text of a type.
    pub(super) fn shown(&mut self, target: &Type) -> String {
        let mut target = target.clone();
        self.visit_type_mut(&mut target);
        let file: syn::File = parse_quote!(type T = #target;);
        let text = prettyplease::unparse(&file);
        let text = text.trim_end().strip_prefix("type T = ").unwrap_or_default();
        text.trim_end_matches(';').split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Records an import.
    fn import(&mut self, path: String) {
        self.uses.insert(path);
    }

    fn is_free(&self, name: &str) -> bool {
        !self.names.taken.contains(name)
    }

    /// Returns how many leading segments of the path can be cut, if any.
    fn cut(&mut self, names: &[&str], is_global: bool) -> Option<usize> {
        match *names {
            ["std", module, name, ..] if PRELUDE.contains(&(module, name)) => {
                self.is_free(name).then_some(2)
            }
            ["std", "collections", "BTreeMap", ..] if self.is_free("BTreeMap") => {
                self.import("std::collections::BTreeMap".to_owned());
                Some(2)
            }
            ["std", "fmt", _, ..] => {
                self.import("std::fmt".to_owned());
                Some(1)
            }
            [library @ ("prumo_runtime" | "serde_json"), name, ..]
                if is_global && self.is_free(name) =>
            {
                self.import(format!("{library}::{name}"));
                Some(1)
            }
            ["crate", module @ ("enums" | "types" | "operations"), _, ..] => {
                self.import(format!("crate::{module}"));
                Some(1)
            }
            ["crate", "Client"] if self.is_free("Client") => {
                self.import("crate::Client".to_owned());
                Some(1)
            }
            ["types", _, ..] if self.home != Home::Types => {
                self.import("crate::types".to_owned());
                None
            }
            _ => None,
        }
    }
}

impl VisitMut for Heads<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let is_of_types = strip(path, &["crate", "client", "types"]);
        let names: Vec<String> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        // typify takes for granted that all types are in one module with its `error`.
        if names == ["self", "error", "ConversionError"] {
            self.import("prumo_runtime::body::ConversionError".to_owned());
            *path = parse_quote!(ConversionError);
            return;
        }
        if let [name] = names[..]
            && self.names.types.contains(name)
            && (is_of_types || self.home != Home::Plain)
        {
            match self.home {
                Home::Types => self.import(format!("super::{name}")),
                Home::Elsewhere | Home::Plain => {
                    self.import("crate::types".to_owned());
                    *path = parse_quote!(types::#path);
                }
            }
            return;
        }
        if let Some(cut) = self.cut(&names, path.leading_colon.is_some()) {
            path.leading_colon = None;
            path.segments = std::mem::take(&mut path.segments).into_iter().skip(cut).collect();
        }
    }

    fn visit_item_use_mut(&mut self, _: &mut syn::ItemUse) {}

    fn visit_vis_restricted_mut(&mut self, _: &mut syn::VisRestricted) {}

    /// Derives name traits, not types.
    fn visit_attribute_mut(&mut self, _: &mut syn::Attribute) {}
}

/// Removes `prefix` from `path` and returns whether it was there.
fn strip(path: &mut Path, prefix: &[&str]) -> bool {
    let names = path.segments.iter().map(|segment| &segment.ident);
    let is_there =
        path.segments.len() > prefix.len() && names.zip(prefix).all(|(name, known)| name == known);
    if is_there {
        path.segments = std::mem::take(&mut path.segments).into_iter().skip(prefix.len()).collect();
    }
    is_there
}

/// Returns whether `target` is called `name`, however its path is written.
pub(super) fn is_called(target: &Type, name: &str) -> bool {
    matches!(target, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// Returns the tokens of `target` as a key: equal keys mean equal types.
pub(super) fn key(target: &Type) -> String {
    target.to_token_stream().to_string()
}
