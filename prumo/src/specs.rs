//! Turns a folder into specs: the files of each, its parts, its waivers, and the resulting
//! document.
//!
//! Invariants:
//!
//! * All verbs follow one rule: a spec is `<name>.yaml`, `.yml` or `.json` directly in the folder,
//!   its parts are `<name>/<part>.yaml`. A file that states no version and whose name a spec
//!   contains is no spec: references lead to it. The waivers end in `.waivers.yaml`, and the facts of its
//!   vendor's docs are in `<name>.docs.yaml`.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use prumo_drift::Document;
use prumo_spec::version::Version;

use crate::screen;

pub(crate) mod load;

/// The extensions of a spec.
const SPECS: [&str; 3] = ["yaml", "yml", "json"];

/// The end of the name of a file of waivers.
const WAIVERS: &str = ".waivers.yaml";

/// The end of the name of a file with the facts of the docs.
const DOCS: &str = ".docs.yaml";

/// The reason why a file in a folder below the specs is ignored.
const NO_SPEC_BELOW: &str =
    "a spec stands right in the folder of specs, its parts in the folder of its name";

/// The reason why a file among a spec's parts is ignored.
const NO_PART: &str = "a part is called `<part>.yaml`, its waivers `<part>.waivers.yaml`";

/// Lists the specs of a folder, by name, without files of waivers and docs.
///
/// # Errors
///
/// The folder can't be read.
pub fn in_folder(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let files = files_in(folder)?.into_iter().filter(|path| is_spec(path));
    Ok(specs_among(files.map(|path| (path.clone(), text_of(&path))).collect()))
}

/// Returns the specs among the files of a folder, given with their texts: not those that state no
/// version and that a spec names, because it refers to them.
pub(crate) fn specs_among(files: Vec<(PathBuf, String)>) -> Vec<PathBuf> {
    let is_versioned = |text: &str| Version::of_text(text).is_some();
    let specs: Vec<String> =
        files.iter().map(|(_, text)| text).filter(|text| is_versioned(text)).cloned().collect();
    let is_of_its_own =
        |(path, text): &(PathBuf, String)| is_versioned(text) || !is_named_in(path, &specs);
    files.into_iter().filter(is_of_its_own).map(|(path, _)| path).collect()
}

/// Returns whether a text has the name of a file.
fn is_named_in(path: &Path, texts: &[String]) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| texts.iter().any(|text| text.contains(name)))
}

/// Returns the text of a file, which is empty where it can't be read: that is said elsewhere.
fn text_of(path: &PathBuf) -> String {
    if path.is_file() { fs_err::read_to_string(path).unwrap_or_default() } else { String::new() }
}

/// Lists the files of one spec: itself, then its parts by name, if it has any.
///
/// # Errors
///
/// The folder can't be read.
pub fn parts_of(spec: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut parts = vec![spec.to_owned()];
    parts.extend(files_beside(spec)?.into_iter().filter(|path| is_part(path)));
    Ok(parts)
}

/// Lists the files of a spec's waivers: `alfa.waivers.yaml` of `alfa.yaml`, then
/// `alfa/<part>.waivers.yaml` by name; empty if there are none.
///
/// # Errors
///
/// The folder can't be read.
pub fn waivers_of(spec: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let beside = spec.with_extension("").with_extension("waivers.yaml");
    let mut parts: Vec<PathBuf> = beside.exists().then_some(beside).into_iter().collect();
    parts.extend(files_beside(spec)?.into_iter().filter(|path| is_waivers(path)));
    Ok(parts)
}

/// Returns the file with the facts of a vendor's docs: `alfa.docs.yaml` of `alfa.yaml`.
pub(crate) fn docs_of(spec: &Path) -> PathBuf {
    spec.with_extension("").with_extension("docs.yaml")
}

