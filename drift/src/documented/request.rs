//! Compares the parameters and the body of a request with what pages say about them.

use super::value::{self, Promise};
use super::{Sheet, Spot, absent, first, named_alike};
use crate::contract::{Operation, Parameter};
use crate::finding::Place;
use crate::rules::Rule;
use crate::shape::{Field, Shape, Tally};

/// Headers that every client sends, or that the client fills in by itself.
const USUAL_HEADERS: [&str; 9] = [
    "accept",
    "accept-encoding",
    "authorization",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "host",
    "user-agent",
];

pub(super) fn compare<'c>(
    sheet: &mut Sheet<'c>,
    id: &str,
    promised: &'c Operation,
    pages: &[&Operation],
) {
    let spot = Spot::request(id);
    for page in pages {
        parameters(sheet, &spot, promised, page);
        if let Some(shape) = body(page) {
            members(sheet, &spot, &promise_of_body(sheet, promised), shape, promised);
        }
    }
    missing_parameters(sheet, &spot, promised, pages);
    let ours = promise_of_body(sheet, promised);
    let shapes: Vec<&Shape> = pages.iter().filter_map(|page| body(page)).collect();
    let names = |name: &str| pages.iter().any(|page| elsewhere(page, name));
    missing_members(sheet, &spot, &ours, &shapes, &names);
}

/// Returns the body that a page describes.
fn body(page: &Operation) -> Option<&Shape> {
    page.request.as_ref()?.media.values().next().map(|media| &*media.shape)
}

fn promise_of_body<'c>(sheet: &Sheet<'c>, promised: &'c Operation) -> Promise<'c> {
    let media = promised.request.iter().flat_map(|body| body.media.values());
    Promise::new(sheet.promised, media.map(|media| &*media.shape).collect())
}

fn parameters(sheet: &mut Sheet<'_>, spot: &Spot, promised: &Operation, page: &Operation) {
    for (pointer, said) in &page.parameters {
        let spot = spot.at(pointer.clone());
        // The names of variables in a path are not on the wire.
        if pointer.starts_with("/path/") {
            continue;
        }
        let name = pointer.rsplit('/').next().unwrap_or_default();
        if pointer.starts_with("/header/") && USUAL_HEADERS.contains(&name) {
            continue;
        }
        match named(promised, name) {
            Some((at, ours)) => {
                let spot = spot.at(at);
                sheet.agrees(&spot, Rule::ParamUndocumented);
                required(
                    sheet,
                    &spot,
                    Rule::ParamMissing,
                    ours.required,
                    (said.required, &said.missing),
                    first(&said.present),
                );
                value::compare(
                    sheet,
                    &spot,
                    &Promise::new(sheet.promised, vec![&ours.shape]),
                    &said.shape,
                );
            }
            None => {
                let ours = promise_of_body(sheet, promised);
                let inner = ours.below(sheet.promised, name);
                match !inner.is_known() && !ours.is_free_form() {
                    true => sheet.finding(
                        &spot,
                        Rule::ParamUndocumented,
                        "no such parameter",
                        "parameter",
                        first(&said.present),
                    ),
                    false => {
                        value::compare(sheet, &spot.at(format!("/{name}")), &inner, &said.shape)
                    }
                }
            }
        }
    }
}

/// Finds a parameter of query or headers by its name.
fn named<'c>(operation: &'c Operation, name: &str) -> Option<(&'c str, &'c Parameter)> {
    let found = operation
        .parameters
        .iter()
        .find(|(pointer, one)| !pointer.starts_with("/path/") && named_alike(&one.name, name));
    found.map(|(pointer, one)| (pointer.as_str(), one))
}

fn elsewhere(page: &Operation, name: &str) -> bool {
    named(page, name).is_some()
}

