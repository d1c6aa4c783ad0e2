//! Names operations without an id, as the generated client does.
//!
//! The name is method and path as words (`get_a_id`), with a number if it is taken. Two names are
//! equal if they are equal as Rust types, where underscores do not count.

use heck::ToSnakeCase;
use unicode_ident::{is_xid_continue, is_xid_start};

/// Names that an operation of a client can't have: the generated code calls these methods.
pub const RESERVED_METHODS: [&str; 8] =
    ["new", "builder", "with", "undocumented", "pre", "exec", "post", "api_version"];

/// Returns the name of an operation without an id: its method and path as words.
pub fn invented_name(method: &str, path: &str) -> String {
    let words = if path == "/" { "root" } else { path };
    rust_name(&format!("{method} {words}"))
}

/// Returns the part of a name that must differ between two operations: builders have PascalCase
/// names, where underscores do not count.
pub fn method_key(name: &str) -> String {
    rust_name(name).replace('_', "")
}

/// Returns the name of a method; a name of several words is never a keyword.
fn rust_name(name: &str) -> String {
    let words = name.replace('\'', "").replace(|c: char| !is_xid_continue(c), "-").to_snake_case();
    match words.chars().next() {
        None => "x".to_owned(),
        Some(first) if is_xid_start(first) => words,
        Some(_) => format!("_{words}"),
    }
}
