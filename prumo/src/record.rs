//! `prumo record`: turns real traffic into fixtures without persons and secrets.
//!
//! The traffic comes from files (our own format, HAR, Postman, VCR, `curl -i`), or from a program that
//! calls the vendor through a proxy on loopback.
//!
//! Invariants:
//!
//! * An exchange is redacted in memory; nothing else touches the disk.
//! * No fixture is overwritten. Each is written as a part and renamed, so a crash leaves no half file.
//! * An exchange that shows nothing new beside the fixtures of its operation is not kept, unless asked
//!   for.

mod dump;
mod keep;
mod proxy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use prumo_drift::Exchange;
use prumo_drift::exchange::{DEFAULT_MAX_EXCHANGE_BYTES, OwnedExchange};

use crate::call::Catalogue;
use crate::judge::input::{Source, each_source};
use crate::project::Location;
use crate::recordings::each_exchange;
use crate::redact::as_text;
use crate::screen::{self, counted};
pub(crate) use keep::free_name;
use keep::{Keeper, Kept};

/// Turns real traffic into fixtures without persons and secrets.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The vendor: the name of its spec in the project.
    #[arg(value_name = "VENDOR")]
    vendor: String,
    /// Recordings: our own format, HAR, a Postman collection with saved responses, a cassette of VCR
    /// and its relatives, or with `--operation` the output of `curl -i`. Without any, a proxy on
    /// loopback records what a program sends through it, until ctrl-c.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The operation of a `curl -i` output, which says nothing about its request.
    #[arg(long, value_name = "OPERATION", requires = "paths")]
    operation: Option<String>,
    /// The port of the proxy; 0 picks a free one.
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// The folder of fixtures; by default the project's, with a folder for each vendor.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Also keeps exchanges that show nothing new.
    #[arg(long)]
    all: bool,
    /// Shows what would be kept; writes nothing.
    #[arg(long)]
    dry_run: bool,
    /// The maximum size of an exchange; a larger one is reported and skipped.
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_MAX_EXCHANGE_BYTES)]
    max_exchange_bytes: usize,
}

/// Runs the verb: 0 if every exchange could be read, 4 if one leaves the spec.
pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let project = location.project()?;
    let spec = location.spec(Path::new(&args.vendor))?;
    let catalogue = Catalogue::of_project(&project, &spec)?;
    let out = match &args.out {
        Some(out) => std::path::absolute(out)?,
        None => project.fixtures(),
    };
    let folder = out.join(&catalogue.name);
    let mut keeper = Keeper::new(&catalogue, folder, args.all, args.dry_run)?;
    if args.paths.is_empty() {
        proxy::run(&catalogue, &mut keeper, args.port)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut total = Total::default();
    match &args.operation {
        Some(operation) => {
            let chosen = catalogue.find(operation)?;
            for path in &args.paths {
                let bytes = fs_err::read(path)?;
                let exchange = dump::exchange(chosen, &bytes).with_context(|| {
                    format!(
                        "`{}` is no output of `curl -i`\n  hint: it starts with `HTTP/1.1 200`",
                        path.display()
                    )
                })?;
                total.keep(&mut keeper, exchange)?;
            }
        }
        None => total.keep_files(&location.base()?, args, &mut keeper)?,
    }
    ensure!(
        total.n_read + total.n_problems > 0,
        "there is no exchange in the given files\n  hint: `prumo convert --help` lists what is read"
    );
    screen::print(&total.in_a_line())?;
    Ok(ExitCode::from(total.exit_code()))
}

/// Counts over one run.
#[derive(Default)]
struct Total {
    n_read: usize,
    n_kept: usize,
    n_foreign: usize,
    n_drifting: usize,
    n_problems: usize,
}

impl Total {
    fn keep_files(
        &mut self,
        base: &Path,
        args: &Args,
        keeper: &mut Keeper<'_>,
    ) -> anyhow::Result<()> {
        let mut problems = Vec::new();
        let mut failure = None;
        each_source(base, &args.paths, &mut |source| {
            let (name, reader) = match source {
                Source::Stream { name, reader } => (name, reader),
                Source::Unreadable(problem) => return problems.push(problem),
            };
            let mut take = |exchange: &Exchange<'_>| {
                let owned = as_text(&mut exchange.clone());
                self.keep(keeper, owned).map_err(std::io::Error::other)
            };
            let mut tell = |problem: String| problems.push(problem);
            let read = each_exchange(&name, reader, args.max_exchange_bytes, &mut take, &mut tell);
            if let Err(error) = read {
                failure.get_or_insert(error);
            }
        });
        self.n_problems += problems.len();
        problems.iter().for_each(screen::error);
        match failure {
            Some(error) => Err(error.into()),
            None => Ok(()),
        }
    }

    fn keep(&mut self, keeper: &mut Keeper<'_>, exchange: OwnedExchange) -> anyhow::Result<()> {
        self.n_read += 1;
        match keeper.keep(exchange)? {
            Kept::New { is_drifting } => {
                self.n_kept += 1;
                self.n_drifting += usize::from(is_drifting);
            }
            Kept::Known => (),
            Kept::Foreign => self.n_foreign += 1,
        }
        Ok(())
    }

    fn in_a_line(&self) -> String {
        let Self { n_read, n_kept, n_foreign, n_drifting, n_problems } = self;
        let n_known = n_read - n_kept - n_foreign;
        format!(
            "{}: {n_kept} kept, {n_known} with nothing new, {n_foreign} of no operation, \
             {n_drifting} leave the spec, {n_problems} unreadable\n",
            counted(*n_read, "exchange")
        )
    }

    fn exit_code(&self) -> u8 {
        match (self.n_problems, self.n_drifting) {
            (0, 0) => 0,
            (0, _) => screen::DRIFTING,
            _ => screen::COULD_NOT_JUDGE,
        }
    }
}
