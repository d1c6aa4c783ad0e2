//! `prumo probe`: asks the live vendors, by the `x-probe` of their specs, and judges the responses.
//!
//! Invariants:
//!
//! * Only operations that change nothing are called, unless the spec and `prumo.toml` both allow one.
//! * The number of requests and the time are limited, and the rate limit of the spec holds.
//! * A body is judged in memory and dropped; it is written only if asked for, and redacted before.
//! * A finding counts if it came twice. What came once is at most *risky*.
//! * What was not asked is *skipped* with its reason; what was asked in vain is *not judged*.

mod ask;
mod outcome;
mod plan;
mod session;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::ensure;
use prumo_drift::finding::Identity;
use prumo_drift::{Contract, Finding, Report, Severity};
use prumo_spec::openapi::OpenApi;

use crate::call::Catalogue;
use crate::judge::Bench;
use crate::project::{Location, Project};
use crate::{clock, language, screen, specs};
pub(crate) use outcome::{Outcome, Weight};
use plan::Plan;
use session::Session;

/// The number of requests to a vendor, if neither the project nor the command line has a limit.
const BUDGET: u64 = 40;

/// The time for the requests to a vendor in seconds, if the project has no limit.
const SECONDS: u64 = 300;

/// Asks the live vendors and judges their responses.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The vendors, by the names of their specs; by default those with `probe` in `prumo.toml`.
    #[arg(value_name = "VENDOR")]
    vendors: Vec<String>,
    /// Asks only this operation, and those that it takes values from.
    #[arg(long = "only", value_name = "OPERATION")]
    only: Vec<String>,
    /// The maximum number of requests to a vendor, logins included.
    #[arg(long, value_name = "N")]
    budget: Option<u64>,
    /// Prints the calls that would be made; sends nothing.
    #[arg(long)]
    dry_run: bool,
    /// Also writes each exchange below this folder as a fixture, without personal data and secrets.
    #[arg(long, value_name = "FOLDER")]
    record: Option<PathBuf>,
    /// The format of the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A line for each operation, then the findings.
    Text,
    /// The judge's document with `probes` added.
    Json,
}

/// The limits of a run.
#[derive(Default)]
pub(crate) struct Limits<'a> {
    only: &'a [String],
    budget: Option<u64>,
    record: Option<&'a Path>,
    /// The operations that earlier runs asked, by spec, the one asked longest ago first.
    asked_before: BTreeMap<String, Vec<String>>,
}

/// The result for one operation.
#[derive(Debug)]
pub(crate) struct Probe {
    pub(crate) spec: String,
    pub(crate) operation: String,
    pub(crate) outcome: Outcome,
    /// More about the outcome, or an empty text.
    pub(crate) said: String,
    /// How often it was asked.
    pub(crate) n_asked: u32,
    pub(crate) took: Duration,
}

/// The results of a run.
pub(crate) struct Probed {
    pub(crate) probes: Vec<Probe>,
    /// Remarks on a vendor as a whole.
    pub(crate) notes: Vec<String>,
    /// The observations, a contract for each spec of the bench.
    pub(crate) observed: Vec<Contract>,
    /// The findings that came once of twice, by the name of the spec.
    once: Vec<(String, Identity)>,
}

/// Runs the verb: 0 fits or skipped, 1 a vendor could not be asked, 4 drifts.
pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let project = location.project()?;
    let chosen = match args.vendors.as_slice() {
        [] => of_project(&project)?,
        named => project.chosen_specs(named)?,
    };
    ensure!(
        !chosen.is_empty(),
        "no vendor is to be asked\n  hint: name one, or write `probe = {{ budget = 40 }}` in its table in `prumo.toml`"
    );
    if args.dry_run {
        return dry_run(&project, &chosen, args);
    }
    let bench = Bench::read(project.root(), &chosen)?;
    let limits = Limits {
        only: &args.only,
        budget: args.budget,
        record: args.record.as_deref(),
        ..Limits::default()
    };
    let probed = ask(&project, &bench, &chosen, &limits)?;
    let report = probed.report(&bench);
    let text = match args.format {
        Format::Text => {
            let width = probed.probes.iter().map(|one| one.operation.len()).max().unwrap_or(0);
            let lines: Vec<String> = probed.probes.iter().map(|one| one.line(width)).collect();
            let notes: Vec<String> =
                probed.notes.iter().map(|note| format!("note: {note}\n")).collect();
            let findings = match report.findings.is_empty() {
                true => String::new(),
                false => language::for_reader(&report).to_text(),
            };
            format!("{}\n{}{findings}{}\n", lines.join("\n"), notes.concat(), probed.in_a_line())
        }
        Format::Json => {
            let mut document = serde_json::to_value(&report)?;
            document["probes"] = probed.to_json();
            format!("{document:#}\n")
        }
    };
    screen::print(&prumo_drift::printable_json(&text))?;
    Ok(ExitCode::from(probed.exit_code(&report)))
}

/// Lists the specs whose vendors a project wants to be asked.
///
/// # Errors
///
/// The folder of specs can't be read.
pub(crate) fn of_project(project: &Project) -> anyhow::Result<Vec<PathBuf>> {
    let has_probe = |spec: &PathBuf| {
        let name = spec.file_stem().unwrap_or_default().to_string_lossy();
        project.vendor(&name).is_some_and(|vendor| vendor.probe.is_some())
    };
    Ok(project.spec_files()?.into_iter().filter(has_probe).collect())
}

