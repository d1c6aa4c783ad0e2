//! Turns the name of a format into a row that says what its values look like.
//!
//! [`FORMATS`] is the only list of formats: the judge, the lint, the generator, `call`, the
//! stand-in and the mutator read a format's name, picture, examples and Rust type from its row.
//! A name that is not in the table says nothing about values, as in OpenAPI; the lint finds
//! misspelt ones.

mod checks;
mod picture;
mod table;

use serde_json::Value;

pub use picture::Picture;
pub use table::FORMATS;

use crate::kind::Kind;

/// A wire format: one row of [`FORMATS`].
#[derive(Debug)]
pub struct Format {
    /// The word behind `format` in a spec.
    pub name: &'static str,
    /// The kinds that `type` may name beside it.
    pub kinds: &'static [Kind],
    /// Whether the format is prumo's own. Only these imply a kind where `type` is absent.
    pub is_own: bool,
    /// How a date or a time is written.
    pub picture: Option<Picture>,
    /// The runtime's type for its values; `None` where a client reads plain text or numbers.
    pub rust: Option<&'static str>,
    /// Values on the wire, as JSON. The quotes of a text are left out if it is not JSON without
    /// them.
    pub examples: &'static [&'static str],
    /// Whether values are times, numbers or bytes, which identify no person.
    pub is_impersonal: bool,
    /// Checks a text that the picture does not describe fully.
    text: Option<fn(&str) -> bool>,
    /// Checks a whole number.
    int: Option<fn(i128) -> bool>,
}

impl Format {
    /// Returns the format of this name, or `None` if the name says nothing about a value.
    pub fn named(name: &str) -> Option<&'static Self> {
        let name = if name == "url" { "uri" } else { name };
        FORMATS.iter().find(|format| format.name == name)
    }

    /// Returns whether a text has this format.
    pub fn fits_text(&self, text: &str) -> bool {
        match (self.text, self.picture) {
            (Some(check), _) => check(text),
            (None, Some(picture)) => picture.fits(text),
            (None, None) => true,
        }
    }

    /// Returns whether a whole number has this format.
    pub fn fits_int(&self, int: i128) -> bool {
        self.int.is_none_or(|check| check(int))
    }

    /// Returns whether a JSON value has a kind that the format may have, and fits it.
    pub fn fits(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.kinds.contains(&Kind::Text) && self.fits_text(text),
            Value::Number(number) => match number.as_i128() {
                Some(int) => self.kinds.contains(&Kind::Int) && self.fits_int(int),
                None => self.kinds.contains(&Kind::Number),
            },
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
        }
    }

    /// Returns whether the format tells one text from another.
    pub fn checks_texts(&self) -> bool {
        self.text.is_some() || self.picture.is_some()
    }

    /// Returns whether the format says how wide a whole number may be.
    pub fn bounds_ints(&self) -> bool {
        self.int.is_some()
    }

    /// Returns whether the client keeps numbers and texts alike, and any text at all.
    pub fn is_loose(&self) -> bool {
        self.kinds.len() > 1
    }

    /// Returns whether the client reads values into a checked type, so that a violation fails
    /// the decode.
    pub fn is_typed(&self) -> bool {
        !self.is_loose() && (self.rust.is_some() || self.bounds_ints())
    }

    /// Returns whether the client also takes `true` and `false`.
    pub fn reads_bools(&self) -> bool {
        self.name == "bool-as-int"
    }

    /// Returns whether a value is a file where it stands in a form.
    pub fn is_file(&self) -> bool {
        self.name == "binary"
    }

    /// Returns the examples as JSON values.
    pub fn example_values(&self) -> impl Iterator<Item = Value> {
        let value = |text: &&str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(*text));
        self.examples.iter().map(value)
    }

    /// Returns the examples in words: ``320 or "320"``.
    pub fn examples_in_words(&self) -> String {
        self.examples.join(" or ")
    }
}

/// Returns the kinds that a schema without `type` has by its format.
pub fn implied_kinds(format: &str) -> Vec<Kind> {
    Format::named(format)
        .filter(|format| format.is_own)
        .map_or(&Kind::BASE[..], |format| format.kinds)
        .to_vec()
}
