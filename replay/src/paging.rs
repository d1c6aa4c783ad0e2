//! Reads a paged list to its end from a server on loopback, and checks that it is complete.
//!
//! The server has two pages made from a recorded one: its items, then the same items twice. The
//! server writes page numbers and totals into the places that the operation's row names. Each item
//! that is an object carries its position, so that a lost item is noticed.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, bail, ensure};
use prumo_runtime::{Operation, Paging, PagingEnd, PagingStyle, Place};
use serde_json::Value;

use crate::client::{Client, Request};
use crate::play::on_loopback;
use crate::server::{Received, Reply, Server};

/// The member with the number of items before this one; no vendor has it.
const POSITION: &str = "prumo_position";

/// The number of pages with items, if the list can have more than one page.
const N_PAGES: u64 = 2;

/// A paged list that was read to its end.
#[derive(Debug)]
pub struct Walk {
    /// The numbers of the requested pages, in order.
    pub asked: Vec<u64>,
    /// The number of items that the client returned.
    pub n_items: usize,
    paging: Paging,
    n_served: usize,
    positions: Vec<Option<u64>>,
}

impl Walk {
    /// Fails unless every page was requested once and in order, and every item came once and in
    /// order.
    ///
    /// The page behind the last one may be requested, too, if it marks the end of the list.
    ///
    /// # Errors
    ///
    /// Fails if a page or an item is missing, comes twice or comes out of order.
    pub fn ensure_whole(&self) -> anyhow::Result<()> {
        let (asked, first) = (&self.asked, self.paging.first);
        let is_in_order = (first..).take(asked.len()).eq(asked.iter().copied());
        let n_pages = n_pages(&self.paging);
        // A client may stop at a page without items.
        let n_least = if self.n_served == 0 { 1 } else { n_pages };
        let looks_behind = matches!(self.paging.end, PagingEnd::EmptyPage | PagingEnd::NotFound);
        let n_most = n_pages + u64::from(looks_behind);
        let is_every_page = is_in_order && (n_least..=n_most).contains(&(asked.len() as u64));
        ensure!(
            is_every_page,
            "the client requested the pages {asked:?}; {n_pages} from {first} on have items"
        );
        ensure!(
            self.n_items == self.n_served,
            "the client returned {} items of {}",
            self.n_items,
            self.n_served
        );
        let mut positions = (0_u64..).zip(&self.positions);
        let moved =
            positions.find(|(at, position)| position.is_some_and(|position| position != *at));
        ensure!(moved.is_none(), "the items came out of order: {:?}", self.positions);
        Ok(())
    }
}

/// Returns the number of pages with items.
fn n_pages(paging: &Paging) -> u64 {
    if paging.end == PagingEnd::OnePage { 1 } else { N_PAGES }
}

/// Returns whether the operation's list comes in pages, of which more than one can be requested.
pub(crate) fn is_paged(operation: &Operation) -> bool {
    operation.paging.is_some_and(|paging| paging.style != PagingStyle::Limit)
}

/// Reads the list of `operation` to its end; each page is made from `recorded`, the body of a
/// response.
///
/// # Errors
///
/// Fails if the operation is not paged, or if a page can't be read.
pub fn walk(
    client: &Client,
    operation: &'static Operation,
    request: &Request,
    recorded: &Value,
) -> anyhow::Result<Walk> {
    let Some(paging) = operation.paging.filter(|_| is_paged(operation)) else {
        bail!("`{}` is not paged", operation.id);
    };
    let name = paging.page.context("the list has no parameter for its page")?;
    let mut request = request.clone();
    request.arguments.insert(name.to_owned(), paging.first.into());

    let asked = Arc::new(Mutex::new(Vec::new()));
    let pages =
        Pages { operation, paging, name, recorded: recorded.clone(), asked: Arc::clone(&asked) };
    let n_served = pages.n_served();
    let items = on_loopback(async {
        let server = Server::start(move |received| pages.reply(received)).await?;
        Ok((client.items)(server.url(), operation.id, &request).await?)
    })?;
    let asked = asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let positions = items.iter().map(|item| item.get(POSITION).and_then(Value::as_u64)).collect();
    Ok(Walk { asked, n_items: items.len(), paging, n_served, positions })
}

/// The pages of one list.
struct Pages {
    operation: &'static Operation,
    paging: Paging,
    name: &'static str,
    recorded: Value,
    asked: Arc<Mutex<Vec<u64>>>,
}

impl Pages {
    fn reply(&self, received: &Received) -> Reply {
        let Some(number) = self.number(received) else { return Reply::not_found() };
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(number);
        let index = number.checked_sub(self.paging.first);
        match index {
            Some(index)
                if index < n_pages(&self.paging) || self.paging.end != PagingEnd::NotFound =>
            {
                Reply::json(&self.page(index, number))
            }
            _ => Reply::not_found(),
        }
    }

    /// Returns the page number in the query, or in its segment of the path.
    fn number(&self, received: &Received) -> Option<u64> {
        let (path, query) = received.target.split_once('?').unwrap_or((&received.target, ""));
        let parameter = self.operation.parameters.iter().find(|one| one.name == self.name)?;
        let text = if parameter.place == Place::Query {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(name, _)| *name == self.name)?.1
        } else {
            let mark = format!("{{{}}}", self.name);
            let place = self.operation.path.split('/').position(|segment| segment == mark)?;
            path.split('/').nth(place)?
        };
        text.parse().ok()
    }

    fn n_served(&self) -> usize {
        (0..n_pages(&self.paging)).map(|index| self.items(index).len()).sum()
    }

    /// Returns the items of the page with this index, each with its position.
    fn items(&self, index: u64) -> Vec<Value> {
        let recorded = self.recorded.pointer(self.paging.items).and_then(Value::as_array);
        let recorded = recorded.map_or(&[][..], Vec::as_slice);
        let (first, mut items) = match index {
            0 => (0, recorded.to_vec()),
            1 => (recorded.len(), [recorded, recorded].concat()),
            _ => (0, Vec::new()),
        };
        for (position, item) in (first..).zip(&mut items) {
            if let Some(members) = item.as_object_mut() {
                members.insert(POSITION.to_owned(), position.into());
            }
        }
        items
    }

    fn page(&self, index: u64, number: u64) -> Value {
        let (paging, mut body) = (&self.paging, self.recorded.clone());
        let last = paging.first + n_pages(paging) - 1;
        if let Some(list) = body.pointer_mut(paging.items).and_then(Value::as_array_mut) {
            *list = self.items(index);
        }
        let next = if number < last { Value::from(number + 1) } else { Value::Null };
        for (place, value) in
            [(paging.current, number.into()), (paging.last, last.into()), (paging.next, next)]
        {
            let place = place.and_then(|place| place.rsplit_once('/'));
            let holder = place.and_then(|(holder, name)| Some((body.pointer_mut(holder)?, name)));
            if let Some((Value::Object(members), name)) = holder {
                members.insert(name.to_owned(), value);
            }
        }
        body
    }
}
