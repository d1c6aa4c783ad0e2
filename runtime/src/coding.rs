//! Turns the bytes of a response body into UTF-8: undoes its content coding and its charset.
//!
//! The client asks for no content coding, but a server may use one all the same. Charsets other than
//! UTF-8 are common in Brazil, above all in the refusals of older systems.
//!
//! Invariants:
//!
//! * No more than the limit is decompressed.
//! * Bytes that are valid UTF-8 stay as they are, whatever single-byte charset is declared: many
//!   servers declare one by default.

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

/// The letters of windows-1252 from 0x80 to 0x9F. It has the rest in common with ISO 8859-1, which
/// everyone reads as windows-1252.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The letters in which ISO 8859-15 differs from ISO 8859-1.
const LATIN_9: [(u8, char); 8] = [
    (0xa4, '€'),
    (0xa6, 'Š'),
    (0xa8, 'š'),
    (0xb4, 'Ž'),
    (0xb8, 'ž'),
    (0xbc, 'Œ'),
    (0xbd, 'œ'),
    (0xbe, 'Ÿ'),
];

/// A body that was decoded as far as possible.
pub(crate) struct Decoded {
    pub(crate) bytes: Bytes,
    /// The reason why it was not decoded to its end.
    pub(crate) fault: Option<String>,
}

/// Decodes a body by the headers of its response, up to `limit` bytes.
pub(crate) fn decode(headers: &HeaderMap, bytes: Bytes, limit: usize) -> Decoded {
    let Decoded { bytes, fault } = uncompressed(headers, bytes, limit);
    let text = charset(headers).and_then(|charset| text(&charset, &bytes));
    Decoded { bytes: text.map_or(bytes, Bytes::from), fault }
}

/// A browser decompresses by itself and keeps the header.
#[cfg(target_arch = "wasm32")]
fn uncompressed(_: &HeaderMap, bytes: Bytes, _: usize) -> Decoded {
    Decoded { bytes, fault: None }
}

