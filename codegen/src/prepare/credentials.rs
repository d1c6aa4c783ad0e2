//! Decides which credentials each operation needs, among those that a client can send.
//!
//! Invariants:
//!
//! * An operation keeps only the alternatives that a client can meet; an operation without one is
//!   an error.

use prumo_spec::below;
use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::{self, OpenApi};

use super::{Operation, Placement, Scheme};

/// Returns the schemes that some operation asks for. Removes each alternative that can't be met
/// from its operation, with a complaint if that was the last one.
pub(super) fn schemes(
    api: OpenApi<'_>,
    operations: &mut [Operation],
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
    for operation in operations.iter_mut() {
        let asked = operation.security.len();
        operation.security.retain(|names| {
            names.iter().all(|name| usable.iter().any(|scheme| scheme.name == *name))
        });
        if asked > 0 && operation.security.is_empty() {
            complaints.error(
                &below(&operation.pointer, "security"),
                "no alternative of `security` that a client can meet",
                "http bearer and basic, apiKey in header or query, oauth2 and openIdConnect can be met",
            );
        }
    }
    usable.retain(|scheme| {
        operations
            .iter()
            .flat_map(|operation| operation.security.iter().flatten())
            .any(|name| *name == scheme.name)
    });
    usable
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
