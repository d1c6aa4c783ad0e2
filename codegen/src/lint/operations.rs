//! Complains of operations that progenitor refuses, panics on or merges.

use std::collections::BTreeMap;

use serde_json::Value;

use super::grammar::Node;
use super::operation_id;
use super::vocabulary::Kind;
use crate::names::parameter;
use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::{read_status, resolve};
use prumo_spec::{Method, RESERVED_METHODS, below};

/// Lints all paths and operations.
pub(super) fn lint(root: &Value, nodes: &[Node<'_>], complaints: &mut Complaints<'_>) {
    unique_ids(root, complaints);
    let schemes = root.pointer("/components/securitySchemes").and_then(Value::as_object);
    for node in nodes {
        match node.kind {
            Kind::Operation => {
                if complaints.is_house() && node.value.get("x-source").is_none() {
                    complaints.error(&node.at, "an operation without `x-source`", "say where it was learned");
                }
                security(node, schemes, complaints);
                left_out(node, complaints);
            }
            Kind::PathItem => left_out(node, complaints),
            Kind::Responses => responses(node, complaints),
            Kind::Response => content(node, complaints),
            Kind::Document => {
                security(node, schemes, complaints);
                if !complaints.is_house() {
                    let message =
                        "a foreign document: no operation has `x-source`, so no field needs evidence";
                    complaints.warning("/paths", message, "");
                }
            }
            Kind::Paths => paths(root, node, complaints),
            _ => {}
        }
    }
}

/// Complains of keywords that have no counterpart in a client.
fn left_out(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    if node.value.get("servers").is_some() {
        let message = "`servers` of its own are not used: a client has one base URL";
        complaints.house(&below(&node.at, "servers"), message, "make another client for the other host");
    }
    if node.value.get("callbacks").is_some() {
        complaints.house(&below(&node.at, "callbacks"), "callbacks are not generated", "");
    }
}

/// Complains of operation ids that are not unique, including those of a path that only refers to
/// another.
fn unique_ids(root: &Value, complaints: &mut Complaints<'_>) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let paths = root.get("paths").and_then(Value::as_object);
    let paths = paths.into_iter().flatten().filter(|(path, _)| !path.starts_with("x-"));
    let webhooks = root.get("x-webhooks").and_then(Value::as_object).into_iter().flatten();
    let items = paths.map(|item| ("/paths", item)).chain(webhooks.map(|item| ("/x-webhooks", item)));
    for (list, (name, item)) in items {
        let at = below(list, name);
        let Some((meant, _)) = resolve(root, item, &at) else { continue };
        for method in Method::ALL.map(Method::key) {
            if let Some(operation) = meant.get(method) {
                unique_id(operation, &below(&at, method), &mut seen, complaints);
            }
        }
    }
}

fn unique_id(
    operation: &Value,
    at: &str,
    seen: &mut BTreeMap<String, String>,
    complaints: &mut Complaints<'_>,
) {
    let id = operation_id(operation, at);
    let name = parameter(&id);
    let mut place = below(at, "operationId");
    if operation.get("operationId").is_none() {
        place = at.to_owned();
        complaints.house(at, "an operation without `operationId`", &format!("it is called `{name}`"));
    }
    if RESERVED_METHODS.contains(&name.as_str()) {
        complaints.error(
            &place,
            format!("an operation cannot be the method `{name}`"),
            "choose another operationId",
        );
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

fn security(
    node: &Node<'_>,
    schemes: Option<&serde_json::Map<String, Value>>,
    complaints: &mut Complaints<'_>,
) {
    let alternatives = node.value.get("security").and_then(Value::as_array);
    for (index, alternative) in alternatives.into_iter().flatten().enumerate() {
        for name in alternative.as_object().into_iter().flatten().map(|(name, _)| name) {
            if !schemes.is_some_and(|schemes| schemes.contains_key(name)) {
                let at = format!("{}/security/{index}", node.at);
                let hint = "declare it in `components.securitySchemes`";
                complaints.error(&at, format!("security scheme `{name}` is not declared"), hint);
            }
        }
    }
}

fn responses(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let Some(members) = node.value.as_object() else {
        return;
    };
    let statuses: Vec<&String> = members.keys().filter(|name| !name.starts_with("x-")).collect();
    if statuses.is_empty() {
        complaints.house(&node.at, "an operation without an answer", "");
    }
    for status in statuses {
        let at = below(&node.at, status);
        match read_status(status) {
            Some(read) if read == *status => {}
            Some(read) => complaints.house(&at, format!("`{status}` is read as `{read}`"), "write it so"),
            None if complaints.is_house() => {
                complaints.error(&at, format!("`{status}` is no status"), "`200`, `2XX` and `default` are");
            }
            None => complaints.warning(
                &at,
                format!("`{status}` is no status, so its answer is left out"),
                "`200`, `2XX` and `default` are",
            ),
        }
    }
}

/// Complains of a JSON response without a schema.
fn content(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    for (media, object) in node.value.get("content").and_then(Value::as_object).into_iter().flatten() {
        if object.get("schema").is_none() {
            let at = below(&below(&node.at, "content"), media);
            complaints.house(&at, format!("an answer of `{media}` without a schema"), "");
        }
    }
}

fn paths(root: &Value, node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let mut seen: BTreeMap<String, &String> = BTreeMap::new();
    for (path, item) in node.value.as_object().into_iter().flatten() {
        if path.starts_with("x-") {
            continue;
        }
        let at = below(&node.at, path);
        let Some(names) = template(path, &at, complaints) else {
            continue;
        };
        let anonymous =
            names.iter().fold(path.clone(), |path, name| path.replace(&format!("{{{name}}}"), "{}"));
        if let Some(other) = seen.insert(anonymous, path) {
            complaints.house(&at, format!("`{path}` is the same path as `{other}`"), "");
        }
        let Some((item, item_at)) = resolve(root, item, &at) else {
            continue;
        };
        for method in Method::ALL.map(Method::key) {
            if let Some(operation) = item.get(method) {
                declared(root, &names, path, [item, operation], &below(&item_at, method), complaints);
            }
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
            (true, Some(close)) if !rest[open + 1..close].contains(['{', '/']) && close > open + 1 => {
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
fn declared(
    root: &Value,
    names: &[&str],
    path: &str,
    holders: [&Value; 2],
    at: &str,
    complaints: &mut Complaints<'_>,
) {
    let lists =
        holders.iter().filter_map(|holder| holder.get("parameters").and_then(Value::as_array)).flatten();
    let mut declared: Vec<&str> = Vec::new();
    let mut names_seen: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for parameter_object in lists.filter_map(|one| resolve(root, one, "").map(|(one, _)| one)) {
        let text = |key: &str| parameter_object.get(key).and_then(Value::as_str).unwrap_or_default();
        let (name, place) = (text("name"), text("in"));
        if place == "path" {
            declared.push(name);
            if !names.contains(&name) {
                complaints.error(
                    at,
                    format!("path parameter `{name}` is not in `{path}`"),
                    "put it into the path, or take it off the operation",
                );
            }
        }
        let known = names_seen.insert(parameter(name), (name, place));
        let other = known.filter(|known| *known != (name, place) && complaints.is_house());
        if let Some((other, other_place)) = other {
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
                &format!("add `{{name: {name}, in: path, required: true, schema: {{type: string}}}}`"),
            );
        }
        if names.iter().filter(|other| *other == name).count() > 1 {
            complaints.error(at, format!("path parameter `{name}` is twice in `{path}`"), "");
        }
    }
}
