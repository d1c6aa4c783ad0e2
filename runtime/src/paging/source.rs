//! Requests the pages of a paged operation one after another, without decoding their items.
//!
//! It also guards against a vendor that returns another page than requested, the same page over and
//! over, or an endless number of pages.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use super::cursor::{Cursor, number};
use super::page_info::PageInfo;
use crate::call::{Call, Ready};
use crate::clock::Boxed;
use crate::decode::Misfit;
use crate::error::Error;
use crate::raw_response::ResponseContext;
use crate::table::{Operation, PageBehind, PageSize, Paging, Parameter};

/// Default limit for the number of pages of one stream.
const MAX_PAGES: u64 = 100_000;

/// A page whose items are JSON text.
pub(super) struct RawPage {
    pub(super) context: ResponseContext,
    /// JSON Pointer to the list in the response.
    pub(super) pointer: &'static str,
    /// The JSON text of each item.
    pub(super) items: Vec<Bytes>,
    pub(super) number: u64,
    pub(super) total: Option<u64>,
    /// Cursor of this page.
    pub(super) at: Cursor,
    /// Cursor of the next page.
    pub(super) next: Option<Cursor>,
}

type Finish<'c> = Box<dyn Fn(Call<'c>) -> Ready<'c> + Send + 'c>;
type Asked<'c> = Boxed<'c, Result<(ResponseContext, Bytes), Error>>;

pub(super) struct PageSource<'c> {
    pub(super) max_pages: u64,
    /// The call from which each page's request is made.
    call: Call<'c>,
    finish: Finish<'c>,
    may_be_missing: bool,
    /// The error that prevents any request.
    refused: Option<Error>,
    list: Option<List>,
    /// Number of the next page, `None` at the end.
    at: Option<u64>,
    is_over: bool,
    asked: Option<Asked<'c>>,
    n_asked: u64,
    previous: Option<Fingerprint>,
}

/// The facts about the list before its first response.
#[derive(Clone, Copy)]
struct List {
    operation: &'static Operation,
    paging: &'static Paging,
    /// The parameter for the page number, unless there is only one page.
    page: Option<&'static Parameter>,
    size: Option<u64>,
}

/// Identifies a page, to detect that it is returned again.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Fingerprint {
    items: u64,
    /// If it changes, rows were added, and the same items may move to the next page.
    total: Option<u64>,
}

impl<'c> PageSource<'c> {
    pub(super) fn new(call: Call<'c>, finish: Finish<'c>) -> Self {
        let (list, at, refused) = match List::of(&call) {
            Ok((list, at)) => (Some(list), Some(at), None),
            Err(error) => (None, None, Some(error)),
        };
        Self {
            max_pages: MAX_PAGES,
            call,
            finish,
            may_be_missing: false,
            refused,
            list,
            at,
            is_over: false,
            asked: None,
            n_asked: 0,
            previous: None,
        }
    }

    pub(super) fn may_be_missing(&mut self) {
        self.may_be_missing = true;
    }

    pub(super) fn resume(&mut self, cursor: &Cursor) {
        let Some(List { operation, size, .. }) = self.list else { return };
        let mut why = String::new();
        if cursor.operation() != operation.id {
            why.push_str("the cursor belongs to another operation");
        } else if cursor.size() != size {
            let _ =
                write!(why, "the cursor has {}, the call {}", sized(cursor.size()), sized(size));
        }
        if !why.is_empty() {
            self.refused.get_or_insert(Error::invalid(why).in_operation(operation.id));
            return;
        }
        self.at = Some(cursor.page());
    }

    /// Returns the cursor of the next page.
    pub(super) fn cursor(&self) -> Option<Cursor> {
        self.list.zip(self.at).map(|(list, at)| list.cursor(at))
    }

