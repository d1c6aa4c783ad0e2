//! Turns a paged list into a stream of its pages or items.
//!
//! `source` requests one page after another, as the operation's row in the table says, and
//! `page_info` reads a page's metadata. This module decodes the items one by one, so that an item
//! that does not fit does not affect the others.
//!
//! Invariants:
//!
//! * At most one page is requested at a time, and none before the caller waits for it. The caller
//!   may drop the wait and resume it later.
//! * An error of one item is returned and the stream goes on. An error of a whole page ends the
//!   stream, and the cursor stays at that page.

mod cursor;
mod item;
mod page_info;
mod source;

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::de::DeserializeOwned;

use self::item::{ReadItem, lossy, strict};
use self::source::{PageSource, RawPage};
use crate::call::{Call, Ready};
use crate::error::Error;

pub use self::cursor::{Cursor, CursorError};
pub use self::item::ItemError;

/// One page of a list.
///
/// `Debug` shows no item, because it may contain personal data.
#[derive(Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items that fit. In a [lossy](Pages::lossy) stream also the errors of the others.
    pub items: Vec<T>,
    /// Number of the page in the vendor's numbering.
    pub number: u64,
    /// Number of items on all pages, if the vendor reports it. It can change between pages.
    pub total: Option<u64>,
    /// Cursor of the next page, `None` on the last page.
    pub cursor: Option<Cursor>,
}

impl<T> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("number", &self.number)
            .field("n_items", &self.items.len())
            .field("total", &self.total)
            .field("cursor", &self.cursor)
            .finish()
    }
}

/// A stream of the pages of a list, returned by `pages()` of an operation's builder.
///
/// It implements [`Stream`], but [`Pages::next`] needs no other crate. Each page is an ordinary
/// call: it waits for its turn and is retried where that is safe.
///
/// # Errors
///
/// An item that does not fit its type is an error of its own ([`Error::is_decode`], with the item's
/// place in [`Error::pointer`] and only the item in [`Error::body`]), after which the stream goes
/// on: first come the errors of a page's items, then the page with the items that fit. With
/// [`Pages::lossy`] these errors are items instead.
///
/// If a whole page fails, its error is the last element of the stream. [`Pages::cursor`] stays at
/// that page, for a later [`Pages::resume`].
///
/// # Lists that change
///
/// A vendor computes its pages anew for each request. If rows are added or removed between two
/// requests, later rows move, so that a row may appear twice or not at all. Sort by a value that
/// does not change, such as the creation date, or restrict the list to a period that is over. Drop
/// duplicates by their id, and read again what may be missing.
pub struct Pages<'c, T> {
    source: PageSource<'c>,
    read: ReadItem<T>,
    /// Elements to return before the next page is requested.
    held: VecDeque<Result<Page<T>, Error>>,
}

impl<'c, T: DeserializeOwned> Pages<'c, T> {
    /// Creates a stream from a call of a paged operation. `finish` adds the body to each page's
    /// request.
    #[doc(hidden)]
    pub fn new(call: Call<'c>, finish: impl Fn(Call<'c>) -> Ready<'c> + Send + 'c) -> Self {
        Self {
            source: PageSource::new(call, Box::new(finish)),
            read: strict::<T>,
            held: VecDeque::new(),
        }
    }

    /// Treats a response without the list, or with null in its place, as an empty page.
    #[doc(hidden)]
    #[must_use]
    pub fn or_none(mut self) -> Self {
        self.source.may_be_missing();
        self
    }

    /// Returns items that do not fit as [`ItemError`]s in their place.
    #[must_use]
    pub fn lossy(self) -> Pages<'c, Result<T, ItemError>> {
        Pages { source: self.source, read: lossy::<T>, held: VecDeque::new() }
    }
}

impl<'c, T> Pages<'c, T> {
    /// Starts at the page of a cursor, with the parameters that the cursor was created with.
    ///
    /// A cursor of another operation or page size is an error, which is the first element of the
    /// stream. Nothing is sent.
    #[must_use]
    pub fn resume(mut self, cursor: &Cursor) -> Self {
        self.source.resume(cursor);
        self
    }

