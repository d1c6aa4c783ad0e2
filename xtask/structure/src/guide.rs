//! Decides whether the guide and the README say the same in both languages, and whether the pages'
//! links lead somewhere.
//!
//! The guide is a book per language, `docs/guide/pt` and `docs/guide/en`. `cargo xtask ci guide`
//! also runs its commands; the blocks that it runs are those that [`page`] reads.
//!
//! Invariants:
//!
//! * Each page has a twin with the same headings and blocks, and so has the README.
//! * Each page of a book is in its summary.
//! * Each block of a book is proved: commands are run, files are written and used, other Rust code
//!   is a doctest of `tests/outside`. Only `text` and `mermaid` are for the eye alone.

mod links;
pub mod page;
mod twins;

use std::path::{Path, PathBuf};

use page::{Block, Page};

/// The folder of the guide.
pub const FOLDER: &str = "docs/guide";

/// The languages of the guide, which are also its folders. The first is the one it is written in.
pub const LANGUAGES: [&str; 2] = ["pt", "en"];

/// The README in both languages.
const READMES: [&str; 2] = ["README.md", "LEIAME.md"];

/// The list of a book's pages, in order.
const SUMMARY: &str = "SUMMARY.md";

/// The crate that compiles the pages' code as a user would.
const DOCTESTS: &str = "tests/outside/src/lib.rs";

/// A page with the words by which breaches name it.
struct Named {
    file: PathBuf,
    shown: String,
    page: Page,
}

/// Lists the breaches in the repository at `root`.
///
/// # Errors
///
/// A page cannot be read.
pub fn check(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let [readme, leiame] = READMES.map(|name| named(root, &root.join(name)));
    wrong.extend(compared(&readme?, &leiame?));
    let [pt, en] = LANGUAGES.map(|language| book(root, language));
    let (pt, en) = (pt?, en?);
    wrong.extend(twins(&pt, &en));
    let doctests = fs_err::read_to_string(root.join(DOCTESTS))?;
    for one in pt.iter().chain(&en) {
        wrong.extend(unproved(one, &doctests));
        wrong.extend(missing_paths(root, one)?);
    }
    for language in LANGUAGES {
        wrong.extend(unlisted(root, language)?);
    }
    wrong.extend(broken_links(root)?);
    Ok(wrong)
}

/// Lists the pages of a book, the summary's order first, without the summary itself.
///
/// # Errors
///
/// The summary cannot be read.
pub fn pages(root: &Path, language: &str) -> anyhow::Result<Vec<PathBuf>> {
    let folder = source(root, language);
    let summary = Page::parse(&fs_err::read_to_string(folder.join(SUMMARY))?);
    Ok(summary.links.iter().map(|link| folder.join(&link.target)).collect())
}

fn source(root: &Path, language: &str) -> PathBuf {
    root.join(FOLDER).join(language).join("src")
}

fn named(root: &Path, file: &Path) -> anyhow::Result<Named> {
    let shown = file.strip_prefix(root).unwrap_or(file).display().to_string();
    Ok(Named { file: file.to_owned(), shown, page: Page::parse(&fs_err::read_to_string(file)?) })
}

/// Reads every page of a book with its summary.
fn book(root: &Path, language: &str) -> anyhow::Result<Vec<Named>> {
    links::pages(&source(root, language))?.iter().map(|file| named(root, file)).collect()
}

fn compared(one: &Named, other: &Named) -> Vec<String> {
    twins::differences((&one.shown, &one.page), (&other.shown, &other.page))
}

/// Compares two books page by page.
fn twins(one: &[Named], other: &[Named]) -> Vec<String> {
    let name = |named: &Named| named.file.file_name().unwrap_or_default().to_owned();
    let mut wrong = Vec::new();
    for page in one {
        match other.iter().find(|twin| name(twin) == name(page)) {
            Some(twin) => wrong.extend(compared(page, twin)),
            None => wrong.push(format!("{} has no twin", page.shown)),
        }
    }
    let lone = other.iter().filter(|page| !one.iter().any(|twin| name(twin) == name(page)));
    wrong.extend(lone.map(|page| format!("{} has no twin", page.shown)));
    wrong
}

/// Lists the pages of a book that its summary does not have.
fn unlisted(root: &Path, language: &str) -> anyhow::Result<Vec<String>> {
    let listed = pages(root, language)?;
    let mut files = links::pages(&source(root, language))?;
    files.retain(|file| !file.ends_with(SUMMARY) && !listed.contains(file));
    let shown = |file: PathBuf| file.strip_prefix(root).unwrap_or(&file).display().to_string();
    Ok(files.into_iter().map(|file| format!("{} is not in {SUMMARY}", shown(file))).collect())
}

