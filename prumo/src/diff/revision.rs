//! Reads the specs of a commit through the program `git`.
//!
//! Invariants:
//!
//! * No name of a revision is read as an option, and no file is checked out.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, anyhow, bail};
use prumo_drift::Document;

use crate::{screen, specs};

/// A commit of the repository that holds a project.
pub(super) struct Revision {
    root: PathBuf,
    name: String,
    commit: String,
}

impl Revision {
    /// Finds the commit of a name such as `HEAD~1`, a tag or a branch.
    pub(super) fn find(root: &Path, name: &str) -> anyhow::Result<Self> {
        let wanted = format!("{name}^{{commit}}");
        let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted];
        let Some(commit) = git(root, &arguments)? else {
            bail!(
                "there is no commit `{name}` here\n  hint: a shallow clone lacks older commits; `git fetch --unshallow` brings them"
            );
        };
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        Ok(Self { root: root.to_owned(), name: name.to_owned(), commit })
    }

    /// Lists the specs that the commit has in a folder.
    pub(super) fn specs_in(&self, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
        let mut found = self.files(folder)?;
        found.retain(|path| path.parent() == Some(folder) && specs::is_spec(path));
        Ok(found)
    }

    /// Reads a spec and its parts; `None` if the commit has no such spec.
    pub(super) fn document(&self, spec: &Path) -> anyhow::Result<Option<Document>> {
        let Some(folder) = spec.parent() else { return Ok(None) };
        let parts = spec.with_extension("");
        let mut files = self.files(folder)?;
        if !files.iter().any(|path| path == spec) {
            return Ok(None);
        }
        files.retain(|path| path.parent() == Some(&parts) && specs::is_part(path));
        files.insert(0, spec.to_owned());
        Document::of_parts(files.iter().map(|path| self.part(path)))
    }

    fn part(&self, path: &Path) -> anyhow::Result<Document> {
        let shown = specs::shown(path, &self.root);
        let object = format!("{}:./{shown}", self.commit);
        let bytes = git(&self.root, &["show", &object])?
            .with_context(|| format!("git can't show `{shown}` of `{}`", self.name))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| anyhow!("`{shown}` of `{}` is not UTF-8", self.name))?;
        let name = format!("{shown}@{}", self.name);
        Document::parse(&name, &text).map_err(|error| screen::hinted(&error, error.hint()))
    }

    /// Lists the files that the commit has below a folder, by name.
    fn files(&self, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
        let below = specs::shown(folder, &self.root);
        let below = format!("./{below}/");
        let arguments = ["ls-tree", "-r", "-z", "--name-only", &self.commit, "--", &below];
        let listed = git(&self.root, &arguments)?
            .with_context(|| format!("git can't list the files of `{}`", self.name))?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let names = listed.split('\0').filter(|name| !name.is_empty());
        let mut files: Vec<PathBuf> = names.map(|name| self.root.join(name)).collect();
        files.sort();
        Ok(files)
    }
}

/// Runs git and returns what it prints, or `None` if it fails.
fn git(root: &Path, arguments: &[&str]) -> anyhow::Result<Option<Vec<u8>>> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(root)
        .output()
        .context("failed to start `git`, which reads older specs")?;
    Ok(output.status.success().then_some(output.stdout))
}
