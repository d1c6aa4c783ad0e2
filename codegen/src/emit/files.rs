//! Lays out pieces of source in files: one file per tag, split where it would get too long to read.
//!
//! Invariants:
//!
//! * No path depends on the layout: a module re-exports or imports everything in its files.
//! * The same pieces give the same files on every machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::File;

/// The most lines of a module that stays one file.
const SMALL: usize = 1_500;

/// The most lines of one file of a module that is split.
const LIMIT: usize = 2_800;

/// One piece of source: a type, a builder, a method.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    /// The name of the tag's file.
    pub(super) file: String,
    /// The name that it declares, if another piece may import it.
    pub(super) name: String,
    /// Its text, without a blank line at the end.
    pub(super) text: String,
    /// Its imports.
    pub(super) uses: BTreeSet<String>,
    /// The functions that it declares and other pieces use.
    pub(super) functions: Vec<String>,
}

/// A module of the crate before it is split into files.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// Its path below `src`, without `.rs`.
    pub(super) path: &'static str,
    /// Its documentation.
    pub(super) docs: &'static str,
    /// The part that is always in the module's own file.
    pub(super) root: Piece,
    pub(super) pieces: Vec<Piece>,
    /// The block that wraps the pieces of a file, if they can't stand alone: `impl Client`.
    pub(super) within: Option<&'static str>,
    /// Whether only the module itself uses its pieces, which are then `pub(super)`.
    pub(super) is_private: bool,
}

impl Module {
    /// Returns the module's files.
    pub(super) fn files(self) -> Vec<File> {
        let n_lines: usize = self.pieces.iter().map(Piece::n_lines).sum();
        if n_lines + self.root.n_lines() <= SMALL {
            let mut text = head(self.docs, &[&[self.root.clone()][..], &self.pieces].concat());
            text.push_str(&block(&self.root.text));
            text.push_str(&body(self.within, &self.pieces));
            return vec![File { name: format!("{}.rs", self.path), text }];
        }
        let parts = parts(self.pieces);
        let mut text = head(self.docs, std::slice::from_ref(&self.root));
        for name in parts.keys() {
            let _ = writeln!(text, "mod {name};");
        }
        text.push('\n');
        if self.within.is_none() {
            let import = if self.is_private { "use" } else { "pub use" };
            for name in parts.keys() {
                let _ = writeln!(text, "{import} self::{name}::*;");
            }
            text.push('\n');
        }
        text.push_str(&block(&self.root.text));
        let mut files = vec![File { name: format!("{}.rs", self.path), text }];
        for (name, pieces) in parts {
            let mut text = head("", &pieces);
            text.push_str(&body(self.within, &pieces));
            files.push(File { name: format!("{}/{name}.rs", self.path), text });
        }
        files
    }
}

impl Piece {
    fn n_lines(&self) -> usize {
        self.text.lines().count() + 1
    }
}

/// Groups pieces by file and splits each file that is over the limit.
fn parts(pieces: Vec<Piece>) -> BTreeMap<String, Vec<Piece>> {
    let mut by_file: BTreeMap<String, Vec<Piece>> = BTreeMap::new();
    for piece in pieces {
        by_file.entry(piece.file.clone()).or_default().push(piece);
    }
    let mut parts: BTreeMap<String, Vec<Piece>> = BTreeMap::new();
    for (file, pieces) in by_file {
        let (mut number, mut n_lines) = (1, 0);
        for piece in pieces {
            n_lines += piece.n_lines();
            if n_lines > LIMIT {
                (number, n_lines) = (number + 1, piece.n_lines());
            }
            let name = if number == 1 { file.clone() } else { format!("{file}_part_{number}") };
            parts.entry(name).or_default().push(piece);
        }
    }
    parts
}

