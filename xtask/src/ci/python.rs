//! Builds the Python wheels and runs their tests, which need engines: Spark and Beam.
//!
//! Everything is installed into `target/python/venv`, at the versions of `python/requirements.txt`.
//!
//! Invariants:
//!
//! * Without a Python or a network the check is skipped, never passed. Without Java the tests of Spark
//!   are skipped, and pytest says so.
//! * The binary of the second wheel is a debug one, from the warm target folder.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use super::session::{Session, Verdict};

/// The folder of the environment and of the wheels.
const FOLDER: &str = "target/python";

/// What `pip` says if the registry can't be reached.
const UNREACHABLE: [&str; 4] = [
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "Temporary failure in name resolution",
];

/// The commands after the environment is ready. `BIN` stands for its folder of programs.
const STEPS: [&str; 9] = [
    "cargo fmt --manifest-path python/Cargo.toml --check",
    "cargo clippy --locked --quiet --manifest-path python/Cargo.toml --target-dir target -- -D warnings",
    "BIN/maturin build --locked --manifest-path python/Cargo.toml --target-dir target --out target/python/dist",
    "BIN/maturin build --locked --strip --manifest-path prumo/Cargo.toml --target-dir target --out target/python/dist",
    "BIN/pip install --quiet --no-index --force-reinstall --no-deps --find-links target/python/dist prumo prumo-cli",
    "BIN/ruff check python",
    "BIN/ruff format --check python",
    "BIN/mypy --config-file python/pyproject.toml python/pysrc python/tests",
    "BIN/pytest -c python/pyproject.toml python/tests",
];

pub(super) fn check(session: &Session) -> anyhow::Result<Verdict> {
    if !is_installed("python3") {
        return Ok(Verdict::Skipped("no Python: `python3` is not in `PATH`".to_owned()));
    }
    let bin = session.root.join(FOLDER).join("venv").join("bin");
    if !bin.join("pip").is_file() {
        session.run(&format!("python3 -m venv {FOLDER}/venv"))?;
    }
    if let Some(reason) = without_network(&session.root, &bin)? {
        return Ok(Verdict::Skipped(reason));
    }
    for step in STEPS {
        println!("$ {step}");
        session.run(&step.replace("BIN", &bin.display().to_string()))?;
    }
    Ok(Verdict::Fits)
}

/// Returns whether a program can be started.
fn is_installed(program: &str) -> bool {
    let version =
        Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// Installs what the tests need, or returns the reason why the registry can't be reached.
fn without_network(root: &Path, bin: &Path) -> anyhow::Result<Option<String>> {
    let output = Command::new(bin.join("pip"))
        .args(["install", "--quiet", "--retries", "1", "--requirement", "python/requirements.txt"])
        .current_dir(root)
        .output()
        .context("failed to start `pip`")?;
    if output.status.success() {
        return Ok(None);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    if UNREACHABLE.iter().any(|words| said.contains(words)) {
        return Ok(Some("the registry of Python packages can't be reached".to_owned()));
    }
    bail!(
        "`pip install --requirement python/requirements.txt` ended with {}\n{said}",
        output.status
    )
}
