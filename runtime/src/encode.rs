//! Text to path segments and to Base64.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but RFC 3986's unreserved characters. Stricter than a URL parser
/// asks for, so that no parser or proxy on the way can read a value as syntax:
/// `\` ends a segment for WHATWG parsers, `;` starts parameters for some servers.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes `text` as one path segment.
///
/// `.` and `..` can't be written as a segment at all: URL parsers take them
/// away, encoded or not. `Inner` refuses a request whose path lost a segment.
#[doc(hidden)]
#[must_use]
pub fn encode_path(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Base64 with padding, for `Authorization: Basic`.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = 0u32;
        for idx in 0..3 {
            group = (group << 8) | u32::from(chunk.get(idx).copied().unwrap_or(0));
        }
        for idx in 0..4 {
            if idx <= chunk.len() {
                let sextet = (group >> (18 - 6 * idx)) & 0x3f;
                out.push(char::from(ALPHABET[sextet as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{base64, encode_path};

    #[test]
    fn a_value_stays_one_segment() {
        let cases = [
            ("4f0a", "4f0a"),
            ("a-b_c.d~e", "a-b_c.d~e"),
            ("a/b", "a%2Fb"),
            ("a\\b", "a%5Cb"),
            ("a?b#c", "a%3Fb%23c"),
            ("100%", "100%25"),
            ("são", "s%C3%A3o"),
            ("a;b=c", "a%3Bb%3Dc"),
            ("x\r\ny\t", "x%0D%0Ay%09"),
            ("", ""),
        ];
        for (text, expect) in cases {
            assert_eq!(encode_path(text), expect, "text {text:?}");
        }
    }

    #[test]
    fn base64_pads() {
        // The test vectors of RFC 4648, section 10.
        let cases = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (text, expect) in cases {
            assert_eq!(base64(text.as_bytes()), expect, "text {text:?}");
        }
    }
}
