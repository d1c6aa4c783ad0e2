//! Turns a file, a folder or a lock into pages with their facts.
//!
//! Invariants:
//!
//! * A page that is given by its file and names no operation is an error. In a folder it is passed
//!   over, because a folder has indexes, but a folder without any operation is an error, too.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use prumo_pages::{Lock, Page};

use crate::screen;
use crate::specs::shown;

/// The ends of the names of pages in a folder.
const ENDINGS: [&str; 10] =
    ["rst", "rest", "md", "markdown", "mdown", "html", "htm", "xhtml", "json", "txt"];

/// How deep folders are searched.
const MAX_FOLDERS: usize = 20;

/// Pages with their facts.
pub(crate) struct Pages {
    /// The pages by name, in the order in which they were read.
    pub(super) pages: Vec<(String, Page)>,
    /// Whether it is one page, given by its file.
    is_one: bool,
}

impl Pages {
    /// Reads a page, a folder of pages, or a lock.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        if path.is_dir() {
            return Ok(Self { pages: folder(path)?, is_one: false });
        }
        let text = text(path)?;
        let name = shown(path, Path::new(""));
        if Lock::is_lock(&text) {
            return Ok(Self { pages: pages_of(&lock_of(&name, &text)?), is_one: false });
        }
        Ok(Self { pages: vec![(name.clone(), page(&name, &text)?)], is_one: true })
    }

    /// Returns the pages by the names that a lock gives them: a file has its own name, without the
    /// folders of the machine on which it was read.
    pub(crate) fn named(self) -> Vec<(String, Page)> {
        let is_one = self.is_one;
        let name = |name: String| match name.rsplit('/').next() {
            Some(file) if is_one => file.to_owned(),
            _ => name,
        };
        self.pages.into_iter().map(|(old, page)| (name(old), page)).collect()
    }

    /// Tells whether it is one page, given by its file.
    pub(crate) fn is_one(&self) -> bool {
        self.is_one
    }

    /// Joins the pages that are to be compared with the `other` ones: if those are one page, only
    /// the page of its name.
    pub(super) fn beside(&self, other: &Self) -> Page {
        if let (false, true, [(name, _)]) = (self.is_one, other.is_one, &other.pages[..]) {
            let lock = Lock::new(self.pages.iter().cloned());
            if let Some(page) = lock.page_named(name) {
                return page.clone();
            }
        }
        let operations = self.pages.iter().flat_map(|(_, page)| page.operations.iter().cloned());
        Page { operations: operations.collect(), faults: Vec::new() }
    }
}

fn lock_of(name: &str, text: &str) -> anyhow::Result<Lock> {
    Lock::read(name, text).map_err(|error| screen::hinted(&error, Some(error.hint())))
}

fn pages_of(lock: &Lock) -> Vec<(String, Page)> {
    lock.pages().map(|(name, page)| (name.to_owned(), page.clone())).collect()
}

/// Reads the pages of a folder and of those below it, by name.
fn folder(root: &Path) -> anyhow::Result<Vec<(String, Page)>> {
    let mut files = Vec::new();
    collect(root, 0, &mut files)?;
    files.sort();
    let mut pages = Vec::new();
    let mut n_without = 0;
    for file in &files {
        let name = shown(file, root);
        match prumo_pages::read(&name, &text(file)?) {
            Ok(page) => pages.push((name, noted(file, page))),
            Err(_) => n_without += 1,
        }
    }
    if pages.is_empty() {
        bail!(
            "`{}` has no page that names an operation\n  hint: give the folder with the files of the docs: {}",
            root.display(),
            ENDINGS.map(|ending| format!("`.{ending}`")).join(", ")
        );
    }
    if n_without > 0 {
        screen::note(&format!("skipped  {n_without} of {} files name no operation", files.len()));
    }
    Ok(pages)
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() && depth < MAX_FOLDERS {
            collect(&path, depth + 1, files)?;
        } else if path.is_file() && ENDINGS.contains(&ending.as_str()) {
            files.push(path);
        }
    }
    Ok(())
}

fn text(path: &Path) -> anyhow::Result<String> {
    Ok(String::from_utf8_lossy(&fs_err::read(path)?).into_owned())
}

/// Reads a page; what could not be read in part is noted on standard error.
fn page(name: &str, text: &str) -> anyhow::Result<Page> {
    let page = prumo_pages::read(name, text)
        .map_err(|error| anyhow!("`{name}`: {error}\n  hint: {}", error.hint()))?;
    Ok(noted(Path::new(name), page))
}

fn noted(path: &Path, page: Page) -> Page {
    for fault in &page.faults {
        screen::note(&format!("{}:{}: {}", path.display(), fault.line, fault.message));
    }
    page
}
