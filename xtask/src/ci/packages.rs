//! Packs the published crates and checks that each compiles from its package alone.
//!
//! Invariants:
//!
//! * What compiles is what was packed: the packages are unpacked into a workspace of their own, in
//!   which a crate finds the others by their packages, too.
//! * Each crate is checked on its own, so that none lives on a feature that another one turns on.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use prumo_structure::{Graph, Package};

use super::session::{Session, Verdict};

/// Names the folder of the packages, relative to the root.
const PACKAGES: &str = "target/packages";

/// The variables of cargo's profile, with what the workspace's own profile sets.
const PROFILE: [(&str, &str); 2] = [
    ("CARGO_PROFILE_DEV_DEBUG", "line-tables-only"),
    ("CARGO_PROFILE_DEV_BUILD_OVERRIDE_DEBUG", "line-tables-only"),
];

/// Returns the profile of this run as variables, so that dependencies which an earlier check compiled
/// serve a project outside of the workspace, too.
pub(super) fn profile() -> Vec<(&'static str, String)> {
    let of_run = |name| std::env::var(name).ok();
    PROFILE.map(|(name, own)| (name, of_run(name).unwrap_or_else(|| own.to_owned()))).to_vec()
}

pub(super) fn check(session: &Session) -> anyhow::Result<Verdict> {
    let graph = Graph::read(&session.root)?;
    let published: Vec<&Package> =
        graph.members().filter(|package| package.is_published()).collect();
    let names: String = published.iter().map(|package| format!(" -p {}", package.name)).collect();
    // Earlier checks fetched all dependencies. Online, packing would ask the registry for each of
    // them again, and a failing registry would fail the check.
    let options =
        format!("--no-verify --locked --offline --allow-dirty --quiet --target-dir {PACKAGES}");
    session.run(&format!("cargo package {options}{names}"))?;
    unpack(&session.root, &published)?;
    let profile = profile();
    let profile: Vec<_> = profile.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for package in published {
        session.run_with(
            &profile,
            &format!(
                "cargo check --offline --quiet --target-dir target \
                 --manifest-path {PACKAGES}/unpacked/{}/Cargo.toml",
                unpacked(package)
            ),
        )?;
    }
    Ok(Verdict::Fits)
}

/// Unpacks the packages into one workspace, in place of those that an earlier run left there.
fn unpack(root: &Path, published: &[&Package]) -> anyhow::Result<()> {
    let folder = root.join(PACKAGES).join("unpacked");
    if folder.is_dir() {
        fs_err::remove_dir_all(&folder)?;
    }
    fs_err::create_dir_all(&folder)?;
    for package in published {
        let file = root.join(PACKAGES).join("package").join(format!("{}.crate", unpacked(package)));
        // `-m`: every packed file bears one and the same old date, by which cargo would miss a
        // change.
        let status = Command::new("tar").arg("-xzmf").arg(&file).arg("-C").arg(&folder).status();
        let status = status.context("failed to start `tar`, which unpacks the packages")?;
        ensure!(status.success(), "`tar` ended with {status} at {}", file.display());
    }
    fs_err::write(folder.join("Cargo.toml"), workspace(published))?;
    fs_err::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}

/// Writes the manifest of the workspace of unpacked packages.
fn workspace(published: &[&Package]) -> String {
    let patches: String = published
        .iter()
        .map(|package| format!("{} = {{ path = \"{}\" }}\n", package.name, unpacked(package)))
        .collect();
    format!("[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n\n[patch.crates-io]\n{patches}")
}

/// Returns the name of the folder that a package unpacks into.
fn unpacked(package: &Package) -> String {
    format!("{}-{}", package.name, package.version)
}
