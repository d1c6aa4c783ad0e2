//! Decides whether the pages for contributors name existing files, and every file that a change
//! touches.
//!
//! Every path in backticks in `PAGES` must exist. Beside that, `CONTRIBUTING.md` has a table of
//! changes (`| adding | such as | touches |`), whose second column has the words that stand for one
//! such thing, as a rule's name does.
//!
//! Invariants:
//!
//! * A row names no more files than its bound in `BOUNDS`, and no folder.
//! * Every hand-written source with one of the words in it, tests left out, is a file that the row
//!   names.

use std::path::{Path, PathBuf};

const PAGES: [&str; 2] = ["CONTRIBUTING.md", "ARCHITECTURE.md"];

/// The maximum number of files for each kind of addition.
const BOUNDS: &[(&str, usize)] =
    &[("a rule", 5), ("a format", 3), ("a report format", 3), ("a habit", 6)];

/// Folders without hand-written sources.
const NOT_OURS: &[&str] = &["target", "generated", "tests", "benches", "fuzz", "fixtures"];

/// One row of the table of changes.
struct Row<'p> {
    adding: &'p str,
    words: Vec<&'p str>,
    touches: Vec<&'p str>,
}

/// Lists the breaches in the repository at `root`.
///
/// # Errors
///
/// A page or a source cannot be read.
pub fn check(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    for page in PAGES {
        let text = fs_err::read_to_string(root.join(page))?;
        let missing = paths(&text, root).into_iter().filter(|path| !root.join(path).exists());
        wrong.extend(missing.map(|path| format!("{page} names `{path}`, which does not exist")));
    }
    let text = fs_err::read_to_string(root.join(PAGES[0]))?;
    let rows = rows(&text);
    let mut sources = Vec::new();
    collect(root, &mut sources)?;
    for (adding, bound) in BOUNDS {
        match rows.iter().find(|row| row.adding == *adding) {
            Some(row) => wrong.extend(wrong_in_row(row, *bound, &sources, root)?),
            None => wrong.push(format!("{} has no row about adding {adding}", PAGES[0])),
        }
    }
    Ok(wrong)
}

/// Lists the paths in backticks on a page, outside of code blocks.
fn paths<'p>(page: &'p str, root: &Path) -> Vec<&'p str> {
    let prose = page.split("```").step_by(2);
    let spans = prose.flat_map(spans);
    // Commands, and patterns such as `generated/<name>/src`, are not paths.
    let is_path = |span: &&str| {
        let (room, rest) = span.split_once('/').unwrap_or_default();
        !rest.contains(['<', '*', ' ', '{', '…']) && !room.is_empty() && root.join(room).is_dir()
    };
    spans.filter(is_path).collect()
}

fn rows(page: &str) -> Vec<Row<'_>> {
    let table = page.lines().skip_while(|line| !line.starts_with("| adding |")).skip(2);
    let lines = table.take_while(|line| line.starts_with('|'));
    let row = |line| {
        let mut cells = str::trim_matches(line, '|').split('|').map(str::trim);
        let mut next = || cells.next();
        Some(Row {
            adding: next()?,
            words: spans(next()?).collect(),
            touches: spans(next()?).collect(),
        })
    };
    lines.filter_map(row).collect()
}

/// Lists what stands in backticks.
fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn wrong_in_row(
    row: &Row<'_>,
    bound: usize,
    sources: &[PathBuf],
    root: &Path,
) -> anyhow::Result<Vec<String>> {
    let Row { adding, words, touches } = row;
    let mut wrong = Vec::new();
    if touches.len() > bound {
        wrong.push(format!(
            "adding {adding} touches {} files, and may touch {bound}",
            touches.len()
        ));
    }
    let folders = touches.iter().filter(|named| !root.join(named).is_file());
    wrong.extend(
        folders.map(|named| format!("adding {adding} touches `{named}`, which is no file")),
    );
    let mut unused = words.clone();
    for source in sources {
        let text = fs_err::read_to_string(source)?;
        let Some(word) = words.iter().find(|word| has_word(&text, word)) else {
            continue;
        };
        unused.retain(|word| !has_word(&text, word));
        let shown = source.strip_prefix(root).unwrap_or(source);
        if !touches.iter().any(|named| shown == Path::new(named)) {
            wrong.push(format!(
                "adding {adding} touches `{}`, too: `{word}` is in it",
                shown.display()
            ));
        }
    }
    let stale =
        |word| format!("the row about adding {adding} is stale: no source has `{word}` in it");
    wrong.extend(unused.into_iter().map(stale));
    Ok(wrong)
}

