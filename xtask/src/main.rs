//! Runs `cargo xtask <verb>`, this repository's own chores.
//!
//! Verbs for users of other repositories are in the crate `prumo`; some of them are repeated here
//! because they are needed daily. This crate never depends on generated code, so that every verb
//! runs when a client does not compile.
//!
//! Exit codes: 0 fine, 1 could not judge, 4 stale or drifting.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use prumo::project::Project;
use prumo::screen;

mod bench;
mod ci;
mod pictures;

/// This repository's own chores; everything else is `cargo prumo`.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Runs the main job: lint, freshness, judge, replay; then prints a summary and writes a
    /// report.
    Nightly(prumo::nightly::Args),
    /// Turns `specs/*.yaml` into `generated/*/src`.
    Generate(prumo::generate::Args),
    /// Makes the stubs of a new operation, each failing until it is filled in.
    NewOperation(prumo::new_operation::Args),
    /// Breaks every fixture in every way, and counts what the judge notices.
    Mutate(prumo_mutate::Args),
    /// Runs a checkout of the public JSON Schema test suite through the judge.
    JsonSchemaSuite(prumo_suite::Args),
    /// Tries a folder of OpenAPI documents: generated, compiled, judged by their own examples.
    Corpus(prumo_corpus::Args),
    /// Measures how fast the judge and the clients are, and what a client costs to compile.
    Bench(bench::Args),
    /// Follows the guide and takes its pictures again; needs a Chromium.
    Pictures(pictures::Args),
    /// Runs all checks of CI: format, lints, freshness, tests, docs, arrows, packages, licences.
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
        Verb::JsonSchemaSuite(args) => prumo_suite::run(args),
        Verb::Corpus(args) => prumo_corpus::run(&root(), args),
        Verb::Bench(args) => bench::run(args),
        Verb::Pictures(args) => pictures::run(args),
        Verb::Ci(args) => ci::run(args),
    }
}

/// Returns the repository's root, the parent of this crate's folder.
///
/// Cargo sets `CARGO_MANIFEST_DIR` when it runs this program. Without cargo, the folder of the
/// build is used.
fn root() -> PathBuf {
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let manifest = Path::new(&manifest);
    manifest.parent().unwrap_or(manifest).to_owned()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    /// clap checks the arguments of a verb only when the verb is parsed.
    #[test]
    fn every_verb_has_sound_arguments() {
        super::Cli::command().debug_assert();
    }
}