/// Lists the blocks of a page that nothing proves.
fn unproved(named: &Named, doctests: &str) -> Vec<String> {
    let is_doctest = doctests.contains(&format!("/{}\"", named.shown));
    let fault = |block: &Block| match (block.language_name(), &block.file) {
        ("text" | "mermaid", _) => None,
        ("console", _) if block.commands().is_empty() => Some("has no command"),
        ("console", _) | ("rust" | "toml" | "yaml" | "json", Some(_)) => None,
        ("rust", None) if is_doctest => None,
        ("rust", None) => Some("is no doctest, because `tests/outside/src/lib.rs` lacks the page"),
        ("toml" | "yaml" | "json", None) => Some("is written to no file"),
        _ => Some("is in a language that is not proved"),
    };
    let blocks = named.page.blocks.iter();
    let faults = blocks.filter_map(|block| Some((block.line, fault(block)?)));
    faults.map(|(line, fault)| format!("{}:{line}: the block {fault}", named.shown)).collect()
}

/// Lists the pages of `docs/` that a page names in backticks and that do not exist.
fn missing_paths(root: &Path, named: &Named) -> anyhow::Result<Vec<String>> {
    let text = fs_err::read_to_string(&named.file)?;
    let spans = text.split('`').filter(|span| span.starts_with("docs/"));
    let missing =
        spans.filter(|path| !path.contains(['\n', '*', '<']) && !root.join(path).exists());
    Ok(missing
        .map(|path| format!("{} names `{path}`, which does not exist", named.shown))
        .collect())
}

/// Lists the links of all pages of the repository that lead nowhere.
fn broken_links(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let books = LANGUAGES.map(|language| source(root, language));
    for file in links::pages(root)? {
        let Named { file, shown, page } = named(root, &file)?;
        let book = books.iter().find(|book| file.starts_with(book));
        wrong.extend(links::broken(&file, &shown, &page, book.map(PathBuf::as_path))?);
    }
    Ok(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(changes: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let night = "# A\n\n`prumo.toml`:\n\n```toml\na = 1\n```\n";
        let files = [
            ("README.md", "# A\n"),
            ("LEIAME.md", "# B\n"),
            ("docs/guide/pt/src/SUMMARY.md", "[A](night.md)\n"),
            ("docs/guide/en/src/SUMMARY.md", "[B](night.md)\n"),
            ("docs/guide/pt/src/night.md", night),
            ("docs/guide/en/src/night.md", night),
            (DOCTESTS, ""),
        ];
        for (name, text) in files.iter().chain(changes) {
            let path = folder.path().join(name);
            fs_err::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs_err::write(path, text).expect("a file");
        }
        folder
    }

    #[test]
    fn a_page_without_twin_summary_or_proof_is_a_breach() {
        let (pt, en) = ("docs/guide/pt/src/night.md", "docs/guide/en/src/night.md");
        type Case<'c> = (&'c str, &'c [(&'c str, &'c str)], &'c [&'c str]);
        let cases: [Case<'_>; 7] = [
            ("nothing", &[], &[]),
            (
                "another page",
                &[("docs/guide/pt/src/day.md", "# D\n")],
                &[
                    "docs/guide/pt/src/day.md has no twin",
                    "docs/guide/pt/src/day.md is not in SUMMARY.md",
                ],
            ),
            (
                "a block in one language",
                &[(en, "# A\n")],
                &[
                    "docs/guide/pt/src/night.md has 1 blocks of code, and docs/guide/en/src/night.md has 0",
                ],
            ),
            (
                "a README with another heading",
                &[("LEIAME.md", "# A\n\n## B\n")],
                &["README.md and LEIAME.md have different headings: 1 and 2"],
            ),
            (
                "code of no file",
                &[(pt, "```toml\n```\n"), (en, "```toml\n```\n")],
                &[
                    "docs/guide/pt/src/night.md:1: the block is written to no file",
                    "docs/guide/en/src/night.md:1: the block is written to no file",
                ],
            ),
            (
                "code that is no doctest in one language",
                &[
                    (pt, "```rust\n```\n"),
                    (en, "```rust\n```\n"),
                    (DOCTESTS, "include_str!(\"../../../docs/guide/pt/src/night.md\")"),
                ],
                &[
                    "docs/guide/en/src/night.md:1: the block is no doctest, because `tests/outside/src/lib.rs` lacks the page",
                ],
            ),
            (
                "a page that is gone",
                &[(pt, "See `docs/gone.md`.\n"), (en, "See `docs/guide`.\n")],
                &["docs/guide/pt/src/night.md names `docs/gone.md`, which does not exist"],
            ),
        ];
        for (what, changes, expected) in cases {
            let folder = repository(changes);
            assert_eq!(check(folder.path()).expect("readable pages"), expected, "{what}");
        }
    }
}
