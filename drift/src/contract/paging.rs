//! Describes an operation whose list comes in pages (`x-paging`), or that the vendor calls
//! (`x-webhooks`).

use serde::{Deserialize, Serialize};

/// The paging of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paging {
    /// Pointer of the parameter with the page's number; `None` if there is only one page.
    pub page: Option<String>,
    /// The number of the first page.
    pub first: u64,
    /// The number of items in a page.
    pub size: PageSize,
    /// Place of the list in the response.
    pub items: String,
    /// Place of the number of items in all pages.
    pub total: Option<String>,
    /// Place of this page's number.
    pub current: Option<String>,
    /// Place of the last page's number.
    pub last: Option<String>,
    /// Place of the next page's number, which is null at the end.
    pub next: Option<String>,
}

/// The greatest number of items in a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PageSize {
    /// Unknown.
    #[default]
    Unsaid,
    /// The value of the parameter with this pointer.
    Asked(String),
    /// A number that the vendor has fixed.
    Fixed(u64),
}

/// A call that the vendor makes to its customer's server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// The header with the signature, which identifies such a call.
    pub signature: Option<String>,
}
