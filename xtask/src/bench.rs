//! `cargo xtask bench judge`: how fast the judge is beside parsers and a validator;
//! `cargo xtask bench compile`: what a client costs its users' compiler.
//!
//! What measures the judge is a crate of its own, `prumo-bench` in `drift/bench`: this
//! one stays free of what it is measured beside, and it is built for release only.

mod compile;

use std::process::{Command, ExitCode};

use anyhow::Context;

use crate::workspace;

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

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.what {
        What::Judge(args) => judge(args),
        What::Compile(args) => compile::run(args),
    }
}

fn judge(judge: &Judge) -> anyhow::Result<ExitCode> {
    let status = Command::new("cargo")
        .args(["run", "--release", "--quiet", "--locked", "--package", "prumo-bench", "--"])
        .args(["--answers", &judge.answers.to_string(), "--seed", &judge.seed.to_string(), "--out", OUT])
        .current_dir(workspace::root())
        .status()
        .context("failed to start `cargo run`")?;
    if !status.success() {
        return Ok(ExitCode::from(workspace::COULD_NOT_JUDGE));
    }
    workspace::print(&format!("\nthe traffic and the result are in `{OUT}`\n"))?;
    Ok(ExitCode::SUCCESS)
}
