//! Says of each constraint that a value can break which rule it falls under, what the client makes
//! of the value, and the words for both.

use super::phrase;
use crate::contract::{Contract, Unreadable};
use crate::rules::{Decoding, Rule};
use crate::shape::{Limit, Sampled, Shape, Stray};
use prumo_spec::formats::Format;

/// Returns the rule that a broken constraint falls under, or `None` for one that is not judged.
pub(super) fn rule(stray: Stray) -> Option<Rule> {
    let rule = match stray {
        Stray::Undecided => return None,
        Stray::Encoding => Rule::BodyUnreadable,
        Stray::Value => Rule::EnumValueUnknown,
        Stray::Format | Stray::Pattern => Rule::FormatViolated,
        Stray::Branches => Rule::AlternativeAmbiguous,
        Stray::ReadOnly | Stray::WriteOnly => Rule::FieldMisplaced,
        Stray::Minimum
        | Stray::Maximum
        | Stray::Int64
        | Stray::MultipleOf
        | Stray::MinLength
        | Stray::MaxLength
        | Stray::MinItems
        | Stray::MaxItems
        | Stray::UniqueItems
        | Stray::MinProperties
        | Stray::MaxProperties
        | Stray::Not => Rule::BoundExceeded,
    };
    Some(rule)
}

/// Returns what the client makes of a value that broke a constraint of its shape.
pub(super) fn decoding(promised: &Shape, stray: Stray) -> Decoding {
    let is_typed =
        || promised.format.as_deref().and_then(Format::named).is_some_and(Format::is_typed);
    match stray {
        Stray::Value if promised.is_closed_enum => Decoding::Fails,
        Stray::Format if is_typed() => Decoding::Fails,
        Stray::Int64 => Decoding::Fails,
        // PHP writes an empty object as a list: the client has no place for items.
        Stray::MaxItems if promised.bounds.max_items == Some(0) => Decoding::Fails,
        _ => Decoding::Unforeseen,
    }
}

/// Returns the constraint that was broken, as promised.
pub(super) fn constraint(contract: &Contract, shape: &Shape, stray: Stray) -> String {
    let bounds = &shape.bounds;
    let amount =
        |amount: Option<u64>| amount.map_or_else(|| "any number of".into(), |n| n.to_string());
    match stray {
        Stray::Encoding => "text in UTF-8".to_owned(),
        Stray::Value | Stray::Format => phrase::promise(contract, shape),
        Stray::Pattern => {
            let patterns: Vec<&str> = shape.patterns.iter().map(|p| p.source()).collect();
            match patterns.as_slice() {
                [] => "another text".to_owned(),
                patterns => format!("text like {}", patterns.join(" and ")),
            }
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
        Stray::ReadOnly => "only in responses (`readOnly`)".to_owned(),
        Stray::WriteOnly => "only in requests (`writeOnly`)".to_owned(),
        Stray::Undecided => "a value that can be judged".to_owned(),
    }
}

fn limit(limit: Option<Limit>, exclusive: &str, inclusive: &str) -> String {
    match limit {
        Some(limit) if limit.is_exclusive => format!("{exclusive} {limit}"),
        Some(limit) => format!("{inclusive} {limit}"),
        None => "no such limit".to_owned(),
    }
}

/// Describes a value that broke a constraint: an amount is named, a number is not.
pub(super) fn broken(
    contract: &Contract,
    shape: &Shape,
    stray: Stray,
    sampled: &Sampled,
) -> String {
    let samples = phrase::samples(sampled);
    match stray {
        Stray::Encoding => phrase::unreadable(Unreadable::BadEncoding).to_owned(),
        Stray::Value if samples.trim().is_empty() => "an empty text".to_owned(),
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
        Stray::ReadOnly => "in a request".to_owned(),
        Stray::WriteOnly => "in a response".to_owned(),
        Stray::Undecided => "a pattern that takes too many steps".to_owned(),
        Stray::Branches => {
            let pairs =
                sampled.samples.keys().map(|names| phrase::alternatives(contract, shape, names));
            format!("a value that fits alternatives {}", pairs.collect::<Vec<_>>().join(", or "))
        }
    }
}
