//! Turns the first bytes of a file into the names of its top-level members, whether or not the rest
//! is complete.

use std::borrow::Cow;

/// The first bytes of a file, and what they show.
#[derive(Debug)]
pub(super) struct Outline<'a> {
    pub(super) bytes: &'a [u8],
    text: Cow<'a, str>,
    /// The names of the first JSON object, which may be the first item of a list.
    names: Vec<String>,
}

pub(super) fn outline(start: &[u8]) -> Outline<'_> {
    let bytes = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    Outline { bytes, text: String::from_utf8_lossy(bytes), names: member_names(bytes) }
}

impl Outline<'_> {
    pub(super) fn has_all(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.names.iter().any(|known| known == name))
    }

    pub(super) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.names.iter().any(|known| known == name))
    }

    pub(super) fn holds(&self, text: &str) -> bool {
        self.text.contains(text)
    }

    /// Returns whether it looks like YAML in which a line starts with this text.
    pub(super) fn is_keyed(&self, start: &str) -> bool {
        if matches!(self.bytes.trim_ascii_start().first(), None | Some(b'{' | b'[')) {
            return false;
        }
        // An item may start on the line after its dash.
        let text = self.text.replace("-\n", "- ");
        text.lines().any(|line| {
            let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
            line.starts_with(start)
        })
    }

    /// Returns whether it starts like `93:9:websocket`, the size of a text and that text.
    pub(super) fn is_netstring(&self) -> bool {
        let mut parts = self.text.splitn(3, ':');
        let is_size = |part: Option<&str>| {
            part.is_some_and(|part| {
                (1..=10).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        is_size(parts.next()) && is_size(parts.next()) && parts.next().is_some()
    }
}

fn member_names(bytes: &[u8]) -> Vec<String> {
    let text = bytes.trim_ascii_start();
    let depth_of_members = match text.first() {
        Some(b'{') => 1,
        Some(b'[') => 2,
        _ => return Vec::new(),
    };
    let mut names = Vec::new();
    let (mut depth, mut in_string, mut is_escaped, mut start) = (0, false, false, 0);
    let mut last = b' ';
    for (index, &byte) in text.iter().enumerate() {
        let was_in_string = in_string;
        crate::exchange::split::scan::track(byte, &mut in_string, &mut is_escaped, &mut depth);
        if in_string && !was_in_string {
            start = index + 1;
        } else if was_in_string && !in_string && depth == depth_of_members {
            if matches!(last, b'{' | b',') {
                let name = text.get(start..index).unwrap_or_default();
                names.push(String::from_utf8_lossy(name).into_owned());
            }
            last = b'"';
        } else if !in_string && !byte.is_ascii_whitespace() {
            last = byte;
            if depth < depth_of_members && !names.is_empty() {
                break;
            }
        }
    }
    names
}
