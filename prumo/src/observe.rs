//! `prumo observe`: turns recorded exchanges into a contract file, without judging it.
//!
//! This is the work of one machine of many: a job runs it for each file, and `prumo join` joins the
//! results to the same bytes that one run over all files writes.
//!
//! Invariants:
//!
//! * The verb ends with 0 if a contract was written, also if lines could not be read: the contract
//!   names them, and judging it says so.
//! * Nothing in the contract depends on this machine: the caller names the origin.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{bail, ensure};

use crate::contract::{self, PIPE};
use crate::judge::{Bench, Limits, observe};
use crate::project::Location;
use crate::screen;

/// Writes what recorded exchanges show of the specs.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A spec to observe along, by its file or by its name in the project; by default every spec of
    /// the project.
    #[arg(long = "spec", value_name = "FILE|NAME")]
    specs: Vec<PathBuf>,
    /// The name of the input in reports, such as the key of an object in a bucket; by default its
    /// path.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The number of the first line, if the input is a part of a file.
    #[arg(long, value_name = "LINE", default_value_t = NonZeroUsize::MIN)]
    line_base: NonZeroUsize,
    /// The contract file, compressed if its name ends in `.gz`; by default, and with `-`, the screen.
    #[arg(long, value_name = "FILE", default_value = PIPE)]
    out: PathBuf,
    /// The maximum size of an exchange; a larger one is named in the contract and skipped.
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().max_exchange_bytes)]
    max_exchange_bytes: usize,
    /// A host that counts beside those of the spec's servers, such as `localhost:8080`.
    #[arg(long = "host", value_name = "HOST")]
    hosts: Vec<String>,
    /// The number of threads, which changes no byte [default: one per core].
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Files with exchanges (compressed ones are recognized by their first bytes), folders of such
    /// files, or `-` for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let base = location.base()?;
    let specs = location.specs(&args.specs)?;
    ensure!(!specs.is_empty(), "there is no spec to observe along\n  hint: `--spec` names one");
    check_origin(args)?;
    let bench = Bench::read(&base, &specs)?;
    let promised = bench.contracts();
    let observed = observe(&base, &promised, &each_once(&args.paths), &limits(args));
    for problem in &observed.problems {
        screen::note(&format!("warning: {problem}"));
    }
    for name in &observed.empty {
        screen::note(&format!("skipped  `{name}` holds no exchange"));
    }
    if observed.n_opened == 0 {
        bail!("no contract is written: no input could be read");
    }
    let name = args.out.display().to_string();
    let text = observed.contract_file(&promised).to_json(&name).map_err(contract::hinted)?;
    contract::write(&args.out, &text)?;
    Ok(ExitCode::SUCCESS)
}

/// Checks that a name or a first line is about one input.
fn check_origin(args: &Args) -> anyhow::Result<()> {
    let is_moved = args.name.is_some() || args.line_base > NonZeroUsize::MIN;
    let is_one = matches!(&args.paths[..], [path] if !path.is_dir());
    ensure!(
        is_one || !is_moved,
        "`--name` and `--line-base` are about one file, not about a folder or several files\n  \
         hint: run the verb once for each file, and join the contracts with `prumo join`"
    );
    Ok(())
}

/// Returns the paths in their order, each of them once.
fn each_once(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut known = BTreeSet::new();
    let (new, again): (Vec<_>, Vec<_>) =
        paths.iter().cloned().partition(|path| known.insert(path.clone()));
    for path in again {
        screen::note(&format!("skipped  `{}` is given twice", path.display()));
    }
    new
}

fn limits(args: &Args) -> Limits {
    let n_jobs = args.jobs.map_or_else(|| Limits::default().n_jobs, NonZeroUsize::get);
    Limits {
        max_exchange_bytes: args.max_exchange_bytes,
        n_jobs,
        hosts: args.hosts.clone(),
        is_kept: true,
        takes_any_file: true,
        name: args.name.clone(),
        first_line: args.line_base.get(),
        ..Limits::default()
    }
}
