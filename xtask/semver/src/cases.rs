//! Reads the table of cases.

use std::path::Path;

use anyhow::{Context, ensure};
use prumo_drift::Document;
use serde::Deserialize;

/// A change, its caller and the expected verdict.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// The change in a few words.
    pub(super) name: String,
    /// The texts of the base to replace, each with its replacement.
    edit: Vec<(String, String)>,
    /// The statements of the caller.
    pub(super) call: String,
    /// The body of an answer that fits the changed document.
    #[serde(default)]
    pub(super) answer: Option<String>,
    /// The version that `prumo diff --semver` must ask for.
    pub(super) version: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    cases: Vec<Case>,
}

impl Case {
    /// Returns the name of its spec and of its client's crate.
    pub(super) fn slug(&self) -> String {
        let words = self.name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        format!("case-{words}")
    }

    /// Returns the name of its caller's module, and of its program.
    pub(super) fn module(&self) -> String {
        self.slug().replace('-', "_")
    }

    /// Returns the changed document.
    pub(super) fn changed(&self, base: &str) -> anyhow::Result<String> {
        let mut text = base.to_owned();
        for (old, new) in &self.edit {
            ensure!(text.matches(old).count() == 1, "{}: `{old}` must stand once", self.name);
            text = text.replace(old, new);
        }
        Ok(text)
    }
}

/// Returns the text of the base and the cases.
pub(super) fn read(root: &Path) -> anyhow::Result<(String, Vec<Case>)> {
    let folder = root.join("tests/semver");
    let base = fs_err::read_to_string(folder.join("base.yaml"))?;
    let text = fs_err::read_to_string(folder.join("cases.yaml"))?;
    let table = Document::parse("tests/semver/cases.yaml", &text)?;
    let table: Table =
        serde_json::from_value(table.value().clone()).context("tests/semver/cases.yaml")?;
    Ok((base, table.cases))
}
