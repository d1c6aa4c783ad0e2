//! The text of one item to its type, or to the error that names its place.

use std::fmt;

use serde::de::DeserializeOwned;

use super::cursor::Cursor;
use super::source::RawPage;
use crate::decode::decode;
use crate::error::Error;

/// Reads the item of a page that has this index.
pub(super) type ReadItem<T> = fn(&RawPage, usize) -> Result<T, Error>;

/// An item that does not fit its type, in a lossy stream.
///
/// Neither `Display` nor `Debug` shows a value of the item.
#[derive(Debug)]
pub struct ItemError {
    error: Error,
    cursor: Cursor,
}

impl ItemError {
    /// JSON Pointer from the root of the page's answer to the place that does not fit.
    #[must_use]
    pub fn pointer(&self) -> &str {
        self.error.pointer().unwrap_or_default()
    }

    /// The item's JSON text, the first 64 KiB, less the client's credentials.
    ///
    /// It can hold personal data, which is why nothing prints it.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        self.error.body().unwrap_or_default()
    }

    /// The place of the page that the item is on.
    #[must_use]
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// The error that the item would be in a stream that is not lossy.
    #[must_use]
    pub fn into_error(self) -> Error {
        self.error
    }
}

impl fmt::Display for ItemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for ItemError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // Its words are those of `Display` already.
        None
    }
}

/// An item that does not fit is the stream's error.
pub(super) fn strict<T: DeserializeOwned>(page: &RawPage, index: usize) -> Result<T, Error> {
    let raw = page.items.get(index).map_or(&[][..], |item| item);
    // It was read as UTF-8 before.
    let text = std::str::from_utf8(raw).unwrap_or_default();
    let pointer = format!("{}/{index}", page.pointer);
    decode(text, &pointer).map_err(|misfit| page.context.misfit(misfit, raw))
}

/// An item that does not fit is an item.
pub(super) fn lossy<T: DeserializeOwned>(
    page: &RawPage,
    index: usize,
) -> Result<Result<T, ItemError>, Error> {
    Ok(strict(page, index).map_err(|error| ItemError { error, cursor: page.at.clone() }))
}
