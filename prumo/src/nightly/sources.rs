//! Judges the sources of a night: fixtures, traffic and probes, each by itself and all together.
//!
//! Invariants:
//!
//! * Each source has a verdict of its own. What was not looked at is *skipped*, and never fits.
//! * The report of the night is about all sources together, so one deviation is one finding.

use std::path::PathBuf;

use prumo_drift::report::Verdict;
use prumo_drift::rules::Rule;
use prumo_drift::waivers::DocsWaivers;
use prumo_drift::{Contract, Finding, Report};

use super::summary::{Outcome, Word};
use crate::judge::{Bench, Observed, Recorded};
use crate::probe::{self, Limits, Probed, Weight};
use crate::project::Project;
use crate::screen::counted;

/// The sources of a night, as far as they were judged.
pub(crate) struct Sources<'p> {
    project: &'p Project,
    specs: Vec<PathBuf>,
    bench: Bench,
    /// The recorded exchanges, or why there are none.
    recorded: Result<Recorded, String>,
    fixtures: Option<Observed>,
    traffic: Option<Observed>,
    /// Where the docs differ, without what is waived.
    documented: Vec<Finding>,
    pub(super) probed: Option<Probed>,
    /// The report on all sources so far; `None` if there was none.
    pub(super) report: Option<Report>,
}

impl<'p> Sources<'p> {
    /// Reads the specs of a project and lists its recordings.
    ///
    /// # Errors
    ///
    /// A spec or its waivers can't be read, or a folder can't be listed.
    pub(crate) fn of(project: &'p Project) -> anyhow::Result<Self> {
        let specs = project.spec_files()?;
        let bench = Bench::read(project.root(), &specs)?;
        let recorded = Recorded::of_project(project, &specs)?;
        let (fixtures, traffic, probed, report) = (None, None, None, None);
        let documented = Vec::new();
        Ok(Self { project, specs, bench, recorded, fixtures, traffic, documented, probed, report })
    }

    /// Judges the committed fixtures.
    pub(crate) fn judge_fixtures(&mut self) -> Outcome {
        let recorded = match &self.recorded {
            Ok(recorded) => recorded,
            Err(reason) => return Outcome::new(Word::Skipped, reason.clone()),
        };
        if recorded.paths.is_empty() {
            let folder = self.project.shown(&self.project.fixtures());
            return Outcome::new(Word::Skipped, format!("no recorded exchange in `{folder}/`"));
        }
        let observed = self.bench.observe_files(self.project.root(), &recorded.paths);
        let outcome = self.outcome(&observed);
        self.fixtures = Some(observed);
        self.report = self.joined_report();
        outcome
    }

    /// Judges the traffic that the project names for its vendors.
    pub(super) fn judge_traffic(&mut self) -> Outcome {
        const NONE: &str = "no vendor has `traffic` in `prumo.toml`";
        let Ok(recorded) = &self.recorded else {
            return Outcome::new(Word::Skipped, NONE.to_owned());
        };
        let unmatched = match recorded.unmatched.as_slice() {
            [] => String::new(),
            patterns => format!("no file matches `{}`", patterns.join("`, `")),
        };
        let mut all: Option<Observed> = None;
        for (position, files) in recorded.traffic_of(&self.specs) {
            let observed = self.bench.observe_files_of(position, self.project.root(), files);
            match &mut all {
                Some(all) => all.absorb(observed),
                None => all = Some(observed),
            }
        }
        let Some(observed) = all else {
            let reason = if unmatched.is_empty() { NONE.to_owned() } else { unmatched };
            return Outcome::new(Word::Skipped, reason);
        };
        let mut outcome = self.outcome(&observed);
        if !unmatched.is_empty() {
            outcome.said += &format!(", {unmatched}");
        }
        self.traffic = Some(observed);
        self.report = self.joined_report();
        outcome
    }

    /// Lists the specs.
    pub(super) fn specs(&self) -> &[PathBuf] {
        &self.specs
    }

    /// Holds specs, by their position, against what pages document.
    pub(super) fn judge_docs(&mut self, documented: &[(usize, Contract)]) -> (Report, DocsWaivers) {
        let (report, waivers) = self.bench.docs_report(documented);
        let findings = report.findings.iter().filter(|one| one.waived.is_none());
        self.documented = findings.cloned().collect();
        self.report = self.joined_report();
        (report, waivers)
    }

    /// Asks the live vendors that the project wants to be asked.
    ///
    /// # Errors
    ///
    /// A spec can't be read.
    pub(super) fn ask(&mut self, limits: &Limits<'_>) -> anyhow::Result<Outcome> {
        let specs = probe::of_project(self.project)?;
        if specs.is_empty() {
            let reason = "no vendor has `probe` in `prumo.toml`".to_owned();
            return Ok(Outcome::new(Word::Skipped, reason));
        }
        let probed = probe::ask(self.project, &self.bench, &specs, limits)?;
        let report = probed.report(&self.bench);
        let word = match () {
            () if probed.count(Weight::NotJudged) > 0 => Word::NotJudged,
            () if report.is_drifting() => Word::Drifts,
            () if probed.count(Weight::Judged) == 0 => Word::Skipped,
            () => Word::Fits,
        };
        let mut lines = probed.not_judged();
        lines.extend(probed.notes.iter().cloned());
        if report.is_drifting() {
            lines.extend(report.to_text().lines().map(str::to_owned));
        }
        let outcome = Outcome::new(word, probed.in_a_line()).with_lines(lines);
        self.probed = Some(probed);
        self.report = self.joined_report();
        Ok(outcome)
    }

