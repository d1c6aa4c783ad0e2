//! Finds the objects of OpenAPI inside an object, by the vocabulary of 3.0 and the newer words of 3.1.

use super::tree::{Held, Members, Tree};
use crate::vocabulary::{Holds, ObjectKind, holds};

/// Keywords of 3.1 that hold objects, by the object that has them.
const NEWER: [(ObjectKind, &str, Holds); 14] = [
    (ObjectKind::Document, "webhooks", Holds::Named(ObjectKind::PathItem)),
    (ObjectKind::Components, "pathItems", Holds::Named(ObjectKind::PathItem)),
    (ObjectKind::Schema, "$defs", Holds::Named(ObjectKind::Schema)),
    (ObjectKind::Schema, "definitions", Holds::Named(ObjectKind::Schema)),
    (ObjectKind::Schema, "dependentSchemas", Holds::Named(ObjectKind::Schema)),
    (ObjectKind::Schema, "patternProperties", Holds::Named(ObjectKind::Schema)),
    (ObjectKind::Schema, "prefixItems", Holds::Many(ObjectKind::Schema)),
    (ObjectKind::Schema, "contains", Holds::One(ObjectKind::Schema)),
    (ObjectKind::Schema, "if", Holds::One(ObjectKind::Schema)),
    (ObjectKind::Schema, "then", Holds::One(ObjectKind::Schema)),
    (ObjectKind::Schema, "else", Holds::One(ObjectKind::Schema)),
    (ObjectKind::Schema, "propertyNames", Holds::One(ObjectKind::Schema)),
    (ObjectKind::Schema, "unevaluatedItems", Holds::SchemaOrFlag),
    (ObjectKind::Schema, "unevaluatedProperties", Holds::SchemaOrFlag),
];

impl Members {
    /// Calls `visit` with each object right inside an object of this kind, and with its kind.
    pub(super) fn each_object(
        &mut self,
        kind: ObjectKind,
        visit: &mut dyn FnMut(ObjectKind, &mut Tree),
    ) {
        for (name, member) in &mut self.0 {
            match (held_by(kind, name), &mut member.held) {
                (Some(Holds::One(kind)), _) => visit(kind, member),
                (Some(Holds::SchemaOrFlag), Held::Mapping(_)) => visit(ObjectKind::Schema, member),
                (Some(Holds::Many(kind)), Held::List(items)) => {
                    items.iter_mut().for_each(|item| visit(kind, item));
                }
                (Some(Holds::Named(kind)), Held::Mapping(Self(named))) => {
                    named.iter_mut().for_each(|(_, one)| visit(kind, one));
                }
                _ => {}
            }
        }
    }
}

fn held_by(kind: ObjectKind, name: &str) -> Option<Holds> {
    let newer = NEWER.iter().find(|(of, known, _)| *of == kind && *known == name);
    newer.map(|(_, _, holds)| *holds).or_else(|| holds(kind, name))
}
