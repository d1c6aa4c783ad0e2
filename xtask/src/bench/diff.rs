//! `cargo xtask bench diff`: measures `prumo diff` on two revisions of a large document.

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};
use prumo::screen;
use wait4::Wait4;

/// The most memory that a comparison may take.
const MAX_MIB: u64 = 300;

/// Measures a comparison of two documents.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The old document.
    old: PathBuf,
    /// The new document.
    new: PathBuf,
}

/// Runs the bench: 0 within the limit, 4 above it.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let root = crate::root();
    let build = ["build", "--release", "--quiet", "--locked", "--package", "prumo"];
    let status = Command::new("cargo").args(build).current_dir(&root).status();
    ensure!(status.context("failed to start `cargo build`")?.success(), "prumo does not compile");
    let start = Instant::now();
    let child = Command::new(root.join("target/release/prumo"))
        .arg("diff")
        .args([&args.old, &args.new])
        .stdout(Stdio::null())
        .spawn()
        .context("failed to start `prumo diff`")?;
    let usage = child.wait4().context("failed to wait for `prumo diff`")?;
    let seconds = start.elapsed().as_secs_f64();
    let is_read = matches!(usage.status.code(), Some(0 | 4));
    ensure!(is_read, "`prumo diff` ended with {}", usage.status);
    let mib = usage.rusage.maxrss >> 20;
    screen::print(&format!("prumo diff: {seconds:.2} s, {mib} MiB of at most {MAX_MIB}\n"))?;
    Ok(if mib <= MAX_MIB { ExitCode::SUCCESS } else { ExitCode::from(screen::DRIFTING) })
}
