//! Names the branches of a union after their types, where typify only counts them (`Variant0`).
//!
//! Invariants:
//!
//! * A union gets either a name for each of its branches, each another one, or keeps the counts.

use std::collections::BTreeMap;

use syn::visit_mut::{self, VisitMut};
use syn::{Fields, File, Ident, Item, ItemEnum, Path, Type};

use super::module_mut;

/// Names the counted branches of all unions of `file`.
pub(super) fn name(file: &mut File) {
    let items = module_mut(&mut file.items, "types").map(Vec::as_mut_slice).unwrap_or_default();
    let mut names = BTreeMap::new();
    for item in items {
        match item {
            Item::Enum(item) => {
                names = names_of(item);
                Renamed(&names).visit_item_enum_mut(item);
            }
            // The implementations of a type stand behind it.
            Item::Impl(item) => Renamed(&names).visit_item_impl_mut(item),
            _ => names.clear(),
        }
    }
}

/// Returns the new name of each branch of `item` by its count, or an empty map.
fn names_of(item: &ItemEnum) -> BTreeMap<String, Ident> {
    let union = item.ident.to_string();
    let names: BTreeMap<String, Ident> = item
        .variants
        .iter()
        .map(|variant| (variant.ident.to_string(), &variant.fields))
        .filter(|(count, _)| is_counted(count))
        .filter_map(|(count, fields)| Some((count, type_name(fields, &union)?)))
        .collect();
    let mut distinct: Vec<&Ident> = names.values().collect();
    distinct.sort();
    distinct.dedup();
    if distinct.len() == item.variants.len() { names } else { BTreeMap::new() }
}

fn is_counted(name: &str) -> bool {
    name.strip_prefix("Variant")
        .is_some_and(|count| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns the name of a branch's only type, if the type has no parameters.
fn type_name(fields: &Fields, union: &str) -> Option<Ident> {
    let Fields::Unnamed(fields) = fields else { return None };
    let Some(Type::Path(only)) = fields.unnamed.first().map(|field| &field.ty) else {
        return None;
    };
    let last = only.path.segments.last().filter(|_| fields.unnamed.len() == 1)?;
    let name = last.ident.to_string();
    let is_named = last.arguments.is_none() && name.starts_with(char::is_uppercase);
    // typify names an anonymous branch's type after the union and the count.
    (is_named && !name.starts_with(union)).then(|| last.ident.clone())
}

struct Renamed<'n>(&'n BTreeMap<String, Ident>);

impl VisitMut for Renamed<'_> {
    fn visit_variant_mut(&mut self, variant: &mut syn::Variant) {
        if let Some(name) = self.0.get(&variant.ident.to_string()) {
            variant.ident = name.clone();
        }
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let is_own = path.segments.len() == 2 && path.segments[0].ident == "Self";
        let Some(last) = path.segments.last_mut().filter(|_| is_own) else { return };
        if let Some(name) = self.0.get(&last.ident.to_string()) {
            last.ident = name.clone();
        }
    }
}
