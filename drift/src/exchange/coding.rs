//! Decodes a body that was encoded for the transfer: chunks, gzip, deflate, and combinations of
//! them.
//!
//! Invariants:
//!
//! * Bytes that no client could decode are [`Undecoded::Unreadable`], a finding; a coding or size
//!   that only this reader does not support is a fault, so it is never ignored.
//! * The result is never larger than the caller allows, however small the input.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::Headers;
use crate::contract::Unreadable;

/// The reason why bytes were not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undecoded {
    /// They are broken, so a client can't decode them either.
    Unreadable(Unreadable),
    /// They are in an unsupported coding.
    Unknown(&'static str),
    /// They expand beyond the limit.
    TooLarge,
}

/// Undoes one coding, within a limit of bytes.
type Undo = fn(&[u8], usize) -> Result<Vec<u8>, Undecoded>;

/// The supported codings; `identity` does nothing.
const KNOWN: &[(&str, Undo)] =
    &[("gzip", gunzipped), ("x-gzip", gunzipped), ("deflate", inflated), ("chunked", unchunked)];

/// Registered codings that are not supported; others are not named in errors, since a vendor chose
/// the word.
const REGISTERED: &[&str] =
    &["br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip"];

/// The most codings that are undone; each is one more pass over the bytes, and servers use two.
const MAX_CODINGS: usize = 8;

/// The headers that name codings, in the order of decoding.
const HEADERS: &[&str] = &["transfer-encoding", "content-encoding"];

/// Returns the bytes without the codings in `headers`, at most `max_bytes` of them.
pub(super) fn decoded(
    mut bytes: Vec<u8>,
    headers: &Headers<'_>,
    max_bytes: usize,
) -> Result<Vec<u8>, Undecoded> {
    if codings(headers).nth(MAX_CODINGS).is_some() {
        return Err(Undecoded::Unknown("more than eight nested ones"));
    }
    for coding in codings(headers) {
        let undo =
            KNOWN.iter().find(|(name, _)| coding.eq_ignore_ascii_case(name)).map(|(_, undo)| undo);
        let Some(undo) = undo else {
            let known = REGISTERED.iter().find(|name| coding.eq_ignore_ascii_case(name));
            return Err(Undecoded::Unknown(known.copied().unwrap_or("an unregistered one")));
        };
        bytes = undo(&bytes, max_bytes)?;
    }
    Ok(bytes)
}

/// Returns whether the headers name chunks, which a text dump may still contain.
pub(super) fn is_chunked(headers: &Headers<'_>) -> bool {
    codings(headers).any(|coding| coding.eq_ignore_ascii_case("chunked"))
}

/// Removes the codings from the headers of a decoded body.
pub(super) fn forget(headers: &mut Headers<'_>) {
    headers
        .entries
        .retain(|(name, _)| !HEADERS.iter().any(|known| name.eq_ignore_ascii_case(known)));
}

/// Returns the codings in the headers, the last one first.
fn codings<'h>(headers: &'h Headers<'_>) -> impl Iterator<Item = &'h str> {
    let named = HEADERS.iter().flat_map(|name| headers.get(name).unwrap_or_default().rsplit(','));
    named
        .map(str::trim)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
}

fn gunzipped(bytes: &[u8], max_bytes: usize) -> Result<Vec<u8>, Undecoded> {
    expanded(MultiGzDecoder::new(bytes), max_bytes)
}

/// Inflates `deflate`, which is zlib by the standard, and bare from servers that read it otherwise.
fn inflated(bytes: &[u8], max_bytes: usize) -> Result<Vec<u8>, Undecoded> {
    match expanded(ZlibDecoder::new(bytes), max_bytes) {
        Err(Undecoded::Unreadable(_)) => expanded(DeflateDecoder::new(bytes), max_bytes),
        inflated => inflated,
    }
}

fn expanded(reader: impl Read, max_bytes: usize) -> Result<Vec<u8>, Undecoded> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(max_bytes).unwrap_or(u64::MAX).saturating_add(1);
    let read = reader.take(limit).read_to_end(&mut bytes);
    match read {
        Err(_) => Err(Undecoded::Unreadable(Unreadable::BadCoding)),
        Ok(_) if bytes.len() > max_bytes => Err(Undecoded::TooLarge),
        Ok(_) => Ok(bytes),
    }
}

/// Returns the content of chunks. Bytes that do not start with a chunk's size were unchunked by the
/// recorder: most programs do that and keep the header.
fn unchunked(bytes: &[u8], _: usize) -> Result<Vec<u8>, Undecoded> {
    const BROKEN: Undecoded = Undecoded::Unreadable(Unreadable::BadCoding);
    let Some(mut next) = chunk_size(bytes) else {
        return Ok(bytes.to_vec());
    };
    let mut content = Vec::with_capacity(bytes.len());
    loop {
        let (size, rest) = next;
        if size == 0 {
            // Only trailers may follow, which are headers.
            return Ok(content);
        }
        let (chunk, rest) = rest.split_at_checked(size).ok_or(BROKEN)?;
        content.extend_from_slice(chunk);
        let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).ok_or(BROKEN)?;
        next = chunk_size(rest).ok_or(BROKEN)?;
    }
}

/// Returns the size of the first chunk, and the bytes after its first line.
fn chunk_size(bytes: &[u8]) -> Option<(usize, &[u8])> {
    /// Sixteen digits are 64 bits; the rest is for an extension.
    const MAX_LINE_BYTES: usize = 1024;
    let end = bytes.iter().take(MAX_LINE_BYTES).position(|&byte| byte == b'\n')?;
    let (line, rest) = bytes.split_at_checked(end)?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let digits = std::str::from_utf8(line.split(|&byte| byte == b';').next()?).ok()?.trim_ascii();
    if digits.starts_with('+') {
        return None;
    }
    let size = usize::from_str_radix(digits, 16).ok()?;
    Some((size, rest.get(1..)?))
}
