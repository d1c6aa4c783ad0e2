//! Removes secret path parameters from the methods and leaves markers in the path, so that no
//! builder, URL or error of progenitor's ever holds a secret.
//!
//! Invariants:
//!
//! * The marker of `{token}` is the whole segment `__token__`; the runtime replaces it by the
//!   secret right before the request is sent.

use super::{Draft, Placement, Scheme};
use crate::names::parameter;
use prumo_spec::complaint::Complaints;

/// Replaces secret segments with markers.
pub(super) fn secrets(draft: &mut Draft, complaints: &mut Complaints<'_>) {
    let mut schemes: Vec<Scheme> = Vec::new();
    for operation in &mut draft.operations {
        for secret in operation.parameters.iter().filter(|parameter| parameter.secret) {
            let segment = format!("{{{}}}", secret.name);
            if !operation.path.split('/').any(|part| part == segment) {
                complaints.error(
                    &secret.pointer,
                    format!(
                        "secret parameter `{}` is not a whole segment of `{}`",
                        secret.name, operation.path
                    ),
                    "",
                );
            }
            let marker = format!("__{}__", secret.name);
            operation.sent_path = operation.sent_path.replace(&segment, &marker);
            let scheme = Scheme {
                name: secret.name.clone(),
                placement: Placement::PathSegment,
                description: secret.description.clone(),
                login: None,
                client_credentials: None,
                authorization_code: None,
            };
            if !schemes.iter().any(|known| known.name == scheme.name) {
                schemes.push(scheme);
            }
        }
    }
    for scheme in &schemes {
        if draft.schemes.iter().any(|other| parameter(&other.name) == parameter(&scheme.name)) {
            let message =
                format!("secret parameter `{}` has the name of a security scheme", scheme.name);
            complaints.error("/components/securitySchemes", message, "rename the scheme");
        }
    }
    schemes.append(&mut draft.schemes);
    draft.schemes = schemes;
}
