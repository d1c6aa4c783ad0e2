//! `prumo docs`: reads a vendor's docs pages, keeps their facts, and says what changed.
//!
//! `prumo-pages` reads the pages; this module opens the files and words the reports.

pub(crate) mod check;
pub(crate) mod diff;
pub(crate) mod fetch;
mod lock;
pub(crate) mod pages;

use std::process::ExitCode;

use crate::project::Location;

/// Reads a vendor's docs pages.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Holds specs against what the docs say, and the waivers of the docs witness with them.
    Check(check::Args),
    /// Lists what changed between two versions of a page: parameters, requirements, defaults,
    /// types, limits, values, headers and fields of responses.
    Diff(diff::Args),
    /// Reads the pages of `prumo.toml` into a cache, politely, and says which are no longer there.
    Fetch(fetch::Args),
    /// Writes the facts of pages to `<spec>.docs.yaml`, beside the spec: names, types, requirements,
    /// limits and the line of each, without a sentence of the vendor.
    Lock(lock::Args),
}

/// The format of a list.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Format {
    /// Text for people.
    Text,
    /// JSON for machines: one document.
    Json,
}

/// Runs the verb: 0 without changes, 4 with changes.
pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    match &args.action {
        Action::Check(args) => check::run(location, args),
        Action::Diff(args) => diff::run(args),
        Action::Fetch(args) => fetch::run(location, args),
        Action::Lock(args) => lock::run(location, args),
    }
}
