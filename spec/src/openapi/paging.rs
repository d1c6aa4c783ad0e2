//! How a list comes in pages (`x-paging`).

use serde_json::Value;

use super::{Node, SpecError};

/// How a list comes in pages. Parameters are names, places in the response are JSON Pointers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The JSON Pointer to `x-paging`.
    pub at: String,
    /// How a client requests pages.
    pub style: Option<PagingStyle>,
    /// The parameter with the page's number; `None` if there is only one page.
    pub page: Option<String>,
    /// The number of the first page.
    pub first: u64,
    /// The number of items in a page.
    pub size: Option<PageSize>,
    /// Place of the list.
    pub items: String,
    /// Place of the number of items in all pages.
    pub total: Option<String>,
    /// Place of this page's number.
    pub current: Option<String>,
    /// Place of the last page's number.
    pub last: Option<String>,
    /// Place of the next page's number, which is null at the end.
    pub next: Option<String>,
    /// How a client recognizes the last page.
    pub end: Option<PagingEnd>,
    /// The response behind the last page.
    pub behind: Option<PageBehind>,
}

/// The greatest number of items in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageSize {
    /// The value of this parameter.
    Parameter(String),
    /// A number that the vendor has fixed.
    Fixed(u64),
}

/// How a client requests pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingStyle {
    /// By number.
    Pages,
    /// By number; the response describes its pages as Laravel's paginator does.
    Paginator,
    /// A single page of the requested length.
    Limit,
}

/// How a client recognizes the last page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingEnd {
    /// The response has the last page's number.
    LastPage,
    /// The response has no next page's number.
    NextPage,
    /// The page behind it has no items.
    EmptyPage,
    /// The page behind it is refused with status 404.
    NotFound,
}

/// The response behind the last page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageBehind {
    /// The page behind it has no items.
    EmptyPage,
    /// The page behind it is refused with status 404.
    NotFound,
}

impl PagingStyle {
    /// The spec's word for each.
    pub const WORDS: [(&str, Self); 3] =
        [("pages", Self::Pages), ("paginator", Self::Paginator), ("limit", Self::Limit)];
}

impl PagingEnd {
    /// The spec's word for each.
    pub const WORDS: [(&str, Self); 4] = [
        ("last-page", Self::LastPage),
        ("next-page", Self::NextPage),
        ("empty-page", Self::EmptyPage),
        ("not-found", Self::NotFound),
    ];
}

impl PageBehind {
    /// The spec's word for each.
    pub const WORDS: [(&str, Self); 2] =
        [("empty-page", Self::EmptyPage), ("not-found", Self::NotFound)];
}

impl Paging {
    pub(super) fn read(node: &Node<'_>) -> Result<Self, SpecError> {
        node.members("a mapping")?;
        let place = |name: &str| match node.text(name)? {
            Some(pointer) if !pointer.starts_with('/') => {
                Err(node.expected(name, "a JSON Pointer"))
            }
            pointer => Ok(pointer.map(str::to_owned)),
        };
        let Some(items) = place("items")? else {
            return Err(node.fault(super::SpecFault::Expected { expected: "`items`" }));
        };
        let size = match node.get("size") {
            None => None,
            Some(Value::String(name)) => Some(PageSize::Parameter(name.clone())),
            Some(Value::Number(size)) if size.as_u64() > Some(0) => {
                size.as_u64().map(PageSize::Fixed)
            }
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

/// Returns the meaning of a word, or `None` for an unknown word, of which the lint complains.
fn word<T: Copy>(node: &Node<'_>, name: &str, words: &[(&str, T)]) -> Option<T> {
    let said = node.words(name);
    words.iter().find(|(word, _)| *word == said).map(|(_, meaning)| *meaning)
}
