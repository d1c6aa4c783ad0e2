//! `prumo docs check`: holds specs against what the docs say.
//!
//! A waiver of the docs witness is *met*, *stale*, or *not visible in the docs*: then no page states
//! the fact in a form that is read, and the waiver is counted and listed, never passed over.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{bail, ensure};
use prumo_drift::report::{FORMATS, ReportFormat};
use prumo_drift::waivers::DocsWaivers;
use prumo_drift::{Contract, Report};
use prumo_pages::Lock;

use super::pages::Pages;
use crate::judge::{self, Bench, format_parser};
use crate::language;
use crate::project::Location;
use crate::screen::{self, counted};
use crate::specs;

/// Holds specs against what the docs say.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A spec to hold against the docs, by its file or by its name in the project; by default every
    /// spec with a lock.
    #[arg(long = "spec", value_name = "FILE|NAME")]
    specs: Vec<PathBuf>,
    /// The format of the findings.
    #[arg(long, value_parser = format_parser(), default_value = FORMATS[0].name)]
    format: &'static ReportFormat,
    /// Also lists what the docs leave out, which every format but `text` always does.
    #[arg(long)]
    coverage: bool,
    /// Also lists the waivers that the docs cannot show.
    #[arg(long)]
    waivers: bool,
    /// Pages, folders of pages or a lock; by default the lock beside the spec.
    #[arg(value_name = "PAGE")]
    pages: Vec<PathBuf>,
}

/// Runs the verb: 0 fits or skipped, 1 could not read, 4 differs.
pub(super) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let base = location.base()?;
    let specs = match args.specs.as_slice() {
        [] => location.project()?.spec_files()?,
        named => named.iter().map(|spec| location.spec(spec)).collect::<anyhow::Result<_>>()?,
    };
    let bench = Bench::read(&base, &specs)?;
    let documented = match args.pages.as_slice() {
        [] => locked(&specs, !args.specs.is_empty())?,
        pages => {
            ensure!(
                specs.len() == 1,
                "pages of which spec?\n  hint: `--spec NAME` names the one that they are about"
            );
            vec![(0, given(pages)?.contract())]
        }
    };
    if documented.is_empty() {
        let reason = "no spec has a lock of its docs; `prumo docs lock` makes one";
        screen::note(&format!("skipped  {reason}"));
        return Ok(ExitCode::SUCCESS);
    }
    let (report, waivers) = bench.docs_report(&documented);
    print(args, &report, &waivers)?;
    Ok(ExitCode::from(judge::exit_code(report.totals.verdict)))
}

/// Reads the locks beside the specs, by the position of each spec.
///
/// # Errors
///
/// A lock can't be read, or is missing although its spec `is_named`.
pub(crate) fn locked(specs: &[PathBuf], is_named: bool) -> anyhow::Result<Vec<(usize, Contract)>> {
    let mut documented = Vec::new();
    for (position, spec) in specs.iter().enumerate() {
        if let Some(lock) = lock_of(spec)? {
            documented.push((position, lock.contract()));
        } else if is_named {
            let file = specs::docs_of(spec);
            bail!("no lock `{}`\n  hint: `prumo docs lock` makes it from pages", file.display());
        }
    }
    Ok(documented)
}

/// Reads the lock beside a spec; `None` if there is none.
pub(crate) fn lock_of(spec: &Path) -> anyhow::Result<Option<Lock>> {
    let file = specs::docs_of(spec);
    if file.is_file() { given(&[file]).map(Some) } else { Ok(None) }
}

fn given(paths: &[PathBuf]) -> anyhow::Result<Lock> {
    let mut pages = Vec::new();
    for path in paths {
        pages.extend(Pages::read(path)?.named());
    }
    Ok(Lock::new(pages))
}

fn print(args: &Args, report: &Report, waivers: &DocsWaivers) -> anyhow::Result<()> {
    let report = &*language::for_reader(report);
    let text = (args.format.write)(report);
    let text = match args.coverage && !args.format.is_document {
        true => format!("{}\n{text}", report.coverage_to_text()),
        false => text,
    };
    screen::print(&text)?;
    if args.waivers {
        for one in &waivers.invisible {
            let line = one.position.line;
            let why = one.unseen.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
            screen::note(&format!(
                "{}:{line}: not visible in the docs: {}{why}",
                one.file, one.finding
            ));
        }
    }
    let n_stale = report.findings.iter().filter(|one| one.rule == prumo_drift::Rule::WaiverStale);
    screen::note(&format!(
        "{} of the docs: {} met, {} stale, {} not visible in the docs{}",
        counted(waivers.n_met + n_stale.clone().count() + waivers.invisible.len(), "waiver"),
        waivers.n_met,
        n_stale.count(),
        waivers.invisible.len(),
        if args.waivers || waivers.invisible.is_empty() { "" } else { " (`--waivers` lists them)" },
    ));
    Ok(())
}
