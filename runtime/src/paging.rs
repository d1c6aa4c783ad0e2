//! A list that comes in pages to a stream of pages, or of items.
//!
//! `source` asks for one page after another, as the operation's row in the
//! table says; `page_info` reads what a page says of itself; here its items are
//! decoded, one by one, so that one that does not fit costs no other.
//!
//! Invariants:
//!
//! * One page is asked for at a time, and none before somebody waits for it. Waiting
//!   for it may be given up and taken up again.
//! * What fails at one item is told, and the stream goes on; what fails at a whole
//!   page ends the stream, and the cursor stays at that page.

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
/// `Debug` shows no item, because it may hold personal data.
#[derive(Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items that fit; of a [lossy](Pages::lossy) stream, the errors of the others too.
    pub items: Vec<T>,
    /// The page's number, as the vendor counts.
    pub number: u64,
    /// How many items all pages have together, if the vendor tells. It can change from page to page.
    pub total: Option<u64>,
    /// The place of the next page; none if this is the last.
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

/// The pages of a list, one after the other: what `pages()` of an operation's builder gives.
///
/// It is a [`Stream`]; [`Pages::next`] needs no other crate. Each page is a call
/// like any other: it waits for its turn and is tried again where that is safe.
///
/// # Errors
///
/// An item that does not fit its type is an error of its own
/// ([`Error::is_decode`], with the item's place in [`Error::pointer`] and the item
/// alone in [`Error::body`]). The stream can be read on after it: the errors of a
/// page's items come first, then the page with those that fit. With
/// [`Pages::lossy`] the errors are items instead.
///
/// When a page as a whole can't be had, that error is the last thing that comes.
/// [`Pages::cursor`] stays at that page, for a later [`Pages::resume`].
///
/// # Lists that change
///
/// A vendor counts its pages anew for each request. If rows come or go while the
/// pages are read, later rows move: one may come twice, or not at all. Sort by what
/// does not change, such as the date of creation, or filter by a time that is over;
/// drop what comes twice by its id, and read again what may be missing.
pub struct Pages<'c, T> {
    source: PageSource<'c>,
    read: ReadItem<T>,
    /// What is to be given before the next page is asked for.
    held: VecDeque<Result<Page<T>, Error>>,
}

impl<'c, T: DeserializeOwned> Pages<'c, T> {
    /// From a call of a paged operation; `finish` adds the body that each page's request has.
    #[doc(hidden)]
    pub fn new(call: Call<'c>, finish: impl Fn(Call<'c>) -> Ready<'c> + Send + 'c) -> Self {
        Self { source: PageSource::new(call, Box::new(finish)), read: strict::<T>, held: VecDeque::new() }
    }

    /// An answer without the list, or with null in its place, is an empty page.
    #[doc(hidden)]
    #[must_use]
    pub fn or_none(mut self) -> Self {
        self.source.may_be_missing();
        self
    }

    /// Gives an item that does not fit as an [`ItemError`] in its place.
    #[must_use]
    pub fn lossy(self) -> Pages<'c, Result<T, ItemError>> {
        Pages { source: self.source, read: lossy::<T>, held: VecDeque::new() }
    }
}

impl<'c, T> Pages<'c, T> {
    /// Starts at the page that a cursor names, with the parameters that the cursor was made with.
    ///
    /// A cursor of another operation, or of pages of another size, is the first
    /// thing that comes: an error, and nothing is sent.
    #[must_use]
    pub fn resume(mut self, cursor: &Cursor) -> Self {
        self.source.resume(cursor);
        self
    }

    /// Asks for no more than so many pages; 100,000 unless set.
    ///
    /// If there are more, the next thing that comes is an error: this is a guard
    /// against a list that never ends. Who wants only the first pages stops reading.
    #[must_use]
    pub fn max_pages(mut self, max_pages: u64) -> Self {
        self.source.max_pages = max_pages;
        self
    }

    /// The items of all pages, instead of the pages.
    #[must_use]
    pub fn items(self) -> Items<'c, T> {
        Items { source: self.source, read: self.read, page: None }
    }

    /// The place of the page that is asked for next; none at the end.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.source.cursor()
    }

    /// The next page; `None` behind the last one.
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

/// Nothing in it is pinned in its place.
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

/// The items of a list that comes in pages: what `items()` of an operation's builder gives.
///
/// It is a [`Stream`]; [`Items::next`] needs no other crate. What is said of
/// [`Pages`] of errors, and of lists that change, holds here too; an item that does
/// not fit is an error in its place among the others.
pub struct Items<'c, T> {
    source: PageSource<'c>,
    read: ReadItem<T>,
    /// The page that is being read, and how many of its items were given.
    page: Option<(RawPage, usize)>,
}

impl<'c, T: DeserializeOwned> Items<'c, T> {
    /// Gives an item that does not fit as an [`ItemError`] in its place.
    #[must_use]
    pub fn lossy(self) -> Items<'c, Result<T, ItemError>> {
        Items { source: self.source, read: lossy::<T>, page: self.page }
    }
}

impl<T> Items<'_, T> {
    /// As [`Pages::resume`]: the page that the cursor names comes whole.
    #[must_use]
    pub fn resume(mut self, cursor: &Cursor) -> Self {
        self.source.resume(cursor);
        self
    }

    /// As [`Pages::max_pages`].
    #[must_use]
    pub fn max_pages(mut self, max_pages: u64) -> Self {
        self.source.max_pages = max_pages;
        self
    }

    /// The place of the page that is being read; none at the end.
    ///
    /// It goes on to the next page when an item of that is asked for, so that a
    /// program which stores it after each item misses none; those of the page that
    /// it stopped in come again.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        match &self.page {
            Some((page, _)) => Some(page.at.clone()),
            None => self.source.cursor(),
        }
    }

    /// The next item; `None` behind the last one.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|task| Pin::new(&mut *self).poll_next(task)).await
    }
}

/// Nothing in it is pinned in its place.
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
