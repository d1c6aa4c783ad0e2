//! Turns a spec into the runtime's rows and the types of its parameters and fields.

use std::path::{Path, PathBuf};

use anyhow::bail;
use prumo_runtime::{EnvCredentials, Operation, Scheme};
use serde_json::Value;

use super::credentials::Store;
use super::kind::Kind;
use crate::project::{BaseUrl, Credentials, KeyFile, Location, Probe, Project, Vendor};
use crate::specs;
use prumo_codegen::names::snake;
use prumo_codegen::prepare::{self, Draft, schema};
use prumo_codegen::rows;
use prumo_spec::complaint::{Complaint, Severity};
use prumo_spec::{Method, nearest};

/// Maximum number of similar names in an error.
const MAX_SHOWN: usize = 8;

/// The operations of one spec.
pub(crate) struct Catalogue {
    /// The spec's first file.
    pub(crate) path: PathBuf,
    /// The folder that shown file names are relative to.
    pub(crate) base: PathBuf,
    /// The spec's name.
    pub(crate) name: String,
    pub(crate) draft: Draft,
    /// The complaints that cost operations.
    left_out: Vec<Complaint>,
    pub(crate) rows: &'static [Operation],
    pub(crate) schemes: &'static [Scheme],
    /// The project's settings for the vendor; empty if the spec belongs to no project.
    vendor: Vendor,
    /// The file with the key of the redaction, if there is a project that names one.
    pub(crate) redact_key: Option<KeyFile>,
}

/// One operation, in the runtime's and in the spec's form.
#[derive(Clone, Copy)]
pub(crate) struct Chosen<'c> {
    pub(crate) row: &'static Operation,
    pub(crate) drafted: &'c prepare::Operation,
}

/// A field of a request body that can be set by its name.
pub(crate) struct Field<'c> {
    pub(crate) name: &'c str,
    pub(crate) kind: Kind<'c>,
    pub(crate) is_required: bool,
    pub(crate) description: &'c str,
}

impl Catalogue {
    /// Reads a spec by its file or by its name in the project.
    ///
    /// # Errors
    ///
    /// There is no such spec, or it has a complaint that prevents a client.
    pub(crate) fn read(location: &Location, spec: &Path) -> anyhow::Result<Self> {
        let (path, base) = (location.spec(spec)?, location.base()?);
        // A spec given as a file is independent of the project around it.
        let vendor = match spec.is_file() {
            true => None,
            false => location.project()?.vendor(&spec.to_string_lossy()).cloned(),
        };
        let redact_key = location.redact_key()?;
        Self::load(base, path, vendor.unwrap_or_default(), redact_key)
    }

    /// Reads a spec of a project, with the settings of its vendor.
    ///
    /// # Errors
    ///
    /// The spec can't be read, or has a complaint that prevents a client.
    pub(crate) fn of_project(project: &Project, spec: &Path) -> anyhow::Result<Self> {
        let name = spec.file_stem().unwrap_or_default().to_string_lossy();
        let vendor = project.vendor(&name).cloned().unwrap_or_default();
        let (base, path) = (project.root().to_owned(), spec.to_owned());
        Self::load(base, path, vendor, project.redact_key())
    }

    fn load(
        base: PathBuf,
        path: PathBuf,
        vendor: Vendor,
        redact_key: Option<KeyFile>,
    ) -> anyhow::Result<Self> {
        let spec =
            specs::load::load(&base, &path).map_err(|complaint| anyhow::anyhow!("{complaint}"))?;
        let (complaints, draft) = prumo_codegen::draft(&spec)?;
        let Some(draft) = draft else {
            let errors = complaints.iter().filter(|one| one.severity == Severity::Error);
            let told: Vec<String> = errors.map(ToString::to_string).collect();
            bail!("the spec has complaints:\n{}", told.join("\n"));
        };
        let (rows, schemes) = (rows::operations(&draft), rows::schemes(&draft));
        let left_out = complaints.into_iter().filter(|one| !one.costs.is_empty()).collect();
        let name = spec.name;
        Ok(Self { path, base, name, draft, left_out, rows, schemes, vendor, redact_key })
    }

