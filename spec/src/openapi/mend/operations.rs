//! Mends paths and the names of operations.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Mender;
use crate::method::Method;
use crate::names::{RESERVED_METHODS, invented_name, method_key};
use crate::openapi::operation::template_names;
use crate::openapi::path::WEBHOOKS;
use crate::openapi::references::resolve;
use crate::pointer::{below, last};

/// The members of a document that hold operations.
const LISTS: [&str; 2] = ["paths", WEBHOOKS];

impl Mender<'_> {
    /// Mends all paths.
    pub(super) fn paths(&mut self, root: &mut Value) {
        self.templates(root);
        self.undeclared(root);
        self.operations(root);
    }

    /// Reads `:id` in a path as `{id}`.
    fn templates(&mut self, root: &mut Value) {
        let Some(paths) = root.get_mut("paths").and_then(Value::as_object_mut) else { return };
        if !paths.keys().any(|path| template(path).is_some()) {
            return;
        }
        let mut renamed = Map::new();
        for (path, item) in std::mem::take(paths) {
            let meant = template(&path).filter(|meant| !renamed.contains_key(meant));
            let Some(meant) = meant else {
                renamed.insert(path, item);
                continue;
            };
            let at = below("/paths", &path);
            self.tell(&at, format!("`{path}` is read as `{meant}`"), "write it so");
            self.mended.moved.push((below("/paths", &meant), at));
            renamed.insert(meant, item);
        }
        *paths = renamed;
    }

    /// Declares the parameters of paths that are not declared as texts.
    fn undeclared(&mut self, root: &mut Value) {
        let mut missing: Vec<(String, String, String)> = Vec::new();
        for (path, item) in root.get("paths").and_then(Value::as_object).into_iter().flatten() {
            let Some((item, _)) = resolve(root, item, "") else { continue };
            let operations = item.as_object().into_iter().flatten();
            for (method, operation) in operations.filter(|(name, _)| Method::is_key(name)) {
                let known: BTreeSet<&str> = [item, operation]
                    .into_iter()
                    .filter_map(|holder| holder.get("parameters").and_then(Value::as_array))
                    .flatten()
                    .filter_map(|parameter| Some(resolve(root, parameter, "")?.0))
                    .filter(|one| one.get("in").and_then(Value::as_str) == Some("path"))
                    .filter_map(|one| one.get("name").and_then(Value::as_str))
                    .collect();
                let mut names: Vec<&str> = template_names(path).collect();
                names.retain(|name| !name.is_empty() && !known.contains(name));
                names.dedup();
                let place = |name: &str| (path.clone(), method.clone(), name.to_owned());
                missing.extend(names.into_iter().map(place));
            }
        }
        for (path, method, name) in missing {
            let at = below(&below("/paths", &path), &method);
            let Some(Value::Object(operation)) = root.pointer_mut(&at) else { continue };
            let list = operation.entry("parameters").or_insert_with(|| json!([]));
            let Some(list) = list.as_array_mut() else { continue };
            let declared =
                json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
            let hint = "declare it: `{name: …, in: path, required: true, schema: {type: string}}`";
            let message =
                format!("path parameter `{name}` of `{path}` is not declared, so it is text");
            list.push(declared);
            self.tell(&at, message, hint);
        }
    }

    /// Writes shared paths out, and gives colliding operations and webhooks new ids.
    fn operations(&mut self, root: &mut Value) {
        for list in LISTS {
            write_out(root, list);
        }
        let mut taken: BTreeSet<String> = RESERVED_METHODS.map(method_key).into();
        // Who comes first keeps the name; what the document gave goes before what was invented.
        let mut later: Vec<(String, &mut Value, bool)> = Vec::new();
        let mut invented: Vec<(String, &mut Value, bool)> = Vec::new();
        for (at, operation) in operations_of(root) {
            if operation.get("operationId").is_none() {
                invented.push((at, operation, false));
            } else if !taken.insert(method_key(&operation_id(operation, &at))) {
                later.push((at, operation, true));
            }
        }
        for (at, operation, is_given) in later.into_iter().chain(invented) {
            let id = operation_id(operation, &at);
            if !is_given && taken.insert(method_key(&id)) {
                continue;
            }
            let free = (2..)
                .map(|count| format!("{id}_{count}"))
                .find(|name| taken.insert(method_key(name)));
            let Some(name) = free.filter(|_| operation.is_object()) else { continue };
            let message = format!(
                "operationId `{id}` is taken, or a method that every client has: here it is `{name}`"
            );
            self.tell(&at, message, "give the operation an operationId of its own");
            operation["operationId"] = json!(name);
        }
    }
}

/// Replaces the items of a list that refer to others by these.
fn write_out(root: &mut Value, list: &str) {
    let items = root.get(list).and_then(Value::as_object).into_iter().flatten();
    let shared: Vec<(String, Value)> = items
        .filter(|(_, item)| item.get("$ref").is_some())
        .filter_map(|(path, item)| Some((path.clone(), resolve(root, item, "")?.0.clone())))
        .collect();
    if let Some(items) = root.get_mut(list).and_then(Value::as_object_mut) {
        items.extend(shared);
    }
}

/// Returns the operations of all paths, then the calls of all webhooks, each with its pointer.
fn operations_of(root: &mut Value) -> Vec<(String, &mut Value)> {
    let Some(members) = root.as_object_mut() else { return Vec::new() };
    let lists = members.iter_mut().filter(|(name, _)| LISTS.contains(&name.as_str()));
    let mut found = Vec::new();
    for (list, items) in lists {
        let items = items.as_object_mut().into_iter().flatten();
        for (path, item) in items.filter(|(path, _)| !path.starts_with("x-")) {
            let at = below(&format!("/{list}"), path);
            let operations = item.as_object_mut().into_iter().flatten();
            let operations = operations.filter(|(name, _)| Method::is_key(name));
            found.extend(operations.map(|(name, operation)| (below(&at, name), operation)));
        }
    }
    found.sort_by_key(|(at, _)| !at.starts_with("/paths/"));
    found
}

/// Returns the operation's id; without one, method and path as words.
fn operation_id(operation: &Value, at: &str) -> String {
    if let Some(id) =
        operation.get("operationId").and_then(Value::as_str).filter(|id| !id.is_empty())
    {
        return id.to_owned();
    }
    let path = at.rfind('/').map(|cut| last(&at[..cut])).unwrap_or_default();
    invented_name(&last(at), &path)
}

/// Returns the template that a path with `:id` means, or `None` if it has none.
fn template(path: &str) -> Option<String> {
    let is_word = |name: &str| {
        let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "_-".contains(sign);
        !name.is_empty() && name.chars().all(is_sign)
    };
    let meant = path.split('/').map(|segment| match segment.strip_prefix(':') {
        Some(name) if is_word(name) => format!("{{{name}}}"),
        _ => segment.to_owned(),
    });
    let meant = meant.collect::<Vec<_>>().join("/");
    (meant != path && path.starts_with('/')).then_some(meant)
}
