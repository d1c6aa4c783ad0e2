//! Packs the published crates and compiles each from its package alone.
//!
//! Cargo puts the packed crates into a temporary registry. If it has unpacked or compiled a package of
//! the same name and version before, it does so never again, even if the contents changed. Therefore
//! this check first removes what earlier runs unpacked or compiled of our own packages.

use std::path::{Path, PathBuf};

use anyhow::Context;
use prumo_structure::{Graph, Package};

use super::session::{Session, Verdict};

/// The check's own target folder, relative to the root.
const TARGET: &str = "target/packages";

pub(super) fn check(session: &Session) -> anyhow::Result<Verdict> {
    let root = &session.root;
    let graph = Graph::read(root)?;
    let published: Vec<&Package> = graph.members().filter(|package| package.is_published()).collect();
    remove_compiled(&root.join(TARGET), &published)?;
    let unpacked: Vec<String> =
        published.iter().map(|package| format!("{}-{}", package.name, package.version)).collect();
    remove_unpacked(&cargo_home()?.join("registry").join("src"), &unpacked)?;
    let names: String = published.iter().map(|package| format!(" -p {}", package.name)).collect();
    // Earlier checks fetched all dependencies. Online, packing would ask the registry for each of them
    // again, and a failing registry would fail the check.
    let options = format!("--locked --offline --allow-dirty --quiet --target-dir {TARGET}");
    // The result is never debugged, and debug information takes time.
    session.run_with(&[("CARGO_PROFILE_DEV_DEBUG", "0")], &format!("cargo package {options}{names}"))
}

/// Returns the folder of cargo's downloads, by cargo's own rule.
fn cargo_home() -> anyhow::Result<PathBuf> {
    let stated = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let usual = || std::env::home_dir().map(|home| home.join(".cargo"));
    stated.or_else(usual).context("no home folder is known; set CARGO_HOME")
}

/// Removes cargo's build results of our own packages.
fn remove_compiled(target: &Path, packages: &[&Package]) -> anyhow::Result<()> {
    let fingerprints = target.join("debug").join(".fingerprint");
    if !fingerprints.is_dir() {
        return Ok(());
    }
    for entry in fs_err::read_dir(fingerprints)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // A package's name, a dash and a hash.
        let compiled = name.rsplit_once('-').map_or(name.as_str(), |(package, _)| package);
        if packages.iter().any(|package| package.name == compiled) {
            fs_err::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Removes our own packages from cargo's folder of unpacked sources.
///
/// A registry's folder is named after its host, a dash and a hash. The temporary registry has no host,
/// so the name of its folder starts with the dash.
fn remove_unpacked(sources: &Path, packages: &[String]) -> anyhow::Result<()> {
    if !sources.is_dir() {
        return Ok(());
    }
    for registry in fs_err::read_dir(sources)? {
        let registry = registry?;
        if !registry.file_name().to_string_lossy().starts_with('-') {
            continue;
        }
        for package in packages {
            let unpacked = registry.path().join(package);
            if unpacked.is_dir() {
                fs_err::remove_dir_all(unpacked)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_packages_go_and_downloaded_ones_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = ["-0a/other-1.0.0", "-0a/ours-2.0.0", "index.crates.io-0a/ours-1.0.0"];
        for name in kept.iter().chain(&["-0a/ours-1.0.0", "-0b/ours-1.0.0"]) {
            fs_err::create_dir_all(folder.path().join(name).join("src")).expect("a folder");
        }
        let packages = ["ours-1.0.0".to_owned()];

        remove_unpacked(folder.path(), &packages).expect("removed");

        assert!(kept.iter().all(|name| folder.path().join(name).is_dir()));
        assert!(!folder.path().join("-0a/ours-1.0.0").exists());
        assert!(!folder.path().join("-0b/ours-1.0.0").exists());
        remove_unpacked(&folder.path().join("none"), &packages).expect("nothing to do");
    }
}
