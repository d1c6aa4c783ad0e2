//! Runs cargo-deny. The checks are skipped if it is not installed, because Rust does not include
//! it.

use std::process::{Command, Stdio};

use anyhow::Context;

use super::session::{Session, Verdict};

/// Checks licences, bans and sources, which needs no network.
pub(super) fn offline(session: &Session) -> anyhow::Result<Verdict> {
    if is_missing() {
        return Ok(Verdict::Skipped(HOW_TO_INSTALL.to_owned()));
    }
    session.run("cargo deny --workspace --all-features check bans licenses sources")
}

/// Checks for known vulnerabilities, if their list can be fetched.
pub(super) fn advisories(session: &Session) -> anyhow::Result<Verdict> {
    if is_missing() {
        return Ok(Verdict::Skipped(HOW_TO_INSTALL.to_owned()));
    }
    let fetched = Command::new("cargo")
        .args(["deny", "fetch", "db"])
        .current_dir(&session.root)
        .stderr(Stdio::null())
        .status()
        .context("failed to start cargo-deny")?;
    if !fetched.success() {
        return Ok(Verdict::Skipped(
            "the list of advisories cannot be fetched from here".to_owned(),
        ));
    }
    session.run("cargo deny --workspace --all-features check advisories")
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
