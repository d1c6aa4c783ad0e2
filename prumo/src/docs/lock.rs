//! `prumo docs lock`: writes the facts of pages to a lock beside the spec.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use prumo_pages::Lock;

use super::fetch::cache::Cache;
use super::pages::Pages;
use crate::project::Location;
use crate::screen::{self, counted};
use crate::{specs, write};

/// The path that stands for standard output.
const PIPE: &str = "-";

/// Writes the facts of pages to a lock.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The spec of the API, by its file or its name: the lock of `alfa.yaml` is `alfa.docs.yaml`.
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    /// Files of pages and folders of such files. A page of a folder is named by its path in it, any
    /// other by its file.
    /// Without any, the fetched pages of the vendor (`prumo docs fetch`).
    #[arg(value_name = "PAGE")]
    pages: Vec<PathBuf>,
    /// Another file for the lock; `-` prints it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs the verb: 0 written, 1 a page could not be read.
pub(super) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let lock = match args.pages.as_slice() {
        [] => fetched(location, &args.spec)?,
        given => {
            let mut pages = Vec::new();
            for path in given {
                pages.extend(Pages::read(path)?.named());
            }
            Lock::new(pages)
        }
    };
    if args.out.as_deref() == Some(Path::new(PIPE)) {
        screen::print(&lock.to_yaml())?;
        return Ok(ExitCode::SUCCESS);
    }
    let file = match &args.out {
        Some(file) => file.clone(),
        None => specs::docs_of(&location.spec(&args.spec)?),
    };
    put(&file, &specs::shown(&file, &location.base()?), &lock)?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the facts of the fetched pages of a vendor.
fn fetched(location: &Location, spec: &Path) -> anyhow::Result<Lock> {
    let project = location.project()?;
    let spec = location.spec(spec)?;
    let name = spec.file_stem().unwrap_or_default().to_string_lossy();
    match project.vendor(&name).filter(|vendor| !vendor.docs.is_empty()) {
        Some(vendor) => Cache::open(&project, &name)?.lock(&vendor.docs),
        None => bail!(
            "no pages of `{name}`\n  hint: name files or folders, or write `docs = [\"https://…\"]` in `[vendor.{name}]`"
        ),
    }
}

/// Writes the lock, and says what is in it.
pub(super) fn put(file: &Path, shown: &str, lock: &Lock) -> anyhow::Result<()> {
    let text = lock.to_yaml();
    let is_fresh = std::fs::read(file).is_ok_and(|old| old == text.as_bytes());
    if !is_fresh {
        write::at_once(file, text.as_bytes())?;
    }
    let n_operations = lock.pages().map(|(_, page)| page.operations.len()).sum();
    screen::print(&format!(
        "{}  {shown}: {} on {}\n",
        if is_fresh { "fresh  " } else { "written" },
        counted(n_operations, "operation"),
        counted(lock.pages().count(), "page"),
    ))
}
