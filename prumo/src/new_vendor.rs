//! `prumo new-vendor NAME`: turns a name, or an existing OpenAPI document, into a vendor of the
//! project.
//!
//! Without a document the vendor begins with one made-up operation, so that every step of the way
//! can be tried before it is replaced. A document is taken as the spec byte for byte; what in it a
//! person must decide before a client can be generated is printed, with file, line and remedy.
//!
//! Invariants:
//!
//! * Existing files are not overwritten, and nothing is written unless everything can be.
//! * A fixture that is made fits the spec.
//! * A document of another version of OpenAPI is refused: all of its copy would have to be
//!   replaced.

mod example;
mod exchanges;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{bail, ensure};
use prumo_codegen::{Material, Spec};
use prumo_drift::Document;
use prumo_spec::complaint::{Complaint, Severity};

use crate::project::{Location, Project};
use crate::scaffold::{self, Files};
use crate::specs::{self, shown};
use crate::{lint, screen};

/// Makes a vendor: its spec, a successful response and a refusal.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The vendor's name, also of its spec, client and folder of fixtures: `alfa`.
    name: String,
    /// An OpenAPI document, YAML or JSON, that becomes the spec.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

/// Runs the verb: 0 if the vendor was made.
pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let project = location.unchecked()?;
    let name = &args.name;
    scaffold::ensure_spec_name(name)?;
    ensure_no_spec(&project, name)?;
    let made = match &args.from {
        Some(document) => from_document(&project, name, document)?,
        None => made_up(&project, name),
    };
    let Made { mut files, lacking, to_decide } = made;
    scaffold::ensure_new(project.root(), files.iter().map(|(path, _)| path.as_path()))?;
    let has_fixtures = files.len() > 1;
    files.extend(entry(&project, name)?);
    scaffold::write(project.root(), &files)?;
    let mut told = lacking.map(|lacking| format!("\nskipped  {lacking}\n")).unwrap_or_default();
    if !to_decide.is_empty() {
        told += &format!("\nTo decide, before there is a client:\n{}", lines(&to_decide));
    }
    let fixtures = has_fixtures.then(|| project.fixtures().join(name));
    told += &format!("\nNext:\n{}", scaffold::next_steps(&project, name, fixtures.as_deref()));
    screen::print(&told)?;
    Ok(ExitCode::SUCCESS)
}

/// The spec and fixtures of a vendor.
struct Made {
    /// The spec comes first.
    files: Files,
    /// The fixture that could not be made, and why.
    lacking: Option<String>,
    /// The complaints that prevent a client.
    to_decide: Vec<Complaint>,
}

fn lines(complaints: &[Complaint]) -> String {
    complaints.iter().map(|one| format!("  {}\n", one.to_string().replace('\n', "\n  "))).collect()
}

/// Fails if a spec has this name already, with any extension.
fn ensure_no_spec(project: &Project, name: &str) -> anyhow::Result<()> {
    if !project.specs().is_dir() {
        return Ok(());
    }
    let specs = project.spec_files()?;
    let there = specs.iter().find(|path| path.file_stem().is_some_and(|stem| stem == name));
    match there {
        Some(path) => bail!("`{}` is there already, so nothing was written", project.shown(path)),
        None => Ok(()),
    }
}

/// Returns a made-up spec with its fixtures.
fn made_up(project: &Project, name: &str) -> Made {
    let folder = project.fixtures().join(name).join(example::OPERATION);
    let mut files = vec![(project.specs().join(format!("{name}.yaml")), example::spec(name))];
    files.extend(example::FIXTURES.map(|(file, text)| (folder.join(file), text.to_owned())));
    Made { files, lacking: None, to_decide: Vec::new() }
}

