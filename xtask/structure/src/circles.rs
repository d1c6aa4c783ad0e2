//! Decides whether the top-level modules of a hand-written crate form a circle.
//!
//! Reads the sources of every library and program by their `mod` items, and takes each path that
//! starts with `crate::` or `super::`, in `use` items, code and macros alike.
//!
//! Invariants:
//!
//! * Test code does not count: tests may look wherever they like.
//! * `lib.rs` and `main.rs` are the frame and no modules. An item that is used by its re-export
//!   there counts for the module that it comes from. Where the root re-exports all of a module, a
//!   name that it does not spell out counts for that module.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, Item, ItemMod, UseTree};

use crate::graph::Graph;

/// The top-level modules of a crate, and which others each of them uses.
#[derive(Default)]
struct Modules {
    /// The modules that `lib.rs` or `main.rs` declares.
    names: BTreeSet<String>,
    /// The names that the root imports or re-exports, with the module of each.
    imported: BTreeMap<String, String>,
    /// The modules of which the root re-exports all.
    starred: BTreeSet<String>,
    /// The using and the used module, with one file that shows the use.
    uses: BTreeMap<(String, String), PathBuf>,
    /// Places where a `*` hides what is used.
    globs: Vec<String>,
}

/// The place of a piece of source.
struct Position<'a> {
    /// The names of the modules around it, the top-level module first.
    modules: &'a [String],
    file: &'a Path,
}

/// Lists the breaches in the repository at `root`.
///
/// # Errors
///
/// A source cannot be read or is not Rust.
pub fn check(root: &Path) -> anyhow::Result<Vec<String>> {
    let graph = Graph::read(root)?;
    let mut wrong = Vec::new();
    for package in graph.members().filter(|package| !package.is_client()) {
        for file in package.roots() {
            let modules = Modules::read(file)?;
            let circles = modules.circles();
            wrong
                .extend(circles.iter().map(|circle| modules.sentence(&package.name, circle, root)));
            let hidden =
                |place| format!("{}: a `*` hides which names it imports in {place}", package.name);
            wrong.extend(modules.globs.iter().map(hidden));
        }
    }
    Ok(wrong)
}

impl Modules {
    /// Reads a crate from its `lib.rs` or `main.rs`.
    fn read(root: &Path) -> anyhow::Result<Self> {
        let items = items_of(root)?;
        let mut modules = Self::default();
        for item in &items {
            if let Item::Mod(module) = item {
                modules.names.insert(module.ident.to_string());
            }
        }
        for item in &items {
            if let Item::Use(import) = item {
                modules.note_imports(None, &import.tree);
            }
        }
        for item in &items {
            if let Item::Mod(module) = item {
                modules.read_module(module, &Position { modules: &[], file: root })?;
            }
        }
        Ok(modules)
    }

