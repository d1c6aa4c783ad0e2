//! Mutates the page numbers and totals of a response.
//!
//! Each mutant has exactly one contradiction.

use prumo_drift::{Rule, below};
use serde_json::{Value, json};

use super::mutant::{self, Mutant, with};
use super::site::Site;
use super::subject::Subject;

/// The recorded numbers of one page.
struct Page<'s> {
    n_items: u64,
    first: u64,
    /// The requested page.
    asked: Option<u64>,
    size: Option<u64>,
    total: Option<u64>,
    last: Option<u64>,
    places: Vec<Site<'s>>,
}

/// Returns whether a change at `place` may change the page numbers or totals.
pub(super) fn speaks_of_pages(subject: &Subject<'_>, place: &str) -> bool {
    let text = |name: &str| subject.operation.paging(name).and_then(Value::as_str);
    let in_body = ["items", "total", "current", "last", "next"].into_iter().filter_map(text);
    let asked = ["page", "size"].into_iter().filter_map(text);
    in_body.into_iter().any(|at| place == format!("/response/body{at}"))
        || asked.into_iter().any(|name| place == below("/request/query", name))
        || (place == "/request/path" && text("page").is_some())
}

impl<'s> Page<'s> {
    fn of(subject: &Subject<'s>) -> Option<Self> {
        if subject.is_refusal {
            return None;
        }
        let body = subject.answer_body()?;
        let pointer = |name: &str| subject.operation.paging(name)?.as_str();
        let said = |name: &str| number(body.pointer(pointer(name)?)?);
        let query = |name: &str| number(subject.exchange.pointer(&below("/request/query", name))?);
        let first = subject.operation.paging("first").and_then(Value::as_u64).unwrap_or_default();
        let size = match subject.operation.paging("size")? {
            Value::String(name) => query(name),
            fixed => fixed.as_u64(),
        };
        let total = said("total");
        let by_total = total
            .filter(|total| *total > 0)
            .zip(size)
            .map(|(total, size)| first + (total - 1) / size);
        Some(Self {
            n_items: body.pointer(pointer("items")?)?.as_array()?.len() as u64,
            first,
            asked: pointer("page").and_then(query),
            size,
            total,
            last: by_total.or_else(|| said("last")),
            places: subject.answer_places(),
        })
    }

    /// Makes a mutant with another number in a member about pages.
    fn telling(&self, subject: &Subject<'s>, name: &str, told: Value) -> Option<Mutant> {
        let place = self.place(subject, name)?;
        // Other mutators cover members with bounds of their own.
        if ["minimum", "maximum", "enum", "multipleOf"]
            .iter()
            .any(|word| place.promise.word(word).is_some())
        {
            return None;
        }
        let told = if place.value.is_string() { json!(told.to_string()) } else { told };
        Some(self.mutant(subject, place, told))
    }

    fn mutant(&self, subject: &Subject<'s>, place: &Site<'s>, told: Value) -> Mutant {
        let exchange = with(&subject.answered, &place.slot, told);
        Mutant::new(
            mutant::name(&place.slot),
            &exchange,
            vec![place.expect(Rule::PagingContradiction)],
        )
    }

    fn place(&self, subject: &Subject<'s>, name: &str) -> Option<&Site<'s>> {
        let pointer = format!("/response/body{}", subject.operation.paging(name)?.as_str()?);
        self.places.iter().find(|place| mutant::name(&place.slot) == pointer)
    }
}

/// Reads an integer, also from a text.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

pub(super) fn overfull(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(page) = Page::of(subject) else { return Vec::new() };
    let mutant = page.place(subject, "items").zip(page.size).and_then(|(place, size)| {
        let is_bounded =
            ["maxItems", "uniqueItems"].iter().any(|word| place.promise.word(word).is_some());
        let items = place.value.as_array().filter(|items| !is_bounded && !items.is_empty())?;
        let n_items = usize::try_from(size).ok()?.checked_add(1)?;
        let more: Vec<Value> = items.iter().cycle().take(n_items).cloned().collect();
        Some(page.mutant(subject, place, more.into()))
    });
    mutant.into_iter().collect()
}

pub(super) fn another_page(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(page) = Page::of(subject) else { return Vec::new() };
    let asked = page.asked.and_then(|asked| page.telling(subject, "current", json!(asked + 1)));
    asked.into_iter().collect()
}

pub(super) fn total_too_small(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(page) = Page::of(subject) else { return Vec::new() };
    let before = page.asked.and_then(|asked| asked.checked_sub(page.first)).zip(page.size);
    let up_to_here = before.map_or(0, |(n_pages, size)| n_pages * size) + page.n_items;
    let fewer = [0, page.n_items.saturating_sub(1), up_to_here.saturating_sub(1)];
    let fewer = fewer.into_iter().filter(|_| page.n_items > 0 && page.total.is_some());
    fewer.filter_map(|total| page.telling(subject, "total", json!(total))).collect()
}

pub(super) fn another_last(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(page) = Page::of(subject) else { return Vec::new() };
    let last = page.total.filter(|total| *total > 0).and(page.size).and(page.last);
    let others = last.into_iter().flat_map(|last| [Some(last + 1), last.checked_sub(1)]).flatten();
    others.filter_map(|last| page.telling(subject, "last", json!(last))).collect()
}

pub(super) fn another_next(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(page) = Page::of(subject) else { return Vec::new() };
    let Some(last) = page.last else { return Vec::new() };
    let behind = page.telling(subject, "next", json!(last + 1));
    let is_before = page.asked.is_some_and(|asked| asked < last);
    let may_be_null = |place: &&Site<'_>| place.kinds.contains(&super::promise::JsonType::Null);
    let none = page.place(subject, "next").filter(|_| is_before).filter(may_be_null);
    let none = none.map(|place| page.mutant(subject, place, Value::Null));
    behind.into_iter().chain(none).collect()
}
