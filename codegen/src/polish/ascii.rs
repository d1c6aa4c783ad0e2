//! Takes the accents off the Rust names that progenitor and typify made; the wire keeps them.

use syn::visit_mut::VisitMut;
use syn::{Field, File, Ident, Item, parse_quote};

use super::{module_mut, wire_name};
use prumo_spec::without_marks;

/// Renames what has an accent in its name.
pub(super) fn rename(file: &mut File) {
    for item in module_mut(&mut file.items, "types").into_iter().flatten() {
        if let Item::Struct(item) = item {
            item.fields.iter_mut().for_each(keep_on_the_wire);
        }
    }
    Plain.visit_file_mut(file);
}

/// Says the wire name of a field whose Rust name is going to change.
fn keep_on_the_wire(field: &mut Field) {
    let Some(own) = field.ident.as_ref().map(ToString::to_string) else { return };
    if !own.is_ascii() && wire_name(field) == own {
        field.attrs.push(parse_quote!(#[serde(rename = #own)]));
    }
}

struct Plain;

impl VisitMut for Plain {
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        let name = ident.to_string();
        if !name.is_ascii() {
            *ident = Ident::new(&without_marks(&name), ident.span());
        }
    }
}
