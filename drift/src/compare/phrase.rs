//! Describes promises and facts in the short texts of a report.

use std::collections::BTreeMap;

use crate::contract::{Contract, Unreadable};
use crate::shape::{Sampled, Scalar, Shape};
use prumo_spec::Kind;

/// The most values of an enum that are spelled out.
const MAX_VALUES: usize = 8;

/// Describes a promise: `int or null`, `one of a, b`, `text as br-date`.
pub(super) fn promise(contract: &Contract, shape: &Shape) -> String {
    let (shape, or_null) = contract.resolve(shape);
    if let Some(values) = shape.values.as_ref().filter(|values| !values.is_empty()) {
        return one_of(values.iter());
    }
    if shape.references.len() > 1 {
        let names: Vec<&str> = shape.references.iter().map(String::as_str).collect();
        return format!("one of {}", names.join(", "));
    }
    if Kind::BASE.iter().all(|&kind| shape.allows(kind)) {
        return "anything".to_owned();
    }
    let mut kinds: Vec<&str> =
        shape.kinds.keys().filter(|&&kind| kind != Kind::Null).map(|kind| kind.phrase()).collect();
    if or_null || shape.kinds.contains_key(&Kind::Null) {
        kinds.push(Kind::Null.phrase());
    }
    let kinds = if kinds.is_empty() { "no value".to_owned() } else { kinds.join(" or ") };
    match &shape.format {
        Some(format) => format!("{kinds} as {format}"),
        None => kinds,
    }
}

fn one_of<'v>(values: impl ExactSizeIterator<Item = &'v Scalar>) -> String {
    let n_more = values.len().saturating_sub(MAX_VALUES);
    let mut shown: Vec<String> = values.take(MAX_VALUES).map(value).collect();
    if n_more > 0 {
        shown.push(format!("{n_more} more"));
    }
    match shown.as_slice() {
        [only] => only.clone(),
        _ => format!("one of {}", shown.join(", ")),
    }
}

/// Describes a declared value; a blank text has quotes.
pub(super) fn value(scalar: &Scalar) -> String {
    let phrase = scalar.phrase();
    if phrase.trim().is_empty() { format!("{phrase:?}") } else { phrase }
}

/// Describes alternatives that a value fits, by their names: a component's name, or else the number
/// in the list and what is promised there.
pub(super) fn alternatives(contract: &Contract, shape: &Shape, names: &str) -> String {
    let all = shape.alternatives.iter().flat_map(|all| &all.branches);
    let all: BTreeMap<&str, &Shape> =
        all.map(|(name, branch)| (name.as_str(), &*branch.shape)).collect();
    let told = names.split(" and ").map(|name| {
        let number = name.trim_end_matches('\'').parse::<usize>().ok();
        match number.zip(all.get(name)) {
            Some((index, shape)) => format!("{} ({})", index + 1, members(contract, shape)),
            None => name.to_owned(),
        }
    });
    told.collect::<Vec<_>>().join(" and ")
}

/// Describes a promise, an object by its first members.
fn members(contract: &Contract, shape: &Shape) -> String {
    const MAX_NAMES: usize = 3;
    let kinds = promise(contract, shape);
    let (shape, _) = contract.resolve(shape);
    let required = shape.fields.iter().filter(|(_, field)| field.required);
    let optional = shape.fields.iter().filter(|(_, field)| !field.required);
    let names: Vec<&str> = required.chain(optional).map(|(name, _)| name.as_str()).collect();
    match names.get(..MAX_NAMES) {
        _ if names.is_empty() => kinds,
        Some(first) if names.len() > MAX_NAMES => format!("{kinds} with {}, …", first.join(", ")),
        _ => format!("{kinds} with {}", names.join(", ")),
    }
}

/// Returns a kind with the masks of its texts.
pub(super) fn kind(kind: Kind, masks: Option<&Sampled>) -> String {
    match masks.map(samples).filter(|masks| !masks.is_empty()) {
        Some(masks) => format!("{} ({masks})", kind.phrase()),
        None => kind.phrase().to_owned(),
    }
}

/// Returns the first few samples, and the number of further values.
pub(super) fn samples(sampled: &Sampled) -> String {
    const MAX_SHOWN: usize = 3;
    let mut shown: Vec<&str> = sampled.samples.keys().map(String::as_str).take(MAX_SHOWN).collect();
    if sampled.samples.len() > MAX_SHOWN {
        shown.push("…");
    }
    shown.join(", ")
}

/// Describes why a body could not be read.
pub(super) fn unreadable(why: Unreadable) -> &'static str {
    match why {
        Unreadable::Empty => "an empty body",
        Unreadable::Truncated => "JSON that stops in the middle",
        Unreadable::ByteOrderMark => "JSON behind a byte order mark",
        Unreadable::TooDeep => "JSON nested deeper than 128 levels",
        Unreadable::BadEncoding => "text in a broken encoding",
        Unreadable::UndeclaredCharset => {
            "text that is not UTF-8, probably windows-1252 (latin-1): its charset is not declared"
        }
        Unreadable::Binary => "bytes that are not text",
        Unreadable::BadCoding => "chunks, a compression or parts that are broken",
        Unreadable::Markup => "a page of markup",
        Unreadable::NotJson => "text that is not JSON",
    }
}
