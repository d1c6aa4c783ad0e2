//! Turns the name of a format into a row that describes its values.
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
    /// The value of `format` in a spec.
    pub name: &'static str,
    /// The kinds that `type` may have beside it.
    pub kinds: &'static [Kind],
    /// Whether the format is prumo's own. Only these imply a kind without `type`.
    pub is_own: bool,
    /// The picture of a date or a time.
    pub picture: Option<Picture>,
    /// The runtime's type for its values; `None` if a client reads plain text or numbers.
    pub rust: Option<&'static str>,
    /// Values on the wire, as JSON. A text that is not JSON without its quotes is written without
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

    /// Returns whether a text fits this format.
    pub fn fits_text(&self, text: &str) -> bool {
        match (self.text, self.picture) {
            (Some(check), _) => check(text),
            (None, Some(picture)) => picture.fits(text),
            (None, None) => true,
        }
    }

    /// Returns whether a whole number fits this format.
    pub fn fits_int(&self, int: i128) -> bool {
        self.int.is_none_or(|check| check(int))
    }

    /// Returns whether a JSON value has one of the format's kinds and fits it.
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

    /// Returns whether the format restricts texts.
    pub fn checks_texts(&self) -> bool {
        self.text.is_some() || self.picture.is_some()
    }

    /// Returns whether the format limits the width of whole numbers.
    pub fn bounds_ints(&self) -> bool {
        self.int.is_some()
    }

    /// Returns whether the client keeps numbers and any texts alike.
    pub fn is_loose(&self) -> bool {
        self.kinds.len() > 1
    }

    /// Returns whether the client reads values into a checked type, so that a violation fails
    /// the decode.
    pub fn is_typed(&self) -> bool {
        let is_checked = self.rust.is_some() && self.checks_texts();
        !self.is_loose() && (is_checked || self.bounds_ints())
    }

    /// Returns whether the client also takes `true` and `false`.
    pub fn reads_bools(&self) -> bool {
        self.name == "bool-as-int"
    }

    /// Returns whether a value in a form is a file.
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

/// Returns the kinds that a format implies for a schema without `type`.
pub fn implied_kinds(format: &str) -> Vec<Kind> {
    Format::named(format)
        .filter(|format| format.is_own)
        .map_or(&Kind::BASE[..], |format| format.kinds)
        .to_vec()
}
