//! Writes one page of HTML without scripts.

use super::escaped;
use crate::change::{Change, Changes};

const HEAD: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>Changes of the API</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { border-bottom: 1px solid #ccc; padding: .4rem .6rem; text-align: left; vertical-align: top; }
  .breaking { color: #b00020; font-weight: bold; }
  .risky { color: #8a5a00; font-weight: bold; }
  .compatible { color: #1b6e3a; }
  td { overflow-wrap: anywhere; }
</style>
<h1>Changes of the API</h1>
";

pub(super) fn write(changes: &Changes) -> String {
    let mut page = format!("{HEAD}<p>{}</p>\n", escaped(changes.summary().trim_end()));
    if changes.is_empty() {
        return page;
    }
    page += "<table>\n<thead><tr><th>Severity</th><th>Rule</th><th>Place</th><th>Change</th>\
             <th>Reaches</th><th>Version</th><th>Callers</th></tr></thead>\n<tbody>\n";
    page.extend(changes.iter().map(row));
    page + "</tbody>\n</table>\n"
}

fn row(change: &Change) -> String {
    let severity = change.severity().name();
    let cells = [
        change.rule.name().to_owned(),
        change.place.clone(),
        change.step(),
        change.reach(),
        change.semver().name().to_owned(),
        format!("{} {}", change.rule.row().sentence, change.rule.row().remedy),
    ];
    let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
    format!("<tr><td class=\"{severity}\">{severity}</td>{cells}</tr>\n")
}
