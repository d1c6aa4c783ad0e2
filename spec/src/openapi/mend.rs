//! Mends slips in a foreign document whose meaning is plain, so that no slip costs an operation.
//!
//! Numbers where text belongs become text, `null` is treated as missing, a path parameter that is
//! not declared is text, and operations whose methods would collide get new ids. [`OpenApi`] reads
//! what is mended, so every reader of a document reads the same.
//!
//! Invariants:
//!
//! * A house document is not mended: there a slip is an error.
//! * Every mend is a warning at the place of the slip.

mod operations;
mod schemas;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::is_house;
use crate::document::{Document, Mend, Mended};
use crate::loss::Loss;
use crate::pointer::below;
use crate::vocabulary::{Holds, ObjectKind, holds, may_refer};

/// Mends a document, if it is foreign.
pub(super) fn mended(document: &Document) -> Mended {
    if is_house(document.value()) || !document.value().is_object() {
        return Mended::default();
    }
    let mut root = document.value().clone();
    let mut mender = Mender { document, mended: Mended::default() };
    mender.object(ObjectKind::Document, &mut root, "");
    mender.paths(&mut root);
    let Mender { mut mended, .. } = mender;
    if !mended.mends.is_empty() {
        mended.value = Some(root);
    }
    mended
}

struct Mender<'d> {
    document: &'d Document,
    mended: Mended,
}

impl Mender<'_> {
    fn tell(&mut self, at: &str, message: String, hint: &'static str) {
        let (at, is_widened, loss) = (at.to_owned(), false, None);
        self.mended.mends.push(Mend { at, message, hint, is_widened, loss });
    }

    /// Tells of a mend after which more values are allowed than the document says.
    fn widen(&mut self, at: &str, message: String, hint: &'static str) {
        self.tell(at, message, hint);
        self.mended.mends.iter_mut().rev().take(1).for_each(|mend| mend.is_widened = true);
    }

    fn object(&mut self, kind: ObjectKind, value: &mut Value, at: &str) {
        let Some(members) = value.as_object_mut() else { return };
        if kind == ObjectKind::Schema {
            self.schema(members, at);
        }
        if kind == ObjectKind::Parameter {
            self.members_of_scalar(members, at);
        }
        if members.contains_key("$ref") && may_refer(kind) {
            return;
        }
        let mut gone: Vec<String> = Vec::new();
        for (name, value) in members.iter_mut().filter(|(name, _)| !name.starts_with("x-")) {
            let Some(holds) = holds(kind, name) else { continue };
            let at = below(at, name);
            let is_named =
                matches!(kind, ObjectKind::Paths | ObjectKind::Responses | ObjectKind::Callback);
            match (&*value, holds) {
                // Some generators write it where there is none.
                (Value::Null, Holds::Anything)
                    if name == "example" && kind == ObjectKind::MediaType =>
                {
                    self.tell(
                        &at,
                        "an example that is null is left out".to_owned(),
                        "leave it out",
                    );
                    if let Some(mend) = self.mended.mends.last_mut() {
                        mend.loss = Some(Loss::Example);
                    }
                    gone.push(name.clone());
                }
                (_, Holds::Anything) => {}
                (Value::Null, _) if is_named => self.empty(value, &at),
                (Value::Null, _) => {
                    self.tell(&at, format!("`{name}` is null, so it counts as left out"), "");
                    gone.push(name.clone());
                }
                (number, Holds::Number | Holds::Count)
                    if self.document.is_beyond_floats(number, &at) =>
                {
                    let message = format!("`{name}` is beyond every number, so it is left out");
                    self.widen(&at, message, "leave it out, or state the limit");
                    gone.push(name.clone());
                }
                _ => self.inside(holds, value, &at, name),
            }
        }
        for name in gone {
            members.shift_remove(&name);
        }
    }

    /// Replaces `null` with an empty object where an object with a name belongs.
    fn empty(&mut self, value: &mut Value, at: &str) {
        if value.is_null() {
            let message = "null where an object belongs, so it is an empty one".to_owned();
            self.widen(at, message, "write `{}`");
            *value = json!({});
        }
    }

    fn inside(&mut self, holds: Holds, value: &mut Value, at: &str, name: &str) {
        match (holds, value) {
            (Holds::Text, value) => self.text(value, at, name),
            (Holds::Texts, Value::Array(all)) => {
                for (index, value) in all.iter_mut().enumerate() {
                    self.text(value, &format!("{at}/{index}"), name);
                }
            }
            (Holds::Flag, value @ Value::String(_)) => {
                self.parsed(value, at, name, Value::is_boolean)
            }
            (Holds::Number | Holds::Count, value @ Value::String(_)) => {
                self.parsed(value, at, name, Value::is_number);
            }
            (Holds::One(kind), value) => self.object(kind, value, at),
            (Holds::SchemaOrFlag, value) => self.object(ObjectKind::Schema, value, at),
            (Holds::Many(kind), Value::Array(all)) => {
                for (index, value) in all.iter_mut().enumerate() {
                    self.object(kind, value, &format!("{at}/{index}"));
                }
            }
            (Holds::Named(kind), Value::Object(all)) => {
                for (name, value) in all {
                    let at = below(at, name);
                    self.empty(value, &at);
                    self.object(kind, value, &at);
                }
            }
            _ => {}
        }
    }

    /// Replaces a number or a flag with its text as written, where text belongs.
    fn text(&mut self, value: &mut Value, at: &str, name: &str) {
        if !value.is_number() && !value.is_boolean() {
            return;
        }
        let text = self.as_written(value, at);
        self.tell(at, format!("`{name}` is read as the text `{text}`"), "put it in quotes");
        *value = Value::String(text);
    }

    /// Parses text where a flag or a number belongs, if it is one.
    fn parsed(&mut self, value: &mut Value, at: &str, name: &str, fits: fn(&Value) -> bool) {
        let text = value.as_str().unwrap_or_default();
        let Some(parsed) = serde_json::from_str(text).ok().filter(fits) else { return };
        self.tell(
            at,
            format!("`{name}` is read as {parsed}, without its quotes"),
            "take the quotes off",
        );
        *value = parsed;
    }

    /// Returns a scalar as written in the file, where `1.10` is not yet `1.1`.
    fn as_written(&self, value: &Value, at: &str) -> String {
        self.document.as_written(at).map_or_else(|| value.to_string(), str::to_owned)
    }
}
