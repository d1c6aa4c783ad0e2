//! Checks what was made in the work tree: the fixtures against the spec, and the tests.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use super::proposal::Proposal;
use super::release::refresh_cargo_lock;
use super::worktree::Worktree;
use crate::nightly::sources::Sources;
use crate::nightly::step;
use crate::nightly::summary::Outcome;
use crate::project::Project;

/// Runs the checks, and says of each what it found.
///
/// # Errors
///
/// A check fails, or could not be made.
pub(super) fn run(
    project: &Project,
    tree: &Worktree,
    changed: &[Proposal],
    test: Option<&str>,
) -> anyhow::Result<Vec<String>> {
    let mut said = vec![fixtures(project)?];
    let manifests = manifests(project, changed);
    for manifest in &manifests {
        refresh_cargo_lock(project.root(), manifest)?;
    }
    tree.stage()?;
    for line in commands(project, test, &manifests) {
        said.push(tests(project, tree, &line)?);
    }
    Ok(said)
}

/// Judges the fixtures by the edited specs.
fn fixtures(project: &Project) -> anyhow::Result<String> {
    // A folder may be in the project, and not in the commit.
    let committed = "the fixtures of the last commit, on which the work is based, can't be read";
    let outcome = Sources::of(project).context(committed)?.judge_fixtures();
    passed("fixtures", &outcome)
}

/// Lists the manifests of the clients of the changed specs.
fn manifests(project: &Project, changed: &[Proposal]) -> Vec<PathBuf> {
    let Some(generated) = project.generated() else { return Vec::new() };
    let manifest =
        |one: &Proposal| project.root().join(generated).join(&one.name).join("Cargo.toml");
    changed.iter().map(manifest).filter(|file| file.is_file()).collect()
}

/// Lists the command lines that run the tests.
fn commands(project: &Project, test: Option<&str>, manifests: &[PathBuf]) -> Vec<String> {
    if let Some(test) = test {
        return vec![test.to_owned()];
    }
    let steps: Vec<String> = project.steps().iter().map(|step| step.run.clone()).collect();
    if !steps.is_empty() {
        return steps;
    }
    let of_client = |manifest: &PathBuf| {
        let shown = crate::specs::shown(manifest, project.root());
        format!("cargo test --quiet --manifest-path \"{shown}\"")
    };
    manifests.iter().map(of_client).collect()
}

fn tests(project: &Project, tree: &Worktree, line: &str) -> anyhow::Result<String> {
    // So cargo compiles only what changed.
    let target = [("CARGO_TARGET_DIR", tree.target())];
    passed(&format!("`{line}`"), &step::run(project.root(), line, None, &target)?)
}

/// Says what a check found.
fn passed(name: &str, outcome: &Outcome) -> anyhow::Result<String> {
    if outcome.word.exit_code() == 0 {
        return Ok(format!("{name}: {} {}", outcome.word.text(), outcome.said));
    }
    let lines: String = outcome.lines.iter().map(|line| format!("\n  {line}")).collect();
    bail!("{name}: {}, so nothing was changed{lines}", outcome.said)
}