/// Returns whether `word` stands in `text` by itself, comments and tests left out.
fn has_word(text: &str, word: &str) -> bool {
    let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let is_part = |letter: char| letter.is_alphanumeric() || "_-".contains(letter);
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split(|letter| !is_part(letter))).any(|found| found == word)
}

/// Collects the hand-written sources below `folder`, except tests.
fn collect(folder: &Path, sources: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() {
            if !name.starts_with('.') && !NOT_OURS.contains(&name.as_str()) {
                collect(&path, sources)?;
            }
        } else if name.ends_with(".rs") && name != "tests.rs" {
            sources.push(path);
        }
    }
    sources.sort();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "Say `cargo run`, not `rooms/a.rs` or `rooms/<name>.rs`.\n```\n`rooms/in/block`\n```\n\
        | adding | such as | touches |\n|---|---|---|\n| a rule | `ItemLost`, `item-lost` | `rooms/a.rs`, `rooms/b.rs` |\n\nEnd.";

    /// Makes a repository and returns the breaches of its row about rules.
    fn wrong(files: &[(&str, &str)], bound: usize) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files.iter().filter(|(name, _)| !name.is_empty()) {
            let path = folder.path().join(name);
            fs_err::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs_err::write(path, text).expect("a file");
        }
        let mut sources = Vec::new();
        collect(folder.path(), &mut sources).expect("sources");
        wrong_in_row(&rows(PAGE)[0], bound, &sources, folder.path()).expect("readable sources")
    }

    #[test]
    fn a_row_has_to_name_every_source_with_its_word() {
        let use_it = "fn f() { Rule::ItemLost }";
        let named = [("rooms/a.rs", use_it), ("rooms/b.rs", "const NAME: &str = \"item-lost\";")];
        let cases: [(&str, &str, &str, &[&str]); 8] = [
            ("nothing else", "", "", &[]),
            (
                "another source",
                "rooms/d.rs",
                use_it,
                &["adding a rule touches `rooms/d.rs`, too: `ItemLost` is in it"],
            ),
            (
                "the other word",
                "rooms/d.rs",
                "fn f() { \"item-lost\" }",
                &["adding a rule touches `rooms/d.rs`, too: `item-lost` is in it"],
            ),
            ("a test", "rooms/tests/d.rs", use_it, &[]),
            (
                "a module of tests",
                "rooms/d.rs",
                "\n#[cfg(test)]\nmod tests { fn f() { Rule::ItemLost } }",
                &[],
            ),
            ("a comment", "rooms/d.rs", "/// See `ItemLost`.", &[]),
            ("a longer word", "rooms/d.rs", "fn f() { ItemLostTwice }", &[]),
            ("generated code", "generated/alfa/src/lib.rs", use_it, &[]),
        ];
        for (what, file, text, expected) in cases {
            assert_eq!(wrong(&[named[0], named[1], (file, text)], 2), expected, "{what}");
        }
    }

    #[test]
    fn a_row_names_no_more_than_its_bound_and_a_word_that_is_used() {
        let expected = [
            "adding a rule touches 2 files, and may touch 1",
            "adding a rule touches `rooms/b.rs`, which is no file",
            "the row about adding a rule is stale: no source has `ItemLost` in it",
        ];
        assert_eq!(wrong(&[("rooms/a.rs", "\"item-lost\""), ("rooms/b.rs/c.rs", "")], 1), expected);
    }

    #[test]
    fn only_paths_outside_of_blocks_have_to_exist() {
        let folder = tempfile::tempdir().expect("a folder");
        fs_err::create_dir_all(folder.path().join("rooms")).expect("a folder");
        assert_eq!(paths(PAGE, folder.path()), ["rooms/a.rs", "rooms/a.rs", "rooms/b.rs"]);
    }
}
