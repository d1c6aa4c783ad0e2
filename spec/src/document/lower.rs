//! Rewrites a document of OpenAPI 3.1 in the words of 3.0, so that everything behind the reader
//! knows one dialect.
//!
//! Invariants:
//!
//! * Every member that is kept or rewritten has the place where it, or what it came from, is
//!   written.
//! * A keyword without counterpart stays as it is. The readers know it as one of another dialect:
//!   they name its place and do not judge it.
//! * Nothing is made stricter than the document says.

mod schema;

use serde_json::Value;

use super::Version;
use super::build::Place;
use super::tree::{Held, Members, Tree};
use crate::vocabulary::{ObjectKind, may_refer};

/// The version that a rewritten document states.
const LOWERED: &str = "3.0.3";

/// Keywords of 3.1 that only describe, by the object that has them.
const ANNOTATIONS: [(ObjectKind, &str); 6] = [
    (ObjectKind::Document, "jsonSchemaDialect"),
    (ObjectKind::Info, "summary"),
    (ObjectKind::License, "identifier"),
    (ObjectKind::Schema, "$schema"),
    (ObjectKind::Schema, "$comment"),
    (ObjectKind::Schema, "$vocabulary"),
];

/// Rewrites a document, or a part of one.
pub(super) fn lowered(value: Value, place: Place) -> (Value, Place) {
    let mut tree = Tree::of(value, place);
    object(ObjectKind::Document, &mut tree);
    tree.parted()
}

/// Returns whether a document states a version that is rewritten.
pub(super) fn is_lowered(value: &Value) -> bool {
    Version::of(value).is_some_and(|version| version.is_lowered())
}

/// Rewrites an object of this kind, and first everything inside it.
pub(super) fn object(kind: ObjectKind, tree: &mut Tree) {
    if kind == ObjectKind::Schema {
        schema::unflagged(tree);
    }
    let Held::Mapping(members) = &mut tree.held else { return };
    if members.has("$ref") && may_refer(kind) && kind != ObjectKind::Schema {
        return;
    }
    members.0.retain(|(name, _)| !ANNOTATIONS.contains(&(kind, name.as_str())));
    members.each_object(kind, &mut object);
    match kind {
        ObjectKind::Document => document(members),
        ObjectKind::Schema => schema::lower(members),
        ObjectKind::Operation if !members.has("responses") => {
            let nothing = Held::Mapping(Members::default());
            let at = Tree { place: tree.place.clone(), held: nothing };
            members.0.push(("responses".to_owned(), at));
        }
        _ => {}
    }
}

/// States the version that the document has now. In 3.1 a document may have webhooks instead of
/// paths.
fn document(members: &mut Members) {
    let Some(version) = members.get("openapi") else { return };
    let (version, paths) =
        (version.scalar(LOWERED), version.beside(Held::Mapping(Members::default())));
    members.set("openapi", version);
    if !members.has("paths") {
        members.set("paths", paths);
    }
    if !members.has("x-webhooks") {
        if let Some(webhooks) = members.take("webhooks") {
            members.set("x-webhooks", webhooks);
        }
    }
}

#[cfg(test)]
mod tests;
