//! Gives fields the names that the project chose.
//!
//! Invariants:
//!
//! * serde keeps the wire name of a renamed field.

use std::collections::BTreeMap;

use syn::visit_mut::{self, VisitMut};
use syn::{File, Ident, Item, Member, parse_quote};

use super::{module_mut, wire_name};
use crate::prepare::Draft;

/// Renames the fields of all types of `file`.
pub(super) fn rename(file: &mut File, draft: &Draft) {
    let mut renamed = Renamed::default();
    for item in module_mut(&mut file.items, "types").into_iter().flatten() {
        match item {
            Item::Struct(item) => {
                renamed.0.clear();
                let Some(names) = draft.field_names.get(&item.ident.to_string()) else { continue };
                for field in &mut item.fields {
                    let wire = wire_name(field);
                    let Some((old, new)) = field.ident.as_mut().zip(names.get(&wire)) else {
                        continue;
                    };
                    let new = Ident::new(new, old.span());
                    renamed.0.insert(old.to_string(), new.clone());
                    *old = new;
                    field.attrs.push(parse_quote!(#[serde(rename = #wire)]));
                }
            }
            // The implementations of a type stand behind it.
            Item::Impl(item) => renamed.visit_item_impl_mut(item),
            _ => renamed.0.clear(),
        }
    }
}

/// The new name of each renamed field by its old one.
#[derive(Default)]
struct Renamed(BTreeMap<String, Ident>);

impl VisitMut for Renamed {
    fn visit_member_mut(&mut self, member: &mut Member) {
        visit_mut::visit_member_mut(self, member);
        if let Member::Named(name) = member
            && let Some(new) = self.0.get(&name.to_string())
        {
            *name = new.clone();
        }
    }
}
