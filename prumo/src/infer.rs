//! `prumo infer`: drafts a spec from recorded exchanges alone.
//!
//! The draft goes to standard output or to a file, and what a person must decide to standard error.
//! One exchange is in memory at a time. An exchange that can't be read is reported with file and
//! line, is left out, and makes the exit code 1; the draft of the others is written all the same.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::ensure;
use prumo_drift::Exchange;
use prumo_drift::exchange::DEFAULT_MAX_EXCHANGE_BYTES;
use prumo_infer::{Draft, Evidence, Options};

use crate::judge::input::{Source, each_source};
use crate::project::Location;
use crate::recordings::each_exchange;
use crate::screen::{self, counted};
use crate::{clock, write};

/// The path that stands for standard output.
const PIPE: &str = "-";

/// Drafts a spec from recorded exchanges.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The name of the API in the draft [default: that of the file to write].
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// A host of the API; others are left out. Without it, the host with most calls counts.
    #[arg(long = "host", value_name = "HOST")]
    hosts: Vec<String>,
    /// The file to write; `-`, the default, prints the draft.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replaces a file that is there.
    #[arg(long, requires = "out")]
    force: bool,
    /// The maximum size of an exchange; a larger one is reported and skipped.
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_MAX_EXCHANGE_BYTES)]
    max_exchange_bytes: usize,
    /// Files (`.json`, `.ndjson`, `.har`, also compressed: `.gz`, `.zst`), folders of such files, or
    /// `-` for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Runs the verb: 0 a draft was written, 1 an exchange could not be read or there was none.
pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let out = args.out.as_deref().filter(|out| *out != Path::new(PIPE));
    if let Some(out) = out.filter(|out| out.exists() && !args.force) {
        anyhow::bail!(
            "`{}` is there already\n  hint: `--force` replaces it; `--out -` prints the draft",
            out.display()
        );
    }
    let (evidence, n_problems) = observe(&location.base()?, args);
    let draft = evidence.draft(&Options {
        name: args.name.clone().unwrap_or_else(|| name_of(out)),
        date: clock::today().to_string(),
        hosts: args.hosts.clone(),
    });
    for note in &draft.notes {
        screen::note(&format!("{:8} {}", note.kind, note.text));
    }
    ensure!(draft.n_operations > 0, "no exchange that an operation could be drafted from");
    put(out, &draft)?;
    Ok(if n_problems == 0 { ExitCode::SUCCESS } else { ExitCode::from(screen::COULD_NOT_JUDGE) })
}

/// Counts what the exchanges show. Returns the number of problems, too.
fn observe(base: &Path, args: &Args) -> (Evidence, usize) {
    let mut evidence = Evidence::default();
    let mut n_problems = 0;
    let mut tell = |problem: String| {
        n_problems += 1;
        screen::error(problem);
    };
    each_source(base, &args.paths, &mut |source| match source {
        Source::Unreadable(problem) => tell(problem),
        Source::Stream { name, reader } => {
            let mut take = |exchange: &Exchange<'_>| {
                evidence.observe(exchange);
                Ok(())
            };
            if let Err(error) =
                each_exchange(&name, reader, args.max_exchange_bytes, &mut take, &mut tell)
            {
                tell(format!("`{name}`: {error}"));
            }
        }
    });
    (evidence, n_problems)
}

/// Names an API after the file of its spec.
fn name_of(out: Option<&Path>) -> String {
    let stem = out.and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
    stem.unwrap_or_else(|| "api".to_owned())
}

fn put(out: Option<&Path>, draft: &Draft) -> anyhow::Result<()> {
    let Some(out) = out else { return screen::print_document(draft.text.as_bytes()) };
    write::at_once(out, draft.text.as_bytes())?;
    screen::print(&format!(
        "written  {}: {} from {}\n",
        out.display(),
        counted(draft.n_operations, "operation"),
        counted(usize::try_from(draft.n_exchanges).unwrap_or(usize::MAX), "exchange"),
    ))
}