    /// Limits the number of pages, which is 100,000 by default.
    ///
    /// If there are more, the next element is an error. The limit guards against a list that never
    /// ends; to read only the first pages, stop reading.
    #[must_use]
    pub fn max_pages(mut self, max_pages: u64) -> Self {
        self.source.max_pages = max_pages;
        self
    }

    /// Returns a stream of the items of all pages.
    #[must_use]
    pub fn items(self) -> Items<'c, T> {
        Items { source: self.source, read: self.read, page: None }
    }

    /// Returns the cursor of the next page to request, or `None` at the end.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.source.cursor()
    }

    /// Returns the next page, or `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error>> {
        poll_fn(|task| Pin::new(&mut *self).poll_next(task)).await
    }

    fn hold(&mut self, page: RawPage) {
        let mut items = Vec::with_capacity(page.items.len());
        for index in 0..page.items.len() {
            match (self.read)(&page, index) {
                Ok(item) => items.push(item),
                Err(error) => self.held.push_back(Err(error)),
            }
        }
        let RawPage { number, total, next: cursor, .. } = page;
        self.held.push_back(Ok(Page { items, number, total, cursor }));
    }
}

/// No field is structurally pinned.
impl<T> Unpin for Pages<'_, T> {}

impl<T> Stream for Pages<'_, T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.held.is_empty() {
            match ready!(self.source.poll_next(task)) {
                Some(Ok(page)) => self.hold(page),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        Poll::Ready(self.held.pop_front())
    }
}

impl<T> fmt::Debug for Pages<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("cursor", &self.cursor()).finish_non_exhaustive()
    }
}

/// A stream of the items of a paged list, returned by `items()` of an operation's builder.
///
/// It implements [`Stream`], but [`Items::next`] needs no other crate. The notes on errors and
/// changing lists in [`Pages`] apply here, too. An item that does not fit is an error in its place
/// among the others.
pub struct Items<'c, T> {
    source: PageSource<'c>,
    read: ReadItem<T>,
    /// The current page, and the number of its items that were returned.
    page: Option<(RawPage, usize)>,
}

impl<'c, T: DeserializeOwned> Items<'c, T> {
    /// Returns items that do not fit as [`ItemError`]s in their place.
    #[must_use]
    pub fn lossy(self) -> Items<'c, Result<T, ItemError>> {
        Items { source: self.source, read: lossy::<T>, page: self.page }
    }
}

impl<T> Items<'_, T> {
    /// Works like [`Pages::resume`], and returns every item of the cursor's page.
    #[must_use]
    pub fn resume(mut self, cursor: &Cursor) -> Self {
        self.source.resume(cursor);
        self
    }

    /// Works like [`Pages::max_pages`].
    #[must_use]
    pub fn max_pages(mut self, max_pages: u64) -> Self {
        self.source.max_pages = max_pages;
        self
    }

    /// Returns the cursor of the current page, or `None` at the end.
    ///
    /// It moves on when an item of the next page is requested. A program that stores it after each
    /// item thus misses none, and sees the items of the page it stopped in again.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        match &self.page {
            Some((page, _)) => Some(page.at.clone()),
            None => self.source.cursor(),
        }
    }

    /// Returns the next item, or `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|task| Pin::new(&mut *self).poll_next(task)).await
    }
}

/// No field is structurally pinned.
impl<T> Unpin for Items<'_, T> {}

impl<T> Stream for Items<'_, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let read = self.read;
            if let Some((page, n_given)) = &mut self.page {
                if *n_given < page.items.len() {
                    *n_given += 1;
                    return Poll::Ready(Some(read(page, *n_given - 1)));
                }
                self.page = None;
            }
            match ready!(self.source.poll_next(task)) {
                Some(Ok(page)) => self.page = Some((page, 0)),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> fmt::Debug for Items<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("cursor", &self.cursor()).finish_non_exhaustive()
    }
}
