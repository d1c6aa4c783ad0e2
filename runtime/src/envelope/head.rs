//! Holds what is known of a response before its body: status, headers, and the envelope to expect.

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use super::verdict::Envelope;

/// A response without its body.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The envelope of the operation's responses, `None` if they have none.
    pub(crate) envelope: Option<&'static Envelope>,
}

impl Head {
    /// Creates the head of a response without headers.
    #[cfg(test)]
    pub(super) fn new(status: StatusCode, envelope: Option<&'static Envelope>) -> Self {
        Self { status, headers: HeaderMap::new(), envelope }
    }

    /// Returns whether the response is declared as JSON.
    pub(crate) fn is_json(&self) -> bool {
        match self.media_type() {
            Some(kind) => {
                kind == "application/json" || kind == "text/json" || kind.ends_with("+json")
            }
            None => false,
        }
    }

    /// Returns whether the response may be JSON, which PHP sends as `text/html` by default.
    pub(crate) fn may_be_json(&self) -> bool {
        match self.media_type() {
            Some(kind) => self.is_json() || kind.starts_with("text/"),
            None => true,
        }
    }

    /// Returns `text/html` for `Text/HTML; charset=utf-8`.
    fn media_type(&self) -> Option<String> {
        let text = self.headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let kind = text.split(';').next()?.trim();
        (!kind.is_empty()).then(|| kind.to_ascii_lowercase())
    }
}
