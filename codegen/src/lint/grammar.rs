//! Walks a document by the grammar of OpenAPI 3.0 and complains of everything outside of it:
//! misspelt keywords, and values of the wrong kind.
//!
//! progenitor's parser silently drops unknown keywords, so `requried:` would turn a required member
//! into an optional one.
//!
//! Invariants:
//!
//! * Every object that other lints look at is a [`Node`] of the walk, exactly once.
//! * A `$ref` ends the walk: its target is walked where it is written.

use serde_json::Value;

use super::vocabulary::{Holds, Kind, grammar, may_refer, needed, title};
use prumo_spec::below;
use prumo_spec::complaint::Complaints;
use prumo_spec::nearest;

/// An object of the document.
#[derive(Clone, Debug)]
pub(crate) struct Node<'d> {
    /// The kind of object.
    pub(crate) kind: Kind,
    /// Its value.
    pub(crate) value: &'d Value,
    /// The pointer to it.
    pub(crate) at: String,
}

/// Returns all objects of `root`, in document order.
pub(crate) fn walk<'d>(root: &'d Value, complaints: &mut Complaints<'_>) -> Vec<Node<'d>> {
    let mut nodes = Vec::new();
    let mut open = vec![Node { kind: Kind::Document, value: root, at: String::new() }];
    while let Some(node) = open.pop() {
        let mut below = visit(&node, complaints);
        below.reverse();
        open.append(&mut below);
        nodes.push(node);
    }
    nodes
}

/// Checks one object and returns the objects inside it.
fn visit<'d>(node: &Node<'d>, complaints: &mut Complaints<'_>) -> Vec<Node<'d>> {
    let Some(members) = node.value.as_object() else {
        complaints.error(&node.at, format!("{} that is no mapping", title(node.kind)), "");
        return Vec::new();
    };
    if members.contains_key("$ref") && may_refer(node.kind) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (name, value) in members {
        let at = below(&node.at, name);
        // Of the extensions only that is walked which holds what OpenAPI's own keywords hold.
        if name.starts_with("x-") && holds(node.kind, name).is_none() {
            continue;
        }
        match holds(node.kind, name) {
            Some(holds) => open_value(holds, value, &at, name, complaints, &mut found),
            None => unknown(node.kind, name, &at, complaints),
        }
    }
    for name in needed(node.kind) {
        if !members.contains_key(*name) {
            complaints.house(&node.at, format!("{} without `{name}`", title(node.kind)), "");
        }
    }
    found
}

fn unknown(kind: Kind, name: &str, at: &str, complaints: &mut Complaints<'_>) {
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
    ["const", "examples", "$defs", "webhooks", "prefixItems", "if", "then", "else", "patternProperties"]
        .contains(&name)
}

fn open_value<'d>(
    holds: Holds,
    value: &'d Value,
    at: &str,
    name: &str,
    complaints: &mut Complaints<'_>,
    found: &mut Vec<Node<'d>>,
) {
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
        Holds::SchemaOrFlag if !value.is_object() && !value.is_boolean() => "a schema, `true` or `false`",
        _ => "",
    };
    if !expected.is_empty() {
        let hint = match name {
            "type" => "OpenAPI 3.0 has one type; say `nullable: true` for null",
            "exclusiveMinimum" | "exclusiveMaximum" => "OpenAPI 3.0 has a flag beside `minimum` or `maximum`",
            _ if expected == "text" && (value.is_number() || value.is_boolean()) => "put it in quotes",
            "required" if expected == "a list of text" => "list the names of the members that must be there",
            _ if expected == "a list of text" && value.is_array() => "put each in quotes",
            _ => "",
        };
        complaints.error(at, format!("`{name}` must be {expected}"), hint);
        return;
    }
    match (holds, value) {
        (Holds::One(kind), _) => found.push(Node { kind, value, at: at.to_owned() }),
        (Holds::SchemaOrFlag, Value::Object(_)) => {
            found.push(Node { kind: Kind::Schema, value, at: at.to_owned() });
        }
        (Holds::Many(kind), Value::Array(all)) => {
            found.extend(all.iter().enumerate().map(|(index, value)| Node {
                kind,
                value,
                at: format!("{at}/{index}"),
            }));
        }
        (Holds::Named(kind), Value::Object(all)) => {
            found.extend(all.iter().map(|(name, value)| Node { kind, value, at: below(at, name) }));
        }
        _ => {}
    }
}

/// Returns the kind of value of the keyword `name` of `kind`, or `None` if it is no such keyword.
pub(super) fn holds(kind: Kind, name: &str) -> Option<Holds> {
    match kind {
        Kind::Paths => return Some(Holds::One(Kind::PathItem)),
        Kind::Responses => return Some(Holds::One(Kind::Response)),
        Kind::Callback => return Some(Holds::One(Kind::PathItem)),
        _ => {}
    }
    grammar(kind).iter().find(|(known, _)| *known == name).map(|(_, holds)| *holds)
}