/// Writes the documentation and the imports at the top of a file.
fn head(docs: &str, pieces: &[Piece]) -> String {
    let mut text = String::new();
    for line in docs.lines() {
        let _ = writeln!(text, "{}", format!("//! {line}").trim_end());
    }
    if !docs.is_empty() {
        text.push('\n');
    }
    let names =
        pieces.iter().flat_map(|piece| std::iter::once(&piece.name).chain(&piece.functions));
    let here: BTreeSet<String> = names.map(|name| format!("super::{name}")).collect();
    let uses: BTreeSet<&String> = pieces.iter().flat_map(|piece| &piece.uses).collect();
    text.push_str(&imports(uses.into_iter().filter(|path| !here.contains(*path))));
    text
}

/// Writes one `use` per module, `std` first and ours last.
pub(super) fn imports<'u>(paths: impl Iterator<Item = &'u String>) -> String {
    let mut by_module: BTreeMap<(u8, &str), Vec<&str>> = BTreeMap::new();
    for path in paths {
        let Some((module, name)) = path.rsplit_once("::") else { continue };
        let rank = match module.split("::").next() {
            Some("std") => 0,
            Some("crate" | "super") => 2,
            _ => 1,
        };
        by_module.entry((rank, module)).or_default().push(name);
    }
    let mut text = String::new();
    let mut last = None;
    for ((rank, module), names) in by_module {
        if last.is_some_and(|last| last != rank) {
            text.push('\n');
        }
        last = Some(rank);
        match names.as_slice() {
            [name] => {
                let _ = writeln!(text, "use {module}::{name};");
            }
            names => {
                let _ = writeln!(text, "use {module}::{{{}}};", wrapped(names, 4));
            }
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Joins `words` with commas, wrapped and indented if they don't fit in one line.
fn wrapped(words: &[impl AsRef<str>], indent: usize) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let line = words.join(", ");
    if line.chars().count() <= 60 {
        return line;
    }
    let margin = " ".repeat(indent);
    let mut text = format!("\n{margin}");
    let mut width = indent;
    for word in words {
        let needs = word.chars().count() + 2;
        if width + needs > 100 && width > indent {
            text.truncate(text.trim_end().len());
            let _ = write!(text, "\n{margin}");
            width = indent;
        }
        let _ = write!(text, "{word}, ");
        width += needs;
    }
    text.truncate(text.trim_end().len());
    let _ = write!(text, "\n{}", " ".repeat(indent.saturating_sub(4)));
    text
}

/// Writes `words` in braces, wrapped if they don't fit in one line.
pub(super) fn braced(words: &[impl AsRef<str>]) -> String {
    let text = wrapped(words, 4);
    if text.contains('\n') { format!("{{{text}}}") } else { format!("{{ {text} }}") }
}

fn block(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{}\n\n", text.trim_end()) }
}

fn body(within: Option<&str>, pieces: &[Piece]) -> String {
    let texts: Vec<&str> = pieces.iter().map(|piece| piece.text.trim_end()).collect();
    let text = texts.join("\n\n");
    match within {
        _ if text.is_empty() => String::new(),
        None => format!("{text}\n"),
        Some(within) => format!("{within} {{\n{}\n}}\n", indented(&text, 4)),
    }
}

/// Indents each line of `text` that is not empty by `by` spaces.
pub(super) fn indented(text: &str, by: usize) -> String {
    let margin = " ".repeat(by);
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{margin}{line}") };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Turns `text` into the lines of a `///` comment.
pub(super) fn comment(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", format!("/// {line}").trim_end())).collect()
}

/// Puts the blank lines between items that prettyplease leaves out.
pub(super) fn spaced(text: &str) -> String {
    const STARTS: [&str; 15] = [
        "///", "#[", "pub ", "pub(", "fn ", "impl", "async ", "const ", "type ", "mod ", "struct ",
        "enum ", "use ", "static ", "//!",
    ];
    let mut spaced = String::with_capacity(text.len());
    let mut last = "";
    for line in text.lines() {
        let start = line.trim_start();
        let is_same = line.len() - start.len() == last.len() - last.trim_start().len();
        let ends = matches!(last.trim_start(), "}" | "];" | "};")
            || (is_import(last) && !is_import(start));
        let is_after_item =
            line.len() == start.len() && last.starts_with(' ') && last.ends_with(';');
        if (ends && is_same || is_after_item) && STARTS.iter().any(|word| start.starts_with(word)) {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        last = line;
    }
    spaced
}

fn is_import(line: &str) -> bool {
    line.starts_with("use ") || line.starts_with("pub use ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(file: &str, name: &str, n_lines: usize) -> Piece {
        let text = format!("struct {name};{}", "\n// a line".repeat(n_lines - 1));
        let uses = BTreeSet::from(["super::A".to_owned(), "std::fmt".to_owned()]);
        Piece { file: file.to_owned(), name: name.to_owned(), text, uses, ..Piece::default() }
    }

    fn names(pieces: Vec<Piece>) -> Vec<String> {
        let module = Module { path: "types", docs: "Types.", pieces, ..Module::default() };
        module.files().into_iter().map(|file| file.name).collect()
    }

    #[test]
    fn a_small_module_is_one_file() {
        assert_eq!(names(vec![piece("a", "A", 10), piece("b", "B", 10)]), ["types.rs"]);
    }

    #[test]
    fn a_large_module_is_a_file_a_tag() {
        let files = names(vec![piece("b", "B", 1_000), piece("a", "A", 1_000)]);
        assert_eq!(files, ["types.rs", "types/a.rs", "types/b.rs"]);
    }

    #[test]
    fn a_file_over_the_limit_goes_on_in_another_one() {
        let files =
            names(vec![piece("a", "A", 2_000), piece("a", "B", 2_000), piece("a", "C", 100)]);
        assert_eq!(files, ["types.rs", "types/a.rs", "types/a_part_2.rs"]);
    }

    #[test]
    fn a_part_imports_the_functions_of_another_part() {
        let mut finder = piece("a", "", LIMIT - 60);
        finder.uses = ["super::call_a", "super::call_b"].map(str::to_owned).into();
        let calls = [("call_a", 50), ("call_b", 100)].map(|(name, n_lines)| {
            let functions = vec![name.to_owned()];
            Piece { functions, uses: BTreeSet::new(), ..piece("a", "", n_lines) }
        });
        let pieces = [vec![finder], calls.into()].concat();
        let module = Module { path: "dispatch", pieces, is_private: true, ..Module::default() };
        let files = module.files();
        assert_eq!(files.len(), 3);
        assert!(files[1].text.starts_with("use super::call_b;\n"), "{}", &files[1].text[..60]);
        assert!(!files[2].text.contains("use super"));
    }

    #[test]
    fn only_a_public_module_re_exports_its_files() {
        for (is_private, expected) in [(false, "pub use self::a::*;"), (true, "use self::a::*;")] {
            let pieces = vec![piece("a", "A", 2_000)];
            let module = Module { path: "types", pieces, is_private, ..Module::default() };
            let root = &module.files()[0].text;
            assert!(root.lines().any(|line| line == expected), "{root}");
        }
    }

    #[test]
    fn a_file_imports_no_type_that_it_declares() {
        let module =
            Module { path: "types", pieces: vec![piece("a", "A", 2)], ..Module::default() };
        let text = &module.files()[0].text;
        assert_eq!(text, "use std::fmt;\n\nstruct A;\n// a line\n");
    }

    #[test]
    fn a_long_list_of_imports_is_wrapped() {
        let paths: Vec<String> = (10..30).map(|number| format!("super::Name{number}")).collect();
        let text = imports(paths.iter());
        assert!(text.lines().all(|line| line.len() <= 100), "{text}");
        assert!(
            text.starts_with("use super::{\n    Name10, ") && text.ends_with("Name29,\n};\n\n"),
            "{text}"
        );
    }
}
