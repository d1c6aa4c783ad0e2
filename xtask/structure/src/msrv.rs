//! Decides whether the published crates keep the minimum Rust version in their manifests.
//!
//! Clippy checks their own code (`incompatible_msrv`). This check covers their dependencies: a new
//! release may need a newer Rust, and `cargo update` would take it silently.

use std::path::Path;

use anyhow::Context;

use crate::graph::Graph;

/// Lists the breaches in the repository at `root`.
///
/// # Errors
///
/// `cargo metadata` fails, or a version cannot be read.
pub fn check(root: &Path) -> anyhow::Result<Vec<String>> {
    let graph = Graph::read(root)?;
    let mut wrong = Vec::new();
    for package in graph.members().filter(|package| package.is_published()) {
        let stated = package.rust_version.as_deref();
        let stated =
            stated.with_context(|| format!("`{}` states no `rust-version`", package.name))?;
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
    Ok(wrong)
}

/// Parses a version; `1.85` equals `1.85.0`.
fn version(text: &str) -> anyhow::Result<(u32, u32, u32)> {
    let mut parts = text.split('.').map(str::parse::<u32>);
    let mut next = || parts.next().unwrap_or(Ok(0));
    let read = (|| Ok::<_, std::num::ParseIntError>((next()?, next()?, next()?)))();
    read.with_context(|| format!("`{text}` is not a Rust version"))
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
    fn a_text_that_is_not_a_version_is_an_error() {
        assert!(version("1.x").is_err());
    }
}
