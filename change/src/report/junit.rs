//! Writes JUnit XML: a change that is not compatible is a failed test, any other a passed one.

use super::escaped;
use crate::change::{Change, Changes};
use crate::effect::Severity;

pub(super) fn write(changes: &Changes) -> String {
    let n_failed = changes.iter().filter(|change| is_failure(change)).count();
    let n_tests = changes.iter().count().max(1);
    let counts = format!("tests=\"{n_tests}\" failures=\"{n_failed}\"");
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml += &format!("<testsuites name=\"prumo diff\" {counts}>\n");
    xml += &format!("  <testsuite name=\"changes\" {counts}>\n");
    if changes.is_empty() {
        xml += "    <testcase classname=\"document\" name=\"no change\"/>\n";
    }
    xml.extend(changes.iter().map(case));
    xml + "  </testsuite>\n</testsuites>\n"
}

fn is_failure(change: &Change) -> bool {
    change.severity() != Severity::Compatible
}

fn case(change: &Change) -> String {
    let row = change.rule.row();
    let head = format!(
        "    <testcase classname=\"{}\" name=\"{}\"",
        escaped(&change.place),
        escaped(&format!("{} {}", row.name, change.step()))
    );
    if !is_failure(change) {
        return format!("{head}/>\n");
    }
    let message = format!("{}: {} {}", change.severity().name(), row.sentence, row.remedy);
    format!(
        "{head}>\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n",
        row.name,
        escaped(&message),
        escaped(&change.reach())
    )
}
