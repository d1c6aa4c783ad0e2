//! Decides whether a source switches the check of a server's certificate off.
//!
//! The runtime has no method for it. What could bring one in by the back door is
//! a method of the crates below it, and these are looked for by name, in all
//! that is written in Rust: an example that shows how is as bad as a feature.

use std::path::Path;

use anyhow::bail;

use super::Verdict;

/// What the crates below call it.
const SWITCHES: &[&str] = &[
    "danger_accept_invalid",
    "dangerous()",
    "set_certificate_verifier",
    "tls_backend_preconfigured",
    "use_preconfigured_tls",
];

/// Where sources are.
const ROOMS: &[&str] = &["drift", "generated", "runtime", "standin", "tests", "xtask"];

/// The file that has to name them.
const TABLE: &str = "xtask/src/ci/certificates.rs";

pub(super) fn check(root: &Path) -> anyhow::Result<Verdict> {
    let mut wrong = Vec::new();
    for room in ROOMS {
        search(root, &root.join(room), &mut wrong)?;
    }
    if !wrong.is_empty() {
        bail!("certificates must be checked, but:\n  {}", wrong.join("\n  "));
    }
    Ok(Verdict::Fits)
}

fn search(root: &Path, folder: &Path, wrong: &mut Vec<String>) -> anyhow::Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            // What a build leaves behind is nobody's source.
            if path.file_name().is_some_and(|name| name != "target") {
                search(root, &path, wrong)?;
            }
            continue;
        }
        let shown = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        if path.extension().is_some_and(|extension| extension == "rs") && shown != TABLE {
            let text = fs_err::read_to_string(&path)?;
            wrong.extend(switches(&text).map(|(line, switch)| format!("{shown}:{line} has `{switch}`")));
        }
    }
    Ok(())
}

/// Every switch in a source, with its line.
fn switches(text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    text.lines().enumerate().flat_map(|(idx, line)| {
        let found = SWITCHES.iter().filter(move |switch| line.contains(**switch));
        found.map(move |switch| (idx + 1, *switch))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_is_found_with_its_line() {
        let source = "let http = builder\n    .tls_danger_accept_invalid_certs(true)\n    .build();\n";
        assert_eq!(switches(source).collect::<Vec<_>>(), [(2, "danger_accept_invalid")]);
    }

    #[test]
    fn no_source_of_ours_has_one() {
        check(&crate::root()).unwrap();
    }
}
