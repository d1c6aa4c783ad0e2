//! Represents the position in a list as a short text that outlives the program: `v1:ticket_list:7`.
//!
//! Invariants:
//!
//! * A cursor contains no value of the vendor or the caller except two numbers.
//! * Its text parses into an equal cursor. Any other text is refused.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The version of the text format.
const VERSION: &str = "v1";

/// The position of a page in the list of an operation, from which reading can resume.
///
/// Its text can be stored in a file or a column. It looks like `v1:ticket_list:7`, or like
/// `v1:listar_clientes:7/100` if the caller chose 100 items per page. It does not contain the other
/// parameters of the call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    operation: Cow<'static, str>,
    page: u64,
    /// The page size, if the caller chose one.
    size: Option<u64>,
}

impl Cursor {
    pub(super) fn new(operation: &'static str, page: u64, size: Option<u64>) -> Self {
        Self { operation: Cow::Borrowed(operation), page, size }
    }

    /// Returns the spec's `operationId` of the list.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// Returns the number of the page in the vendor's numbering.
    #[must_use]
    pub fn page(&self) -> u64 {
        self.page
    }

    pub(super) fn size(&self) -> Option<u64> {
        self.size
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, page, size } = self;
        write!(f, "{VERSION}:{operation}:{page}")?;
        match size {
            Some(size) => write!(f, "/{size}"),
            None => Ok(()),
        }
    }
}

/// The error for a text that is not a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CursorError;

impl fmt::Display for CursorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a cursor, which is a text such as `v1:ticket_list:7`")
    }
}

impl std::error::Error for CursorError {}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let rest = text
            .strip_prefix(VERSION)
            .and_then(|rest| rest.strip_prefix(':'))
            .ok_or(CursorError)?;
        // A name may contain a colon, but the numbers do not.
        let (operation, numbers) = rest.rsplit_once(':').ok_or(CursorError)?;
        let (page, size) = match numbers.split_once('/') {
            Some((page, size)) => (page, Some(number(size).ok_or(CursorError)?)),
            None => (numbers, None),
        };
        let page = number(page).ok_or(CursorError)?;
        if operation.is_empty() {
            return Err(CursorError);
        }
        Ok(Self { operation: Cow::Owned(operation.to_owned()), page, size })
    }
}

/// Parses a whole number of digits only: `parse` would also accept a sign.
pub(super) fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(from)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, CursorError};

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let cases = [
            (Cursor::new("ticket_list", 7, None), "v1:ticket_list:7"),
            (Cursor::new("listar_clientes", 0, Some(100)), "v1:listar_clientes:0/100"),
            (Cursor::new("a:b", u64::MAX, None), "v1:a:b:18446744073709551615"),
        ];
        for (cursor, text) in cases {
            assert_eq!(cursor.to_string(), text);
            assert_eq!(text.parse(), Ok(cursor.clone()), "text {text}");
            let json = serde_json::to_string(&cursor).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap(), cursor);
        }
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let texts = [
            "",
            "v1",
            "v1:",
            "v1:ticket_list",
            "v1::7",
            "v1:ticket_list:",
            "v1:ticket_list:-1",
            "v1:ticket_list:+1",
            "v1:ticket_list:18446744073709551616",
            "v1:ticket_list:7/",
            "v1:ticket_list:7/1/2",
            "v2:ticket_list:7",
            "ticket_list:7",
        ];
        for text in texts {
            assert_eq!(text.parse::<Cursor>(), Err(CursorError), "text {text}");
        }
        assert!(serde_json::from_str::<Cursor>("7").is_err());
    }
}
