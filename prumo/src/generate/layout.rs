//! Decides where generated crates are and what they depend on, from the project's file.

use std::path::{Component, Path};

use anyhow::Context;
use prumo_codegen::{CrateHome, RuntimeSource};

use crate::project::{Project, Runtime};

/// The settings of a project for `generate`.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The folder of the recordings, with a folder per spec.
    pub(super) fixtures: String,
    /// The folder of the clients' crates.
    pub(super) generated: String,
    /// The folder of a crate with a table of every client; without it, each client has its own tests.
    pub(super) every_client: Option<String>,
    /// The source of the runtime, unless the project is prumo's own workspace.
    runtime: RuntimeSource,
    /// Whether the project's root is prumo's own workspace.
    is_workspace: bool,
}

impl Layout {
    /// Reads the layout of a project.
    ///
    /// # Errors
    ///
    /// The root's `Cargo.toml` can't be read.
    pub(super) fn of(project: &Project) -> anyhow::Result<Self> {
        let shown = |path: &Path| path.to_string_lossy().replace('\\', "/");
        let generated = project.generated().context(super::NO_FOLDER)?;
        Ok(Self {
            fixtures: project.shown(&project.fixtures()),
            generated: shown(generated),
            every_client: project.every_client().map(shown),
            runtime: match project.runtime() {
                Runtime::Version(version) => RuntimeSource::Version(version.clone()),
                Runtime::Path(path) => RuntimeSource::Path(shown(path)),
                Runtime::Git(url) => RuntimeSource::Git(url.clone()),
            },
            is_workspace: is_own_workspace(project.root())?,
        })
    }

    /// Returns the location of a crate in `folder`, which is relative to the root.
    pub(super) fn home(&self, folder: &str) -> CrateHome {
        match &self.runtime {
            _ if self.is_workspace => CrateHome::Workspace(up_from(folder)),
            RuntimeSource::Path(path) if Path::new(path).is_relative() => {
                CrateHome::Alone(RuntimeSource::Path(format!("{}/{path}", up_from(folder))))
            }
            source => CrateHome::Alone(source.clone()),
        }
    }
}

/// Returns the relative path from a folder to the root: `../..` for `generated/alfa`.
pub(super) fn up_from(folder: &str) -> String {
    let named = Path::new(folder).components().filter(|part| matches!(part, Component::Normal(_)));
    vec![".."; named.count()].join("/")
}

/// Returns whether a client can take the versions of its dependencies from the root's manifest.
fn is_own_workspace(root: &Path) -> anyhow::Result<bool> {
    let file = root.join("Cargo.toml");
    if !file.exists() {
        return Ok(false);
    }
    let manifest: toml::Table = fs_err::read_to_string(&file)?.parse().context("`Cargo.toml`")?;
    let dependencies = manifest.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    Ok(dependencies.is_some_and(|dependencies| dependencies.get("prumo-replay").is_some()))
}
