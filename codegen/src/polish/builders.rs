//! Makes the builders of bodies as easy as those of operations, and takes the
//! others out: nobody makes an answer, and each builder costs a user's compiler
//! as much as the type itself.
//!
//! Invariants:
//!
//! * A type has a builder if and only if some request body holds it.
//! * A setter of an optional field takes the value, not an `Option` of it:
//!   what is not set is not sent.
//! * `extra` need not be given.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, File, GenericArgument, ImplItem, Item, PathArguments, Type, WherePredicate, parse_quote};

use super::{is_flattened, module_mut};
use crate::prepare::{Draft, schema};

/// Takes out the builders of all types that no request body holds.
pub(super) fn keep_those_of_bodies(file: &mut File, draft: &Draft) {
    let Some(types) = module_mut(&mut file.items, "types") else { return };
    let bodies = draft.operations.iter().filter_map(|one| one.body.as_ref().map(|body| &body.schema));
    let sent = schema::reachable(&draft.schemas, bodies);
    let is_sent = |name: &str| sent.contains(name);
    for item in types.iter_mut() {
        if let Item::Impl(item) = item
            && item.trait_.is_none()
            && !owner_of(item).is_some_and(|owner| is_sent(&owner))
        {
            item.items.retain(|item| !is_start(item));
        }
    }
    types.retain(|item| !matches!(item, Item::Impl(item) if item.trait_.is_none() && item.items.is_empty()));
    if let Some(builders) = module_mut(types, "builder") {
        builders.retain(|item| match item {
            Item::Struct(item) => is_sent(&item.ident.to_string()),
            Item::Impl(item) => owner_of(item).is_some_and(|owner| is_sent(&owner)),
            _ => true,
        });
        if builders.is_empty() {
            types.retain(|item| !matches!(item, Item::Mod(module) if module.ident == "builder"));
        }
    }
}

/// Whether `item` is the function that starts a builder.
fn is_start(item: &ImplItem) -> bool {
    matches!(item, ImplItem::Fn(function) if function.sig.ident == "builder")
}

/// The name of the type that `item` is about; the builder and what it builds have the same.
fn owner_of(item: &syn::ItemImpl) -> Option<String> {
    let Type::Path(path) = &*item.self_ty else { return None };
    path.path.segments.last().map(|segment| segment.ident.to_string())
}

/// Eases the builders of all body types.
pub(super) fn ease(file: &mut File) {
    let Some(types) = module_mut(&mut file.items, "types") else {
        return;
    };
    let flattened: Vec<(String, String)> = types.iter().filter_map(flattened_field).collect();
    let Some(builders) = module_mut(types, "builder") else {
        return;
    };
    for item in builders {
        let Item::Impl(item) = item else { continue };
        let name = owner_of(item);
        let is_default = item.trait_.as_ref().is_some_and(|(path, _)| ends_with(path, "Default"));
        if is_default {
            let extra = flattened.iter().find(|(owner, _)| Some(owner) == name.as_ref());
            if let Some((_, field)) = extra {
                Defaults { field }.visit_item_impl_mut(item);
            }
        } else if item.trait_.is_none() {
            item.items.iter_mut().for_each(take_value);
        }
    }
}

fn ends_with(path: &syn::Path, name: &str) -> bool {
    path.segments.last().is_some_and(|segment| segment.ident == name)
}

fn flattened_field(item: &Item) -> Option<(String, String)> {
    let Item::Struct(item) = item else {
        return None;
    };
    let field = item.fields.iter().find(|field| is_flattened(field))?;
    Some((item.ident.to_string(), field.ident.as_ref()?.to_string()))
}

/// Gives one field of a builder a default.
struct Defaults<'n> {
    field: &'n str,
}

impl VisitMut for Defaults<'_> {
    fn visit_field_value_mut(&mut self, value: &mut syn::FieldValue) {
        if matches!(&value.member, syn::Member::Named(name) if name == self.field) {
            value.expr = parse_quote!(Ok(::std::default::Default::default()));
        }
    }
}

/// Changes `T: TryInto<Option<X>>` into `T: TryInto<X>`, mapped to `Some`.
fn take_value(item: &mut ImplItem) {
    let ImplItem::Fn(function) = item else { return };
    let Some(clause) = &mut function.sig.generics.where_clause else {
        return;
    };
    let mut optional = false;
    for predicate in &mut clause.predicates {
        let WherePredicate::Type(predicate) = predicate else {
            continue;
        };
        for bound in &mut predicate.bounds {
            let syn::TypeParamBound::Trait(bound) = bound else {
                continue;
            };
            let Some(last) = bound.path.segments.last_mut().filter(|segment| segment.ident == "TryInto")
            else {
                continue;
            };
            let PathArguments::AngleBracketed(arguments) = &mut last.arguments else {
                continue;
            };
            let Some(GenericArgument::Type(target)) = arguments.args.first_mut() else {
                continue;
            };
            if let Some(inner) = inner_of(target, "Option") {
                *target = inner;
                optional = true;
            }
        }
    }
    if optional {
        MapSome.visit_block_mut(&mut function.block);
    }
}

/// `X` of `Option<X>`, however the path is written.
pub(crate) fn inner_of(target: &Type, wrapper: &str) -> Option<Type> {
    let Type::Path(path) = target else {
        return None;
    };
    let last = path.path.segments.last().filter(|segment| segment.ident == wrapper)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner.clone()),
        _ => None,
    }
}

/// Turns `value.try_into()` into `value.try_into().map(Some)`.
struct MapSome;

impl VisitMut for MapSome {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if matches!(expression, Expr::MethodCall(call) if call.method == "try_into") {
            let call = expression.clone();
            *expression = parse_quote!(#call.map(Some));
        }
    }
}
