//! Turns a spec into what calls are made of: rows for the runtime, and types for what is typed in.

use std::path::{Path, PathBuf};

use anyhow::bail;
use prumo_runtime::{EnvCredentials, Operation, Scheme};
use serde_json::Value;

use super::kind::Kind;
use crate::project::{BaseUrl, Credentials, Location, Vendor};
use crate::specs;
use prumo_codegen::prepare::{self, Draft, schema};
use prumo_codegen::rows;
use prumo_spec::{Method, nearest};

/// How many near or similar names an error shows.
const MAX_SHOWN: usize = 8;

/// The operations of one spec.
pub(crate) struct Catalogue {
    /// The spec's first file.
    pub(crate) path: PathBuf,
    /// The folder that files are named relative to.
    pub(crate) base: PathBuf,
    /// What the spec is called.
    pub(crate) name: String,
    pub(crate) draft: Draft,
    pub(crate) rows: &'static [Operation],
    pub(crate) schemes: &'static [Scheme],
    /// What the project says of the vendor, if the spec is one of a project.
    vendor: Vendor,
}

/// One operation: as the runtime knows it, and as the spec does.
#[derive(Clone, Copy)]
pub(crate) struct Chosen<'c> {
    pub(crate) row: &'static Operation,
    pub(crate) drafted: &'c prepare::Operation,
}

/// A field of a request body that can be given by its name.
pub(crate) struct Field<'c> {
    pub(crate) name: &'c str,
    pub(crate) kind: Kind<'c>,
    pub(crate) is_required: bool,
    pub(crate) description: &'c str,
}

impl Catalogue {
    /// Reads a spec that is given by its file or by its name in the project.
    ///
    /// # Errors
    ///
    /// There is no such spec, or it has a complaint that stops a client.
    pub(crate) fn read(location: &Location, spec: &Path) -> anyhow::Result<Self> {
        let (path, base) = (location.spec(spec)?, location.base()?);
        // A file stands for itself, whatever the project around it says.
        let vendor = match spec.is_file() {
            true => None,
            false => location.project()?.vendor(&spec.to_string_lossy()).cloned(),
        };
        let spec = specs::load::load(&base, &path).map_err(|complaint| anyhow::anyhow!("{complaint}"))?;
        let (complaints, draft) = prumo_codegen::draft(&spec);
        let Some(draft) = draft else {
            let told: Vec<String> = complaints.iter().map(ToString::to_string).collect();
            bail!("the spec has complaints:\n{}", told.join("\n"));
        };
        let (rows, schemes) = (rows::operations(&draft), rows::schemes(&draft));
        let vendor = vendor.unwrap_or_default();
        Ok(Self { path, base, name: spec.name, draft, rows, schemes, vendor })
    }

    /// Every operation, in the order of the spec.
    pub(crate) fn all(&self) -> impl Iterator<Item = Chosen<'_>> {
        self.rows.iter().zip(&self.draft.operations).map(|(row, drafted)| Chosen { row, drafted })
    }

    /// The operation of this name.
    ///
    /// # Errors
    ///
    /// There is none; the error shows those that may be meant.
    pub(crate) fn find(&self, name: &str) -> anyhow::Result<Chosen<'_>> {
        if let Some(found) = self.all().find(|one| one.row.id == name || one.row.rust_name == name) {
            return Ok(found);
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

    /// The fields of a body that is an object; none if it is something else.
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

    /// The environment's credentials for this spec.
    pub(crate) fn credentials(&self) -> EnvCredentials {
        EnvCredentials::new(self.prefix())
    }

    /// What the names of this spec's variables start with: `TOMTICKET_V1`, or what `prumo.toml` says.
    pub(crate) fn prefix(&self) -> String {
        match &self.vendor.credentials {
            Some(Credentials::Env(prefix)) => prefix.clone(),
            _ => self.stem(),
        }
    }

    /// The variable that says where the API is.
    pub(crate) fn base_url_variable(&self) -> String {
        match &self.vendor.base_url {
            Some(BaseUrl::Env(variable)) => variable.clone(),
            _ => format!("{}_BASE_URL", self.stem()),
        }
    }

    /// Where the API is: by the environment, else by `prumo.toml`, else by the spec.
    pub(crate) fn base_url(&self) -> Option<String> {
        let set = std::env::var(self.base_url_variable()).ok().filter(|url| !url.is_empty());
        let said = || match &self.vendor.base_url {
            Some(BaseUrl::Url(url)) => Some(url.clone()),
            _ => None,
        };
        set.or_else(said).or_else(|| self.draft.base_url.clone())
    }

    /// The spec's name as a variable's name starts with it.
    fn stem(&self) -> String {
        let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        self.name.chars().map(letter).collect()
    }
}

impl Chosen<'_> {
    /// Whether sending it may change something.
    pub(crate) fn is_write(self) -> bool {
        !Method::named(self.row.method).is_some_and(Method::is_safe)
    }
}

/// Names that hold every word of `name`.
fn similar<'k>(name: &str, known: &[&'k str]) -> Vec<&'k str> {
    let words: Vec<&str> = name.split(['_', '-', ' ']).filter(|word| word.len() > 2).collect();
    let holds_all = |known: &&&str| !words.is_empty() && words.iter().all(|word| known.contains(word));
    known.iter().filter(holds_all).take(MAX_SHOWN).copied().collect()
}
