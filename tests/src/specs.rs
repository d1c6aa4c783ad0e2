//! Reads the specs and their waivers by name: `alfa` is `specs/alfa.yaml` and its parts in
//! `specs/alfa/`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use anyhow::Context;
use prumo_drift::{Contract, Document, Waivers, read_openapi};

use crate::fixtures;

/// A spec with its contract and waivers.
#[derive(Debug)]
pub struct Spec {
    /// The document.
    pub document: Document,
    /// The contract that it promises.
    pub contract: Contract,
    /// The known deviations.
    pub waivers: Option<Waivers>,
}

/// Returns the spec of this name. It is read once, because hundreds of tests use the same few.
///
/// # Errors
///
/// The spec does not exist, or it or its waivers have an error.
pub fn spec(name: &str) -> anyhow::Result<Arc<Spec>> {
    static READ: LazyLock<Mutex<HashMap<String, Arc<Spec>>>> = LazyLock::new(Mutex::default);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(spec) = read.get(name) {
        return Ok(Arc::clone(spec));
    }
    let document = joined(name, |ending| ending == "yaml")?;
    let document = document.with_context(|| format!("there is no spec `{name}`"))?;
    let contract = read_openapi(&document)?;
    let waivers = joined(name, |ending| ending == "waivers.yaml")?;
    let waivers = waivers.map(|document| Waivers::parse(&document)).transpose()?;
    let spec = Arc::new(Spec { document, contract, waivers });
    read.insert(name.to_owned(), Arc::clone(&spec));
    Ok(spec)
}

fn joined(name: &str, is_wanted: fn(&str) -> bool) -> anyhow::Result<Option<Document>> {
    let specs = fixtures::root().join("specs");
    let mut files: Vec<PathBuf> = Vec::new();
    for (folder, stem) in [(specs.clone(), Some(name)), (specs.join(name), None)] {
        let mut found = files_in(&folder)?;
        found.retain(|path| {
            let (before, ending) = parted(path);
            is_wanted(ending) && stem.is_none_or(|stem| stem == before)
        });
        files.extend(found);
    }
    Document::of_parts(files.iter().map(|file| {
        let shown = file.strip_prefix(fixtures::root()).unwrap_or(file).to_string_lossy();
        Ok(Document::parse(&shown, &std::fs::read_to_string(file)?)?)
    }))
}

/// Splits the file's name at its first dot.
fn parted(path: &Path) -> (&str, &str) {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.split_once('.').unwrap_or((name, ""))
}

fn files_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();
    Ok(files)
}
