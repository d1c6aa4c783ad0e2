//! Tries one document: reads it as each verb does, renders its client, judges its examples.

use std::path::Path;

use prumo_codegen::{Client, CrateHome, Material, Spec, client, draft, starter};
use prumo_drift::{Document, read_openapi_and_faults};
use prumo_spec::OpenApi;
use prumo_spec::complaint::{Complaint, Severity};
use prumo_spec::version::Version;
use prumo_standin::StandIn;
use serde::{Deserialize, Serialize};

use crate::examples;

/// The keyword at the root of a document of ours that lists the operations it must lose.
const EXPECTED: &str = "x-corpus-lost";

/// The outcome for one document.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// The version of OpenAPI that it states.
    pub(crate) version: String,
    /// The number of its operations.
    pub(crate) n_operations: usize,
    /// Whether there is a client.
    pub(crate) is_generated: bool,
    /// The number of operations that the client has.
    pub(crate) n_generated: usize,
    /// The operations that the client does without, each with file, line and reason.
    pub(crate) lost: Vec<String>,
    /// Errors of the verbs that refuse the whole document, or a part that others accept.
    pub(crate) refused: Vec<String>,
    /// The constructs that the judge leaves out.
    pub(crate) unjudged: Vec<String>,
    /// The warnings of `generate`.
    pub(crate) warnings: Vec<String>,
    /// The number of examples that were judged.
    pub(crate) n_examples: usize,
    /// The examples with a finding, each with its place, rule and what was promised.
    pub(crate) drifting: Vec<String>,
}

impl Outcome {
    /// Returns the outcome of a document whose trial did not come to its end.
    pub(crate) fn failed(why: String) -> Self {
        Self { refused: vec![why], ..Self::default() }
    }
}

/// Tries the document in a file and writes its client into the folder `into`.
pub(crate) fn of_file(root: &Path, file: &Path, into: &Path) -> anyhow::Result<Outcome> {
    let name = into.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let shown = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let Ok(text) = String::from_utf8(fs_err::read(file)?) else {
        return Ok(Outcome::failed(format!("`{shown}` is not UTF-8")));
    };
    let version = Version::of_text(&text).map(|(version, _)| version.to_string());
    let mut outcome = Outcome { version: version.unwrap_or_default(), ..Outcome::default() };
    match Spec::parse(&name, &[(shown, text)]) {
        Ok(spec) => {
            generated(root, &spec, into, &mut outcome)?;
            read_by_others(&spec, &mut outcome)?;
        }
        Err(error) => outcome.refused.push(Complaint::from(&error).to_string()),
    }
    Ok(outcome)
}

/// Renders the client of a document and writes its crate.
fn generated(root: &Path, spec: &Spec, into: &Path, outcome: &mut Outcome) -> anyhow::Result<()> {
    outcome.n_operations = spec.api().operations().count();
    let (complaints, client) = client(spec, &Material::default())?;
    for complaint in &complaints {
        let told = complaint.to_string().replace("\n  hint:", "; hint:");
        match complaint.severity {
            Severity::Error => outcome.refused.push(format!("generate: {told}")),
            Severity::Warning if complaint.costs.is_empty() => outcome.warnings.push(told),
            Severity::Warning => {
                outcome.lost.extend(complaint.costs.iter().map(|id| format!("`{id}`: {told}")));
            }
        }
    }
    if let Some(client) = client {
        outcome.is_generated = true;
        write(root, &client, into)?;
    }
    Ok(())
}

/// Writes a client's crate; files that are the same stay untouched, so cargo keeps its work.
fn write(root: &Path, client: &Client, into: &Path) -> anyhow::Result<()> {
    let home = CrateHome::Workspace(root.to_string_lossy().into_owned());
    let mut files: Vec<(String, String)> = Vec::new();
    for (file, text) in starter(&client.name, &client.title, &home) {
        files.push((file.to_string(), text));
    }
    files.push(("openapi.json".to_owned(), client.bundle.clone()));
    files.extend(client.files.iter().map(|file| (format!("src/{}", file.name), file.text.clone())));
    for (name, text) in files {
        let path = into.join(name);
        if let Some(folder) = path.parent() {
            fs_err::create_dir_all(folder)?;
        }
        if fs_err::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        fs_err::write(path, text)?;
    }
    Ok(())
}

/// Reads a document as `call`, `judge` and `standin` do.
fn read_by_others(spec: &Spec, outcome: &mut Outcome) -> anyhow::Result<()> {
    match draft(spec)? {
        (_, Some(draft)) => {
            outcome.n_generated = draft.operations.len();
            check_lost(&spec.document, outcome);
        }
        (_, None) if outcome.is_generated => outcome.refused.push("call: refuses it".to_owned()),
        (_, None) => {}
    }
    match read_openapi_and_faults(&spec.document) {
        Ok((contract, _)) => {
            outcome.unjudged.extend(contract.unjudged.iter().cloned());
            let judged = examples::judged(OpenApi::new(&spec.document), &contract)?;
            outcome.n_examples = judged.n_examples;
            outcome.drifting = judged.drifting;
            outcome.refused.extend(judged.misrouted);
        }
        Err(error) => outcome.refused.push(format!("judge: {error}")),
    }
    if let Err(error) = StandIn::of_spec(&spec.document) {
        outcome.refused.push(format!("standin: {error}"));
    }
    Ok(())
}

/// Holds the lost operations to those that a document of ours expects.
fn check_lost(document: &Document, outcome: &mut Outcome) {
    let expected = document.value().get(EXPECTED).and_then(serde_json::Value::as_array);
    let Some(expected) = expected else { return };
    for name in expected.iter().filter_map(serde_json::Value::as_str) {
        let start = format!("`{name}`: ");
        let n_lost = outcome.lost.len();
        outcome.lost.retain(|lost| !lost.starts_with(&start));
        if outcome.lost.len() == n_lost {
            outcome.refused.push(format!("generate: keeps `{name}`, which it should lose"));
        }
        outcome.n_generated += 1;
    }
}