    /// Notes the names under which the root imports items of its modules.
    fn note_imports(&mut self, module: Option<&str>, tree: &UseTree) {
        let mut note = |name: String| {
            if let Some(module) = module {
                self.imported.insert(name, module.to_owned());
            }
        };
        match tree {
            UseTree::Path(path) => {
                let name = path.ident.to_string();
                if module.is_some() || name == "self" || name == "crate" {
                    self.note_imports(module, &path.tree);
                } else if self.names.contains(&name) {
                    self.note_imports(Some(&name), &path.tree);
                }
            }
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.note_imports(module, tree))
            }
            UseTree::Name(name) => note(name.ident.to_string()),
            UseTree::Rename(rename) => note(rename.rename.to_string()),
            UseTree::Glob(_) => self.starred.extend(module.map(str::to_owned)),
        }
    }

    fn read_module(&mut self, module: &ItemMod, around: &Position<'_>) -> anyhow::Result<()> {
        let modules = [around.modules, &[module.ident.to_string()]].concat();
        let (items, file) = match &module.content {
            Some((_, items)) => (without_tests(items.clone()), around.file.to_owned()),
            None => {
                let file = file_of(module, around)?;
                (items_of(&file)?, file)
            }
        };
        let here = Position { modules: &modules, file: &file };
        for item in items {
            match item {
                Item::Mod(inner) => self.read_module(&inner, &here)?,
                item => self.read_tokens(item.to_token_stream(), &here),
            }
        }
        Ok(())
    }

    /// Finds the paths in a piece of source.
    fn read_tokens(&mut self, tokens: TokenStream, here: &Position<'_>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            let rest = &tokens[index + 1..];
            match token {
                TokenTree::Group(group) => self.read_tokens(group.stream(), here),
                // The later parts of a path were read with its first part.
                TokenTree::Ident(_) if index > 0 && is_colon(&tokens[index - 1]) => (),
                TokenTree::Ident(word) if word == "crate" => self.read_path(rest, 0, here),
                TokenTree::Ident(word) if word == "super" => {
                    self.read_path(rest, here.modules.len().saturating_sub(1), here);
                }
                TokenTree::Ident(word) if word == "self" => {
                    self.read_path(rest, here.modules.len(), here)
                }
                _ => (),
            }
        }
    }

    /// Reads the rest of a path after `crate`, `super` or `self`; `depth` is the module level it is
    /// at.
    fn read_path(&mut self, rest: &[TokenTree], depth: usize, here: &Position<'_>) {
        if let [first, second, rest @ ..] = rest
            && is_colon(first)
            && is_colon(second)
        {
            self.read_names(rest, depth, here);
        }
    }

    fn read_names(&mut self, names: &[TokenTree], depth: usize, here: &Position<'_>) {
        match names {
            [TokenTree::Ident(word), rest @ ..] if word == "super" => {
                self.read_path(rest, depth.saturating_sub(1), here);
            }
            [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Brace => {
                let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
                let is_comma =
                    |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ',');
                tokens.split(is_comma).for_each(|names| self.read_names(names, depth, here));
            }
            [TokenTree::Ident(name), ..] if depth == 0 => self.note(&name.to_string(), here),
            [TokenTree::Punct(star), ..] if depth == 0 && star.as_char() == '*' => {
                self.globs.push(format!("`{}`, of the root", here.file.display()));
            }
            _ => (),
        }
    }

    /// Notes that the module around `here` uses `name` of the root.
    fn note(&mut self, name: &str, here: &Position<'_>) {
        let Some(user) = here.modules.first() else {
            return;
        };
        let is_module = self.names.contains(name);
        let spelled =
            if is_module { Some(name) } else { self.imported.get(name).map(String::as_str) };
        let starred = self.starred.iter().map(String::as_str).filter(|_| spelled.is_none());
        for used in spelled.into_iter().chain(starred).filter(|used| used != user) {
            self.uses
                .entry((user.clone(), used.to_owned()))
                .or_insert_with(|| here.file.to_owned());
        }
    }

    /// Lists the largest groups of modules that use each other, directly or indirectly.
    fn circles(&self) -> BTreeSet<BTreeSet<&str>> {
        let reached: BTreeMap<&str, BTreeSet<&str>> =
            self.names.iter().map(|name| (name.as_str(), self.reached_from(name))).collect();
        let circle = |name: &&str| -> BTreeSet<&str> {
            let from_here = &reached[*name];
            from_here.iter().filter(|other| reached[**other].contains(*name)).copied().collect()
        };
        reached.keys().map(circle).filter(|circle| !circle.is_empty()).collect()
    }

    fn reached_from<'a>(&'a self, module: &'a str) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![module];
        while let Some(user) = open.pop() {
            let used =
                self.uses.keys().filter(|(from, _)| from == user).map(|(_, used)| used.as_str());
            open.extend(used.filter(|used| reached.insert(*used)));
        }
        reached
    }

    fn sentence(&self, package: &str, circle: &BTreeSet<&str>, root: &Path) -> String {
        let within = self.uses.iter().filter(|((user, used), _)| {
            circle.contains(user.as_str()) && circle.contains(used.as_str())
        });
        let lines = within.map(|((user, used), file)| {
            format!(
                "\n    {user} -> {used}, in {}",
                file.strip_prefix(root).unwrap_or(file).display()
            )
        });
        let names: Vec<&str> = circle.iter().copied().collect();
        format!("{package}: {}{}", names.join(", "), lines.collect::<String>())
    }
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}

/// Returns the file of a `mod name;`.
fn file_of(module: &ItemMod, around: &Position<'_>) -> anyhow::Result<PathBuf> {
    let name = module.ident.to_string();
    let is_root = around.modules.is_empty() || around.file.ends_with("mod.rs");
    let folder =
        if is_root { around.file.with_file_name("") } else { around.file.with_extension("") };
    let files = [folder.join(&name).with_extension("rs"), folder.join(&name).join("mod.rs")];
    let found = files.into_iter().find(|file| file.is_file());
    found.with_context(|| {
        format!("`{}` declares `mod {name}`, which has no file", around.file.display())
    })
}

/// Returns the items of a file, except those for tests only.
fn items_of(file: &Path) -> anyhow::Result<Vec<Item>> {
    let source = fs_err::read_to_string(file)?;
    let parsed =
        syn::parse_file(&source).with_context(|| format!("`{}` is not Rust", file.display()))?;
    Ok(without_tests(parsed.items))
}

fn without_tests(items: Vec<Item>) -> Vec<Item> {
    items.into_iter().filter(|item| !attributes(item).iter().any(is_for_tests)).collect()
}

