//! Writes the first files of a project, a vendor or an operation, and prints the next steps.
//!
//! Invariants:
//!
//! * An existing file is never overwritten; all files of a verb are checked before one is written.

use std::path::{Path, PathBuf};

use anyhow::{bail, ensure};

use crate::project::Project;
use crate::specs::shown;
use crate::{screen, write};

/// The files that a verb makes: paths and texts.
pub(crate) type Files = Vec<(PathBuf, String)>;

/// Checks that none of the files exists.
///
/// # Errors
///
/// The list of the existing files.
pub(crate) fn ensure_new<'p>(
    base: &Path,
    paths: impl Iterator<Item = &'p Path>,
) -> anyhow::Result<()> {
    let there: Vec<String> =
        paths.filter(|path| path.exists()).map(|path| format!("`{}`", shown(path, base))).collect();
    let is = if there.len() == 1 { "is" } else { "are" };
    ensure!(there.is_empty(), "{} {is} there already, so nothing was written", there.join(", "));
    Ok(())
}

/// Writes all files and their folders, or none, and prints what was created or updated.
///
/// # Errors
///
/// A file can't be written.
pub(crate) fn write(base: &Path, files: &[(PathBuf, String)]) -> anyhow::Result<()> {
    let line = |(file, _): &(PathBuf, String)| {
        let verb = if file.exists() { "Updated" } else { "Created" };
        format!("{verb}  {}\n", shown(file, base))
    };
    let told: String = files.iter().map(line).collect();
    write::all(files, &[])?;
    screen::print(&told)
}

/// Checks the name of a spec, which is also that of its crate and folders.
///
/// # Errors
///
/// The name is invalid.
pub(crate) fn ensure_spec_name(name: &str) -> anyhow::Result<()> {
    match prumo_codegen::crate_names::fault(name) {
        Some(fault) => {
            bail!("{}\n  hint: call it `{}`; {}", fault.message, fault.proposed, fault.rule)
        }
        None => Ok(()),
    }
}

/// Returns whether a text starts with a lowercase letter, and has only such letters, digits and
/// `joiner`.
pub(crate) fn is_name(text: &str, joiner: char) -> bool {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joiner;
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(is_part)
}

/// Returns the commands that lead from the new files to a passing night, one per line.
///
/// * `fixtures`: the folder of the new fixtures, if there are any to judge.
pub(crate) fn next_steps(project: &Project, spec: &str, fixtures: Option<&Path>) -> String {
    let mut steps =
        vec![(format!("prumo lint {spec}"), "what the spec lacks, line by line".to_owned())];
    if project.generated().is_some() {
        steps.push(("prumo generate".to_owned(), "the client".to_owned()));
    }
    if let Some(fixtures) = fixtures {
        let judge = format!("prumo judge {}", project.shown(fixtures));
        steps.push((judge, "the fixtures against the spec".to_owned()));
    }
    for own in project.steps() {
        let replays = own.run.contains("cargo test");
        steps.push(match replays {
            true => (
                format!("INSTA_UPDATE=always {}", own.run),
                format!("{}; read the snapshots that it writes", own.name),
            ),
            false => (own.run.clone(), own.name.clone()),
        });
    }
    steps.push(("prumo nightly".to_owned(), "all of it in one report".to_owned()));
    let width = steps.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
    steps.iter().map(|(command, why)| format!("  {command:<width$}  # {why}\n")).collect()
}
