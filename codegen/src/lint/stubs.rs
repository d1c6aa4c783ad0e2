//! Finds stubs of `cargo xtask new-operation` that were never filled in.
//!
//! Only a value that equals the mark counts, and a path that begins with it: a description may
//! mention a TODO.

use prumo_spec::below;
use serde_json::Value;

use prumo_spec::TO_FILL_IN;
use prumo_spec::complaint::Complaints;

/// Complains of every mark that is left, in a house document only.
pub(super) fn lint(root: &Value, complaints: &mut Complaints<'_>) {
    if complaints.is_house() {
        visit(root, "", complaints);
    }
}

fn visit(value: &Value, at: &str, complaints: &mut Complaints<'_>) {
    match value {
        Value::String(text) if is_mark(text) => {
            complaints.error(at, format!("`{TO_FILL_IN}` is left to fill in"), "");
        }
        Value::Object(members) => {
            for (name, value) in members {
                let at = below(at, name);
                if name.strip_prefix('/').is_some_and(|path| path.starts_with(TO_FILL_IN)) {
                    complaints.error(&at, format!("`{TO_FILL_IN}` is left to fill in"), "");
                }
                visit(value, &at, complaints);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                visit(value, &below(at, &index.to_string()), complaints);
            }
        }
        _ => {}
    }
}

fn is_mark(text: &str) -> bool {
    text == TO_FILL_IN || text.strip_prefix("https://") == Some(TO_FILL_IN)
}
