//! Runs `prumo VERB` and turns the verb's result into an exit code.
//!
//! | verb | turns | into |
//! |---|---|---|
//! | `init` | a folder | a project |
//! | `new-vendor` | a name, or an OpenAPI document | a spec, a successful response and a refusal |
//! | `new-operation` | a name | the stubs of an operation, each failing until it is filled in |
//! | `lint` | specs | complaints with file, line and remedy |
//! | `generate` | specs | typed clients, or the list of their stale files |
//! | `diff` | two revisions of a spec | what changed for callers of its client |
//! | `judge` | recorded exchanges | findings, and a contract of what was observed |
//! | `observe` | recorded exchanges | a contract of what was observed, without a verdict |
//! | `join` | contract files | one contract file |
//! | `convert` | recorded exchanges | another format |
//! | `record` | real traffic | fixtures without persons and secrets |
//! | `redact` | recorded exchanges | the same without persons and secrets |
//! | `audit` | committed files | places that look like a person or a secret |
//! | `explain` | a rule of the judge | an explanation with an example |
//! | `call` | an operation and its arguments | a call and its judged response, or a curl command |
//! | `probe` | a project | findings about what its live vendors respond |
//! | `docs check` | a spec, and the lock of its vendor's pages | findings where they differ |
//! | `docs diff` | two versions of a vendor's docs page | the list of what changed, field by field |
//! | `docs fetch` | the pages of `prumo.toml` | a cache of them, and which are no longer there |
//! | `docs lock` | a vendor's docs pages | their facts in a file beside the spec |
//! | `follow` | changed pages of a vendor | a branch or patch with spec, client, version and changelog |
//! | `infer` | recorded exchanges, and no spec | the draft of one |
//! | `standin` | a spec | that vendor on loopback |
//! | `nightly` | a project | one report on all of its checks |
//! | `notify` | the last night | a message to a webhook, and one issue on GitHub |
//! | `history` | the nights of a project | a list, or what changed from one to another |
//! | `completions` | a shell's name | a script that completes all of the above |
//! | `man` | the verbs' help | manual pages |
//!
//! Each verb is a module. Only this crate opens files, starts processes and prints; `prumo-drift`
//! makes all decisions about drift. This crate never depends on generated code, so that every verb
//! runs when a client does not compile.
//!
//! A verb works in a [`Project`](project::Project), found upwards from the current folder. `init`,
//! `convert`, `join`, `redact`, `audit`, `infer`, `docs`, `explain`, `completions` and `man` need no project,
//! nor do
//! `judge`, `observe`, `lint`, `diff` and `call` if the spec is given as a file.
//!
//! Exit codes: 0 fine, 1 could not judge, 4 stale or drifting. `observe` and `join` give no verdict: 0 if a
//! contract was written, 1 if none could be.

#![cfg_attr(docsrs, feature(doc_cfg))]

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser};

mod audit;
mod call;
mod clock;
mod completions;
mod contract;
mod convert;
pub mod diff;
mod docs;
mod explain;
mod follow;
pub mod generate;
mod history;
mod infer;
mod init;
mod join;
mod judge;
mod language;
mod lint;
mod man;
pub mod new_operation;
mod new_vendor;
pub mod nightly;
mod notify;
mod observe;
mod packed;
pub mod parallel;
mod probe;
pub mod progress;
pub mod project;
mod record;
mod recordings;
mod redact;
mod scaffold;
pub mod screen;
mod shell;
pub mod specs;
mod standin;
mod write;

use project::Location;

