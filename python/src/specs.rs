//! Turns the texts of specs into promises, and keeps them until the process ends.
//!
//! An engine unpickles a promise for every task. Each set of texts is therefore read once, and what
//! was read is never freed.
//!
//! The rules are those of a project's folder of specs: a spec is a file that states its version, its
//! parts are `<name>/<part>.yaml`, its waivers `<name>.waivers.yaml` and `<name>/<part>.waivers.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use prumo_drift::{Contract, Fold, Waivers, read_openapi, spec_name};
use prumo_spec::version::Version;
use prumo_spec::{Document, DocumentError};
use pyo3::prelude::*;

use crate::error::{PrumoError, hinted};

/// The texts of the files of some specs, by path.
pub(crate) type Texts = BTreeMap<String, String>;

/// The end of the name of a file of waivers.
const WAIVERS: &str = ".waivers.yaml";

/// The specs of one promise.
pub(crate) struct Specs {
    pub(crate) specs: &'static [Spec],
    /// A fold of nothing, from which the others are made.
    start: Mutex<Fold<'static>>,
}

/// One spec.
pub(crate) struct Spec {
    pub(crate) document: Document,
    pub(crate) contract: Contract,
    pub(crate) waivers: Option<Waivers>,
    pub(crate) waivers_files: Vec<String>,
}

/// The sets of texts that were read.
static KNOWN: Mutex<Vec<(Arc<Texts>, &'static Specs)>> = Mutex::new(Vec::new());

impl Specs {
    /// Returns the specs of these texts.
    ///
    /// # Errors
    ///
    /// A text is no spec that the judge can use.
    pub(crate) fn of(texts: Texts) -> PyResult<(Arc<Texts>, &'static Self)> {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((texts, specs)) = known.iter().find(|(other, _)| **other == texts) {
            return Ok((Arc::clone(texts), specs));
        }
        let specs: &'static [Spec] = Box::leak(read(&texts)?.into_boxed_slice());
        let contracts: Vec<&'static Contract> = specs.iter().map(|spec| &spec.contract).collect();
        let start = Mutex::new(Fold::new(&contracts));
        let specs: &'static Self = Box::leak(Box::new(Self { specs, start }));
        let texts = Arc::new(texts);
        known.push((Arc::clone(&texts), specs));
        Ok((texts, specs))
    }

    /// Returns a fold of nothing.
    pub(crate) fn fold(&self) -> Fold<'static> {
        self.start.lock().unwrap_or_else(PoisonError::into_inner).another()
    }

    /// Returns the promise of each spec.
    pub(crate) fn contracts(&self) -> Vec<&'static Contract> {
        self.specs.iter().map(|spec| &spec.contract).collect()
    }
}

fn read(texts: &Texts) -> PyResult<Vec<Spec>> {
    let files = texts.iter().filter(|(path, text)| {
        !path.ends_with(WAIVERS)
            && Version::of_text(text).is_some()
            && !is_below_a_spec(texts, path)
    });
    let mut specs: Vec<Spec> =
        files.map(|(path, _)| Spec::read(texts, path)).collect::<PyResult<_>>()?;
    if specs.is_empty() {
        return Err(PrumoError::new_err(
            "there is no spec: no text states `openapi: 3.0.3` or alike",
        ));
    }
    specs.sort_by(|one, other| one.contract.name.cmp(&other.contract.name));
    let mut names = BTreeSet::new();
    match specs.iter().find(|spec| !names.insert(&spec.contract.name)) {
        Some(twin) => {
            let name = &twin.contract.name;
            Err(hinted(&format!("two specs are called `{name}`"), Some("rename one of the files")))
        }
        None => Ok(specs),
    }
}

/// Returns whether a file stands in the folder of another spec's name.
fn is_below_a_spec(texts: &Texts, path: &str) -> bool {
    let folder = path.rsplit_once('/').map(|(folder, _)| folder);
    folder.is_some_and(|folder| texts.keys().any(|other| stem(other) == folder))
}

/// Returns the path of a file without its ending.
fn stem(path: &str) -> &str {
    [".yaml", ".yml", ".json"].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path)
}

impl Spec {
    fn read(texts: &Texts, path: &str) -> PyResult<Self> {
        let is_beside =
            |other: &str| other.rsplit_once('/').is_some_and(|(at, _)| at == stem(path));
        let parts = texts.iter().filter(|(other, _)| is_beside(other) && other.ends_with(".yaml"));
        let (waivers, parts): (Vec<_>, Vec<_>) =
            parts.partition(|(other, _)| other.ends_with(WAIVERS));
        let own = texts.get_key_value(path);
        let document = joined(own.into_iter().chain(parts))?;
        let document = with_files(document, texts, path)?;
        let contract = read_openapi(&document).map_err(|error| hinted(&error, error.hint()))?;
        let contract = Contract { name: spec_name(path), ..contract };

        let beside = texts.get_key_value(&format!("{}{WAIVERS}", stem(path)));
        let waivers: Vec<_> = beside.into_iter().chain(waivers).collect();
        let waivers_files = waivers.iter().map(|(file, _)| (*file).clone()).collect();
        let waivers = match waivers.is_empty() {
            true => None,
            false => Some(read_waivers(joined(waivers)?, &contract)?),
        };
        Ok(Self { document, contract, waivers, waivers_files })
    }
}

/// Reads waivers, each of which must be about a place of the promise.
pub(crate) fn read_waivers(document: Document, promised: &Contract) -> PyResult<Waivers> {
    let waivers = Waivers::parse(&document).map_err(|error| hinted(&error, error.hint()))?;
    match waivers.check_places(promised).first() {
        Some(misplaced) => Err(hinted(misplaced, misplaced.hint())),
        None => Ok(waivers),
    }
}

/// Returns one document of several files.
pub(crate) fn joined<'t>(
    files: impl IntoIterator<Item = (&'t String, &'t String)>,
) -> PyResult<Document> {
    let parts = files.into_iter().map(|(file, text)| Document::parse(file, text));
    let joined: Result<Option<Document>, DocumentError> = Document::of_parts(parts);
    let joined = joined.map_err(|error| hinted(&error, error.hint()))?;
    joined.ok_or_else(|| PrumoError::new_err("no text to read"))
}

/// Adds the files that a document refers to, and those that these refer to.
fn with_files(document: Document, texts: &Texts, path: &str) -> PyResult<Document> {
    let folder = path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    document.with_referenced_files(|key| {
        let file = texts.get_key_value(&format!("{folder}{key}"));
        let read = file.map(|(path, text)| Document::parse(path, text)).transpose();
        read.map_err(|error| hinted(&error, error.hint()))
    })
}