    /// Lists every operation, in the spec's order.
    pub(crate) fn all(&self) -> impl Iterator<Item = Chosen<'_>> {
        self.rows.iter().zip(&self.draft.operations).map(|(row, drafted)| Chosen { row, drafted })
    }

    /// Finds an operation by its name.
    ///
    /// # Errors
    ///
    /// No operation has this name; the error shows similar ones.
    pub(crate) fn find(&self, name: &str) -> anyhow::Result<Chosen<'_>> {
        if let Some(found) = self.all().find(|one| one.row.id == name || one.row.rust_name == name)
        {
            return Ok(found);
        }
        let costs_it =
            |one: &&Complaint| one.costs.iter().any(|cost| cost == name || snake(cost) == name);
        if let Some(why) = self.left_out.iter().find(costs_it) {
            bail!("`{}` can't be called in `{}`:\n{why}", name, self.name);
        }
        let known: Vec<&str> = self.rows.iter().map(|row| row.id).collect();
        let hint = match nearest(name, &known) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => match similar(name, &known) {
                similar if similar.is_empty() => {
                    format!("`prumo call {} --list` shows all", self.name)
                }
                similar => format!("there is {}", similar.join(", ")),
            },
        };
        bail!("`{}` has no operation `{name}`\n  hint: {hint}", self.name);
    }

    /// Lists the fields of a body that is an object; empty for any other body.
    pub(crate) fn fields(&self, operation: &prepare::Operation) -> Vec<Field<'_>> {
        let body = operation.body.as_ref().and_then(|body| schema::target(&body.schema));
        let Some(component) = body.and_then(|name| self.draft.schemas.get(name)) else {
            return Vec::new();
        };
        schema::properties(component)
            .map(|(name, slot)| Field {
                name,
                kind: Kind::of(&self.draft, slot),
                is_required: schema::is_required(component, name),
                description: slot.get("description").and_then(Value::as_str).unwrap_or_default(),
            })
            .collect()
    }

    /// Returns the project's limits for a probe, if it wants one.
    pub(crate) fn probe(&self) -> Option<&Probe> {
        self.vendor.probe.as_ref()
    }

    /// Returns the environment's credentials for this spec.
    pub(crate) fn credentials(&self) -> EnvCredentials {
        EnvCredentials::new(self.prefix())
    }

    /// Returns where a call takes its credentials from.
    pub(crate) fn store(&self) -> Store {
        match self.credentials_command() {
            Some(command) => Store::command(command, self.base.clone()),
            None => Store::env(&self.prefix()),
        }
    }

    /// Returns the command that prints the credentials, if the project names one.
    pub(crate) fn credentials_command(&self) -> Option<&str> {
        match &self.vendor.credentials {
            Some(Credentials::Command(command)) => Some(command),
            _ => None,
        }
    }

    /// Returns the name under which a call looks for a credential: a variable's, or a line's.
    pub(crate) fn credential_name(&self, name: &str) -> String {
        match self.credentials_command() {
            Some(_) => name.to_ascii_lowercase(),
            None => self.credentials().variable(name),
        }
    }

    /// Returns the prefix of this spec's variables: `TOMTICKET_V1`, or the one in `prumo.toml`.
    pub(crate) fn prefix(&self) -> String {
        match &self.vendor.credentials {
            Some(Credentials::Env(prefix)) => prefix.clone(),
            _ => self.stem(),
        }
    }

    /// Returns the variable for the URL of the API.
    pub(crate) fn base_url_variable(&self) -> String {
        match &self.vendor.base_url {
            Some(BaseUrl::Env(variable)) => variable.clone(),
            _ => format!("{}_BASE_URL", self.stem()),
        }
    }

    /// Returns the URL of the API: from the environment, `prumo.toml` or the spec, in this order.
    pub(crate) fn base_url(&self) -> Option<String> {
        let set = std::env::var(self.base_url_variable()).ok().filter(|url| !url.is_empty());
        let said = || match &self.vendor.base_url {
            Some(BaseUrl::Url(url)) => Some(url.clone()),
            _ => None,
        };
        set.or_else(said).or_else(|| self.draft.base_url.clone())
    }

    /// Adds the path of the spec's server to a URL without a path, if the spec has no whole URL, as
    /// the generated client does.
    pub(crate) fn with_base_path(&self, url: String) -> String {
        let path = prumo_spec::openapi::path_of_url(&url).unwrap_or_default();
        match (&self.draft.base_url, &self.draft.base_path) {
            (None, Some(base)) if path.trim_matches('/').is_empty() => {
                format!("{}{base}", url.trim_end_matches('/'))
            }
            _ => url,
        }
    }

    /// Returns the spec's name in the form of a variable's prefix.
    fn stem(&self) -> String {
        let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        self.name.chars().map(letter).collect()
    }
}

impl Chosen<'_> {
    /// Returns whether a call may change something.
    pub(crate) fn is_write(self) -> bool {
        !Method::named(self.row.method).is_some_and(Method::is_safe)
    }
}

/// Lists the names that contain every word of `name`.
fn similar<'k>(name: &str, known: &[&'k str]) -> Vec<&'k str> {
    let words: Vec<&str> = name.split(['_', '-', ' ']).filter(|word| word.len() > 2).collect();
    let holds_all =
        |known: &&&str| !words.is_empty() && words.iter().all(|word| known.contains(word));
    known.iter().filter(holds_all).take(MAX_SHOWN).copied().collect()
}
