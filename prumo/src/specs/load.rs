//! Chooses specs by name or path, and turns faults of their files into complaints.
//!
//! Invariants:
//!
//! * Specs are sorted by name, so that every run reports in the same order.
//! * A name that is invalid for a crate is a complaint before the file is read.

use std::path::{Path, PathBuf};

use anyhow::bail;
use prumo_codegen::{Spec, crate_names};
use prumo_spec::Document;
use prumo_spec::complaint::{Complaint, Severity};

use super::{in_folder, parts_of, passed_over, shown};

/// The hint about a text that is not UTF-8.
const SAVE_AS_UTF_8: &str = "save the file as UTF-8";

/// Lists the specs of a folder, or only those whose name or path is in `only`.
///
/// # Errors
///
/// The folder can't be read, or a wanted spec is not in it.
pub(crate) fn chosen(base: &Path, folder: &Path, only: &[String]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = in_folder(folder)?;
    if only.is_empty() {
        return Ok(found);
    }
    for wanted in only {
        if !found.iter().any(|path| is_named(path, wanted)) {
            bail!(missing(base, folder, wanted, &found)?);
        }
    }
    found.retain(|path| only.iter().any(|wanted| is_named(path, wanted)));
    Ok(found)
}

/// Explains that a wanted spec is missing, with the reason if its file is ignored.
fn missing(base: &Path, folder: &Path, wanted: &str, found: &[PathBuf]) -> anyhow::Result<String> {
    let passed_over = passed_over(folder)?;
    let reason = passed_over.iter().find(|(path, _)| is_named(path, wanted));
    let reason = reason.map(|(_, reason)| format!(": {reason}")).unwrap_or_default();
    let hint = match &names(found)[..] {
        [] => "`prumo new-vendor NAME` makes one".to_owned(),
        names => format!("there is {}", names.join(", ")),
    };
    Ok(format!("no spec `{wanted}` in `{}/`{reason}\n  hint: {hint}", shown(folder, base)))
}

/// Lists the names of the specs, as `generate`, `judge` and `call` accept them.
fn names(files: &[PathBuf]) -> Vec<String> {
    files.iter().filter_map(|path| Some(format!("`{}`", path.file_stem()?.to_str()?))).collect()
}

/// Returns complaints about names in a folder, before any of the `chosen` files is opened.
pub(crate) fn complaints_of_names(
    base: &Path,
    folder: &Path,
    chosen: &[PathBuf],
) -> anyhow::Result<Vec<Complaint>> {
    let mut complaints = Vec::new();
    for (path, reason) in passed_over(folder)? {
        complaints.push(complaint(
            base,
            &path,
            Severity::Warning,
            "passed over".to_owned(),
            reason,
        ));
    }
    let all = in_folder(folder)?;
    for path in chosen {
        let name = stem(path);
        if let Some(fault) = crate_names::fault(&name) {
            let hint = format!("rename the file, say to `{}`; {}", fault.proposed, fault.rule);
            complaints.push(complaint(base, path, Severity::Error, fault.message, &hint));
        }
        // If both files of a pair are chosen, only the second is reported.
        let is_told = |other: &PathBuf| other < path || !chosen.contains(other);
        let twin = all.iter().find(|other| *other != path && stem(other) == name && is_told(other));
        if let Some(twin) = twin {
            let message = format!("`{}` makes the same client `{name}`", shown(twin, base));
            complaints.push(complaint(
                base,
                path,
                Severity::Error,
                message,
                "remove or rename one of them",
            ));
        }
    }
    Ok(complaints)
}

/// Reads and parses one spec; an unreadable file is a complaint.
pub(crate) fn load(base: &Path, path: &Path) -> Result<Spec, Box<Complaint>> {
    let mut texts = vec![(shown(path, base), text(base, path)?)];
    let unlisted = |error: anyhow::Error| {
        Box::new(complaint(base, path, Severity::Error, format!("{error:#}"), ""))
    };
    for part in parts_of(path).map_err(unlisted)?.iter().skip(1) {
        texts.push((shown(part, base), text(base, part)?));
    }
    let document = Document::of_parts(texts.iter().map(|(file, text)| Document::parse(file, text)))
        .and_then(|document| document.map_or_else(|| Document::parse("", ""), Ok))
        .map_err(|error| Box::new(Complaint::from(&error)))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let document = document.with_referenced_files(|key| {
        let file = folder.join(key);
        if !file.is_file() {
            return Ok(None);
        }
        let text = text(base, &file)?;
        let read = Document::parse(&shown(&file, base), &text);
        texts.push((key.to_owned(), text));
        read.map(Some).map_err(|error| Box::new(Complaint::from(&error)))
    })?;
    let texts = texts.iter().map(|(_, text)| text.as_str());
    Ok(Spec::of(&stem(path), document, texts))
}