    /// Says which waivers silence nothing any more, by what all sources showed.
    pub(super) fn judge_waivers(&self) -> Outcome {
        let judged = self.report.as_ref().filter(|report| report.totals.exchanges > 0);
        let Some(report) = judged else {
            return Outcome::new(Word::Skipped, "nothing was judged".to_owned());
        };
        let is_stale = |finding: &&prumo_drift::Finding| {
            finding.rule == Rule::WaiverStale && finding.waived.is_none()
        };
        let stale: Vec<String> = report
            .findings
            .iter()
            .filter(is_stale)
            .map(|one| format!("{} {}: {}", one.spec, one.at, one.seen))
            .collect();
        let mut lines = stale.clone();
        lines.extend(report.totals.ending.iter().map(|waiver| format!("ends soon: {waiver}")));
        let said = format!("{} waived, {} stale", report.totals.waived, stale.len());
        let word = if stale.is_empty() { Word::Fits } else { Word::Drifts };
        Outcome::new(word, said).with_lines(lines)
    }

    fn joined_report(&self) -> Option<Report> {
        let recorded = self.fixtures.iter().chain(&self.traffic);
        let n_unreadable =
            recorded.clone().map(|one| one.n_unreadable).fold(0, u64::saturating_add);
        let mut seen = recorded.map(|one| one.contracts.as_slice()).collect::<Vec<_>>();
        seen.extend(self.probed.iter().map(|probed| probed.observed.as_slice()));
        if seen.is_empty() && self.documented.is_empty() {
            return None;
        }
        let joined = self.joined(&seen);
        let mut report = self.bench.report(&joined, n_unreadable);
        if let Some(probed) = &self.probed {
            // A deviation that other sources show, too, did not come once.
            let elsewhere = self.fixtures.iter().chain(&self.traffic);
            let elsewhere = elsewhere.map(|one| one.contracts.as_slice()).collect::<Vec<_>>();
            let known = self.bench.live_report(&self.joined(&elsewhere), 0).findings;
            probed.soften(&mut report, &known);
        }
        report.add_findings(self.documented.iter().cloned());
        Some(report)
    }

    /// Returns what live sources showed, a contract for each spec.
    pub(super) fn live(&self) -> Vec<Contract> {
        let traffic = self.traffic.iter().map(|one| one.contracts.as_slice());
        let probed = self.probed.iter().map(|one| one.observed.as_slice());
        self.joined(&traffic.chain(probed).collect::<Vec<_>>())
    }

    /// Returns the findings about live sources.
    pub(super) fn live_findings(&self, live: &[Contract]) -> Vec<prumo_drift::Finding> {
        self.bench.live_report(live, 0).findings
    }

    /// Returns the text of a contract file with what live sources showed.
    ///
    /// # Errors
    ///
    /// It does not fit in one.
    pub(super) fn live_file(&self, live: &[Contract]) -> anyhow::Result<String> {
        self.bench.contract_file(live)
    }

    fn joined(&self, all: &[&[Contract]]) -> Vec<Contract> {
        let mut joined = self.bench.unseen();
        for contracts in all {
            for (mine, theirs) in joined.iter_mut().zip(*contracts) {
                mine.absorb(theirs.clone());
            }
        }
        joined
    }

    /// Returns the outcome of judging recorded exchanges.
    fn outcome(&self, observed: &Observed) -> Outcome {
        let report = self.bench.live_report(&observed.contracts, observed.n_unreadable);
        let totals = &report.totals;
        let word = match totals.verdict {
            Verdict::Fits => Word::Fits,
            Verdict::Drifts => Word::Drifts,
            Verdict::Skipped => Word::Skipped,
            Verdict::NotJudged => Word::NotJudged,
        };
        let mut lines = observed.problems.clone();
        if report.is_drifting() {
            lines.extend(report.to_text().lines().map(str::to_owned));
        } else {
            lines.extend(totals.unjudged.iter().map(|place| format!("not judged: {place}")));
        }
        Outcome::new(word, in_a_line(&report, observed)).with_lines(lines)
    }
}

fn in_a_line(report: &Report, observed: &Observed) -> String {
    let totals = &report.totals;
    let mut line = format!(
        "{}, {}, {} waived",
        counted(usize::try_from(totals.exchanges).unwrap_or(usize::MAX), "exchange"),
        counted(usize::try_from(totals.findings.all()).unwrap_or(usize::MAX), "finding"),
        totals.waived
    );
    let left_out = &totals.left_out;
    if !left_out.is_nothing() {
        let (skipped, bodies) = (left_out.exchanges(), left_out.bodies);
        line += &format!(", {skipped} skipped, {bodies} without a recorded body");
    }
    if !observed.problems.is_empty() {
        line += &format!(", {} could not be read", totals.unreadable);
    }
    if !observed.empty.is_empty() {
        line += &format!(", {} without an exchange", counted(observed.empty.len(), "file"));
    }
    line
}
