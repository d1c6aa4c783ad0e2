//! Reads the items of a page and its metadata from the body of a response.
//!
//! Each object on the way to the pointers in the table is opened once, as raw members. The items
//! stay text until their type decodes them.

use bytes::Bytes;
use serde_json::value::RawValue;

use super::cursor::number;
use crate::decode::{Misfit, misfit};
use crate::envelope::RawMembers;
use crate::table::{Paging, PagingEnd};

/// The items and the metadata of a page.
#[derive(Debug)]
pub(super) struct PageInfo {
    /// The JSON text of each item.
    pub(super) items: Vec<Bytes>,
    pub(super) total: Option<u64>,
    pub(super) current: Option<u64>,
    last: Option<u64>,
    next: Next,
}

/// The response's hint at the next page.
#[derive(Clone, Copy, Debug)]
enum Next {
    /// Missing or unreadable.
    Unknown,
    /// There is no next page.
    End,
    Page(u64),
}

impl PageInfo {
    /// Reads `body`. Only the list is required, unless it `may_be_missing`.
    pub(super) fn read(
        paging: &Paging,
        may_be_missing: bool,
        body: &Bytes,
    ) -> Result<Self, Misfit> {
        let text = std::str::from_utf8(body).unwrap_or_default();
        let mut places = Places { text: text.trim_start_matches('\u{feff}'), opened: Vec::new() };
        let raw = places.at(paging.items);
        let items = match raw {
            Some(raw) if raw.get() != "null" || !may_be_missing => list(raw, paging.items, body)?,
            None if !may_be_missing => {
                let what = "the list is missing".to_owned();
                return Err(Misfit { pointer: paging.items.to_owned(), what });
            }
            Some(_) | None => Vec::new(),
        };
        let mut count = |place: Option<&'static str>| places.at(place?).and_then(whole_number);
        let (total, current, last) =
            (count(paging.total), count(paging.current), count(paging.last));
        let next = match paging.next.and_then(|place| places.at(place)) {
            Some(raw) if raw.get() == "null" => Next::End,
            Some(raw) => whole_number(raw).map_or(Next::Unknown, Next::Page),
            None => Next::Unknown,
        };
        Ok(Self { items, total, current, last, next })
    }

    /// Returns the number of the page that follows page `number`, if there is one.
    ///
    /// If the response lacks the promised member, reading goes on until a page is empty: a renamed
    /// member must not look like the end of the list.
    pub(super) fn next(&self, paging: &Paging, number: u64) -> Result<Option<u64>, Misfit> {
        let until_empty = || number.checked_add(1).filter(|_| !self.items.is_empty());
        match (paging.end, self.last, self.next) {
            (PagingEnd::OnePage, ..) | (PagingEnd::NextPage, _, Next::End) => Ok(None),
            (PagingEnd::LastPage, Some(last), _) => {
                Ok(number.checked_add(1).filter(|next| *next <= last))
            }
            (PagingEnd::NextPage, _, Next::Page(next)) if next > number => Ok(Some(next)),
            (PagingEnd::NextPage, _, Next::Page(_)) => Err(Misfit {
                pointer: paging.next.unwrap_or_default().to_owned(),
                what: "expected a later page, found this one or an earlier one".to_owned(),
            }),
            (PagingEnd::EmptyPage | PagingEnd::NotFound, ..)
            | (PagingEnd::LastPage, None, _)
            | (PagingEnd::NextPage, _, Next::Unknown) => Ok(until_empty()),
        }
    }
}

/// Returns the JSON text of each item in a list.
fn list(raw: &RawValue, pointer: &str, body: &Bytes) -> Result<Vec<Bytes>, Misfit> {
    let items: Vec<&RawValue> =
        serde_json::from_str(raw.get()).map_err(|error| misfit(pointer.to_owned(), &error))?;
    Ok(items.into_iter().map(|item| body.slice_ref(item.get().as_bytes())).collect())
}

/// Parses a whole number, which may be quoted.
fn whole_number(raw: &RawValue) -> Option<u64> {
    number(raw.get().trim_matches('"'))
}

/// Locates the members of a response by JSON Pointer.
struct Places<'a> {
    text: &'a str,
    /// The opened objects by their pointers.
    opened: Vec<(&'static str, RawMembers<'a>)>,
}

impl<'a> Places<'a> {
    fn at(&mut self, pointer: &'static str) -> Option<&'a RawValue> {
        let (parent, _) = pointer.rsplit_once('/')?;
        if !self.opened.iter().any(|(known, _)| *known == parent) {
            let text = if parent.is_empty() { self.text } else { self.at(parent)?.get() };
            self.opened.push((parent, serde_json::from_str(text).ok()?));
        }
        let (_, members) = self.opened.iter().find(|(known, _)| *known == parent)?;
        members.raw(&pointer[parent.len()..])
    }
}
