//! Reads the specs and their waivers by name: `alfa` is `specs/alfa.yaml` and its parts in `specs/alfa/`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use anyhow::Context;
use prumo_drift::Document;

use crate::fixtures;

/// The spec of this name.
///
/// # Errors
///
/// There is none, or it is no YAML.
pub fn document(name: &str) -> anyhow::Result<Document> {
    once(name, |ending| ending == "yaml")?.with_context(|| format!("there is no spec `{name}`"))
}

/// The waivers beside the spec of this name, if there are any.
///
/// # Errors
///
/// They are no YAML.
pub fn waivers(name: &str) -> anyhow::Result<Option<Document>> {
    once(name, |ending| ending == "waivers.yaml")
}

/// A document is read once: hundreds of tests ask for the same few.
fn once(name: &str, is_wanted: fn(&str) -> bool) -> anyhow::Result<Option<Document>> {
    type Read = HashMap<(String, bool), Option<Document>>;
    static READ: LazyLock<Mutex<Read>> = LazyLock::new(Mutex::default);
    let key = (name.to_owned(), is_wanted("yaml"));
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(document) = read.get(&key) {
        return Ok(document.clone());
    }
    let document = joined(name, is_wanted)?;
    read.insert(key, document.clone());
    Ok(document)
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
    let mut whole: Option<Document> = None;
    for file in files {
        let shown = file.strip_prefix(fixtures::root()).unwrap_or(&file).to_string_lossy().into_owned();
        let part = Document::parse(&shown, &std::fs::read_to_string(&file)?)?;
        whole = Some(match whole {
            None => part,
            Some(whole) => whole.with_part(part)?,
        });
    }
    Ok(whole)
}

/// The file's name up to its first dot, and what comes behind.
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
