//! Writes lines for a changelog, one for each change that callers notice.

use super::markdown::cell;
use crate::change::{Change, Changes};
use crate::effect::Semver;

/// Writes the lines; the worst first, and none for what only documents say.
pub fn changelog(changes: &Changes) -> String {
    let is_noticed = |change: &&Change| {
        change.semver() > Semver::Patch || change.severity() < crate::Severity::Compatible
    };
    changes.iter().filter(is_noticed).map(line).collect()
}

fn line(change: &Change) -> String {
    let bold = match change.severity() {
        crate::Severity::Breaking => "**Breaking.** ",
        _ => "",
    };
    let (place, step) = (cell(&change.place), cell(&change.step()));
    let step = if step.is_empty() { String::new() } else { format!(" ({step})") };
    let row = change.rule.row();
    let remedy = if row.remedy == "Nothing to do." { "" } else { row.remedy };
    format!("* {bold}{place}{step}: {} {remedy}", row.sentence).trim_end().to_owned() + "\n"
}
