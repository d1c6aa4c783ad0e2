//! Compares one promised value with what pages say about it: types, values, formats and bounds.

use std::collections::{BTreeMap, BTreeSet};

use prumo_spec::Kind;

use super::{Sheet, Spot, first};
use crate::contract::Contract;
use crate::contract::reached::{below, reached_from};
use crate::finding::Place;
use crate::rules::{Rule, Side};
use crate::shape::{Bounds, Scalar, Shape};

/// The promise at one place: a shape and all that it may stand for.
pub(super) struct Promise<'c> {
    shapes: Vec<&'c Shape>,
}

impl<'c> Promise<'c> {
    pub(super) fn new(promised: &'c Contract, shapes: Vec<&'c Shape>) -> Self {
        Self { shapes: reached_from(promised, shapes) }
    }

    /// Returns the promise of a member, of an item (`*`) or of an entry of a map.
    pub(super) fn below(&self, promised: &'c Contract, token: &str) -> Self {
        Self::new(promised, self.shapes.iter().flat_map(|one| below(one, token)).collect())
    }

    /// Returns the names of the members, and whether each alternative requires them.
    pub(super) fn fields(&self) -> BTreeMap<&'c str, bool> {
        let mut fields: BTreeMap<&str, bool> = BTreeMap::new();
        for (name, field) in self.shapes.iter().flat_map(|shape| &shape.fields) {
            *fields.entry(name).or_insert(true) &= field.required;
        }
        fields
    }

    pub(super) fn shapes(&self) -> &[&'c Shape] {
        &self.shapes
    }

    pub(super) fn is_known(&self) -> bool {
        !self.shapes.is_empty()
    }

    /// Tells whether members of any name are promised.
    pub(super) fn is_free_form(&self) -> bool {
        self.shapes.iter().any(|one| one.allows(Kind::Object) && one.is_free_form())
    }

    fn allows(&self, kind: Kind) -> bool {
        let number = kind == Kind::Number && self.shapes.iter().any(|one| one.allows(Kind::Int));
        number || self.shapes.iter().any(|one| one.allows(kind))
    }

    fn kinds(&self) -> BTreeSet<Kind> {
        self.shapes.iter().flat_map(|one| one.kinds.keys().copied()).collect()
    }

    /// Returns the promised values; `None` if any value is allowed.
    fn values(&self) -> Option<BTreeSet<String>> {
        let mut values = BTreeSet::new();
        for shape in self.shapes.iter().filter(|shape| !shape.kinds.is_empty()) {
            values.extend(shape.values.as_ref()?.iter().map(spelled));
        }
        (!values.is_empty()).then_some(values)
    }
}

/// Compares a value in all its respects.
pub(super) fn compare(sheet: &mut Sheet<'_>, spot: &Spot, promise: &Promise<'_>, page: &Shape) {
    kinds(sheet, spot, promise, page);
    values(sheet, spot, promise, page);
    format(sheet, spot, promise, page);
    for shape in promise.shapes() {
        bounds(sheet, spot, &shape.bounds, page);
    }
}

fn kinds(sheet: &mut Sheet<'_>, spot: &Spot, promise: &Promise<'_>, page: &Shape) {
    let said: Vec<Kind> = page.kinds.keys().copied().filter(|kind| *kind != Kind::Null).collect();
    let place = page.kinds.values().find_map(first);
    let (all, names) = (promise.kinds(), words(page.kinds.keys().copied()));
    if all.is_empty() {
        return;
    }
    if !said.is_empty() {
        // Every value in an address is a text.
        let is_text = spot.at.starts_with("/query/") || spot.at.starts_with("/path/");
        let is_scalar = |kind: &Kind| !matches!(kind, Kind::Array | Kind::Object);
        let fits = said.iter().any(|kind| promise.allows(*kind))
            || (is_text && said.iter().any(is_scalar) && all.iter().any(is_scalar))
            || (is_text && said.contains(&Kind::Text));
        let is_any = Kind::BASE.iter().all(|kind| *kind == Kind::Null || promise.allows(*kind));
        match fits {
            true if is_any => {
                sheet.gap(spot, Rule::TypeChanged, "any type", names.clone(), place.clone());
            }
            true => sheet.agrees(spot, Rule::TypeChanged),
            false => {
                let promised = words(all.iter().copied());
                sheet.finding(spot, Rule::TypeChanged, promised, names.clone(), place.clone());
            }
        }
    }
    nulls(sheet, spot, promise, page, (names, place));
}

fn nulls(
    sheet: &mut Sheet<'_>,
    spot: &Spot,
    promise: &Promise<'_>,
    page: &Shape,
    (names, place): (String, Option<Place>),
) {
    let (ours, theirs) = (promise.allows(Kind::Null), page.kinds.contains_key(&Kind::Null));
    match (ours, theirs) {
        (true, true) => sheet.agrees(spot, Rule::NullUnexpected),
        (false, true) if spot.side == Side::Response => {
            sheet.finding(spot, Rule::NullUnexpected, "no null", "null", place);
        }
        (true, false) if !page.kinds.is_empty() => {
            sheet.gap(spot, Rule::NullUnexpected, "null is allowed", names, place);
        }
        _ => (),
    }
}

