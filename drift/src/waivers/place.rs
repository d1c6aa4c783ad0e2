//! Decides whether the place of a waiver is promised at all.
//!
//! A waiver of a place that the spec does not promise silences no finding and never becomes stale,
//! so a typo in it would stay forever.

use std::collections::BTreeMap;

use super::WaiverFault;
use crate::contract::reached::{below, reached_from};
use crate::contract::{self, Body, Contract, Parameter};
use crate::finding::Identity;
use crate::rules::Rule;
use crate::rules::Side;
use crate::shape::Shape;
use prumo_spec::Kind;

pub(super) fn fault(waived: &Identity, promised: &Contract) -> Option<WaiverFault> {
    // This rule is about operations that the spec does not have.
    if waived.rule == Rule::OperationUnknown {
        return None;
    }
    let id = waived.operation.as_deref().unwrap_or_default();
    let Some(operation) = promised.operations.get(id) else {
        return Some(WaiverFault::UnknownOperation(id.to_owned()));
    };
    match waived.side {
        Side::Request => request_fault(waived, promised, operation),
        Side::Response => response_fault(waived, promised, operation),
    }
}

fn request_fault(
    waived: &Identity,
    promised: &Contract,
    operation: &contract::Operation,
) -> Option<WaiverFault> {
    let is_promised = waived.rule == Rule::ParamUndocumented
        || waived.at.is_empty()
        || has(promised, &operation.parameters, waived)
        || operation
            .request
            .as_ref()
            .is_some_and(|body| holds(promised, &shapes(body, None), waived.rule, &waived.at));
    (!is_promised).then(|| WaiverFault::UnknownPlace(waived.at.clone()))
}

fn response_fault(
    waived: &Identity,
    promised: &Contract,
    operation: &contract::Operation,
) -> Option<WaiverFault> {
    if waived.rule == Rule::StatusUndocumented {
        return None;
    }
    let bodies: Vec<&Body> = match waived.status {
        None => operation.responses.values().collect(),
        Some(status) => match operation.response(status) {
            None => return Some(WaiverFault::UnknownStatus(status)),
            Some(body) => vec![body],
        },
    };
    let case = waived.case.as_deref();
    let shapes: Vec<&Shape> = bodies.iter().flat_map(|body| shapes(body, case)).collect();
    if let Some(case) = waived.case.as_ref().filter(|_| shapes.is_empty()) {
        return Some(WaiverFault::UnknownCase(case.clone()));
    }
    // A header belongs to no case.
    let is_promised = waived.at.is_empty()
        || (case.is_none() && bodies.iter().any(|body| has(promised, &body.headers, waived)))
        || holds(promised, &shapes, waived.rule, &waived.at);
    (!is_promised).then(|| WaiverFault::UnknownPlace(waived.at.clone()))
}

/// Returns the shapes of a body, or of one case of it.
fn shapes<'a>(body: &'a Body, case: Option<&str>) -> Vec<&'a Shape> {
    let media = body.media.values();
    match case {
        None => media.map(|media| &*media.shape).collect(),
        Some(case) => {
            media.filter_map(|media| media.case(case)).map(|branch| &*branch.shape).collect()
        }
    }
}

/// Returns whether the place is a parameter or header, or is within one.
fn has(promised: &Contract, all: &BTreeMap<String, Parameter>, waived: &Identity) -> bool {
    all.iter().any(|(pointer, parameter)| {
        let Some((head, rest)) = waived.at.split_at_checked(pointer.len()) else {
            return false;
        };
        head.eq_ignore_ascii_case(pointer)
            && (rest.is_empty()
                || (rest.starts_with('/')
                    && holds(promised, &[&parameter.shape], waived.rule, rest)))
    })
}

/// Returns whether any of the shapes has the place or, for an unknown field, the object around it.
fn holds(promised: &Contract, shapes: &[&Shape], rule: Rule, at: &str) -> bool {
    let mut tokens: Vec<String> =
        at.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect();
    if rule == Rule::FieldUndocumented {
        tokens.pop();
    }
    let mut reached = reached_from(promised, shapes.to_vec());
    for token in &tokens {
        if reached.iter().any(|shape| shape.allows(Kind::Object) && shape.is_free_form()) {
            return true;
        }
        let next = reached.iter().flat_map(|shape| below(shape, token)).collect();
        reached = reached_from(promised, next);
    }
    !reached.is_empty()
}
