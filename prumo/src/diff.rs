//! `prumo diff`: turns two revisions of a spec into what changed for callers of its client.
//!
//! The revisions are two files, or the project's specs in a commit and in the work tree. Parts of a
//! spec belong to it, as for every verb.
//!
//! Exit codes: 0 no change, 1 could not read, 4 changed.

mod revision;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{anyhow, ensure};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use prumo_change::report::{FORMATS, ReportFormat, changelog};
use prumo_change::{Changes, Semver, compare};
use prumo_drift::Document;
use prumo_spec::OpenApi;

use crate::project::{Location, Project};
use crate::{screen, specs};

/// Compares two revisions of a spec.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The old and the new document, by file or by a spec's name; with `--git` the specs to compare,
    /// by default every spec of the project.
    #[arg(value_name = "OLD NEW|SPEC")]
    specs: Vec<PathBuf>,
    /// Compares the project's specs of a commit with those in the work tree.
    #[arg(long, value_name = "REV")]
    git: Option<String>,
    /// The format of the changes.
    #[arg(long, value_parser = format_parser(), default_value = FORMATS[0].name)]
    format: &'static ReportFormat,
    /// Prints lines for a changelog instead.
    #[arg(long, conflicts_with = "format")]
    changelog: bool,
    /// Prints the least change of the client's version instead: `major`, `minor`, `patch` or `none`.
    #[arg(long, conflicts_with_all = ["format", "changelog"])]
    semver: bool,
}

/// Reads the name of a format of the report.
fn format_parser() -> impl TypedValueParser<Value = &'static ReportFormat> {
    let known = FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.purpose));
    PossibleValuesParser::new(known)
        .try_map(|name| FORMATS.iter().find(|format| format.name == name).ok_or("no such format"))
}

/// Runs the verb: 0 no change, 1 could not read, 4 changed.
pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let changes = match &args.git {
        Some(rev) => since(location, rev, &args.specs)?,
        None => between_files(location, &args.specs)?,
    };
    if args.semver {
        let word = changes.semver().map_or("none", Semver::name);
        screen::print(&format!("{word}\n"))?;
    } else if args.changelog {
        screen::print(&changelog(&changes))?;
    } else {
        screen::print_document((args.format.write)(&changes).as_bytes())?;
    }
    Ok(if changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(screen::DRIFTING) })
}

fn between_files(location: &Location, files: &[PathBuf]) -> anyhow::Result<Changes> {
    let [old, new] = files else {
        return Err(anyhow!(
            "two documents expected, OLD and NEW\n  hint: `prumo diff --git REV` compares the project's specs with a commit"
        ));
    };
    let base = location.base()?;
    let read = |file: &Path| specs::document(&base, &specs::parts_of(&location.spec(file)?)?);
    // Large documents take longer to read than to compare.
    let (old, new) = std::thread::scope(|scope| {
        let old = scope.spawn(|| read(old));
        let new = read(new);
        let old =
            old.join().unwrap_or_else(|_| Err(anyhow!("the reader of the old document failed")));
        (old, new)
    });
    between(&old?, &new?)
}

/// Returns what changed from one document to another.
///
/// # Errors
///
/// A document is not one that clients are generated from.
pub(crate) fn between(old: &Document, new: &Document) -> anyhow::Result<Changes> {
    compare(OpenApi::new(old), OpenApi::new(new))
        .map_err(|error| screen::hinted(&error, error.hint()))
}

/// Returns what changed in the project's specs since a commit.
fn since(location: &Location, rev: &str, named: &[PathBuf]) -> anyhow::Result<Changes> {
    let project = location.project()?;
    let revision = revision::Revision::find(project.root(), rev)?;
    let folder = project.specs();
    let mut chosen = match named {
        [] => project.spec_files()?,
        named => named.iter().map(|spec| location.spec(spec)).collect::<anyhow::Result<_>>()?,
    };
    if named.is_empty() {
        let gone = revision.specs_in(&folder)?.into_iter();
        chosen.extend(gone.filter(|path| !path.is_file()));
    }
    ensure!(!chosen.is_empty(), "{}", project.without_specs());
    let mut all = Vec::new();
    for spec in chosen {
        let old = revision.document(&spec)?;
        let new = match spec.is_file() {
            true => Some(specs::document(project.root(), &specs::parts_of(&spec)?)?),
            false => None,
        };
        let nothing = nothing(&project.shown(&spec))?;
        all.push(between(old.as_ref().unwrap_or(&nothing), new.as_ref().unwrap_or(&nothing))?);
    }
    Ok(Changes::joined(all))
}

/// Returns the least change of a client's version that its spec needs, from one commit to another
/// or to the work tree: `major`, `minor` or `patch`; `None` if nothing changed.
///
/// # Errors
///
/// A commit has no such spec, or a document can't be read.
pub fn semver_between(
    project: &Project,
    spec: &Path,
    old: &str,
    new: Option<&str>,
) -> anyhow::Result<Option<&'static str>> {
    let of_commit = |commit: &str| -> anyhow::Result<Document> {
        let document = revision::Revision::find(project.root(), commit)?.document(spec)?;
        document.ok_or_else(|| anyhow!("`{}` is not in {commit}", project.shown(spec)))
    };
    let new = match new {
        Some(commit) => of_commit(commit)?,
        None => specs::document(project.root(), &specs::parts_of(spec)?)?,
    };
    Ok(between(&of_commit(old)?, &new)?.semver().map(Semver::name))
}

/// Returns the same for two files.
///
/// # Errors
///
/// A document can't be read.
pub fn semver_of_files(old: &Path, new: &Path) -> anyhow::Result<Option<&'static str>> {
    let read = |file: &Path| specs::document(Path::new(""), &specs::parts_of(file)?);
    Ok(between(&read(old)?, &read(new)?)?.semver().map(Semver::name))
}

/// Returns a document without operations, in place of one that a revision does not have.
fn nothing(name: &str) -> anyhow::Result<Document> {
    let text = "openapi: 3.0.3\ninfo: {title: none, version: none}\npaths: {}\n";
    Ok(Document::parse(name, text)?)
}

#[cfg(test)]
mod tests;
