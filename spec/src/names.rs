//! Names for operations that have none: those that the generated client has.
//!
//! Method and path as words (`get_a_id`); a name that is taken gets a number.
//! Two names are the same when they are so as a Rust type, where underscores
//! do not count.

use heck::ToSnakeCase;
use unicode_ident::{is_xid_continue, is_xid_start};

/// Names that an operation of a client cannot have: the generated code calls these methods.
pub const RESERVED_METHODS: [&str; 8] =
    ["new", "builder", "with", "undocumented", "pre", "exec", "post", "api_version"];

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
