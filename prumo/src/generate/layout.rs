//! Reads from `prumo.toml` where generated crates stand and what they depend on.

use std::path::{Component, Path};

use anyhow::Context;
use prumo_codegen::{Home, RuntimeSource};

use crate::workspace;

/// The keys of `prumo.toml` that `generate` needs.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(default)]
pub(super) struct Layout {
    /// The folder of the recordings, which has a folder a spec.
    pub(super) fixtures: String,
    /// The folder of the clients' crates.
    pub(super) generated: String,
    /// The folder of a crate with every client in one table; without it each client has its own tests.
    pub(super) every_client: Option<String>,
    /// Where a client takes the runtime from, unless the project is prumo's own workspace.
    runtime: RuntimeSource,
    /// Whether the project's root is prumo's own workspace.
    #[serde(skip)]
    is_workspace: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            fixtures: "fixtures".to_owned(),
            generated: "generated".to_owned(),
            every_client: None,
            runtime: RuntimeSource::default(),
            is_workspace: false,
        }
    }
}

impl Layout {
    /// Reads the project in `root`; what its file leaves out has a default.
    ///
    /// # Errors
    ///
    /// A file can't be read, or is not TOML.
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        let file = root.join(workspace::PROJECT);
        let text = if file.exists() { fs_err::read_to_string(&file)? } else { String::new() };
        let mut layout: Self = toml::from_str(&text).with_context(|| format!("`{}`", workspace::PROJECT))?;
        layout.is_workspace = is_own_workspace(root)?;
        Ok(layout)
    }

    /// Returns the home of a crate in `folder`, which is relative to the root.
    pub(super) fn home(&self, folder: &str) -> Home {
        match &self.runtime {
            _ if self.is_workspace => Home::Workspace(up_from(folder)),
            RuntimeSource::Path(path) if Path::new(path).is_relative() => {
                Home::Alone(RuntimeSource::Path(format!("{}/{path}", up_from(folder))))
            }
            source => Home::Alone(source.clone()),
        }
    }
}

/// Returns the way from a folder below the root to the root: `../..` for `generated/alfa`.
pub(super) fn up_from(folder: &str) -> String {
    let named = Path::new(folder).components().filter(|part| matches!(part, Component::Normal(_)));
    vec![".."; named.count()].join("/")
}

/// Returns whether the versions of a client's dependencies can be taken from the root's manifest.
fn is_own_workspace(root: &Path) -> anyhow::Result<bool> {
    let file = root.join("Cargo.toml");
    if !file.exists() {
        return Ok(false);
    }
    let manifest: toml::Table = fs_err::read_to_string(&file)?.parse().context("`Cargo.toml`")?;
    let dependencies = manifest.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    Ok(dependencies.is_some_and(|dependencies| dependencies.get("prumo-replay").is_some()))
}
