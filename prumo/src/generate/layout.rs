//! Decides where generated crates are and what they depend on, from the project's file.

use std::path::{Component, Path};

use anyhow::Context;
use prumo_codegen::{CrateHome, RuntimeSource};
use toml::{Table, Value};

use crate::project::Project;

/// The settings of a project for `generate`.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The folder of the recordings, with a folder per spec.
    pub(super) fixtures: String,
    /// The folder of the clients' crates.
    pub(super) generated: String,
    /// The folder of a crate with a table of every client; without it, each client has its own
    /// tests.
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
            runtime: project.runtime().clone(),
            is_workspace: is_own_workspace(project.root())?,
        })
    }

    /// Returns the location of a crate in `folder`, which is relative to the root.
    pub(super) fn home(&self, root: &Path, folder: &str) -> CrateHome {
        if self.is_workspace {
            return CrateHome::Workspace(up_from(folder));
        }
        let source = match &self.runtime {
            RuntimeSource::Path(path) if Path::new(path).is_relative() => {
                RuntimeSource::Path(format!("{}/{}", up_from(folder), path.replace('\\', "/")))
            }
            source => source.clone(),
        };
        CrateHome::Alone { source, outer: foreign_workspace(&root.join(folder)) }
    }

    /// Returns the command for the headers of generated files: `cargo xtask generate` within prumo's
    /// own workspace, `prumo generate` elsewhere.
    pub(super) fn command(project: &Project) -> &'static str {
        let is_own = |folder: &Path| is_own_workspace(folder).unwrap_or_default();
        if project.root().ancestors().any(is_own) {
            "cargo xtask generate"
        } else {
            "prumo generate"
        }
    }
}

/// Returns the manifest of the nearest workspace around `home`, relative to it, or `None` if that
/// workspace names the crate.
fn foreign_workspace(home: &Path) -> Option<String> {
    let home = std::path::absolute(home).ok()?;
    for (n_up, folder) in home.ancestors().enumerate().skip(1) {
        // Cargo complains about an invalid manifest.
        let text = fs_err::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        let manifest: Table = text.parse().unwrap_or_default();
        let Some(workspace) = manifest.get("workspace") else { continue };
        let inner = home.strip_prefix(folder).ok()?;
        let is_known = is_member(workspace, inner) || is_excluded(workspace, inner);
        return (!is_known).then(|| format!("{}Cargo.toml", "../".repeat(n_up)));
    }
    None
}

fn is_member(workspace: &Value, inner: &Path) -> bool {
    let matches = |member: &str| {
        let member = member.trim_start_matches("./").trim_end_matches('/');
        glob::Pattern::new(member).is_ok_and(|pattern| {
            let options =
                glob::MatchOptions { require_literal_separator: true, ..Default::default() };
            pattern.matches_path_with(inner, options)
        })
    };
    texts(workspace, "members").any(matches)
}

/// Returns whether the crate is in an excluded folder. Unlike for members, cargo takes no patterns.
fn is_excluded(workspace: &Value, inner: &Path) -> bool {
    texts(workspace, "exclude").any(|excluded| inner.starts_with(excluded.trim_start_matches("./")))
}

fn texts<'v>(workspace: &'v Value, key: &str) -> impl Iterator<Item = &'v str> {
    let list = workspace.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str)
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
    let dependencies =
        manifest.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    Ok(dependencies.is_some_and(|dependencies| dependencies.get("prumo-replay").is_some()))
}
