//! Decides whether an observed contract has observations of a place.

use std::collections::BTreeMap;

use crate::contract::{Contract, Parameter};
use crate::finding::Identity;
use crate::rules::Rule;
use crate::rules::Side;
use crate::shape::Shape;
use prumo_spec::Kind;

/// Returns whether `observed` reached the place that a finding would name.
///
/// For a member that may be absent or unknown, that is the object around it, otherwise the value
/// itself. A missing status or case matches any.
pub fn was_seen(observed: &Contract, finding: &Identity) -> bool {
    let Identity { operation, side, status, case, at, rule } = finding;
    let operation = operation.as_deref().unwrap_or_default();
    let Some(seen) = observed.operations.get(operation) else {
        return false;
    };
    if seen.exchanges.count == 0 {
        return false;
    }
    let is_of_object =
        matches!(rule, Rule::FieldMissing | Rule::FieldUndocumented | Rule::FieldMisplaced);
    let tokens = tokens_of(at);
    match (rule, side) {
        (Rule::OperationNeverSeen | Rule::StatusUndocumented, _) => true,
        (Rule::ParamMissing | Rule::ParamUndocumented | Rule::OperationUnknown, _) => true,
        (Rule::ContentTypeChanged, Side::Request) => {
            seen.request.as_ref().is_some_and(|body| body.seen.count > 0)
        }
        (_, Side::Request) => {
            if let Some(is_met) = is_met(&seen.parameters, at, is_of_object) {
                return is_met;
            }
            let bodies = seen.request.iter().flat_map(|body| body.media.values());
            bodies.into_iter().any(|media| reaches(&media.shape, &tokens, None, is_of_object))
        }
        (_, Side::Response) => seen
            .responses
            .iter()
            .filter(|(key, _)| status.is_none_or(|status| **key == status.to_string()))
            .any(|(_, body)| match *rule {
                Rule::StatusNeverSeen
                | Rule::ContentTypeChanged
                | Rule::BodyUnreadable
                | Rule::EnvelopeContradiction => body.seen.count > 0,
                // A header is known only where it could be missed.
                Rule::HeaderMissing => body.headers.contains_key(at),
                _ if is_met(&body.headers, at, is_of_object) == Some(true) => true,
                _ => {
                    let case = case.as_deref();
                    body.media
                        .values()
                        .any(|media| reaches(&media.shape, &tokens, case, is_of_object))
                }
            }),
    }
}

/// Returns whether a parameter or header, or the place within it, was seen; `None` if `at` is
/// neither.
fn is_met(all: &BTreeMap<String, Parameter>, at: &str, is_of_object: bool) -> Option<bool> {
    let (parameter, rest) = all.iter().find_map(|(pointer, parameter)| {
        let rest = at.strip_prefix(pointer.as_str())?;
        (rest.is_empty() || rest.starts_with('/')).then_some((parameter, rest))
    })?;
    Some(match rest {
        "" => parameter.present.count > 0,
        within => reaches(&parameter.shape, &tokens_of(within), None, is_of_object),
    })
}

fn tokens_of(at: &str) -> Vec<String> {
    at.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect()
}

fn reaches(shape: &Shape, tokens: &[String], case: Option<&str>, is_of_object: bool) -> bool {
    let branches = shape.alternatives.iter().flat_map(|all| {
        let is_tagged = all.tag.is_some();
        all.branches
            .iter()
            .filter(move |(name, _)| case.is_none_or(|case| !is_tagged || name.as_str() == case))
    });
    let is_in_branch =
        branches.into_iter().any(|(_, branch)| reaches(&branch.shape, tokens, None, is_of_object));
    if is_in_branch {
        return true;
    }
    let is_other_case =
        case.is_some() && shape.alternatives.as_ref().is_some_and(|all| all.tag.is_some());
    match tokens {
        _ if is_other_case => false,
        [] => shape.count() > 0,
        [_] if is_of_object && shape.kinds.contains_key(&Kind::Object) => true,
        [first, rest @ ..] => {
            let below = match first.as_str() {
                "*" => shape.item.as_deref().or(shape.entries.as_deref()),
                name => shape.fields.get(name).map(|field| &*field.shape),
            };
            below.is_some_and(|shape| reaches(shape, rest, None, is_of_object))
        }
    }
}
