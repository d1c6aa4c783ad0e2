//! Turns `cargo xtask <verb>` into one of this repository's own chores.
//!
//! What a user of another repository needs is in the crate `prumo`; the verbs
//! of daily work here are a line each into it. This crate never depends on
//! generated code: on the day a client no longer compiles, every verb still runs.
//!
//! Exit codes: 0 fine, 1 could not judge, 4 stale or drifting.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use prumo::project::Project;
use prumo::screen;

mod bench;
mod ci;
mod schema_suite;

/// This repository's own chores; everything else is `cargo prumo`.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// The main job: lint, freshness, judge, replay; then one summary and a report.
    Nightly(prumo::nightly::Args),
    /// Turns `specs/*.yaml` into `generated/*/src`.
    Generate(prumo::generate::Args),
    /// Makes the stubs of a new operation, each failing until it is filled in.
    NewOperation(prumo::new_operation::Args),
    /// Breaks every fixture in every way, and counts what the judge notices.
    Mutate(prumo_mutate::Args),
    /// Runs a checkout of the public JSON Schema test suite through the judge.
    JsonSchemaSuite(schema_suite::Args),
    /// Measures how fast the judge and the clients are, and what a client costs to compile.
    Bench(bench::Args),
    /// What CI runs: format, lints, freshness, tests, docs, arrows, packages, licences.
    Ci(ci::Args),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => return screen::usage(&usage),
    };
    screen::exit_code(run(&cli))
}

fn run(cli: &Cli) -> anyhow::Result<ExitCode> {
    let project = || Project::open(&root());
    match &cli.verb {
        Verb::Nightly(args) => prumo::nightly::run(&project()?, args),
        Verb::Generate(args) => prumo::generate::run(&project()?, args),
        Verb::NewOperation(args) => prumo::new_operation::run(&project()?, args),
        Verb::Mutate(args) => prumo_mutate::run(&root(), args),
        Verb::JsonSchemaSuite(args) => schema_suite::run(args),
        Verb::Bench(args) => bench::run(args),
        Verb::Ci(args) => ci::run(args),
    }
}

/// The repository's root: the parent of this crate's folder.
///
/// Cargo says where that is when it runs us; a binary that is run by itself knows where it was built.
fn root() -> PathBuf {
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let manifest = Path::new(&manifest);
    manifest.parent().unwrap_or(manifest).to_owned()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    /// clap checks a verb's arguments only when it is called.
    #[test]
    fn every_verb_has_sound_arguments() {
        super::Cli::command().debug_assert();
    }
}
