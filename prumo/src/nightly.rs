//! `prumo nightly`: runs every check of a project and sums them up in one report.
//!
//! The steps are the table `STEPS`, then the project's own. A failed step does not stop the next
//! one, so the judge still reports when a client does not compile. A step that can't run is
//! *skipped*, with the reason, and never counts as done.

mod step;
mod summary;

use std::process::ExitCode;
use std::time::Instant;

use prumo_drift::Report;
use prumo_drift::report::Verdict;

use crate::generate::{self, Rendered};
use crate::judge::{self, Recorded};
use crate::project::Project;
use crate::screen::{self, counted};
use crate::write;
use summary::{Outcome, Step, Word};

/// Runs the main job and writes `report.md` and `report.json`.
#[derive(clap::Args)]
pub struct Args {
    /// The folder for the report; by default `out` of `prumo.toml`.
    #[arg(long, value_name = "FOLDER")]
    out: Option<std::path::PathBuf>,
}

/// The state of a night that one step passes to the next.
struct Night<'p> {
    project: &'p Project,
    /// The clients of all specs; the first step that needs them reports the error.
    rendered: anyhow::Result<Rendered>,
    report: Option<Report>,
}

/// The function of a step.
type Perform = fn(&mut Night<'_>) -> anyhow::Result<Outcome>;

/// The steps of every project, in order.
const STEPS: &[(&str, Perform)] = &[
    ("lint", lint),
    ("generated", generated),
    ("judge", judge),
    ("docs", docs),
    ("probes", probes),
];

/// Runs the verb: 0 fine, 1 could not judge, 4 stale or drifting.
///
/// # Errors
///
/// The report cannot be written.
pub fn run(project: &Project, args: &Args) -> anyhow::Result<ExitCode> {
    let begin = Instant::now();
    let rendered = generate::rendered(project, &[]);
    let mut night = Night { project, rendered, report: None };
    let mut steps = Vec::new();
    let mut start = begin;
    let mut done = |name: &str, outcome: anyhow::Result<Outcome>| {
        let outcome = outcome.unwrap_or_else(|error| Outcome::not_judged(format!("{error:#}")));
        let step = Step { name: name.to_owned(), outcome, duration: start.elapsed() };
        let told = screen::print(&format!("{}\n", step.line()));
        steps.push(step);
        start = Instant::now();
        told
    };
    for (name, perform) in STEPS {
        done(name, perform(&mut night))?;
    }
    for own in project.steps() {
        done(&own.name, step::run(project.root(), &own.run))?;
    }

    let folder = project.root().join(args.out.as_deref().unwrap_or(project.out()));
    fs_err::create_dir_all(&folder)?;
    let page = summary::markdown(&steps, night.report.as_ref());
    write::at_once(&folder.join("report.md"), page.as_bytes())?;
    let document = summary::json(&steps, night.report.as_ref())?;
    write::at_once(&folder.join("report.json"), document.as_bytes())?;
    let report = project.shown(&folder.join("report.md"));
    screen::print(&format!("report: {report}\n\n{}\n", summary::last_line(&steps)))?;
    Ok(ExitCode::from(summary::exit_code(&steps)))
}

impl Night<'_> {
    fn rendered(&self) -> anyhow::Result<&Rendered> {
        self.rendered.as_ref().map_err(|error| anyhow::anyhow!("{error:#}"))
    }
}

fn lint(night: &mut Night<'_>) -> anyhow::Result<Outcome> {
    let rendered = night.rendered()?;
    let complaints: Vec<String> = rendered.errors().map(ToString::to_string).collect();
    match (rendered.n_specs, complaints.len()) {
        (0, 0) => Ok(Outcome::new(Word::Skipped, night.project.without_specs())),
        (n_specs, 0) => Ok(Outcome::new(Word::Fits, counted(n_specs, "spec"))),
        (_, n) => Ok(Outcome::not_judged(counted(n, "complaint")).with_lines(complaints)),
    }
}

fn generated(night: &mut Night<'_>) -> anyhow::Result<Outcome> {
    let Some(folder) = night.project.generated() else {
        return Ok(Outcome::new(Word::Skipped, generate::NO_FOLDER.to_owned()));
    };
    let rendered = night.rendered()?;
    if rendered.n_specs == 0 {
        return Ok(Outcome::new(Word::Skipped, night.project.without_specs()));
    }
    let stale = generate::stale(night.project, rendered)?;
    if stale.is_empty() {
        let said = format!("{}/ is what the specs make of it", folder.display());
        return Ok(Outcome::new(Word::Fresh, said));
    }
    let said = format!("{}; `prumo generate` makes them fresh", counted(stale.len(), "file"));
    Ok(Outcome::new(Word::Stale, said).with_lines(stale))
}

fn judge(night: &mut Night<'_>) -> anyhow::Result<Outcome> {
    let recorded = match Recorded::of_project(night.project, &night.project.spec_files()?)? {
        Ok(recorded) => recorded,
        Err(reason) => return Ok(Outcome::new(Word::Skipped, reason)),
    };
    let judgement = judge::judge(night.project, &recorded)?;
    let mut said = judgement.in_a_line();
    if !recorded.unmatched.is_empty() {
        said += &format!(", no traffic in `{}`", recorded.unmatched.join("`, `"));
    }
    let word = match judgement.verdict() {
        Verdict::Fits => Word::Fits,
        Verdict::Drifts => Word::Drifts,
        Verdict::Skipped => Word::Skipped,
        Verdict::NotJudged => Word::NotJudged,
    };
    let mut lines = judgement.problems.clone();
    let report = &judgement.report;
    if report.is_drifting() {
        lines.extend(report.to_text().lines().map(str::to_owned));
    } else {
        lines.extend(report.totals.ending.iter().map(|waiver| format!("ends soon: {waiver}")));
        lines.extend(report.totals.unjudged.iter().map(|place| format!("not judged: {place}")));
    }
    night.report = Some(judgement.report);
    Ok(Outcome::new(word, said).with_lines(lines))
}

fn docs(_: &mut Night<'_>) -> anyhow::Result<Outcome> {
    Ok(Outcome::new(Word::Skipped, "reading the vendors' pages is not built yet".to_owned()))
}

fn probes(_: &mut Night<'_>) -> anyhow::Result<Outcome> {
    Ok(Outcome::new(Word::Skipped, "asking the live vendors is not built yet".to_owned()))
}
