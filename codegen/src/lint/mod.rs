//! Finds everything that can't be generated, or would be generated wrong, before progenitor and
//! typify see it: they ignore, merge or panic.
//!
//! Each file lints one subject; all of them share one walk of the document.
//!
//! Invariants:
//!
//! * Every complaint has a place in the file, and all are reported at once.
//! * A document of an unsupported version gets that complaint and no other.

mod draft;
mod extensions;
mod login;
pub(crate) mod mend;

mod operations;
mod paging;
mod references;
mod schemas;
mod stubs;
mod webhooks;

#[cfg(test)]
mod tests;

use super::prepare::Draft;
use super::spec::Spec;
use prumo_spec::complaint::Complaints;
use prumo_spec::{OpenApi, SpecFault, grammar};

/// Complains of `spec` as written.
pub(crate) fn lint(spec: &Spec, complaints: &mut Complaints<'_>) {
    let api = spec.api();
    if !is_version_3_0(api, complaints) {
        return;
    }
    mend::tell(&spec.mends, complaints);
    stubs::lint(api, complaints);
    let objects = grammar::walk(api, complaints);
    references::lint(&objects, complaints);
    references::unused(api, complaints);
    extensions::lint(&objects, complaints);
    operations::lint(api, &objects, complaints);
    schemas::lint(&objects, complaints);
}

/// Complains of the prepared draft: names that collide.
pub(crate) fn lint_draft(prepared: &Draft, complaints: &mut Complaints<'_>) {
    draft::lint(prepared, complaints);
}

fn is_version_3_0(api: OpenApi<'_>, complaints: &mut Complaints<'_>) -> bool {
    let Err(error) = api.check_version() else { return true };
    let (node, hint) = (api.node(), "convert the document to OpenAPI 3.0.3");
    match error.fault {
        _ if node.has("swagger") => {
            complaints.error("/swagger", "Swagger 2.0 cannot be generated, OpenAPI 3.0 can", hint);
        }
        SpecFault::Version { version } if node.has("openapi") => {
            complaints.error(
                "/openapi",
                format!("OpenAPI {version} cannot be generated, 3.0 can"),
                hint,
            );
        }
        _ => complaints.error("", "not an OpenAPI document: it has no `openapi`", ""),
    }
    false
}
