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
        let texts = found.into_iter().map(|path| Ok((path.clone(), self.text(&path)?)));
        Ok(specs::specs_among(texts.collect::<anyhow::Result<_>>()?))
    }

    /// Reads a spec, its parts and the files that it refers to; `None` if the commit has no such
    /// spec.
    pub(super) fn document(&self, spec: &Path) -> anyhow::Result<Option<Document>> {
        let Some(folder) = spec.parent() else { return Ok(None) };
        let parts = spec.with_extension("");
        let all = self.files(folder)?;
        if !all.iter().any(|path| path == spec) {
            return Ok(None);
        }
        let is_part = |path: &&PathBuf| path.parent() == Some(&parts) && specs::is_part(path);
        let files = std::iter::once(spec).chain(all.iter().filter(is_part).map(PathBuf::as_path));
        let document = Document::of_parts(files.map(|path| self.part(path)))?;
        let Some(document) = document else { return Ok(None) };
        let document = document.with_referenced_files(|key| {
            let path = folder.join(key);
            all.contains(&path).then(|| self.part(&path)).transpose()
        })?;
        Ok(Some(document))
    }

    fn part(&self, path: &Path) -> anyhow::Result<Document> {
        let name = format!("{}@{}", specs::shown(path, &self.root), self.name);
        let text = self.text(path)?;
        Document::parse(&name, &text).map_err(|error| screen::hinted(&error, error.hint()))
    }

    /// Returns the text of a file.
    fn text(&self, path: &Path) -> anyhow::Result<String> {
        let shown = specs::shown(path, &self.root);
        let object = format!("{}:./{shown}", self.commit);
        let bytes = git(&self.root, &["show", &object])?
            .with_context(|| format!("git can't show `{shown}` of `{}`", self.name))?;
        String::from_utf8(bytes).map_err(|_| anyhow!("`{shown}` of `{}` is not UTF-8", self.name))
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
