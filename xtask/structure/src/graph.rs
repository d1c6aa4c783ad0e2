//! Turns the output of `cargo metadata` into the workspace's packages and their dependencies.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use serde::Deserialize;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

/// A member of the workspace, or a foreign package.
#[derive(Deserialize)]
pub struct Package {
    id: String,
    /// The name in its manifest.
    pub name: String,
    /// The version in its manifest.
    pub version: String,
    /// The minimum Rust version in its manifest, if any.
    pub rust_version: Option<String>,
    /// Registries that it may be published to; an empty list forbids all, `None` allows all.
    publish: Option<Vec<String>>,
    pub(crate) manifest_path: PathBuf,
    /// What a registry shows of it.
    #[serde(flatten)]
    pub(crate) shown: Shown,
    /// The names of its features.
    #[serde(default)]
    pub(crate) features: BTreeMap<String, Vec<String>>,
    /// The declared dependencies; an optional one counts even if its feature is off.
    pub(crate) dependencies: Vec<Declared>,
    targets: Vec<Target>,
}

/// The part of a manifest that a registry shows, or that tools beside cargo read.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Shown {
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) repository: Option<String>,
    pub(crate) documentation: Option<String>,
    /// A file, relative to the manifest.
    pub(crate) readme: Option<PathBuf>,
    pub(crate) keywords: Vec<String>,
    pub(crate) categories: Vec<String>,
    /// The table `package.metadata`.
    pub(crate) metadata: serde_json::Value,
}

/// One dependency as a manifest declares it.
#[derive(Deserialize)]
pub(crate) struct Declared {
    /// The package's own name, even if the manifest renames it.
    pub(crate) name: String,
    /// The versions that it may have, such as `^0.1.0`.
    #[serde(default)]
    pub(crate) req: String,
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    src_path: PathBuf,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    /// Absent for a normal dependency.
    kind: Option<String>,
}

/// The resolved dependencies of the workspace.
pub struct Graph {
    packages: BTreeMap<String, Package>,
    members: Vec<String>,
    /// Normal and build dependencies.
    edges: BTreeMap<String, Vec<String>>,
}

impl Graph {
    /// Runs `cargo metadata`, without changing the lock file.
    ///
    /// # Errors
    ///
    /// `cargo metadata` fails.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        let output = Command::new("cargo")
            .args(["metadata", "--format-version", "1", "--locked"])
            .current_dir(root)
            .output()
            .context("failed to start `cargo metadata`")?;
        if !output.status.success() {
            bail!("`cargo metadata` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let metadata: Metadata = serde_json::from_slice(&output.stdout)
            .context("failed to read the output of `cargo metadata`")?;
        Ok(Self::new(metadata))
    }

    fn new(metadata: Metadata) -> Self {
        let is_built_in = |dependency: &Dependency| {
            dependency.dep_kinds.iter().any(|kind| kind.kind.as_deref() != Some("dev"))
        };
        let edges = metadata.resolve.nodes.into_iter().map(|node| {
            let built_in = node.deps.into_iter().filter(is_built_in);
            (node.id, built_in.map(|dependency| dependency.pkg).collect())
        });
        let by_id = |package: Package| (package.id.clone(), package);
        Self {
            edges: edges.collect(),
            packages: metadata.packages.into_iter().map(by_id).collect(),
            members: metadata.workspace_members,
        }
    }

    /// Lists the workspace's own packages.
    pub fn members(&self) -> impl Iterator<Item = &Package> {
        self.members.iter().filter_map(|id| self.packages.get(id))
    }

    /// Returns whether any package of the graph has this name.
    pub fn has(&self, name: &str) -> bool {
        self.packages.values().any(|package| package.name == name)
    }

    /// Lists the direct and indirect dependencies of `package`, without the package itself.
    pub fn reached_from(&self, package: &Package) -> Vec<&Package> {
        let mut seen = BTreeSet::new();
        let mut open = vec![package.id.as_str()];
        while let Some(id) = open.pop() {
            for next in self.edges.get(id).into_iter().flatten() {
                if seen.insert(next.as_str()) {
                    open.push(next);
                }
            }
        }
        seen.into_iter().filter_map(|id| self.packages.get(id)).collect()
    }
}

impl Package {
    /// Returns whether the package may be published to a registry.
    pub fn is_published(&self) -> bool {
        self.publish.as_ref().is_none_or(|registries| !registries.is_empty())
    }

    /// Returns whether the package is a client, whose folder is in `generated/`.
    pub fn is_client(&self) -> bool {
        let rooms = self.folder().parent();
        rooms.and_then(Path::file_name).is_some_and(|name| name == "generated")
    }

    /// Returns a value of the table `package.metadata`, such as `docs.rs` / `features`.
    #[must_use]
    pub fn metadata(&self, path: &[&str]) -> Option<&serde_json::Value> {
        path.iter().try_fold(&self.shown.metadata, |table, key| table.get(key))
    }

    /// Returns the folder of its manifest.
    pub(crate) fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }

    /// Lists the root files of its library and its programs.
    pub fn roots(&self) -> impl Iterator<Item = &Path> {
        let is_own =
            |target: &&Target| target.kind.iter().any(|kind| kind == "lib" || kind == "bin");
        self.targets.iter().filter(is_own).map(|target| target.src_path.as_path())
    }
}

impl Declared {
    /// Returns whether only the package's tests, examples and benches use it.
    pub(crate) fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

/// A package for a test: its folder, then its dependencies, each with its kind.
///
/// Its name is the last part of the folder; a package in `registry/` is not a member.
#[cfg(test)]
pub(crate) type MadeUp = (String, Vec<(&'static str, Option<&'static str>)>);

/// Returns the root of this repository.
#[cfg(test)]
pub(crate) fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root.pop();
    root
}

#[cfg(test)]
impl Graph {
    /// Makes the graph of a made-up workspace.
    pub(crate) fn made_up(packages: &[MadeUp]) -> Self {
        use serde_json::{Value, json};

        let name = |folder: &str| folder.rsplit('/').next().unwrap_or_default().to_owned();
        let package = |(folder, dependencies): &MadeUp| {
            let declared =
                dependencies.iter().map(|(name, kind)| json!({"name": name, "kind": kind}));
            json!({
                "id": name(folder), "name": name(folder), "version": "1.0.0",
                "manifest_path": format!("/{folder}/Cargo.toml"), "targets": [],
                "dependencies": declared.collect::<Vec<_>>(),
            })
        };
        let node = |(folder, dependencies): &MadeUp| {
            let deps = dependencies
                .iter()
                .map(|(name, kind)| json!({"pkg": name, "dep_kinds": [{"kind": kind}]}));
            json!({"id": name(folder), "deps": deps.collect::<Vec<_>>()})
        };
        let members = packages.iter().filter(|(folder, _)| !folder.starts_with("registry/"));
        let metadata = json!({
            "packages": packages.iter().map(package).collect::<Vec<Value>>(),
            "workspace_members": members.map(|(folder, _)| name(folder)).collect::<Vec<_>>(),
            "resolve": {"nodes": packages.iter().map(node).collect::<Vec<Value>>()},
        });
        Self::new(serde_json::from_value(metadata).expect("metadata"))
    }
}
