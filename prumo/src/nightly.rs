//! `prumo nightly`: runs every check of a project and sums them up in one report.
//!
//! The steps are the table `STEPS`, then the project's own. A failed step does not stop the next
//! one, so the judge still reports when a client does not compile. A step that can't run is
//! *skipped*, with the reason, and never counts as done.
//!
//! Invariants:
//!
//! * Two nights of one project never run at once.
//! * The report is written anew after each step, so a night that is stopped leaves what it has; its
//!   verdict is then *not judged*.
//! * A night that judged no live source says so in its last line.

mod docs;
mod keep;
pub(crate) mod sources;
pub(crate) mod step;
pub(crate) mod summary;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use prumo_drift::Run;

use crate::generate::{self, Rendered};
use crate::history::{self, store::Store};
use crate::judge::head::run_of;
use crate::probe;
use crate::project::Project;
use crate::screen::{self, counted};
use crate::write;
use sources::Sources;
use summary::{Outcome, Page, Step, Word};

/// Runs the main job and writes its report: Markdown, JSON, HTML, SARIF, JUnit.
#[derive(clap::Args)]
pub struct Args {
    /// The folder for the report; by default `out` of `prumo.toml`.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Ends with 1 if no live source was judged: neither traffic nor a live vendor.
    #[arg(long)]
    require_live: bool,
    /// Asks no live vendor.
    #[arg(long, conflicts_with = "require_live")]
    offline: bool,
    /// The time for the whole night; what has not run by then is not run.
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<u64>,
}

/// The state of a night that one step passes to the next.
struct Night<'p> {
    project: &'p Project,
    run: Run,
    is_offline: bool,
    /// The clients of all specs; the first step that needs them reports the error.
    rendered: anyhow::Result<Rendered>,
    sources: anyhow::Result<Sources<'p>>,
    store: anyhow::Result<Store>,
}

/// The function of a step.
type Perform = fn(&mut Night<'_>) -> anyhow::Result<Outcome>;

/// The steps of every project, in order.
const STEPS: &[(&str, Perform)] = &[
    ("lint", lint),
    ("generated", generated),
    ("fixtures", |night| Ok(night.sources()?.judge_fixtures())),
    ("traffic", |night| Ok(night.sources()?.judge_traffic())),
    ("docs", docs),
    ("probes", probes),
    ("waivers", |night| Ok(night.sources()?.judge_waivers())),
];

/// Runs the verb: 0 fine, 1 could not judge, 4 stale or drifting.
///
/// # Errors
///
/// The report cannot be written, or another night of the project runs.
pub fn run(project: &Project, args: &Args) -> anyhow::Result<ExitCode> {
    let folder = project.root().join(args.out.as_deref().unwrap_or(project.out()));
    fs_err::create_dir_all(&folder)?;
    let _lock = locked(&folder)?;
    let (begin, run) = (Instant::now(), run_of(project.root()));
    // The report of the night before is no report of this one.
    written(&folder, &Page { run: run.clone(), ..Page::default() })?;
    let limit = args.time_limit.map(|seconds| (begin + Duration::from_secs(seconds), seconds));
    let mut night = Night {
        project,
        run,
        is_offline: args.offline,
        rendered: generate::rendered(project, &[]),
        sources: Sources::of(project),
        store: Store::open(&history::file(project)),
    };
    let mut steps = Vec::new();
    let mut start = begin;
    let mut done = |night: &Night<'_>, name: &str, outcome: anyhow::Result<Outcome>| {
        let outcome = outcome.unwrap_or_else(|error| Outcome::not_judged(format!("{error:#}")));
        let step = Step { name: name.to_owned(), outcome, duration: start.elapsed() };
        screen::print(&format!("{}\n", step.line()))?;
        steps.push(step);
        // A night that is stopped now leaves this report.
        written(&folder, &Page { steps: &steps, ..Page::of(night) })?;
        start = Instant::now();
        anyhow::Ok(())
    };
    let is_over = || {
        limit.filter(|(end, _)| Instant::now() >= *end).map(|(_, seconds)| {
            Ok(Outcome::not_judged(format!("the time limit of {seconds} s is over")))
        })
    };
    for (name, perform) in STEPS {
        let outcome = is_over().unwrap_or_else(|| perform(&mut night));
        done(&night, name, outcome)?;
    }
    for own in project.steps() {
        let outcome = is_over()
            .unwrap_or_else(|| step::run(project.root(), &own.run, limit.map(|(end, _)| end), &[]));
        done(&night, &own.name, outcome)?;
    }
    finish(project, args, &mut night, &steps, &folder)
}

