//! Names for operations that have none: those that the generated client has.
//!
//! Method and path as words (`get_a_id`); a name that is taken gets a number.
//! Two names are the same when they are so as a Rust type, where underscores
//! do not count.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use serde_json::Value;
use unicode_ident::{is_xid_continue, is_xid_start};

/// Methods of a path item that are operations.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Names that an operation of a client cannot have: the generated code calls these methods.
pub const RESERVED_METHODS: [&str; 8] =
    ["new", "builder", "with", "undocumented", "pre", "exec", "post", "api_version"];

/// The names by path and method, of operations without `operationId`.
pub fn invented(root: &Value) -> BTreeMap<(String, String), String> {
    let mut taken: BTreeSet<String> = RESERVED_METHODS.map(method_key).into();
    let mut open = Vec::new();
    let paths = root.get("paths").and_then(Value::as_object).into_iter().flatten();
    for (path, item) in paths.filter(|(path, _)| !path.starts_with("x-")) {
        let shared = item.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        let item = shared.map_or(Some(item), |pointer| root.pointer(&crate::percent_decoded(pointer)));
        for (method, operation) in item.and_then(Value::as_object).into_iter().flatten() {
            match operation.get("operationId").and_then(Value::as_str) {
                _ if !METHODS.contains(&method.as_str()) => (),
                Some(id) => {
                    taken.insert(method_key(id));
                }
                None => open.push((path.clone(), method.clone())),
            }
        }
    }
    let mut names = BTreeMap::new();
    for (path, method) in open {
        let name = invented_name(&method, &path);
        let numbered = (2_u32..).map(|count| format!("{name}_{count}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| taken.insert(method_key(name)));
        names.insert((path, method), free.unwrap_or(name));
    }
    names
}

/// The name of an operation that has none: its method and path as words.
pub fn invented_name(method: &str, path: &str) -> String {
    let words = if path == "/" { "root" } else { path };
    rust_name(&format!("{method} {words}"))
}

/// What must differ between two operations: builders are named in PascalCase,
/// where underscores do not count.
pub fn method_key(name: &str) -> String {
    rust_name(name).replace('_', "")
}

/// The name of a method; a keyword cannot come of two words.
fn rust_name(name: &str) -> String {
    let words = name.replace('\'', "").replace(|c: char| !is_xid_continue(c), "-").to_snake_case();
    match words.chars().next() {
        None => "x".to_owned(),
        Some(first) if is_xid_start(first) => words,
        Some(_) => format!("_{words}"),
    }
}