fn is_for_tests(attribute: &Attribute) -> bool {
    let is_cfg = attribute.path().is_ident("cfg");
    is_cfg && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes the files of a crate and returns its circles, each as its modules.
    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, source) in files {
            let path = folder.path().join(name);
            fs_err::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs_err::write(path, source).expect("a file");
        }
        let modules = Modules::read(&folder.path().join("lib.rs")).expect("a crate");
        modules
            .circles()
            .iter()
            .map(|circle| circle.iter().copied().collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// Returns the circles of a crate whose module `a` is `source` and whose module `b` uses `a`.
    fn with_a(source: &str) -> Vec<String> {
        let lib = "mod a; mod b; pub use b::{Bee, inner::Sea as See};";
        circles(&[("lib.rs", lib), ("a.rs", source), ("b.rs", "use crate::a::A; pub mod inner {}")])
    }

    #[test]
    fn a_name_that_the_root_does_not_spell_out_counts_for_what_it_re_exports_whole() {
        let with = |lib, source| {
            circles(&[("lib.rs", lib), ("a.rs", source), ("b.rs", "use crate::a::A;")])
        };
        assert_eq!(with("mod a; mod b; pub use b::*;", "use crate::Bee;"), ["a b"]);
        assert_eq!(with("mod a; mod b; pub use b::*; pub use a::A;", "use crate::A;"), [""; 0]);
        assert_eq!(with("mod a; mod b;", "use crate::Bee;"), [""; 0]);
    }

    #[test]
    fn a_use_of_the_other_module_closes_the_circle() {
        let closing = [
            ("a use line", "use crate::b::Bee;"),
            ("a use line by the parent", "use super::b::Bee;"),
            ("one of a group", "use std::fmt; use crate::{c::D, b::{self, Bee}};"),
            ("a path in code", "fn f() -> u8 { 1 + crate::b::one() }"),
            ("a path in a macro", "fn f() { println!(\"{}\", crate::b::ONE); }"),
            ("a macro's own crate", "macro_rules! m { () => { $crate::b::one() } }"),
            ("a path in an attribute", "#[derive(crate::b::Bee)] struct A;"),
            ("the re-export of the root", "use crate::Bee;"),
            ("the re-export under another name", "use super::See;"),
            ("the parent of an inner module", "mod inner { use super::super::b::Bee; }"),
            ("the parent, from itself", "mod inner { use self::super::super::b::Bee; }"),
        ];
        for (what, source) in closing {
            assert_eq!(with_a(source), ["a b"], "{what}");
        }
    }

    #[test]
    fn any_other_path_closes_none() {
        let open = [
            ("nothing", ""),
            (
                "itself",
                "use crate::a::inner::X; pub mod inner { use super::b::Bee; pub struct X; }",
            ),
            ("a module of its own with that name", "use self::b::Bee; mod b { pub struct Bee; }"),
            ("another crate", "use other::b::Bee; use ::b::Bee;"),
            ("a name that is longer", "use crate::bee::Bee;"),
            ("a link of the docs", "/// See [`crate::b::Bee`].\nstruct A;"),
            ("a text", "const A: &str = \"crate::b::Bee\";"),
            ("tests", "#[cfg(test)] mod tests { use crate::b::Bee; }"),
            ("a file of tests", "#[cfg(test)] mod tests;"),
            ("a function for tests", "#[cfg(test)] fn f() { crate::b::one() }"),
            ("an item of the root itself", "use crate::Root;"),
            ("a visibility", "pub(in crate::a) struct A;"),
        ];
        for (what, source) in open {
            assert_eq!(with_a(source), [""; 0], "{what}");
        }
    }

    #[test]
    fn a_circle_leads_through_files_below_a_module_and_over_more_than_two() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c; mod d; mod e { use crate::d::D; }"),
            ("a.rs", "mod deep;"),
            ("a/deep.rs", "mod deeper;"),
            ("a/deep/deeper.rs", "use super::super::super::b::B;"),
            ("b/mod.rs", "mod inner;"),
            ("b/inner.rs", "use crate::c::C;"),
            ("c.rs", "use crate::a::A; use crate::d::D;"),
            ("d.rs", "use crate::e::E;"),
        ];
        assert_eq!(circles(&files), ["a b c", "d e"]);
    }

    #[test]
    fn a_circle_is_told_with_the_files_that_close_it() {
        let modules = Modules {
            names: ["a", "b", "c"].map(str::to_owned).into(),
            uses: [("a", "b"), ("b", "a"), ("c", "a")]
                .map(|(user, used)| {
                    ((user.to_owned(), used.to_owned()), format!("/x/{user}.rs").into())
                })
                .into(),
            ..Modules::default()
        };
        let told = modules.sentence("alfa", &["a", "b"].into(), Path::new("/x"));
        assert_eq!(told, "alfa: a, b\n    a -> b, in a.rs\n    b -> a, in b.rs");
    }
}
