//! `cargo xtask bench judge` compares the judge's speed with parsers and a validator,
//! `cargo xtask bench client` a call through a client with the same call by hand,
//! `cargo xtask bench redact` counts what is found of a planted corpus,
//! `cargo xtask bench compile` the compile time of a client with that of its dependencies,
//! `cargo xtask bench diff OLD NEW` time and memory of a comparison of two documents, and
//! `cargo xtask bench docs` how fast a Postman collection is read.
//!
//! The first two run the crates `prumo-bench` (`drift/bench`) and `client-bench` (`tests/bench`) as
//! processes, because xtask must not depend on clients or on benchmark-only crates.

mod compile;
mod diff;
mod docs;

use std::process::{Command, ExitCode};

use anyhow::Context;

use prumo::screen;

/// Folder of the traffic and the results, below the root.
const OUT: &str = "target/prumo/bench";

/// Measures the judge, a client's call or a client's compile time.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Compares the judge with parsers and a validator, on traffic made from a spec.
    Judge(Judge),
    /// Compares a client's call with the same by hand: time, allocations, memory, and concurrent
    /// calls.
    Client(Client),
    /// Counts what the redactor and the audit find of a planted corpus, and measures their speed.
    Redact,
    /// Compares a `cargo check` of a client with one of its dependencies, in seconds of CPU.
    Compile(compile::Args),
    /// Measures `prumo diff` on two revisions of a large document.
    Diff(diff::Args),
    /// Measures how fast a Postman collection is read.
    Docs(docs::Args),
}

#[derive(clap::Args)]
struct Judge {
    /// The number of exchanges.
    #[arg(long, default_value_t = 10_000)]
    answers: usize,
    /// The seed of the traffic.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(clap::Args)]
struct Client {
    /// The number of calls over which memory is measured.
    #[arg(long, default_value_t = 50_000)]
    memory_calls: usize,
    /// The number of concurrent calls.
    #[arg(long, default_value_t = 10_000)]
    crowd: usize,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.what {
        What::Judge(args) => judge(args),
        What::Client(args) => client(args),
        What::Redact => redact(),
        What::Compile(args) => compile::run(args),
        What::Diff(args) => diff::run(args),
        What::Docs(args) => docs::run(args),
    }
}

fn judge(judge: &Judge) -> anyhow::Result<ExitCode> {
    let (answers, seed) = (judge.answers.to_string(), judge.seed.to_string());
    measure("prumo-bench", &["--answers", &answers, "--seed", &seed])
}

fn client(client: &Client) -> anyhow::Result<ExitCode> {
    let (memory_calls, crowd) = (client.memory_calls.to_string(), client.crowd.to_string());
    measure("client-bench", &["measure", "--memory-calls", &memory_calls, "--crowd", &crowd])
}

/// Runs the test that holds redactor and audit to their recall, built for release, which prints its
/// report.
fn redact() -> anyhow::Result<ExitCode> {
    let test =
        "test --release --locked --package prumo-redact --test recall planted -- --nocapture";
    let status = Command::new("cargo").args(test.split(' ')).current_dir(crate::root()).status();
    let is_fine = status.context("failed to start `cargo test`")?.success();
    Ok(if is_fine { ExitCode::SUCCESS } else { ExitCode::from(screen::COULD_NOT_JUDGE) })
}

/// Runs the program of another crate, built for release. It writes its result to [`OUT`].
fn measure(package: &str, args: &[&str]) -> anyhow::Result<ExitCode> {
    let status = Command::new("cargo")
        .args(["run", "--release", "--quiet", "--locked", "--package", package, "--"])
        .args(args)
        .args(["--out", OUT])
        .current_dir(crate::root())
        .status()
        .context("failed to start `cargo run`")?;
    // The program has already printed which limit it exceeded.
    if status.code() == Some(screen::DRIFTING.into()) {
        return Ok(ExitCode::from(screen::DRIFTING));
    }
    if !status.success() {
        return Ok(ExitCode::from(screen::COULD_NOT_JUDGE));
    }
    screen::print(&format!("\nthe result is in `{OUT}`\n"))?;
    Ok(ExitCode::SUCCESS)
}
