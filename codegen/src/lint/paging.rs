//! Complains of an `x-paging` that names something that does not exist: clients page by it, and the
//! judge checks by it.

use serde_json::Value;

use super::extensions::parameters;
use super::grammar::Node;
use prumo_spec::below;
use prumo_spec::complaint::Complaints;
use prumo_spec::nearest;
use prumo_spec::openapi::{Combination, resolve};
use prumo_spec::pointer::names;

/// The members and the kind of each value.
const MEMBERS: [(&str, Holds); 11] = [
    ("style", Holds::Word(&["pages", "paginator", "limit"])),
    ("page", Holds::Parameter),
    ("first", Holds::Number),
    ("size", Holds::ParameterOrNumber),
    ("items", Holds::List),
    ("total", Holds::Place),
    ("current", Holds::Place),
    ("last", Holds::Place),
    ("next", Holds::Place),
    ("end", Holds::Word(&["last-page", "next-page", "empty-page", "not-found"])),
    ("behind", Holds::Word(&["empty-page", "not-found"])),
];

/// The members that a style requires, and those that it excludes.
const STYLES: [(&str, &[&str], &[&str]); 3] = [
    ("pages", &["page", "first", "items", "end"], &[]),
    ("paginator", &["page", "first", "items", "end"], &[]),
    ("limit", &["size", "items"], &["page", "first", "end", "behind", "last", "next", "current"]),
];

/// Ends that need another member.
const TOLD_BY: [(&str, &str); 2] = [("last-page", "last"), ("next-page", "next")];

/// The kind of a member's value.
#[derive(Clone, Copy)]
enum Holds {
    Word(&'static [&'static str]),
    /// The name of a parameter of the operation.
    Parameter,
    ParameterOrNumber,
    Number,
    /// A JSON Pointer into the response.
    Place,
    /// A JSON Pointer to a list.
    List,
}

/// The greatest depth of combined schemas behind a pointer.
const MAX_DEPTH: usize = 16;

/// Lints the `x-paging` of the operation `node`.
pub(super) fn lint(root: &Value, node: &Node<'_>, value: &Value, at: &str, complaints: &mut Complaints<'_>) {
    let Some(members) = value.as_object() else {
        complaints.error(at, "`x-paging` must be a mapping", "");
        return;
    };
    for (name, value) in members {
        let at = below(at, name);
        match MEMBERS.iter().find(|(known, _)| known == name) {
            Some((_, holds)) => member(root, node, name, value, *holds, &at, complaints),
            None => {
                let hint = nearest(name, &MEMBERS.map(|(name, _)| name));
                let hint = hint.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
                complaints.error(&at, format!("paging has no `{name}`"), &hint);
            }
        }
    }
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let Some((style, needed, barred)) = STYLES.iter().find(|(style, ..)| text("style") == Some(style)) else {
        if text("style").is_none() {
            complaints.error(at, "`x-paging` without `style`", "`pages`, `paginator` or `limit`");
        }
        return;
    };
    for name in needed.iter().filter(|name| !members.contains_key(**name)) {
        complaints.error(at, format!("paging of style `{style}` without `{name}`"), "");
    }
    for name in barred.iter().filter(|name| members.contains_key(**name)) {
        complaints.error(&below(at, name), format!("paging of style `{style}` has no `{name}`"), "");
    }
    for (end, teller) in TOLD_BY {
        if text("end") == Some(end) && !members.contains_key(teller) {
            complaints.error(&below(at, "end"), format!("`{end}` without `{teller}` that tells it"), "");
        }
    }
}

