//! Writes what follows from the pages of one spec: lock, spec, client, version and changelog.

use std::path::Path;

use anyhow::{Context, ensure};
use prumo_change::report::changelog;
use prumo_change::{Changes, Semver};

use super::proposal::Proposal;
use crate::project::Project;
use crate::{diff, generate, specs, write};

/// The file in the project's root that tells users what changed.
const CHANGELOG: &str = "CHANGELOG.md";

/// The heading of what no release has yet.
const UNRELEASED: &str = "## Unreleased";

/// The new version of a client, and the lines that tell its callers of it.
#[derive(Default)]
pub(super) struct Release {
    /// The least change of the version: `major`, `minor` or `patch`; `None` if callers notice nothing.
    pub(super) semver: Option<&'static str>,
    /// The client's version before and after; `None` if the project has no client, or the client
    /// takes its version from elsewhere.
    pub(super) versions: Option<(String, String)>,
    /// The lines of the changelog.
    pub(super) lines: String,
}

/// Writes the files of one spec.
///
/// # Errors
///
/// The edited spec has a complaint, or a file can't be written.
pub(super) fn make(project: &Project, proposal: &Proposal) -> anyhow::Result<Release> {
    let spec = project.spec_named(&proposal.name)?;
    let before = specs::document(project.root(), &specs::parts_of(&spec)?)?;
    let files: Vec<_> = proposal
        .files()
        .into_iter()
        .map(|(file, text)| (project.root().join(file), text))
        .collect();
    write::all(&files, &[])?;
    let after = specs::document(project.root(), &specs::parts_of(&spec)?)?;
    let changes = diff::between(&before, &after)?;
    let semver = changes.semver().map(Semver::name);
    let versions = match semver {
        Some(semver) => raised(project, &proposal.name, semver)?,
        None => None,
    };
    generate::refresh(project)?;
    let lines = changelog(&changes);
    if !changes.is_empty() {
        note(project, proposal, versions.as_ref(), &lines_of(&changes, &lines))?;
    }
    Ok(Release { semver, versions, lines })
}

/// Returns the lines of a changelog; a change that callers do not notice has none of its own.
fn lines_of(changes: &Changes, lines: &str) -> String {
    match lines.is_empty() {
        true => format!(
            "* {} of its docs alone.\n",
            crate::screen::counted(changes.iter().count(), "change")
        ),
        false => lines.to_owned(),
    }
}

/// Raises the version of a client in its manifest.
fn raised(project: &Project, name: &str, semver: &str) -> anyhow::Result<Option<(String, String)>> {
    let Some(generated) = project.generated() else { return Ok(None) };
    let file = project.root().join(generated).join(name).join("Cargo.toml");
    if !file.is_file() {
        return Ok(None);
    }
    let text = fs_err::read_to_string(&file)?;
    let Some((old, new, text)) = with_raised_version(&text, semver) else { return Ok(None) };
    write::at_once(&file, text.as_bytes())?;
    Ok(Some((old, new)))
}

/// Raises the version in the text of a manifest; `None` if the text does not state one.
fn with_raised_version(text: &str, semver: &str) -> Option<(String, String, String)> {
    let line = text.lines().find(|line| line.starts_with("version = \""))?;
    let old = line.strip_prefix("version = \"")?.split('"').next()?;
    let parts: Vec<u64> = old.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    let new = next(parts.try_into().ok()?, semver).map(|part| part.to_string()).join(".");
    let raised = line.replacen(old, &new, 1);
    Some((old.to_owned(), new, text.replacen(line, &raised, 1)))
}

/// Returns the next version. Below 1.0, minor stands for major, and patch for the rest, as cargo
/// reads versions.
fn next([major, minor, patch]: [u64; 3], semver: &str) -> [u64; 3] {
    let n_zeros = [major, minor].iter().take_while(|part| **part == 0).count();
    let raised = match semver {
        "major" => n_zeros,
        "minor" => (n_zeros + 1).min(2),
        _ => 2,
    };
    match raised {
        0 => [major + 1, 0, 0],
        1 => [major, minor + 1, 0],
        _ => [major, minor, patch + 1],
    }
}

