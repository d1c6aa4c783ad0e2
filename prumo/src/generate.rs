//! `prumo generate`: turns the specs into `generated/*/src`.
//!
//! Everything is rendered in memory first and then compared, so `--check` and
//! a real run take the same path and cannot disagree.
//!
//! Invariants:
//!
//! * `generated/*/src` is the machine's, whole: what is no longer produced is
//!   removed. So is `openapi.json` beside it, the spec in one file, of which
//!   `standin/specs` has a copy for each vendor that it stands in for. `Cargo.toml`
//!   and `README.md` are never changed; a spec without a crate gets both once.
//! * What cannot be generated is an error with file, line and construct, and
//!   all errors of all specs are told at once.

mod layout;
mod plan;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use prumo_codegen::{Client, Material};
use prumo_spec::complaint::{Complaint, Severity};

use crate::project::Project;
use crate::{screen, specs};
use layout::Layout;
use plan::Plan;

/// Why no client is made where the project names no folder for them.
pub(crate) const NO_FOLDER: &str = "`prumo.toml` has no `generated`, so there are no clients";

/// Turns specs into clients.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Change nothing; exit with 4 when a file is out of date.
    #[arg(long)]
    check: bool,

    /// Only this spec, by its name or path; may be given more than once.
    #[arg(long, value_name = "F")]
    spec: Vec<String>,
}

/// Runs the verb: 0 fresh or updated, 1 complaints, 4 stale with `--check`.
///
/// # Errors
///
/// The project names no folder for clients, or a file can't be read or written.
pub fn run(project: &Project, args: &Args) -> anyhow::Result<ExitCode> {
    if project.generated().is_none() {
        return said(&format!("skipped  {NO_FOLDER}"));
    }
    let rendered = rendered(project, &args.spec)?;
    for complaint in &rendered.complaints {
        eprintln!("{complaint}");
    }
    let n_errors = rendered.errors().count();
    if n_errors > 0 {
        eprintln!("error: {}, nothing is generated", screen::counted(n_errors, "complaint"));
        return Ok(ExitCode::from(screen::COULD_NOT_JUDGE));
    }
    let plan = Plan::new(project, &rendered.clients, args.spec.is_empty())?;
    if plan.is_fresh() && rendered.clients.is_empty() {
        return said(&format!("skipped  {}", project.without_specs()));
    }
    if plan.is_fresh() {
        return said(&format!("fresh    {}", screen::counted(rendered.clients.len(), "client")));
    }
    if args.check {
        let stale: String = plan.stale().iter().map(|path| format!("stale    {path}\n")).collect();
        screen::print(&format!("{stale}`prumo generate` makes them fresh\n"))?;
        return Ok(ExitCode::from(screen::DRIFTING));
    }
    said(&plan.carry_out(project.root())?.join("\n"))
}

/// Prints the last line of a run that is fine.
fn said(line: &str) -> anyhow::Result<ExitCode> {
    screen::print(&format!("{line}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Lists the files of `generated/` that differ from what was rendered of all specs.
pub(crate) fn stale(project: &Project, rendered: &Rendered) -> anyhow::Result<Vec<String>> {
    anyhow::ensure!(
        rendered.errors().next().is_none(),
        "the specs have complaints, so nothing can be said of the clients"
    );
    Ok(Plan::new(project, &rendered.clients, true)?.stale())
}

/// The clients of some specs, in memory.
#[derive(Debug, Default)]
pub(crate) struct Rendered {
    /// One for each spec without an error.
    pub(crate) clients: Vec<Client>,
    /// What is wrong with the specs.
    pub(crate) complaints: Vec<Complaint>,
    /// How many specs there are.
    pub(crate) n_specs: usize,
}

impl Rendered {
    /// Returns the complaints that stop a client.
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Complaint> {
        self.complaints.iter().filter(|one| one.severity == Severity::Error)
    }

    /// Adds the client of one spec, and what is wrong with it.
    pub(crate) fn add(&mut self, base: &Path, path: &Path, material: &Material) -> anyhow::Result<()> {
        self.n_specs += 1;
        match specs::load::load(base, path) {
            Ok(spec) => {
                let (complaints, client) = prumo_codegen::client(&spec, material)?;
                self.complaints.extend(complaints);
                self.clients.extend(client);
            }
            Err(complaint) => self.complaints.push(complaint),
        }
        Ok(())
    }
}

/// Renders the specs of a project, or only those in `only`.
///
/// # Errors
///
/// A wanted spec is not there, or the generator has a defect.
pub(crate) fn rendered(project: &Project, only: &[String]) -> anyhow::Result<Rendered> {
    let files = project.chosen_specs(only)?;
    let complaints = specs::load::complaints_of_names(project.root(), &project.specs(), &files)?;
    let mut rendered = Rendered { complaints, ..Rendered::default() };
    for path in files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        rendered.add(project.root(), &path, &material(project, &name)?)?;
    }
    Ok(rendered)
}

/// Reads what the documentation of the client `name` takes its examples from.
fn material(project: &Project, name: &str) -> anyhow::Result<Material> {
    let mut material = Material::made_by(Layout::command(project));
    for folder in sorted(&project.fixtures().join(name))? {
        let operation = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for path in sorted(&folder)? {
            if path.extension().is_some_and(|extension| extension == "json") {
                material.add(&operation, &fs_err::read_to_string(&path)?);
            }
        }
    }
    let Some(generated) = project.generated() else {
        return Ok(material);
    };
    for path in sorted(&project.root().join(generated).join(name).join("examples"))? {
        if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            material.add_program(&name, &fs_err::read_to_string(&path)?);
        }
    }
    Ok(material)
}

/// Lists what is in `folder`, in order; an empty list if it is not a folder.
fn sorted(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs_err::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = entries.collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}
