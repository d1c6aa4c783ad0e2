//! Turns a project, or the paths of a command line, into the files to judge.
//!
//! Invariants:
//!
//! * The traffic that a project names for a vendor is judged only against that vendor's spec.
//! * A project without specs or recordings gives a reason instead of an empty list, because judging
//!   nothing must not read as *fits*.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::input::has_sources;
use crate::project::Project;

/// The files and folders that one run judges.
#[derive(Default)]
pub(crate) struct Recorded {
    /// Files that are judged against every spec.
    pub(crate) paths: Vec<PathBuf>,
    /// Files that are judged against one spec, by the spec's name.
    traffic: BTreeMap<String, Vec<PathBuf>>,
    /// Patterns of traffic that match no file, as the project writes them.
    pub(crate) unmatched: Vec<String>,
}

impl Recorded {
    /// Returns the files that the command line names.
    pub(super) fn of_paths(paths: &[PathBuf]) -> Self {
        Self { paths: paths.to_owned(), ..Self::default() }
    }

    /// Returns the fixtures and traffic of some specs of a project, or the reason why there is
    /// nothing to judge.
    ///
    /// # Errors
    ///
    /// The folder of fixtures is missing, or a folder of traffic can't be read.
    pub(crate) fn of_project(
        project: &Project,
        specs: &[PathBuf],
    ) -> anyhow::Result<Result<Self, String>> {
        if specs.is_empty() {
            return Ok(Err(project.without_specs()));
        }
        let fixtures = project.existing_fixtures()?;
        let mut recorded = Self::default();
        for name in specs.iter().map(|spec| name(spec)) {
            recorded.add_traffic(project, &name)?;
        }
        let folders = match specs.len() == project.spec_files()?.len() {
            true => vec![fixtures],
            false => specs.iter().map(|spec| fixtures.join(name(spec))).collect(),
        };
        let is_filled = |folder: &&PathBuf| folder.is_dir() && has_sources(folder);
        recorded.paths.extend(folders.iter().filter(is_filled).cloned());
        if recorded.paths.is_empty() && recorded.traffic.is_empty() {
            let names: Vec<String> =
                folders.iter().map(|one| format!("`{}/`", project.shown(one))).collect();
            return Ok(Err(format!("no recorded exchange in {}", names.join(", "))));
        }
        Ok(Ok(recorded))
    }

    /// Returns the traffic of each spec that has some, by the position of the spec.
    pub(crate) fn traffic_of<'r>(
        &'r self,
        specs: &'r [PathBuf],
    ) -> impl Iterator<Item = (usize, &'r [PathBuf])> {
        let paths = |spec: &PathBuf| self.traffic.get(&name(spec)).map(Vec::as_slice);
        specs.iter().enumerate().filter_map(move |(position, spec)| Some((position, paths(spec)?)))
    }

    fn add_traffic(&mut self, project: &Project, vendor: &str) -> anyhow::Result<()> {
        let patterns =
            project.vendor(vendor).map(|vendor| vendor.traffic.as_slice()).unwrap_or_default();
        for pattern in patterns {
            let files = matched(project, pattern)?;
            if files.is_empty() {
                self.unmatched.push(pattern.clone());
            } else {
                self.traffic.entry(vendor.to_owned()).or_default().extend(files);
            }
        }
        Ok(())
    }
}

/// Lists the files that a pattern matches, by name, without folders.
fn matched(project: &Project, pattern: &str) -> anyhow::Result<Vec<PathBuf>> {
    let root = glob::Pattern::escape(&project.root().to_string_lossy());
    let whole = Path::new(&root).join(pattern);
    let found = glob::glob(&whole.to_string_lossy())
        .with_context(|| format!("failed to read `{pattern}`"))?;
    let mut files = Vec::new();
    for path in found {
        let path = path.with_context(|| format!("failed to list `{pattern}`"))?;
        if path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}

fn name(spec: &Path) -> String {
    spec.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