    pub(super) fn poll_next(
        &mut self,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<RawPage, Error>>> {
        if let Some(error) = self.refused.take() {
            self.is_over = true;
            return Poll::Ready(Some(Err(error)));
        }
        let (Some(list), Some(number), false) = (self.list, self.at, self.is_over) else {
            return Poll::Ready(None);
        };
        let asked = match &mut self.asked {
            Some(asked) => asked,
            None if self.n_asked >= self.max_pages => {
                self.is_over = true;
                let what = format!(
                    "the list has more than {} pages, the limit of `max_pages`",
                    self.max_pages
                );
                return Poll::Ready(Some(
                    Err(Error::invalid(what).in_operation(list.operation.id)),
                ));
            }
            None => {
                self.n_asked += 1;
                let mut call = self.call.clone();
                if let Some(page) = list.page {
                    call.give(page, number.to_string());
                }
                let call = (self.finish)(call);
                self.asked.insert(Box::pin(call.opened()))
            }
        };
        let outcome = ready!(asked.as_mut().poll(task));
        self.asked = None;
        if list.is_behind_the_last(number, &outcome) {
            self.at = None;
            return Poll::Ready(None);
        }
        let page = outcome.and_then(|(context, body)| self.taken(list, number, context, &body));
        self.is_over = page.is_err();
        Poll::Ready(Some(page))
    }

    fn taken(
        &mut self,
        list: List,
        number: u64,
        context: ResponseContext,
        body: &Bytes,
    ) -> Result<RawPage, Error> {
        let info = PageInfo::read(list.paging, self.may_be_missing, body);
        let checked = info.and_then(|info| {
            let next = self.checked(list, number, &info)?;
            Ok((info, next))
        });
        let (info, next) = checked.map_err(|misfit| context.misfit(misfit, body))?;
        self.at = next;
        Ok(RawPage {
            context,
            pointer: list.paging.items,
            items: info.items,
            number,
            total: info.total,
            at: list.cursor(number),
            next: next.map(|next| list.cursor(next)),
        })
    }

    /// Returns the number of the next page, after checking that this page is the requested one.
    fn checked(&mut self, list: List, number: u64, info: &PageInfo) -> Result<Option<u64>, Misfit> {
        let List { paging, page, .. } = list;
        let name = page.map_or("", |page| page.name);
        if page.is_some() && info.current.is_some_and(|current| current != number) {
            return Err(Misfit {
                pointer: paging.current.unwrap_or_default().to_owned(),
                what: format!("not the page that was requested by `{name}`"),
            });
        }
        let fingerprint = Fingerprint::of(info);
        let is_again = fingerprint.is_some() && fingerprint == self.previous;
        self.previous = fingerprint;
        if is_again {
            return Err(Misfit {
                pointer: paging.items.to_owned(),
                what: format!(
                    "the same items as on the page before: the vendor may ignore `{name}`"
                ),
            });
        }
        info.next(paging, number)
    }
}

impl List {
    /// Returns the list that `call` requests, and the number of its first page.
    fn of(call: &Call<'_>) -> Result<(Self, u64), Error> {
        let operation = call.operation()?;
        let refuse = |what: String| Error::invalid(what).in_operation(operation.id);
        let Some(paging) = &operation.paging else {
            return Err(refuse("the list is not paged".to_owned()));
        };
        let parameter = |name: &str| operation.parameters.iter().find(|one| one.name == name);
        let page = paging.page.and_then(parameter);
        let size = match paging.size {
            Some(PageSize::Parameter(name)) => {
                parameter(name).and_then(|one| number(call.given(one)?))
            }
            Some(PageSize::Fixed(_)) | None => None,
        };
        let start = match page.and_then(|page| call.given(page)) {
            Some(text) => number(text),
            None => Some(paging.first),
        };
        match start {
            Some(start) => Ok((Self { operation, paging, page, size }, start)),
            None => Err(refuse(format!(
                "parameter `{}` is not a page number",
                paging.page.unwrap_or_default()
            ))),
        }
    }

    fn cursor(&self, page: u64) -> Cursor {
        Cursor::new(self.operation.id, page, self.size)
    }

    /// Returns whether a 404 means that the page does not exist: the list has ended or become
    /// shorter.
    ///
    /// The first page always exists, so its 404 means something else.
    fn is_behind_the_last(
        &self,
        number: u64,
        outcome: &Result<(ResponseContext, Bytes), Error>,
    ) -> bool {
        self.paging.behind == PageBehind::NotFound
            && number > self.paging.first
            && outcome.as_ref().is_err_and(Error::is_not_found)
    }
}

impl Fingerprint {
    /// Returns `None` for an empty page, which may come again.
    fn of(info: &PageInfo) -> Option<Self> {
        if info.items.is_empty() {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        info.items.hash(&mut hasher);
        Some(Self { items: hasher.finish(), total: info.total })
    }
}

/// Returns text like `pages of 50 items`.
fn sized(size: Option<u64>) -> String {
    match size {
        Some(size) => format!("pages of {size} items"),
        None => "pages of the default size".to_owned(),
    }
}
