//! Decides which credentials each operation needs, among those that a client can send.
//!
//! Invariants:
//!
//! * An operation keeps only the alternatives that a client can meet. One that keeps no alternative
//!   is not part of a client.
//! * No alternative of an operation puts two credentials of different kinds into one place.

use std::collections::BTreeMap;

use prumo_spec::below;
use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::{self, OpenApi};

use super::{Operation, Placement, Scheme};

/// Returns the schemes that some operation asks for. Removes each alternative that can't be met
/// from its operation. An operation whose last alternative it was is an error, and in a foreign
/// document it is left out with a warning.
pub(super) fn schemes(
    api: OpenApi<'_>,
    operations: &mut Vec<Operation>,
    complaints: &mut Complaints<'_>,
) -> Vec<Scheme> {
    let usable = api.security_schemes().filter_map(|scheme| {
        Some(Scheme {
            name: scheme.name().to_owned(),
            placement: placement(scheme.placement()?),
            description: scheme.description().to_owned(),
            login: scheme.login(),
            client_credentials: scheme.flow("clientCredentials"),
            authorization_code: scheme.flow("authorizationCode"),
        })
    });
    let mut usable: Vec<Scheme> = usable.collect();
    let by_name: BTreeMap<&str, &Scheme> =
        usable.iter().map(|scheme| (scheme.name.as_str(), scheme)).collect();
    // The lint complains of a scheme that is not declared; no credential can be meant by it. The
    // connection has a certificate, not the request.
    let is_sent =
        |name: &String| api.security_scheme(name).is_some_and(|scheme| !scheme.is_mutual_tls());
    operations.retain_mut(|operation| {
        let mut asked = std::mem::take(&mut operation.security);
        asked.iter_mut().for_each(|names| names.retain(is_sent));
        let (met, unmet): (Vec<_>, Vec<_>) =
            asked.into_iter().partition(|names| obstacle(&by_name, names).is_none());
        let is_met = !met.is_empty() || unmet.is_empty();
        operation.security = met;
        if is_met {
            return true;
        }
        let at = below(&operation.pointer, "security");
        let mut said: Vec<String> = Vec::new();
        for one in unmet.iter().filter_map(|names| obstacle(&by_name, names)) {
            if !said.contains(&one) {
                said.push(one);
            }
        }
        let message = said.join(", and ");
        if complaints.is_house() {
            complaints.error(&at, message, CAN_BE_MET);
            return true;
        }
        let message = format!("{message}: the operation `{}` is left out", operation.id);
        complaints.costing(&operation.id, &at, message, CAN_BE_MET);
        false
    });
    usable.retain(|scheme| {
        operations
            .iter()
            .flat_map(|operation| operation.security.iter().flatten())
            .any(|name| *name == scheme.name)
    });
    usable
}

/// Names the credentials that can be sent, for a hint.
const CAN_BE_MET: &str = "http bearer and basic, apiKey in header, query or cookie, oauth2 and openIdConnect can be sent";

/// Returns why an alternative can't be met, or `None` if it can.
fn obstacle(usable: &BTreeMap<&str, &Scheme>, names: &[String]) -> Option<String> {
    let mut unknown: Vec<&String> =
        names.iter().filter(|name| !usable.contains_key(name.as_str())).collect();
    unknown.dedup();
    if !unknown.is_empty() {
        let all: Vec<String> =
            unknown.iter().map(|name| format!("credential `{name}` is of a kind")).collect();
        return Some(format!("{}, which a client can't send", all.join(", ")));
    }
    let schemes: Vec<&Scheme> = names.iter().map(|name| usable[name.as_str()]).collect();
    let pairs = schemes
        .iter()
        .enumerate()
        .flat_map(|(idx, one)| schemes.iter().skip(idx + 1).map(move |other| (*one, *other)));
    let (one, other) = pairs.into_iter().find(|(one, other)| {
        one.placement != other.placement && is_header(&one.placement, &other.placement)
    })?;
    Some(format!(
        "credentials `{}` and `{}` are required together, and both are the header `{}`, which a \
         request has only once",
        one.name,
        other.name,
        header(&one.placement).unwrap_or_default()
    ))
}

/// Returns whether two credentials are the same header.
fn is_header(one: &Placement, other: &Placement) -> bool {
    let (one, other) = (header(one), header(other));
    one.zip(other).is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
}

/// Returns the header that a credential is sent in.
fn header(placement: &Placement) -> Option<&str> {
    match placement {
        Placement::Bearer | Placement::Basic => Some("authorization"),
        Placement::Header(name) => Some(name),
        Placement::PathSegment | Placement::Query(_) | Placement::Cookie(_) => None,
    }
}

fn placement(said: openapi::Placement) -> Placement {
    match said {
        openapi::Placement::Bearer => Placement::Bearer,
        openapi::Placement::Basic => Placement::Basic,
        openapi::Placement::Header(name) => Placement::Header(name),
        openapi::Placement::Query(name) => Placement::Query(name),
        openapi::Placement::Cookie(name) => Placement::Cookie(name),
    }
}
