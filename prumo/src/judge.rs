//! `prumo judge`: turns recorded exchanges into findings, for people or for machines.
//!
//! Input that can't be read is reported on standard error with file and line, and the rest is
//! judged. The exit code is then 1, because half of the input gives no verdict.

mod baseline;
mod bench;
mod crew;
pub(crate) mod head;
pub(crate) mod input;
mod recorded;
mod suggested;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::ensure;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use prumo_drift::exchange::DEFAULT_MAX_EXCHANGE_BYTES;
use prumo_drift::report::{FORMATS, ReportFormat, Totals, Verdict};
use prumo_drift::{Contract, Exchange, Finding, Observation, Origin, Report, compare, printable};

use crate::contract::hinted;
use crate::project::Location;
use crate::{clock, language, screen};
use baseline::Baselines;
pub(crate) use bench::Bench;
use bench::{Promise, report};
pub(crate) use crew::{Observed, observe};
pub(crate) use recorded::Recorded;

/// Judges recorded exchanges against the specs.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A spec to judge against, by its file or by its name in the project; by default every spec of
    /// the project.
    #[arg(long = "spec", value_name = "FILE|NAME")]
    specs: Vec<PathBuf>,
    /// The format of the findings.
    #[arg(long, value_parser = format_parser(), default_value = FORMATS[0].name)]
    format: &'static ReportFormat,
    /// Also lists what was promised and not seen, which every format but `text` always does.
    #[arg(long)]
    coverage: bool,
    /// Prints a patch of the specs in place of the report: the smallest edit after which the traffic
    /// fits. What the traffic does not prove is listed on standard error.
    #[arg(long, conflicts_with_all = ["format", "coverage"])]
    suggest: bool,
    /// The maximum size of an exchange; a larger one is reported and skipped.
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_MAX_EXCHANGE_BYTES)]
    max_exchange_bytes: usize,
    /// A host that counts beside those of the spec's servers, such as `localhost:8080`; recorded
    /// exchanges with other hosts are skipped and counted. A spec without hosts takes all of them.
    #[arg(long = "host", value_name = "HOST")]
    hosts: Vec<String>,
    /// The number of threads, which does not change the verdict [default: one per core].
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Also writes what was observed, to be joined with others (`prumo join`) and judged
    /// again; by convention the name ends in `.contract.json`, or in `.contract.json.gz`, which is
    /// compressed. With `-` it is printed, and the report goes to standard error.
    #[arg(long, value_name = "FILE")]
    contract_out: Option<PathBuf>,
    /// Judges contract files that hold the same shard, which then counts twice.
    #[arg(long)]
    allow_overlap: bool,
    #[command(flatten)]
    baseline: baseline::Options,
    /// Files (`.json`, `.ndjson`, `.har`, also compressed: `.gz`, `.zst`), folders of such files, or
    /// `-` for standard input; each holds exchanges or is a contract file. By default the project's
    /// fixtures and traffic.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Reads the name of a format of the report.
pub(crate) fn format_parser() -> impl TypedValueParser<Value = &'static ReportFormat> {
    let known = FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.purpose));
    PossibleValuesParser::new(known)
        .try_map(|name| FORMATS.iter().find(|format| format.name == name).ok_or("no such format"))
}

/// The limits of a run.
#[derive(Clone)]
pub(crate) struct Limits {
    /// The maximum size of one exchange, in bytes.
    pub(crate) max_exchange_bytes: usize,
    /// The number of threads.
    pub(crate) n_jobs: usize,
    /// Hosts that count beside those of the specs.
    pub(crate) hosts: Vec<String>,
    /// Whether contract files may hold the same shard.
    pub(crate) allows_overlap: bool,
    /// Whether the observations are to be written to a contract file.
    pub(crate) is_kept: bool,
    /// Whether a file that is named may have any ending.
    pub(crate) takes_any_file: bool,
    /// The name of the only source, in place of its own.
    pub(crate) name: Option<String>,
    /// The number of the first line of each source.
    pub(crate) first_line: usize,
}

