//! Runs cargo-deny, which is no part of a Rust toolchain: where it is missing, that is said.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context;

use super::{Verdict, run_command};

/// Checks what needs no network.
pub(super) fn offline(root: &Path) -> anyhow::Result<Verdict> {
    if is_missing() {
        return Ok(Verdict::Skipped(HOW_TO_INSTALL.to_owned()));
    }
    run_command(root, "cargo deny --workspace --all-features check bans licenses sources", None)
}

/// Checks for known vulnerabilities; their list is fetched, if it can be had.
pub(super) fn advisories(root: &Path) -> anyhow::Result<Verdict> {
    if is_missing() {
        return Ok(Verdict::Skipped(HOW_TO_INSTALL.to_owned()));
    }
    let fetched = Command::new("cargo")
        .args(["deny", "fetch", "db"])
        .current_dir(root)
        .stderr(Stdio::null())
        .status()
        .context("failed to start cargo-deny")?;
    if !fetched.success() {
        return Ok(Verdict::Skipped("the list of advisories can't be fetched from here".to_owned()));
    }
    run_command(root, "cargo deny --workspace --all-features check advisories", None)
}

const HOW_TO_INSTALL: &str = "cargo-deny is not installed; `cargo install cargo-deny --locked`";

fn is_missing() -> bool {
    let version = Command::new("cargo")
        .args(["deny", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    !version.is_ok_and(|status| status.success())
}
