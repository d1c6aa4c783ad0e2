//! Describes promises and facts in the short texts of a report.

use crate::contract::{Contract, Unreadable};
use crate::shape::{Sampled, Scalar, Shape};
use prumo_spec::Kind;

/// The most values of an enum that are spelled out.
const MAX_VALUES: usize = 8;

/// Describes a promise: `int or null`, `one of a, b`, `text as br-date`.
pub(super) fn promise(contract: &Contract, shape: &Shape) -> String {
    let (shape, or_null) = contract.resolve(shape);
    if let Some(values) = &shape.values {
        return one_of(values.iter());
    }
    if Kind::BASE.iter().all(|&kind| shape.allows(kind)) {
        return "anything".to_owned();
    }
    let mut kinds: Vec<&str> =
        shape.kinds.keys().filter(|&&kind| kind != Kind::Null).map(|kind| kind.phrase()).collect();
    if or_null || shape.kinds.contains_key(&Kind::Null) {
        kinds.push(Kind::Null.phrase());
    }
    let kinds = kinds.join(" or ");
    match &shape.format {
        Some(format) => format!("{kinds} as {format}"),
        None => kinds,
    }
}

fn one_of<'v>(values: impl ExactSizeIterator<Item = &'v Scalar>) -> String {
    let n_more = values.len().saturating_sub(MAX_VALUES);
    let mut shown: Vec<String> = values.take(MAX_VALUES).map(Scalar::phrase).collect();
    if n_more > 0 {
        shown.push(format!("{n_more} more"));
    }
    match shown.as_slice() {
        [only] => only.clone(),
        _ => format!("one of {}", shown.join(", ")),
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
        Unreadable::BadCoding => "chunks, a compression or parts that are broken",
        Unreadable::Markup => "a page of markup",
        Unreadable::NotJson => "text that is not JSON",
    }
}
