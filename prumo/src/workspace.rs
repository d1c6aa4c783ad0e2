//! Knows where things stand in the repository, and what the exit codes are.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use prumo_drift::Document;

/// The file that makes a folder a project.
pub(crate) const PROJECT: &str = "prumo.toml";

/// Exit code of a verb that could not do its work.
pub const COULD_NOT_JUDGE: u8 = 1;

/// Exit code of a verb that found something stale or drifting.
pub const DRIFTING: u8 = 4;

/// What a spec's name may end with, behind the dot.
const SPECS: [&str; 3] = ["yaml", "yml", "json"];

/// How the name of a file of waivers ends.
const WAIVERS: &str = ".waivers.yaml";

/// Why a file in a folder of `specs/` is passed over.
const NO_SPEC_BELOW: &str = "a spec stands right in `specs/`, its parts in the folder of its name";

/// Why a file among a spec's parts is passed over.
const NO_PART: &str = "a part is called `<part>.yaml`, its waivers `<part>.waivers.yaml`";

/// The root of the project: the nearest folder with a `prumo.toml`, from the current one upwards.
///
/// # Errors
///
/// There is none.
pub fn root() -> anyhow::Result<PathBuf> {
    let start = std::env::current_dir().context("failed to find the current folder")?;
    let is_root = |folder: &&Path| folder.join(PROJECT).is_file();
    let Some(root) = start.ancestors().find(is_root) else {
        bail!("no `{PROJECT}` in `{}` or above it", start.display());
    };
    Ok(root.to_owned())
}

/// The specs in `root/specs`, by name; files of waivers are none.
///
/// The one rule for all verbs: `<name>.yaml`, `.yml` or `.json`, right in the folder, and
/// `<name>` does not end with `.waivers`.
///
/// # Errors
///
/// The folder can't be read.
pub fn spec_files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = files_in(&root.join("specs"))?;
    files.retain(|path| is_spec(path));
    Ok(files)
}

/// The files that one spec is written in: itself, and the parts in the folder of its name beside it.
///
/// The parts come by name. There need not be any.
///
/// # Errors
///
/// The folder can't be read.
pub fn parts_of(spec: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut parts = vec![spec.to_owned()];
    parts.extend(files_beside(spec)?.into_iter().filter(|path| is_part(path)));
    Ok(parts)
}

/// The files that a spec's waivers are written in, which is none if nothing is waived.
///
/// `specs/alfa.waivers.yaml` of `specs/alfa.yaml`, then `specs/alfa/<part>.waivers.yaml` by name.
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

/// The files as one document, with the names that are shown for them.
///
/// # Errors
///
/// A file can't be read, is no UTF-8 or no YAML, or says what another says already.
pub fn document(root: &Path, files: &[PathBuf]) -> anyhow::Result<Document> {
    let part = |file: &PathBuf| -> anyhow::Result<Document> {
        let name = shown(file, root);
        let Ok(text) = String::from_utf8(fs_err::read(file)?) else {
            bail!("`{name}` is not UTF-8; save it as UTF-8");
        };
        Ok(Document::parse(&name, &text)?)
    };
    Document::of_parts(files.iter().map(part))?.context("no file to read")
}

/// What the folder of a spec's name holds, by name; nothing if there is none.
fn files_beside(spec: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let folder = spec.with_extension("");
    if folder.is_dir() { files_in(&folder) } else { Ok(Vec::new()) }
}

/// What looks like a spec or its waivers and is neither, each with the reason, by name.
///
/// # Errors
///
/// The folder or one below it can't be read.
pub fn passed_over(root: &Path) -> anyhow::Result<Vec<(PathBuf, &'static str)>> {
    let mut found = Vec::new();
    for path in files_in(&root.join("specs"))? {
        if path.is_dir() && !is_spec(&path) {
            let is_of_a_spec = SPECS.iter().any(|ending| path.with_extension(ending).is_file());
            let below = files_in(&path)?.into_iter().filter(|path| looks_like_a_spec(path));
            let below = below.filter(|path| !is_of_a_spec || !(is_part(path) || is_waivers(path)));
            found.extend(below.map(|path| (path, if is_of_a_spec { NO_PART } else { NO_SPEC_BELOW })));
        } else if looks_like_a_spec(&path) && is_of_waivers(&path) && !is_waivers(&path) {
            found.push((path, "waivers are read from `<name>.waivers.yaml` only"));
        } else if looks_like_a_spec(&path) && !is_spec(&path) && !is_waivers(&path) {
            found.push((path, "the end of a spec's name is `.yaml`, `.yml` or `.json`, in small letters"));
        }
    }
    Ok(found)
}

fn files_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs_err::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()
        .with_context(|| format!("failed to list `{}`", folder.display()))?;
    files.sort();
    Ok(files)
}

fn is_spec(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    SPECS.iter().any(|known| extension == *known) && !is_of_waivers(path)
}

/// A part is YAML only: recordings, which are JSON, may well stand in a folder of the spec's name.
fn is_part(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yaml") && !is_of_waivers(path)
}

fn is_waivers(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(WAIVERS))
}

/// Whether the name says waivers, whatever it ends with.
fn is_of_waivers(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(".waivers"))
}

fn looks_like_a_spec(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    SPECS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// A path as it is shown: relative to where the command runs, or to the root, if it is below.
pub fn shown(path: &Path, root: &Path) -> String {
    let shown = path.strip_prefix(root).unwrap_or(path);
    shown.to_string_lossy().replace('\\', "/")
}

/// Today in UTC; the crates that judge read no clock.
pub fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// Prints to the screen; a reader that has gone away (`… | head`) is no fault.
///
/// # Errors
///
/// The screen can't be written to for another reason.
pub fn print(text: &str) -> anyhow::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: impl Iterator<Item = PathBuf>, root: &Path) -> Vec<String> {
        paths.map(|path| shown(&path, root)).collect()
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
            "b.waivers.yml",
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
        let found = spec_files(root.path()).unwrap();
        assert_eq!(names(found.into_iter(), root.path()), ["specs/a.yaml", "specs/b.yml", "specs/c.json"]);
        let passed = passed_over(root.path()).unwrap();
        assert_eq!(
            names(passed.into_iter().map(|(path, _)| path), root.path()),
            [
                "specs/a/area.waivers.yml",
                "specs/a/recording.json",
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
