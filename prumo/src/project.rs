//! Turns a folder with a `prumo.toml` into a [`Project`]: its folders, vendors and steps.
//!
//! A project is found upwards from the current folder, or named by `--root` or `--config`. A verb
//! that needs no project uses only `Location::base`, which reads no `prumo.toml`.
//!
//! Invariants:
//!
//! * A path in the file is relative to the project's root.
//! * The folder in which this program was built has no effect.

mod config;
mod key_file;
mod reader;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use prumo_spec::complaint::Complaint;
use prumo_spec::nearest;

use crate::specs::{self, shown};
use config::Config;
pub use config::{BaseUrl, Credentials, LocatedRename, Probe, Step, Vendor};
pub(crate) use key_file::KeyFile;
use prumo_codegen::RenameFault;
pub use prumo_codegen::RuntimeSource;
use reader::{Located, complaint};

/// The file that makes a folder a project.
pub(crate) const FILE: &str = "prumo.toml";

/// The location of the project: options of every verb.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Location {
    /// The project's folder; by default the nearest one with a `prumo.toml`, from here upwards.
    #[arg(long, global = true, value_name = "FOLDER")]
    root: Option<PathBuf>,
    /// The project's file, instead of the `prumo.toml` in its folder.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// A folder with a `prumo.toml`, and the content of the file.
#[derive(Debug)]
pub struct Project {
    root: PathBuf,
    file: PathBuf,
    config: Config,
}

impl Location {
    /// Returns the location that `--root` and `--config` name.
    pub(crate) fn new(root: Option<PathBuf>, config: Option<PathBuf>) -> Self {
        Self { root, config }
    }

    /// Returns the folder that shown paths are relative to: the project's root if there is a
    /// project, otherwise the current folder.
    ///
    /// # Errors
    ///
    /// The current folder no longer exists.
    pub(crate) fn base(&self) -> anyhow::Result<PathBuf> {
        match self.find()? {
            Some((root, _)) => Ok(root),
            None => current_folder(),
        }
    }

    /// Opens the project and checks that its vendors and folders exist.
    ///
    /// # Errors
    ///
    /// There is no project, or its file has an error.
    pub(crate) fn project(&self) -> anyhow::Result<Project> {
        let project = self.unchecked()?;
        project.check()?;
        Ok(project)
    }

    /// Opens the project without checking that its folders and specs exist.
    ///
    /// # Errors
    ///
    /// There is no project, or its file can't be read.
    pub(crate) fn unchecked(&self) -> anyhow::Result<Project> {
        let Some((root, file)) = self.find()? else {
            let start = current_folder()?;
            bail!(
                "no `{FILE}` in `{}` or above it\n  hint: `prumo init` makes a project here, \
                 `--root FOLDER` names one elsewhere",
                start.display()
            );
        };
        Project::read(root, file)
    }

    /// Lists the names of the project's specs; the list is empty if there is no project.
    ///
    /// # Errors
    ///
    /// The project's file has an error, or its folder of specs can't be read.
    pub(crate) fn spec_names(&self) -> anyhow::Result<Vec<String>> {
        if self.find()?.is_none() {
            return Ok(Vec::new());
        }
        let name = |path: PathBuf| Some(path.file_stem()?.to_string_lossy().into_owned());
        Ok(self.project()?.spec_files()?.into_iter().filter_map(name).collect())
    }

    /// Returns the file with the key of the redaction, if there is a project that names one.
    ///
    /// # Errors
    ///
    /// The project's file has an error.
    pub(crate) fn redact_key(&self) -> anyhow::Result<Option<KeyFile>> {
        if self.find()?.is_none() {
            return Ok(None);
        }
        Ok(self.unchecked()?.redact_key())
    }

    /// Returns the files of specs that are given by their files or names; without any, those of the
    /// project.
    ///
    /// # Errors
    ///
    /// There is no such spec, or no project.
    pub(crate) fn specs(&self, wanted: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
        match wanted {
            [] => self.project()?.spec_files(),
            named => named.iter().map(|spec| self.spec(spec)).collect(),
        }
    }

