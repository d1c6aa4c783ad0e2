//! Compares which credentials calls need, and where the client sends them.

use std::collections::BTreeSet;

use prumo_spec::below;
use prumo_spec::openapi::{OpenApi, Operation, Placement};

use crate::rules::Rule;
use crate::walk::{Both, Walk};

/// Compares the credentials of two operations.
///
/// Those that a document demands of all operations are one change, whichever operation has them.
pub(crate) fn of_operation(walk: &mut Walk<'_>, old: &Operation<'_>, new: &Operation<'_>) {
    let (was, is) = (alternatives(old), alternatives(new));
    let place = |one: &Operation<'_>| match one.node().has("security") {
        true => below(one.at(), "security"),
        false => "/security".to_owned(),
    };
    let (at_old, at_new) = (place(old), place(new));
    let at = Both { old: at_old.as_str(), new: at_new.as_str() };
    let words = |all: &[BTreeSet<&str>]| {
        let each = all.iter().map(|one| match one.is_empty() {
            true => "no credential".to_owned(),
            false => one.iter().copied().collect::<Vec<_>>().join(" with "),
        });
        each.collect::<Vec<_>>().join(" or ")
    };
    let (from, to) = (words(&was), words(&is));
    let step = Both { old: from.as_str(), new: &to };
    if was != is {
        // Whoever could call before, has all that some alternative needs now.
        let is_enough = was.iter().all(|had| is.iter().any(|needed| needed.is_subset(had)));
        let rule = if is_enough { Rule::CredentialRelaxed } else { Rule::CredentialRequired };
        walk.tell(rule, at, step);
    } else if scopes(old) != scopes(new) {
        let (from, to) = (scopes(old), scopes(new));
        walk.tell(Rule::ScopesChanged, at, Both { old: &from, new: &to });
    }
}

/// Returns what an operation needs; no credential is one alternative.
fn alternatives<'d>(operation: &Operation<'d>) -> Vec<BTreeSet<&'d str>> {
    let mut all: Vec<BTreeSet<&str>> =
        operation.security().into_iter().map(|one| one.into_iter().collect()).collect();
    if all.is_empty() {
        all.push(BTreeSet::new());
    }
    all.sort();
    all
}

fn scopes(operation: &Operation<'_>) -> String {
    let own = operation.node().get("security");
    let all = own.or_else(|| operation.node().api().root().get("security"));
    let all = all.and_then(serde_json::Value::as_array).into_iter().flatten();
    let mut each: Vec<String> = all.map(prumo_spec::scalar::canonical).collect();
    each.sort();
    each.join(" or ")
}

/// Compares the places of the credentials that operations use.
pub(crate) fn schemes(walk: &mut Walk<'_>) {
    let (used_old, used_new) = (used(walk.old), used(walk.new));
    for old in walk.old.security_schemes().filter(|one| used_old.contains(one.name())) {
        let at_old = old.node().at().to_owned();
        let new = walk.new.security_scheme(old.name());
        let Some(new) = new.filter(|_| used_new.contains(old.name())) else {
            let at = Both { old: at_old.as_str(), new: "/components" };
            walk.tell(Rule::CredentialRemoved, at, Both { old: old.name(), new: "" });
            continue;
        };
        let (was, is) = (old.placement(), new.placement());
        if was == is {
            continue;
        }
        let takes_two = |one: &Option<Placement>| *one == Some(Placement::Basic);
        let rule = match takes_two(&was) == takes_two(&is) && was.is_some() == is.is_some() {
            true => Rule::CredentialMoved,
            false => Rule::CredentialReplaced,
        };
        let (from, to) = (words(&was), words(&is));
        let at = Both { old: at_old.as_str(), new: new.node().at() };
        walk.tell(rule, at, Both { old: &from, new: &to });
    }
}

fn words(placement: &Option<Placement>) -> String {
    match placement {
        Some(Placement::Bearer) => "a bearer token".to_owned(),
        Some(Placement::Basic) => "user and password".to_owned(),
        Some(Placement::Header(name)) => format!("header {name}"),
        Some(Placement::Query(name)) => format!("query {name}"),
        Some(Placement::Cookie(name)) => format!("cookie {name}"),
        None => "an unknown place".to_owned(),
    }
}

/// Returns the names of the credentials that some operation needs.
fn used(api: OpenApi<'_>) -> BTreeSet<&str> {
    api.operations().flat_map(|one| one.security()).flatten().collect()
}
