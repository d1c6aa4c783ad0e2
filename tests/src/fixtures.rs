//! Turns the files below `fixtures/` into recorded exchanges with a name.
//!
//! The name is the spine: `fixtures/alfa/listar_clientes/um_cliente.json` is
//! the case `um_cliente` of the operation `listar_clientes` of the spec `alfa`,
//! and its snapshot is `alfa__listar_clientes__um_cliente.snap`.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use serde_json::Value;

/// One recorded situation.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The spec's name, which is the client crate's too.
    pub spec: String,
    /// The `operationId`.
    pub operation: String,
    /// The situation.
    pub case: String,
    /// The file's bytes, as recorded.
    pub bytes: Vec<u8>,
    /// The exchange, as JSON.
    pub exchange: Value,
}

impl Fixture {
    /// Reads one file; its folders give its name.
    ///
    /// # Errors
    ///
    /// The file can't be read, is no JSON, or does not stand in `<spec>/<operation>/`.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let [spec, operation, case] = name_of(path)?;
        let bytes = std::fs::read(path).with_context(|| format!("failed to read `{}`", path.display()))?;
        let exchange =
            serde_json::from_slice(&bytes).with_context(|| format!("`{}` is no JSON", path.display()))?;
        Ok(Self { spec, operation, case, bytes, exchange })
    }

    /// What the snapshot is called.
    pub fn id(&self) -> String {
        format!("{}__{}__{}", self.spec, self.operation, self.case)
    }
}

fn name_of(path: &Path) -> anyhow::Result<[String; 3]> {
    let mut parts = path.with_extension("").components().rev().take(3).map(text_of).collect::<Vec<_>>();
    parts.reverse();
    let misplaced = || anyhow!("`{}` does not stand in `<spec>/<operation>/`", path.display());
    <[String; 3]>::try_from(parts).map_err(|_| misplaced())
}

fn text_of(part: std::path::Component<'_>) -> String {
    part.as_os_str().to_string_lossy().into_owned()
}

/// The repository's root.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// Every fixture of the repository, in the order of their names.
///
/// # Errors
///
/// A folder or a file can't be read.
pub fn all() -> anyhow::Result<Vec<Fixture>> {
    let mut files = Vec::new();
    recordings(&root().join("fixtures"), &mut files)?;
    files.iter().map(|path| Fixture::load(path)).collect()
}

/// Adds `path`, or if it is a folder the JSON files below it in the order of their names.
///
/// # Errors
///
/// A folder can't be listed.
pub fn recordings(path: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = std::fs::read_dir(path).with_context(|| format!("failed to list `{}`", path.display()))?;
    let mut entries = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    entries.sort();
    let is_json = |path: &Path| path.extension().is_some_and(|extension| extension == "json");
    for entry in entries.iter().filter(|entry| entry.is_dir() || is_json(entry)) {
        recordings(entry, files)?;
    }
    Ok(())
}

/// The body that was recorded as the answer, of the fixture at `path` below `fixtures/`.
///
/// # Errors
///
/// There is no such fixture, or it is no JSON.
pub fn answer(path: &str) -> anyhow::Result<Value> {
    let fixture = Fixture::load(&root().join("fixtures").join(path))?;
    Ok(fixture.exchange.pointer("/response/body").cloned().unwrap_or_default())
}