    /// Returns the file of a spec that is given by its file or, in a project, by its name.
    ///
    /// # Errors
    ///
    /// There is no such spec.
    pub(crate) fn spec(&self, wanted: &Path) -> anyhow::Result<PathBuf> {
        if wanted.is_file() {
            return Ok(wanted.to_owned());
        }
        let name = wanted.to_string_lossy();
        if self.find()?.is_none() {
            bail!(
                "no file `{name}`, and no `{FILE}` here or above in whose folder of specs a name is looked for"
            );
        }
        self.project()?.spec_named(&name)
    }

    /// Returns the root and the file of the project, if there is one.
    fn find(&self) -> anyhow::Result<Option<(PathBuf, PathBuf)>> {
        let here = current_folder()?;
        let root = self.root.as_ref().map(|root| here.join(root));
        if let Some(file) = &self.config {
            let file = here.join(file);
            let root = root.or_else(|| file.parent().map(Path::to_owned)).unwrap_or(here);
            return Ok(Some((root, file)));
        }
        if let Some(root) = root {
            let file = root.join(FILE);
            return Ok(Some((root, file)));
        }
        let is_root = |folder: &&Path| folder.join(FILE).is_file();
        Ok(here.ancestors().find(is_root).map(|root| (root.to_owned(), root.join(FILE))))
    }
}

fn current_folder() -> anyhow::Result<PathBuf> {
    std::env::current_dir().context("failed to find the current folder")
}

impl Project {
    /// Opens the project in `root`.
    ///
    /// # Errors
    ///
    /// There is no `prumo.toml`, or the file has an error.
    pub fn open(root: &Path) -> anyhow::Result<Self> {
        let project = Self::read(root.to_owned(), root.join(FILE))?;
        project.check()?;
        Ok(project)
    }

    fn read(root: PathBuf, file: PathBuf) -> anyhow::Result<Self> {
        if !file.is_file() {
            bail!("no file `{}`\n  hint: `prumo init` makes a project", file.display());
        }
        let bytes = fs_err::read(&file)?;
        let Ok(text) = String::from_utf8(bytes) else {
            bail!("`{}` is not UTF-8\n  hint: save it as UTF-8", file.display());
        };
        match Config::read(&shown(&file, &root), &text) {
            Ok(config) => Ok(Self { root, file, config }),
            Err(complaints) => Err(told(&complaints)),
        }
    }

    /// Fails on missing folders and on vendors without a spec.
    fn check(&self) -> anyhow::Result<()> {
        let mut complaints = Vec::new();
        let specs = self.specs();
        if specs.is_dir() {
            complaints.extend(self.vendors_without_a_spec()?);
        } else {
            complaints.push(self.missing_folder(&self.config.specs));
        }
        if let RuntimeSource::Path(path) = &self.config.runtime.value
            && !self.root.join(path).is_dir()
        {
            let message = format!("no folder `{path}`");
            complaints.push(self.complaint(
                &self.config.runtime,
                &message,
                "name the folder of `prumo-runtime`",
            ));
        }
        if complaints.is_empty() { Ok(()) } else { Err(told(&complaints)) }
    }

    fn vendors_without_a_spec(&self) -> anyhow::Result<Vec<Complaint>> {
        let files = self.spec_files()?;
        let names: Vec<&str> = files.iter().filter_map(|file| file.file_stem()?.to_str()).collect();
        let lacking =
            self.config.vendors.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        let complaint = |(name, vendor): (&String, &Located<Vendor>)| {
            let message = format!("no spec `{name}` in `{}/`", shown(&self.specs(), &self.root));
            let hint = match nearest(name, &names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("`prumo new-vendor {name}` makes one; else remove the table"),
            };
            self.complaint(vendor, &message, &hint)
        };
        Ok(lacking.map(complaint).collect())
    }

    fn complaint<T>(&self, at: &Located<T>, message: &str, hint: &str) -> Complaint {
        complaint(&shown(&self.file, &self.root), &at.place, message, hint)
    }

    fn missing_folder(&self, folder: &Located<PathBuf>) -> Complaint {
        let message = format!("no folder `{}`", folder.value.display());
        self.complaint(folder, &message, "make the folder, or name the one that is meant")
    }

    /// Returns the folder of `prumo.toml`, to which its paths are relative.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the project's file.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Returns the folder of the specs.
    pub(crate) fn specs(&self) -> PathBuf {
        self.root.join(&self.config.specs.value)
    }

    /// Returns the folder of the fixtures, which may not exist yet.
    pub(crate) fn fixtures(&self) -> PathBuf {
        self.root.join(&self.config.fixtures.value)
    }

