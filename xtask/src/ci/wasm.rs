//! Checks that the clients compile for a browser, where the target's library is installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use super::{Verdict, run_command};

const TARGET: &str = "wasm32-unknown-unknown";

pub(super) fn check(root: &Path) -> anyhow::Result<Verdict> {
    if !has_library(root)? {
        return Ok(Verdict::Skipped(format!(
            "the toolchain has no library for {TARGET}; `rustup target add {TARGET}`"
        )));
    }
    let command = format!(
        "cargo check --locked --target {TARGET} -p prumo-runtime -p tomticket-v1 -p tomticket-v2 -p hubsoft"
    );
    run_command(root, &command, None)
}

/// Asks the compiler that cargo will run.
fn has_library(root: &Path) -> anyhow::Result<bool> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let told = Command::new(&rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .current_dir(root)
        .output()
        .with_context(|| format!("failed to start `{}`", rustc.display()))?;
    if !told.status.success() {
        bail!("`{}` does not say where the library of {TARGET} is: {}", rustc.display(), told.status);
    }
    let folder = PathBuf::from(String::from_utf8_lossy(&told.stdout).trim());
    // A folder that is missing has no entries either.
    Ok(folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()))
}
