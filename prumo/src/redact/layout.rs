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

/// Returns JSON text with one member on each line; every token stays as it is spelled.
pub(crate) fn pretty(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0usize;
    let mut signs = json.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => string(&mut signs, &mut out),
            '{' | '[' => {
                out.push(sign);
                skip_blanks(&mut signs);
                if signs.peek().is_some_and(|next| matches!(next, '}' | ']')) {
                    out.extend(signs.next());
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(sign);
            }
            ',' => {
                out.push(',');
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            blank if blank.is_ascii_whitespace() => (),
            other => out.push(other),
        }
    }
    out
}

fn skip_blanks(signs: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while signs.next_if(char::is_ascii_whitespace).is_some() {}
}

/// Copies the rest of a string.
fn string(signs: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) {
    out.push('"');
    while let Some(sign) = signs.next() {
        out.push(sign);
        match sign {
            '\\' => out.extend(signs.next()),
            '"' => return,
            _ => (),
        }
    }
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    (0..depth).for_each(|_| out.push_str("  "));
}

#[cfg(test)]
mod tests {
    use super::{Layout, of, pretty};

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

    #[test]
    fn one_member_stands_on_each_line_and_every_token_stays() {
        let json = r#"{"a":[1.0,1e400, {"b" : "x, {\"y\": 1}"}],"c":{},"d":[ ]}"#;
        let expect = r#"{
  "a": [
    1.0,
    1e400,
    {
      "b": "x, {\"y\": 1}"
    }
  ],
  "c": {},
  "d": []
}"#;
        assert_eq!(pretty(json), expect);
        assert_eq!(pretty(expect), expect);
    }
}
