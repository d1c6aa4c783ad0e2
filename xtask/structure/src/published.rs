//! Decides whether each published crate has what a registry, its hosted docs and its users need, and
//! whether everything that names a version names the same one.
//!
//! Invariants:
//!
//! * It reads manifests as cargo does. That a crate packs and compiles is decided by packing it.

use std::path::Path;

use crate::graph::{Graph, Package};

/// The attribute by which hosted docs show the feature that an item needs.
const SHOWS_FEATURES: &str = "#![cfg_attr(docsrs, feature(doc_cfg))]";

const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// What crates.io takes at most.
const MAX_KEYWORDS: usize = 5;

/// The table of the hosted docs' settings.
const DOCS: [&str; 2] = ["docs", "rs"];

/// Files that name the version of the tool, and the text around it; `_` stands for the version.
const NAMED: [(&str, &str); 2] =
    [("python/Cargo.toml", "\nversion = \"_\"\n"), ("python/pyproject.toml", "\"prumo-cli==_\"")];

/// The settings of the publishing tool, whose tables name crates.
const RELEASES: &str = "release-plz.toml";

/// Lists the breaches in the repository at `root`.
///
/// # Errors
///
/// `cargo metadata` fails, or a file cannot be read.
pub fn check(root: &Path) -> anyhow::Result<Vec<String>> {
    let graph = Graph::read(root)?;
    let mut wrong = Vec::new();
    for package in graph.members().filter(|package| package.is_published()) {
        let name = &package.name;
        wrong.extend(missing(package).into_iter().map(|what| format!("{name} has no {what}")));
        wrong.extend(hidden_features(package)?);
        wrong.extend(other_versions(&graph, package));
    }
    wrong.extend(misnamed(&graph, root)?);
    Ok(wrong)
}

/// Names what the manifest and the folder of a published crate lack.
fn missing(package: &Package) -> Vec<String> {
    let shown = &package.shown;
    let is_said = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    let is_file = |name: &Path| package.folder().join(name).is_file();
    let rows = [
        ("`description`", is_said(&shown.description)),
        ("`license`", is_said(&shown.license)),
        ("`repository`", is_said(&shown.repository)),
        ("`documentation`", is_said(&shown.documentation)),
        ("`readme` that is a file", shown.readme.as_deref().is_some_and(is_file)),
        ("`categories`", !shown.categories.is_empty()),
        ("one to five `keywords`", (1..=MAX_KEYWORDS).contains(&shown.keywords.len())),
        ("`[package.metadata.docs.rs]`", package.metadata(&DOCS).is_some()),
    ];
    let licences = LICENCES.map(|name| (name, is_file(Path::new(name))));
    let lacking = rows.into_iter().chain(licences).filter(|(_, is_there)| !is_there);
    lacking.map(|(what, _)| what.to_owned()).collect()
}

/// Lists what keeps the hosted docs from showing a crate's features.
fn hidden_features(package: &Package) -> anyhow::Result<Vec<String>> {
    let name = &package.name;
    let built = package.metadata(&[DOCS[0], DOCS[1], "features"]);
    let built = built.and_then(|list| list.as_array()).into_iter().flatten();
    let built = built.filter_map(|feature| feature.as_str());
    let mut wrong: Vec<String> = built
        .filter(|feature| !package.features.contains_key(*feature))
        .map(|feature| format!("{name} has no feature `{feature}` for its hosted docs"))
        .collect();
    if package.features.keys().any(|feature| feature != "default") {
        let roots = package.roots().filter(|root| root.ends_with("lib.rs"));
        for root in roots {
            if !fs_err::read_to_string(root)?.contains(SHOWS_FEATURES) {
                wrong.push(format!("{name} has features, and its library no `{SHOWS_FEATURES}`"));
            }
        }
    }
    Ok(wrong)
}

