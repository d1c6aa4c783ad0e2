//! Describes promises and facts in the short texts of a report.

use crate::contract::{Contract, Unreadable};
use crate::shape::{Limit, Sampled, Scalar, Shape, Stray};
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

/// Returns the constraint that was broken, as promised.
pub(super) fn constraint(contract: &Contract, shape: &Shape, stray: Stray) -> String {
    let bounds = &shape.bounds;
    let amount = |amount: Option<u64>| amount.map(|n| n.to_string()).unwrap_or_default();
    match stray {
        Stray::Encoding => "text in UTF-8".to_owned(),
        Stray::Value => promise(contract, shape),
        Stray::Format => promise(contract, shape),
        Stray::Pattern => {
            let patterns: Vec<&str> = shape.patterns.iter().map(|p| p.source()).collect();
            format!("text like {}", patterns.join(" and "))
        }
        Stray::Minimum => limit(bounds.minimum, "above", "at least"),
        Stray::Maximum => limit(bounds.maximum, "below", "at most"),
        Stray::Int64 => "a number of 64 bits".to_owned(),
        Stray::MultipleOf => {
            format!("a multiple of {}", bounds.multiple_of.unwrap_or_default())
        }
        Stray::MinLength => format!("at least {} characters", amount(bounds.min_length)),
        Stray::MaxLength => format!("at most {} characters", amount(bounds.max_length)),
        Stray::MinItems => format!("at least {} items", amount(bounds.min_items)),
        Stray::MaxItems => format!("at most {} items", amount(bounds.max_items)),
        Stray::UniqueItems => "unique items".to_owned(),
        Stray::MinProperties => format!("at least {} members", amount(bounds.min_properties)),
        Stray::MaxProperties => format!("at most {} members", amount(bounds.max_properties)),
        Stray::Not => "not what `not` describes".to_owned(),
        Stray::Branches => "exactly one alternative".to_owned(),
    }
}

fn limit(limit: Option<Limit>, exclusive: &str, inclusive: &str) -> String {
    match limit {
        Some(Limit { value, is_exclusive: true }) => format!("{exclusive} {value}"),
        Some(Limit { value, is_exclusive: false }) => format!("{inclusive} {value}"),
        None => String::new(),
    }
}

/// Describes a value that broke a constraint: amounts are printed, numbers are not.
pub(super) fn stray(stray: Stray, sampled: &Sampled) -> String {
    let samples = samples(sampled);
    match stray {
        Stray::Encoding => unreadable(Unreadable::BadEncoding).to_owned(),
        Stray::Value => samples,
        Stray::Format if samples.is_empty() => "another number".to_owned(),
        Stray::Format | Stray::Pattern => format!("text like {samples}"),
        Stray::Minimum => "a smaller number".to_owned(),
        Stray::Maximum => "a larger number".to_owned(),
        Stray::Int64 => "a number beyond 64 bits".to_owned(),
        Stray::MultipleOf => "a number between".to_owned(),
        Stray::MinLength | Stray::MaxLength => format!("{samples} characters"),
        Stray::MinItems | Stray::MaxItems => format!("{samples} items"),
        Stray::UniqueItems => "equal items".to_owned(),
        Stray::MinProperties | Stray::MaxProperties => format!("{samples} members"),
        Stray::Not => "what `not` describes".to_owned(),
        Stray::Branches => format!("a value that fits {samples}"),
    }
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
