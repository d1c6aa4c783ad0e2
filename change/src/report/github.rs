//! Writes workflow commands of GitHub Actions: an annotation for each change that is not compatible,
//! the worst first, and one with the summary.

use crate::change::{Change, Changes};
use crate::effect::Severity;

pub(super) fn write(changes: &Changes) -> String {
    let is_noticed = |change: &&Change| change.severity() != Severity::Compatible;
    let mut commands: String = changes.iter().filter(is_noticed).map(annotation).collect();
    let summary = changes.summary();
    commands += &format!("::notice title=prumo diff::{}\n", data(summary.trim_end()));
    commands
}

fn annotation(change: &Change) -> String {
    let level = match change.severity() {
        Severity::Breaking => "error",
        Severity::Risky | Severity::Compatible => "warning",
    };
    let row = change.rule.row();
    let message =
        [&change.place, &change.step(), &change.reach(), row.sentence, row.remedy].join("\n");
    format!(
        "::{level} file={},line={},col={},title={}::{}\n",
        property(&change.new.file),
        change.new.position.line,
        change.new.position.column,
        property(row.name),
        data(&message)
    )
}

/// Escapes a text as the runner decodes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