/// Compares the night with earlier ones, keeps it, writes its report and prints the last line.
fn finish(
    project: &Project,
    args: &Args,
    night: &mut Night<'_>,
    steps: &[Step],
    folder: &Path,
) -> anyhow::Result<ExitCode> {
    let now = crate::clock::now();
    let mut page =
        Page { steps, must_be_live: args.require_live, is_whole: true, ..Page::of(night) };
    match (&mut night.store, &night.sources) {
        (Ok(store), Ok(sources)) => {
            let compared = keep::compared(store, sources, &page.report(), &now)?;
            let line = page.last_line();
            let told = (now.as_str(), page.verdict(), line.as_str());
            page.night = Some(keep::keep(store, &compared, &night.run, told)?);
            page.changes = Some(compared.changes);
            page.dated = compared.findings;
            page.nights = compared.nights;
        }
        (Err(error), _) => bail!("{error:#}"),
        // A step has said it.
        (Ok(_), Err(_)) => (),
    }
    written(folder, &page)?;
    if let Some(changes) = page.changes.as_ref().filter(|changes| !changes.is_empty()) {
        screen::print(&format!("\nsince the last night:\n{}", history::in_words(changes)))?;
    }
    let report = project.shown(&folder.join("report.html"));
    screen::print(&format!("report: {report}\n\n{}\n", page.last_line()))?;
    Ok(ExitCode::from(page.exit_code()))
}

fn written(folder: &Path, page: &Page<'_>) -> anyhow::Result<()> {
    for (file, text) in page.files()? {
        write::at_once(&folder.join(file), text.as_bytes())?;
    }
    Ok(())
}

/// Locks the folder of reports until the file is dropped.
fn locked(folder: &Path) -> anyhow::Result<File> {
    let path = folder.join("nightly.lock");
    let file =
        File::create(&path).with_context(|| format!("failed to write `{}`", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "another night of this project is running: it holds `{}`\n  \
             hint: wait until it has ended, or give this one a folder of its own with `--out`",
            path.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("failed to lock `{}`", path.display()))
        }
    }
}

impl Page<'_> {
    /// Returns the page of a night with the report so far.
    fn of(night: &Night<'_>) -> Self {
        let report = night.sources.as_ref().ok().and_then(|sources| sources.report.clone());
        Self { report, run: night.run.clone(), ..Self::default() }
    }
}

impl Night<'_> {
    fn rendered(&self) -> anyhow::Result<&Rendered> {
        self.rendered.as_ref().map_err(|error| anyhow::anyhow!("{error:#}"))
    }
}

impl<'p> Night<'p> {
    fn sources(&mut self) -> anyhow::Result<&mut Sources<'p>> {
        self.sources.as_mut().map_err(|error| anyhow::anyhow!("{error:#}"))
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

fn docs(night: &mut Night<'_>) -> anyhow::Result<Outcome> {
    let (project, is_offline) = (night.project, night.is_offline);
    docs::judge(project, night.sources()?, is_offline)
}

fn probes(night: &mut Night<'_>) -> anyhow::Result<Outcome> {
    if night.is_offline {
        return Ok(Outcome::new(Word::Skipped, "`--offline`".to_owned()));
    }
    let asked_before = match &night.store {
        Ok(store) => store.asked()?,
        Err(error) => bail!("{error:#}"),
    };
    let limits = probe::Limits::of_night(asked_before);
    night.sources()?.ask(&limits)
}
