//! Compares the fields of responses with those that pages show.
//!
//! A page rarely says of which status and case its example is, so a field is known if any of them
//! has it, and missing if those of a success do.

use super::value::{self, Promise};
use super::{Sheet, Spot, absent, first};
use crate::contract::Operation;
use crate::rules::{Rule, Side};
use crate::shape::{Field, Shape};

/// The promise for one status and case.
struct Case<'c> {
    spot: Spot,
    shape: &'c Shape,
    is_success: bool,
}

pub(super) fn compare<'c>(
    sheet: &mut Sheet<'c>,
    id: &str,
    promised: &'c Operation,
    pages: &[&Operation],
) {
    let cases = cases(id, promised);
    let shown: Vec<Shape> = pages
        .iter()
        .filter_map(|page| response(page))
        .map(|shape| in_payload(sheet, promised, &cases, shape))
        .collect();
    let shown: Vec<&Shape> = shown.iter().collect();
    if shown.is_empty() || cases.is_empty() {
        return;
    }
    for page in &shown {
        let roots: Vec<(Spot, Promise<'_>)> = cases
            .iter()
            .map(|case| (case.spot.clone(), Promise::new(sheet.promised, vec![case.shape])))
            .collect();
        fields(sheet, &roots, page);
    }
    for case in cases.iter().filter(|case| case.is_success) {
        let promise = Promise::new(sheet.promised, vec![case.shape]);
        missing(sheet, &case.spot, &promise, &shown);
    }
}

/// Moves fields that a page shows beside the envelope's tag to the payload, where the spec has
/// them, and reports the payload as missing.
fn in_payload(
    sheet: &mut Sheet<'_>,
    promised: &Operation,
    cases: &[Case<'_>],
    page: &Shape,
) -> Shape {
    let mut page = page.clone();
    let payload = promised.envelope.as_ref().and_then(|envelope| envelope.payload.as_deref());
    let case = cases.iter().find(|case| case.is_success);
    let (Some(payload), Some(case)) = (payload, case) else { return page };
    let around = Promise::new(sheet.promised, vec![case.shape]);
    let inner = around.below(sheet.promised, payload);
    let items = inner.below(sheet.promised, "*");
    let has = |promise: &Promise<'_>, name: &str| {
        promise.shapes().iter().any(|one| one.fields.contains_key(name))
    };
    let is_moved = |name: &str| !has(&around, name) && (has(&inner, name) || has(&items, name));
    let names: Vec<String> = page.fields.keys().filter(|name| is_moved(name)).cloned().collect();
    for name in names {
        let Some(field) = page.fields.remove(&name) else { continue };
        let place = field.shape.kinds.values().find_map(first);
        let spot = case.spot.below(payload);
        sheet.finding(&spot, Rule::FieldMissing, "the payload", "its fields beside it", place);
        let shape = &mut page.fields.entry(payload.to_owned()).or_default().shape;
        let shape = match has(&inner, &name) {
            true => shape,
            false => shape.item.get_or_insert_default(),
        };
        shape.fields.insert(name, field);
    }
    page
}

fn response(page: &Operation) -> Option<&Shape> {
    page.responses.values().next()?.media.values().next().map(|media| &*media.shape)
}

/// Lists the cases of all statuses, successes first.
fn cases<'c>(id: &str, promised: &'c Operation) -> Vec<Case<'c>> {
    let mut cases = Vec::new();
    for (status, body) in &promised.responses {
        let status: Option<u16> = status.parse().ok();
        for (name, shape) in body.media.values().flat_map(|media| media.cases()) {
            let is_refused = promised.envelope.as_ref().is_some_and(|envelope| {
                let means = |value: &crate::Scalar| envelope.success.contains(value);
                let branch = body.media.values().find_map(|media| media.case(name));
                branch.is_some_and(|branch| !branch.values.iter().any(means))
            });
            let is_success =
                !is_refused && status.is_none_or(|status| (200..300).contains(&status));
            let case = Some(name.to_owned()).filter(|name| !name.is_empty());
            let spot = Spot { side: Side::Response, status, case, ..Spot::request(id) };
            cases.push(Case { spot, shape, is_success });
        }
    }
    cases.sort_by_key(|case| !case.is_success);
    cases
}

/// Compares the fields that a page shows with those of the first case that has them.
fn fields(sheet: &mut Sheet<'_>, around: &[(Spot, Promise<'_>)], page: &Shape) {
    for (name, said) in &page.fields {
        let inner: Vec<(Spot, Promise<'_>)> = around
            .iter()
            .map(|(spot, ours)| (spot.below(name), ours.below(sheet.promised, name)))
            .filter(|(_, ours)| ours.is_known())
            .collect();
        match inner.first() {
            None => unknown(sheet, around, name, said),
            Some((spot, ours)) => {
                sheet.agrees(spot, Rule::FieldUndocumented);
                sheet.agrees(spot, Rule::FieldMissing);
                // A field of several cases has the types of all of them.
                let all = inner.iter().flat_map(|(_, ours)| ours.shapes().iter().copied());
                let all = Promise::new(sheet.promised, all.collect());
                let is_plain = inner.len() == 1;
                value::compare(sheet, spot, if is_plain { ours } else { &all }, &said.shape);
                deeper(sheet, &inner, &said.shape);
            }
        }
    }
}

fn deeper(sheet: &mut Sheet<'_>, around: &[(Spot, Promise<'_>)], page: &Shape) {
    fields(sheet, around, page);
    let Some(item) = &page.item else { return };
    let items: Vec<(Spot, Promise<'_>)> = around
        .iter()
        .map(|(spot, ours)| (spot.below("*"), ours.below(sheet.promised, "*")))
        .filter(|(_, ours)| ours.is_known())
        .collect();
    if !items.is_empty() {
        deeper(sheet, &items, item);
    }
}

fn unknown(sheet: &mut Sheet<'_>, around: &[(Spot, Promise<'_>)], name: &str, said: &Field) {
    let is_free = around.iter().any(|(_, ours)| ours.is_free_form());
    let Some((spot, _)) = around.first().filter(|_| !is_free) else { return };
    let place = said.shape.kinds.values().find_map(first);
    let spot = spot.below(name);
    sheet.finding(&spot, Rule::FieldUndocumented, "no such field", "field", place);
}

/// Reports the fields that no page shows, where the pages show the object around them.
fn missing<'c>(sheet: &mut Sheet<'c>, spot: &Spot, ours: &Promise<'c>, pages: &[&Shape]) {
    let items: Vec<&Shape> = pages.iter().filter_map(|page| page.item.as_deref()).collect();
    if !items.is_empty() {
        missing(sheet, &spot.below("*"), &ours.below(sheet.promised, "*"), &items);
    }
    absent::members(sheet, spot, ours, pages, &|_| false, &missing);
}
