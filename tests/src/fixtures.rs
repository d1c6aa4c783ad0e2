//! Finds the files below `fixtures/`.

use std::path::{Path, PathBuf};

use prumo_replay::{Fixture, recordings};
use serde_json::Value;

/// Returns the repository's root.
#[must_use]
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// Reads every fixture of the repository, in the order of their names.
///
/// # Errors
///
/// A folder or a file can't be read.
pub fn all() -> anyhow::Result<Vec<Fixture>> {
    recordings(&root().join("fixtures"))?.iter().map(|path| Fixture::load(path)).collect()
}

/// Reads the fixture at `path` below `fixtures/`.
///
/// # Errors
///
/// There is no such fixture, or it is not JSON.
pub fn one(path: &str) -> anyhow::Result<Fixture> {
    Fixture::load(&root().join("fixtures").join(path))
}

/// Reads the body of the recorded response in the fixture at `path` below `fixtures/`.
///
/// # Errors
///
/// There is no such fixture, or it is not JSON.
pub fn answer(path: &str) -> anyhow::Result<Value> {
    Ok(one(path)?.exchange.pointer("/response/body").cloned().unwrap_or_default())
}
