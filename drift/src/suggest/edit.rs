//! Edits a YAML or JSON text at places that a document knows, and keeps every other byte.
//!
//! Invariants:
//!
//! * Comments and the order of members stay. A new member or item comes last.
//! * An edit that the text's style does not allow is refused with `None`, and the text stays.

use prumo_spec::Document;
use prumo_spec::document::{Position, below};
use serde_json::Value;

/// One edit of a mapping or list.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Edit {
    /// Adds a member, such as `nullable` and `true`.
    AddMember {
        /// The mapping.
        at: String,
        name: String,
        value: Value,
    },
    /// Adds an item to a list, or makes the list.
    AddItem {
        /// The mapping with the list.
        at: String,
        list: &'static str,
        value: Value,
    },
    /// Removes a text from a list, and the list with its last item.
    RemoveItem {
        /// The mapping with the list.
        at: String,
        list: &'static str,
        value: String,
    },
    /// Writes another value for a member that is on one line.
    SetMember {
        /// The mapping.
        at: String,
        name: &'static str,
        value: Value,
    },
    /// Makes a reference nullable; members beside `$ref` would not count.
    MakeNullable {
        /// The mapping with the reference alone.
        at: String,
    },
}

/// The text of one file, and the document that it is a part of.
pub(super) struct Place<'d> {
    pub(super) document: &'d Document,
    pub(super) text: &'d str,
}

impl Edit {
    /// Returns the pointer of the place that is edited.
    pub(super) fn at(&self) -> &str {
        match self {
            Self::AddMember { at, .. }
            | Self::AddItem { at, .. }
            | Self::RemoveItem { at, .. }
            | Self::SetMember { at, .. }
            | Self::MakeNullable { at } => at,
        }
    }

    /// Returns the text with the edit.
    pub(super) fn made(&self, place: &Place<'_>) -> Option<String> {
        match self {
            Self::AddMember { at, name, value } => place.with_member(at, name, value),
            Self::AddItem { at, list, value } => place.with_item(at, list, value),
            Self::RemoveItem { at, list, value } => place.without_item(at, list, value),
            Self::SetMember { at, name, value } => place.with_value(at, name, value),
            Self::MakeNullable { at } => place.with_nullable_reference(at),
        }
    }
}

