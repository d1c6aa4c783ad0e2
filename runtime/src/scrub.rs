//! Removes the client's credentials from a vendor's text.
//!
//! Vendors echo the request (`no route for /tickets/<token>/7`), so everything that goes into an
//! [`Error`](crate::Error) passes through here first. A credential is found as it is, in any case,
//! under any number of the escapes that [`view::View`] decodes, in hexadecimal digits, in Base64
//! also as a part of a longer text, and in reverse. So is a part of it that is long enough to be
//! useful. An echo that is encrypted, hashed, compressed or interspersed with other signs is not
//! recognized.
//!
//! Invariants:
//!
//! * What is removed is found before a text is cut, so that no cut hides the rest of a credential.
//! * The work is linear in the length of the text that is kept.

mod entity;
mod needle;
mod view;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use reqwest::header::HeaderMap;

use self::needle::{Needle, needles};
use self::view::{ESCAPES, View};
use crate::secret::Secret;

/// Replaces a credential.
const MARK: &str = "***";

/// Maximum number of bytes of one message.
const MAX_SENTENCE_BYTES: usize = 4096;

/// Number of bytes after the limit of a text that are searched for the end of a credential.
const REACH: usize = 1024;

/// Number of times that escapes are decoded.
const MAX_PASSES: usize = 4;

/// Number of words with one bit for each pair of bytes.
const N_STARTS: usize = 256 * 4;

/// Number of bytes by which the index finds a needle.
const GRAM: usize = 6;

/// Maximum distance from a position in the index to the end of its needle or to the next position.
const MAX_STRIDE: usize = 24;

/// The credentials of one client or call.
#[derive(Clone, Default)]
pub(crate) struct Scrubber {
    /// The first two bytes of every entry of the index, one bit each. Most texts contain few of them.
    starts: Vec<u64>,
    /// Credentials that are removed as well.
    base: Option<Arc<Scrubber>>,
    needles: Vec<Needle>,
    /// Needles and positions in them by the hash of the bytes there. Each part of a needle that is
    /// long enough to be removed contains one of these positions.
    index: HashMap<u32, Vec<(usize, usize)>>,
    /// Credentials that are too short for the index. They are removed as they are, because in other
    /// spellings they would occur by chance.
    short: Vec<Secret>,
}

