//! Gives a body the media type of the spec where progenitor knows only a
//! relative of it: JSON by another name, bytes that are an image.

use syn::{File, ImplItem, Item, Pat, Stmt, Type, parse_quote};

use super::module_mut;
use crate::generate::names::builder;
use crate::generate::prepare::Draft;

/// Writes the media types of `draft` into the requests of `file`.
pub(super) fn keep(file: &mut File, draft: &Draft) {
    let Some(builders) = module_mut(&mut file.items, "builder") else { return };
    for operation in &draft.operations {
        let Some(media) = operation.body.as_ref().and_then(|body| body.content_type.as_deref()) else {
            continue;
        };
        let owner = builder(&operation.id);
        for item in builders.iter_mut() {
            let Item::Impl(item) = item else { continue };
            let is_owner = matches!(&*item.self_ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == owner));
            if is_owner {
                item.items.iter_mut().for_each(|item| insert(item, media));
            }
        }
    }
}

/// The header replaces the one that comes with the body.
fn insert(item: &mut ImplItem, media: &str) {
    let ImplItem::Fn(function) = item else { return };
    let declares = |statement: &Stmt| matches!(statement, Stmt::Local(local) if matches!(&local.pat, Pat::Ident(name) if name.ident == "header_map"));
    let statements = &mut function.block.stmts;
    if let Some(index) = statements.iter().position(declares) {
        let insert = parse_quote! {
            header_map.insert(
                ::reqwest::header::CONTENT_TYPE,
                ::reqwest::header::HeaderValue::from_static(#media),
            );
        };
        statements.insert(index + 1, insert);
    }
}
