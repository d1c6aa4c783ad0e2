//! Classifies a media type: JSON, text, a form, bytes, or a range of media types.
//!
//! Each question has one predicate, which every reader of specs and recordings uses.
//!
//! Invariants:
//!
//! * Case never matters. Parameters matter only where a promise names them, see
//!   [`MediaType::falls_under`].

use std::borrow::Cow;

/// Parameters that describe how the content is written, not what it is.
const INCIDENTAL: [&str; 3] = ["charset", "boundary", "q"];

/// Media types with one JSON value in each line.
const LINES: [&str; 8] = [
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonl",
    "application/jsonlines",
    "application/x-jsonlines",
    "application/json-lines",
    "application/stream+json",
];

/// How the items of a stream are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// One JSON value in each line.
    Lines,
    /// JSON values behind record separators (RFC 7464).
    Records,
    /// Server-sent events, whose data are JSON values.
    Events,
}

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
        let mut is_quoted = false;
        let parts = self.parameters.split(move |c: char| {
            is_quoted ^= c == '"';
            c == ';' && !is_quoted
        });
        let pairs = parts.filter_map(|one| one.split_once('='));
        pairs.map(|(name, value)| (name.trim(), value.trim().trim_matches('"')))
    }

    /// Returns the charset that it declares.
    pub fn charset(self) -> Option<&'t str> {
        self.parameters().find(|(name, _)| name.eq_ignore_ascii_case("charset")).map(|(_, set)| set)
    }

    /// Returns the parameters that distinguish kinds of content, such as a version.
    pub fn distinctions(self) -> impl Iterator<Item = (&'t str, &'t str)> {
        let is_incidental =
            |name: &str| INCIDENTAL.iter().any(|one| name.eq_ignore_ascii_case(one));
        self.parameters().filter(move |(name, _)| !is_incidental(name))
    }

    /// Returns the media type in the form of a promise: in lower case, with its distinctions only,
    /// sorted by name.
    pub fn key(self) -> String {
        let mut key = self.essence().into_owned();
        let lower = |(name, value): (&str, &str)| [name, value].map(str::to_ascii_lowercase);
        let mut distinctions: Vec<[String; 2]> = self.distinctions().map(lower).collect();
        distinctions.sort();
        for [name, value] in distinctions {
            key += "; ";
            key += &name;
            key.push('=');
            // A value with a separator stays in quotes.
            match value.contains([';', ',', ' ']) {
                true => key += &format!("\"{value}\""),
                false => key += &value,
            }
        }
        key
    }

    /// Returns how closely it falls under a promised media type or range, or `None` if it does not.
    /// The greatest is the closest.
    ///
    /// Every distinction of the promise must be there; others do not matter.
    pub fn falls_under(self, promised: Self) -> Option<(u8, usize)> {
        let closeness = self.within(promised)?;
        let mut n_distinctions = 0;
        for (name, value) in promised.distinctions() {
            n_distinctions += 1;
            self.says(name).filter(|said| said.eq_ignore_ascii_case(value))?;
        }
        Some((closeness, n_distinctions))
    }

    /// Returns whether it states another value for a distinction of `promised`.
    pub fn contradicts(self, promised: Self) -> bool {
        promised.distinctions().any(|(name, value)| {
            self.says(name).is_some_and(|said| !said.eq_ignore_ascii_case(value))
        })
    }

    fn says(self, name: &str) -> Option<&'t str> {
        self.parameters().find(|(said, _)| said.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Ranks how closely its essence falls under that of `promised`: itself, `type/*+json`,
    /// `type/*`, `*/*`.
    fn within(self, promised: Self) -> Option<u8> {
        if self.is(promised.essence) {
            return Some(3);
        }
        let (range, wildcard) = promised.type_and_subtype()?;
        if !wildcard.starts_with('*') {
            return None;
        }
        let is_of_type =
            self.type_and_subtype().is_some_and(|(kind, _)| kind.eq_ignore_ascii_case(range));
        match wildcard.get(1..)? {
            "" if range == "*" => Some(0),
            "" => is_of_type.then_some(1),
            suffix => (is_of_type && self.has_suffix(suffix)).then_some(2),
        }
    }

    /// Returns how the items of a stream of JSON values are written, or `None` if it is no stream.
    pub fn stream(self) -> Option<Stream> {
        let is = |all: &[&str]| all.iter().any(|one| self.is(one));
        if self.is("text/event-stream") {
            return Some(Stream::Events);
        }
        if self.has_suffix("+json-seq") || self.is("application/json-seq") {
            return Some(Stream::Records);
        }
        is(&LINES).then_some(Stream::Lines)
    }

    /// Returns whether it is one JSON value, by its name or by the suffix `+json`.
    pub fn is_json(self) -> bool {
        (self.is("application/json") || self.is("text/json") || self.has_suffix("+json"))
            && !self.is("application/stream+json")
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
    fn a_media_type_falls_under_the_closest_promise() {
        let promises = [
            "application/json",
            "application/json; Version=2",
            "application/json; version=2; profile=\"a;b\"",
            "application/*+json",
            "application/*",
            "text/csv; header=present; charset=utf-8",
            "*/*",
        ];
        let rows = [
            ("application/json", 0),
            ("Application/JSON; charset=utf-8", 0),
            ("application/json; version=3", 0),
            ("application/json;VERSION=\"2\"; charset=utf-8", 1),
            ("application/json; profile=\"A;B\"; version=2", 2),
            ("application/problem+json", 3),
            ("application/pdf", 4),
            ("text/csv; header=present", 5),
            ("text/csv", 6),
            ("json", 6),
        ];
        for (text, expected) in rows {
            let media = MediaType::new(text);
            let closest = promises
                .into_iter()
                .enumerate()
                .filter_map(|(index, key)| Some((media.falls_under(MediaType::new(key))?, index)))
                .max();
            assert_eq!(closest.map(|(_, index)| index), Some(expected), "media type `{text}`");
        }
        let one = MediaType::new("application/json; version=1");
        assert_eq!(MediaType::new("text/plain").falls_under(one), None);
        assert_eq!(MediaType::new("application/json").falls_under(one), None);
        assert!(MediaType::new("application/json; version=2").contradicts(one));
        assert!(!MediaType::new("application/json").contradicts(one));
    }

    #[test]
    fn a_promise_keeps_what_distinguishes_it() {
        let rows = [
            ("Application/JSON; charset=UTF-8", "application/json"),
            ("application/json;Version=2", "application/json; version=2"),
            ("a/b; y=\"1;2\"; x=0; q=0.5", "a/b; x=0; y=\"1;2\""),
        ];
        for (text, expected) in rows {
            assert_eq!(MediaType::new(text).key(), expected);
        }
    }

    #[test]
    fn streams_are_known_by_their_names() {
        let rows = [
            ("application/x-ndjson; charset=utf-8", Some(Stream::Lines)),
            ("application/stream+json", Some(Stream::Lines)),
            ("application/geo+json-seq", Some(Stream::Records)),
            ("text/event-stream", Some(Stream::Events)),
            ("application/json", None),
            ("text/plain", None),
        ];
        for (text, expected) in rows {
            assert_eq!(MediaType::new(text).stream(), expected, "media type `{text}`");
        }
    }

    #[test]
    fn parameters_are_pairs() {
        let media = MediaType::new("multipart/form-data; boundary=\"a; b\"; q; Charset=latin1");
        let expected = [("boundary", "a; b"), ("Charset", "latin1")];
        assert_eq!(media.parameters().collect::<Vec<_>>(), expected);
        assert_eq!(media.charset(), Some("latin1"));
    }
}
