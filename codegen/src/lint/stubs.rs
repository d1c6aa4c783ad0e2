//! Finds stubs of `cargo xtask new-operation` that were never filled in.
//!
//! Only a value that equals the mark counts, and a path that begins with it: a description may
//! mention a TODO.

use prumo_spec::complaint::Complaints;
use prumo_spec::pointer::last;
use prumo_spec::{OpenApi, TO_FILL_IN};

/// Complains of every mark that is left, in a house document only.
pub(super) fn lint(api: OpenApi<'_>, complaints: &mut Complaints<'_>) {
    if !complaints.is_house() {
        return;
    }
    for node in api.node().everything() {
        let is_path =
            last(node.at()).strip_prefix('/').is_some_and(|path| path.starts_with(TO_FILL_IN));
        for _ in [is_path, node.value().as_str().is_some_and(is_mark)]
            .into_iter()
            .filter(|is_left| *is_left)
        {
            complaints.error(node.at(), format!("`{TO_FILL_IN}` is left to fill in"), "");
        }
    }
}

fn is_mark(text: &str) -> bool {
    text == TO_FILL_IN || text.strip_prefix("https://") == Some(TO_FILL_IN)
}
