//! Counts brackets and strings in bytes, whether or not these are JSON.

use std::io::{BufRead, ErrorKind};

use memchr::memchr;

/// Returns the number of open brackets after `line`. A JSON string can't contain a line break, so
/// each line starts outside of a string.
pub(super) fn depth_after(line: &[u8], depth: usize) -> usize {
    let (mut depth, mut in_string, mut is_escaped) = (depth, false, false);
    for &byte in line {
        track(byte, &mut in_string, &mut is_escaped, &mut depth);
    }
    depth
}

/// Returns whether the line is exactly one object.
pub(super) fn is_whole_object(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let (mut depth, mut in_string, mut is_escaped) = (0, false, false);
    for (index, &byte) in line.iter().enumerate() {
        track(byte, &mut in_string, &mut is_escaped, &mut depth);
        if depth == 0 {
            return index > 0 && index + 1 == line.len();
        }
    }
    false
}

pub(in crate::exchange) fn track(
    byte: u8,
    in_string: &mut bool,
    is_escaped: &mut bool,
    depth: &mut usize,
) {
    match byte {
        _ if *is_escaped => *is_escaped = false,
        b'\\' if *in_string => *is_escaped = true,
        b'"' => *in_string = !*in_string,
        b'{' | b'[' if !*in_string => *depth += 1,
        b'}' | b']' if !*in_string => *depth = depth.saturating_sub(1),
        _ => {}
    }
}

/// Returns the next line with its end, or its first `limit` bytes; an empty one at the end of the
/// stream.
///
/// `read_until` does the same but searches more slowly, which takes a twentieth of the time for a
/// line.
pub(super) fn next_line(reader: &mut impl BufRead, limit: usize) -> std::io::Result<Vec<u8>> {
    let mut line = Vec::new();
    loop {
        let buffer = filled(reader)?;
        let buffer = buffer.get(..limit - line.len()).unwrap_or(buffer);
        let end = memchr(b'\n', buffer).map(|index| index + 1);
        let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or(buffer);
        line.extend_from_slice(part);
        let n_bytes = part.len();
        reader.consume(n_bytes);
        if n_bytes == 0 || end.is_some() || line.len() >= limit {
            return Ok(line);
        }
    }
}

pub(super) fn skip_to_line_end(reader: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = filled(reader)?;
        let end = memchr(b'\n', buffer).map(|index| index + 1);
        let n_bytes = end.unwrap_or(buffer.len());
        reader.consume(n_bytes);
        if n_bytes == 0 || end.is_some() {
            return Ok(());
        }
    }
}

/// Returns the buffered bytes: at least one, except at the end of the stream.
fn filled(reader: &mut impl BufRead) -> std::io::Result<&[u8]> {
    while let Err(error) = reader.fill_buf() {
        if error.kind() != ErrorKind::Interrupted {
            return Err(error);
        }
    }
    reader.fill_buf()
}