impl Scrubber {
    /// Prepares to remove `secrets`.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut scrubber = Self::default();
        secrets.into_iter().for_each(|secret| scrubber.add(secret));
        scrubber
    }

    /// Also removes what `base` removes.
    pub(crate) fn over(mut self, base: Arc<Self>) -> Self {
        self.base = Some(base);
        self
    }

    /// Also removes `secret`.
    pub(crate) fn add(&mut self, secret: &Secret) {
        let is_short = |part: &&str| (1..GRAM).contains(&part.len());
        self.short.extend(needle::parts(secret.expose()).filter(is_short).map(Secret::new));
        for needle in needles(secret) {
            let idx = self.needles.len();
            let bytes = needle.bytes();
            let stride = (needle.min_run + 1).saturating_sub(GRAM).clamp(1, MAX_STRIDE - GRAM);
            for (at, gram) in bytes.windows(GRAM).enumerate().step_by(stride) {
                self.index.entry(hash(gram)).or_default().push((idx, at));
                let (word, bit) = start(gram);
                self.starts.resize(N_STARTS, 0);
                if let Some(word) = self.starts.get_mut(word) {
                    *word |= bit;
                }
            }
            self.needles.push(needle);
        }
    }

    /// Returns `text` without credentials.
    pub(crate) fn text(&self, text: &str) -> String {
        let clean = self.bytes(text.as_bytes(), text.len());
        String::from_utf8_lossy(&clean).into_owned()
    }

    /// Returns the headers whose values contain no credential.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> HeaderMap {
        let is_clean = |value: &[u8]| self.places(value).is_empty();
        if headers.values().all(|value| is_clean(value.as_bytes())) {
            return headers.clone();
        }
        let clean = headers.iter().filter(|(_, value)| is_clean(value.as_bytes()));
        clean.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Returns a vendor's message without credentials, trimmed and with limited length.
    pub(crate) fn sentence(&self, text: &str) -> String {
        // A mark is shorter than what it replaces, so more is needed than is kept.
        let clean = self.bytes(text.trim().as_bytes(), MAX_SENTENCE_BYTES * 2);
        let clean = String::from_utf8_lossy(&clean);
        let clean = clean.trim();
        let mut end = clean.len().min(MAX_SENTENCE_BYTES);
        while !clean.is_char_boundary(end) {
            end -= 1;
        }
        clean.get(..end).unwrap_or_default().to_owned()
    }

    /// Returns the first `limit` bytes of `body`, without credentials.
    pub(crate) fn bytes(&self, body: &[u8], limit: usize) -> Vec<u8> {
        let searched = body.get(..limit.saturating_add(REACH)).unwrap_or(body);
        let kept = body.get(..limit).unwrap_or(body);
        let mut clean = Vec::with_capacity(kept.len());
        let mut rest = 0;
        for place in self.places(searched) {
            if place.start >= kept.len() {
                break;
            }
            clean.extend_from_slice(kept.get(rest..place.start).unwrap_or_default());
            clean.extend_from_slice(MARK.as_bytes());
            rest = place.end;
        }
        clean.extend_from_slice(kept.get(rest..).unwrap_or_default());
        clean.truncate(limit);
        clean
    }

    /// Returns the places of credentials in `text`, in order and apart from each other.
    fn places(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let raw = View::of(text);
        self.find(&raw, &mut found);
        // The text around a credential can look like an escape of another kind.
        for kind in [b"%", b"\\", b"&"] {
            if let Some(view) = raw.decoded(kind) {
                self.find(&view, &mut found);
            }
        }
        let mut next = raw.decoded(ESCAPES);
        for _ in 0..MAX_PASSES {
            let Some(view) = next else { break };
            self.find(&view, &mut found);
            next = view.decoded(ESCAPES);
        }
        found.sort_unstable_by_key(|place| place.start);
        let mut places: Vec<Range<usize>> = Vec::new();
        for place in found {
            match places.last_mut() {
                Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
                _ => places.push(place),
            }
        }
        places
    }

    fn find(&self, view: &View, found: &mut Vec<Range<usize>>) {
        let folded = view.folded();
        for scrubber in std::iter::successors(Some(self), |one| one.base.as_deref()) {
            scrubber.find_short(view, found);
            scrubber.find_long(&folded, found);
        }
    }

    fn find_short(&self, view: &View, found: &mut Vec<Range<usize>>) {
        for needle in self.short.iter().map(Secret::expose) {
            let windows = view.bytes().windows(needle.len()).enumerate();
            let starts = windows.filter(|(_, bytes)| *bytes == needle.as_bytes());
            found.extend(starts.map(|(at, _)| view.place(at..at + needle.len())));
        }
    }

    fn find_long(&self, view: &View, found: &mut Vec<Range<usize>>) {
        if self.index.is_empty() {
            return;
        }
        let text = view.bytes();
        // A hit deep within a part that was found adds nothing to it.
        let mut found_to = 0;
        for (at, gram) in text.windows(GRAM).enumerate() {
            let (word, bit) = start(gram);
            let may_hit = self.starts.get(word).is_some_and(|word| word & bit != 0);
            if !may_hit || at + MAX_STRIDE <= found_to {
                continue;
            }
            let hits = self.index.get(&hash(gram));
            let runs = hits.into_iter().flatten().filter_map(|(idx, within)| {
                self.needles.get(*idx).and_then(|needle| run(needle, *within, text, at))
            });
            let longest =
                runs.reduce(|one, other| one.start.min(other.start)..one.end.max(other.end));
            if let Some(run) = longest {
                found_to = run.end;
                found.push(view.place(run));
            }
        }
    }
}

/// Returns the part of `text` that a needle shares with it around `at`, where the text has the byte
/// that the needle has at `within`.
fn run(needle: &Needle, within: usize, text: &[u8], at: usize) -> Option<Range<usize>> {
    let bytes = needle.bytes();
    let (before, behind) = (bytes.get(..within)?, bytes.get(within..)?);
    let n_behind = behind.iter().zip(text.get(at..)?).take_while(|(one, other)| one == other);
    let mut end = at + n_behind.count();
    let n_before = before
        .iter()
        .rev()
        .zip(text.get(..at)?.iter().rev())
        .take_while(|(one, other)| one == other);
    let mut start = at - n_before.count();
    if end - start < needle.min_run {
        return None;
    }
    if needle.has_edges() {
        let is_letter = |at: usize| {
            text.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte))
        };
        start -= usize::from(start.checked_sub(1).is_some_and(is_letter));
        end += usize::from(is_letter(end));
        end += text.get(end..)?.iter().take_while(|byte| **byte == b'=').count();
    }
    Some(start..end)
}

