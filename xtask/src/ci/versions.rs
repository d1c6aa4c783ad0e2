//! Refuses a change of a spec whose client's version was not raised accordingly.
//!
//! The version of a client is the line in `generated/<name>/Cargo.toml`. A release begins with the
//! commit that last changed this line. Two spans are checked: from the release before to this one,
//! and from this one to the work tree.
//!
//! Invariants:
//!
//! * What history does not hold (a shallow clone, no git) is *skipped*, never passed.

use std::path::Path;
use std::process::Command;

use anyhow::Context;

use prumo::diff;
use prumo::project::Project;

use super::session::{Session, Verdict};

/// A version of a client, and the commit that it begins with; `None` is the work tree.
struct Release {
    commit: Option<String>,
    version: Option<Version>,
}

/// Major, minor and patch.
type Version = [u64; 3];

pub(super) fn check(session: &Session) -> anyhow::Result<Verdict> {
    let root = &session.root;
    let project = Project::open(root)?;
    let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
    for spec in project.spec_files()? {
        let name = spec.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let manifest = format!("generated/{name}/Cargo.toml");
        let releases = releases(root, &manifest)?;
        if releases.len() < 2 {
            unknown.push(name);
            continue;
        }
        for (old, new) in releases.iter().zip(releases.iter().skip(1)) {
            wrong.extend(
                raised_too_little(&project, &spec, old, new)?.map(|why| format!("{name}: {why}")),
            );
        }
    }
    anyhow::ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    if unknown.is_empty() {
        return Ok(Verdict::Fits);
    }
    let clients = unknown.join(", ");
    Ok(Verdict::Skipped(format!("the history has no version of {clients}")))
}

/// Returns the release before this one, this one and the work tree, as far as they are known.
fn releases(root: &Path, manifest: &str) -> anyhow::Result<Vec<Release>> {
    let mut releases = Vec::new();
    for commit in commits(root, manifest) {
        let text = git(root, &["show", &format!("{commit}:{manifest}")]).unwrap_or_default();
        let version = version_of(&text);
        // A client whose version is the workspace's has no releases of its own.
        if version.is_some() {
            releases.insert(0, Release { commit: Some(commit), version });
        }
    }
    let text = fs_err::read_to_string(root.join(manifest))?;
    releases.push(Release { commit: None, version: version_of(&text) });
    Ok(releases)
}

/// Returns the last two commits that changed the version, the last one first.
fn commits(root: &Path, manifest: &str) -> Vec<String> {
    let arguments = ["log", "-2", "--format=%H", "-G^version", "--", manifest];
    let listed = git(root, &arguments).unwrap_or_default();
    listed.lines().map(str::to_owned).collect()
}

/// Returns why a version is too low for what changed in the spec, or `None` if it is not.
fn raised_too_little(
    project: &Project,
    spec: &Path,
    old: &Release,
    new: &Release,
) -> anyhow::Result<Option<String>> {
    let (Some(before), Some(after), Some(commit)) = (old.version, new.version, &old.commit) else {
        return Ok(None);
    };
    let needed = diff::semver_between(project, spec, commit, new.commit.as_deref())
        .with_context(|| format!("can't compare {} with {commit}", spec.display()))?;
    let Some(needed) = needed.filter(|needed| !is_enough(needed, before, after)) else {
        return Ok(None);
    };
    let [major, minor, patch] = before;
    let shown = spec.strip_prefix(project.root()).unwrap_or(spec);
    let at =
        new.commit.as_deref().map_or("the work tree", |commit| commit.get(..10).unwrap_or(commit));
    Ok(Some(format!(
        "the spec needs a {needed} change of version {major}.{minor}.{patch} in {at}; `prumo diff --git {} {}` says why",
        commit.get(..10).unwrap_or(commit),
        shown.display()
    )))
}

/// Returns whether a version is raised enough. Below 1.0, minor stands for major, and patch for the
/// rest, as cargo reads them.
fn is_enough(needed: &str, before: Version, after: Version) -> bool {
    let is_raised = |n_parts: usize| after[..n_parts] > before[..n_parts];
    let n_zeros = before.iter().take(2).take_while(|part| **part == 0).count();
    match needed {
        "major" => is_raised(n_zeros + 1),
        "minor" => is_raised((n_zeros + 2).min(3)),
        _ => is_raised(3),
    }
}

/// Reads the version of a manifest; `None` if it is the workspace's.
fn version_of(manifest: &str) -> Option<Version> {
    let line = manifest.lines().find_map(|line| line.strip_prefix("version = \""))?;
    let parts: Vec<u64> =
        line.trim_end_matches('"').split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    parts.try_into().ok()
}

/// Runs git and returns what it prints, or `None` if it fails.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).current_dir(root).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::{is_enough, version_of};

    #[test]
    fn a_version_is_raised_as_cargo_reads_it() {
        let rows = [
            ("major", [0, 1, 0], [0, 2, 0], true),
            ("major", [0, 1, 4], [0, 1, 5], false),
            ("major", [1, 2, 3], [2, 0, 0], true),
            ("major", [1, 2, 3], [1, 3, 0], false),
            ("major", [0, 0, 1], [0, 0, 2], true),
            ("minor", [0, 1, 0], [0, 1, 1], true),
            ("minor", [1, 2, 3], [1, 2, 4], false),
            ("minor", [1, 2, 3], [1, 3, 0], true),
            ("patch", [1, 2, 3], [1, 2, 4], true),
            ("patch", [1, 2, 3], [1, 2, 3], false),
            ("patch", [1, 2, 3], [1, 2, 2], false),
        ];
        for (needed, before, after, is) in rows {
            assert_eq!(is_enough(needed, before, after), is, "{needed} {before:?} {after:?}");
        }
    }

    #[test]
    fn a_version_of_the_workspace_is_none() {
        assert_eq!(version_of("[package]\nversion = \"0.2.10\"\n"), Some([0, 2, 10]));
        assert_eq!(version_of("[package]\nversion.workspace = true\n"), None);
        assert_eq!(version_of("[package]\nversion = \"1\"\n"), None);
    }
}
