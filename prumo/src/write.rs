//! Writes the files of one verb, and removes what they replace: all of it, or nothing.
//!
//! Invariants:
//!
//! * When one file can't be written, those before it are as they were, and new folders are gone.

use std::path::{Path, PathBuf};

/// What takes one step back.
enum Undo {
    /// Removes a folder that was made.
    Folder(PathBuf),
    /// Removes a file that was made.
    New(PathBuf),
    /// Gives a file its old bytes.
    Old(PathBuf, Vec<u8>),
}

/// Writes the files, with their folders, and removes others.
///
/// # Errors
///
/// A file can't be written or removed. Nothing has changed then.
pub(crate) fn all(files: &[(PathBuf, String)], removed: &[PathBuf]) -> anyhow::Result<()> {
    let mut undo = Vec::new();
    let written = files.iter().try_for_each(|(path, text)| write(path, text, &mut undo));
    let outcome =
        written.and_then(|()| removed.iter().try_for_each(|path| remove(path, &mut undo)));
    if outcome.is_err() {
        undo.into_iter().rev().for_each(Undo::carry_out);
    }
    outcome
}

fn write(path: &Path, text: &str, undo: &mut Vec<Undo>) -> anyhow::Result<()> {
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

fn remove(path: &Path, undo: &mut Vec<Undo>) -> anyhow::Result<()> {
    let old = fs_err::read(path)?;
    fs_err::remove_file(path)?;
    undo.push(Undo::Old(path.to_owned(), old));
    Ok(())
}

impl Undo {
    /// Takes the step back as far as it goes: the error that led here is the one to report.
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
