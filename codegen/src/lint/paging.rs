//! Complains of an `x-paging` that names something that does not exist: clients page by it, and the
//! judge checks by it.

use serde_json::Value;

use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::{Node, Operation, PageBehind, PagingEnd, PagingStyle, Schema};
use prumo_spec::{below, nearest};

/// The members and the kind of each value.
const MEMBERS: [(&str, Holds); 11] = [
    ("style", Holds::Word(|| words(&PagingStyle::WORDS))),
    ("page", Holds::Parameter),
    ("first", Holds::Number),
    ("size", Holds::ParameterOrNumber),
    ("items", Holds::List),
    ("total", Holds::Place),
    ("current", Holds::Place),
    ("last", Holds::Place),
    ("next", Holds::Place),
    ("end", Holds::Word(|| words(&PagingEnd::WORDS))),
    ("behind", Holds::Word(|| words(&PageBehind::WORDS))),
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
    Word(fn() -> Vec<&'static str>),
    /// The name of a parameter of the operation.
    Parameter,
    ParameterOrNumber,
    Number,
    /// A JSON Pointer into the response.
    Place,
    /// A JSON Pointer to a list.
    List,
}

/// Lints the `x-paging` of an operation.
pub(super) fn lint(paging: &Node<'_>, operation: &Operation<'_>, complaints: &mut Complaints<'_>) {
    let at = paging.at();
    if !paging.value().is_object() {
        complaints.error(at, "`x-paging` must be a mapping", "");
        return;
    }
    for (name, node) in paging.named_children() {
        match MEMBERS.iter().find(|(known, _)| *known == name) {
            Some((_, holds)) => member(operation, name, &node, *holds, complaints),
            None => {
                let hint = nearest(name, &MEMBERS.map(|(name, _)| name));
                let hint = hint.map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
                complaints.error(node.at(), format!("paging has no `{name}`"), &hint);
            }
        }
    }
    let said = paging.words("style");
    let Some((style, needed, barred)) = STYLES.iter().find(|(style, ..)| *style == said) else {
        if !paging.get("style").is_some_and(Value::is_string) {
            complaints.error(at, "`x-paging` without `style`", "`pages`, `paginator` or `limit`");
        }
        return;
    };
    for name in needed.iter().filter(|name| !paging.has(name)) {
        complaints.error(at, format!("paging of style `{style}` without `{name}`"), "");
    }
    for name in barred.iter().filter(|name| paging.has(name)) {
        complaints.error(
            &below(at, name),
            format!("paging of style `{style}` has no `{name}`"),
            "",
        );
    }
    for (end, teller) in TOLD_BY {
        if paging.words("end") == end && !paging.has(teller) {
            complaints.error(
                &below(at, "end"),
                format!("`{end}` without `{teller}` that tells it"),
                "",
            );
        }
    }
}

fn member(
    operation: &Operation<'_>,
    name: &str,
    node: &Node<'_>,
    holds: Holds,
    complaints: &mut Complaints<'_>,
) {
    let (at, value) = (node.at(), node.value());
    match holds {
        Holds::Word(known) if !value.as_str().is_some_and(|word| known().contains(&word)) => {
            let hint = format!("`{}`", known().join("`, `"));
            complaints.error(at, format!("`{name}` does not know {value}"), &hint);
        }
        Holds::Number if value.as_u64().is_none() => {
            complaints.error(at, format!("`{name}` must be a whole number"), "");
        }
        Holds::ParameterOrNumber if value.as_u64().is_some_and(|size| size > 0) => {}
        Holds::Parameter | Holds::ParameterOrNumber => {
            let is_there = |wanted: &str| {
                operation.parameters().iter().flatten().any(|one| one.name() == wanted)
            };
            match value.as_str() {
                Some(wanted) if is_there(wanted) => {}
                Some(wanted) => {
                    complaints.error(at, format!("the operation has no parameter `{wanted}`"), "");
                }
                None => complaints.error(at, format!("`{name}` must name a parameter"), ""),
            }
        }
        Holds::Place => drop(place(operation, name, node, complaints)),
        Holds::List => {
            let schema = place(operation, name, node, complaints);
            if schema.and_then(|schema| schema.type_word()).is_some_and(|kind| kind != "array") {
                complaints.error(
                    at,
                    format!("{value} is no list"),
                    "name the list of the page's items",
                );
            }
        }
        Holds::Word(_) | Holds::Number => {}
    }
}

/// Complains of a place that no answer of success promises; returns what is promised there.
pub(super) fn place<'d>(
    operation: &Operation<'d>,
    name: &str,
    node: &Node<'_>,
    complaints: &mut Complaints<'_>,
) -> Option<Schema<'d>> {
    let Some(pointer) = node.value().as_str().filter(|pointer| pointer.starts_with('/')) else {
        complaints.error(node.at(), format!("`{name}` must be a JSON Pointer such as `/data`"), "");
        return None;
    };
    let promised = operation.promised_at(pointer);
    if promised.is_none() {
        let hint = "name a field of the answer, envelope included";
        complaints.error(node.at(), format!("no answer has `{pointer}`"), hint);
    }
    promised
}

fn words<T>(known: &[(&'static str, T)]) -> Vec<&'static str> {
    known.iter().map(|(word, _)| *word).collect()
}
