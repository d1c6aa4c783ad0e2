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
mod grammar;
mod login;
pub(crate) mod mend;

mod operations;
mod paging;
mod references;
mod schemas;
mod stubs;
mod vocabulary;
mod webhooks;

#[cfg(test)]
mod tests;

use serde_json::Value;

use super::prepare::Draft;
use super::spec::Spec;
use prumo_spec::complaint::Complaints;
use prumo_spec::pointer::last;
use prumo_spec::{OpenApi, invented_name};

/// Complains of `spec` as written.
pub(crate) fn lint(spec: &Spec, complaints: &mut Complaints<'_>) {
    let api = spec.api();
    let root = api.root();
    if !is_version_3_0(api, complaints) {
        return;
    }
    mend::tell(&spec.mends, complaints);
    stubs::lint(root, complaints);
    let nodes = grammar::walk(root, complaints);
    references::lint(root, &nodes, complaints);
    references::unused(root, complaints);
    extensions::lint(api, &nodes, complaints);
    operations::lint(root, &nodes, complaints);
    schemas::lint(root, &nodes, complaints);
}

/// Complains of the prepared draft: names that collide.
pub(crate) fn lint_draft(prepared: &Draft, complaints: &mut Complaints<'_>) {
    draft::lint(prepared, complaints);
}

fn is_version_3_0(api: OpenApi<'_>, complaints: &mut Complaints<'_>) -> bool {
    if api.check_version().is_ok() {
        return true;
    }
    let hint = "convert the document to OpenAPI 3.0.3";
    let root = api.root();
    if root.get("swagger").is_some() {
        complaints.error("/swagger", "Swagger 2.0 cannot be generated, OpenAPI 3.0 can", hint);
        return false;
    }
    match root.get("openapi") {
        Some(version) => {
            let version = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
            complaints.error("/openapi", format!("OpenAPI {version} cannot be generated, 3.0 can"), hint);
        }
        None => complaints.error("", "not an OpenAPI document: it has no `openapi`", ""),
    }
    false
}

/// Returns the operation's id, or its method and path as words if it has none.
fn operation_id(operation: &Value, at: &str) -> String {
    if let Some(id) = operation.get("operationId").and_then(Value::as_str).filter(|id| !id.is_empty()) {
        return id.to_owned();
    }
    let path = at.rfind('/').map(|cut| last(&at[..cut])).unwrap_or_default();
    invented_name(&last(at), &path)
}
