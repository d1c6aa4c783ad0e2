//! Compares rendered crates with `generated/`, and makes the one the other.
//!
//! Invariants:
//!
//! * A plan is made before anything is written, and says all that is written.

use std::path::{Path, PathBuf};

use anyhow::bail;

use prumo_codegen::Client;

/// The whole spec of a crate in one file, for tools that read OpenAPI.
const BUNDLE: &str = "openapi.json";

/// The folder of the stand-in's copies of the bundles, from which its package is complete;
/// it has one of each spec that it stands in for, and a new one begins as an empty file.
const STAND_IN: &str = "standin/specs";

/// What has to change for `generated/` to be fresh.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Files with their new text.
    written: Vec<(PathBuf, String)>,
    /// Files that nothing makes any more.
    removed: Vec<PathBuf>,
    /// Crates that get the part that is by hand.
    started: Vec<String>,
}

impl Plan {
    /// Compares `crates` with what is in `root`; `whole` if they are all there are.
    pub(super) fn new(root: &Path, crates: &[Client], whole: bool) -> anyhow::Result<Self> {
        let mut plan = Self::default();
        for one in crates {
            plan.compare(root, one)?;
        }
        if whole {
            complain_of_orphans(root, crates)?;
        }
        Ok(plan)
    }

    /// Whether nothing has to change.
    pub(super) fn is_fresh(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }

    /// The files that have to change.
    pub(super) fn stale(&self) -> Vec<String> {
        let written = self.written.iter().map(|(path, _)| path);
        let mut stale: Vec<String> = written.chain(&self.removed).map(|path| shown(path)).collect();
        stale.sort();
        stale
    }

    /// Writes and removes, and says what.
    pub(super) fn carry_out(&self, root: &Path) -> anyhow::Result<Vec<String>> {
        let mut said = Vec::new();
        for name in &self.started {
            said.push(format!(
                "Started  generated/{name}: `Cargo.toml` and `README.md` are yours from now on"
            ));
        }
        for (path, text) in &self.written {
            let full = root.join(path);
            if let Some(folder) = full.parent() {
                fs_err::create_dir_all(folder)?;
            }
            fs_err::write(full, text)?;
            said.push(format!("Updated  {}", shown(path)));
        }
        for path in &self.removed {
            fs_err::remove_file(root.join(path))?;
            said.push(format!("Removed  {}", shown(path)));
        }
        Ok(said)
    }

    fn compare(&mut self, root: &Path, one: &Client) -> anyhow::Result<()> {
        let home = Path::new("generated").join(&one.name);
        if !root.join(&home).join("Cargo.toml").exists() {
            self.started.push(one.name.clone());
            for (name, text) in prumo_codegen::starter(&one.name, &one.title) {
                if !root.join(&home).join(name).exists() {
                    self.written.push((home.join(name), text));
                }
            }
        }
        let source = home.join("src");
        let made = one.files.iter().map(|file| (source.join(&file.name), &file.text));
        let copy = Path::new(STAND_IN).join(&one.name).with_extension("json");
        let copies = root.join(&copy).exists().then_some((copy, &one.bundle));
        for (path, text) in made.chain([(home.join(BUNDLE), &one.bundle)]).chain(copies) {
            let full = root.join(&path);
            let is_same = full.exists() && fs_err::read(&full)? == text.as_bytes();
            if !is_same {
                self.written.push((path, text.clone()));
            }
        }
        for path in files_below(&root.join(&source))? {
            let is_made = one.files.iter().any(|file| root.join(&source).join(&file.name) == path);
            if !is_made {
                self.removed.push(path.strip_prefix(root).unwrap_or(&path).to_owned());
            }
        }
        Ok(())
    }
}

/// A crate in `generated/` that no spec makes.
fn complain_of_orphans(root: &Path, crates: &[Client]) -> anyhow::Result<()> {
    let folder = root.join("generated");
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs_err::read_dir(&folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() && !crates.iter().any(|one| one.name == name) {
            bail!(
                "`generated/{name}` has no spec `specs/{name}.yaml`: remove the folder, or bring the spec back"
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
