//! Splits a form of either encoding into its parts.

use std::borrow::Cow;

use super::{FormPart, Headers};
use crate::contract::Unreadable;
use prumo_spec::percent_decoded;

/// The longest boundary; the standard allows 70 characters.
const MAX_BOUNDARY_BYTES: usize = 200;

/// The longest head of one part; a longer one does not count as a head.
const MAX_HEAD_BYTES: usize = 16 * 1024;

/// Splits `nome=Ana&id=7` into parts.
pub(super) fn of_pairs(text: &str) -> Vec<FormPart<'static>> {
    let pair =
        |(name, value): (String, String)| FormPart::Text { name: name.into(), value: value.into() };
    pairs(text).map(pair).collect()
}

/// Splits `nome=Ana&id=7` into names and values.
pub(super) fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    text.trim_ascii_end().split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (plain(name), plain(value))
    })
}

fn plain(text: &str) -> String {
    percent_decoded(&text.replace('+', " ")).into_owned()
}

/// Returns the parts of a multipart body, or `None` if the headers do not declare one.
pub(super) fn of_multipart(
    headers: &Headers<'_>,
    bytes: &[u8],
) -> Option<Result<Vec<FormPart<'static>>, Unreadable>> {
    if headers.media_type().as_deref() != Some("multipart/form-data") {
        return None;
    }
    let boundary = parameter(headers.get("content-type")?, "boundary");
    let boundary = boundary.filter(|boundary| boundary.len() <= MAX_BOUNDARY_BYTES);
    Some(boundary.and_then(|boundary| parts(bytes, &boundary)).ok_or(Unreadable::BadCoding))
}

fn parts(bytes: &[u8], boundary: &str) -> Option<Vec<FormPart<'static>>> {
    let mark = format!("--{boundary}").into_bytes();
    let mut parts = Vec::new();
    let mut rest = bytes.get(find(bytes, &mark)? + mark.len()..)?;
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        rest = behind_line_end(rest)?;
        let end = find(rest, &mark)?;
        let (part, behind) = rest.split_at_checked(end)?;
        parts.push(read_part(without_line_end(part))?);
        rest = behind.get(mark.len()..)?;
    }
}

fn read_part(part: &[u8]) -> Option<FormPart<'static>> {
    let (mut name, mut file, mut content_type) = (None, None, None);
    let mut rest = part;
    loop {
        let end = rest.iter().take(MAX_HEAD_BYTES).position(|&byte| byte == b'\n')?;
        let (line, behind) = rest.split_at_checked(end + 1)?;
        rest = behind;
        let line = String::from_utf8_lossy(line);
        let line = line.trim_ascii();
        if line.is_empty() {
            break;
        }
        let (header, value) = line.split_once(':')?;
        if header.eq_ignore_ascii_case("content-disposition") {
            name = parameter(value, "name");
            file = parameter(value, "filename");
        } else if header.eq_ignore_ascii_case("content-type") {
            content_type = Some(value.trim().to_owned());
        }
    }
    let name = Cow::Owned(name?);
    Some(match file {
        Some(file) => FormPart::File {
            name,
            file: file.into(),
            content_type: content_type.map(Cow::Owned),
            bytes: Some(rest.len() as u64),
        },
        None => FormPart::Text { name, value: String::from_utf8_lossy(rest).into_owned().into() },
    })
}

/// Returns the value of `; name=value` or `; name="value"` in a header.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut rest = header;
    loop {
        rest = rest.split_once(';')?.1.trim_ascii_start();
        let (candidate, value) = rest.split_once('=')?;
        let is_it = candidate.trim_ascii_end().eq_ignore_ascii_case(name);
        let Some(quoted) = value.strip_prefix('"') else {
            if is_it {
                return Some(value.split(';').next().unwrap_or_default().trim().to_owned());
            }
            rest = value;
            continue;
        };
        let (text, behind) = unquoted(quoted)?;
        if is_it {
            return Some(text);
        }
        rest = behind;
    }
}

/// Returns the text up to the closing quote, and the text after it.
fn unquoted(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return Some((text, quoted.get(index + 1..)?)),
            '\\' => text.push(characters.next()?.1),
            _ => text.push(character),
        }
    }
    None
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn behind_line_end(bytes: &[u8]) -> Option<&[u8]> {
    bytes.strip_prefix(b"\r\n").or_else(|| bytes.strip_prefix(b"\n"))
}

fn without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}
