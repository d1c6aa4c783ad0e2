//! Makes a work tree of the project's repository for one run, and a branch or patch from it.
//!
//! Invariants:
//!
//! * The work tree is removed with its value, whatever happened in it.
//! * No name of a branch is read as an option.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, bail, ensure};

use crate::project::{Location, Project};
use crate::specs::shown;

/// A work tree on the last commit.
pub(super) struct Worktree {
    /// The folder of the repository that the user works in.
    repository: PathBuf,
    folder: tempfile::TempDir,
    /// The project's folder in the repository.
    prefix: String,
    /// The project's file, relative to its folder.
    file: String,
    /// Where cargo keeps what it has compiled of the project.
    target: PathBuf,
}

impl Worktree {
    /// Makes the work tree; `branch` is the one that will be made.
    ///
    /// # Errors
    ///
    /// The project is in no repository, has changes that are not committed, or the branch exists.
    pub(super) fn new(project: &Project, branch: Option<&str>) -> anyhow::Result<Self> {
        let root = project.root();
        let Ok(prefix) = git(root, &["rev-parse", "--show-prefix"]) else {
            bail!(
                "`{}` is in no git repository\n  hint: `git init` and a first commit make one",
                root.display()
            );
        };
        let prefix = prefix.trim().to_owned();
        ensure!(
            git(root, &["rev-parse", "--verify", "--quiet", "HEAD"]).is_ok(),
            "the repository has no commit\n  hint: commit the project first"
        );
        ensure_committed(project)?;
        if let Some(branch) = branch {
            ensure_new(root, branch)?;
        }
        let folder = tempfile::tempdir().context("failed to make a temporary folder")?;
        let path = folder.path().join("tree");
        let target = target(root)?;
        let arguments = ["worktree", "add", "--quiet", "--detach"];
        let mut command = command(root, &arguments);
        succeeded(command.arg(&path).arg("HEAD"))?;
        let file = shown(project.file(), root);
        Ok(Self { repository: root.to_owned(), folder, prefix, file, target })
    }

    /// Returns the project's folder in the work tree.
    pub(super) fn root(&self) -> PathBuf {
        self.tree().join(&self.prefix)
    }

    /// Returns the folder of what is compiled, so that the tests compile only what changed.
    pub(super) fn target(&self) -> &Path {
        &self.target
    }

    /// Opens the project of the work tree.
    pub(super) fn project(&self) -> anyhow::Result<Project> {
        let root = self.root();
        Location::new(Some(root.clone()), Some(root.join(&self.file))).project()
    }

    /// Takes the files as they are now into what is committed. What tests leave behind is not in it.
    pub(super) fn stage(&self) -> anyhow::Result<()> {
        git(&self.tree(), &["add", "--all"]).map(drop)
    }

    /// Commits what is staged, and returns the commit.
    pub(super) fn commit(&self, subject: &str, body: &str) -> anyhow::Result<String> {
        let tree = self.tree();
        git(&tree, &["commit", "--quiet", "--no-verify", "-m", subject, "-m", body])?;
        Ok(git(&tree, &["rev-parse", "HEAD"])?.trim().to_owned())
    }

    /// Makes the branch.
    pub(super) fn branch(&self, name: &str, commit: &str) -> anyhow::Result<()> {
        git(&self.repository, &["branch", "--", name, commit]).map(drop)
    }

    /// Returns what is staged as a patch for `git apply`.
    pub(super) fn patch(&self) -> anyhow::Result<Vec<u8>> {
        let arguments = ["diff", "--cached", "--binary", "--no-color", "--no-ext-diff", "HEAD"];
        Ok(succeeded(&mut command(&self.tree(), &arguments))?.stdout)
    }

    fn tree(&self) -> PathBuf {
        self.folder.path().join("tree")
    }
}

impl Drop for Worktree {
    /// Removes the work tree. A failure leaves a folder of the system's temporary ones, which
    /// `git worktree prune` forgets.
    fn drop(&mut self) {
        let mut command = command(&self.repository, &["worktree", "remove", "--force"]);
        let _ = command.arg(self.tree()).output();
    }
}

/// Refuses specs and clients with changes that the work tree would lack.
fn ensure_committed(project: &Project) -> anyhow::Result<()> {
    let root = project.root();
    let mut command = command(root, &["status", "--porcelain", "--untracked-files=all", "--"]);
    command.arg(project.specs());
    command.args(project.generated().map(|folder| root.join(folder)));
    let changed = String::from_utf8_lossy(&succeeded(&mut command)?.stdout).into_owned();
    ensure!(
        changed.is_empty(),
        "the work is based on the last commit, which lacks these changes:\n{}\n  hint: commit them, or `git stash` them",
        changed.trim_end()
    );
    Ok(())
}

fn ensure_new(root: &Path, branch: &str) -> anyhow::Result<()> {
    let name = format!("refs/heads/{branch}");
    ensure!(
        git(root, &["check-ref-format", &name]).is_ok(),
        "`{branch}` is no name of a branch\n  hint: letters, digits, `-` and `/`, as in `follow/hubsoft`"
    );
    ensure!(
        git(root, &["rev-parse", "--verify", "--quiet", &name]).is_err(),
        "there is a branch `{branch}` already\n  hint: delete it, or name another one with `--branch`"
    );
    Ok(())
}

/// Returns the folder of what cargo compiles.
fn target(root: &Path) -> anyhow::Result<PathBuf> {
    let named = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = named.unwrap_or_else(|| root.join("target"));
    std::path::absolute(&target).with_context(|| format!("`{}`", target.display()))
}

fn command(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(arguments).current_dir(root);
    // A hook's variables would lead git to another repository.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    command
}

fn git(root: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = succeeded(&mut command(root, arguments))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn succeeded(command: &mut Command) -> anyhow::Result<Output> {
    let output = command.output().context("failed to start `git`")?;
    if output.status.success() {
        return Ok(output);
    }
    let verb = command.get_args().next().unwrap_or_default().to_string_lossy().into_owned();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    bail!("`git {verb}` failed: {}", told.trim())
}
