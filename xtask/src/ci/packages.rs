//! Packs the crates that are published, and compiles each from its package alone.
//!
//! cargo lays the packed crates over the registry in a registry of its own. What
//! it once unpacked from there, or compiled, it takes for the same whenever name
//! and version are the same, even if the package has changed since: so what is
//! left of earlier runs has to go first, or old sources are judged.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::graph::{Graph, Package};
use super::{Verdict, run_command};

/// The check's own target folder, seen from the root.
const TARGET: &str = "target/packages";

pub(super) fn check(root: &Path) -> anyhow::Result<Verdict> {
    let graph = Graph::read(root)?;
    let published: Vec<&Package> = graph.members().filter(|package| package.is_published()).collect();
    let target = root.join(TARGET);
    if target.is_dir() {
        fs_err::remove_dir_all(&target)?;
    }
    remove_unpacked(&cargo_home()?.join("registry").join("src"), &published)?;
    let names: String = published.iter().map(|package| format!(" -p {}", package.name)).collect();
    // Whatever is needed was fetched by the checks before: a registry that stutters in the middle of
    // the work, where packing asks it for every dependency anew, is no fault of a change.
    let options = format!("--locked --offline --allow-dirty --quiet --target-dir {TARGET}");
    run_command(root, &format!("cargo package {options}{names}"), None)
}

/// Where cargo keeps what it fetched, by its own rule.
fn cargo_home() -> anyhow::Result<PathBuf> {
    let stated = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let usual = || std::env::home_dir().map(|home| home.join(".cargo"));
    stated.or_else(usual).context("no home folder is known; set CARGO_HOME")
}

/// Removes from the folder of unpacked sources what was unpacked of our own packages.
///
/// A registry's folder there is called after its host. One on this machine, as packing makes
/// it, has none: the name starts with the dash behind it. What somebody downloaded stays.
fn remove_unpacked(sources: &Path, packages: &[&Package]) -> anyhow::Result<()> {
    if !sources.is_dir() {
        return Ok(());
    }
    for registry in fs_err::read_dir(sources)? {
        let registry = registry?;
        if !registry.file_name().to_string_lossy().starts_with('-') {
            continue;
        }
        for package in packages {
            let unpacked = registry.path().join(format!("{}-{}", package.name, package.version));
            if unpacked.is_dir() {
                fs_err::remove_dir_all(unpacked)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::graph::Graph;
    use super::*;

    #[test]
    fn own_packages_go_and_what_was_downloaded_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = ["-0a/other-1.0.0", "-0a/ours-2.0.0", "index.crates.io-0a/ours-1.0.0"];
        for name in kept.iter().chain(&["-0a/ours-1.0.0", "-0b/ours-1.0.0"]) {
            fs_err::create_dir_all(folder.path().join(name).join("src")).expect("a folder");
        }
        let graph = Graph::made_up(&[("ours".to_owned(), Vec::new())]);
        let packages: Vec<&Package> = graph.members().collect();

        remove_unpacked(folder.path(), &packages).expect("removed");

        assert!(kept.iter().all(|name| folder.path().join(name).is_dir()));
        assert!(!folder.path().join("-0a/ours-1.0.0").exists());
        assert!(!folder.path().join("-0b/ours-1.0.0").exists());
        remove_unpacked(&folder.path().join("none"), &packages).expect("nothing to do");
    }
}
