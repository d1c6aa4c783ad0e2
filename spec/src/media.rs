//! Classifies a media type: JSON, text, a form, bytes, or a range of media types.
//!
//! Each question has one predicate, which every reader of specs and recordings uses.
//!
//! Invariants:
//!
//! * Case and parameters do not matter.

use std::borrow::Cow;

/// A media type as a spec or a header spells it: `application/json; charset=utf-8`.
#[derive(Clone, Copy, Debug)]
pub struct MediaType<'t> {
    /// `type/subtype`.
    essence: &'t str,
    /// The text after the first `;`.
    parameters: &'t str,
}

impl<'t> MediaType<'t> {
    /// Splits a media type; any text has an essence.
    pub fn new(text: &'t str) -> Self {
        let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
        Self { essence: essence.trim(), parameters }
    }

    /// Returns `type/subtype` in lower case, the form to compare.
    pub fn essence(self) -> Cow<'t, str> {
        match self.essence.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => self.essence.to_ascii_lowercase().into(),
            false => self.essence.into(),
        }
    }

    /// Returns the parameters, with names as spelt and values without quotes.
    pub fn parameters(self) -> impl Iterator<Item = (&'t str, &'t str)> {
        let pairs = self.parameters.split(';').filter_map(|one| one.split_once('='));
        pairs.map(|(name, value)| (name.trim(), value.trim().trim_matches('"')))
    }

    /// Returns whether it is JSON, by its name or by the suffix `+json`.
    pub fn is_json(self) -> bool {
        self.is("application/json") || self.is("text/json") || self.has_suffix("+json")
    }

    /// Returns whether it is a range that includes JSON, so that the response must state its media
    /// type.
    pub fn is_json_range(self) -> bool {
        self.is("application/*") || self.is("*/*")
    }

    /// Returns whether a body promised under it may be JSON: it is JSON, or a range that includes
    /// JSON.
    pub fn may_be_json(self) -> bool {
        self.is_json() || self.is_json_range()
    }

    /// Returns whether a client reads a body that is promised under it as JSON.
    ///
    /// A range promises JSON unless its schema `is_binary`.
    pub fn reads_as_json(self, is_binary: bool) -> bool {
        self.is_json() || (self.is_json_range() && !is_binary)
    }

    /// Returns whether it is a form of either kind.
    pub fn is_form(self) -> bool {
        self.is_multipart_form() || self.is_urlencoded()
    }

    /// Returns whether it is a form that may hold files.
    pub fn is_multipart_form(self) -> bool {
        self.is("multipart/form-data")
    }

    /// Returns whether it is a form written like a query.
    pub fn is_urlencoded(self) -> bool {
        self.is("application/x-www-form-urlencoded")
    }

    /// Returns whether its type is `text`, except for JSON (`text/json`).
    pub fn is_text(self) -> bool {
        self.type_and_subtype().is_some_and(|(kind, _)| kind.eq_ignore_ascii_case("text"))
            && !self.is_json()
    }

    /// Returns whether a body of it is read as bytes: it is no JSON, text or form, and no range.
    pub fn is_bytes(self) -> bool {
        !self.is_json() && !self.is_text() && !self.is_form() && !self.is_range()
    }

    /// Returns whether it is a range of media types.
    pub fn is_range(self) -> bool {
        self.essence.contains('*')
    }

    /// Returns the keys of `content` that a body of it falls under, the closest first: itself,
    /// `type/*`, `*/*`.
    pub fn promised_as(self) -> [String; 3] {
        let essence = self.essence().into_owned();
        let range =
            essence.split_once('/').map_or_else(String::new, |(kind, _)| format!("{kind}/*"));
        [essence, range, "*/*".to_owned()]
    }

    /// Returns type and subtype, or `None` if it is not `type/subtype`.
    pub fn type_and_subtype(self) -> Option<(&'t str, &'t str)> {
        self.essence.split_once('/')
    }

    fn is(self, essence: &str) -> bool {
        self.essence.eq_ignore_ascii_case(essence)
    }

    fn has_suffix(self, suffix: &str) -> bool {
        let start = self.essence.len().checked_sub(suffix.len());
        start
            .and_then(|start| self.essence.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_question_has_one_answer() {
        let answers = |text: &str| {
            let media = MediaType::new(text);
            let all = [
                ("json", media.is_json()),
                ("json-range", media.is_json_range()),
                ("text", media.is_text()),
                ("form", media.is_form()),
                ("bytes", media.is_bytes()),
                ("range", media.is_range()),
            ];
            all.into_iter()
                .filter(|(_, holds)| *holds)
                .map(|(name, _)| name)
                .collect::<Vec<_>>()
                .join(" ")
        };
        let rows = [
            ("application/json", "json"),
            ("Application/JSON; charset=utf-8", "json"),
            ("text/json", "json"),
            ("application/problem+json", "json"),
            ("application/vnd.acme.v2+JSON", "json"),
            ("application/*+json", "json range"),
            ("application/*", "json-range range"),
            ("*/*", "json-range range"),
            ("text/plain", "text"),
            ("text/csv;header=present", "text"),
            ("text/*", "text range"),
            ("multipart/form-data; boundary=x", "form"),
            ("application/x-www-form-urlencoded", "form"),
            ("multipart/mixed", "bytes"),
            ("image/*", "range"),
            ("application/pdf", "bytes"),
            ("application/jsonp", "bytes"),
            ("json", "bytes"),
            ("", "bytes"),
        ];
        for (text, expected) in rows {
            assert_eq!(answers(text), expected, "media type `{text}`");
        }
    }

    #[test]
    fn a_range_is_json_to_a_client_unless_its_schema_is_binary() {
        let rows = [
            ("application/*", false, true),
            ("application/*", true, false),
            ("*/*", false, true),
            ("*/*", true, false),
            ("application/json", true, true),
            ("image/*", false, false),
        ];
        for (text, is_binary, expected) in rows {
            assert_eq!(
                MediaType::new(text).reads_as_json(is_binary),
                expected,
                "{text}, binary: {is_binary}"
            );
        }
    }

    #[test]
    fn a_promise_holds_for_what_falls_under_it() {
        assert_eq!(MediaType::new("Text/CSV; a=b").promised_as(), ["text/csv", "text/*", "*/*"]);
        assert_eq!(MediaType::new("json").promised_as(), ["json", "", "*/*"]);
    }

    #[test]
    fn parameters_are_pairs() {
        let media = MediaType::new("multipart/form-data; boundary=\"a b\"; q");
        assert_eq!(media.parameters().collect::<Vec<_>>(), [("boundary", "a b")]);
    }
}