#[cfg(not(target_arch = "wasm32"))]
fn uncompressed(headers: &HeaderMap, mut bytes: Bytes, limit: usize) -> Decoded {
    use reqwest::header::CONTENT_ENCODING;

    let values = headers.get_all(CONTENT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let codings: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    // The last one was applied last.
    for coding in codings.into_iter().rev() {
        let is = |name: &&str| coding.eq_ignore_ascii_case(name);
        let decoded = match () {
            () if bytes.is_empty() || ["", "identity"].iter().any(is) => continue,
            () if ["gzip", "x-gzip"].iter().any(is) => gunzip(&bytes, limit),
            () if is(&"deflate") => inflate(&bytes, limit),
            () => {
                let known = ["br", "zstd", "compress", "x-compress", "dcb", "dcz"];
                let name = known.into_iter().find(is).unwrap_or("an unknown one");
                let fault = format!("its content coding, `{name}`, was not asked for");
                return Decoded { bytes, fault: Some(fault) };
            }
        };
        match decoded {
            Ok(decoded) => bytes = decoded,
            Err((decoded, fault)) => return Decoded { bytes: decoded, fault: Some(fault) },
        }
    }
    Decoded { bytes, fault: None }
}

#[cfg(not(target_arch = "wasm32"))]
type Uncompressed = Result<Bytes, (Bytes, String)>;

#[cfg(not(target_arch = "wasm32"))]
fn gunzip(bytes: &Bytes, limit: usize) -> Uncompressed {
    if !bytes.starts_with(b"\x1f\x8b") {
        // The label is wrong, and the body may be readable without it.
        return Ok(bytes.clone());
    }
    read("gzip", flate2::read::MultiGzDecoder::new(&**bytes), limit)
}

/// Some servers send bare deflate data where the coding means the zlib format.
#[cfg(not(target_arch = "wasm32"))]
fn inflate(bytes: &Bytes, limit: usize) -> Uncompressed {
    if std::str::from_utf8(bytes).is_ok() {
        // The label is wrong.
        return Ok(bytes.clone());
    }
    let zlib = read("deflate", flate2::read::ZlibDecoder::new(&**bytes), limit);
    match zlib {
        Err((decoded, _)) if decoded.is_empty() => {
            read("deflate", flate2::read::DeflateDecoder::new(&**bytes), limit)
        }
        zlib => zlib,
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn read(coding: &str, decoder: impl std::io::Read, limit: usize) -> Uncompressed {
    use std::io::Read as _;

    let mut decoded = Vec::new();
    let outcome = decoder.take(limit as u64 + 1).read_to_end(&mut decoded);
    let is_over = decoded.len() > limit;
    decoded.truncate(limit);
    match outcome {
        _ if is_over => Err((decoded.into(), format!("it is over the limit of {limit} bytes"))),
        Ok(_) => Ok(decoded.into()),
        Err(_) => Err((decoded.into(), format!("its content coding `{coding}` is broken"))),
    }
}

/// Returns the declared charset, in lower case.
fn charset(headers: &HeaderMap) -> Option<String> {
    let media = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let mut parameters = media.split(';').skip(1).filter_map(|one| one.split_once('='));
    let (_, charset) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Some(charset.trim().trim_matches(['"', '\'']).to_ascii_lowercase())
}

/// Decodes bytes of a charset. Returns `None` if they are UTF-8, or if the charset is not known.
fn text(charset: &str, bytes: &[u8]) -> Option<String> {
    let utf_16 = |of: fn([u8; 2]) -> u16, bytes: &[u8]| {
        let units = bytes.chunks_exact(2).map(|unit| of([unit[0], unit[1]]));
        char::decode_utf16(units)
            .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    match charset {
        "utf-16" | "utf-16be" | "utf-16le" => {
            return Some(match (bytes, charset) {
                ([0xff, 0xfe, rest @ ..], _) | (rest, "utf-16le") => {
                    utf_16(u16::from_le_bytes, rest)
                }
                ([0xfe, 0xff, rest @ ..], _) | (rest, _) => utf_16(u16::from_be_bytes, rest),
            });
        }
        _ if std::str::from_utf8(bytes).is_ok() => return None,
        _ => {}
    }
    let squeezed: String = charset.chars().filter(char::is_ascii_alphanumeric).collect();
    match squeezed.as_str() {
        "windows1252" | "cp1252" | "xcp1252" | "ansi" | "iso88591" | "latin1" | "l1"
        | "usascii" | "ascii" | "cp819" | "ibm819" | "iso885911987" => Some(windows_1252(bytes)),
        "iso885915" | "latin9" | "l9" => Some(bytes.iter().map(|byte| latin_9(*byte)).collect()),
        _ => None,
    }
}

/// Decodes windows-1252, in which every byte is a letter.
pub(crate) fn windows_1252(bytes: &[u8]) -> String {
    let letter = |byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(*byte),
    };
    bytes.iter().map(letter).collect()
}

fn latin_9(byte: u8) -> char {
    let other = LATIN_9.iter().find(|(other, _)| *other == byte);
    other.map_or(char::from(byte), |(_, letter)| *letter)
}

/// Describes bytes that are not UTF-8 by their likely charset.
pub(crate) fn likely_charset(headers: &HeaderMap) -> &'static str {
    match charset(headers).as_deref() {
        None => "bytes (perhaps in windows-1252, since no charset is declared)",
        Some("utf-8" | "utf8") => "bytes (perhaps in windows-1252, although utf-8 is declared)",
        Some(_) => "bytes (in the declared charset, which is not supported)",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use bytes::Bytes;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::decode;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        let value = HeaderValue::from_str(value).unwrap();
        [(HeaderName::from_static(name), value)].into_iter().collect()
    }

    const TEXT: &[u8] = br#"{"x":"valor legivel"}"#;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    fn bare(bytes: &[u8]) -> Vec<u8> {
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    #[test]
    fn a_content_coding_that_was_not_asked_for_is_undone() {
        let cases = [
            ("gzip", gzip(TEXT)),
            ("X-GZip", gzip(TEXT)),
            ("deflate", zlib(TEXT)),
            ("deflate", bare(TEXT)),
            ("gzip, deflate", zlib(&gzip(TEXT))),
            ("identity", TEXT.to_vec()),
            ("gzip", TEXT.to_vec()),
            ("deflate", TEXT.to_vec()),
            ("gzip", [gzip(&TEXT[..5]), gzip(&TEXT[5..])].concat()),
        ];
        for (coding, bytes) in cases {
            let decoded = decode(&headers("content-encoding", coding), Bytes::from(bytes), 1000);
            assert_eq!((&*decoded.bytes, decoded.fault), (TEXT, None), "{coding}");
        }
    }

    #[test]
    fn a_content_coding_that_is_not_undone_is_named() {
        let whole = gzip(&[b'x'; 5000]);
        let over = "it is over the limit of 1000 bytes";
        let cases = [
            ("br", b"\x0b\x02".to_vec(), "`br`"),
            ("secret-42", b"x".to_vec(), "`an unknown one`"),
            ("gzip", whole, over),
            ("gzip", gzip(&gzip(TEXT)[..20])[..20].to_vec(), "`gzip` is broken"),
        ];
        for (coding, bytes, expect) in cases {
            let decoded = decode(&headers("content-encoding", coding), Bytes::from(bytes), 1000);
            assert!(decoded.fault.is_some_and(|fault| fault.contains(expect)), "{coding}");
            assert!(decoded.bytes.len() <= 1000);
        }
    }

    #[test]
    fn a_declared_charset_is_decoded() {
        let utf_16: Vec<u8> = "São €".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let cases: [(&str, &[u8], &str); 9] = [
            ("windows-1252", b"S\xe3o Jos\xe9 \x96 n\xe3o \x80", "São José – não €"),
            ("\"Windows-1252\"", b"\x80", "€"),
            ("iso-8859-1", b"n\xe3o", "não"),
            ("ISO_8859-1", b"n\xe3o", "não"),
            ("latin1", b"n\xe3o", "não"),
            ("iso-8859-15", b"n\xe3o \xa4", "não €"),
            ("iso-8859-1", "não".as_bytes(), "não"),
            ("utf-8", "não".as_bytes(), "não"),
            ("utf-16", &utf_16, "São €"),
        ];
        for (charset, bytes, expect) in cases {
            let headers = headers("content-type", &format!("text/html; a=b; Charset={charset}"));
            let decoded = decode(&headers, Bytes::copy_from_slice(bytes), 1000);
            assert_eq!(decoded.bytes, expect.as_bytes(), "{charset}");
        }
        let shift_jis = headers("content-type", "text/html; charset=shift_jis");
        assert_eq!(decode(&shift_jis, Bytes::from_static(b"\x82\xa0"), 9).bytes, &b"\x82\xa0"[..]);
    }
}
