//! Writes a JSON value as YAML in block style, in the order of its members.

use serde_json::Value;

/// The longest list of scalars that is written on one line.
const MAX_FLOW: usize = 80;

/// Returns the text of a mapping.
pub(crate) fn written(value: &Value) -> String {
    let mut text = String::new();
    block(value, 0, &mut text);
    text
}

/// Writes the lines of a mapping or a list.
fn block(value: &Value, indent: usize, text: &mut String) {
    let blanks = " ".repeat(indent);
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                *text += &blanks;
                *text += &key(name);
                *text += ":";
                after(value, indent, text);
            }
        }
        Value::Array(items) => {
            for item in items {
                let start = text.len();
                block(item, indent + 2, text);
                // The dash stands in the place of the first two blanks.
                text.replace_range(start + indent..start + indent + 2, "- ");
            }
        }
        scalar => *text += &format!("{blanks}{}\n", flow(scalar)),
    }
}

/// Writes a value behind its key.
fn after(value: &Value, indent: usize, text: &mut String) {
    let is_empty = match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    };
    let line = flow(value);
    let is_flat = match value {
        Value::Array(items) => items.iter().all(|item| !item.is_object() && !item.is_array()),
        _ => false,
    };
    if is_empty || (is_flat && line.len() <= MAX_FLOW) {
        *text += &format!(" {line}\n");
        return;
    }
    text.push('\n');
    block(value, indent + 2, text);
}

fn flow(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(_) => "{}".to_owned(),
        Value::String(text) if is_plain(text) => text.clone(),
        other => quoted(other),
    }
}

/// Writes a scalar as JSON does, and escapes what YAML does not allow.
fn quoted(value: &Value) -> String {
    let is_special = |c: char| {
        matches!(
            c,
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
    };
    let escaped = |c: char| match is_special(c) {
        true => format!("\\u{:04x}", u32::from(c)),
        false => c.to_string(),
    };
    value.to_string().chars().map(escaped).collect()
}

fn key(name: &str) -> String {
    if is_plain(name) || is_path(name) { name.to_owned() } else { quoted(&name.into()) }
}

fn is_path(name: &str) -> bool {
    let is_part =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '.' | '{' | '}');
    name.starts_with('/') && name.chars().all(is_part)
}

/// Returns whether YAML reads a plain scalar as this text.
fn is_plain(text: &str) -> bool {
    let is_part =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '.' | '$') || c == ' ';
    let is_word = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        .iter()
        .all(|word| !text.eq_ignore_ascii_case(word));
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$')
        && !text.ends_with(' ')
        && text.chars().all(is_part)
        && is_word
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::written;

    #[test]
    fn a_value_is_written_in_block_style() {
        let value = json!({
            "a": 1, "200": {"b": ["x", "y z", "no"]}, "/c/{d}": [{"name": "n", "e": {}}, {"f": []}],
            "g": [["h"]], "i\u{feff}": "j: k",
        });
        assert_eq!(
            written(&value),
            "a: 1\n\"200\":\n  b: [x, y z, \"no\"]\n/c/{d}:\n  - name: \"n\"\n    e: {}\n  - f: []\n\
             g:\n  - - h\n\"i\\ufeff\": \"j: k\"\n"
        );
    }
}
