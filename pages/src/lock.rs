//! Turns the facts of a vendor's pages into the text of a lock file and back.
//!
//! A lock file is what a project keeps of the docs: facts with their pages and lines. Two of them, or
//! one and a page, are compared like two pages, and a spec is checked against one without a socket.
//!
//! Invariants:
//!
//! * A lock holds no sentence of the vendor. Where a fact is a sentence, such as the condition of a
//!   requirement, the lock has its fingerprint, so that a change of it is still seen.
//! * The same facts yield the same bytes, whatever the order of pages, operations and tables.
//! * Reading what was written yields the same lock.

mod fingerprint;
mod read;
mod write;

use std::collections::BTreeMap;

use crate::facts::{Operation, Page, Parameter, Requirement, Told};
pub(crate) use fingerprint::{comparable, comparable_text, comparable_value};
pub use read::{LockError, LockFault};

/// The facts of a vendor's pages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    pages: BTreeMap<String, Page>,
}

impl Lock {
    /// Takes the facts of pages, by the name of each. Pages of one name are joined.
    #[must_use]
    pub fn new(pages: impl IntoIterator<Item = (String, Page)>) -> Self {
        let mut lock = Self::default();
        for (name, page) in pages {
            let known = lock.pages.entry(name.clone()).or_default();
            let operations = page.operations.into_iter().map(|one| facts_of(&name, one));
            known.operations.extend(operations);
            known.operations.sort_by(|a, b| order(a).cmp(&order(b)));
        }
        lock.pages.retain(|_, page| !page.operations.is_empty());
        lock
    }

    /// Reads the text of a lock; `file` is its name in errors.
    ///
    /// # Errors
    ///
    /// The text is no lock: the error has the place.
    pub fn read(file: &str, text: &str) -> Result<Self, LockError> {
        read::lock(file, text)
    }

    /// Tells whether a text is meant as a lock: its first key says so.
    #[must_use]
    pub fn is_lock(text: &str) -> bool {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.next().is_some_and(|line| line.starts_with("docs:"))
    }

    /// Returns the text of the file.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        write::yaml(self)
    }

    /// Returns the pages by name.
    pub fn pages(&self) -> impl Iterator<Item = (&str, &Page)> {
        self.pages.iter().map(|(name, page)| (name.as_str(), page))
    }

    /// Returns the page of a name, or the only one whose name ends in the same file.
    #[must_use]
    pub fn page_named(&self, name: &str) -> Option<&Page> {
        self.pages.get(self.name_of(name)?)
    }

    /// Returns the lock's own name of that page.
    #[must_use]
    pub fn name_of(&self, name: &str) -> Option<&str> {
        let file = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let exact = self.pages.keys().find(|known| *known == name);
        let mut alike = self.pages.keys().filter(|known| file(known) == file(name));
        let only = alike.next().filter(|_| alike.next().is_none());
        exact.or(only).map(String::as_str)
    }

    /// Joins all pages into one.
    #[must_use]
    pub fn whole(&self) -> Page {
        let operations = self.pages.values().flat_map(|page| page.operations.iter().cloned());
        Page { operations: operations.collect(), faults: Vec::new() }
    }

    fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }
}

/// Decides the order of operations.
fn order(operation: &Operation) -> (&str, &str, usize) {
    (&operation.path, &operation.method, operation.line)
}

/// Keeps the facts of an operation, in the order of their names.
fn facts_of(page: &str, mut operation: Operation) -> Operation {
    operation.page = page.to_owned();
    operation.titles.retain(|title| is_id(title));
    operation.titles.sort();
    operation.titles.dedup();
    operation.headers.sort_by(|a, b| (&a.value, a.line).cmp(&(&b.value, b.line)));
    operation.parameters.iter_mut().for_each(facts_of_parameter);
    operation
        .parameters
        .sort_by(|a, b| (a.place, &a.name, a.line).cmp(&(b.place, &b.name, b.line)));
    operation.response.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    operation
}

fn facts_of_parameter(parameter: &mut Parameter) {
    if let Some(Told { value: Requirement::When(condition), .. }) = &mut parameter.required {
        *condition = comparable(condition);
    }
    if let Some(default) = &mut parameter.default {
        default.value = fingerprint::of_default(&default.value);
    }
    for told in &mut parameter.values {
        told.value = comparable_text(&told.value);
    }
    for told in parameter.constraints.values_mut() {
        told.value = comparable_text(&told.value);
    }
}

/// Tells whether a title is the id of a request and not its name.
pub(crate) fn is_id(title: &str) -> bool {
    title.len() >= 32 && title.contains('-') && !title.contains(char::is_whitespace)
}
