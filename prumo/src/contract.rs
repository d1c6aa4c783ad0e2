//! `prumo contract join`: turns what was observed in several places into one contract file.
//!
//! Shards of traffic are observed wherever they are (`prumo judge --contract-out`); joined, they
//! are judged as if one machine had seen it all. In what order they are named changes no byte.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use prumo_drift::{ContractFile, ContractFileError};

use crate::screen;

/// Works on what was observed.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Joins contract files into one.
    Join(Join),
}

#[derive(clap::Args)]
struct Join {
    /// Contract files, as `judge --contract-out` writes them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Where the joined file goes; to the screen when it is not said.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Action::Join(join) = &args.action;
    let mut joined = ContractFile::default();
    for path in &join.files {
        let name = path.display().to_string();
        let file = read(&name, fs_err::File::open(path)?)?;
        joined.absorb(&name, file).map_err(|error| anyhow::anyhow!(told(&error)))?;
    }
    match &join.out {
        Some(out) => write(out, &joined)?,
        None => screen::print(&text(Path::new("-"), &joined)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a contract file; `name` is what errors call it.
///
/// # Errors
///
/// It can't be read, or is none.
pub(crate) fn read(name: &str, reader: impl Read) -> anyhow::Result<ContractFile> {
    let mut bytes = Vec::new();
    // One byte more than is read tells that it is too large.
    let most = ContractFile::MAX_BYTES as u64 + 1;
    reader.take(most).read_to_end(&mut bytes).with_context(|| format!("failed to read `{name}`"))?;
    ContractFile::read(name, &bytes).map_err(|error| anyhow::anyhow!(told(&error)))
}

/// Writes a contract file.
///
/// # Errors
///
/// It can't be written.
pub(crate) fn write(path: &Path, file: &ContractFile) -> anyhow::Result<()> {
    if path.is_dir() {
        bail!("`{}` is a folder; name the file that is to be written", path.display());
    }
    Ok(fs_err::write(path, text(path, file)?)?)
}

/// An error with what most likely mends it, on a line of its own.
pub(crate) fn told(error: &ContractFileError) -> String {
    format!("{error}\n  hint: {}", error.hint())
}

fn text(path: &Path, file: &ContractFile) -> anyhow::Result<String> {
    file.to_json(&path.display().to_string()).map_err(|error| anyhow::anyhow!(told(&error)))
}
