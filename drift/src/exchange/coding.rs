//! Undoes what was done to a body for the way: chunks, gzip, deflate, one upon the other.
//!
//! Invariants:
//!
//! * What no client could undo is [`Undecoded::Unreadable`], a finding; what only
//!   this reader does not know or does not hold is a fault, so it never passes in silence.
//! * No more bytes are made than the caller allows, however few came in.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::Headers;
use crate::contract::Unreadable;

/// Why bytes were not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undecoded {
    /// They are broken, so a client can't read them either.
    Unreadable(Unreadable),
    /// They are in a coding that is not read here.
    Unknown(&'static str),
    /// They expand to more than is held here.
    TooLarge,
}

/// Undoes one coding, within so many bytes.
type Undo = fn(&[u8], usize) -> Result<Vec<u8>, Undecoded>;

/// The codings that are undone; `identity` does nothing.
const KNOWN: &[(&str, Undo)] =
    &[("gzip", gunzipped), ("x-gzip", gunzipped), ("deflate", inflated), ("chunked", unchunked)];

/// The registered codings that are not read here; others are not named, since a vendor chose the word.
const REGISTERED: &[&str] = &["br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip"];

/// How many codings are undone; each is one more pass over the bytes, and servers use two.
const MAX_CODINGS: usize = 8;

/// The headers that name codings, in the order in which these are undone.
const HEADERS: &[&str] = &["transfer-encoding", "content-encoding"];

/// Returns the bytes without the codings that `headers` name; at most `max_bytes` of them.
pub(super) fn decoded(
    mut bytes: Vec<u8>,
    headers: &Headers<'_>,
    max_bytes: usize,
) -> Result<Vec<u8>, Undecoded> {
    if codings(headers).nth(MAX_CODINGS).is_some() {
        return Err(Undecoded::Unknown("more than eight, one upon the other"));
    }
    for coding in codings(headers) {
        let undo = KNOWN.iter().find(|(name, _)| coding.eq_ignore_ascii_case(name)).map(|(_, undo)| undo);
        let Some(undo) = undo else {
            let known = REGISTERED.iter().find(|name| coding.eq_ignore_ascii_case(name));
            return Err(Undecoded::Unknown(known.copied().unwrap_or("of another name")));
        };
        bytes = undo(&bytes, max_bytes)?;
    }
    Ok(bytes)
}

/// Returns whether the headers name chunks, whose frame a dump of text may still have.
pub(super) fn is_chunked(headers: &Headers<'_>) -> bool {
    codings(headers).any(|coding| coding.eq_ignore_ascii_case("chunked"))
}

/// Takes the codings out of headers whose body is no longer in them.
pub(super) fn forget(headers: &mut Headers<'_>) {
    headers.entries.retain(|(name, _)| !HEADERS.iter().any(|known| name.eq_ignore_ascii_case(known)));
}

/// Returns the codings that the headers name, the last one first.
fn codings<'h>(headers: &'h Headers<'_>) -> impl Iterator<Item = &'h str> {
    let named = HEADERS.iter().flat_map(|name| headers.get(name).unwrap_or_default().rsplit(','));
    named.map(str::trim).filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
}

fn gunzipped(bytes: &[u8], max_bytes: usize) -> Result<Vec<u8>, Undecoded> {
    expanded(MultiGzDecoder::new(bytes), max_bytes)
}

/// `deflate` is zlib by the standard, and bare for servers that read another one.
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

/// Returns the content of chunks. Bytes that do not begin with a chunk's size were freed of
/// the frame when they were recorded, as most programs do and keep the header.
fn unchunked(bytes: &[u8], _: usize) -> Result<Vec<u8>, Undecoded> {
    const BROKEN: Undecoded = Undecoded::Unreadable(Unreadable::BadCoding);
    let Some(mut next) = chunk_size(bytes) else {
        return Ok(bytes.to_vec());
    };
    let mut content = Vec::with_capacity(bytes.len());
    loop {
        let (size, rest) = next;
        if size == 0 {
            // What may follow are trailers, which are headers.
            return Ok(content);
        }
        let (chunk, rest) = rest.split_at_checked(size).ok_or(BROKEN)?;
        content.extend_from_slice(chunk);
        let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).ok_or(BROKEN)?;
        next = chunk_size(rest).ok_or(BROKEN)?;
    }
}

/// Returns the size of the chunk that begins here, and what is behind its first line.
fn chunk_size(bytes: &[u8]) -> Option<(usize, &[u8])> {
    /// Sixteen digits are 64 bits; the rest is an extension's.
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