/// Adds the lines to the changelog, which is made if there is none.
fn note(
    project: &Project,
    proposal: &Proposal,
    versions: Option<&(String, String)>,
    lines: &str,
) -> anyhow::Result<()> {
    let file = project.root().join(CHANGELOG);
    let old = match file.is_file() {
        true => fs_err::read_to_string(&file)?,
        false => "# Changelog\n".to_owned(),
    };
    let version = versions.map(|(_, new)| format!(" {new}")).unwrap_or_default();
    let section = format!("### `{}`{version}\n\n{lines}", proposal.name);
    write::at_once(&file, with_section(&old, &section).as_bytes())
}

/// Adds a section below the heading of what is not released, which is added if it is missing.
fn with_section(text: &str, section: &str) -> String {
    let heading = text.lines().find(|line| line.starts_with("## "));
    let is_open = |line: &str| {
        let line = line.to_ascii_lowercase();
        line.contains("unreleased") || line.contains("not released")
    };
    match heading {
        Some(line) if is_open(line) => {
            text.replacen(line, &format!("{line}\n\n{}", section.trim_end()), 1)
        }
        Some(line) => {
            text.replacen(line, &format!("{UNRELEASED}\n\n{}\n\n{line}", section.trim_end()), 1)
        }
        None => format!("{}\n\n{UNRELEASED}\n\n{section}", text.trim_end()),
    }
}

/// Brings the lock files of cargo to the new version, where the repository keeps one.
///
/// # Errors
///
/// cargo fails.
pub(super) fn refresh_cargo_lock(root: &Path, manifest: &Path) -> anyhow::Result<()> {
    let cargo = |arguments: &[&str]| {
        let mut command = std::process::Command::new("cargo");
        command.args(arguments).arg("--manifest-path").arg(manifest).current_dir(root);
        command.output().context("failed to start `cargo`")
    };
    let located = cargo(&["locate-project", "--workspace", "--message-format", "plain"])?;
    let workspace = String::from_utf8_lossy(&located.stdout).trim().to_owned();
    if !Path::new(&workspace).with_file_name("Cargo.lock").is_file() {
        return Ok(());
    }
    let output = cargo(&["update", "--workspace", "--offline", "--quiet"])?;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "`cargo update --workspace` failed: {}", told.trim());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_raised_as_cargo_reads_it() {
        let rows = [
            ("0.1.4", "major", "0.2.0"),
            ("0.1.4", "minor", "0.1.5"),
            ("0.1.4", "patch", "0.1.5"),
            ("0.0.3", "major", "0.0.4"),
            ("1.2.3", "major", "2.0.0"),
            ("1.2.3", "minor", "1.3.0"),
            ("1.2.3", "patch", "1.2.4"),
        ];
        for (old, semver, expect) in rows {
            let text = format!("[package]\nname = \"alfa\"\nversion = \"{old}\" # ours\n");
            let (before, after, text) = with_raised_version(&text, semver).expect("a version");
            assert_eq!((before.as_str(), after.as_str()), (old, expect), "{semver}");
            assert!(text.contains(&format!("version = \"{expect}\" # ours\n")), "{text}");
        }
        for text in ["version.workspace = true\n", "version = \"1.0.0-beta.1\"\n", ""] {
            assert!(with_raised_version(text, "minor").is_none(), "{text}");
        }
    }

    #[test]
    fn a_section_stands_below_what_is_not_released() {
        let section = "### `alfa` 0.1.1\n\n* new\n";
        let rows = [
            ("# Changelog\n", "# Changelog\n\n## Unreleased\n\n### `alfa` 0.1.1\n\n* new\n"),
            (
                "# Changelog\n\n## 0.1.0, not released yet\n\n* old\n",
                "# Changelog\n\n## 0.1.0, not released yet\n\n### `alfa` 0.1.1\n\n* new\n\n* old\n",
            ),
            (
                "# Changelog\n\n## 0.1.0\n\n* old\n",
                "# Changelog\n\n## Unreleased\n\n### `alfa` 0.1.1\n\n* new\n\n## 0.1.0\n\n* old\n",
            ),
        ];
        for (old, expect) in rows {
            assert_eq!(with_section(old, section), expect);
        }
    }
}
