//! Removes the client's credentials from a vendor's text.
//!
//! Vendors echo the request (`no route for /tickets/<token>/7`), so everything that goes into an
//! [`Error`](crate::Error) passes through here first. A credential is removed as it is and in every
//! encoding that the echo of a request is likely to have.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use reqwest::header::{HeaderMap, HeaderValue};

use crate::encode::encode_path;
use crate::secret::Secret;

/// Replaces a credential.
const MARK: &str = "***";

/// Maximum number of bytes of one message.
const MAX_SENTENCE_BYTES: usize = 4096;

/// The credentials of one client in all encodings, the longest first.
#[derive(Default)]
pub(crate) struct Scrubber {
    needles: Vec<Secret>,
}

impl Scrubber {
    /// Prepares to remove `secrets`.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut spellings = BTreeSet::new();
        for secret in secrets {
            spell(secret.expose(), &mut spellings);
        }
        let mut needles: Vec<String> =
            spellings.into_iter().filter(|text| !text.is_empty()).collect();
        // A short encoding can be part of a long one.
        needles.sort_by_key(|text| std::cmp::Reverse(text.len()));
        Self { needles: needles.into_iter().map(Secret::new).collect() }
    }

    /// Returns `text` without credentials.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut clean = text.to_owned();
        for needle in &self.needles {
            if clean.contains(needle.expose()) {
                clean = clean.replace(needle.expose(), MARK);
            }
        }
        clean
    }

    /// Returns the headers whose values contain no credential.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> HeaderMap {
        let mut clean = headers.clone();
        if clean.values().any(|value| self.holds(value)) {
            clean = headers
                .iter()
                .filter(|(_, value)| !self.holds(value))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
        }
        clean
    }

    fn holds(&self, value: &HeaderValue) -> bool {
        self.needles.iter().any(|needle| contains(value.as_bytes(), needle.expose().as_bytes()))
    }

    /// Returns a vendor's message without credentials, trimmed and with limited length.
    pub(crate) fn sentence(&self, text: &str) -> String {
        let clean = self.text(text);
        let clean = clean.trim();
        let mut end = clean.len().min(MAX_SENTENCE_BYTES);
        while !clean.is_char_boundary(end) {
            end -= 1;
        }
        clean.get(..end).unwrap_or_default().to_owned()
    }

    /// Returns the first `limit` bytes of `body`, without credentials.
    pub(crate) fn bytes(&self, body: &[u8], limit: usize) -> Vec<u8> {
        // A credential may cross the limit, so look a little further than is kept.
        let reach = self.needles.first().map_or(0, |needle| needle.expose().len());
        let mut clean = body.get(..limit.saturating_add(reach)).unwrap_or(body).to_vec();
        for needle in &self.needles {
            clean = replace(&clean, needle.expose().as_bytes());
        }
        clean.truncate(limit);
        clean
    }
}

/// Adds the encodings of one credential.
fn spell(secret: &str, spellings: &mut BTreeSet<String>) {
    // An echo may be trimmed.
    let mut parts = vec![secret, secret.trim()];
    // The password of `user:password` is a secret by itself.
    if let Some((_, password)) = secret.split_once(':') {
        parts.push(password);
        spellings.insert(BASE64_STANDARD.encode(secret));
    }
    for part in parts {
        let percent = encode_path(part);
        spellings.insert(lower_hex(&percent));
        spellings.insert(percent.replace("%20", "+"));
        spellings.insert(percent);
        if let Ok(json) = serde_json::to_string(part) {
            let json = json.trim_matches('"').to_owned();
            spellings.insert(json.replace('/', "\\/"));
            spellings.insert(ascii(&json).replace('/', "\\/"));
            spellings.insert(ascii(&json));
            spellings.insert(json);
        }
        spellings.insert(part.to_owned());
    }
}

/// Turns `%2F` into `%2f`.
fn lower_hex(percent: &str) -> String {
    let mut out = String::with_capacity(percent.len());
    let mut hex = 0;
    for letter in percent.chars() {
        out.push(if hex > 0 { letter.to_ascii_lowercase() } else { letter });
        hex = if letter == '%' { 2 } else { i32::max(hex - 1, 0) };
    }
    out
}

/// Turns `ã` into `\u00e3`, as most JSON writers of PHP do.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            out.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` can't fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

fn contains(body: &[u8], needle: &[u8]) -> bool {
    body.windows(needle.len()).any(|window| window == needle)
}

fn replace(body: &[u8], needle: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((first, tail)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(needle) {
            out.extend_from_slice(MARK.as_bytes());
            rest = after;
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Scrubber;
    use crate::encode::encode_path;
    use crate::secret::Secret;

    #[test]
    fn every_spelling_of_a_credential_goes() {
        let secrets = [Secret::new("a/B ç"), Secret::new("ana:pass:word")];
        let scrubber = Scrubber::new(&secrets);
        let cases = [
            ("no route for a/B ç!", "no route for ***!"),
            ("GET /x/a%2FB%20%C3%A7/7", "GET /x/***/7"),
            ("GET /x/a%2fB%20%c3%a7/7", "GET /x/***/7"),
            ("q=a%2FB+%C3%A7&p=1", "q=***&p=1"),
            (r#"{"t":"a\/B \u00e7"}"#, r#"{"t":"***"}"#),
            ("Basic YW5hOnBhc3M6d29yZA==", "Basic ***"),
            ("password pass:word is wrong", "password *** is wrong"),
            ("nothing here", "nothing here"),
        ];
        for (text, expect) in cases {
            assert_eq!(scrubber.text(text), expect, "text {text:?}");
            assert_eq!(scrubber.bytes(text.as_bytes(), 4096), expect.as_bytes(), "bytes {text:?}");
        }
    }

    #[test]
    fn a_credential_across_the_limit_does_not_leave_its_start() {
        let scrubber = Scrubber::new(&[Secret::new("0123456789")]);
        let body = b"abcdef0123456789xyz";
        for limit in 0..body.len() {
            let kept = scrubber.bytes(body, limit);
            assert!(kept.len() <= limit);
            assert!(!kept.contains(&b'0'), "limit {limit}");
        }
    }

    #[test]
    fn a_sentence_is_cut_after_scrubbing() {
        let scrubber = Scrubber::new(&[Secret::new("0123456789 ")]);
        let long = format!(" {}0123456789 {}", "x".repeat(4090), "é".repeat(99));
        let clean = scrubber.sentence(&long);
        assert_eq!(clean, format!("{}***é", "x".repeat(4090)));
        assert_eq!(scrubber.sentence("key: 0123456789"), "key: ***");
    }

    #[test]
    fn an_empty_credential_changes_nothing() {
        assert_eq!(Scrubber::new(&[Secret::new("")]).text("abc"), "abc");
    }

    proptest! {
        /// No credential survives in a text, at any position and in any encoding.
        #[test]
        fn no_credential_survives(secret in "[A-Za-z0-9/+=ã \"%:-]{6,24}", before in "[a-z]{0,9}", after in "[a-z]{0,9}") {
            let scrubber = Scrubber::new(&[Secret::new(secret.as_str())]);
            let json = serde_json::to_string(&secret).unwrap();
            for spelling in [secret.clone(), encode_path(&secret), json.trim_matches('"').to_owned()] {
                let clean = scrubber.text(&format!("{before}{spelling}{after}"));
                prop_assert!(!clean.contains(&secret) && !clean.contains(&spelling), "{clean}");
            }
        }
    }
}
