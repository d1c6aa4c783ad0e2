//! How a list comes in pages (`x-paging`).

use serde_json::Value;

use super::{Node, SpecError};

/// How a list comes in pages. Parameters are names, places in the answer are JSON Pointers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// Where it is written.
    pub at: String,
    /// How pages are asked for.
    pub style: Option<PagingStyle>,
    /// The parameter that names the page; `None` where only one page exists.
    pub page: Option<String>,
    /// The number of the first page.
    pub first: u64,
    /// How many items a page has.
    pub size: Option<PageSize>,
    /// Place of the list.
    pub items: String,
    /// Place of the number of items that all pages have together.
    pub total: Option<String>,
    /// Place of the number of this page.
    pub current: Option<String>,
    /// Place of the number of the last page.
    pub last: Option<String>,
    /// Place of the number of the next page, which is null at the end.
    pub next: Option<String>,
    /// What tells the last page.
    pub end: Option<PagingEnd>,
    /// What is behind the last page.
    pub behind: Option<PageBehind>,
}

/// How many items a page has at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageSize {
    /// As many as this parameter asks for.
    Parameter(String),
    /// As many as the vendor has fixed.
    Fixed(u64),
}

/// How pages are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingStyle {
    /// By number.
    Pages,
    /// By number, and the answer tells of its pages as Laravel's paginator does.
    Paginator,
    /// One page, as long as is asked for.
    Limit,
}

/// What tells the last page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingEnd {
    /// Its number is told.
    LastPage,
    /// No next page is told.
    NextPage,
    /// A page without items.
    EmptyPage,
    /// A refusal with status 404.
    NotFound,
}

/// What is behind the last page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageBehind {
    /// A page without items.
    EmptyPage,
    /// A refusal with status 404.
    NotFound,
}

impl PagingStyle {
    /// The words of the spec.
    pub const WORDS: [(&str, Self); 3] =
        [("pages", Self::Pages), ("paginator", Self::Paginator), ("limit", Self::Limit)];
}

impl PagingEnd {
    /// The words of the spec.
    pub const WORDS: [(&str, Self); 4] = [
        ("last-page", Self::LastPage),
        ("next-page", Self::NextPage),
        ("empty-page", Self::EmptyPage),
        ("not-found", Self::NotFound),
    ];
}

impl PageBehind {
    /// The words of the spec.
    pub const WORDS: [(&str, Self); 2] = [("empty-page", Self::EmptyPage), ("not-found", Self::NotFound)];
}

impl Paging {
    pub(super) fn read(node: &Node<'_>) -> Result<Self, SpecError> {
        node.members("a mapping")?;
        let place = |name: &str| match node.text(name)? {
            Some(pointer) if !pointer.starts_with('/') => Err(node.expected(name, "a JSON Pointer")),
            pointer => Ok(pointer.map(str::to_owned)),
        };
        let Some(items) = place("items")? else {
            return Err(node.fault(super::SpecFault::Expected { expected: "`items`" }));
        };
        let size = match node.get("size") {
            None => None,
            Some(Value::String(name)) => Some(PageSize::Parameter(name.clone())),
            Some(Value::Number(size)) if size.as_u64() > Some(0) => size.as_u64().map(PageSize::Fixed),
            Some(_) => return Err(node.expected("size", "the name of a parameter, or a number")),
        };
        Ok(Self {
            at: node.at().to_owned(),
            style: word(node, "style", &PagingStyle::WORDS),
            page: node.text("page")?.map(str::to_owned),
            first: node.get("first").and_then(Value::as_u64).unwrap_or_default(),
            size,
            items,
            total: place("total")?,
            current: place("current")?,
            last: place("last")?,
            next: place("next")?,
            end: word(node, "end", &PagingEnd::WORDS),
            behind: word(node, "behind", &PageBehind::WORDS),
        })
    }
}

/// The meaning of a word; one that is not known has none, which the lint says.
fn word<T: Copy>(node: &Node<'_>, name: &str, words: &[(&str, T)]) -> Option<T> {
    let said = node.words(name);
    words.iter().find(|(word, _)| *word == said).map(|(_, meaning)| *meaning)
}
