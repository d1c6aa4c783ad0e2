//! Decides which types have a builder.
//!
//! Invariants:
//!
//! * A type has a builder if and only if some request body contains it: callers never build a
//!   response, and each builder costs a user's compiler as much as the type itself.

use std::collections::BTreeSet;

use syn::{GenericArgument, PathArguments, Type};

use crate::prepare::{Draft, schema};

/// Collects the types that some request body of `draft` contains.
pub(crate) fn sent(draft: &Draft) -> BTreeSet<String> {
    let bodies =
        draft.operations.iter().filter_map(|one| one.body.as_ref().map(|body| &body.schema));
    schema::reachable(&draft.schemas, bodies)
}

/// Returns `X` of `Option<X>`, however the path is written.
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
