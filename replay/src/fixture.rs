//! Reads recorded exchanges and derives their names from their paths.
//!
//! `fixtures/alfa/listar_clientes/um_cliente.json` is the case `um_cliente` of the operation
//! `listar_clientes` of the spec `alfa`, and its snapshot is
//! `alfa__listar_clientes__um_cliente.snap`.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context, anyhow};
use prumo_spec::Scalar;
use prumo_spec::openapi::{Envelope, Outcome};
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
    /// The spec decides and not the client, whose own verdict is under test.
    #[must_use]
    pub fn is_good(&self, envelope: Option<&Envelope>) -> bool {
        let response = &self.exchange["response"];
        let is_2xx = response["status"].as_u64().is_some_and(|status| (200..300).contains(&status));
        is_2xx && envelope.is_none_or(|envelope| accepts(envelope, &response["body"]))
    }
}

/// Returns whether a body has a tag of success, or needs none.
fn accepts(envelope: &Envelope, body: &Value) -> bool {
    let Some(place) = &envelope.tag else { return true };
    let tag = body.pointer(place).map(Scalar::from_value);
    tag.is_some_and(|tag| envelope.outcome(&tag) == Outcome::Success)
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn status_and_tag_decide_whether_a_call_was_accepted() {
        let tagged = Envelope {
            tag: Some("/erro".to_owned()),
            success: vec![Scalar::from_value(&json!(false))],
            ..Envelope::default()
        };
        let untagged = Envelope::default();
        let cases = [
            ("a tag of success", Some(&tagged), 200, json!({"erro": false}), true),
            ("a tag of failure", Some(&tagged), 200, json!({"erro": true}), false),
            ("a tag of another kind", Some(&tagged), 200, json!({"erro": "false"}), false),
            ("no tag", Some(&tagged), 200, json!({}), false),
            ("a body that is no object", Some(&tagged), 200, json!(null), false),
            (
                "a tag of success beside a status of failure",
                Some(&tagged),
                500,
                json!({"erro": false}),
                false,
            ),
            ("an envelope without a tag", Some(&untagged), 201, json!({}), true),
            ("no envelope", None, 204, json!(null), true),
            ("a redirect", None, 302, json!(null), false),
        ];
        for (name, envelope, status, body, expected) in cases {
            let fixture = Fixture {
                spec: String::new(),
                operation: String::new(),
                case: String::new(),
                bytes: Vec::new(),
                exchange: json!({"response": {"status": status, "body": body}}),
            };
            assert_eq!(fixture.is_good(envelope), expected, "case `{name}`");
        }
    }
}
