//! Replaces a sentence by its fingerprint, so that a change of it is seen without its words.

use crate::prose::comparable_default;

/// The most words of a text that is a literal.
const MAX_WORDS: usize = 4;

/// The most words of a value that a page lists: names of states have several.
const MAX_WORDS_OF_VALUE: usize = 6;

/// The most characters of either.
const MAX_CHARS: usize = 60;

/// Returns the condition of a requirement as it is compared and kept.
pub(crate) fn comparable(condition: &str) -> String {
    let is_known = condition.strip_prefix("when ").is_some_and(|rest| {
        let name = rest.strip_suffix(" is given").or_else(|| rest.strip_suffix(" is not given"));
        name.is_some_and(|name| !name.contains(' '))
    });
    if is_known || is_fingerprint(condition) {
        condition.to_owned()
    } else {
        fingerprint(condition)
    }
}

/// Returns a default as a lock keeps it.
pub(super) fn of_default(text: &str) -> String {
    if is_long(text, MAX_WORDS) { fingerprint(&comparable_default(text)) } else { text.to_owned() }
}

/// Returns a default as it is compared.
pub(crate) fn comparable_value(text: &str) -> String {
    let kept = of_default(text);
    if is_fingerprint(&kept) { kept } else { comparable_default(&kept) }
}

/// Returns a value or limit as a lock keeps it and as it is compared.
pub(crate) fn comparable_text(text: &str) -> String {
    if is_long(text, MAX_WORDS_OF_VALUE) { fingerprint(text) } else { text.to_owned() }
}

fn is_long(text: &str, max_words: usize) -> bool {
    text.chars().count() > MAX_CHARS || text.split_whitespace().count() > max_words
}

fn is_fingerprint(text: &str) -> bool {
    let digits = text.strip_prefix("text #").unwrap_or_default();
    digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns the fingerprint of a text: FNV-1a, which stays the same on every machine.
fn fingerprint(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("text #{hash:016x}")
}
