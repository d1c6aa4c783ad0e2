//! Turns house formats into references to the runtime's scalars, and strips every other scalar down
//! to a form that typify always reads the same way.
//!
//! A conversion in typify must match a schema exactly, and silently falls back to `String`; a
//! replaced component can't.
//!
//! Invariants:
//!
//! * typify never sees `date-time`, `uuid` or `ip`, so it needs no crate for them.

use prumo_spec::formats::{FORMATS, Format};
use serde_json::{Value, json};

use super::union::for_each_slot;
use super::{Draft, schema};

/// A wire format and the runtime's type for it.
#[derive(Clone, Copy, Debug)]
pub struct Scalar {
    /// The format's row.
    pub format: &'static Format,
    /// The runtime's type.
    pub rust: &'static str,
}

/// Returns every format that the runtime has a type for.
pub fn scalars() -> impl Iterator<Item = Scalar> {
    FORMATS.iter().filter_map(|format| Some(Scalar { format, rust: format.rust? }))
}

/// Returns the runtime's type for `format`.
pub fn scalar_for(format: &str) -> Option<Scalar> {
    scalars().find(|scalar| scalar.format.name == format)
}

/// Returns the name of the component that represents a scalar until typify replaces it.
pub fn stand_in(scalar: &str) -> String {
    format!("Prumo{scalar}")
}

/// Reduces all scalars of `draft` to a form that typify always reads the same way.
pub(super) fn reduce_scalars(draft: &mut Draft) {
    let mut used = Vec::new();
    for_each_slot(draft, &mut |slot| {
        if let Some(scalar) = schema::format_of(slot).and_then(scalar_for) {
            let name = stand_in(scalar.rust);
            slot["allOf"] = schema::reference(&name)["allOf"].clone();
            slot["x-prumo-wire"] = json!(scalar.format.examples_in_words());
            if let Some(members) = slot.as_object_mut() {
                members.shift_remove("type");
                members.shift_remove("format");
            }
            used.push(name);
            return;
        }
        let Some(members) = slot.as_object_mut() else {
            return;
        };
        members.shift_remove("enum");
        let kept = match (
            members.get("type").and_then(Value::as_str),
            members.get("format").and_then(Value::as_str),
        ) {
            (Some("integer"), Some("int32" | "int64" | "uint64"))
            | (Some("number"), Some("float" | "double")) => true,
            // The forms look for `binary`, polish for `password`.
            (Some("string"), Some("binary" | "password")) => true,
            _ => false,
        };
        if !kept && let Some(format) = members.shift_remove("format") {
            members.insert("x-prumo-format".to_owned(), format);
        }
    });
    for name in used {
        draft.schemas.insert(name, json!({"type": "string"}));
    }
}
