//! Decides whether the links of this repository's pages lead to a file and a heading.
//!
//! Links to other sites are not followed, because no check of a commit may depend on a network.

use std::path::{Path, PathBuf};

use super::page::Page;

/// Folders whose pages are not ours.
const NOT_OURS: [&str; 2] = ["target", "node_modules"];

/// Lists the pages below `folder`.
///
/// # Errors
///
/// A folder cannot be read.
pub(super) fn pages(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !name.starts_with('.') && !NOT_OURS.contains(&&*name) {
            found.extend(pages(&path)?);
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Lists the links of a page that lead nowhere.
///
/// * `shown`: how the breaches call the page.
/// * `book`: the folder that no link may leave, if the page belongs to a book.
///
/// # Errors
///
/// A page that a link leads to cannot be read.
pub(super) fn broken(
    file: &Path,
    shown: &str,
    page: &Page,
    book: Option<&Path>,
) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    for link in &page.links {
        let target = link.target.as_str();
        let is_elsewhere = target.contains("://") || target.starts_with("mailto:");
        if !is_elsewhere && let Some(why) = fault(file, target, page, book)? {
            wrong.push(format!("{shown}:{} links to `{target}`, {why}", link.line));
        }
    }
    Ok(wrong)
}

/// Says why a link within the repository leads nowhere, or returns `None`.
fn fault(
    file: &Path,
    target: &str,
    page: &Page,
    book: Option<&Path>,
) -> anyhow::Result<Option<&'static str>> {
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let to = file.parent().unwrap_or(file).join(path);
    if !path.is_empty() && !to.exists() {
        return Ok(Some("which does not exist"));
    }
    if let Some(book) = book
        && !path.is_empty()
        && !fs_err::canonicalize(&to)?.starts_with(fs_err::canonicalize(book)?)
    {
        return Ok(Some("which is outside of the book; name the path in backticks"));
    }
    let has = |page: &Page| page.headings.iter().any(|heading| heading.anchor() == anchor);
    let is_there = match (anchor, path) {
        ("", _) => true,
        (_, "") => has(page),
        _ if path.ends_with(".md") => has(&Page::parse(&fs_err::read_to_string(&to)?)),
        _ => true,
    };
    Ok((!is_there).then_some("which has no such heading"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_to_lead_to_a_file_and_a_heading() {
        let folder = tempfile::tempdir().expect("a folder");
        let page = folder.path().join("book/page.md");
        fs_err::create_dir_all(folder.path().join("book")).expect("a folder");
        fs_err::write(folder.path().join("outside.md"), "# Title\n").expect("a file");
        fs_err::write(folder.path().join("book/other.md"), "# Title\n").expect("a file");
        let cases: [(&str, &[&str]); 7] = [
            ("https://example.com/nowhere", &[]),
            ("other.md#title", &[]),
            ("#own", &[]),
            ("#none", &["p:2 links to `#none`, which has no such heading"]),
            ("other.md#none", &["p:2 links to `other.md#none`, which has no such heading"]),
            ("none.md", &["p:2 links to `none.md`, which does not exist"]),
            (
                "../outside.md",
                &[
                    "p:2 links to `../outside.md`, which is outside of the book; name the path in backticks",
                ],
            ),
        ];
        for (target, expected) in cases {
            let parsed = Page::parse(&format!("# Own\n[text]({target})\n"));
            let book = page.parent().expect("a folder");
            let wrong = broken(&page, "p", &parsed, Some(book)).expect("readable pages");
            assert_eq!(wrong, expected, "{target}");
        }
    }

    #[test]
    fn pages_of_builds_and_hidden_folders_are_left_out() {
        let folder = tempfile::tempdir().expect("a folder");
        for path in ["a.md", "docs/b.md", "target/c.md", ".git/d.md", "docs/e.txt"] {
            let path = folder.path().join(path);
            fs_err::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs_err::write(path, "").expect("a file");
        }
        let expected = ["a.md", "docs/b.md"].map(|path| folder.path().join(path));
        assert_eq!(pages(folder.path()).expect("pages"), expected);
    }
}
