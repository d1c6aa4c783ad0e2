//! Turns a spec into a client's source, in memory.
//!
//! A pipeline of pure functions, one file each:
//! document → `lint` → [`prepare`] → `render` (progenitor) → `polish` →
//! `emit` → [`Client`].
//!
//! Invariants:
//!
//! * The crate opens and writes no file: everything is rendered before anything is compared.
//! * A construct that can't be generated is a complaint with file, line and construct, and all
//!   complaints about a spec are reported at once.

pub mod crate_names;
mod emit;
mod lint;
mod material;
pub mod names;
mod polish;
pub mod prepare;
mod renames;
mod render;
pub mod rows;
mod spare;
mod spec;

#[cfg(test)]
mod tests;

use anyhow::Context;
use prumo_spec::complaint::{Complaint, Complaints};

pub use emit::{CrateHome, File, Revision, RuntimeSource, contract_test, every_client, starter};
pub use material::Material;
pub use prepare::Draft;
pub use renames::{Rename, RenameFault, Renamed};
pub use spec::Spec;

/// The generated part of a client's crate.
#[derive(Debug)]
pub struct Client {
    /// The crate's name.
    pub name: String,
    /// The vendor's name for the API.
    pub title: String,
    /// The whole spec in one file, stored beside `src`.
    pub bundle: String,
    /// The files in `src`.
    pub files: Vec<File>,
    /// The number of its operations.
    pub n_operations: usize,
    /// The number of operations in the document.
    pub n_documented: usize,
    /// Names of the project that can't be given.
    pub rename_faults: Vec<RenameFault>,
    /// The client's row in the contract tests: a Rust expression of type `prumo_replay::Client`.
    pub row: String,
}

/// Lints and prepares a spec, as far as a call without a generated client needs it.
///
/// The draft is `None` if a complaint prevents a client.
///
/// # Errors
///
/// Never, apart from defects of the generator.
pub fn draft(spec: &Spec) -> anyhow::Result<(Vec<Complaint>, Option<Draft>)> {
    spare::spared(spec, |spec, complaints| Ok(linted(spec, complaints)))
}

/// Renders the client of one spec, or returns `None` for it if a complaint prevents one.
///
/// An operation of a foreign document that has an error is left out with a warning, unless it is
/// the only one. `material` is the source of examples in the documentation.
///
/// # Errors
///
/// Fails if the emitted source is not Rust, which is a defect of the generator.
pub fn client(
    spec: &Spec,
    material: &Material,
) -> anyhow::Result<(Vec<Complaint>, Option<Client>)> {
    let (complaints, mut client) =
        spare::spared(spec, |spec, complaints| rendered(spec, material, complaints))?;
    if let Some(client) = &mut client {
        client.n_documented = spec.api().operations().count().max(client.n_operations);
    }
    Ok((complaints, client))
}

fn linted(spec: &Spec, complaints: &mut Complaints<'_>) -> Option<Draft> {
    lint::lint(spec, complaints);
    if complaints.has_errors() {
        return None;
    }
    let draft = prepare::prepare(spec, complaints);
    (!complaints.has_errors()).then_some(draft)
}

fn rendered(
    spec: &Spec,
    material: &Material,
    complaints: &mut Complaints<'_>,
) -> anyhow::Result<Option<Client>> {
    lint::lint(spec, complaints);
    if complaints.has_errors() {
        return Ok(None);
    }
    let draft = prepare::prepare(spec, complaints);
    lint::lint_draft(&draft, complaints);
    if complaints.has_errors() {
        return Ok(None);
    }
    let client = match render::render(&draft) {
        Ok(client) => polish::polish(client, &draft),
        Err(message) => {
            complaints.error(
                "",
                message,
                "the lint should have said this better: please report it",
            );
            return Ok(None);
        }
    };
    let files = emit::emit(spec, &draft, &client, material).with_context(|| spec.file.clone())?;
    let row = emit::row(spec, &draft, &client);
    Ok(Some(Client {
        name: spec.name.clone(),
        title: draft.info.title.clone(),
        bundle: spec.bundle(),
        files,
        n_operations: draft.operations.len(),
        n_documented: 0,
        rename_faults: draft.rename_faults,
        row,
    }))
}
