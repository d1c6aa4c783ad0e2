//! Recognizes how a file lays its exchanges out, so that the redacted file has the same layout.

use prumo_drift::exchange::har;

/// The layout of a file with exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One exchange, or one per line.
    Lines,
    /// A JSON list.
    List,
    /// A HAR document.
    Har,
}

/// Returns the layout of a file that starts with these bytes.
pub(crate) fn of(start: &[u8]) -> Layout {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let har = text.strip_prefix(b"{").map(|rest| rest.trim_ascii_start());
    match (text.first(), har) {
        (Some(b'['), _) => Layout::List,
        (_, Some(rest)) if rest.starts_with(b"\"log\"") => Layout::Har,
        _ => Layout::Lines,
    }
}

impl Layout {
    pub(crate) fn is_har(self) -> bool {
        self == Self::Har
    }

    /// Returns the text before the first exchange.
    pub(crate) fn head(self) -> &'static str {
        match self {
            Self::List => "[\n",
            Self::Har => har::HEAD,
            Self::Lines => "",
        }
    }

    /// Returns the text between two exchanges.
    pub(crate) fn separator(self) -> &'static str {
        match self {
            Self::List => ",\n",
            Self::Har => har::SEPARATOR,
            Self::Lines => "\n",
        }
    }

    /// Returns the text after the last exchange.
    pub(crate) fn tail(self) -> &'static str {
        match self {
            Self::List => "\n]\n",
            Self::Har => har::TAIL,
            Self::Lines => "\n",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, of};

    #[test]
    fn a_layout_is_known_by_its_start() {
        let rows: [(&[u8], Layout); 4] = [
            (b"{\"request\": {}}", Layout::Lines),
            (b"\xef\xbb\xbf {\n \"log\": {", Layout::Har),
            (b"  [ {", Layout::List),
            (b"", Layout::Lines),
        ];
        for (start, expect) in rows {
            assert_eq!(of(start), expect);
        }
    }
}
