//! Text to path segments, and Base64 and hexadecimal digits to bytes.

use std::borrow::Cow;

#[cfg(feature = "webhooks")]
use base64::prelude::{BASE64_STANDARD, Engine as _};
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

/// Decodes Base64 with padding; `None` unless `text` is the one spelling that its bytes have.
#[cfg(feature = "webhooks")]
pub(crate) fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text).ok()
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
