//! Reads the file that a project names as the key of its redaction.
//!
//! Invariants:
//!
//! * A key in the repository is refused: with it, one can try values until the fake is the same.
//! * The key is in no message.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

/// The fewest bytes of a key in a file.
const MIN_BYTES: usize = 16;

/// A file with a key, as a project names it.
pub(crate) struct KeyFile {
    path: PathBuf,
    root: PathBuf,
}

impl KeyFile {
    /// Returns the file that the project in `root` names; `~` is the user's folder.
    pub(crate) fn new(named: &Path, root: &Path) -> Self {
        let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
        let path = match (named.strip_prefix("~"), home) {
            (Ok(rest), Some(home)) => Path::new(&home).join(rest),
            _ => root.join(named),
        };
        Self { path, root: root.to_owned() }
    }

    /// Returns the key.
    ///
    /// # Errors
    ///
    /// The file can't be read, is too short, or lies in the repository.
    pub(crate) fn read(&self) -> anyhow::Result<Vec<u8>> {
        let shown = self.path.display();
        let bytes = fs_err::read(&self.path).with_context(|| {
            format!(
                "failed to read the key of the redaction\n  hint: make one with \
                 `head -c 32 /dev/urandom | base64 > {shown}`, and keep it"
            )
        })?;
        let (path, root) = (fs_err::canonicalize(&self.path)?, fs_err::canonicalize(&self.root)?);
        ensure!(
            !path.starts_with(repository(&root)),
            "the key of the redaction, `{shown}`, is in the repository\n  hint: with it, one can try \
             values until the fake is the same; keep it elsewhere, such as in `~/.config/prumo`"
        );
        let key = bytes.trim_ascii();
        ensure!(
            key.len() >= MIN_BYTES,
            "the key of the redaction, `{shown}`, has fewer than {MIN_BYTES} bytes\n  hint: make one \
             with `head -c 32 /dev/urandom | base64 > {shown}`"
        );
        Ok(key.to_owned())
    }
}

/// Returns the repository around a project, or the project itself.
fn repository(root: &Path) -> &Path {
    root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(root)
}

#[cfg(test)]
mod tests {
    use super::KeyFile;

    #[test]
    fn a_file_is_a_key_only_outside_of_the_repository() {
        let root = tempfile::tempdir().expect("a folder");
        let project = root.path().join("repo/project");
        fs_err::create_dir_all(project.join("deep")).expect("folders");
        fs_err::create_dir_all(root.path().join("repo/.git")).expect("folders");
        let write =
            |name: &str, text: &str| fs_err::write(project.join(name), text).expect("a file");
        let long = "0123456789abcdef0123\n";
        write("../../outside.key", long);
        write("../../short.key", "abc\n");
        write("../beside.key", long);
        write("deep/inside.key", long);
        let rows = [
            ("outside", "../../outside.key", ""),
            ("too short", "../../short.key", "has fewer than 16 bytes"),
            ("beside the project", "../beside.key", "is in the repository"),
            ("in the project", "deep/inside.key", "is in the repository"),
            ("missing", "../../missing.key", "failed to read the key"),
        ];
        for (name, file, expect) in rows {
            let read = KeyFile::new(file.as_ref(), &project).read();
            match read {
                Ok(key) => {
                    assert_eq!((key.as_slice(), expect), (long.trim().as_bytes(), ""), "{name}")
                }
                Err(error) => {
                    let told = format!("{error:#}");
                    assert!(!expect.is_empty() && told.contains(expect), "{name}: {told}");
                    assert!(!told.contains(long.trim()), "{name}");
                }
            }
        }
    }
}
