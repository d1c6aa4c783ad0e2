//! Writes SARIF 2.1.0, with each change at its place in the new document.

use serde_json::{Value, json};

use crate::change::{Change, Changes};
use crate::effect::Severity;
use crate::rules::Rule;

pub(super) fn write(changes: &Changes) -> String {
    let results: Vec<Value> = changes.iter().map(result).collect();
    let rules: Vec<Value> = Rule::ALL.iter().map(|rule| descriptor(*rule)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "prumo diff",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {"summary": changes.summary().trim_end()},
        }],
    });
    format!("{log:#}\n")
}

fn descriptor(rule: Rule) -> Value {
    let row = rule.row();
    json!({
        "id": row.name,
        "shortDescription": {"text": text(row.sentence)},
        "help": {"text": text(row.remedy)},
    })
}

fn result(change: &Change) -> Value {
    let row = change.rule.row();
    let parts = [&change.place, &change.step(), &change.reach(), row.sentence, row.remedy];
    let message: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let index = Rule::ALL.iter().position(|rule| *rule == change.rule);
    let new = &change.new;
    json!({
        "ruleId": row.name,
        "ruleIndex": index,
        "level": level(change.severity()),
        "message": {"text": text(&message.join("; "))},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(&new.file)},
                "region": {
                    "startLine": new.position.line.max(1),
                    "startColumn": new.position.column.max(1),
                },
            },
            "logicalLocations": [{"fullyQualifiedName": change.place, "kind": "member"}],
        }],
        "properties": {
            "severity": change.severity().name(),
            "semver": change.semver().name(),
            "operations": change.operations.len(),
        },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Breaking => "error",
        Severity::Risky => "warning",
        Severity::Compatible => "note",
    }
}

/// Writes a path as a relative URI.
fn uri(file: &str) -> String {
    let mut uri = String::new();
    for byte in file.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            other => uri += &format!("%{other:02X}"),
        }
    }
    uri
}

/// Escapes what a message reads as a link or a placeholder.
fn text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '[' | ']' => safe.extend(['\\', character]),
            '{' | '}' => safe.extend([character, character]),
            other => safe.push(other),
        }
    }
    safe
}