/// Returns the document as the spec, with the fixtures that could be made from it.
fn from_document(project: &Project, name: &str, from: &Path) -> anyhow::Result<Made> {
    let ending = match from.extension().and_then(|ending| ending.to_str()) {
        Some("json") => "json",
        Some("yaml" | "yml") => "yaml",
        _ => bail!(
            "`{}` is of no kind that is read here\n  hint: an OpenAPI document ends in .yaml, .yml or .json",
            from.display()
        ),
    };
    ensure!(from.exists(), "there is no file `{}`", from.display());
    let spec = project.specs().join(format!("{name}.{ending}"));
    let text = specs::load::text(Path::new(""), from).map_err(|one| anyhow::anyhow!("{one}"))?;
    let document = Document::parse(&from.display().to_string(), &text)?;
    let to_decide = complaints(name, &document, &project.shown(&spec), &text)?;
    let (fixtures, lacking) = fixtures(&document, &project.shown(&spec));
    let mut files = vec![(spec, text)];
    for (operation, file, exchange) in fixtures {
        let path = project.fixtures().join(name).join(operation).join(file);
        files.push((path, format!("{exchange:#}\n")));
    }
    Ok(Made { files, lacking, to_decide })
}

/// Returns what stops a client of the document, with places in `spec`, its copy.
///
/// # Errors
///
/// It is no document of a version that is read.
fn complaints(
    name: &str,
    document: &Document,
    spec: &str,
    text: &str,
) -> anyhow::Result<Vec<Complaint>> {
    let has = |key: &str| document.value().get(key).is_some();
    let from = document.file();
    ensure!(["openapi", "swagger", "paths"].into_iter().any(has), without_paths(from));
    let parsed = Spec::parse(name, &[(spec.to_owned(), text.to_owned())])?;
    let (mut complaints, _) = prumo_codegen::client(&parsed, &Material::default())?;
    complaints.retain(|one| one.severity == Severity::Error);
    let of_version = |one: &&mut Complaint| matches!(one.pointer.as_str(), "/openapi" | "/swagger");
    if let Some(version) = complaints.iter_mut().find(of_version) {
        from.clone_into(&mut version.file);
        bail!("{version}");
    }
    let paths = document.value().get("paths");
    ensure!(paths.is_some_and(serde_json::Value::is_object), without_paths(from));
    Ok(complaints)
}

fn without_paths(from: &str) -> String {
    format!("`{from}` is no OpenAPI document: it has no `paths`")
}

/// Returns the fixtures of a document, and which could not be made and why.
///
/// * `spec`: the document's copy, in which a person looks.
fn fixtures(document: &Document, spec: &str) -> (Vec<exchanges::Fixture>, Option<String>) {
    const RECORD: &str = "\n         record one with `prumo call … --record FILE`";
    match exchanges::of(document) {
        Ok(made) => {
            let lacking = match made.len() {
                0 => Some("no fixture was made: no operation has an answer in JSON that fits;"),
                1 => Some("no refusal was made: the operation promises none in JSON;"),
                _ => None,
            };
            (made, lacking.map(|lacking| format!("{lacking}{RECORD}")))
        }
        Err(mut error) => {
            spec.clone_into(&mut error.file);
            let hint = error.hint().map(|hint| format!("\n         hint: {hint}"));
            let hint = hint.unwrap_or_default();
            (
                Vec::new(),
                Some(format!("no fixture was made: {}\n         {error}{hint}", lint::UNJUDGED)),
            )
        }
    }
}

/// Returns the project's file with a table for the vendor, or `None` if it already has one.
fn entry(project: &Project, name: &str) -> anyhow::Result<Option<(PathBuf, String)>> {
    if project.vendor(name).is_some() {
        return Ok(None);
    }
    let prefix = name.replace('-', "_").to_ascii_uppercase();
    let table = format!(
        "[vendor.{name}]\nbase_url = \"env:{prefix}_BASE_URL\"    # not set: the spec's server\n\
         credentials = \"env:{prefix}\"\n"
    );
    let old = fs_err::read_to_string(project.file())?;
    let gap = if old.is_empty() || old.ends_with('\n') { "\n" } else { "\n\n" };
    let text = format!("{old}{gap}{table}");
    let file = shown(project.file(), project.root());
    ensure!(
        project.is_valid(&text),
        "`{file}` takes no further table at its end\n  hint: add this by hand, and run it again:\n{table}"
    );
    Ok(Some((project.file().to_owned(), text)))
}
