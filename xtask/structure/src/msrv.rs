//! Decides whether the published crates keep the minimum Rust version that they state.
//!
//! Their own code is held to it by clippy (`incompatible_msrv`); here it is
//! what they depend on. A release of a dependency may raise its own minimum,
//! and the lock file would take it without a word.

use std::path::Path;

use anyhow::{Context, bail};

use super::Verdict;
use super::graph::Graph;

pub(super) fn check(root: &Path) -> anyhow::Result<Verdict> {
    let graph = Graph::read(root)?;
    let mut wrong = Vec::new();
    for package in graph.members().filter(|package| package.is_published()) {
        let stated = package.rust_version.as_deref();
        let stated = stated.with_context(|| format!("`{}` states no `rust-version`", package.name))?;
        for reached in graph.reached_from(package) {
            let needed = reached.rust_version.as_deref().unwrap_or("1.0");
            if version(needed)? > version(stated)? {
                wrong.push(format!(
                    "{} states {stated}, and {} {} needs {needed}",
                    package.name, reached.name, reached.version
                ));
            }
        }
    }
    if !wrong.is_empty() {
        bail!("minimum Rust versions that are not true:\n  {}", wrong.join("\n  "));
    }
    Ok(Verdict::Fits)
}

/// `1.85` and `1.85.0` are one version.
fn version(text: &str) -> anyhow::Result<(u32, u32, u32)> {
    let mut parts = text.split('.').map(str::parse::<u32>);
    let mut next = || parts.next().unwrap_or(Ok(0));
    let read = (|| Ok::<_, std::num::ParseIntError>((next()?, next()?, next()?)))();
    read.with_context(|| format!("`{text}` is no Rust version"))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_compare_as_numbers() {
        let version = |text| version(text).expect("a version");
        assert_eq!(version("1.85"), version("1.85.0"));
        assert!(version("1.100") > version("1.85"));
        assert!(version("1.85.1") > version("1.85"));
    }

    #[test]
    fn what_is_no_version_is_an_error() {
        assert!(version("1.x").is_err());
    }
}
