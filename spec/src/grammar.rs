//! Walks a document by the grammar of OpenAPI 3.0 and complains of what is not
//! in it: misspelt keywords, and values of the wrong kind.
//!
//! A reader drops unknown keywords without a word, so `requried:` would turn a required member
//! into an optional one.
//!
//! Invariants:
//!
//! * Every object that OpenAPI has a word for is an [`Object`] of the walk, once.
//! * `$ref` ends the walk: what it means is walked where it is written.

use serde_json::Value;

use crate::complaint::Complaints;
use crate::near::nearest;
use crate::openapi::{Node, OpenApi};
pub use crate::vocabulary::{Holds, ObjectKind, holds, may_refer, title};
use crate::vocabulary::{grammar, needed};

/// An object of the document.
#[derive(Clone, Debug)]
pub struct Object<'d> {
    /// The part of OpenAPI that it is.
    pub kind: ObjectKind,
    /// The object, where it is written.
    pub node: Node<'d>,
}

/// Returns all objects of a document, in document order.
pub fn walk<'d>(api: OpenApi<'d>, complaints: &mut Complaints<'_>) -> Vec<Object<'d>> {
    let mut objects = Vec::new();
    let mut open = vec![Object { kind: ObjectKind::Document, node: api.node() }];
    while let Some(object) = open.pop() {
        let start = open.len();
        visit(&object, complaints, &mut open);
        open[start..].reverse();
        objects.push(object);
    }
    objects
}

/// Checks one object, and adds the objects inside it to `found`.
fn visit<'d>(object: &Object<'d>, complaints: &mut Complaints<'_>, found: &mut Vec<Object<'d>>) {
    let Object { kind, node } = object;
    if !node.value().is_object() {
        complaints.error(node.at(), format!("{} that is no mapping", title(*kind)), "");
        return;
    }
    if node.has("$ref") && may_refer(*kind) {
        return;
    }
    for (name, child) in node.named_children() {
        match holds(*kind, name) {
            Some(holds) => open_value(holds, name, child, complaints, found),
            // Of the extensions only that is walked which holds what OpenAPI's own keywords hold.
            None if name.starts_with("x-") => {}
            None => unknown(*kind, name, child.at(), complaints),
        }
    }
    for name in needed(*kind).iter().filter(|name| !node.has(name)) {
        complaints.house(node.at(), format!("{} without `{name}`", title(*kind)), "");
    }
}

fn unknown(kind: ObjectKind, name: &str, at: &str, complaints: &mut Complaints<'_>) {
    let message = format!("{} has no keyword `{name}`", title(kind));
    let known: Vec<&str> = grammar(kind).iter().map(|(name, _)| *name).collect();
    let hint = match nearest(name, &known) {
        Some(near) => format!("did you mean `{near}`?"),
        None if newer(name) => "it came with OpenAPI 3.1, which cannot be generated".to_owned(),
        None => String::new(),
    };
    complaints.house(at, message, &hint);
}

/// Returns whether `name` is a keyword of OpenAPI 3.1, which people write into 3.0.
fn newer(name: &str) -> bool {
    [
        "const",
        "examples",
        "$defs",
        "webhooks",
        "prefixItems",
        "if",
        "then",
        "else",
        "patternProperties",
    ]
    .contains(&name)
}

fn open_value<'d>(
    holds: Holds,
    name: &str,
    node: Node<'d>,
    complaints: &mut Complaints<'_>,
    found: &mut Vec<Object<'d>>,
) {
    let value = node.value();
    let expected = match holds {
        Holds::Text if !value.is_string() => "text",
        Holds::Flag if !value.is_boolean() => "`true` or `false`",
        Holds::Number if !value.is_number() => "a number",
        Holds::Count if !value.is_u64() => "a whole number",
        Holds::Texts if !value.as_array().is_some_and(|all| all.iter().all(Value::is_string)) => {
            "a list of text"
        }
        Holds::List | Holds::Many(_) if !value.is_array() => "a list",
        Holds::Named(_) | Holds::One(_) if !value.is_object() => "a mapping",
        Holds::SchemaOrFlag if !value.is_object() && !value.is_boolean() => {
            "a schema, `true` or `false`"
        }
        _ => "",
    };
    if !expected.is_empty() {
        let hint = match name {
            "type" => "OpenAPI 3.0 has one type; say `nullable: true` for null",
            "exclusiveMinimum" | "exclusiveMaximum" => {
                "OpenAPI 3.0 has a flag beside `minimum` or `maximum`"
            }
            _ if expected == "text" && (value.is_number() || value.is_boolean()) => {
                "put it in quotes"
            }
            "required" if expected == "a list of text" => {
                "list the names of the members that must be there"
            }
            _ if expected == "a list of text" && value.is_array() => "put each in quotes",
            _ => "",
        };
        complaints.error(node.at(), format!("`{name}` must be {expected}"), hint);
        return;
    }
    match holds {
        Holds::One(kind) => found.push(Object { kind, node }),
        Holds::SchemaOrFlag if value.is_object() => {
            found.push(Object { kind: ObjectKind::Schema, node })
        }
        Holds::Many(kind) | Holds::Named(kind) => {
            found.extend(node.children().map(|node| Object { kind, node }));
        }
        _ => {}
    }
}