/// Reads files as one document. Their names in it are relative to `base`.
///
/// # Errors
///
/// A file can't be read, is not UTF-8 or not YAML, or repeats a definition of another file.
pub fn document(base: &Path, files: &[PathBuf]) -> anyhow::Result<Document> {
    let part = |file: &PathBuf| -> anyhow::Result<Document> {
        let name = shown(file, base);
        let Ok(text) = String::from_utf8(fs_err::read(file)?) else {
            bail!("`{name}` is not UTF-8; save it as UTF-8");
        };
        Document::parse(&name, &text).map_err(|error| screen::hinted(&error, error.hint()))
    };
    let document = Document::of_parts(files.iter().map(part))?.context("no file to read")?;
    let folder = files.first().and_then(|file| file.parent()).unwrap_or(Path::new(""));
    document.with_referenced_files(|key| {
        let file = folder.join(key);
        file.is_file().then(|| part(&file)).transpose()
    })
}

/// Reads the files of a spec, each with its name relative to `base`.
///
/// # Errors
///
/// A file can't be read.
pub(crate) fn sources(base: &Path, spec: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let read = |file: PathBuf| {
        let name = shown(&file, base);
        let text = fs_err::read_to_string(&file).with_context(|| format!("`{name}`"))?;
        Ok((name, text))
    };
    parts_of(spec)?.into_iter().map(read).collect()
}

/// Lists the entries of the folder with the spec's name; empty if there is no such folder.
fn files_beside(spec: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let folder = spec.with_extension("");
    if folder.is_dir() { files_in(&folder) } else { Ok(Vec::new()) }
}

/// Lists the files that look like specs or waivers but are neither, each with the reason, by name.
///
/// # Errors
///
/// The folder or one below it can't be read.
pub(crate) fn passed_over(folder: &Path) -> anyhow::Result<Vec<(PathBuf, &'static str)>> {
    let mut found = Vec::new();
    for path in files_in(folder)? {
        if path.is_dir() && !is_spec(&path) {
            let is_of_a_spec = SPECS.iter().any(|ending| path.with_extension(ending).is_file());
            let all: Vec<PathBuf> =
                files_in(&path)?.into_iter().filter(|path| looks_like_a_spec(path)).collect();
            let referring: Vec<String> =
                files_in(folder)?.iter().chain(&all).map(text_of).collect();
            let below = all.into_iter().filter(|path| !is_named_in(path, &referring));
            let below = below.filter(|path| !is_of_a_spec || !(is_part(path) || is_waivers(path)));
            found.extend(
                below.map(|path| (path, if is_of_a_spec { NO_PART } else { NO_SPEC_BELOW })),
            );
        } else if looks_like_a_spec(&path) && is_of_waivers(&path) && !is_waivers(&path) {
            found.push((path, "waivers are read from `<name>.waivers.yaml` only"));
        } else if looks_like_a_spec(&path) && is_of_docs(&path) && !is_docs(&path) {
            found.push((path, "the facts of the docs are read from `<name>.docs.yaml` only"));
        } else if looks_like_a_spec(&path)
            && !is_spec(&path)
            && !is_waivers(&path)
            && !is_docs(&path)
        {
            found.push((
                path,
                "the end of a spec's name is `.yaml`, `.yml` or `.json`, in small letters",
            ));
        }
    }
    Ok(found)
}

/// Returns the name of each spec: that of its file, after the names of as many folders as it takes
/// to tell apart files of the same name.
pub(crate) fn names(specs: &[PathBuf]) -> Vec<String> {
    let whole: Vec<String> = specs
        .iter()
        .map(|spec| match spec.parent().map(fs_err::canonicalize) {
            Some(Ok(folder)) => folder.join(spec.file_name().unwrap_or_default()),
            _ => spec.clone(),
        })
        .map(|spec| shown(&spec, Path::new("")))
        .collect();
    let named = |spec: &str, n_folders: usize| {
        let start = spec.rmatch_indices('/').nth(n_folders).map_or(0, |(slash, _)| slash + 1);
        let folders = spec.rfind('/').map_or("", |end| spec.get(start..=end).unwrap_or_default());
        format!("{folders}{}", prumo_drift::spec_name(spec))
    };
    let is_told_apart = |spec: &str, n_folders: usize| {
        let others = whole.iter().filter(|other| *other != spec);
        others.into_iter().all(|other| named(other, n_folders) != named(spec, n_folders))
    };
    let name = |spec: &String| {
        let most = spec.matches('/').count();
        let n_folders = (0..most).find(|n_folders| is_told_apart(spec, *n_folders));
        named(spec, n_folders.unwrap_or(most))
    };
    whole.iter().map(name).collect()
}

