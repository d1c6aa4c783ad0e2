//! `prumo contract join`: joins the observations of several places into one contract file.
//!
//! Each machine observes its own traffic (`prumo judge --contract-out`). The joined file is judged
//! as if one machine had seen all of it; the order of the files changes no byte.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use prumo_drift::{ContractFile, ContractFileError};

use crate::screen;

/// Works on contract files.
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
    /// Contract files, as written by `judge --contract-out`.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The joined file; by default the screen.
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

/// Reads a contract file; `name` is its name in errors.
///
/// # Errors
///
/// It can't be read, or is not a contract file.
pub(crate) fn read(name: &str, reader: impl Read) -> anyhow::Result<ContractFile> {
    let mut bytes = Vec::new();
    // Reads one byte more than allowed, to detect a file that is too large.
    let most = ContractFile::MAX_BYTES as u64 + 1;
    reader
        .take(most)
        .read_to_end(&mut bytes)
        .with_context(|| format!("failed to read `{name}`"))?;
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

/// Returns an error with its hint on a second line.
pub(crate) fn told(error: &ContractFileError) -> String {
    format!("{error}\n  hint: {}", error.hint())
}

fn text(path: &Path, file: &ContractFile) -> anyhow::Result<String> {
    file.to_json(&path.display().to_string()).map_err(|error| anyhow::anyhow!(told(&error)))
}
