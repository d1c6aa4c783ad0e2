//! Writes one JSON document: `changes`, `totals`, `semver`.

use serde_json::{Value, json};

use crate::change::{Change, Changes, DocumentPlace};
use crate::effect::{Semver, Severity, Side};

pub(super) fn write(changes: &Changes) -> String {
    let all: Vec<Value> = changes.iter().map(change).collect();
    let totals: serde_json::Map<String, Value> = Severity::ALL
        .iter()
        .map(|one| (one.name().to_owned(), json!(changes.count(*one))))
        .collect();
    let document = json!({
        "changes": all,
        "totals": totals,
        "semver": changes.semver().map(Semver::name),
    });
    format!("{document:#}\n")
}

fn change(change: &Change) -> Value {
    let row = change.rule.row();
    let operations = change
        .operations
        .iter()
        .map(|one| json!({"method": one.method, "path": one.path, "id": one.id}));
    json!({
        "rule": row.name,
        "severity": change.severity().name(),
        "semver": change.semver().name(),
        "place": change.place,
        "sides": change.sides.iter().copied().map(Side::name).collect::<Vec<_>>(),
        "before": change.before,
        "after": change.after,
        "n_operations": change.operations.len(),
        "operations": operations.collect::<Vec<_>>(),
        "old": place(&change.old),
        "new": place(&change.new),
        "sentence": row.sentence,
        "remedy": row.remedy,
    })
}

fn place(place: &DocumentPlace) -> Value {
    json!({
        "file": place.file,
        "line": place.position.line,
        "column": place.position.column,
        "pointer": place.pointer,
    })
}
