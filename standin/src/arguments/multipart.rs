//! Splits the bytes of a multipart form into its parts.

use bytes::Bytes;

use super::{Content, Part};

/// The limit of parts; a form with more is refused.
const MAX_PARTS: usize = 1000;

/// Returns the parts in order; `None` if the form breaks off or is malformed.
pub(super) fn parts(bytes: &Bytes, boundary: &str) -> Option<Vec<Part>> {
    let first = format!("--{boundary}");
    let between = format!("\r\n--{boundary}");
    let mut at = find(bytes, 0, first.as_bytes())? + first.len();
    let mut parts = Vec::new();
    loop {
        let rest = bytes.get(at..)?;
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        let start = at + rest.starts_with(b"\r\n").then_some(2)?;
        let head_end = find(bytes, start, b"\r\n\r\n")?;
        let end = find(bytes, head_end + 2, between.as_bytes())?;
        let head = String::from_utf8_lossy(bytes.get(start..head_end)?).into_owned();
        // A part without content ends where its head does.
        let content = bytes.slice((head_end + 4).min(end)..end);
        parts.push(part(&head, content)?);
        if parts.len() > MAX_PARTS {
            return None;
        }
        at = end + between.len();
    }
}

fn part(head: &str, content: Bytes) -> Option<Part> {
    let header = |wanted: &str| {
        head.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim())
        })
    };
    let disposition = header("content-disposition")?;
    let name = attribute(disposition, "name")?;
    let content = match attribute(disposition, "filename") {
        Some(file) => {
            let media_type =
                header("content-type").unwrap_or("application/octet-stream").to_owned();
            Content::File { name: file, media_type, bytes: content }
        }
        None => Content::Text(String::from_utf8_lossy(&content).into_owned()),
    };
    Some(Part { name, content })
}

/// Returns the value of `name="value"` among the attributes of a header.
fn attribute(header: &str, wanted: &str) -> Option<String> {
    header.split("; ").find_map(|attribute| {
        let (name, value) = attribute.split_once('=')?;
        (name.trim() == wanted).then(|| value.trim_matches('"').replace("%22", "\""))
    })
}

fn find(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let first = *wanted.first()?;
    let mut at = 0;
    loop {
        // Most bytes of a file are not the first of a boundary.
        at += rest.get(at..)?.iter().position(|&byte| byte == first)?;
        if rest.get(at..)?.starts_with(wanted) {
            return Some(from + at);
        }
        at += 1;
    }
}
