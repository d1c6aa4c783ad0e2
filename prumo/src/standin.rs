//! `cargo xtask standin`: a vendor on loopback, for work offline and for load tools.
//!
//! The server is a crate of its own, `prumo-standin`; this verb starts its program and hands its
//! words on, so that this crate stays free of what serves.

use std::process::{Command, ExitCode};

use anyhow::Context;

use crate::project::Location;
use crate::screen;

/// Starts a stand-in.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Args {
    /// What `prumo-standin` takes: specs and options; `--help` lists them.
    #[arg(value_name = "WORD", trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let status = Command::new("cargo")
        .args(["run", "--quiet", "--locked", "--package", "prumo-standin", "--"])
        .args(&args.words)
        .current_dir(location.base()?)
        .status()
        .context("failed to start `cargo run`")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::from(screen::COULD_NOT_JUDGE) })
}