    /// Returns the folder of the fixtures.
    ///
    /// # Errors
    ///
    /// It is missing.
    pub(crate) fn existing_fixtures(&self) -> anyhow::Result<PathBuf> {
        let folder = self.fixtures();
        if folder.is_dir() {
            Ok(folder)
        } else {
            Err(told(&[self.missing_folder(&self.config.fixtures)]))
        }
    }

    /// Returns the folder of the clients relative to the root, or `None` if the project has no
    /// clients.
    pub(crate) fn generated(&self) -> Option<&Path> {
        self.config.generated.as_deref()
    }

    /// Returns the folder of the crate with the table of every client, relative to the root, if
    /// there is one.
    pub fn every_client(&self) -> Option<&Path> {
        self.config.every_client.as_deref()
    }

    /// Returns the folder of reports, relative to the root.
    pub(crate) fn out(&self) -> &Path {
        &self.config.out
    }

    /// Returns the file of all nights, relative to the root.
    pub(crate) fn history(&self) -> PathBuf {
        let named = self.config.history.clone();
        named.unwrap_or_else(|| self.config.out.join("history.sqlite"))
    }

    /// Returns the source of `prumo-runtime` for a generated manifest; a path is relative to the
    /// root.
    pub fn runtime(&self) -> &RuntimeSource {
        &self.config.runtime.value
    }

    /// Returns the settings of a vendor, by the name of its spec.
    pub fn vendor(&self, name: &str) -> Option<&Vendor> {
        self.config.vendors.get(name).map(|vendor| &vendor.value)
    }

    /// Returns the complaint about a name for a part of a client that can't be given.
    pub(crate) fn complaint_of_rename(
        &self,
        name: &LocatedRename,
        fault: &RenameFault,
    ) -> Complaint {
        complaint(&shown(&self.file, &self.root), &name.place, &fault.message, &fault.hint)
    }

    /// Returns the file with the key of the redaction, if the project names one.
    pub(crate) fn redact_key(&self) -> Option<KeyFile> {
        self.config.redact_key.as_deref().map(|file| KeyFile::new(file, &self.root))
    }

    /// Returns the project's own steps of a night.
    pub(crate) fn steps(&self) -> &[Step] {
        &self.config.steps
    }

    /// Returns a path relative to the root, as it is shown.
    pub(crate) fn shown(&self, path: &Path) -> String {
        shown(path, &self.root)
    }

    /// Returns the message that the project has no spec.
    pub(crate) fn without_specs(&self) -> String {
        format!("no spec in `{}/`; `prumo new-vendor NAME` makes one", self.shown(&self.specs()))
    }

    /// Lists the specs by name.
    ///
    /// # Errors
    ///
    /// The folder can't be read.
    pub fn spec_files(&self) -> anyhow::Result<Vec<PathBuf>> {
        specs::in_folder(&self.specs())
    }

    /// Lists the specs, or only those whose name or path is in `only`.
    ///
    /// # Errors
    ///
    /// The folder can't be read, or a wanted spec is not in it.
    pub(crate) fn chosen_specs(&self, only: &[String]) -> anyhow::Result<Vec<PathBuf>> {
        specs::load::chosen(&self.root, &self.specs(), only)
    }

    /// Returns the file of the spec of a name.
    ///
    /// # Errors
    ///
    /// There is no such spec.
    pub(crate) fn spec_named(&self, name: &str) -> anyhow::Result<PathBuf> {
        match &self.chosen_specs(&[name.to_owned()])?[..] {
            [one] => Ok(one.clone()),
            _ => bail!("`{name}` is the name of more than one spec"),
        }
    }

    /// Returns whether the project's file would be valid with `text` in it.
    pub(crate) fn is_valid(&self, text: &str) -> bool {
        Config::read(FILE, text).is_ok()
    }
}

/// Turns complaints into one error, each with a line for the fault and one for its remedy.
fn told(complaints: &[Complaint]) -> anyhow::Error {
    let lines = complaints.iter().map(|one| {
        let key = if one.pointer.is_empty() { String::new() } else { format!("{}: ", one.pointer) };
        let hint = one.hint.as_ref().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default();
        format!("{}:{}:{}: {key}{}{hint}", one.file, one.line, one.column, one.message)
    });
    anyhow::Error::msg(lines.collect::<Vec<_>>().join("\n"))
}
