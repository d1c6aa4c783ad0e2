//! Decides which format a page has, and reads it.

use crate::block::Block;
use crate::draft::Draft;
use crate::facts::Page;
use crate::json;
use crate::origin::Origin;
use crate::{flat, html, markdown, outline, postman, rst};

/// The format of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// reStructuredText, as Sphinx reads it.
    Rst,
    /// A Postman collection.
    Postman,
    /// HTML.
    Html,
    /// Markdown.
    Markdown,
    /// The text of a help page without its markup.
    Text,
}

/// A page that yields no operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// The text is empty.
    #[error("the page is empty")]
    Empty,
    /// The text is JSON, and no Postman collection.
    #[error("the page is JSON, but no Postman collection")]
    NotACollection,
    /// The text names no method with an address.
    #[error("the page names no operation: no address of an API was found")]
    NoOperation,
}

impl PageError {
    /// Returns what mends it, for the line after the error.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Empty => {
                "fetch the page again: a page that turned empty says nothing about the API"
            }
            Self::NotACollection => "export the collection in the format v2.0 or v2.1",
            Self::NoOperation => {
                "give a page that documents an operation, such as `GET /customers`, not an index or a login page"
            }
        }
    }
}

/// Reads a page. The format is taken from the file's `name`, or from the text.
///
/// # Errors
///
/// The page yields no operation.
pub fn read(name: &str, text: &str) -> Result<Page, PageError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(PageError::Empty);
    }
    let mut page = match Format::of(name, text) {
        Format::Postman => collection(text)?,
        Format::Rst => of_blocks(&rst::blocks(text)),
        Format::Html => of_blocks(&html::blocks(text, Origin::lines_from(1))),
        Format::Markdown => of_blocks(&markdown::blocks(text, Origin::lines_from(1))),
        Format::Text => of_blocks(&flat::blocks(text)),
    };
    for operation in &mut page.operations {
        name.clone_into(&mut operation.page);
    }
    if page.operations.is_empty() { Err(PageError::NoOperation) } else { Ok(page) }
}

fn collection(text: &str) -> Result<Page, PageError> {
    let mut reading = json::read(text, Origin::lines_from(1));
    let root = reading.roots.first().filter(|root| postman::is_collection(root));
    // Some exports wrap the collection.
    let wrapped = reading.roots.first().and_then(|root| root.get("collection"));
    let root = root.or(wrapped.filter(|root| postman::is_collection(root)));
    let mut page = postman::page(root.ok_or(PageError::NotACollection)?);
    reading.faults.append(&mut page.faults);
    page.faults = reading.faults;
    Ok(page)
}

fn of_blocks(blocks: &[Block]) -> Page {
    let (drafts, faults) = outline::page(blocks);
    Page { operations: drafts.into_iter().map(Draft::finish).collect(), faults }
}

impl Format {
    fn of(name: &str, text: &str) -> Self {
        let start = text.trim_start();
        if start.starts_with('{') {
            return Self::Postman;
        }
        let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match extension.as_deref() {
            Some("rst" | "rest") => Self::Rst,
            Some("json") => Self::Postman,
            Some("html" | "htm" | "xhtml") => Self::Html,
            Some("md" | "markdown" | "mdown") => Self::Markdown,
            _ => Self::sniffed(start),
        }
    }

    fn sniffed(text: &str) -> Self {
        let head: String = text.chars().take(20_000).collect();
        let small = head.to_ascii_lowercase();
        let is_html = small.starts_with("<!doctype")
            || small.starts_with("<html")
            || ["<body", "<table", "<p>", "<div"].iter().any(|tag| small.contains(tag));
        if is_html {
            return Self::Html;
        }
        let has_line = |test: &dyn Fn(&str) -> bool| head.lines().any(test);
        if has_line(&|line| line.trim_end().ends_with("::") || line.starts_with(".. ")) {
            return Self::Rst;
        }
        if has_line(&|line| {
            line.starts_with("# ")
                || line.starts_with("## ")
                || line.starts_with("```")
                || line.starts_with("| ")
        }) {
            return Self::Markdown;
        }
        Self::Text
    }
}