fn files_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs_err::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()
        .with_context(|| format!("failed to list `{}`", folder.display()))?;
    files.sort();
    Ok(files)
}

/// Returns whether a file in the folder of specs is one.
pub(crate) fn is_spec(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    SPECS.iter().any(|known| extension == *known) && !is_of_waivers(path) && !is_of_docs(path)
}

/// Returns whether a file is a part. JSON is excluded, because recordings may be in such a folder.
pub(crate) fn is_part(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yaml") && !is_of_waivers(path)
}

fn is_waivers(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(WAIVERS))
}

/// Returns whether the file's name says waivers, with any extension.
fn is_of_waivers(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(".waivers"))
}

/// Returns whether the file's name says docs, with any extension.
fn is_of_docs(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(".docs"))
}

fn is_docs(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(DOCS))
}

fn looks_like_a_spec(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    SPECS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Returns a path as it is shown: relative to `base` if it is inside, with `/`.
pub fn shown(path: &Path, base: &Path) -> String {
    let shown = path.strip_prefix(base).unwrap_or(path);
    shown.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: impl Iterator<Item = PathBuf>, root: &Path) -> Vec<String> {
        paths.map(|path| shown(&path, root)).collect()
    }

    #[test]
    fn specs_of_the_same_name_are_told_apart_by_their_folders() {
        let rows: [(&[&str], &[&str]); 4] = [
            (&["specs/alfa.yaml", "specs/beta.json"], &["alfa", "beta"]),
            (&["x/north/spec.yaml", "x/south/spec.yaml"], &["north/spec", "south/spec"]),
            (&["a/v1/spec.yaml", "b/v1/spec.yaml", "c.yaml"], &["a/v1/spec", "b/v1/spec", "c"]),
            (&["alfa.yaml", "alfa.yaml"], &["alfa", "alfa"]),
        ];
        for (files, expect) in rows {
            let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
            assert_eq!(super::names(&files), expect, "{files:?}");
        }
    }

    #[test]
    fn every_file_of_specs_is_a_spec_or_waivers_or_said_to_be_neither() {
        let root = tempfile::tempdir().unwrap();
        let specs = root.path().join("specs");
        fs_err::create_dir_all(specs.join("sub")).unwrap();
        fs_err::create_dir_all(specs.join("a")).unwrap();
        for name in [
            "README.md",
            "a.yaml",
            "a.waivers.yaml",
            "b.yml",
            "a.docs.yaml",
            "b.waivers.yml",
            "b.docs.yml",
            "c.json",
            "d.YAML",
            "e.Json",
            "sub/f.yaml",
            "sub/notes.txt",
            "a/area.yaml",
            "a/area.waivers.yaml",
            "a/area.waivers.yml",
            "a/recording.json",
        ] {
            fs_err::write(specs.join(name), "").unwrap();
        }
        let found = in_folder(&specs).unwrap();
        assert_eq!(
            names(found.into_iter(), root.path()),
            ["specs/a.yaml", "specs/b.yml", "specs/c.json"]
        );
        let passed = passed_over(&specs).unwrap();
        assert_eq!(
            names(passed.into_iter().map(|(path, _)| path), root.path()),
            [
                "specs/a/area.waivers.yml",
                "specs/a/recording.json",
                "specs/b.docs.yml",
                "specs/b.waivers.yml",
                "specs/d.YAML",
                "specs/e.Json",
                "specs/sub/f.yaml"
            ]
        );
        let alfa = specs.join("a.yaml");
        let parts = parts_of(&alfa).unwrap();
        assert_eq!(names(parts.into_iter(), root.path()), ["specs/a.yaml", "specs/a/area.yaml"]);
        let waivers = waivers_of(&alfa).unwrap();
        assert_eq!(
            names(waivers.into_iter(), root.path()),
            ["specs/a.waivers.yaml", "specs/a/area.waivers.yaml"]
        );
    }
}
