//! Decides which credentials each operation needs, among those that a client can send.
//!
//! Invariants:
//!
//! * An operation keeps only the alternatives that a client can meet. One that keeps no alternative
//!   is not part of a client.

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
            placement: placement(scheme.placement()?)?,
            description: scheme.description().to_owned(),
            login: scheme.login(),
        })
    });
    let mut usable: Vec<Scheme> = usable.collect();
    let is_usable = |name: &String| usable.iter().any(|scheme| scheme.name == *name);
    operations.retain_mut(|operation| {
        let asked = std::mem::take(&mut operation.security);
        let (met, unmet): (Vec<_>, Vec<_>) =
            asked.into_iter().partition(|names| names.iter().all(is_usable));
        let is_met = !met.is_empty() || unmet.is_empty();
        operation.security = met;
        if is_met {
            return true;
        }
        let at = below(&operation.pointer, "security");
        let names = unmet.iter().flatten().filter(|name| !is_usable(name));
        let message = unmeetable(api, names);
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
const CAN_BE_MET: &str =
    "http bearer and basic, apiKey in header or query, oauth2 and openIdConnect can be sent";

/// Returns why the schemes of these names can't be met.
fn unmeetable<'n>(api: OpenApi<'_>, names: impl Iterator<Item = &'n String>) -> String {
    let mut said: Vec<String> = Vec::new();
    for name in names {
        let scheme = api.security_scheme(name);
        let one = match scheme.and_then(|scheme| scheme.placement()) {
            Some(openapi::Placement::Cookie(cookie)) => {
                format!("credential `{name}` goes into the cookie `{cookie}`")
            }
            _ => format!("credential `{name}` is of a kind"),
        };
        if !said.contains(&one) {
            said.push(one);
        }
    }
    format!("{}, which a client can't send", said.join(", "))
}

/// Returns where a client puts a credential, or `None` if it can't.
fn placement(said: openapi::Placement) -> Option<Placement> {
    match said {
        openapi::Placement::Bearer => Some(Placement::Bearer),
        openapi::Placement::Basic => Some(Placement::Basic),
        openapi::Placement::Header(name) => Some(Placement::Header(name)),
        openapi::Placement::Query(name) => Some(Placement::Query(name)),
        openapi::Placement::Cookie(_) => None,
    }
}
