//! `cargo xtask corpus FOLDER`: tries a folder of OpenAPI documents and prints a table of what
//! became of each.
//!
//! A document is read as `generate`, `judge`, `call` and `standin` read it; its client is generated
//! and compiled; its own examples are turned into exchanges and judged.
//!
//! Invariants:
//!
//! * Each document is tried in a process of its own with a limit of memory and time. A crash is a
//!   row of the table, and the other documents still have theirs.
//! * All clients are one workspace. All runs share one target folder, so the runtime is compiled
//!   once, and runs at the same time have a workspace each.

mod compile;
mod examples;
mod limits;
mod table;
mod trial;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use prumo::parallel::in_parallel;
use prumo::{screen, specs};

use limits::Usage;
use table::Row;
use trial::Outcome;

/// Tries a folder of OpenAPI documents.
#[derive(clap::Args)]
pub struct Args {
    /// A folder of documents: `.yaml`, `.yml` or `.json`.
    #[arg(value_name = "FOLDER", required_unless_present = "one")]
    folder: Option<PathBuf>,
    /// Only the documents whose name contains this text; may be given more than once.
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// Do not compile the clients.
    #[arg(long)]
    no_compile: bool,
    /// Name every warning of a document, not only what is lost.
    #[arg(long)]
    warnings: bool,
    /// Try this document here, and print the outcome as JSON.
    #[arg(long, value_name = "FILE", hide = true, requires = "into")]
    one: Option<PathBuf>,
    /// The folder of that document's client.
    #[arg(long, value_name = "FOLDER", hide = true)]
    into: Option<PathBuf>,
}

/// Runs the verb: 0 if every document passes, 4 if one fails.
///
/// # Errors
///
/// The folder can't be read, or cargo can't be started.
pub fn run(root: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    if let (Some(file), Some(into)) = (&args.one, &args.into) {
        return one(root, file, into);
    }
    let folder = args.folder.as_deref().context("no folder")?;
    let own = OwnFolder::below(&root.join("target/corpus"))?;
    let home = &own.path;
    let files = chosen(folder, &args.only)?;
    ensure!(!files.is_empty(), "no document in `{}`", folder.display());
    let names = crate_names(&files);
    let tried = in_parallel(files.len(), "documents", |index| {
        limits::in_a_process(&files[index], &home.join(&names[index]))
    })?;
    let mut rows = Vec::new();
    for (name, tried) in names.into_iter().zip(tried) {
        let (outcome, usage) = tried?;
        rows.push(Row::new(name, outcome, usage));
    }
    if !args.no_compile {
        let generated = rows.iter().filter(|row| row.outcome.is_generated);
        let names: Vec<&str> = generated.map(|row| row.name.as_str()).collect();
        let broken = compile::check(root, home, &names)?;
        for row in rows.iter_mut().filter(|row| row.outcome.is_generated) {
            row.compiled = Some(broken.get(&row.name).cloned());
        }
    }
    screen::print(&table::text(&rows, args.warnings))?;
    let has_failed = rows.iter().any(Row::has_failed);
    Ok(if has_failed { ExitCode::from(screen::DRIFTING) } else { ExitCode::SUCCESS })
}

/// Tries one document within the limits.
fn one(root: &Path, file: &Path, into: &Path) -> anyhow::Result<ExitCode> {
    limits::set()?;
    let outcome = trial::of_file(root, file, into)?;
    screen::print(&format!("{}\n", serde_json::to_string(&outcome)?))?;
    Ok(ExitCode::SUCCESS)
}

/// Lists the documents of a folder, or those that `only` names.
fn chosen(folder: &Path, only: &[String]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = specs::in_folder(folder)?;
    files.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        only.is_empty() || only.iter().any(|wanted| name.contains(wanted))
    });
    Ok(files)
}

/// A folder that no other run uses as long as this one does.
struct OwnFolder {
    path: PathBuf,
    /// Locked until the run ends.
    _lock: File,
}

impl OwnFolder {
    /// Returns the first folder below `home` that is free, so that a later run finds its files.
    fn below(home: &Path) -> anyhow::Result<Self> {
        fs_err::create_dir_all(home)?;
        for number in 0_usize.. {
            let path = home.join(format!("run-{number}"));
            let lock = File::create(path.with_extension("lock"))
                .with_context(|| format!("no lock for `{}`", path.display()))?;
            match lock.try_lock() {
                Ok(()) => {
                    fs_err::create_dir_all(&path)?;
                    return Ok(Self { path, _lock: lock });
                }
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        bail!("no free folder in `{}`", home.display())
    }
}

/// Returns a crate's name for each document; no two are alike.
fn crate_names(files: &[PathBuf]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for file in files {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
        let fault = prumo_codegen::crate_names::fault(&stem);
        let name = fault.map_or(stem, |fault| fault.proposed);
        let numbered = (2..).map(|count| format!("{name}-{count}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|one| !names.contains(one));
        names.extend(free);
    }
    names
}

/// The outcome of a process: what it printed, or why it ended early.
type Tried = (Outcome, Usage);

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    #[test]
    fn two_runs_at_the_same_time_have_folders_of_their_own() {
        let home = tempfile::tempdir().unwrap();
        let folder = || super::OwnFolder::below(home.path()).unwrap();
        let (first, second) = (folder(), folder());
        assert_ne!(first.path, second.path);
        let free = first.path.clone();
        drop(first);
        assert_eq!(folder().path, free, "a later run has the files of an earlier one");
    }

    #[test]
    fn every_document_has_a_crate_of_its_own() {
        let files = ["a/Pix.yaml", "a/pix.json", "a/serde.yml", "a/2 e.yaml"].map(PathBuf::from);
        let names = super::crate_names(&files);
        let distinct: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!((&*names[0], &*names[1], distinct.len()), ("pix", "pix-2", 4), "{names:?}");
    }
}
