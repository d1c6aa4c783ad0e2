//! Compares rendered crates with `generated/`, and updates `generated/` to match.
//!
//! Invariants:
//!
//! * A plan is complete before anything is written, and lists every change.

use std::path::{Path, PathBuf};

use anyhow::bail;

use prumo_codegen::Client;

use super::layout::{Layout, up_from};
use crate::project::Project;
use crate::write;

#[cfg(test)]
mod tests;

/// The whole spec of a crate in one file, for tools that read OpenAPI.
const BUNDLE: &str = "openapi.json";

/// The folder of the stand-in's copies of the bundles, which its package needs. It has a file for
/// each spec that the stand-in knows; to add one, create an empty file.
const STAND_IN: &str = "standin/specs";

/// The test of a crate that replays its fixtures.
const CONTRACT_TEST: &str = "tests/contract.rs";

/// The dependency of a manifest whose crate has [`CONTRACT_TEST`].
const REPLAY: &str = "prumo-replay";

/// The files that a new crate copies from the root.
const LICENSES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// The changes that make the generated crates fresh.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Files with their new text.
    written: Vec<(PathBuf, String)>,
    /// Files that no spec produces any more.
    removed: Vec<PathBuf>,
    /// Crates that get their hand-written files.
    started: Vec<PathBuf>,
}

impl Plan {
    /// Compares `crates` with the project's files; `whole` if these are all crates.
    pub(super) fn new(project: &Project, crates: &[Client], whole: bool) -> anyhow::Result<Self> {
        let (root, layout) = (project.root(), Layout::of(project)?);
        let mut plan = Self::default();
        for one in crates {
            plan.compare(root, &layout, one)?;
        }
        if whole {
            complain_of_orphans(root, &layout, crates)?;
            plan.compare_every_client(root, &layout, crates)?;
        }
        Ok(plan)
    }

    /// Returns whether nothing has to change.
    pub(super) fn is_fresh(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }

    /// Lists the files that have to change.
    pub(super) fn stale(&self) -> Vec<String> {
        let written = self.written.iter().map(|(path, _)| path);
        let mut stale: Vec<String> = written.chain(&self.removed).map(|path| shown(path)).collect();
        stale.sort();
        stale
    }

    /// Writes and removes all of it, or nothing, and says what.
    pub(super) fn carry_out(&self, root: &Path) -> anyhow::Result<Vec<String>> {
        let mut said = Vec::new();
        for home in &self.started {
            said.push(format!(
                "Started  {}: `Cargo.toml` and `README.md` are yours from now on",
                shown(home)
            ));
        }
        said.extend(self.written.iter().map(|(path, _)| format!("Updated  {}", shown(path))));
        said.extend(self.removed.iter().map(|path| format!("Removed  {}", shown(path))));
        let written: Vec<(PathBuf, String)> =
            self.written.iter().map(|(path, text)| (root.join(path), text.clone())).collect();
        let removed: Vec<PathBuf> = self.removed.iter().map(|path| root.join(path)).collect();
        write::all(&written, &removed)?;
        Ok(said)
    }

    fn compare(&mut self, root: &Path, layout: &Layout, one: &Client) -> anyhow::Result<()> {
        let home = Path::new(&layout.generated).join(&one.name);
        let manifest = self.started(root, layout, one, &home)?;
        let source = home.join("src");
        for file in &one.files {
            self.write_if_stale(root, source.join(&file.name), &file.text)?;
        }
        self.write_if_stale(root, home.join(BUNDLE), &one.bundle)?;
        let copy = Path::new(STAND_IN).join(&one.name).with_extension("json");
        if root.join(&copy).exists() {
            self.write_if_stale(root, copy, &one.bundle)?;
        }
        if manifest.contains(REPLAY) {
            let fixtures = format!("{}/{}/{}", up_from(&shown(&home)), layout.fixtures, one.name);
            let test = prumo_codegen::contract_test(one, &fixtures);
            self.write_if_stale(root, home.join(CONTRACT_TEST), &test)?;
        }
        for path in files_below(&root.join(&source))? {
            let is_made = one.files.iter().any(|file| root.join(&source).join(&file.name) == path);
            if !is_made {
                self.removed.push(path.strip_prefix(root).unwrap_or(&path).to_owned());
            }
        }
        Ok(())
    }

    /// Starts a crate that has no manifest; returns the crate's manifest in any case.
    fn started(
        &mut self,
        root: &Path,
        layout: &Layout,
        one: &Client,
        home: &Path,
    ) -> anyhow::Result<String> {
        let manifest = root.join(home).join("Cargo.toml");
        if manifest.exists() {
            return Ok(fs_err::read_to_string(manifest)?);
        }
        self.started.push(home.to_owned());
        let mut files =
            prumo_codegen::starter(&one.name, &one.title, &layout.home(root, &shown(home)));
        for name in LICENSES.into_iter().filter(|name| root.join(name).is_file()) {
            files.push((name, fs_err::read_to_string(root.join(name))?));
        }
        let manifest = files[0].1.clone();
        files.retain(|(name, _)| !root.join(home).join(name).exists());
        self.written.extend(files.into_iter().map(|(name, text)| (home.join(name), text)));
        Ok(manifest)
    }

    /// Compares the crate with the table of every client, if the project has one.
    fn compare_every_client(
        &mut self,
        root: &Path,
        layout: &Layout,
        crates: &[Client],
    ) -> anyhow::Result<()> {
        let Some(folder) = &layout.every_client else { return Ok(()) };
        let generated = format!("{}/{}", up_from(folder), layout.generated);
        for (name, text) in
            prumo_codegen::every_client(crates, &generated, &layout.home(root, folder))
        {
            self.write_if_stale(root, Path::new(folder).join(name), &text)?;
        }
        Ok(())
    }

    fn write_if_stale(&mut self, root: &Path, path: PathBuf, text: &str) -> anyhow::Result<()> {
        let full = root.join(&path);
        if !full.exists() || fs_err::read(&full)? != text.as_bytes() {
            self.written.push((path, text.to_owned()));
        }
        Ok(())
    }
}

/// Fails if there is a crate without a spec.
fn complain_of_orphans(root: &Path, layout: &Layout, crates: &[Client]) -> anyhow::Result<()> {
    let generated = &layout.generated;
    let folder = root.join(generated);
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs_err::read_dir(&folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() && !crates.iter().any(|one| one.name == name) {
            bail!(
                "`{generated}/{name}` has no spec `specs/{name}.yaml`: remove the folder, or bring the spec back"
            );
        }
    }
    Ok(())
}

fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        if !folder.exists() {
            continue;
        }
        for entry in fs_err::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                open.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