/// The result of a run.
pub(crate) struct Judgement {
    /// The findings, coverage and totals.
    pub(crate) report: Report,
    /// The parts that could not be judged, one sentence each, with file and line.
    pub(crate) problems: Vec<String>,
    /// The sources without any exchange.
    pub(crate) empty: Vec<String>,
    /// The text of a contract file with the observations, if it is to be written.
    observed: Option<String>,
    baselines: Baselines,
    promised: Vec<Promise>,
}

/// Runs the verb: 0 fits or skipped, 1 not judged, 4 drifts.
pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let base = location.base()?;
    let specs = location.specs(&args.specs)?;
    let recorded = match args.paths.as_slice() {
        [] => match Recorded::of_project(&location.project()?, &specs)? {
            Ok(recorded) => recorded,
            Err(reason) => return skipped(args.format, &reason),
        },
        paths => Recorded::of_paths(paths),
    };
    for pattern in &recorded.unmatched {
        screen::note(&format!("skipped  no file matches `{pattern}`"));
    }
    let n_jobs = args.jobs.map_or_else(|| Limits::default().n_jobs, NonZeroUsize::get);
    let limits = Limits {
        max_exchange_bytes: args.max_exchange_bytes,
        n_jobs,
        hosts: args.hosts.clone(),
        allows_overlap: args.allow_overlap,
        is_kept: args.contract_out.is_some(),
        ..Limits::default()
    };
    let baselines = args.baseline.read(&base)?;
    let run = head::run_of(&base);
    let mut judgement = judge_within(&base, &specs, &recorded, &limits, baselines)?;
    judgement.report.run = Some(run);
    if args.suggest {
        for problem in &judgement.problems {
            screen::error(problem);
        }
        suggested::print(&base, &specs, &judgement.report.findings)?;
    } else {
        report_of_run(args, &judgement)?;
    }
    let code = judgement.exit_code();
    // The program ends here: to free the nodes of a large document one by one is a fifth of the work.
    std::mem::forget(judgement.promised);
    Ok(ExitCode::from(code))
}