fn missing_parameters(
    sheet: &mut Sheet<'_>,
    spot: &Spot,
    promised: &Operation,
    pages: &[&Operation],
) {
    // A page that describes no parameter, such as an index, says nothing of their absence.
    let is_told = pages.iter().any(|page| !page.parameters.is_empty() || page.request.is_some());
    for (pointer, ours) in &promised.parameters {
        let spot = spot.at(pointer.clone());
        let is_in_body = |page: &&Operation| {
            body(page)
                .is_some_and(|shape| shape.fields.contains_key(ours.name.trim_end_matches("[]")))
        };
        let is_said = pages.iter().any(|page| elsewhere(page, &ours.name) || is_in_body(page));
        if is_said || pointer.starts_with("/path/") || pointer.starts_with("/header/") || !is_told {
            continue;
        }
        match ours.required {
            true => sheet.finding(&spot, Rule::ParamMissing, "required", "on no page", None),
            false => sheet.gap(&spot, Rule::ParamMissing, "optional", "on no page", None),
        }
    }
}

/// Compares whether spec and page require a value.
fn required(
    sheet: &mut Sheet<'_>,
    spot: &Spot,
    rule: Rule,
    ours: bool,
    (theirs, optional): (bool, &Tally),
    place: Option<Place>,
) {
    match (ours, theirs, optional.count > 0) {
        (true, _, true) => sheet.finding(spot, rule, "required", "optional", first(optional)),
        (false, true, _) => sheet.finding(spot, rule, "optional", "required", place),
        (true, true, _) | (false, false, true) => sheet.agrees(spot, rule),
        _ => (),
    }
}

/// Compares the members of a body that a page names.
fn members(
    sheet: &mut Sheet<'_>,
    spot: &Spot,
    ours: &Promise<'_>,
    page: &Shape,
    operation: &Operation,
) {
    // A member that its object requires may still be absent with the object.
    let is_nested = !spot.at.is_empty();
    for (name, said) in &page.fields {
        let spot = spot.below(name);
        let fields: Vec<&Field> =
            ours.shapes().iter().filter_map(|shape| shape.fields.get(name)).collect();
        let inner = ours.below(sheet.promised, name);
        if !inner.is_known() {
            unknown_member(sheet, &spot, ours, said, operation);
            continue;
        }
        sheet.agrees(&spot, Rule::FieldUndocumented);
        let may_lack = is_nested && said.missing.count > 0;
        let is_required =
            !may_lack && !fields.is_empty() && fields.iter().all(|field| field.required);
        let place = said.shape.kinds.values().find_map(first);
        required(
            sheet,
            &spot,
            Rule::FieldMissing,
            is_required,
            (said.required, &said.missing),
            place,
        );
        value::compare(sheet, &spot, &inner, &said.shape);
        deeper(sheet, &spot, &inner, &said.shape, operation);
    }
}

fn deeper(
    sheet: &mut Sheet<'_>,
    spot: &Spot,
    ours: &Promise<'_>,
    page: &Shape,
    operation: &Operation,
) {
    members(sheet, spot, ours, page, operation);
    if let Some(item) = &page.item {
        let items = ours.below(sheet.promised, "*");
        if items.is_known() {
            let spot = spot.below("*");
            deeper(sheet, &spot, &items, item, operation);
        }
    }
}

fn unknown_member(
    sheet: &mut Sheet<'_>,
    spot: &Spot,
    ours: &Promise<'_>,
    said: &Field,
    operation: &Operation,
) {
    let name = spot.at.rsplit('/').next().unwrap_or_default();
    if let Some((pointer, known)) = named(operation, name) {
        let spot = spot.at(pointer);
        let promise = Promise::new(sheet.promised, vec![&known.shape]);
        required(
            sheet,
            &spot,
            Rule::ParamMissing,
            known.required,
            (said.required, &said.missing),
            None,
        );
        return value::compare(sheet, &spot, &promise, &said.shape);
    }
    if ours.is_free_form() {
        return;
    }
    let place = said.shape.kinds.values().find_map(first);
    if operation.request.is_none() {
        let seen = format!("a body with `{name}`");
        return sheet.finding(&spot.at(""), Rule::ContentTypeChanged, "no body", seen, place);
    }
    sheet.finding(spot, Rule::FieldUndocumented, "no such member", "member of the body", place);
}

fn missing_members<'c>(
    sheet: &mut Sheet<'c>,
    spot: &Spot,
    ours: &Promise<'c>,
    pages: &[&Shape],
    is_named: &dyn Fn(&str) -> bool,
) {
    absent::members(sheet, spot, ours, pages, is_named, &|sheet, spot, ours, pages| {
        missing_members(sheet, spot, ours, pages, &|_| false);
    });
}