impl Place<'_> {
    fn position(&self, at: &str) -> Option<Position> {
        self.document.position(at)
    }

    /// Returns the byte at a position.
    fn offset(&self, position: Position) -> Option<usize> {
        let before: usize =
            self.text.split_inclusive('\n').take(position.line - 1).map(str::len).sum();
        let line = self.text.get(before..)?.split('\n').next()?;
        let column = line.char_indices().nth(position.column - 1).map_or(line.len(), |(at, _)| at);
        Some(before + column)
    }

    /// Returns where the value of a key begins.
    fn value_of(&self, at: &str) -> Option<usize> {
        let key = self.offset(self.position(at)?)?;
        let rest = self.text.get(key..)?;
        // An item of a list has no key.
        if rest.starts_with("- ") {
            return Some(key + 2);
        }
        let last = at.rsplit('/').next().unwrap_or_default();
        if last.parse::<usize>().is_ok() && !rest.starts_with([last.chars().next()?, '"', '\'']) {
            return Some(key);
        }
        let colon = key + end_of_scalar(rest)?;
        let after = self.text.get(colon..)?.strip_prefix(':')?;
        Some(colon + 1 + (after.len() - after.trim_start_matches(' ').len()))
    }

    /// Returns the brackets of a value in flow style.
    fn flow(&self, at: &str) -> Option<(usize, usize)> {
        let start = self.value_of(at)?;
        let length = end_of_flow(self.text.get(start..)?)?;
        Some((start, start + length))
    }

    /// Returns a value in flow style, as this text writes it.
    fn written(&self, value: &Value) -> String {
        if self.is_json() {
            return value.to_string();
        }
        match value {
            Value::Object(members) => {
                let members =
                    members.iter().map(|(name, one)| format!("{name}: {}", self.written(one)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.written(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::String(text) if is_plain(text) => text.clone(),
            other => other.to_string(),
        }
    }

    fn is_json(&self) -> bool {
        self.text.trim_start().starts_with('{')
    }

    fn with_member(&self, at: &str, name: &str, value: &Value) -> Option<String> {
        let mapping = self.document.value().pointer(at)?.as_object()?;
        if mapping.contains_key(name) {
            return None;
        }
        let value = self.written(value);
        let key = if self.is_json() { format!("\"{name}\"") } else { name.to_owned() };
        if let Some((start, end)) = self.flow(at) {
            let comma = if mapping.is_empty() { "" } else { ", " };
            return self.before_bracket(start, end, &format!("{comma}{key}: {value}"));
        }
        let first = self.position(&below(at, mapping.keys().next()?))?;
        let indent = first.column.checked_sub(1)?;
        let line = self.end_of_block(&below(at, mapping.keys().next_back()?), indent)?;
        self.with_line(line, &format!("{}{key}: {value}", " ".repeat(indent)))
    }

    fn with_item(&self, at: &str, list: &str, value: &Value) -> Option<String> {
        let place = below(at, list);
        let Some(items) = self.document.value().pointer(&place) else {
            return self.with_member(at, list, &Value::Array(vec![value.clone()]));
        };
        let value = self.written(value);
        let items = items.as_array()?;
        if let Some((start, end)) = self.flow(&place) {
            let comma = if items.is_empty() { "" } else { ", " };
            return self.before_bracket(start, end, &format!("{comma}{value}"));
        }
        let first = self.position(&below(&place, "0"))?;
        // The dash stands before the item.
        let line = self.text.split('\n').nth(first.line - 1)?;
        let indent = line.find('-')?;
        let last = below(&place, &(items.len() - 1).to_string());
        let line = self.end_of_block(&last, indent)?;
        self.with_line(line, &format!("{}- {value}", " ".repeat(indent)))
    }

    fn without_item(&self, at: &str, list: &str, value: &str) -> Option<String> {
        let place = below(at, list);
        let items = self.document.value().pointer(&place)?.as_array()?;
        let index = items.iter().position(|item| item.as_str() == Some(value))?;
        if let Some((start, end)) = self.flow(&place) {
            let inner = self.text.get(start + 1..end - 1)?;
            if inner.contains(['#', '[', '{', '\n']) {
                return None;
            }
            let mut kept: Vec<&str> = inner.split(',').map(str::trim).collect();
            if kept.len() != items.len() {
                return None;
            }
            kept.remove(index);
            if kept.is_empty() {
                return self.without_member(&place, end);
            }
            return Some(self.replaced(start, end, &format!("[{}]", kept.join(", "))));
        }
        let text = self.without_line(self.position(&below(&place, &index.to_string()))?.line)?;
        if items.len() > 1 {
            return Some(text);
        }
        let key = self.position(&place)?.line;
        Some(without_line(&text, key))
    }

    /// Removes a member whose value ends here: its line, or its part of a line.
    fn without_member(&self, place: &str, end: usize) -> Option<String> {
        let position = self.position(place)?;
        let line = self.text.split('\n').nth(position.line - 1)?;
        if line.chars().take(position.column - 1).all(char::is_whitespace) && !self.is_json() {
            return self.without_line(position.line);
        }
        let start = self.offset(position)?;
        let (before, after) = (self.text.get(..start)?, self.text.get(end..)?);
        let (before, after) = match after.trim_start().strip_prefix(',') {
            Some(rest) => (before, rest.trim_start()),
            None => (before.trim_end().trim_end_matches(','), after),
        };
        Some(format!("{before}{after}"))
    }

    fn with_value(&self, at: &str, name: &str, value: &Value) -> Option<String> {
        let start = self.value_of(&below(at, name))?;
        let rest = self.text.get(start..)?;
        let length = end_of_flow(rest).or_else(|| end_of_scalar(rest))?;
        Some(self.replaced(start, start + length, &self.written(value)))
    }

    fn with_nullable_reference(&self, at: &str) -> Option<String> {
        let mapping = self.document.value().pointer(at)?.as_object()?;
        let is_alone = mapping.len() == 1 && mapping.contains_key("$ref");
        if !is_alone {
            return None;
        }
        if let Some((start, end)) = self.flow(at) {
            let reference = self.text.get(start..end)?;
            let quote = if reference.starts_with("{\"") { "\"" } else { "" };
            let key = |name: &str| format!("{quote}{name}{quote}");
            let new = format!("{{{}: true, {}: [{reference}]}}", key("nullable"), key("allOf"));
            return Some(self.replaced(start, end, &new));
        }
        let first = self.position(&below(at, "$ref"))?;
        let indent = " ".repeat(first.column.checked_sub(1)?);
        let mut lines: Vec<String> = self.text.split('\n').map(str::to_owned).collect();
        let line = lines.get_mut(first.line - 1)?;
        let reference = line.trim_start().to_owned();
        if line.len() != indent.len() + reference.len() {
            return None;
        }
        *line = format!("{indent}nullable: true\n{indent}allOf:\n{indent}  - {reference}");
        Some(lines.join("\n"))
    }

    /// Writes before the closing bracket of a value, on a line of its own if the value has several.
    fn before_bracket(&self, start: usize, end: usize, text: &str) -> Option<String> {
        let inner = self.text.get(start + 1..end - 1)?;
        let at = start + 1 + inner.trim_end().len();
        if inner.contains('#') {
            return None;
        }
        let is_printed = inner.trim_end().contains('\n');
        let text = match (is_printed, text.strip_prefix(", ")) {
            (true, Some(member)) => {
                let last = inner.trim_end().rsplit('\n').next().unwrap_or_default();
                let indent = inner.split('\n').nth(1).unwrap_or(last);
                let indent = &indent[..indent.len() - indent.trim_start().len()];
                format!(",\n{indent}{member}")
            }
            _ => text.to_owned(),
        };
        Some(self.replaced(at, at, &text))
    }

    fn replaced(&self, start: usize, end: usize, new: &str) -> String {
        let (before, rest) = self.text.split_at(start);
        let after = rest.get(end - start..).unwrap_or_default();
        format!("{before}{new}{after}")
    }

    /// Returns the last line of the block that begins at a place, 1-based.
    fn end_of_block(&self, at: &str, indent: usize) -> Option<usize> {
        let first = self.position(at)?.line;
        let mut last = first;
        for (index, line) in self.text.split('\n').enumerate().skip(first) {
            let own = line.len() - line.trim_start().len();
            match line.trim() {
                "" => continue,
                _ if own <= indent => break,
                _ => last = index + 1,
            }
        }
        Some(last)
    }

    /// Adds a line behind this one, 1-based.
    fn with_line(&self, after: usize, text: &str) -> Option<String> {
        let mut lines: Vec<&str> = self.text.split('\n').collect();
        (after <= lines.len()).then(|| lines.insert(after, text))?;
        Some(lines.join("\n"))
    }

    fn without_line(&self, line: usize) -> Option<String> {
        (line <= self.text.split('\n').count()).then(|| without_line(self.text, line))
    }
}

/// Returns whether YAML reads a plain scalar as this text.
fn is_plain(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let is_word = ["true", "false", "null", "yes", "no", "on", "off"]
        .iter()
        .all(|word| !text.eq_ignore_ascii_case(word));
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_part) && is_word
}

fn without_line(text: &str, line: usize) -> String {
    let lines = text.split('\n').enumerate();
    lines
        .filter(|(index, _)| index + 1 != line)
        .map(|(_, line)| line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Returns the length of a plain or quoted scalar at the start of a text.
fn end_of_scalar(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if matches!(first, '"' | '\'') {
        let mut is_escaped = false;
        for (index, c) in text.char_indices().skip(1) {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' if first == '"' => is_escaped = true,
                c if c == first => return Some(index + 1),
                '\n' => return None,
                _ => {}
            }
        }
        return None;
    }
    let ends = [":", " #", ",", "}", "]", "\n"];
    let is_end = |(index, _): &(usize, char)| {
        text.get(*index..).is_some_and(|rest| {
            ends.iter().any(|end| rest.starts_with(end))
                && (!rest.starts_with(':') || rest[1..].starts_with([' ', '\n', '\r']))
        })
    };
    let end = text.char_indices().find(is_end).map_or(text.len(), |(index, _)| index);
    let scalar = text.get(..end)?.trim_end();
    (!scalar.is_empty()).then_some(scalar.len())
}

/// Returns the length of a bracketed value at the start of a text.
fn end_of_flow(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    if !text.starts_with(['{', '[']) {
        return None;
    }
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            '"' | '\'' => {
                at += end_of_scalar(text.get(at..)?)?;
                continue;
            }
            '#' if text.get(..at)?.ends_with([' ', '\n']) => return None,
            _ => {}
        }
        at += c.len_utf8();
    }
    None
}