fn member(
    root: &Value,
    node: &Node<'_>,
    name: &str,
    value: &Value,
    holds: Holds,
    at: &str,
    complaints: &mut Complaints<'_>,
) {
    match holds {
        Holds::Word(known) if !value.as_str().is_some_and(|word| known.contains(&word)) => {
            complaints.error(
                at,
                format!("`{name}` does not know {value}"),
                &format!("`{}`", known.join("`, `")),
            );
        }
        Holds::Number if value.as_u64().is_none() => {
            complaints.error(at, format!("`{name}` must be a whole number"), "");
        }
        Holds::ParameterOrNumber if value.as_u64().is_some_and(|size| size > 0) => {}
        Holds::Parameter | Holds::ParameterOrNumber => {
            let is_there = |wanted: &str| {
                parameters(root, node)
                    .iter()
                    .any(|one| one.get("name").and_then(Value::as_str) == Some(wanted))
            };
            match value.as_str() {
                Some(wanted) if is_there(wanted) => {}
                Some(wanted) => {
                    complaints.error(at, format!("the operation has no parameter `{wanted}`"), "");
                }
                None => complaints.error(at, format!("`{name}` must name a parameter"), ""),
            }
        }
        Holds::Place => {
            place(root, node, name, value, at, complaints);
        }
        Holds::List => {
            let kind = place(root, node, name, value, at, complaints).and_then(|schema| schema.get("type"));
            if kind.is_some_and(|kind| kind != "array") {
                complaints.error(at, format!("{value} is no list"), "name the list of the page's items");
            }
        }
        Holds::Word(_) | Holds::Number => {}
    }
}

/// Returns the schema of a place, and complains if no 2xx response promises it.
pub(super) fn place<'d>(
    root: &'d Value,
    node: &Node<'d>,
    name: &str,
    value: &Value,
    at: &str,
    complaints: &mut Complaints<'_>,
) -> Option<&'d Value> {
    let Some(pointer) = value.as_str().filter(|pointer| pointer.starts_with('/')) else {
        complaints.error(at, format!("`{name}` must be a JSON Pointer such as `/data`"), "");
        return None;
    };
    let promised = promised(root, node.value, pointer);
    if promised.is_none() {
        let hint = "name a field of the answer, envelope included";
        complaints.error(at, format!("no answer has `{pointer}`"), hint);
    }
    promised
}

/// Returns whether some 2xx response of `operation` promises the place `pointer`.
pub(super) fn is_promised(root: &Value, operation: &Value, pointer: &str) -> bool {
    promised(root, operation, pointer).is_some()
}

/// Returns the schema that some 2xx response of `operation` promises at `pointer`.
fn promised<'d>(root: &'d Value, operation: &'d Value, pointer: &str) -> Option<&'d Value> {
    let tokens: Vec<String> = names(pointer).collect();
    answers(root, operation).into_iter().find_map(|schema| below_schema(root, schema, &tokens, 0))
}

/// Returns the JSON schemas of the operation's 2xx responses.
fn answers<'d>(root: &'d Value, operation: &'d Value) -> Vec<&'d Value> {
    let responses = operation.get("responses").and_then(Value::as_object);
    let good = responses.into_iter().flatten().filter(|(status, _)| status.starts_with('2'));
    let contents = good
        .filter_map(|(_, response)| resolve(root, response, "")?.0.get("content")?.as_object())
        .flat_map(|content| content.values());
    contents.filter_map(|media| media.get("schema")).collect()
}

/// Returns the schema that these names lead to from `schema`.
fn below_schema<'d>(
    root: &'d Value,
    schema: &'d Value,
    tokens: &[String],
    depth: usize,
) -> Option<&'d Value> {
    let (schema, _) = resolve(root, schema, "")?;
    let Some((first, rest)) = tokens.split_first() else { return Some(schema) };
    if depth > MAX_DEPTH {
        return None;
    }
    if let Some(property) = schema.get("properties").and_then(|properties| properties.get(first)) {
        return below_schema(root, property, rest, depth + 1);
    }
    let parts = Combination::ALL.iter().filter_map(|how| schema.get(how.keyword())?.as_array()).flatten();
    parts.into_iter().find_map(|part| below_schema(root, part, tokens, depth + 1))
}
