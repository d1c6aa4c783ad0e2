//! Reads the vendors' pages, compares them with the locks, and holds the specs against the locks.
//!
//! A page that is no longer there is drift by itself. What changed since the lock is a line that a
//! person reads; where spec and lock differ is a finding of the night's report and history.

use std::time::Duration;

use prumo_drift::Contract;
use prumo_pages::{Change, diff};

use super::sources::Sources;
use super::summary::{Outcome, Word};
use crate::docs::fetch::cache::Cache;
use crate::docs::{check, fetch};
use crate::project::Project;
use crate::screen::counted;

/// The most changes of one vendor's pages that are listed.
const MAX_CHANGES: usize = 40;

/// Findings of the step so far.
#[derive(Default)]
struct Sight {
    said: Vec<String>,
    lines: Vec<String>,
    drifts: bool,
    is_partial: bool,
}

/// Runs the step.
pub(super) fn judge(
    project: &Project,
    sources: &mut Sources<'_>,
    is_offline: bool,
) -> anyhow::Result<Outcome> {
    let vendors = fetch::with_docs(project)?;
    let locked = check::locked(sources.specs(), false)?;
    if vendors.is_empty() && locked.is_empty() {
        let reason = "no vendor has `docs` in `prumo.toml`, and no spec has a lock of its docs";
        return Ok(Outcome::new(Word::Skipped, reason.to_owned()));
    }
    let mut sight = Sight::default();
    match (vendors.is_empty(), is_offline) {
        (true, _) => sight.said.push("no vendor has `docs` in `prumo.toml`".to_owned()),
        (false, true) => sight.said.push("no page was read: `--offline`".to_owned()),
        (false, false) => read(project, sources, &vendors, &mut sight)?,
    }
    hold(sources, &locked, &mut sight);
    let word = match () {
        () if sight.is_partial => Word::NotJudged,
        () if sight.drifts => Word::Drifts,
        () if locked.is_empty() && is_offline => Word::Skipped,
        () => Word::Fits,
    };
    Ok(Outcome::new(word, sight.said.join(", ")).with_lines(sight.lines))
}

/// Reads the pages and compares them with the locks.
fn read(
    project: &Project,
    sources: &Sources<'_>,
    vendors: &[String],
    sight: &mut Sight,
) -> anyhow::Result<()> {
    let pages = fetch::fetch(project, vendors, Duration::from_millis(fetch::PAUSE))?;
    for one in &pages {
        if one.fate.is_drift() || one.fate.is_failure() {
            sight.lines.push(format!("{} {} {}", one.vendor, one.url, one.fate.in_words()));
        }
        sight.drifts |= one.fate.is_drift();
        sight.is_partial |= one.fate.is_failure();
    }
    sight.said.push(format!("{} asked for", counted(pages.len(), "page")));
    for vendor in vendors {
        let is_of = |spec: &&std::path::PathBuf| spec.file_stem().is_some_and(|it| it == &**vendor);
        let Some(spec) = sources.specs().iter().find(is_of) else { continue };
        let Some(settings) = project.vendor(vendor) else { continue };
        let Some(lock) = check::lock_of(spec)? else {
            sight.lines.push(format!("{vendor} has no lock; `prumo docs lock {vendor}` makes it"));
            continue;
        };
        match Cache::open(project, vendor)?.lock(&settings.docs) {
            Ok(now) => changed(vendor, &diff(&lock.whole(), &now.whole()), sight),
            // The fate of the page has said it.
            Err(error) => sight.lines.push(format!("{vendor} was not compared: {error}")),
        }
    }
    Ok(())
}

fn changed(vendor: &str, changes: &[Change], sight: &mut Sight) {
    sight.said.push(format!("{vendor}: {} since the lock", counted(changes.len(), "change")));
    sight.drifts |= !changes.is_empty();
    for change in changes.iter().take(MAX_CHANGES) {
        let name = change.name.as_deref().unwrap_or_default();
        let (kind, operation) = (change.kind.name(), &change.operation);
        let line = format!("{vendor} {kind} {operation} {name}");
        sight.lines.push(format!("{} ({}:{})", line.trim_end(), change.page, change.line));
    }
    if changes.len() > MAX_CHANGES {
        sight.lines.push(format!("{vendor} and {} more", changes.len() - MAX_CHANGES));
    }
}

/// Holds the specs against their locks.
fn hold(sources: &mut Sources<'_>, locked: &[(usize, Contract)], sight: &mut Sight) {
    if locked.is_empty() {
        return;
    }
    let (report, waivers) = sources.judge_docs(locked);
    let n_findings = usize::try_from(report.totals.findings.all()).unwrap_or(usize::MAX);
    sight.said.push(format!(
        "{}: {}, {} waived, {} not visible",
        counted(locked.len(), "lock"),
        counted(n_findings, "finding"),
        report.totals.waived,
        counted(waivers.invisible.len(), "waiver"),
    ));
    if report.is_drifting() {
        sight.drifts = true;
        sight.lines.extend(report.to_text().lines().map(str::to_owned));
    }
}
