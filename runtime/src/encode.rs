//! Text to path segments, and bytes to Base64 and back.

use std::borrow::Cow;

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
    encoded(text).into_owned()
}

/// As [`encode_path`]; most texts stay as they are.
pub(crate) fn encoded(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, SEGMENT).into()
}

/// The digits of Base64.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
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

/// The bytes that [`base64`] writes as `text`; none if there are no such bytes.
#[cfg(feature = "webhooks")]
pub(crate) fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    let (mut group, mut n_bits) = (0_u32, 0);
    for digit in digits {
        let sextet = ALPHABET.iter().position(|known| known == digit)?;
        group = (group << 6) | sextet as u32;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push((group >> n_bits) as u8);
        }
    }
    // One spelling for each value: no padding is missing, and no bit is left over.
    (base64(&bytes).as_bytes() == text).then_some(bytes)
}

/// The bytes that `text` spells in hexadecimal digits of either case.
#[cfg(feature = "webhooks")]
pub(crate) fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |letter: u8| char::from(letter).to_digit(16);
    let byte = |pair: &[u8]| match *pair {
        [high, low] => u8::try_from(digit(high)? * 16 + digit(low)?).ok(),
        _ => None,
    };
    text.chunks(2).map(byte).collect()
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

    #[cfg(feature = "webhooks")]
    #[test]
    fn what_is_no_spelling_of_bytes_is_not_read() {
        use super::{from_base64, from_hex};

        let cases: [(&str, Option<&[u8]>); 12] = [
            ("", Some(b"")),
            ("Zg==", Some(b"f")),
            ("Zm8=", Some(b"fo")),
            ("Zm9vYmFy", Some(b"foobar")),
            ("+/+/", Some(&[0xfb, 0xff, 0xbf])),
            ("Zg", None),
            ("Zg=", None),
            // A bit is left over.
            ("Zh==", None),
            ("Zg==Zg==", None),
            ("Z", None),
            ("-_-_", None),
            ("Zm9v\n", None),
        ];
        for (text, expect) in cases {
            assert_eq!(from_base64(text.as_bytes()).as_deref(), expect, "text {text:?}");
        }
        let cases: [(&str, Option<&[u8]>); 6] = [
            ("", Some(b"")),
            ("00fF", Some(&[0, 255])),
            ("0", None),
            ("0g", None),
            ("+f", None),
            ("0 ", None),
        ];
        for (text, expect) in cases {
            assert_eq!(from_hex(text.as_bytes()).as_deref(), expect, "text {text:?}");
        }
    }
}