fn values(sheet: &mut Sheet<'_>, spot: &Spot, promise: &Promise<'_>, page: &Shape) {
    let rule = Rule::EnumValueUnknown;
    let default = page.seen.values.iter().next();
    let listed: BTreeSet<String> = page.values.iter().flatten().map(spelled).collect();
    let Some(promised) = promise.values() else {
        if !listed.is_empty() {
            sheet.gap(spot, rule, "any value", quoted(&listed), None);
        }
        return;
    };
    let is_known = |value: &str| promised.iter().any(|known| known.eq_ignore_ascii_case(value));
    if let Some((value, tally)) = default.filter(|(value, _)| !is_known(&spelled(value))) {
        let seen = format!("the default `{}`", spelled(value));
        sheet.finding(spot, rule, quoted(&promised), seen, first(tally));
    }
    if listed.is_empty() {
        return;
    }
    let extra: BTreeSet<String> = listed.iter().filter(|value| !is_known(value)).cloned().collect();
    let is_listed = |value: &&String| listed.iter().any(|one| one.eq_ignore_ascii_case(value));
    let lacking: BTreeSet<String> =
        promised.iter().filter(|one| !is_listed(one)).cloned().collect();
    let seen = match (extra.is_empty(), lacking.is_empty()) {
        (true, true) => return sheet.agrees(spot, rule),
        (false, true) => quoted(&extra),
        (true, false) => format!("no {}", quoted(&lacking)),
        (false, false) => format!("{}, and no {}", quoted(&extra), quoted(&lacking)),
    };
    sheet.finding(spot, rule, quoted(&promised), seen, None);
}

fn format(sheet: &mut Sheet<'_>, spot: &Spot, promise: &Promise<'_>, page: &Shape) {
    let Some(said) = &page.format else { return };
    let promised = promise.shapes().iter().find_map(|shape| shape.format.as_deref());
    let Some(promised) = promised else {
        return sheet.gap(spot, Rule::FormatViolated, "no format", said.clone(), None);
    };
    let starts_with_year = |format: &str| format.starts_with(['Y', 'y', 'A', 'a']);
    let is_year_first = !promised.starts_with("br-");
    match is_year_first == starts_with_year(said) {
        true => sheet.agrees(spot, Rule::FormatViolated),
        false => sheet.finding(spot, Rule::FormatViolated, promised, said.clone(), None),
    }
}

fn bounds(sheet: &mut Sheet<'_>, spot: &Spot, promised: &Bounds, page: &Shape) {
    let said = &page.bounds;
    // More than 0 is at least 1, since pages count things.
    let number = |limit: &crate::shape::Limit| match limit.is_exclusive {
        true => (limit.value + 1.0).to_string(),
        false => limit.value.to_string(),
    };
    let count = |n: &u64| n.to_string();
    let rows = [
        ("at least", promised.minimum.as_ref().map(number), said.minimum.as_ref().map(number)),
        ("at most", promised.maximum.as_ref().map(number), said.maximum.as_ref().map(number)),
        (
            "no shorter than",
            promised.min_length.as_ref().map(count),
            said.min_length.as_ref().map(count),
        ),
        (
            "no longer than",
            promised.max_length.as_ref().map(count),
            said.max_length.as_ref().map(count),
        ),
    ];
    for (words, ours, theirs) in rows {
        let Some(theirs) = theirs else { continue };
        let seen = format!("{words} {theirs}");
        match ours {
            None => sheet.gap(spot, Rule::BoundExceeded, "no such bound", seen, None),
            Some(ours) if ours == theirs => sheet.agrees(spot, Rule::BoundExceeded),
            Some(ours) => {
                sheet.finding(spot, Rule::BoundExceeded, format!("{words} {ours}"), seen, None);
            }
        }
    }
}

/// Writes a value as a page spells it.
fn spelled(value: &Scalar) -> String {
    match value {
        Scalar::Null => "null".to_owned(),
        Scalar::Bool(bool) => bool.to_string(),
        Scalar::Int(int) => int.to_string(),
        Scalar::Number(text) | Scalar::Text(text) | Scalar::Json(text) => text.clone(),
    }
}

fn quoted(values: &BTreeSet<String>) -> String {
    const MOST: usize = 12;
    let mut words: Vec<String> = values.iter().take(MOST).map(|one| format!("`{one}`")).collect();
    if values.len() > MOST {
        words.push("…".to_owned());
    }
    words.join(", ")
}

fn words(kinds: impl Iterator<Item = Kind>) -> String {
    let name = |kind| match kind {
        Kind::Null => "null",
        Kind::Bool => "boolean",
        Kind::Int => "integer",
        Kind::Number => "number",
        Kind::Array => "array",
        Kind::Object => "object",
        _ => "string",
    };
    kinds.map(name).collect::<Vec<_>>().join(" or ")
}
