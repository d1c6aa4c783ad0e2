//! `prumo generate`: turns `specs/*.yaml` into `generated/*/src`.
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
pub(crate) mod spec;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use prumo_codegen::{Client, Draft};
use prumo_spec::complaint::{Complaint, Severity};

use crate::workspace;
use plan::Plan;

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
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let root = workspace::root()?;
    let outcome = rendered(&root, &args.spec)?;
    for complaint in &outcome.complaints {
        eprintln!("{complaint}");
    }
    if outcome.has_errors() {
        let errors = outcome.complaints.iter().filter(|one| one.severity == Severity::Error).count();
        let s = if errors == 1 { "" } else { "s" };
        eprintln!("error: {errors} complaint{s}, nothing is generated");
        return Ok(ExitCode::from(workspace::COULD_NOT_JUDGE));
    }
    let plan = Plan::new(&root, &outcome.crates, args.spec.is_empty())?;
    if plan.is_fresh() {
        println!("fresh    {} clients", outcome.crates.len());
        return Ok(ExitCode::SUCCESS);
    }
    if args.check {
        for path in plan.stale() {
            println!("stale    {path}");
        }
        println!("`cargo xtask generate` makes them fresh");
        return Ok(ExitCode::from(workspace::DRIFTING));
    }
    for line in plan.carry_out(&root)? {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Every complaint about every spec of the repository that stops a client.
pub(crate) fn lint_all(root: &Path) -> anyhow::Result<Vec<String>> {
    let outcome = rendered(root, &[])?;
    let errors = outcome.complaints.iter().filter(|one| one.severity == Severity::Error);
    Ok(errors.map(ToString::to_string).collect())
}

/// The files of `generated/` that are not what the specs make of them.
pub(crate) fn freshness(root: &Path) -> anyhow::Result<Vec<String>> {
    let outcome = rendered(root, &[])?;
    anyhow::ensure!(
        !outcome.has_errors(),
        "the specs have complaints, so nothing can be said of `generated/`"
    );
    Ok(Plan::new(root, &outcome.crates, true)?.stale())
}

/// A spec as it is before anything is rendered: for verbs that call without a client.
pub(crate) struct Drafted {
    /// Its first file.
    pub(crate) path: PathBuf,
    /// What its crate is called.
    pub(crate) name: String,
    /// What the generator knows of it.
    pub(crate) draft: Draft,
}

/// Reads the spec `name` of `root` and prepares it.
///
/// # Errors
///
/// There is no such spec, or it has a complaint that stops a client.
pub(crate) fn drafted(root: &Path, name: &str) -> anyhow::Result<Drafted> {
    let paths = spec::files(root, &[name.to_owned()])?;
    let [path] = &paths[..] else {
        bail!("`{name}` is the name of more than one spec");
    };
    let spec = spec::load(root, path).map_err(|complaint| anyhow::anyhow!("{complaint}"))?;
    let (complaints, draft) = prumo_codegen::draft(&spec);
    match draft {
        Some(draft) => Ok(Drafted { path: path.clone(), name: spec.name, draft }),
        None => {
            let told: Vec<String> = complaints.iter().map(ToString::to_string).collect();
            bail!("the spec has complaints:\n{}", told.join("\n"));
        }
    }
}

/// What became of the specs.
#[derive(Debug, Default)]
struct Outcome {
    crates: Vec<Client>,
    complaints: Vec<Complaint>,
}

impl Outcome {
    fn has_errors(&self) -> bool {
        self.complaints.iter().any(|one| one.severity == Severity::Error)
    }
}

/// Renders the specs of `root`, or only those in `only`, in memory.
fn rendered(root: &Path, only: &[String]) -> anyhow::Result<Outcome> {
    let files = spec::files(root, only)?;
    let complaints = spec::complaints_of_names(root, &files)?;
    let mut outcome = Outcome { crates: Vec::new(), complaints };
    for path in files {
        match spec::load(root, &path) {
            Ok(spec) => {
                let (complaints, rendered) = prumo_codegen::client(&spec)?;
                outcome.complaints.extend(complaints);
                outcome.crates.extend(rendered);
            }
            Err(complaint) => outcome.complaints.push(complaint),
        }
    }
    Ok(outcome)
}
