//! Writes a lock as YAML: one line for each parameter and each field.

use std::fmt::Write as _;

use super::Lock;
use crate::facts::{Field, Kind, Operation, Parameter, Requirement, Told};

/// The first lines of the file.
const HEAD: &str = "\
# What the vendor's pages say: facts only, each with the line of its page.
# `prumo docs lock` writes this file, and `prumo docs check` holds the spec against it.
docs: 1
";

pub(super) fn yaml(lock: &Lock) -> String {
    let mut text = HEAD.to_owned();
    if lock.is_empty() {
        return text + "pages: []\n";
    }
    text.push_str("pages:\n");
    for (name, page) in lock.pages() {
        let _ = writeln!(text, "- page: {}\n  operations:", scalar(name));
        page.operations.iter().for_each(|one| operation(&mut text, one));
    }
    text
}

fn operation(text: &mut String, operation: &Operation) {
    let _ = writeln!(text, "  - operation: {}", scalar(&operation.name()));
    let _ = writeln!(text, "    line: {}", operation.line);
    if !operation.titles.is_empty() {
        let _ = writeln!(text, "    ids: {}", list(operation.titles.iter().map(String::as_str)));
    }
    block(text, "headers", operation.headers.iter().map(header));
    block(text, "parameters", operation.parameters.iter().map(parameter));
    block(text, "response", operation.response.iter().map(field));
}

fn block(text: &mut String, name: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "    {name}:");
    lines.iter().for_each(|line| {
        let _ = writeln!(text, "    - {{{line}}}");
    });
}

fn header(told: &Told<String>) -> String {
    format!("name: {}, line: {}", scalar(&told.value), told.line)
}

fn field(field: &Field) -> String {
    let kinds = |kinds: &std::collections::BTreeSet<Kind>| list(kinds.iter().map(|one| one.word()));
    let mut line = format!("name: {}, type: {}", scalar(&field.path), kinds(&field.kinds));
    if !field.items.is_empty() {
        let _ = write!(line, ", items: {}", kinds(&field.items));
    }
    let _ = write!(line, ", line: {}", field.line);
    line
}

/// Writes a parameter; `lines` has the lines of facts that stand apart from its name.
fn parameter(one: &Parameter) -> String {
    let mut line = format!("in: {}, name: {}", one.place.word(), scalar(&one.name));
    let mut apart = Vec::new();
    let mut fact = |name: &str, value: String, at: usize| {
        let _ = write!(line, ", {name}: {value}");
        if at != one.line {
            apart.push(format!("{name}: {at}"));
        }
    };
    if let Some(kind) = &one.kind {
        fact("type", scalar(kind.value), kind.line);
    }
    if let Some(required) = &one.required {
        fact("required", requirement(&required.value), required.line);
    }
    if let Some(default) = &one.default {
        fact("default", scalar(&default.value), default.line);
    }
    for (name, told) in &one.constraints {
        fact(name, scalar(&told.value), told.line);
    }
    values(&mut line, &mut apart, one);
    if !one.is_described {
        line.push_str(", example: true");
    }
    let _ = write!(line, ", line: {}", one.line);
    if !apart.is_empty() {
        let _ = write!(line, ", lines: {{{}}}", apart.join(", "));
    }
    line
}

fn values(line: &mut String, apart: &mut Vec<String>, one: &Parameter) {
    if one.values.is_empty() {
        return;
    }
    let _ = write!(line, ", enum: {}", list(one.values.iter().map(|told| told.value.as_str())));
    if one.values.iter().any(|told| told.line != one.line) {
        let lines: Vec<String> = one.values.iter().map(|told| told.line.to_string()).collect();
        apart.push(format!("enum: [{}]", lines.join(", ")));
    }
}

fn requirement(requirement: &Requirement) -> String {
    match requirement {
        Requirement::Always => "true".to_owned(),
        Requirement::Never => "false".to_owned(),
        Requirement::When(condition) => scalar(condition),
    }
}

fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", items.map(scalar).collect::<Vec<_>>().join(", "))
}

/// Writes a text, in quotes unless every reader of YAML takes it as a text without them.
fn scalar(text: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./ ".contains(&byte))
        && !text.ends_with(' ')
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if is_plain { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            char if is_printable(char) => quoted.push(char),
            char => {
                let _ = write!(quoted, "\\U{:08x}", u32::from(char));
            }
        }
    }
    quoted.push('"');
    quoted
}

/// Tells whether YAML takes the character in quotes as it is.
fn is_printable(char: char) -> bool {
    let is_space = char == ' ' || !char.is_whitespace();
    let is_mark = matches!(char, '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    is_space && !is_mark && !char.is_control()
}