/// Judges an API's traffic against a spec, generates typed clients from it, calls it and stands in
/// for it.
#[derive(Parser)]
#[command(name = "prumo", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    location: Location,
    /// The language of texts for people; by default that of the locale.
    #[arg(long, global = true, value_name = "LANGUAGE", value_enum)]
    lang: Option<language::Lang>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Makes a project.
    Init(init::Args),
    /// Makes a vendor: its spec, a successful response and a refusal.
    NewVendor(new_vendor::Args),
    /// Makes the stubs of a new operation, each failing until it is filled in.
    NewOperation(new_operation::Args),
    /// Checks specs and prints complaints with file, line and remedy.
    Lint(lint::Args),
    /// Turns specs into typed clients.
    Generate(generate::Args),
    /// Says what changed between two revisions of a spec, and what it does to callers.
    Diff(diff::Args),
    /// Judges recorded exchanges against the specs.
    Judge(judge::Args),
    /// Writes what recorded exchanges show of the specs, to be joined and judged elsewhere.
    Observe(observe::Args),
    /// Joins contract files of several places into one.
    Join(join::Args),
    /// Joins contract files under an older name of `join`.
    #[command(hide = true, subcommand)]
    Contract(join::OldName),
    /// Drafts a spec from recorded exchanges alone.
    Infer(infer::Args),
    /// Writes recorded exchanges in another format: HAR, or one per line.
    Convert(convert::Args),
    /// Turns real traffic into fixtures without persons and secrets: from files, or by a proxy.
    Record(record::Args),
    /// Removes persons and secrets from recorded exchanges and keeps their shape.
    Redact(redact::Args),
    /// Finds what looks like a person or a secret in committed files.
    Audit(audit::Args),
    /// Explains a rule of the judge, or a change of a spec or of docs; lists all, or writes
    /// `docs/rules.md`.
    Explain(explain::Args),
    /// Calls an operation of a spec, shows how to call it, or lists all.
    Call(call::Args),
    /// Reads a vendor's docs pages, keeps their facts, and says what changed.
    Docs(docs::Args),
    /// Follows changed docs: edits specs, generates, tests, and leaves a branch or patch.
    Follow(follow::Args),
    /// Asks the live vendors by the specs' `x-probe`, and judges their responses.
    Probe(probe::Args),
    /// Serves vendors and specs on loopback, until ctrl-c.
    Standin(standin::Args),
    /// Runs the main job: lint, freshness, judge, the project's own steps; then one summary and a
    /// report.
    Nightly(nightly::Args),
    /// Lists the nights, or says what changed since one of them.
    History(history::Args),
    /// Tells people what the last night found: by a webhook, or as one issue on GitHub.
    Notify(notify::Args),
    /// Prints a script that completes verbs, operations and their parameters in a shell.
    Completions(completions::Args),
    /// Prints the manual page, or writes a page for each verb.
    Man(man::Args),
    /// Computes completions for that script.
    #[command(hide = true)]
    Complete(completions::Question),
}

/// Runs the program on the arguments of the process.
pub fn main() -> ExitCode {
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let variable = |name: &str| std::env::var(name).ok();
    language::set(language::asked(arguments.iter().map(|one| one.as_os_str()), variable));
    match parsed(arguments) {
        Ok(cli) => screen::exit_code(run(&cli)),
        Err(usage) => screen::usage(&usage),
    }
}

/// Reads the arguments. Help that they ask for is in the reader's language.
fn parsed(arguments: Vec<std::ffi::OsString>) -> Result<Cli, clap::Error> {
    let mut command = language::help::translated(Cli::command(), language::current());
    let matches = command.try_get_matches_from_mut(arguments)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

fn run(cli: &Cli) -> anyhow::Result<ExitCode> {
    let location = &cli.location;
    match &cli.verb {
        Verb::Init(args) => init::run(args),
        Verb::NewVendor(args) => new_vendor::run(location, args),
        Verb::NewOperation(args) => new_operation::run(&location.unchecked()?, args),
        Verb::Lint(args) => lint::run(location, args),
        Verb::Generate(args) => generate::run(&location.project()?, args),
        Verb::Diff(args) => diff::run(location, args),
        Verb::Judge(args) => judge::run(location, args),
        Verb::Observe(args) => observe::run(location, args),
        Verb::Join(args) | Verb::Contract(join::OldName::Join(args)) => join::run(args),
        Verb::Infer(args) => infer::run(location, args),
        Verb::Convert(args) => convert::run(location, args),
        Verb::Record(args) => record::run(location, args),
        Verb::Redact(args) => redact::run(location, args),
        Verb::Audit(args) => audit::run(location, args),
        Verb::Explain(args) => explain::run(location, args),
        Verb::Call(args) => call::run(location, args),
        Verb::Docs(args) => docs::run(location, args),
        Verb::Follow(args) => follow::run(location, args),
        Verb::Probe(args) => probe::run(location, args),
        Verb::Standin(args) => standin::run(location, args),
        Verb::Nightly(args) => nightly::run(&location.project()?, args),
        Verb::History(args) => history::run(location, args),
        Verb::Notify(args) => notify::run(location, args),
        Verb::Completions(args) => completions::run(args),
        Verb::Man(args) => man::run(Cli::command(), args),
        Verb::Complete(question) => completions::answer(&Cli::command(), question),
    }
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
