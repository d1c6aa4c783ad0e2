//! Splits a stream of JSON values into the texts of its items.
//!
//! Invariants:
//!
//! * Items are slices of the input, except for an event whose data has several lines.
//! * An event that is not closed by an empty line does not count, as the standard says, unless it is
//!   whole JSON: recorders trim texts.

use std::borrow::Cow;

use prumo_spec::media::Stream;

use super::answer::is_whole_json;

/// The data of an event that only marks the end of many streams.
const END: &str = "[DONE]";

/// Returns the items of a stream, without empty ones.
pub(super) fn items(stream: Stream, text: &str) -> Vec<Cow<'_, str>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = match stream {
        Stream::Lines => '\n',
        Stream::Records => '\u{1e}',
        Stream::Events => return events(text),
    };
    let items = text.split(separator).map(str::trim).filter(|item| !item.is_empty());
    items.map(Cow::from).collect()
}

/// Returns the data of server-sent events.
fn events(text: &str) -> Vec<Cow<'_, str>> {
    let mut all = Vec::new();
    let mut open: Option<Cow<'_, str>> = None;
    for line in lines(text) {
        if line.is_empty() {
            all.extend(open.take());
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        if field != "data" {
            continue;
        }
        let value = value.strip_prefix(' ').unwrap_or(value);
        open = Some(match open {
            None => value.into(),
            Some(data) => format!("{data}\n{value}").into(),
        });
    }
    all.extend(open.filter(|data| is_whole_json(data)));
    all.retain(|data| !data.trim().is_empty() && data.trim() != END);
    all
}

/// Returns the lines of a text, which end with CR, LF or both.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\r', '\n']) else {
            rest = None;
            return Some(text);
        };
        let (line, behind) = text.split_at_checked(end)?;
        let behind = behind.strip_prefix("\r\n").or_else(|| behind.get(1..));
        rest = behind.filter(|behind| !behind.is_empty());
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_its_items() {
        let rows: [(Stream, &str, &[&str]); 9] = [
            (Stream::Lines, "", &[]),
            (Stream::Lines, "\u{feff}{\"a\":1}\r\n\n[2]", &["{\"a\":1}", "[2]"]),
            (Stream::Records, "\u{1e}{}\n\u{1e}1\n", &["{}", "1"]),
            (Stream::Events, ": hello\n\nevent: a\nid: 1\ndata: {}\n\n", &["{}"]),
            (Stream::Events, "data:1\r\rdata: [\r\ndata: 2]\r\n\r\n", &["1", "[\n2]"]),
            (Stream::Events, "data: {}\n\ndata: [DONE]\n\n", &["{}"]),
            (Stream::Events, "data: {}\n\ndata: {\"a\":", &["{}"]),
            (Stream::Events, "data: {}\n\ndata: {\"a\":\n", &["{}"]),
            (Stream::Events, "data: {}\n\ndata: 7\n", &["{}", "7"]),
        ];
        for (stream, text, expect) in rows {
            assert_eq!(items(stream, text), expect, "{text:?}");
        }
    }
}
