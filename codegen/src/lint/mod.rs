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
mod flows;
mod login;
mod operations;
mod paging;
mod probe;
mod references;
mod schemas;
mod servers;
mod stubs;
mod webhooks;

#[cfg(test)]
mod tests;

use super::prepare::Draft;
use super::spec::Spec;
use prumo_spec::complaint::Complaints;
use prumo_spec::{Mend, OpenApi, grammar};

/// Complains of `spec` as written.
pub(crate) fn lint(spec: &Spec, complaints: &mut Complaints<'_>) {
    let api = spec.api();
    if !is_version_3_0(api, complaints) {
        return;
    }
    for Mend { at, message, hint, loss, .. } in api.mends() {
        match loss {
            Some(loss) => complaints.losing(*loss, at, message.clone(), hint),
            None => complaints.warning(at, message.clone(), hint),
        }
    }
    stubs::lint(api, complaints);
    let objects = grammar::walk(api, complaints);
    references::lint(&objects, complaints);
    references::unused(api, complaints);
    extensions::lint(&objects, complaints);
    operations::lint(api, &objects, complaints);
    schemas::lint(&objects, complaints);
    servers::lint(api, complaints);
    flows::lint(api, complaints);
}

/// Complains of the prepared draft: names that collide.
pub(crate) fn lint_draft(prepared: &Draft, complaints: &mut Complaints<'_>) {
    draft::lint(prepared, complaints);
}

/// Complains of an unsupported version.
fn is_version_3_0(api: OpenApi<'_>, complaints: &mut Complaints<'_>) -> bool {
    let Err(error) = api.check_version() else { return true };
    complaints.error(&error.pointer, error.fault.to_string(), error.hint().unwrap_or_default());
    false
}