/// Reads a file as a text; what can't be read is a complaint.
pub(crate) fn text(base: &Path, path: &Path) -> Result<String, Box<Complaint>> {
    let unreadable = |message: String, hint: &str| {
        Box::new(complaint(base, path, Severity::Error, message, hint))
    };
    if path.is_dir() {
        return Err(unreadable(
            "a folder, not a file".to_owned(),
            "remove it, or give it another name",
        ));
    }
    let bytes = std::fs::read(path).map_err(|error| {
        let dangling = path.is_symlink() && error.kind() == std::io::ErrorKind::NotFound;
        let message = if dangling {
            "a link that leads nowhere".to_owned()
        } else {
            format!("can't be read: {error}")
        };
        unreadable(message, "")
    })?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(unreadable("the text is UTF-16".to_owned(), SAVE_AS_UTF_8));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let before = String::from_utf8_lossy(valid);
        let mut complaint =
            unreadable("the text is not UTF-8 from here on".to_owned(), SAVE_AS_UTF_8);
        complaint.line = before.matches('\n').count() + 1;
        complaint.column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        complaint
    })
}

/// Makes a complaint about a whole file.
fn complaint(
    base: &Path,
    path: &Path,
    severity: Severity,
    message: String,
    hint: &str,
) -> Complaint {
    let (file, pointer) = (shown(path, base), String::new());
    let hint = (!hint.is_empty()).then(|| hint.to_owned());
    let (costs, loss) = (Vec::new(), None);
    Complaint { severity, file, line: 1, column: 1, pointer, message, hint, costs, loss }
}

/// Returns the name of the spec's client.
fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn is_named(path: &Path, wanted: &str) -> bool {
    path.ends_with(wanted) || path.file_stem().is_some_and(|stem| stem == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names in `specs/` and the contents of the files.
    type Files = [(&'static str, &'static [u8])];

    /// Returns the complaints about `specs/` with these files, each in one line.
    fn told(files: &Files) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = root.path().join("specs").join(name);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, bytes).unwrap();
        }
        let chosen = super::chosen(root.path(), &root.path().join("specs"), &[]).unwrap();
        let mut complaints =
            complaints_of_names(root.path(), &root.path().join("specs"), &chosen).unwrap();
        let unread = chosen.iter().filter_map(|path| load(root.path(), path).err());
        complaints.extend(unread.map(|one| *one));
        complaints.iter().map(|one| one.to_string().lines().next().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_file_that_makes_no_client_is_named_with_its_place() {
        let cases: [(&str, &Files, &[&str]); 7] = [
            ("fine", &[("a.yaml", b"a: 1"), ("a.waivers.yaml", b"")], &[]),
            (
                "two of one name",
                &[("a.json", b"{}"), ("a.yaml", b"a: 1")],
                &["specs/a.yaml:1:1: /: `specs/a.json` makes the same client `a`"],
            ),
            (
                "no crate's name",
                &[("A.yaml", b"a: 1")],
                &["specs/A.yaml:1:1: /: `A` can't be the name of a crate"],
            ),
            (
                "below",
                &[("a.yaml", b"a: 1"), ("b/c.yaml", b"")],
                &["specs/b/c.yaml:1:1: /: warning: passed over"],
            ),
            (
                "Latin-1",
                &[("a.yaml", b"a: 1\nb: \xe9")],
                &["specs/a.yaml:2:4: /: the text is not UTF-8 from here on"],
            ),
            ("UTF-16", &[("a.yaml", b"\xff\xfea\0")], &["specs/a.yaml:1:1: /: the text is UTF-16"]),
            ("a folder", &[("a.yaml/b.txt", b"")], &["specs/a.yaml:1:1: /: a folder, not a file"]),
        ];
        for (name, files, expected) in cases {
            assert_eq!(told(files), expected, "case `{name}`");
        }
    }

    #[test]
    fn a_spec_chosen_by_its_path_does_not_hide_its_twin() {
        let root = tempfile::tempdir().unwrap();
        fs_err::create_dir_all(root.path().join("specs")).unwrap();
        for (name, twin) in [("a.json", "a.yaml"), ("a.yaml", "a.json")] {
            fs_err::write(root.path().join("specs/a.json"), "{}").unwrap();
            fs_err::write(root.path().join("specs/a.yaml"), "a: 1").unwrap();
            let chosen =
                super::chosen(root.path(), &root.path().join("specs"), &[format!("specs/{name}")])
                    .unwrap();
            let complaints =
                complaints_of_names(root.path(), &root.path().join("specs"), &chosen).unwrap();
            let messages: Vec<&str> = complaints.iter().map(|one| one.message.as_str()).collect();
            assert_eq!(
                messages,
                [format!("`specs/{twin}` makes the same client `a`")],
                "spec `{name}`"
            );
        }
    }

    #[test]
    fn a_spec_that_is_passed_over_is_not_just_missing() {
        let root = tempfile::tempdir().unwrap();
        fs_err::create_dir_all(root.path().join("specs")).unwrap();
        fs_err::write(root.path().join("specs/a.YAML"), "").unwrap();
        let error = |name: &str| {
            super::chosen(root.path(), &root.path().join("specs"), &[name.to_owned()])
                .unwrap_err()
                .to_string()
        };
        fs_err::write(root.path().join("specs/c.yaml"), "").unwrap();
        let hint = "hint: there is `c`";
        assert_eq!(error("b"), format!("no spec `b` in `specs/`\n  {hint}"));
        let reason = "the end of a spec's name is `.yaml`, `.yml` or `.json`, in small letters";
        assert_eq!(error("a"), format!("no spec `a` in `specs/`: {reason}\n  {hint}"));
    }
}
