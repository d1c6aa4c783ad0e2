//! `prumo generate`: turns the specs into `generated/*/src`.
//!
//! All files are rendered in memory first and then compared, so `--check` and a real run cannot
//! disagree.
//!
//! Invariants:
//!
//! * `generated/*/src` is machine-owned: files that are no longer produced are removed. So is
//!   `openapi.json` beside it, the spec in one file; `standin/specs` has a copy for each vendor
//!   that the stand-in knows. `Cargo.toml` and `README.md` are never changed; a spec without a
//!   crate gets both once.
//! * A construct that cannot be generated is an error with file and line, and all errors of all
//!   specs are reported at once.

mod layout;
mod plan;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use prumo_codegen::{Client, Material, Spec};
use prumo_spec::complaint::{Complaint, Loss, Severity};

use crate::parallel::in_parallel;
use crate::project::Project;
use crate::{screen, specs};
use layout::Layout;
use plan::Plan;

/// The parts that a client can do without, in words for one and for several of them.
const LOSSES: [(Loss, [&str; 2]); 4] = [
    (Loss::Type, ["type (JSON instead)", "types (JSON instead)"]),
    (Loss::Parameter, ["optional parameter", "optional parameters"]),
    (Loss::Answer, ["promise of an answer", "promises of answers"]),
    (Loss::Example, ["example", "examples"]),
];

/// The reason why there are no clients if the project names no folder for them.
pub(crate) const NO_FOLDER: &str = "`prumo.toml` has no `generated`, so there are no clients";

/// Turns specs into clients.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Change nothing; exit with 4 if a file is out of date.
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
        screen::note(&complaint.to_string());
    }
    let n_errors = rendered.errors().count();
    if n_errors > 0 {
        let complaints = screen::counted(n_errors, "complaint");
        screen::error(format!("{complaints}, nothing is generated"));
        return Ok(ExitCode::from(screen::COULD_NOT_JUDGE));
    }
    let plan = Plan::new(project, &rendered.clients, args.spec.is_empty())?;
    if plan.is_fresh() && rendered.clients.is_empty() {
        return said(&format!("skipped  {}", project.without_specs()));
    }
    let counts = rendered.counts().map_or_else(String::new, |counts| format!("\n{counts}"));
    if plan.is_fresh() {
        let n_clients = screen::counted(rendered.clients.len(), "client");
        return said(&format!("fresh    {n_clients}{counts}"));
    }
    if args.check {
        let stale: String = plan.stale().iter().map(|path| format!("stale    {path}\n")).collect();
        screen::print(&format!("{stale}`prumo generate` makes them fresh{counts}\n"))?;
        return Ok(ExitCode::from(screen::DRIFTING));
    }
    said(&format!("{}{counts}", plan.carry_out(project.root())?.join("\n")))
}

