//! Turns `prumo VERB` into one of the verbs below, and their outcome into an exit code.
//!
//! One verb is one file. Everything that opens a file, starts a process or
//! prints is in this crate and in no other; what is decided is decided in
//! `prumo-drift`. This crate never depends on generated code: on the day a
//! client no longer compiles, every verb here still runs.
//!
//! Exit codes: 0 fine, 1 could not judge, 4 stale or drifting.

use std::process::ExitCode;

use clap::Parser;

mod call;
mod completions;
mod contract;
mod convert;
mod explain;
pub mod generate;
mod judge;
pub mod new_operation;
pub mod nightly;
mod standin;
pub mod workspace;

/// prumo's hands: everything that is done to specs, clients and recordings.
#[derive(Parser)]
#[command(name = "prumo", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// The main job: lint, freshness, judge, replay; then one summary and a report.
    Nightly(nightly::Args),
    /// Turns `specs/*.yaml` into `generated/*/src`.
    Generate(generate::Args),
    /// Judges recorded exchanges against the specs.
    Judge(judge::Args),
    /// Explains a rule of the judge with an example, lists all, or writes `docs/rules.md`.
    Explain(explain::Args),
    /// Joins what was observed in several places.
    Contract(contract::Args),
    /// Writes recorded exchanges in another format: HAR, or one a line.
    Convert(convert::Args),
    /// Makes the stubs of a new operation, each failing until it is filled in.
    NewOperation(new_operation::Args),
    /// Stands in for vendors and specs on loopback, until ctrl-c.
    Standin(standin::Args),
    /// Calls an operation of a spec, shows how it is called, or lists all.
    Call(call::Args),
    /// Prints a script that completes verbs, operations and their parameters in a shell.
    Completions(completions::Args),
    /// Answers that script.
    #[command(hide = true)]
    Complete(completions::Question),
}

/// Runs the program on the arguments of the process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => return crate::usage(&usage),
    };
    let outcome = match &cli.verb {
        Verb::Nightly(args) => nightly::run(args),
        Verb::Generate(args) => generate::run(args),
        Verb::Judge(args) => judge::run(args),
        Verb::Explain(args) => explain::run(args),
        Verb::Contract(args) => contract::run(args),
        Verb::Convert(args) => convert::run(args),
        Verb::NewOperation(args) => new_operation::run(args),
        Verb::Standin(args) => standin::run(args),
        Verb::Call(args) => call::run(args),
        Verb::Completions(args) => completions::run(args),
        Verb::Complete(question) => completions::answer(question),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(workspace::COULD_NOT_JUDGE)
    })
}

/// Prints help or a usage error; clap's own exit code 2 is not one of ours.
pub fn usage(usage: &clap::Error) -> ExitCode {
    // Nothing is left to say it with when the screen itself is gone.
    let _ = usage.print();
    if usage.use_stderr() { ExitCode::from(workspace::COULD_NOT_JUDGE) } else { ExitCode::SUCCESS }
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
