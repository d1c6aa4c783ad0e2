//! `cargo xtask bench judge`: how fast the judge is beside parsers and a validator;
//! `cargo xtask bench client`: what a call through a client costs beside the same by hand;
//! `cargo xtask bench compile`: what a client costs its users' compiler.
//!
//! What measures the judge is a crate of its own, `prumo-bench` in `drift/bench`, and so is
//! what measures the clients, `client-bench` in `tests/bench`: this one stays free of what
//! they know, and they are built for release only.

mod compile;

use std::process::{Command, ExitCode};

use anyhow::Context;

use prumo::screen;

/// Where the traffic and the result go, below the root.
const OUT: &str = "target/prumo/bench";

/// Measures.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// The judge beside parsers and a validator, on traffic made from a spec.
    Judge(Judge),
    /// A call through a client beside the same by hand: time, allocations, memory, and many calls at once.
    Client(Client),
    /// The clients beside the HTTP and JSON crates alone: a clean `cargo check`, in seconds of CPU.
    Compile(compile::Args),
}

#[derive(clap::Args)]
struct Judge {
    /// How many exchanges are made.
    #[arg(long, default_value_t = 10_000)]
    answers: usize,
    /// What the traffic depends on.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(clap::Args)]
struct Client {
    /// Over how many calls memory is watched.
    #[arg(long, default_value_t = 50_000)]
    memory_calls: usize,
    /// How many calls are under way at once.
    #[arg(long, default_value_t = 10_000)]
    crowd: usize,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.what {
        What::Judge(args) => judge(args),
        What::Client(args) => client(args),
        What::Compile(args) => compile::run(args),
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

/// Runs the program of another crate, built for release, which writes its result to [`OUT`].
fn measure(package: &str, args: &[&str]) -> anyhow::Result<ExitCode> {
    let status = Command::new("cargo")
        .args(["run", "--release", "--quiet", "--locked", "--package", package, "--"])
        .args(args)
        .args(["--out", OUT])
        .current_dir(crate::root())
        .status()
        .context("failed to start `cargo run`")?;
    // What measured says itself if it is over what may be.
    if status.code() == Some(screen::DRIFTING.into()) {
        return Ok(ExitCode::from(screen::DRIFTING));
    }
    if !status.success() {
        return Ok(ExitCode::from(screen::COULD_NOT_JUDGE));
    }
    screen::print(&format!("\nthe result is in `{OUT}`\n"))?;
    Ok(ExitCode::SUCCESS)
}
