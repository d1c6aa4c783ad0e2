//! Writes the text of the pull request.

use std::fmt::Write as _;

use crate::docs::diff::details;

use super::proposal::Proposal;
use super::release::Release;
use crate::screen::counted;

/// The most changes of a page that are listed.
const MAX_CHANGES: usize = 200;

/// The text of a pull request, with a part for each spec.
#[derive(Default)]
pub(super) struct Body {
    names: Vec<String>,
    sections: String,
    lines: String,
    /// The result of each check.
    pub(super) checked: Vec<String>,
}

impl Body {
    /// Adds the part of one spec.
    pub(super) fn add(&mut self, proposal: &Proposal, release: Release) {
        self.names.push(proposal.name.clone());
        self.sections += &section(proposal, &release);
        self.lines += &line(proposal, &release);
    }

    /// Returns the subject of the commit.
    pub(super) fn subject(&self) -> String {
        format!("specs: follow the docs of {}", self.names.join(", "))
    }

    /// Returns a line for each spec, for the screen.
    pub(super) fn to_text(&self) -> String {
        let checked: String =
            self.checked.iter().map(|said| format!("fits     {said}\n")).collect();
        format!("{}{checked}", self.lines)
    }

    /// Returns the whole text.
    pub(super) fn to_markdown(&self) -> String {
        let checked: String = self.checked.iter().map(|said| format!("- {said}\n")).collect();
        format!("{}## Checked\n\n{checked}", self.sections)
    }
}

fn line(proposal: &Proposal, release: &Release) -> String {
    let version = match (&release.versions, release.semver) {
        (Some((old, new)), Some(semver)) => format!(", {semver}: {old} to {new}"),
        (None, Some(semver)) => format!(", {semver}"),
        _ => String::new(),
    };
    format!(
        "drifts   {}: {} of the docs, {} in the spec, {} to decide{version}\n",
        proposal.name,
        counted(proposal.changes.len(), "change"),
        counted(proposal.suggested.made.len(), "edit"),
        proposal.suggested.open.len()
    )
}

fn section(proposal: &Proposal, release: &Release) -> String {
    let mut text = format!("# {}\n\n", proposal.name);
    let n_changes = counted(proposal.changes.len(), "place");
    let _ = writeln!(text, "The docs changed in {n_changes} since the lock:\n");
    text += "| change | operation | what | page |\n|---|---|---|---|\n";
    for change in proposal.changes.iter().take(MAX_CHANGES) {
        let name = change.name.as_deref().unwrap_or_default();
        let what = format!("{name}{}", details(change));
        let (kind, operation) = (change.kind.name(), &change.operation);
        let _ = writeln!(
            text,
            "| {kind} | {} | {} | {}:{} |",
            cell(operation),
            cell(what.trim_start_matches(": ")),
            cell(&change.page),
            change.line
        );
    }
    if proposal.changes.len() > MAX_CHANGES {
        let _ = writeln!(text, "\nand {} more.", proposal.changes.len() - MAX_CHANGES);
    }
    list(&mut text, "Edited in the spec", &proposal.suggested.made);
    list(&mut text, "To decide", &proposal.suggested.open);
    list(&mut text, "Known to be wrong in the docs", &proposal.waived);
    text += &for_callers(release);
    text
}

fn list(text: &mut String, heading: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let _ = write!(text, "\n## {heading}\n\n");
    items.iter().for_each(|item| {
        let _ = writeln!(text, "- {item}");
    });
}

fn for_callers(release: &Release) -> String {
    let verdict = match (&release.versions, release.semver) {
        (_, None) => "The client stays as it is.".to_owned(),
        (Some((old, new)), Some(semver)) => format!("A {semver} change: {old} becomes {new}."),
        (None, Some(semver)) => {
            format!("A {semver} change. The project has no client whose version could be raised.")
        }
    };
    let lines =
        if release.lines.is_empty() { String::new() } else { format!("\n{}", release.lines) };
    format!("\n## For callers\n\n{verdict}\n{lines}\n")
}

/// Writes a text as a cell of a table.
fn cell(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.is_empty() { text } else { format!("`{text}`") }
}
