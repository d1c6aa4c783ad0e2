//! Compiles the clients of all documents as one workspace.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use serde_json::Value;

/// The features to compile the clients with.
const FEATURES: &str = "blocking,dispatch,spec";

/// Checks the clients `names` in `home`, and returns the first error of each that does not compile.
pub(crate) fn check(
    root: &Path,
    home: &Path,
    names: &[&str],
) -> anyhow::Result<BTreeMap<String, String>> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    fs_err::write(home.join("Cargo.toml"), workspace(root, names)?)?;
    fs_err::copy(root.join("Cargo.lock"), home.join("Cargo.lock"))?;
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(home)
        .args(["check", "--offline", "--workspace", "--keep-going", "--message-format=json"])
        .args(["--features", FEATURES])
        .env("CARGO_TARGET_DIR", root.join("target/corpus/target"))
        .stderr(Stdio::piped())
        .output()
        .context("failed to start `cargo check`")?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let messages: Vec<Value> =
        messages.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let mut broken = BTreeMap::new();
    for (name, error) in messages.iter().filter_map(|message| error_of(home, message)) {
        broken.entry(name).or_insert(error);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(
        output.status.success() || !broken.is_empty(),
        "`cargo check` failed:\n{}",
        said.trim()
    );
    Ok(broken)
}

/// Returns the crate and the text of an error among cargo's messages.
fn error_of(home: &Path, message: &Value) -> Option<(String, String)> {
    let told = message.get("message")?;
    if told.get("level")?.as_str()? != "error" {
        return None;
    }
    let manifest = Path::new(message.get("manifest_path")?.as_str()?);
    let name = manifest.strip_prefix(home).ok()?.parent()?.to_string_lossy().into_owned();
    let span = told.pointer("/spans/0");
    let place = span.and_then(|span| {
        let line = span.get("line_start")?;
        Some(format!(" at {}:{line}", span.get("file_name")?.as_str()?))
    });
    let text = told.get("message")?.as_str()?;
    Some((name, format!("{text}{}", place.unwrap_or_default())))
}

/// Writes the manifest of the workspace, with the versions of this one.
fn workspace(root: &Path, names: &[&str]) -> anyhow::Result<String> {
    let manifest = fs_err::read_to_string(root.join("Cargo.toml"))?;
    let package = manifest.split("\n\n").find(|part| part.starts_with("[workspace.package]"));
    let package = package.context("`Cargo.toml` has no `[workspace.package]`")?;
    let is_needed = |line: &&str| {
        ["reqwest", "serde", "serde_json"]
            .iter()
            .any(|name| line.starts_with(&format!("{name} = ")))
    };
    let versions: Vec<&str> = manifest.lines().filter(is_needed).collect();
    let versions = versions.join("\n");
    Ok(format!(
        "[workspace]\nresolver = \"3\"\nmembers = {names:?}\n\n{package}\n\n\
         [workspace.dependencies]\n{versions}\n\n[profile.dev]\ndebug = false\n"
    ))
}
