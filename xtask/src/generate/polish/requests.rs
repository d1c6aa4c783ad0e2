//! Writes into the requests what progenitor has no notion of: a JSON body that
//! may be left out, a list in one query parameter.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprCall, File, ItemImpl, Lit, Type, parse_quote};

use super::module_mut;
use crate::generate::names::builder;
use crate::generate::prepare::{Draft, Operation};

/// Mends the requests of `file`, the client of `draft`.
pub(super) fn mend(file: &mut File, draft: &Draft) {
    let Some(builders) = module_mut(&mut file.items, "builder") else { return };
    for operation in &draft.operations {
        let owner = builder(&operation.id);
        for item in builders.iter_mut() {
            match item {
                syn::Item::Impl(item) if is_of(item, &owner) => {
                    Request { operation }.visit_item_impl_mut(item);
                }
                _ => {}
            }
        }
    }
}

fn is_of(item: &ItemImpl, owner: &str) -> bool {
    matches!(&*item.self_ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == owner))
}

struct Request<'d> {
    operation: &'d Operation,
}

impl VisitMut for Request<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let may_be_absent = self.operation.body.as_ref().is_some_and(|body| body.may_be_absent);
        match expression {
            Expr::MethodCall(call) if may_be_absent && call.method == "json" => {
                let (request, body) = (&call.receiver, &call.args);
                *expression = parse_quote!(#request.json_if_any(#body)?);
            }
            Expr::Call(call) => {
                if let Some((name, separator)) = query_list(call, self.operation) {
                    let value = &call.args[1];
                    *expression =
                        parse_quote!(progenitor_client::QueryParam::joined(#name, #value, #separator));
                }
            }
            _ => {}
        }
    }
}

/// The name of the query parameter that `call` makes, and what its items are parted by.
fn query_list(call: &ExprCall, operation: &Operation) -> Option<(String, char)> {
    let Expr::Path(path) = &*call.func else { return None };
    let mut segments = path.path.segments.iter().rev();
    if segments.next()?.ident != "new" || segments.next()?.ident != "QueryParam" {
        return None;
    }
    let Expr::Lit(name) = call.args.first()? else { return None };
    let Lit::Str(name) = &name.lit else { return None };
    let name = name.value();
    let parameter = operation.parameters.iter().find(|one| one.place == "query" && one.name == name)?;
    Some((name, parameter.separator?))
}