/// Prints the last line of a run that is fine.
fn said(line: &str) -> anyhow::Result<ExitCode> {
    screen::print(&format!("{line}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Makes all clients fresh, if the project has any.
///
/// # Errors
///
/// A spec has a complaint, or a file can't be written.
pub(crate) fn refresh(project: &Project) -> anyhow::Result<()> {
    if project.generated().is_none() {
        return Ok(());
    }
    let rendered = rendered(project, &[])?;
    let errors: Vec<String> = rendered.errors().map(ToString::to_string).collect();
    anyhow::ensure!(errors.is_empty(), "{}", errors.join("\n"));
    Plan::new(project, &rendered.clients, true)?.carry_out(project.root()).map(drop)
}

/// Lists the files of `generated/` that differ from the rendered clients of all specs.
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
    /// One client for each spec without an error.
    pub(crate) clients: Vec<Client>,
    /// The complaints about the specs.
    pub(crate) complaints: Vec<Complaint>,
    /// The specs that could be read.
    pub(crate) specs: Vec<Spec>,
    /// The number of specs, read or not.
    pub(crate) n_specs: usize,
}

impl Rendered {
    /// Returns the complaints that prevent a client.
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Complaint> {
        self.complaints.iter().filter(|one| one.severity == Severity::Error)
    }

    /// Renders one spec.
    ///
    /// # Errors
    ///
    /// The generator has a defect.
    pub(crate) fn of(base: &Path, path: &Path, material: &Material) -> anyhow::Result<Self> {
        Self::named(base, path, material, None)
    }

    /// Renders one spec with the names that its project gives to parts of the client.
    fn named(
        base: &Path,
        path: &Path,
        material: &Material,
        project: Option<&Project>,
    ) -> anyhow::Result<Self> {
        let mut one = Self { n_specs: 1, ..Self::default() };
        let mut spec = match specs::load::load(base, path) {
            Ok(spec) => spec,
            Err(complaint) => {
                one.complaints.push(*complaint);
                return Ok(one);
            }
        };
        let vendor = project.and_then(|project| project.vendor(&spec.name));
        let renames = vendor.map(|vendor| vendor.renames.as_slice()).unwrap_or_default();
        spec.renames = renames.iter().map(|one| one.rename.clone()).collect();
        let (complaints, client) = prumo_codegen::client(&spec, material)?;
        one.complaints = complaints;
        let faults = client.iter().flat_map(|client| &client.rename_faults);
        one.complaints.extend(faults.filter_map(|fault| {
            Some(project?.complaint_of_rename(renames.get(fault.index)?, fault))
        }));
        one.clients.extend(client);
        one.specs.push(spec);
        Ok(one)
    }

    /// Counts what the clients of foreign documents have of them, in one line; `None` if there is no
    /// such document.
    fn counts(&self) -> Option<String> {
        let pairs = self.clients.iter().filter_map(|client| {
            let is_foreign = |spec: &&Spec| spec.name == client.name && !spec.is_house();
            self.specs.iter().find(is_foreign).map(|_| client)
        });
        let foreign: Vec<&Client> = pairs.collect();
        if foreign.is_empty() {
            return None;
        }
        let n_operations: usize = foreign.iter().map(|client| client.n_operations).sum();
        let n_documented: usize = foreign.iter().map(|client| client.n_documented).sum();
        let documents = screen::counted(foreign.len(), "foreign document");
        let mut line =
            format!("has      {n_operations} of {n_documented} operations of {documents}");
        let lost = LOSSES.iter().filter_map(|(loss, words)| {
            let is_lost = |one: &&Complaint| one.loss == Some(*loss);
            match self.complaints.iter().filter(is_lost).count() {
                0 => None,
                1 => Some(format!("1 {}", words[0])),
                n => Some(format!("{n} {}", words[1])),
            }
        });
        let lost: Vec<String> = lost.collect();
        if !lost.is_empty() {
            line.push_str(&format!(", without {}", lost.join(", ")));
        }
        if n_operations < n_documented || !lost.is_empty() {
            line.push_str("; each is named above with its reason");
        }
        Some(line)
    }

    /// Adds what was rendered of other specs.
    pub(crate) fn extend(&mut self, other: Self) {
        self.clients.extend(other.clients);
        self.complaints.extend(other.complaints);
        self.specs.extend(other.specs);
        self.n_specs += other.n_specs;
    }
}

/// Renders the specs of a project, or only those in `only`.
///
/// # Errors
///
/// A wanted spec does not exist, or the generator has a defect.
pub(crate) fn rendered(project: &Project, only: &[String]) -> anyhow::Result<Rendered> {
    let files = project.chosen_specs(only)?;
    let complaints = specs::load::complaints_of_names(project.root(), &project.specs(), &files)?;
    let mut rendered = Rendered { complaints, ..Rendered::default() };
    let command = Layout::command(project);
    let each = in_parallel(files.len(), "specs", |index| {
        let path = &files[index];
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Rendered::named(project.root(), path, &material(project, &name, command)?, Some(project))
    })?;
    for one in each {
        rendered.extend(one?);
    }
    Ok(rendered)
}

/// Reads the recordings from which the documentation of the client `name` takes its examples.
fn material(project: &Project, name: &str, command: &'static str) -> anyhow::Result<Material> {
    let mut material = Material::made_by(command);
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

/// Lists the entries of `folder`, sorted; empty if it is not a folder.
fn sorted(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs_err::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = entries.collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}
