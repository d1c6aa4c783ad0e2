//! Bounds the memory of the values that a response is decoded into.
//!
//! A few bytes of JSON can become a large value: an object without members is two bytes, and a
//! record of sixty optional fields takes more than a thousand. Therefore the limit for the bytes of
//! a response does not bound the memory that it takes.
//!
//! * [`is_heavy`] estimates the weight of any JSON text before it is decoded.
//! * [`within`] counts the actual size of each record while it is decoded.

use std::cell::Cell;

/// Number of bytes that may be built from one byte of the limit for responses.
const GROWTH: u64 = 16;

/// Weight of an object: that of a map with one member.
const OBJECT: u64 = 512;
/// Weight of a list, and of each item or member.
const ITEM: u64 = 64;
/// Maximum weight of a byte of JSON: `{},` has three bytes.
const MAX_PER_BYTE: u64 = (OBJECT + ITEM) / 3;

thread_local! {
    /// Number of bytes that may still be built on this thread.
    static LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
}

/// Returns the maximum number of bytes that a response is decoded into.
pub(crate) fn limit(max_answer_bytes: u64) -> u64 {
    max_answer_bytes.saturating_mul(GROWTH)
}

/// Returns the text of the error for a response that takes too much memory.
pub(crate) fn over_limit(limit: u64) -> String {
    format!(
        "its values take more than {limit} bytes of memory; `max_answer_bytes` on the client \
         builder raises the limit"
    )
}

/// Returns whether the values in a JSON text may take more than `limit` bytes.
pub(crate) fn is_heavy(json: &[u8], limit: u64) -> bool {
    if (json.len() as u64).saturating_mul(MAX_PER_BYTE) <= limit {
        return false;
    }
    let (mut weight, mut is_text, mut is_escaped) = (0_u64, false, false);
    for byte in json {
        if is_text {
            is_text = is_escaped || *byte != b'"';
            is_escaped = *byte == b'\\' && !is_escaped;
            continue;
        }
        weight += match byte {
            b'{' => OBJECT,
            b'[' | b',' => ITEM,
            _ => 0,
        };
        is_text = *byte == b'"';
    }
    weight > limit
}

/// Runs `decode`, in which records of at most `limit` bytes are built. Returns `None` as soon as
/// they take more.
pub(crate) fn within<T>(limit: u64, decode: impl FnOnce() -> T) -> Option<T> {
    let before = LEFT.replace(limit);
    let decoded = decode();
    let left = LEFT.replace(before);
    (left > 0).then_some(decoded)
}

/// Counts a record of `n_bytes` before it is built. Returns `false` if the limit is reached.
pub(crate) fn take(n_bytes: usize) -> bool {
    let left = LEFT.get().saturating_sub(n_bytes as u64);
    LEFT.set(left);
    left > 0
}

#[cfg(test)]
mod tests {
    use super::{is_heavy, take, within};

    #[test]
    fn a_text_is_weighed_without_its_strings() {
        let empty = format!("[{}{{}}]", "{},".repeat(10_000));
        assert!(is_heavy(empty.as_bytes(), 5_000_000));
        assert!(!is_heavy(empty.as_bytes(), 6_000_000));
        let text = format!(r#"["{}"]"#, r#"{},\""#.repeat(10_000));
        assert!(!is_heavy(text.as_bytes(), 1_000));
    }

    #[test]
    fn the_records_of_one_response_share_a_limit() {
        assert_eq!(within(100, || (take(40), take(40), take(40))), None);
        assert_eq!(within(100, || (take(40), take(40))), Some((true, true)));
        assert!(take(usize::MAX / 2), "nothing is limited outside of a response");
    }
}
