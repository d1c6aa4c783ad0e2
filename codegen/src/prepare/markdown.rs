//! Escapes a vendor's text for Markdown without changing its meaning.
//!
//! Invariants:
//!
//! * No HTML, link, heading or code block of a vendor reaches rustdoc, so none can cause a warning
//!   or run as a doctest.

/// Returns `text` as a code span that no backtick inside can end.
pub(super) fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// Escapes a vendor's text for Markdown: code spans stay, every character with a meaning outside of
/// them is escaped, and no line is indented far enough to become code.
pub fn escaped(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.trim().lines() {
        let line = line.trim();
        // A fence would start a doctest.
        let line = if line.starts_with("```") || line.starts_with("~~~") { "" } else { line };
        lines.push(escaped_line(line));
    }
    // Several empty lines are one paragraph break.
    let mut out: Vec<String> = Vec::new();
    for line in lines {
        if !(line.is_empty() && out.last().is_none_or(String::is_empty)) {
            out.push(line);
        }
    }
    out.join("\n").trim_end().to_owned()
}

fn escaped_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    // `#` would start a heading; a row of `=` or `-` would turn the line above into one.
    if rest.starts_with(['#', '>', '=']) || rest.starts_with("---") || rest.starts_with('|') {
        out.push('\\');
    }
    while let Some(open) = rest.find('`') {
        let (before, tail) = rest.split_at(open);
        out.push_str(&escaped_text(before));
        match tail[1..].find('`') {
            Some(close) if close > 0 => {
                out.push_str(&tail[..close + 2]);
                rest = &tail[close + 2..];
            }
            _ => {
                out.push_str("\\`");
                rest = &tail[1..];
            }
        }
    }
    out.push_str(&escaped_text(rest));
    out
}

fn escaped_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    let flush = |word: &mut String, out: &mut String| {
        if word.starts_with("https://") || word.starts_with("http://") {
            // rustdoc warns of a bare URL; trailing punctuation is not part of the URL.
            let end = word.trim_end_matches(['.', ',', ';', ':', ')', '!', '?']).len();
            out.push_str(&format!("<{}>{}", &word[..end], &word[end..]));
        } else {
            out.push_str(word);
        }
        word.clear();
    };
    let mut signs = text.chars().peekable();
    let mut before = ' ';
    while let Some(sign) = signs.next() {
        let after = signs.peek().copied().unwrap_or(' ');
        let inside = before.is_alphanumeric() && after.is_alphanumeric();
        before = sign;
        match sign {
            // Markdown ignores an underscore inside a word.
            '_' if inside => word.push(sign),
            '<' | '>' | '[' | ']' | '*' | '_' | '\\' | '&' | '~' if !word.starts_with("http") => {
                flush(&mut word, &mut out);
                out.push('\\');
                out.push(sign);
            }
            '<' | '>' | '(' | '[' | ']' | '"' => {
                flush(&mut word, &mut out);
                if sign != '(' && sign != '"' {
                    out.push('\\');
                }
                out.push(sign);
            }
            sign if sign.is_whitespace() => {
                flush(&mut word, &mut out);
                out.push(' ');
            }
            sign => word.push(sign),
        }
    }
    flush(&mut word, &mut out);
    out
}

/// Returns a URL as a link, and a title as escaped text.
pub(super) fn linked(text: &str) -> String {
    let is_url = text.starts_with("https://") || text.starts_with("http://");
    if is_url && !text.contains(char::is_whitespace) && !text.contains(['<', '>']) {
        format!("<{text}>")
    } else {
        escaped(text).replace('\n', " ")
    }
}