/// Returns the word and the bit that stand for the first two bytes.
fn start(bytes: &[u8]) -> (usize, u64) {
    let [first, second] = [0, 1].map(|at| bytes.get(at).copied().unwrap_or_default());
    (usize::from(first) * 4 + usize::from(second / 64), 1 << (second % 64))
}

/// Hashes a few bytes (FNV-1a). A collision costs a comparison.
fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
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
            ("chave A/b Ç!", "chave ***!"),
            ("GET /x/%61%2F%42%20%c3%87/7", "GET /x/***/7"),
            ("&lt;b&gt;a/B &ccedil;&lt;/b&gt;", "&lt;b&gt;***&lt;/b&gt;"),
            ("a&#47;B&#x20;&#xe7;", "***"),
            (r#"{"t":"\"a\\u002fB\\u0020\\u00E7\""}"#, r#"{"t":"\"***\""}"#),
            (r"b'a/B \xc3\xa7'", "b'***'"),
            (r"a/B \303\247", "***"),
            ("a%252FB%2520%25C3%25A7", "***"),
            ("hex 612f4220c3a7 or 612F4220C3A7", "hex *** or ***"),
            ("Basic QmVhcmVyIGEvQiDDpw==", "Basic QmVhcmVyI***"),
            ("ç B/a", "***"),
            ("password Pass&#58;Word", "password ***"),
            ("Basic YW5hOnBhc3M6d29y", "Basic ***"),
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

    #[test]
    fn a_part_of_a_credential_goes() {
        let token = "9f86d081884c7d659a2feaa0c55ad015";
        let scrubber = Scrubber::new(&[Secret::new(token)]);
        for (from, to) in [(0, 31), (1, 32), (0, 12), (20, 32), (7, 19)] {
            let text = format!("token={}!", &token[from..to]);
            assert_eq!(scrubber.text(&text), "token=***!", "{from} to {to}");
        }
        assert_eq!(scrubber.text("token 9f86d081… is wrong"), "token 9f86d081… is wrong");
        let short = Scrubber::new(&[Secret::new("s3nh4-curta")]);
        assert_eq!(short.text("s3nh4-curt and s3nh4"), "*** and s3nh4");
    }

    #[test]
    fn no_end_of_a_body_leaves_a_part_of_a_credential() {
        let token = "9f86d081884c7d659a2feaa0c55ad015";
        let scrubber = Scrubber::new(&[Secret::new(token)]);
        let spelled: String = token.bytes().map(|byte| format!("&#x{byte:x};")).collect();
        for echo in [token.to_owned(), spelled] {
            for n_before in 0..400 {
                let body = format!("{token}{}{echo}yyy", "x".repeat(n_before));
                let kept = scrubber.bytes(body.as_bytes(), 300);
                let kept = String::from_utf8(kept).unwrap();
                let expect = format!("***{}", "x".repeat(n_before));
                let expect = &expect[..expect.len().min(300 - token.len() + 3)];
                assert!(kept.starts_with(expect) && !kept.contains("9f") && !kept.contains("&#"));
            }
        }
    }

    #[test]
    fn many_echoes_take_time_in_proportion() {
        let secrets: Vec<Secret> = (0..8).map(|idx| Secret::new(format!("{idx:032}"))).collect();
        let scrubber = Scrubber::new(&secrets);
        let start = std::time::Instant::now();
        let body = "0".repeat(64 * 1024);
        assert_eq!(scrubber.bytes(body.as_bytes(), body.len()), b"***");
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }

    proptest! {
        /// No credential survives in a text, at any position and in any encoding.
        #[test]
        fn no_credential_survives(secret in "[A-Za-z0-9/+=ã \"%:-]{6,24}", before in "[a-z]{0,9}", after in "[a-z]{0,9}") {
            let scrubber = Scrubber::new(&[Secret::new(secret.as_str())]);
            let json = serde_json::to_string(&secret).unwrap();
            for spelling in [secret.clone(), encode_path(&secret), json[1..json.len() - 1].to_owned()] {
                let clean = scrubber.text(&format!("{before}{spelling}{after}"));
                prop_assert!(!clean.contains(&secret) && !clean.contains(&spelling), "{clean}");
            }
        }
    }
}