/// Asks the vendors of these specs, which the bench has.
///
/// # Errors
///
/// A spec can't be read.
pub(crate) fn ask(
    project: &Project,
    bench: &Bench,
    specs: &[PathBuf],
    limits: &Limits<'_>,
) -> anyhow::Result<Probed> {
    let mut probed = Probed {
        probes: Vec::new(),
        notes: Vec::new(),
        observed: bench.unseen(),
        once: Vec::new(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for spec in specs {
        let catalogue = Catalogue::of_project(project, spec)?;
        let Some(position) = bench.position(&catalogue.name) else { continue };
        let document = specs::document(project.root(), &specs::parts_of(spec)?)?;
        let plan = planned(&catalogue, OpenApi::new(&document), limits);
        let session = Session::new(&catalogue, (bench, position), limits, &mut probed);
        runtime.block_on(session.run(plan))?;
    }
    Ok(probed)
}

fn planned<'c>(catalogue: &'c Catalogue, api: OpenApi<'_>, limits: &Limits<'_>) -> Plan<'c> {
    let writes = catalogue.probe().map(|probe| probe.writes.as_slice()).unwrap_or_default();
    let before = limits.asked_before.get(&catalogue.name).map(Vec::as_slice).unwrap_or_default();
    Plan::new(catalogue, api, limits.only, (writes, before), clock::today())
}

fn dry_run(project: &Project, specs: &[PathBuf], args: &Args) -> anyhow::Result<ExitCode> {
    let limits = Limits { only: &args.only, budget: args.budget, ..Limits::default() };
    let mut page = String::new();
    for spec in specs {
        let catalogue = Catalogue::of_project(project, spec)?;
        let document = specs::document(project.root(), &specs::parts_of(spec)?)?;
        let (budget, time) = limits.of(&catalogue);
        let plan = planned(&catalogue, OpenApi::new(&document), &limits);
        page += &plan.in_words(&catalogue.name, budget, time);
    }
    screen::print(&page)?;
    Ok(ExitCode::SUCCESS)
}

impl Limits<'_> {
    /// Returns the limits of the project, for a night that asks other operations than earlier ones.
    pub(crate) fn of_night(asked_before: BTreeMap<String, Vec<String>>) -> Self {
        Self { asked_before, ..Self::default() }
    }

    /// Returns the number of requests and the time that a vendor may cost.
    fn of(&self, catalogue: &Catalogue) -> (u64, Duration) {
        let said = catalogue.probe();
        let budget = self.budget.or_else(|| said?.budget).unwrap_or(BUDGET);
        let seconds = said.and_then(|probe| probe.seconds).unwrap_or(SECONDS);
        (budget, Duration::from_secs(seconds))
    }
}

impl Probe {
    fn line(&self, width: usize) -> String {
        let Self { spec, operation, outcome, said, n_asked, took } = self;
        let mut line = format!("{spec}  {operation:<width$}  {:<13}", outcome.name());
        if *n_asked > 0 {
            line += &format!("  asked {n_asked}, {:.1} s", took.as_secs_f64());
        }
        for part in [said.as_str(), outcome.remedy()].into_iter().filter(|part| !part.is_empty()) {
            line += &format!("  {part}");
        }
        line.trim_end().to_owned()
    }
}

impl Probed {
    /// Returns the report on what was asked.
    pub(crate) fn report(&self, bench: &Bench) -> Report {
        let mut report = bench.live_report(&self.observed, 0);
        self.soften(&mut report, &[]);
        report
    }

    /// Makes findings that came once of twice *risky*, unless other sources show them, too.
    pub(crate) fn soften(&self, report: &mut Report, elsewhere: &[Finding]) {
        let is_elsewhere = |finding: &Finding| {
            elsewhere
                .iter()
                .any(|one| one.spec == finding.spec && one.identity() == finding.identity())
        };
        let came_once = |finding: &Finding| {
            let identity = finding.identity();
            let once =
                self.once.iter().any(|(spec, one)| *spec == finding.spec && *one == identity);
            once && !is_elsewhere(finding)
        };
        report.weaken(Severity::Risky, "once of two calls", came_once);
    }

    /// Returns the number of operations with an outcome of this weight.
    pub(crate) fn count(&self, weight: Weight) -> usize {
        self.probes.iter().filter(|one| one.outcome.weight() == weight).count()
    }

    /// Lists what could not be judged, one line each.
    pub(crate) fn not_judged(&self) -> Vec<String> {
        let failed = self.probes.iter().filter(|one| one.outcome.weight() == Weight::NotJudged);
        failed.map(|one| one.line(0)).collect()
    }

    /// Sums up the run in one line.
    pub(crate) fn in_a_line(&self) -> String {
        let (judged, failed) = (self.count(Weight::Judged), self.count(Weight::NotJudged));
        let skipped = self.count(Weight::Skipped);
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for one in &self.probes {
            *counts.entry(one.outcome.name()).or_default() += 1;
        }
        let counts: Vec<String> =
            counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
        format!(
            "{} asked, {skipped} skipped, {failed} not judged ({})",
            screen::counted(judged + failed, "operation"),
            counts.join(", ")
        )
    }

    pub(crate) fn to_json(&self) -> serde_json::Value {
        let probes = self.probes.iter().map(|one| {
            serde_json::json!({
                "spec": one.spec,
                "operation": one.operation,
                "outcome": one.outcome.name(),
                "said": one.said,
                "asked": one.n_asked,
                "seconds": one.took.as_secs_f64(),
            })
        });
        probes.collect()
    }

    fn exit_code(&self, report: &Report) -> u8 {
        if self.count(Weight::NotJudged) > 0 {
            return screen::COULD_NOT_JUDGE;
        }
        if report.is_drifting() { screen::DRIFTING } else { 0 }
    }
}
