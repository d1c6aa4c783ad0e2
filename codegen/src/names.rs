//! Turns names of a spec into the Rust names that progenitor and typify give them, so that the lint
//! can find collisions first.
//!
//! Invariants:
//!
//! * `pascal` and `snake` agree with typify 0.8, `parameter` with progenitor
//!   0.15.1; a test compares them with names that both produced. Only accents are taken off here,
//!   and later off what these two produced (`polish::ascii`).

use heck::{ToPascalCase, ToSnakeCase};
use unicode_ident::{is_xid_continue, is_xid_start};

pub use prumo_spec::pointer::last;
use prumo_spec::without_marks;

/// Returns the name of a type: `numero_plano` becomes `NumeroPlano`.
pub fn pascal(name: &str) -> String {
    identifier(&symbols(name).to_pascal_case(), "X")
}

/// Returns the name of a field: `anexos[]` becomes `anexos`.
pub fn snake(name: &str) -> String {
    identifier(&symbols(name).to_snake_case(), "x")
}

/// Returns the name of a method or of one of its parameters.
pub fn parameter(name: &str) -> String {
    identifier(&symbols(name).to_snake_case(), "_")
}

/// Returns the name of an operation's builder, for which progenitor changes the method's case
/// again.
pub fn builder(operation: &str) -> String {
    let method = parameter(operation);
    identifier(&symbols(&method).to_pascal_case(), "_")
}

fn symbols(name: &str) -> String {
    match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => without_marks(&name.replace('\'', "")).replace(|c: char| !is_xid_continue(c), "-"),
    }
}

fn identifier(cased: &str, prefix: &str) -> String {
    let name = match cased.chars().next() {
        None if prefix == "_" => "x".to_owned(),
        None => prefix.to_owned(),
        Some(first) if is_xid_start(first) => cased.to_owned(),
        Some(_) => format!("{prefix}{cased}"),
    };
    if is_keyword(&name) { format!("{name}_") } else { name }
}

/// Returns whether `name` is a keyword of Rust up to edition 2024.
pub fn is_keyword(name: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
        "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
        "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
        "pub", "ref", "return", "Self", "self", "static", "struct", "super", "trait", "true",
        "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_typify() {
        let cases = [
            ("numero_plano", "NumeroPlano", "numero_plano"),
            ("anexos[]", "Anexos", "anexos"),
            ("type", "Type", "type_"),
            ("self", "Self_", "self_"),
            ("+1", "Plus1", "plus1"),
            ("-1", "Minus1", "minus1"),
            ("2fa", "X2fa", "x2fa"),
            ("$ref", "Ref", "ref_"),
            ("", "X", "x"),
            ("HTTPCode", "HttpCode", "http_code"),
            ("x-rate", "XRate", "x_rate"),
            ("situação", "Situacao", "situacao"),
        ];
        for (name, type_name, field) in cases {
            assert_eq!(
                (pascal(name).as_str(), snake(name).as_str()),
                (type_name, field),
                "name `{name}`"
            );
        }
    }
}
