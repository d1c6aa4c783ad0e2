//! Turns a finding into what a person can do about it: read, edit the spec, or write a waiver.
//!
//! Invariants:
//!
//! * A waiver that is written here is read by [`Waivers::parse`](crate::Waivers::parse) and
//!   silences its finding.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Report, write_to};
use crate::finding::Finding;
use crate::printable::is_unprintable;
use crate::rules::Rule;

/// The number of days for which a suggested waiver holds.
const DAYS: i64 = 30;

/// The reason of a suggested waiver, to be replaced.
const REASON: &str = "say here why this is accepted, and until when";

/// A longer waiver is left out of reports for people; its names are hardly a vendor's.
const MAX_BYTES: usize = 2_000;

/// A waiver that silences one finding, as members of the waivers file.
pub(super) struct Suggestion {
    members: Vec<(&'static str, String)>,
}

/// Returns the command that explains the rule.
pub(super) fn explain(finding: &Finding) -> String {
    format!("prumo explain {}", finding.rule.name())
}

/// Returns the file and line to edit: of the promise, or of a stale waiver.
pub(super) fn edit(finding: &Finding) -> Option<String> {
    let stale = finding.first.as_ref().filter(|_| finding.rule == Rule::WaiverStale);
    match (stale, &finding.promised_at) {
        (Some(place), _) => Some(format!("{}:{}", place.file, place.line)),
        (None, Some(place)) => Some(format!("{}:{}", place.file, place.line)),
        (None, None) => None,
    }
}

/// Returns the name of the waivers file of a finding, and whether it exists.
pub(super) fn waivers_file(report: &Report, finding: &Finding) -> (String, bool) {
    let spec = report.specs.iter().find(|spec| spec.name == finding.spec);
    let place = finding.promised_at.as_ref().map(|place| place.file.as_str());
    let own = spec.map(|spec| spec.file.as_str());
    // A file that references lead to has no waivers: the spec and its parts do.
    let is_of_spec = |file: &&str| {
        own.is_none_or(|own| {
            *file == own || file.rsplit_once('/').is_some_and(|(folder, _)| folder == bare(own))
        })
    };
    let written = place.filter(is_of_spec).or(own).unwrap_or(&finding.spec);
    let file = format!("{}.waivers.yaml", bare(written));
    let is_known = spec.is_some_and(|spec| spec.waivers.contains(&file));
    (file, is_known)
}

/// Returns the path of a spec without its ending.
fn bare(file: &str) -> &str {
    let ends = [".yaml", ".yml", ".json"];
    ends.iter().find_map(|ending| file.strip_suffix(ending)).unwrap_or(file)
}

/// Returns the waiver to write; `None` for a finding that can't be waived.
pub(super) fn waiver(report: &Report, finding: &Finding) -> Option<Suggestion> {
    let today = report.run.as_ref()?.day().parse().ok()?;
    suggestion(finding, today)
}

/// Returns a waiver that silences the finding, as an item of the list `waivers` of a waivers file;
/// `None` for a finding that can't be waived.
///
/// It holds for 30 days from `today`, and a person must replace its reason.
pub fn waiver_of(finding: &Finding, today: Date) -> Option<String> {
    Some(suggestion(finding, today)?.block())
}

fn suggestion(finding: &Finding, today: Date) -> Option<Suggestion> {
    if finding.waived.is_some() || finding.rule == Rule::WaiverStale {
        return None;
    }
    let operation = finding.operation.as_deref().or_else(|| finding.endpoint())?;
    let members = [
        ("witness", Some("wire".to_owned())),
        ("rule", Some(finding.rule.name().to_owned())),
        ("operation", Some(quoted(operation))),
        ("side", Some(finding.side.name().to_owned())),
        ("status", finding.status.map(|status| status.to_string())),
        ("case", finding.case.as_deref().map(quoted)),
        ("at", Some(quoted(&finding.at))),
        ("reason", Some(quoted(REASON))),
        ("date", Some(today.to_string())),
        ("until", today.checked_add(DAYS.days()).ok().map(|until| until.to_string())),
    ];
    let members = members.into_iter().filter_map(|(name, text)| Some((name, text?))).collect();
    let suggestion = Suggestion { members };
    (suggestion.block().len() <= MAX_BYTES).then_some(suggestion)
}

impl Suggestion {
    /// Returns it as an indented item of a list, with a line for each member.
    pub(super) fn block(&self) -> String {
        let mut text = String::new();
        for (index, (name, value)) in self.members.iter().enumerate() {
            let start = if index == 0 { "  - " } else { "    " };
            write_to(&mut text, format_args!("{start}{name}: {value}\n"));
        }
        text
    }

    /// Returns it as an item of a list in one line, which can stand at any depth.
    pub(super) fn line(&self) -> String {
        let members: Vec<String> =
            self.members.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        format!("- {{{}}}", members.join(", "))
    }
}

/// Quotes a text for YAML, with escapes for what an editor would hide.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        let code = u32::from(character);
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            _ if is_unprintable(character) && code > 0xffff => {
                write_to(&mut quoted, format_args!("\\U{code:08x}"));
            }
            _ if is_unprintable(character) => write_to(&mut quoted, format_args!("\\u{code:04x}")),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
