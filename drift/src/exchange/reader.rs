//! Splits one JSON object into raw members, and reports a fault at its byte.
//!
//! Its callers know the meaning of the members: our own format (`read`), or HAR (`har`).

use std::borrow::Cow;

use serde::de::Deserializer as _;
use serde_json::value::RawValue;

use super::members::{Pairs, Split, text_of, twin};
use super::{ExchangeError, ExchangeFault};

/// A fault, and the byte where it is.
pub(super) type Fault = (usize, ExchangeFault);

/// Looks members up in one text.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    text: &'a str,
    /// The largest size of a decompressed body.
    pub(super) max_bytes: usize,
    /// Whether faults get a name and a place.
    is_careful: bool,
}

/// The members of one object, and where the object starts.
pub(super) struct Members<'a> {
    pointer: String,
    /// Set only by a careful reader.
    pub(super) object: Option<&'a RawValue>,
    pub(super) members: Pairs<'a>,
}

/// Returns the bytes as text.
pub(super) fn text_in(bytes: &[u8]) -> Result<&str, Fault> {
    simdutf8::compat::from_utf8(bytes)
        .map_err(|error| (error.valid_up_to(), ExchangeFault::NotUtf8))
}

/// Returns the text as one JSON value, and the careful reader.
pub(super) fn whole(text: &str, max_bytes: usize) -> Result<(Reader<'_>, &RawValue), Fault> {
    let whole: &RawValue = serde_json::from_str(text).map_err(|error| syntax(text, &error))?;
    Ok((Reader { text, max_bytes, is_careful: true }, whole))
}

/// Returns a fault in bytes that start at this line and column of their file.
pub(super) fn error_at(
    bytes: &[u8],
    (first_line, first_column): (usize, usize),
    (offset, fault): Fault,
) -> ExchangeError {
    let (line, column) = line_and_column(bytes, offset);
    let column = if line == 1 { column + first_column - 1 } else { column };
    ExchangeError { line: line + first_line - 1, column, fault }
}

impl<'a> Reader<'a> {
    /// Returns a reader that does not name faults.
    pub(super) fn hasty(text: &'a str, max_bytes: usize) -> Self {
        Self { text, max_bytes, is_careful: false }
    }

    /// Splits an object into its members.
    pub(super) fn members(self, raw: &'a RawValue, pointer: String) -> Result<Members<'a>, Fault> {
        let mut reader = serde_json::Deserializer::from_str(raw.get());
        match reader.deserialize_map(Split) {
            Ok(members) => self.unique(Some(raw), pointer, members),
            Err(_) => Err(self.unexpected(raw, pointer, "an object")),
        }
    }

    /// Checks that the names of members are distinct.
    pub(super) fn unique(
        self,
        object: Option<&'a RawValue>,
        pointer: String,
        members: Pairs<'a>,
    ) -> Result<Members<'a>, Fault> {
        let members = Members { pointer, object, members };
        let Some(name) = twin(&members.members) else {
            return Ok(members);
        };
        let last = members.members.iter().rev().find(|(other, _)| other == name);
        let offset = last.map_or(0, |(_, raw)| self.offset(raw));
        Err((offset, ExchangeFault::Duplicate { pointer: self.below(&members, name) }))
    }

    pub(super) fn optional_text(
        self,
        members: &Members<'a>,
        name: &str,
    ) -> Result<Option<Cow<'a, str>>, Fault> {
        let Some(raw) = members.get(name) else {
            return Ok(None);
        };
        match text_of(raw) {
            Some(text) => Ok(Some(text)),
            None => Err(self.unexpected(raw, self.below(members, name), "a string")),
        }
    }

    pub(super) fn required(
        self,
        members: &Members<'a>,
        name: &str,
        expected: &'static str,
    ) -> Result<&'a RawValue, Fault> {
        members.get(name).ok_or_else(|| self.missing(members, name, expected))
    }

    pub(super) fn missing(
        self,
        members: &Members<'a>,
        name: &str,
        expected: &'static str,
    ) -> Fault {
        let pointer = self.below(members, name);
        let offset = members.object.map_or(0, |object| self.offset(object));
        (offset, ExchangeFault::Missing { pointer, expected })
    }

    pub(super) fn unexpected(
        self,
        raw: &RawValue,
        pointer: String,
        expected: &'static str,
    ) -> Fault {
        (self.offset(raw), ExchangeFault::Unexpected { pointer, expected })
    }

    /// Returns the position of a member in the text that it is a slice of.
    pub(super) fn offset(self, raw: &RawValue) -> usize {
        (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    /// Returns the pointer to a member, if the reader is careful.
    pub(super) fn below(self, members: &Members<'_>, name: &str) -> String {
        if !self.is_careful {
            return String::new();
        }
        prumo_spec::document::below(&members.pointer, &prumo_spec::mask::safe_name(name))
    }
}

impl<'a> Members<'a> {
    /// Returns the member, or `None` if it is missing or null.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let (_, raw) = self.members.iter().find(|(candidate, _)| candidate == name)?;
        (raw.get() != "null").then_some(*raw)
    }
}

impl Members<'_> {
    /// Returns whether it has the member, null or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(candidate, _)| candidate == name)
    }

    /// Returns whether it has the member as `null`.
    pub(super) fn is_null(&self, name: &str) -> bool {
        self.has(name) && self.get(name).is_none()
    }
}

fn syntax(text: &str, error: &serde_json::Error) -> Fault {
    let line_start: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let offset = line_start + error.column().saturating_sub(1);
    let sentence = error.to_string();
    let sentence = sentence.split(" at line ").next().unwrap_or_default().to_owned();
    (offset, ExchangeFault::Syntax(sentence))
}

/// Returns line and column, from 1; an offset inside a character counts as that character.
fn line_and_column(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = bytes.get(..offset).unwrap_or(bytes);
    let n_breaks = before.iter().filter(|&&byte| byte == b'\n').count();
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |index| index + 1);
    let line = before.get(line_start..).unwrap_or_default();
    (n_breaks + 1, String::from_utf8_lossy(line).chars().count() + 1)
}
