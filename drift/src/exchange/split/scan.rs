//! Follows brackets and strings over bytes, whether or not they are JSON.

use std::io::BufRead;

/// How deep brackets are open after `line`. No string goes on over a line's
/// end in JSON, so each line starts outside of one.
pub(super) fn depth_after(line: &[u8], depth: usize) -> usize {
    let (mut depth, mut in_string, mut is_escaped) = (depth, false, false);
    for &byte in line {
        track(byte, &mut in_string, &mut is_escaped, &mut depth);
    }
    depth
}

/// Whether the line is one object and nothing else.
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

pub(in crate::exchange) fn track(byte: u8, in_string: &mut bool, is_escaped: &mut bool, depth: &mut usize) {
    match byte {
        _ if *is_escaped => *is_escaped = false,
        b'\\' if *in_string => *is_escaped = true,
        b'"' => *in_string = !*in_string,
        b'{' | b'[' if !*in_string => *depth += 1,
        b'}' | b']' if !*in_string => *depth = depth.saturating_sub(1),
        _ => {}
    }
}

pub(super) fn skip_to_line_end(reader: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        match buffer.iter().position(|&byte| byte == b'\n') {
            Some(index) => {
                reader.consume(index + 1);
                return Ok(());
            }
            None => {
                let n_bytes = buffer.len();
                reader.consume(n_bytes);
            }
        }
    }
}
