//! Turns the bytes of a body into text, in the charset that its headers declare.
//!
//! Invariants:
//!
//! * A body without a declared charset is UTF-8, which JSON requires.
//! * Bytes are never replaced: a body with one broken character is unreadable.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use prumo_spec::MediaType;

use super::Headers;
use crate::contract::Unreadable;

/// Returns the text of a body, or the reason why it is none.
pub(super) fn text_of<'b>(
    bytes: &'b [u8],
    headers: &Headers<'_>,
) -> Result<Cow<'b, str>, Unreadable> {
    match declared(headers) {
        Some(charset) => match charset.decode_with_bom_removal(bytes) {
            (text, false) => Ok(text),
            (_, true) => Err(Unreadable::BadEncoding),
        },
        None => std::str::from_utf8(bytes)
            .map(Cow::Borrowed)
            .map_err(|error| why_no_text(bytes, error.valid_up_to())),
    }
}

/// Returns the charset in the headers, unless it is UTF-8 or unknown.
fn declared(headers: &Headers<'_>) -> Option<&'static Encoding> {
    let charset = MediaType::new(headers.get("content-type")?).charset()?;
    Encoding::for_label(charset.as_bytes()).filter(|charset| *charset != UTF_8)
}

/// Returns the probable reason why bytes are not UTF-8.
///
/// Text of one byte for each character has no control characters, and its first accent is already
/// broken UTF-8.
fn why_no_text(bytes: &[u8], n_valid: usize) -> Unreadable {
    let is_control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
    // UTF-16 is text, too, but only by its name.
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Unreadable::BadEncoding;
    }
    // The first bytes tell; a page may be long.
    const MAX_BYTES: usize = 4096;
    if bytes.iter().take(MAX_BYTES).any(|&byte| is_control(byte)) {
        return Unreadable::Binary;
    }
    match bytes.get(..n_valid) {
        Some(valid) if valid.is_ascii() => Unreadable::UndeclaredCharset,
        _ => Unreadable::BadEncoding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_charset_is_decoded_and_an_undeclared_one_is_guessed() {
        let rows: [(&str, &[u8], Result<&str, Unreadable>); 12] = [
            ("application/json", "é".as_bytes(), Ok("é")),
            ("application/json; charset=UTF-8", "é".as_bytes(), Ok("é")),
            ("application/json; charset=windows-1252", b"\xe9 \x80", Ok("é €")),
            ("application/json;Charset=\"ISO-8859-1\"", b"\xe9", Ok("é")),
            ("text/html; charset=latin1", b"\xe3", Ok("ã")),
            ("application/json; charset=utf-16le", b"[\0]\0", Ok("[]")),
            ("application/json; charset=utf-16", b"\xff\xfe[\0]\0", Ok("[]")),
            ("application/json; charset=utf-16le", b"[\0]", Err(Unreadable::BadEncoding)),
            ("application/json", b"S\xe3o", Err(Unreadable::UndeclaredCharset)),
            ("application/json; charset=x-unknown", b"S\xe3o", Err(Unreadable::UndeclaredCharset)),
            ("application/json", b"\xc3\xa9 \xc3\x28", Err(Unreadable::BadEncoding)),
            ("application/json", b"\x89PNG\r\n\x1a\n\0", Err(Unreadable::Binary)),
        ];
        for (media, bytes, expect) in rows {
            let headers: Headers<'_> = [("Content-Type", media)].into_iter().collect();
            let text = text_of(bytes, &headers);
            assert_eq!(text.as_deref().map_err(|why| *why), expect, "{media}: {bytes:?}");
        }
    }
}
