//! Complains of operations that progenitor refuses, panics on or merges.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::parameter;
use prumo_spec::complaint::Complaints;
use prumo_spec::grammar::{Object, ObjectKind};
use prumo_spec::openapi::{Node, Operation, ParameterPlace, PathItem, read_status};
use prumo_spec::{OpenApi, RESERVED_METHODS, below};

/// Lints all paths and operations.
pub(super) fn lint(api: OpenApi<'_>, objects: &[Object<'_>], complaints: &mut Complaints<'_>) {
    unique_ids(api, complaints);
    let schemes: BTreeSet<&str> = api.security_schemes().map(|scheme| scheme.name()).collect();
    for Object { kind, node } in objects {
        match kind {
            ObjectKind::Operation => {
                if complaints.is_house() && !node.has("x-source") {
                    complaints.error(
                        node.at(),
                        "an operation without `x-source`",
                        "say where it was learned",
                    );
                }
                security(node, &schemes, complaints);
                left_out(node, complaints);
            }
            ObjectKind::PathItem => left_out(node, complaints),
            ObjectKind::Responses => responses(node, complaints),
            ObjectKind::Response => content(node, complaints),
            ObjectKind::Document => {
                security(node, &schemes, complaints);
                if !complaints.is_house() {
                    let message = "a foreign document: no operation has `x-source`, so no field needs evidence";
                    complaints.warning("/paths", message, "");
                }
            }
            ObjectKind::Paths => paths(node, complaints),
            _ => {}
        }
    }
}

/// Complains of keywords that have no counterpart in a client.
fn left_out(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    if node.has("servers") {
        let message = "`servers` of its own are not used: a client has one base URL";
        complaints.house(
            &below(node.at(), "servers"),
            message,
            "make another client for the other host",
        );
    }
    if node.has("callbacks") {
        complaints.house(&below(node.at(), "callbacks"), "callbacks are not generated", "");
    }
}

/// Complains of operation ids that are not unique, including those of a path that only refers to
/// another.
fn unique_ids(api: OpenApi<'_>, complaints: &mut Complaints<'_>) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for item in api.paths().into_iter().flatten().flatten() {
        let at = below("/paths", item.path());
        for operation in item.operations().flatten() {
            let at = below(&at, operation.method().key());
            unique_id(&operation, &at, &mut seen, complaints);
        }
    }
    for webhook in api.webhooks().into_iter().flatten().flatten() {
        unique_id(&webhook.operation, webhook.operation.at(), &mut seen, complaints);
    }
}

fn unique_id(
    operation: &Operation<'_>,
    at: &str,
    seen: &mut BTreeMap<String, String>,
    complaints: &mut Complaints<'_>,
) {
    let id = operation.id();
    let name = parameter(id);
    let mut place = below(at, "operationId");
    if !operation.node().has("operationId") {
        place = at.to_owned();
        complaints.house(
            at,
            "an operation without `operationId`",
            &format!("it is called `{name}`"),
        );
    }
    if RESERVED_METHODS.contains(&name.as_str()) {
        let message = format!("an operation cannot be the method `{name}`");
        complaints.error(&place, message, "choose another operationId");
    }
    // Builders are named in PascalCase, where underscores do not count.
    match seen.get(&name.replace('_', "")) {
        Some(other) => complaints.error(
            &place,
            format!("operationId `{id}` is also that of `{other}`, or becomes the same method"),
            "operationIds are unique without regard to case and underscores",
        ),
        None => {
            seen.insert(name.replace('_', ""), at.to_owned());
        }
    }
}

fn security(node: &Node<'_>, schemes: &BTreeSet<&str>, complaints: &mut Complaints<'_>) {
    for alternative in node.items("security").into_iter().flatten() {
        for (name, _) in alternative.named_children().filter(|(name, _)| !schemes.contains(name)) {
            let hint = "declare it in `components.securitySchemes`";
            let message = format!("security scheme `{name}` is not declared");
            complaints.house(alternative.at(), message, hint);
        }
    }
}

