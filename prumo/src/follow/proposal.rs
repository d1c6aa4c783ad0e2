//! Turns the pages of a spec, as they are now, into proposed edits of it and a list to decide.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use prumo_drift::{Finding, Suggestions, documented, read_openapi, suggest_documented};
use prumo_pages::{Change, Lock, diff};

use crate::docs::check;
use crate::judge::Bench;
use crate::project::Project;
use crate::{clock, screen, specs};

/// What follows from the changed pages of one spec.
pub(super) struct Proposal {
    pub(super) name: String,
    /// The file of the lock, relative to the project's root.
    pub(super) lock_file: PathBuf,
    pub(super) lock: Lock,
    /// What changed on the pages.
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
        let findings = newly_found(project.root(), &spec, &before, &now)?;
        let sources = specs::sources(project.root(), &spec)?;
        let document = specs::document(project.root(), &specs::parts_of(&spec)?)?;
        let promised =
            read_openapi(&document).map_err(|error| screen::hinted(&error, error.hint()))?;
        let suggested = suggest_documented(&sources, &findings, &promised, &now.contract())
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
    root: &Path,
    spec: &Path,
    before: &Lock,
    now: &Lock,
) -> anyhow::Result<Vec<Finding>> {
    let bench = Bench::read(root, &[spec.to_owned()])?;
    let contracts = bench.contracts();
    let promised = contracts.first().context("no spec to read")?;
    let earlier = documented::compare(promised, &before.contract());
    let mut differences = documented::compare(promised, &now.contract());
    if let Some(waivers) = bench.waivers(0) {
        waivers.apply_to_docs(&mut differences, clock::today());
    }
    let mut findings = differences.newer_than(&earlier);
    // The reason of a waiver is about the difference that was there when it was written.
    for finding in &mut findings {
        if earlier.findings.iter().any(|one| one.identity() == finding.identity()) {
            finding.waived = None;
        }
    }
    Ok(findings)
}
