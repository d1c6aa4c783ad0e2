//! Turns the formats of the house into references to scalars of the
//! runtime, and strips every other scalar to what typify reads alike.
//!
//! A conversion in typify matches a schema exactly, and falls back to `String`
//! without a word; a replaced component cannot.
//!
//! Invariants:
//!
//! * No `date-time`, `uuid` or `ip` reaches typify, so no crate comes with it.

use serde_json::{Value, json};

use super::union::for_each_slot;
use super::{Draft, schema};

/// A wire format and the runtime's type for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// `format` in the spec.
    pub format: &'static str,
    /// Types it may be given with; the first one is what is promised without.
    pub types: &'static [&'static str],
    /// The runtime's type.
    pub rust: &'static str,
    /// An example on the wire, for the documentation.
    pub wire: &'static str,
}

/// Every format that the runtime has a type for.
pub const SCALARS: [Scalar; 19] = [
    scalar("br-date", &["string"], "BrDate", "16/11/2018"),
    scalar("br-datetime", &["string"], "BrDateTime", "16/11/2018 10:58:21"),
    scalar("br-datetime-minutes", &["string"], "BrDateTimeMinutes", "02/11/2023 20:18"),
    scalar("br-date-short", &["string"], "BrDateShort", "16-11-18"),
    scalar("sql-datetime", &["string"], "SqlDateTime", "2018-11-16 10:58:21"),
    scalar("sql-datetime-minutes", &["string"], "SqlDateTimeMinutes", "2018-11-16 10:58"),
    scalar("sql-datetime-offset", &["string"], "SqlDateTimeOffset", "2018-11-16 10:58:21-03"),
    scalar("sql-time", &["string"], "SqlTime", "10:58:21"),
    scalar("sql-time-minutes", &["string"], "SqlTimeMinutes", "10:58"),
    scalar("offset-datetime", &["string"], "OffsetDateTime", "2018-11-16 10:58:21-03:00"),
    scalar("offset-datetime-filter", &["string"], "OffsetDateTimeFilter", "2018-11-16 10:58:21-0300"),
    scalar("php-datetime", &["string"], "PhpDateTime", "2018-11-16 10:58:21.000000"),
    scalar("epoch-millis", &["integer"], "EpochMillis", "1542365901000"),
    scalar("date", &["string"], "IsoDate", "2018-11-16"),
    scalar("date-time", &["string"], "IsoDateTime", "2018-11-16T10:58:21Z"),
    scalar("int-or-string", &["integer", "string", ""], "IntOrString", "320 or \"320\""),
    scalar("number-or-string", &["number", "integer", "string", ""], "NumberOrString", "69.9 or \"69.9\""),
    scalar("decimal-string", &["string"], "DecimalString", "\"119.9\""),
    scalar("bool-as-int", &["integer"], "BoolAsInt", "0 or 1"),
];

const fn scalar(
    format: &'static str,
    types: &'static [&'static str],
    rust: &'static str,
    wire: &'static str,
) -> Scalar {
    Scalar { format, types, rust, wire }
}

/// The runtime's type for `format`.
pub fn scalar_for(format: &str) -> Option<&'static Scalar> {
    SCALARS.iter().find(|scalar| scalar.format == format)
}

/// The component that stands for a scalar of the runtime until typify replaces it.
pub fn stand_in(scalar: &str) -> String {
    format!("Prumo{scalar}")
}

/// Brings all scalars of `draft` into the form that typify reads alike.
pub(super) fn scalars(draft: &mut Draft) {
    let mut used = Vec::new();
    for_each_slot(draft, &mut |slot| {
        if let Some(scalar) = schema::format_of(slot).and_then(scalar_for) {
            let name = stand_in(scalar.rust);
            slot["allOf"] = schema::reference(&name)["allOf"].clone();
            slot["x-prumo-wire"] = json!(scalar.wire);
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
            (Some("integer"), Some("int32" | "int64")) | (Some("number"), Some("float" | "double")) => true,
            // The forms look for the one, polish for the other.
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
