//! Shortens the paths of a piece of source to the names that its file imports.
//!
//! progenitor and typify write every path out, since they do not know what a document calls
//! its schemas. Here that is known, so `::std::option::Option<T>` becomes `Option<T>`, and
//! only a name that the document takes for itself keeps its path.
//!
//! Invariants:
//!
//! * A name that a type, an enum or an operation of the document has is never imported.
//! * What is imported is used: each import is recorded where a path is shortened.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Item, Path, Type, parse_quote};

use crate::names;
use crate::polish::module;
use crate::prepare::Draft;

/// What every module knows without an import, with the module of `std` that it is in.
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

/// The names that a document takes for itself.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Types in `types`.
    types: BTreeSet<String>,
    /// Types, enums and builders of operations.
    taken: BTreeSet<String>,
}

impl Names {
    /// Collects the names of `draft` and of its `client`.
    pub(super) fn new(draft: &Draft, client: &syn::File) -> Self {
        let items = module(&client.items, "types").unwrap_or(&[]);
        let types: BTreeSet<String> = items.iter().filter_map(name_of).collect();
        let enums = draft.enums.iter().map(|one| one.name.clone());
        let builders = draft.operations.iter().map(|one| names::builder(&one.id));
        let taken = types.iter().cloned().chain(enums).chain(builders).collect();
        Self { types, taken }
    }
}

/// The name of a type that `item` declares.
pub(super) fn name_of(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

/// Which module the source is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// A file of `types`, which imports other types by their names.
    Types,
    /// Another file, which calls a type `types::Ticket` although its source is in `types`.
    Elsewhere,
    /// Another file, whose source names no type without a path.
    Plain,
}

/// Shortens paths and records what has to be imported for it.
#[derive(Debug)]
pub(super) struct Heads<'n> {
    names: &'n Names,
    home: Home,
    /// What to import, each as it stands behind `use`.
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

    /// Records an import, and returns the name that it brings.
    fn import(&mut self, path: String) {
        self.uses.insert(path);
    }

    fn is_free(&self, name: &str) -> bool {
        !self.names.taken.contains(name)
    }

    /// How many segments of the path go, if it can be shortened.
    fn cut(&mut self, names: &[&str], is_global: bool) -> Option<usize> {
        match *names {
            ["std", module, name, ..] if PRELUDE.contains(&(module, name)) => self.is_free(name).then_some(2),
            ["std", "collections", "BTreeMap", ..] if self.is_free("BTreeMap") => {
                self.import("std::collections::BTreeMap".to_owned());
                Some(2)
            }
            ["std", "fmt", _, ..] => {
                self.import("std::fmt".to_owned());
                Some(1)
            }
            [library @ ("prumo_runtime" | "serde_json"), name, ..] if is_global && self.is_free(name) => {
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
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
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

    /// What is within a derive is no path of a type.
    fn visit_attribute_mut(&mut self, _: &mut syn::Attribute) {}
}

/// Takes `prefix` off `path`, if it is there.
fn strip(path: &mut Path, prefix: &[&str]) -> bool {
    let names = path.segments.iter().map(|segment| &segment.ident);
    let is_there = path.segments.len() > prefix.len() && names.zip(prefix).all(|(name, known)| name == known);
    if is_there {
        path.segments = std::mem::take(&mut path.segments).into_iter().skip(prefix.len()).collect();
    }
    is_there
}

/// Whether `target` is called `name`, however its path is written.
pub(super) fn is_called(target: &Type, name: &str) -> bool {
    matches!(target, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// The tokens of `target` as a key: two types with one key are one type.
pub(super) fn key(target: &Type) -> String {
    target.to_token_stream().to_string()
}
