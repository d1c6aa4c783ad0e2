//! Encodes text as path segments, and decodes Base64 and hexadecimal digits.

use std::borrow::Cow;

#[cfg(feature = "webhooks")]
use base64::prelude::{BASE64_STANDARD, Engine as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All characters except the unreserved ones of RFC 3986. This is stricter than URL parsers
/// require, so that no parser or proxy on the way interprets a value as syntax: `\` ends a segment
/// for WHATWG parsers, and `;` starts parameters on some servers.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes `text` as one path segment.
///
/// The segments `.` and `..` can't be encoded at all, because URL parsers remove them even when
/// they are encoded. `Inner` refuses a request whose path lost a segment.
#[doc(hidden)]
#[must_use]
pub fn encode_path(text: &str) -> String {
    encoded(text).into_owned()
}

/// Works like [`encode_path`], without a copy if nothing has to be encoded.
pub(crate) fn encoded(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, SEGMENT).into()
}

/// Decodes Base64 with padding. Returns `None` unless `text` is the canonical encoding of its
/// bytes.
#[cfg(feature = "webhooks")]
pub(crate) fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text).ok()
}

/// Decodes hexadecimal digits of either case.
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
    use super::encode_path;

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
