//! Finds known secrets in a text, in whatever way it spells them.
//!
//! | spelling | found because |
//! |---|---|
//! | other case, spelled backwards | the search ignores case and knows both directions |
//! | entities, escapes, percent-encoding | it sees a [`View`](super::view::View) of the text |
//! | base64 and hexadecimal, also of `Bearer x` | runs of their alphabets are decoded |
//! | cut at either end | each part of [`MIN_PART`] letters counts, or all but one of a short one |

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};

use super::view::View;

/// The shortest secret that is searched for; a shorter one would match everywhere.
const MIN_SECRET: usize = 4;

/// The shortest secret that is also found in a longer word, or cut by one letter.
const MIN_CUT: usize = 8;

/// The letters in a row that count as the secret.
const MIN_PART: usize = 12;

/// Secrets to search for.
#[derive(Default, Clone)]
pub(super) struct Secrets {
    /// Each secret as it is read.
    texts: Vec<String>,
}

impl Secrets {
    pub(super) fn add(&mut self, secret: &str) {
        let secret = secret.trim();
        let is_new = !self.texts.iter().any(|known| known == secret);
        if is_new
            && secret.chars().count() >= MIN_SECRET
            && secret.chars().any(char::is_alphanumeric)
        {
            self.texts.push(secret.to_owned());
        }
    }

    pub(super) fn compiled(&self) -> Search {
        let mut needles: Vec<Needle> = Vec::new();
        for secret in &self.texts {
            let spaced = secret.replace(' ', "+");
            for text in [
                secret,
                &secret.to_lowercase(),
                &secret.to_uppercase(),
                &spaced,
                View::of(secret).text(),
            ] {
                parts(text, &mut needles);
                parts(&text.chars().rev().collect::<String>(), &mut needles);
            }
        }
        needles.sort();
        needles.dedup();
        let matcher = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(needles.iter().map(|needle| needle.text.as_bytes()))
            .ok()
            .filter(|_| !needles.is_empty());
        Search { matcher, needles }
    }
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Needle {
    text: String,
    /// Whether only a whole word counts.
    is_word: bool,
}

/// Adds the parts of a secret that give it away.
fn parts(secret: &str, needles: &mut Vec<Needle>) {
    let letters: Vec<(usize, char)> = secret.char_indices().collect();
    let n_part = match letters.len() {
        n if n > MIN_PART => MIN_PART,
        n if n >= MIN_CUT => n - 1,
        n => n,
    };
    let is_word = letters.len() < MIN_CUT;
    for first in 0..=letters.len().saturating_sub(n_part) {
        let start = letters.get(first).map_or(0, |(at, _)| *at);
        let end = letters.get(first + n_part).map_or(secret.len(), |(at, _)| *at);
        if let Some(part) = secret.get(start..end).filter(|part| !part.is_empty()) {
            needles.push(Needle { text: part.to_owned(), is_word });
        }
    }
}

/// A search for all secrets at once.
pub(super) struct Search {
    matcher: Option<AhoCorasick>,
    needles: Vec<Needle>,
}

impl Search {
    pub(super) fn is_empty(&self) -> bool {
        self.matcher.is_none()
    }

    /// Returns the parts of a text that are secrets, in order and apart.
    pub(super) fn found(&self, text: &str) -> Vec<Range<usize>> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut found = self.matches(text.as_bytes());
        found.retain(|at| text.is_char_boundary(at.start) && text.is_char_boundary(at.end));
        for run in runs(text, is_base64) {
            let bytes = text.get(run.clone()).unwrap_or_default();
            if (0..4).any(|skip| self.is_in(&base64(bytes.get(skip..).unwrap_or_default()))) {
                found.push(run);
            }
        }
        for run in runs(text, |c| c.is_ascii_hexdigit()) {
            let digits = text.get(run.clone()).unwrap_or_default();
            if (0..2).any(|skip| self.is_in(&hexadecimal(digits.get(skip..).unwrap_or_default()))) {
                found.push(run);
            }
        }
        joined(found)
    }

    fn is_in(&self, bytes: &[u8]) -> bool {
        !self.matches(bytes).is_empty()
    }

    fn matches(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let Some(matcher) = &self.matcher else {
            return Vec::new();
        };
        let is_letter = |index: Option<usize>| {
            index.and_then(|index| bytes.get(index)).is_some_and(u8::is_ascii_alphanumeric)
        };
        let is_whole =
            |at: &Range<usize>| !is_letter(at.start.checked_sub(1)) && !is_letter(Some(at.end));
        let all = matcher.find_overlapping_iter(bytes);
        let counts = all.filter_map(|one| {
            let is_word =
                self.needles.get(one.pattern().as_usize()).is_some_and(|needle| needle.is_word);
            Some(one.range()).filter(|at| !is_word || is_whole(at))
        });
        joined(counts.collect())
    }
}

