//! `prumo new-vendor NAME`: turns a name, or an existing OpenAPI document, into a vendor of the project.
//!
//! Without a document, the vendor starts with a made-up operation, so that every step can be tried
//! before it is replaced. A document becomes the spec byte for byte.
//!
//! Invariants:
//!
//! * Existing files are not overwritten, and nothing is written unless everything can be.
//! * A fixture that is made fits the spec.

mod example;
mod exchanges;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{bail, ensure};
use prumo_drift::Document;

use crate::project::{Location, Project};
use crate::scaffold::{self, Files};
use crate::specs::shown;

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
    let Made { mut files, lacking } = made;
    scaffold::ensure_new(project.root(), files.iter().map(|(path, _)| path.as_path()))?;
    files.extend(entry(&project, name)?);
    for (path, text) in &files {
        scaffold::write(project.root(), path, text)?;
    }
    if let Some(lacking) = lacking {
        println!("\nskipped  {lacking}");
    }
    println!("\nNext:");
    print!("{}", scaffold::next_steps(&project, name, &project.fixtures().join(name)));
    Ok(ExitCode::SUCCESS)
}

/// The spec and fixtures of a vendor, and the reason why a fixture could not be made.
struct Made {
    files: Files,
    lacking: Option<String>,
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
    Made { files, lacking: None }
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
    let Ok(text) = String::from_utf8(fs_err::read(from)?) else {
        bail!("`{}` is not UTF-8\n  hint: save it as UTF-8", from.display());
    };
    let spec = project.specs().join(format!("{name}.{ending}"));
    let document = Document::parse(&from.display().to_string(), &text)?;
    ensure!(
        document.value().get("paths").is_some_and(serde_json::Value::is_object),
        "`{}` is no OpenAPI document: it has no `paths`",
        from.display()
    );
    let fixtures = exchanges::of(&document);
    let record = "\n         record one with `prumo call … --record FILE`";
    let lacking = match fixtures.as_ref().map(Vec::len) {
        Ok(0) => Some(format!("no fixture was made: no operation has an answer in JSON that fits;{record}")),
        Ok(1) => Some(format!("no refusal was made: the operation promises none in JSON;{record}")),
        Ok(_) => None,
        Err(error) => {
            Some(format!("no fixture was made: the judge can't read the document:\n         {error}"))
        }
    };
    let mut files = vec![(spec, text)];
    for (operation, file, exchange) in fixtures.unwrap_or_default() {
        let path = project.fixtures().join(name).join(operation).join(file);
        files.push((path, format!("{exchange:#}\n")));
    }
    Ok(Made { files, lacking })
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