/// Lists the dependencies on crates of this workspace that ask for another version than theirs.
fn other_versions(graph: &Graph, package: &Package) -> Vec<String> {
    let mut wrong = Vec::new();
    for declared in package.dependencies.iter().filter(|declared| !declared.is_for_tests()) {
        let Some(ours) = graph.members().find(|ours| ours.name == declared.name) else {
            continue;
        };
        if declared.req != format!("^{}", ours.version) {
            wrong.push(format!(
                "{} asks for {} {}, which has the version {}",
                package.name, ours.name, declared.req, ours.version
            ));
        }
    }
    wrong
}

/// Lists the files beside the manifests that name another version, or a crate that is not published.
fn misnamed(graph: &Graph, root: &Path) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let is_published =
        |name: &str| graph.members().any(|one| one.name == name && one.is_published());
    let Some(tool) = graph.members().find(|package| package.name == "prumo") else {
        return Ok(vec!["there is no crate `prumo`".to_owned()]);
    };
    for (file, around) in NAMED {
        let expected = around.replace('_', &tool.version);
        if !fs_err::read_to_string(root.join(file))?.contains(&expected) {
            wrong.push(format!("{file} does not have the version {} of prumo", tool.version));
        }
    }
    let settings = fs_err::read_to_string(root.join(RELEASES))?;
    let names =
        settings.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    let strangers = names.filter(|name| !is_published(name));
    wrong
        .extend(strangers.map(|name| format!("{RELEASES} names `{name}`, which is not published")));
    Ok(wrong)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Returns a package with everything, in a folder with every file, after `change`.
    fn package(folder: &Path, change: impl FnOnce(&mut Value)) -> Package {
        for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            fs_err::write(folder.join(file), "x").expect("a file");
        }
        let root = folder.join("lib.rs");
        fs_err::write(&root, SHOWS_FEATURES).expect("a file");
        let mut whole = json!({
            "id": "a", "name": "a", "version": "1.0.0", "manifest_path": folder.join("Cargo.toml"),
            "targets": [{"kind": ["lib"], "src_path": root}], "dependencies": [],
            "description": "d", "license": "MIT", "repository": "r", "documentation": "d",
            "readme": "README.md", "keywords": ["k"], "categories": ["c"],
            "features": {"default": [], "tls": []},
            "metadata": {"docs": {"rs": {"features": ["tls"]}}},
        });
        change(&mut whole);
        serde_json::from_value(whole).expect("a package")
    }

    #[test]
    fn a_published_crate_lacks_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let lacks = |change: fn(&mut Value)| missing(&package(folder.path(), change)).join(", ");
        assert_eq!(lacks(|_| ()), "");
        for field in ["description", "license", "repository", "documentation"] {
            let one = package(folder.path(), |whole| whole[field] = Value::Null);
            assert_eq!(missing(&one), [format!("`{field}`")]);
        }
        assert_eq!(lacks(|whole| whole["readme"] = json!("other.md")), "`readme` that is a file");
        assert_eq!(lacks(|whole| whole["categories"] = json!([])), "`categories`");
        assert_eq!(lacks(|whole| whole["keywords"] = json!([])), "one to five `keywords`");
        let six = lacks(|whole| whole["keywords"] = json!(["a", "b", "c", "d", "e", "f"]));
        assert_eq!(six, "one to five `keywords`");
        let docs = lacks(|whole| whole["metadata"] = Value::Null);
        assert_eq!(docs, "`[package.metadata.docs.rs]`");
    }

    #[test]
    fn hosted_docs_show_features_that_exist() {
        let folder = tempfile::tempdir().expect("a folder");
        let whole = package(folder.path(), |_| ());
        assert_eq!(hidden_features(&whole).expect("sources"), [""; 0]);
        let other = package(folder.path(), |whole| whole["features"] = json!({"default": []}));
        let expected = ["a has no feature `tls` for its hosted docs"];
        assert_eq!(hidden_features(&other).expect("sources"), expected);
        fs_err::write(folder.path().join("lib.rs"), "//! Nothing.").expect("a file");
        let hidden = hidden_features(&whole).expect("sources");
        assert_eq!(hidden.len(), 1, "{hidden:?}");
    }
}
