//! Holds a request whose operation is known, with its arguments.

use bytes::Bytes;
use prumo_drift::contract::Operation;

use crate::arguments::Arguments;

/// A request that was read.
pub(crate) struct Asked<'a> {
    /// The `operationId` of the operation that takes it.
    pub(crate) id: &'a str,
    pub(crate) operation: &'a Operation,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) arguments: &'a Arguments,
    /// Names in lower case.
    pub(crate) headers: &'a [(String, String)],
    pub(crate) body: &'a Bytes,
}

impl<'a> Asked<'a> {
    /// Returns the first header of this name, given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(sent, _)| sent == name).map(|(_, text)| text.as_str())
    }

    /// Returns the text behind `Bearer`; TomTicket takes a token without that word, too.
    pub(crate) fn bearer(&self) -> Option<&'a str> {
        let text = self.header("authorization")?;
        let token = text.split_once(' ').filter(|(word, _)| word.eq_ignore_ascii_case("bearer"));
        Some(token.map_or(text, |(_, token)| token.trim()))
    }

    /// Returns the cookie of this name.
    pub(crate) fn cookie(&self, name: &str) -> Option<&'a str> {
        let cookies = self.header("cookie")?.split(';');
        cookies
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(sent, _)| *sent == name)
            .map(|(_, it)| it)
    }
}