fn responses(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let mut statuses =
        node.named_children().filter(|(status, _)| !status.starts_with("x-")).peekable();
    if node.value().is_object() && statuses.peek().is_none() {
        complaints.house(node.at(), "an operation without an answer", "");
    }
    for (status, answer) in statuses {
        let at = answer.at();
        match read_status(status) {
            Some(read) if read == status => {}
            Some(read) => {
                complaints.house(at, format!("`{status}` is read as `{read}`"), "write it so")
            }
            None if complaints.is_house() => {
                complaints.error(
                    at,
                    format!("`{status}` is no status"),
                    "`200`, `2XX` and `default` are",
                );
            }
            None => complaints.warning(
                at,
                format!("`{status}` is no status, so its answer is left out"),
                "`200`, `2XX` and `default` are",
            ),
        }
    }
}

/// Complains of a JSON response without a schema.
fn content(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    for (media, object) in node.entries("content", "").into_iter().flatten() {
        if !object.has("schema") {
            complaints.house(object.at(), format!("an answer of `{media}` without a schema"), "");
        }
    }
}

fn paths(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let items: BTreeMap<&str, PathItem<'_>> = node
        .api()
        .paths()
        .into_iter()
        .flatten()
        .flatten()
        .map(|item| (item.path(), item))
        .collect();
    for (path, item) in node.named_children().filter(|(path, _)| !path.starts_with("x-")) {
        let at = item.at();
        let Some(names) = template(path, at, complaints) else {
            continue;
        };
        let anonymous = names
            .iter()
            .fold(path.to_owned(), |path, name| path.replace(&format!("{{{name}}}"), "{}"));
        if let Some(other) = seen.insert(anonymous, path) {
            complaints.house(at, format!("`{path}` is the same path as `{other}`"), "");
        }
        for operation in items.get(path).into_iter().flat_map(PathItem::operations).flatten() {
            declared(&names, &operation, complaints);
        }
    }
}

/// Returns the parameters of a path template, in order.
fn template<'p>(path: &'p str, at: &str, complaints: &mut Complaints<'_>) -> Option<Vec<&'p str>> {
    if !path.starts_with('/') {
        complaints.error(at, format!("path `{path}` does not start with `/`"), "");
        return None;
    }
    if path.contains(['?', '#']) {
        complaints.error(
            at,
            format!("path `{path}` holds a query or a fragment"),
            "declare query parameters instead",
        );
        return None;
    }
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(open) = rest.find(['{', '}']) {
        let close = rest[open..].find('}').map(|close| open + close);
        match (rest[open..].starts_with('{'), close) {
            (true, Some(close))
                if !rest[open + 1..close].contains(['{', '/']) && close > open + 1 =>
            {
                names.push(&rest[open + 1..close]);
                rest = &rest[close + 1..];
            }
            _ => {
                complaints.error(at, format!("the braces of path `{path}` do not match"), "");
                return None;
            }
        }
    }
    Some(names)
}

/// Complains of path parameters that are declared but not used, or used but not declared.
fn declared(names: &[&str], operation: &Operation<'_>, complaints: &mut Complaints<'_>) {
    let (at, path) = (operation.at(), operation.path());
    let mut declared: Vec<&str> = Vec::new();
    let mut seen: BTreeMap<String, (&str, ParameterPlace)> = BTreeMap::new();
    let parameters = operation.written_parameters();
    for (name, place) in parameters.iter().flatten().map(|one| (one.name(), one.place())) {
        if place == ParameterPlace::Path {
            declared.push(name);
            if !names.contains(&name) {
                let message = format!("path parameter `{name}` is not in `{path}`");
                complaints.house(at, message, "put it into the path, or take it off the operation");
                continue;
            }
        }
        let known = seen.insert(parameter(name), (name, place));
        let other = known.filter(|known| *known != (name, place) && complaints.is_house());
        if let Some((other, other_place)) = other {
            let (place, other_place) = (place.word(), other_place.word());
            complaints.error(
                at,
                format!("parameters `{name}` ({place}) and `{other}` ({other_place}) become the same method"),
                "a builder has one method for a name: leave one of the two",
            );
        }
    }
    for name in names {
        if !declared.contains(name) {
            complaints.error(
                at,
                format!("path parameter `{name}` of `{path}` is not declared"),
                &format!(
                    "add `{{name: {name}, in: path, required: true, schema: {{type: string}}}}`"
                ),
            );
        }
        if names.iter().filter(|other| *other == name).count() > 1 {
            complaints.error(at, format!("path parameter `{name}` is twice in `{path}`"), "");
        }
    }
}
