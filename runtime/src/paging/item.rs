//! Decodes an item into its type, or returns an error with its place.

use std::fmt;

use serde::de::DeserializeOwned;

use super::cursor::Cursor;
use super::source::RawPage;
use crate::decode::decode;
use crate::error::Error;

/// A function that decodes the item with this index on a page.
pub(super) type ReadItem<T> = fn(&RawPage, usize) -> Result<T, Error>;

/// An item of a lossy stream that does not fit its type.
///
/// Neither `Display` nor `Debug` shows a value of the item.
#[derive(Debug)]
pub struct ItemError {
    error: Error,
    cursor: Cursor,
}

impl ItemError {
    /// Returns the JSON Pointer from the root of the page's response to the place that does not
    /// fit.
    #[must_use]
    pub fn pointer(&self) -> &str {
        self.error.pointer().unwrap_or_default()
    }

    /// Returns the first 64 KiB of the item's JSON text, without the client's credentials.
    ///
    /// They can contain personal data, so they are never printed.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        self.error.body().unwrap_or_default()
    }

    /// Returns the cursor of the item's page.
    #[must_use]
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// Returns the error that a stream that is not lossy would return for the item.
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
        // `Display` already shows its text.
        None
    }
}

/// Decodes an item. A misfit is an error of the stream.
pub(super) fn strict<T: DeserializeOwned>(page: &RawPage, index: usize) -> Result<T, Error> {
    let raw = page.items.get(index).map_or(&[][..], |item| item);
    // Already validated as UTF-8.
    let text = std::str::from_utf8(raw).unwrap_or_default();
    let pointer = format!("{}/{index}", page.pointer);
    decode(text, &pointer).map_err(|misfit| page.context.misfit(misfit, raw))
}

/// Decodes an item. A misfit is an item of the stream.
pub(super) fn lossy<T: DeserializeOwned>(
    page: &RawPage,
    index: usize,
) -> Result<Result<T, ItemError>, Error> {
    Ok(strict(page, index).map_err(|error| ItemError { error, cursor: page.at.clone() }))
}
