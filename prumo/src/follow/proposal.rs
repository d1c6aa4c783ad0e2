//! Turns the pages of a spec, as they are now, into proposed edits of it and a list to decide.

use std::path::PathBuf;

use anyhow::{Context, anyhow};
use prumo_drift::{Contract, Finding, Suggestions, Waivers, documented, suggest_documented};
use prumo_pages::{Change, Lock, diff};

use crate::docs::check;
use crate::judge::Bench;
use crate::project::Project;
use crate::{clock, screen, specs};

/// The edits and decisions that the changed pages of one spec call for.
pub(super) struct Proposal {
    pub(super) name: String,
    /// The file of the lock, relative to the project's root.
    pub(super) lock_file: PathBuf,
    pub(super) lock: Lock,
    /// The changes of the pages.
    pub(super) changes: Vec<Change>,
    pub(super) suggested: Suggestions,
    /// New differences that a waiver of the docs witness covers: finding and reason.
    pub(super) waived: Vec<String>,
}

impl Proposal {
    /// Compares the pages with the lock; `None` if they say the same.
    ///
    /// # Errors
    ///
    /// The spec has no lock, or can't be read.
    pub(super) fn new(project: &Project, name: &str, now: Lock) -> anyhow::Result<Option<Self>> {
        let spec = project.spec_named(name)?;
        let before = check::lock_of(&spec)?.ok_or_else(|| {
            anyhow!("`{name}` has no lock of its docs\n  hint: `prumo docs lock {name}` makes it")
        })?;
        let changes = diff(&before.whole(), &now.whole());
        if changes.is_empty() {
            return Ok(None);
        }
        let sources = specs::sources(project.root(), &spec)?;
        let bench = Bench::read(project.root(), std::slice::from_ref(&spec))?;
        let contracts = bench.contracts();
        let promised = contracts.first().context("no spec to read")?;
        let (earlier, documented) = (before.contract(), now.contract());
        let findings = newly_found(promised, bench.waivers(0), &earlier, &documented);
        let suggested = suggest_documented(&sources, &findings, promised, &documented)
            .map_err(|error| screen::hinted(&error, error.hint()))?;
        let lock_file = specs::docs_of(&spec);
        let lock_file = lock_file.strip_prefix(project.root()).unwrap_or(&lock_file).to_owned();
        let waived = findings.iter().filter_map(|one| Some((one, one.waived.as_ref()?)));
        let waived = waived.map(|(one, reason)| format!("{}: {reason}", one.identity())).collect();
        Ok(Some(Self { name: name.to_owned(), lock_file, lock: now, changes, suggested, waived }))
    }

    /// Lists the files that change, relative to the project's root, with their new texts.
    pub(super) fn files(&self) -> Vec<(PathBuf, String)> {
        let edited = self.suggested.changed.iter();
        let mut files: Vec<(PathBuf, String)> =
            edited.map(|(file, _, after)| (PathBuf::from(file), after.clone())).collect();
        files.push((self.lock_file.clone(), self.lock.to_yaml()));
        files
    }
}

/// Lists where the pages differ from the spec now and did not before, waivers applied.
fn newly_found(
    promised: &Contract,
    waivers: Option<&Waivers>,
    before: &Contract,
    now: &Contract,
) -> Vec<Finding> {
    let earlier = documented::compare(promised, before);
    let mut differences = documented::compare(promised, now);
    if let Some(waivers) = waivers {
        waivers.apply_to_docs(&mut differences, clock::today());
    }
    let mut findings = differences.newer_than(&earlier);
    // The reason of a waiver is about the difference that was there when it was written.
    for finding in &mut findings {
        if earlier.findings.iter().any(|one| one.identity() == finding.identity()) {
            finding.waived = None;
        }
    }
    findings
}