/// Joins ranges that meet or overlap, in order.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => joined.push(range),
        }
    }
    joined
}

/// The shortest run of an alphabet that is decoded: of four letters, in base64.
const MIN_RUN: usize = 6;

/// Returns the runs of such characters that are long enough to be decoded.
pub(super) fn runs(
    text: &str,
    is_part: fn(char) -> bool,
) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text.get(from..)?.find(is_part)?;
            let rest = text.get(start..)?;
            let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            from = start + length;
            if length >= MIN_RUN {
                return Some(start..from);
            }
        }
    })
}

pub(super) fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '=')
}

/// Decodes base64 of either alphabet as far as it goes; a cut end is dropped.
pub(super) fn base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut n_bits) = (0u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => continue,
        };
        bits = (bits << 6) | u32::from(value);
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push(u8::try_from((bits >> n_bits) & 0xff).unwrap_or(0));
        }
    }
    bytes
}

/// Encodes bytes in the alphabet and with the end of `like`.
pub(super) fn to_base64(bytes: &[u8], like: &str) -> String {
    let is_url = like.contains(['-', '_']);
    let (plus, slash) = if is_url { ('-', '_') } else { ('+', '/') };
    let digit = |value: u32| match u8::try_from(value & 63).unwrap_or(0) {
        value @ 0..=25 => char::from(b'A' + value),
        value @ 26..=51 => char::from(b'a' + value - 26),
        value @ 52..=61 => char::from(b'0' + value - 52),
        62 => plus,
        _ => slash,
    };
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        let digits = [bits >> 18, bits >> 12, bits >> 6, bits];
        out.extend(digits.iter().take(chunk.len() + 1).map(|bits| digit(*bits)));
        if like.ends_with('=') || like.len() % 4 == 0 && !is_url {
            out.extend(std::iter::repeat_n('=', 3 - chunk.len()));
        }
    }
    out
}

/// Decodes hexadecimal digits as far as they go.
pub(super) fn hexadecimal(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks_exact(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.filter_map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::Secrets;
    use crate::view::View;

    fn is_hidden(secret: &str, text: &str) -> bool {
        let mut secrets = Secrets::default();
        secrets.add(secret);
        let view = View::of(text);
        !secrets.compiled().found(view.text()).is_empty()
    }

    #[test]
    fn a_secret_is_found_in_every_spelling() {
        let rows = [
            ("as it is", "9f86d081884c7d65", "token 9f86d081884c7d65 refused"),
            ("in capitals", "9f86d081884c7d65", "TOKEN 9F86D081884C7D65 REFUSED"),
            ("base64", "s3nha-da-api", "x czNuaGEtZGEtYXBp y"),
            ("base64 of a header", "s3nha-da-api", "QmVhcmVyIHMzbmhhLWRhLWFwaQ=="),
            ("base64, cut at its start", "9f86d081884c7d659a2f", "WY4NmQwODE4ODRjN2Q2NTlhMmY="),
            ("hexadecimal", "s3nha-da-api", "73336e68612d64612d617069"),
            ("percent-encoded", "s3nha-da-api", "%73%33%6E%68%61%2D%64%61%2Dapi"),
            ("entities", "Senha&<1/a>", "Senha&amp;&lt;1/a&gt;"),
            ("entities of numbers", "s3nha-da-api", "&#115;&#x33;nha-da-api"),
            ("escapes", "Senha&<1/a>", r"Senha\u0026\u003c1\/a\u003e"),
            ("escapes of escapes", "Senha&<1/a>", r"Senha\\u0026\\u003c1\\\/a\\u003e"),
            ("without its first letter", "9f86d081884c7d65", "token f86d081884c7d65"),
            ("without its last letter", "9f86d081884c7d65", "token 9f86d081884c7d6"),
            ("cut to twelve letters", "9f86d081884c7d65", "9f86d081884c"),
            ("backwards", "9f86d081884c7d65", "56d7c488180d68f9"),
            ("short, as a word", "4821", "PIN 4821 refused"),
            ("of eight, without its last", "abcd1234", "abcd123"),
            ("a space as a plus", "minha senha 1", "q=minha+senha+1"),
        ];
        for (name, secret, text) in rows {
            assert!(is_hidden(secret, text), "case `{name}`");
        }
    }

    #[test]
    fn another_text_is_none() {
        let rows = [
            ("a part of a word", "4821", "protocol 748213"),
            ("eleven letters", "9f86d081884c7d65", "9f86d081884"),
            ("too short to be searched", "abc", "abc"),
            ("base64 of another", "s3nha-da-api", "dW0gdGV4dG8gcXVhbHF1ZXI="),
        ];
        for (name, secret, text) in rows {
            assert!(!is_hidden(secret, text), "case `{name}`");
        }
    }
}
