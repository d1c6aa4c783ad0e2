//! Lists the files to audit: those that Git tracks, or all below some folders.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

/// Folders that hold nothing that is committed.
const SKIPPED: [&str; 3] = ["target", ".git", "node_modules"];

/// Returns the files that Git tracks below a folder; without Git, all files below it.
pub(super) fn tracked(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output();
    let Ok(output) = listed.map_err(drop).and_then(|output| match output.status.success() {
        true => Ok(output),
        false => Err(()),
    }) else {
        return below(&[root.to_owned()]);
    };
    let names = String::from_utf8(output.stdout).context("a tracked file's name is not UTF-8")?;
    let files = names.split('\0').filter(|name| !name.is_empty()).map(|name| root.join(name));
    // A tracked file may be deleted, and a link or a submodule is no file of its own.
    let is_file = |path: &PathBuf| path.symlink_metadata().is_ok_and(|data| data.is_file());
    Ok(files.filter(is_file).collect())
}

/// Returns these files and all files below these folders, in order.
pub(super) fn below(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        ensure!(path.exists(), "no file `{}`", path.display());
        add(path, &mut files)?;
    }
    Ok(files)
}

fn add(path: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries: Result<Vec<_>, _> = fs_err::read_dir(path)?.collect();
    let mut entries = entries?;
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let is_link = entry.file_type()?.is_symlink();
        let is_skipped = SKIPPED.iter().any(|name| entry.file_name() == *name);
        if !is_link && !is_skipped {
            add(&entry.path(), files)?;
        }
    }
    Ok(())
}
