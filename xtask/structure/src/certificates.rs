//! Decides whether a source disables the verification of server certificates.
//!
//! The runtime has no method for it, but the crates that it uses do. This check searches for their
//! names in every Rust source, including examples and tests, because readers copy from these.

use std::path::Path;

/// The names in these crates.
const SWITCHES: &[&str] = &[
    "danger_accept_invalid",
    "dangerous()",
    "set_certificate_verifier",
    "tls_backend_preconfigured",
    "use_preconfigured_tls",
];

/// The only file that may contain them.
const TABLE: &str = "xtask/structure/src/certificates.rs";

/// Lists the breaches in the repository at `root`.
///
/// # Errors
///
/// A source cannot be read.
pub fn check(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    search(root, root, &mut wrong)?;
    Ok(wrong)
}

fn search(root: &Path, folder: &Path, wrong: &mut Vec<String>) -> anyhow::Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if path.is_dir() {
            let name = entry.file_name();
            // Skips build output and git's own files.
            if name != "target" && !name.to_string_lossy().starts_with('.') {
                search(root, &path, wrong)?;
            }
            continue;
        }
        let shown = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        if path.extension().is_some_and(|extension| extension == "rs") && shown != TABLE {
            let text = fs_err::read_to_string(&path)?;
            wrong.extend(
                switches(&text).map(|(line, switch)| format!("{shown}:{line} has `{switch}`")),
            );
        }
    }
    Ok(())
}

/// Finds every switch in a source, with its line.
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
        let source =
            "let http = builder\n    .tls_danger_accept_invalid_certs(true)\n    .build();\n";
        assert_eq!(switches(source).collect::<Vec<_>>(), [(2, "danger_accept_invalid")]);
    }

    #[test]
    fn no_source_of_ours_has_one() {
        assert_eq!(check(&crate::graph::root()).expect("sources"), [""; 0]);
    }
}
