//! Turns `cargo metadata` into the packages of the workspace and what each reaches.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde::Deserialize;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

/// One package, ours or somebody's.
#[derive(Deserialize)]
pub(super) struct Package {
    id: String,
    /// As in its manifest.
    pub(super) name: String,
    /// As in its manifest.
    pub(super) version: String,
    /// The minimum Rust version that it states, if it states one.
    pub(super) rust_version: Option<String>,
    /// Registries that it may be published to; empty for none, absent for any.
    publish: Option<Vec<String>>,
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

/// A package with what it depends on, and by which kind.
#[cfg(test)]
pub(super) type MadeUp<'a> = (&'a str, &'a [(&'a str, Option<&'a str>)]);

/// The resolved dependencies of the workspace.
pub(super) struct Graph {
    packages: BTreeMap<String, Package>,
    members: Vec<String>,
    /// Normal and build dependencies: what ends up in, or makes, the crate.
    edges: BTreeMap<String, Vec<String>>,
}

impl Graph {
    /// Asks cargo; nothing is fetched or changed beyond what the lock file says.
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        let output = Command::new("cargo")
            .args(["metadata", "--format-version", "1", "--locked"])
            .current_dir(root)
            .output()
            .context("failed to start `cargo metadata`")?;
        if !output.status.success() {
            bail!("`cargo metadata` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let metadata: Metadata = serde_json::from_slice(&output.stdout)
            .context("failed to read the answer of `cargo metadata`")?;
        Ok(Self::new(metadata))
    }

    /// The graph of a made-up workspace; packages in `outside` are none of its members.
    #[cfg(test)]
    pub(super) fn made_up(packages: &[MadeUp<'_>], outside: &[&str]) -> Self {
        let package = |name: &&str| serde_json::json!({"id": name, "name": name, "version": "1.0.0", "rust_version": null, "publish": null});
        let dependency = |(name, kind): &(&str, Option<&str>)| serde_json::json!({"pkg": name, "dep_kinds": [{"kind": kind}]});
        let ids: Vec<&str> = packages.iter().map(|(name, _)| *name).collect();
        let nodes = packages.iter().map(|(name, dependencies)| {
            let dependencies: Vec<_> = dependencies.iter().map(dependency).collect();
            serde_json::json!({"id": name, "deps": dependencies})
        });
        let metadata = serde_json::json!({
            "packages": ids.iter().map(package).collect::<Vec<_>>(),
            "workspace_members": ids.iter().filter(|id| !outside.contains(id)).collect::<Vec<_>>(),
            "resolve": {"nodes": nodes.collect::<Vec<_>>()},
        });
        Self::new(serde_json::from_value(metadata).expect("metadata"))
    }

    fn new(metadata: Metadata) -> Self {
        let edges = metadata.resolve.nodes.into_iter().map(|node| {
            let is_built_in = |dependency: &Dependency| {
                dependency.dep_kinds.iter().any(|kind| kind.kind.as_deref() != Some("dev"))
            };
            (node.id, node.deps.into_iter().filter(is_built_in).map(|dependency| dependency.pkg).collect())
        });
        Self {
            edges: edges.collect(),
            packages: metadata.packages.into_iter().map(|package| (package.id.clone(), package)).collect(),
            members: metadata.workspace_members,
        }
    }

    /// The workspace's own packages.
    pub(super) fn members(&self) -> impl Iterator<Item = &Package> {
        self.members.iter().filter_map(|id| self.packages.get(id))
    }

    /// Everything that `package` is built from, itself left out.
    pub(super) fn reached_from(&self, package: &Package) -> Vec<&Package> {
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
    /// Whether somebody outside can depend on it by a registry.
    pub(super) fn is_published(&self) -> bool {
        self.publish.as_ref().is_none_or(|registries| !registries.is_empty())
    }
}
