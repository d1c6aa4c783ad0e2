//! Describes an operation beyond its parameters and bodies: its list comes in pages (`x-paging`),
//! or the vendor calls it (`x-webhooks`).

use serde::{Deserialize, Serialize};

/// How a list comes in pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paging {
    /// Pointer of the parameter that names the page; `None` where there is only one page.
    pub page: Option<String>,
    /// The number of the first page.
    pub first: u64,
    /// How many items a page has.
    pub size: PageSize,
    /// Place of the list in the answer.
    pub items: String,
    /// Place of the number of items that all pages have together.
    pub total: Option<String>,
    /// Place of the number of this page.
    pub current: Option<String>,
    /// Place of the number of the last page.
    pub last: Option<String>,
    /// Place of the number of the next page, which is null at the end.
    pub next: Option<String>,
}

/// How many items a page has at most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PageSize {
    /// Nobody knows.
    #[default]
    Unsaid,
    /// The number that the parameter of this pointer asks for.
    Asked(String),
    /// A number that the vendor has fixed.
    Fixed(u64),
}

/// A call that the vendor makes to its customer's server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// The header that carries the signature, by which such a call is known.
    pub signature: Option<String>,
}
