//! Writes one block for each change, and the summary last.

use crate::change::{Change, Changes};

pub(super) fn write(changes: &Changes) -> String {
    let mut text: String = changes.iter().map(block).collect();
    text += &changes.summary();
    text
}

fn block(change: &Change) -> String {
    let Change { rule, place, old, new, .. } = change;
    let severity = change.severity().name();
    let mut text = format!("drifts  {severity:<10}  {}  {place}\n", rule.name());
    let line = |name: &str, words: &str| match words {
        "" => String::new(),
        words => format!("        {name:<10}  {words}\n"),
    };
    text += &line("change", &change.step());
    text += &line("reaches", &change.reach());
    text += &line("version", change.semver().name());
    let at = |place: &crate::change::DocumentPlace| {
        format!("{}:{}:{}", place.file, place.position.line, place.position.column)
    };
    text += &line("where", &format!("{} → {}", at(old), at(new)));
    text += &line("callers", rule.row().remedy);
    text
}
