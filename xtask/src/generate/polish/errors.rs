//! Makes every error of an operation say which operation it is, also those
//! that come before the request is sent: a missing argument, a value that does
//! not convert.
//!
//! progenitor's `send` becomes `__send`, a name that no parameter can have.

use syn::{File, ImplItem, ImplItemFn, Item, Type, Visibility, parse_quote};

use super::module_mut;
use crate::generate::names::builder;
use crate::generate::prepare::Draft;

/// Wraps the `send` of all operations of `draft`.
pub(super) fn name_operations(file: &mut File, draft: &Draft) {
    for item in module_mut(&mut file.items, "builder").into_iter().flatten() {
        let Item::Impl(item) = item else { continue };
        let Type::Path(path) = &*item.self_ty else { continue };
        let Some(name) = path.path.segments.last().map(|segment| segment.ident.to_string()) else { continue };
        let Some(operation) = draft.operations.iter().find(|one| builder(&one.id) == name) else { continue };
        let Some(index) = item.items.iter().position(is_send) else { continue };
        if let ImplItem::Fn(inner) = &mut item.items[index] {
            let outer = wrap(inner, &operation.id);
            item.items.insert(index, ImplItem::Fn(outer));
        }
    }
}

fn is_send(item: &ImplItem) -> bool {
    matches!(item, ImplItem::Fn(function) if function.sig.ident == "send")
}

/// Hides `inner` and gives the `send` that calls it.
fn wrap(inner: &mut ImplItemFn, id: &str) -> ImplItemFn {
    let mut outer = inner.clone();
    outer.block = parse_quote!({ self.__send().await.map_err(|error| error.in_operation(#id)) });
    inner.sig.ident = syn::Ident::new("__send", inner.sig.ident.span());
    inner.vis = Visibility::Inherited;
    inner.attrs.clear();
    outer
}
