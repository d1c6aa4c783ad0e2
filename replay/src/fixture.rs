//! Reads recorded exchanges and derives their names from their paths.
//!
//! `fixtures/alfa/listar_clientes/um_cliente.json` is the case `um_cliente` of the operation
//! `listar_clientes` of the spec `alfa`, and its snapshot is
//! `alfa__listar_clientes__um_cliente.snap`.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context, anyhow};
use prumo_runtime::reqwest::StatusCode;
use prumo_runtime::reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use prumo_runtime::{Operation, is_success};
use serde_json::Value;

/// One recorded situation.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The name of the spec and of the client's crate.
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
    /// Reads one file, whose folders give its name.
    ///
    /// # Errors
    ///
    /// Fails if the file can't be read, is not JSON, or is not in `<spec>/<operation>/`.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let [spec, operation, case] = name_of(path)?;
        let bytes =
            std::fs::read(path).with_context(|| format!("failed to read `{}`", path.display()))?;
        let exchange = serde_json::from_slice(&bytes)
            .with_context(|| format!("`{}` is not JSON", path.display()))?;
        Ok(Self { spec, operation, case, bytes, exchange })
    }

    /// Returns the name of the fixture's snapshot.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}__{}__{}", self.spec, self.operation, self.case)
    }

    /// Returns whether the vendor accepted the call, by status and envelope.
    ///
    /// `operation` is the row of the fixture's operation; without it the status alone decides.
    #[must_use]
    pub fn is_good(&self, operation: Option<&'static Operation>) -> bool {
        let response = &self.exchange["response"];
        let status = response["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        let Some(status) = status.and_then(|status| StatusCode::from_u16(status).ok()) else {
            return false;
        };
        let envelope = operation.and_then(|operation| operation.envelope.as_ref());
        is_success(envelope, status, headers(response), response["body"].to_string().as_bytes())
    }
}

/// Returns the recorded headers, but for those that HTTP does not allow.
fn headers(response: &Value) -> HeaderMap {
    let recorded = response["headers"].as_object().into_iter().flatten();
    let header = |(name, value): (&String, &Value)| {
        let name = name.parse::<HeaderName>().ok()?;
        Some((name, value.as_str()?.parse::<HeaderValue>().ok()?))
    };
    recorded.filter_map(header).collect()
}

fn name_of(path: &Path) -> anyhow::Result<[String; 3]> {
    let mut parts =
        path.with_extension("").components().rev().take(3).map(text_of).collect::<Vec<_>>();
    parts.reverse();
    let misplaced = || anyhow!("`{}` is not in `<spec>/<operation>/`", path.display());
    <[String; 3]>::try_from(parts).map_err(|_| misplaced())
}

fn text_of(part: Component<'_>) -> String {
    part.as_os_str().to_string_lossy().into_owned()
}

/// Lists the JSON files below `path`, sorted by name; for a file, only the file.
///
/// # Errors
///
/// Fails if a folder can't be listed.
pub fn recordings(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries =
        std::fs::read_dir(path).with_context(|| format!("failed to list `{}`", path.display()))?;
    let mut entries =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    entries.sort();
    let is_json = |path: &Path| path.extension().is_some_and(|extension| extension == "json");
    let mut files = Vec::new();
    for entry in entries.iter().filter(|entry| entry.is_dir() || is_json(entry)) {
        files.extend(recordings(entry)?);
    }
    Ok(files)
}
