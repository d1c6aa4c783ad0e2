//! Reads the specs and their waivers by name: `alfa` is `specs/alfa.yaml`.

use anyhow::Context;
use prumo_drift::Document;

use crate::fixtures;

/// The spec of this name.
///
/// # Errors
///
/// There is none, or it is no YAML.
pub fn document(name: &str) -> anyhow::Result<Document> {
    find(name)?.with_context(|| format!("there is no spec `{name}`"))
}

/// The waivers beside the spec of this name, if there are any.
///
/// # Errors
///
/// They are no YAML.
pub fn waivers(name: &str) -> anyhow::Result<Option<Document>> {
    find(&format!("{name}.waivers"))
}

fn find(name: &str) -> anyhow::Result<Option<Document>> {
    let file = format!("specs/{name}.yaml");
    let path = fixtures::root().join(&file);
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(Document::parse(&file, &std::fs::read_to_string(path)?)?))
}
