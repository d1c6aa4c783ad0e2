//! Writes and removes the files of one verb: all of them, or none; and one file at once.
//!
//! Invariants:
//!
//! * If one file can't be written, earlier files get their old contents back and new folders are
//!   removed.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use fs_err::File;

/// Undoes one step.
enum Undo {
    /// Removes a new folder.
    Folder(PathBuf),
    /// Removes a new file.
    New(PathBuf),
    /// Restores the old contents of a file.
    Old(PathBuf, Vec<u8>),
}

/// Writes the files, with their folders, and removes others.
///
/// # Errors
///
/// Returns an error if a file can't be written or removed. Then nothing has changed.
pub(crate) fn all(files: &[(PathBuf, String)], removed: &[PathBuf]) -> Result<()> {
    let mut undo = Vec::new();
    let written = files.iter().try_for_each(|(path, text)| write(path, text, &mut undo));
    let outcome =
        written.and_then(|()| removed.iter().try_for_each(|path| remove(path, &mut undo)));
    if outcome.is_err() {
        undo.into_iter().rev().for_each(Undo::carry_out);
    }
    outcome
}

/// Replaces a file at once: under its name is always the old or the new file, complete.
///
/// The new file is written beside it, with `.part` at the end of its name, and renamed. A device or
/// a pipe, such as `/dev/stdout`, is written directly.
///
/// # Errors
///
/// The file can't be written. Then nothing has changed, but a part may remain if the process ends.
pub(crate) fn at_once(path: &Path, bytes: &[u8]) -> Result<()> {
    streamed(path, |file| Ok(file.write_all(bytes)?))
}

/// Replaces a file like [`at_once`], with the bytes that `fill` writes.
///
/// # Errors
///
/// Returns the error of `fill`, or fails like [`at_once`].
pub(crate) fn streamed(path: &Path, fill: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    if path.exists() && !path.is_file() {
        return fill(&mut File::create(path)?);
    }
    // A link stays a link.
    let path = fs_err::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let written = replace(&path, &part, fill);
    if written.is_err() {
        // The first error is reported.
        let _ = std::fs::remove_file(&part);
    }
    written
}

fn replace(path: &Path, part: &Path, fill: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    let mut file = File::create(part)?;
    fill(&mut file)?;
    // After a crash, the new name must not lead to an empty file.
    file.sync_all()?;
    if let Ok(old) = fs_err::metadata(path) {
        fs_err::set_permissions(part, old.permissions())?;
    }
    Ok(fs_err::rename(part, path)?)
}

fn write(path: &Path, text: &str, undo: &mut Vec<Undo>) -> Result<()> {
    if let Some(folder) = path.parent() {
        let is_missing = |one: &&Path| !one.as_os_str().is_empty() && !one.exists();
        let missing: Vec<&Path> = folder.ancestors().take_while(is_missing).collect();
        for folder in missing.into_iter().rev() {
            fs_err::create_dir(folder)?;
            undo.push(Undo::Folder(folder.to_owned()));
        }
    }
    undo.push(match path.exists() {
        true => Undo::Old(path.to_owned(), fs_err::read(path)?),
        false => Undo::New(path.to_owned()),
    });
    Ok(fs_err::write(path, text)?)
}

fn remove(path: &Path, undo: &mut Vec<Undo>) -> Result<()> {
    let old = fs_err::read(path)?;
    fs_err::remove_file(path)?;
    undo.push(Undo::Old(path.to_owned(), old));
    Ok(())
}

impl Undo {
    /// Undoes the step as far as possible. A second error is dropped, because the first is
    /// reported.
    fn carry_out(self) {
        let _ = match self {
            Self::Folder(path) => std::fs::remove_dir(path),
            Self::New(path) => std::fs::remove_file(path),
            Self::Old(path, bytes) => std::fs::write(path, bytes),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_at_once_or_not_at_all() {
        let root = tempfile::tempdir().expect("a folder");
        let path = root.path().join("a.json");
        for text in ["old", "new"] {
            at_once(&path, text.as_bytes()).expect("a file");
            assert_eq!(fs_err::read_to_string(&path).expect("the file"), text);
        }
        assert!(at_once(&root.path().join("missing/a.json"), b"x").is_err());
        let names: Vec<_> = fs_err::read_dir(root.path()).expect("the folder").collect();
        assert_eq!(names.len(), 1, "no part remains");
    }

    #[test]
    fn a_file_that_fails_takes_the_others_back() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |name: &str| root.path().join(name);
        fs_err::write(at("old"), "old").expect("a file");
        fs_err::write(at("blocked"), "a file, not a folder").expect("a file");
        let text = |name: &str| (at(name), "new".to_owned());
        let error = all(&[text("old"), text("a/b/new"), text("blocked/new")], &[]);
        assert!(error.is_err());
        let error = all(&[text("old"), text("a/b/new")], &[at("missing")]);
        assert!(error.is_err());
        assert_eq!(fs_err::read_to_string(at("old")).expect("the file"), "old");
        assert!(!at("a").exists());

        all(&[text("old"), text("a/b/new")], &[at("blocked")]).expect("all of it");
        assert_eq!(fs_err::read_to_string(at("old")).expect("the file"), "new");
        assert!(at("a/b/new").exists() && !at("blocked").exists());
    }
}