/// Reports that there is nothing to judge. JSON output never has this line.
fn skipped(format: &ReportFormat, reason: &str) -> anyhow::Result<ExitCode> {
    match format.is_document {
        false => screen::print(&format!("skipped  {reason}\n"))?,
        true => screen::note(&format!("skipped  {reason}")),
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the result of a run, and writes the requested files.
fn report_of_run(args: &Args, judgement: &Judgement) -> anyhow::Result<()> {
    for problem in &judgement.problems {
        screen::error(problem);
    }
    for name in &judgement.empty {
        screen::note(&format!("skipped  `{}` holds no exchange", printable(name)));
    }
    if judgement.baselines.stale().is_empty() {
        for entry in &judgement.baselines.gone {
            screen::note(&format!("stale: {entry}"));
        }
    }
    match judgement.problems.is_empty() {
        true => args.baseline.write(&judgement.baselines)?,
        false if args.baseline.is_written() => {
            screen::error(
                "no baseline is written: what could not be judged would be missing in it",
            );
        }
        false => (),
    }
    if let (Some(path), Some(text)) = (&args.contract_out, &judgement.observed) {
        crate::contract::write(path, text)?;
    }
    let report = &*language::for_reader(&judgement.report);
    let text = (args.format.write)(report);
    let text = match args.coverage && !args.format.is_document {
        true => format!("{}\n{text}", report.coverage_to_text()),
        false => text,
    };
    match &args.contract_out {
        Some(path) if path == Path::new(crate::contract::PIPE) => screen::note(&text),
        _ => screen::print(&text)?,
    }
    Ok(())
}

/// Judges one exchange in memory, with the waivers of its spec.
///
/// # Errors
///
/// The spec or its waivers can't be read.
pub(crate) fn judge_exchange(
    base: &Path,
    spec: &Path,
    exchange: &Exchange<'_>,
) -> anyhow::Result<Report> {
    let mut promise = Promise::read(base, spec)?;
    // Parts of the spec that can't be judged would make this exchange not judged, although other
    // operations may have them.
    promise.contract.unjudged.clear();
    let contracts = [&promise.contract];
    let mut observation = Observation::new(&contracts);
    observation.observe(exchange, &Origin { file: "answer", line: 1 });
    let observed = observation.finish();
    let mut findings: Vec<Finding> =
        observed.iter().flat_map(|observed| compare(&promise.contract, observed)).collect();
    if let Some(waivers) = &promise.waivers {
        waivers.holding(clock::today()).apply(&mut findings);
    }
    Ok(Report::new(findings, Vec::new(), contracts, &observed, 0))
}

fn judge_within(
    base: &Path,
    specs: &[PathBuf],
    recorded: &Recorded,
    limits: &Limits,
    mut baselines: Baselines,
) -> anyhow::Result<Judgement> {
    ensure!(!specs.is_empty(), "there is no spec to judge against");
    let Bench { promised } = Bench::read(base, specs)?;
    let contracts: Vec<&Contract> = promised.iter().map(|promise| &promise.contract).collect();

    let mut observed = crew::observe(base, &contracts, &recorded.paths, limits);
    for (position, paths) in recorded.traffic_of(specs) {
        observed.absorb_one(position, crew::observe(base, &[contracts[position]], paths, limits));
    }
    let text = match limits.is_kept {
        true => Some(kept(&contracts, &mut observed)?),
        false => None,
    };
    let mut report = report(&promised, &observed.contracts, observed.n_unreadable, &mut baselines);
    report.add_stale(baselines.stale().iter().cloned());
    let Observed { mut problems, empty, .. } = observed;
    problems.extend(nothing_judged(&report.totals));
    Ok(Judgement { report, problems, empty, observed: text, baselines, promised })
}

/// Returns a problem if there were exchanges and each was left out.
fn nothing_judged(totals: &Totals) -> Option<String> {
    let is_nothing = totals.exchanges == 0 && totals.left_out.has_responses();
    let hint = match totals.left_out.hosts.is_empty() {
        true => "",
        false => "\n  hint: `--host` names a host whose exchanges are judged",
    };
    is_nothing.then(|| format!("no exchange was judged: each was skipped{hint}"))
}

/// Returns the text of a contract file, and makes `observed` what is read from it: judging the file
/// must say the same as this run, also if it keeps fewer names.
fn kept(promised: &[&Contract], observed: &mut Observed) -> anyhow::Result<String> {
    let (file, text) = observed.contract_file(promised).fitted("--contract-out").map_err(hinted)?;
    observed.contracts = Observation::new(promised).finish();
    file.pour("--contract-out", promised, &mut observed.contracts).map_err(hinted)?;
    Ok(text)
}

/// Returns the exit code of a verdict.
pub(crate) fn exit_code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Fits | Verdict::Skipped => 0,
        Verdict::Drifts => screen::DRIFTING,
        Verdict::NotJudged => screen::COULD_NOT_JUDGE,
    }
}

impl Default for Limits {
    fn default() -> Self {
        let n_jobs = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self {
            max_exchange_bytes: DEFAULT_MAX_EXCHANGE_BYTES,
            n_jobs,
            hosts: Vec::new(),
            allows_overlap: false,
            is_kept: false,
            takes_any_file: false,
            name: None,
            first_line: 1,
        }
    }
}

impl Limits {
    /// Returns the name of a source in reports.
    fn named(&self, own: String) -> Arc<str> {
        Arc::from(self.name.clone().unwrap_or(own))
    }
}

impl Judgement {
    /// Returns the verdict, which the report prints.
    pub(crate) fn verdict(&self) -> Verdict {
        self.report.totals.verdict
    }

    fn exit_code(&self) -> u8 {
        exit_code(self.verdict())
    }
}

#[cfg(test)]
mod tests;
