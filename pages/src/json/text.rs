//! Reads the strings, names and bare words of a JSON example.

use super::{MAX_DEPTH, Reader, Value};

impl Reader<'_> {
    /// Reads a name of an object; `None` if something else was skipped in its place.
    pub(super) fn key(&mut self) -> Option<String> {
        match self.peek()? {
            b'"' | b'\'' => Some(self.quoted()),
            byte if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' => self.bare_key(),
            b'{' | b'[' => {
                self.fault("a value without a name in JSON");
                self.value(MAX_DEPTH - 1);
                None
            }
            _ => {
                self.fault("a stray character in JSON");
                self.skip_char();
                None
            }
        }
    }

    fn bare_key(&mut self) -> Option<String> {
        let rest = &self.bytes[self.at..];
        let is_name = |b: &&u8| b.is_ascii_alphanumeric() || b"_-.$".contains(b);
        let length = rest.iter().take_while(is_name).count();
        let name = self.text[self.at..self.at + length].to_owned();
        let is_named = rest[length..].trim_ascii_start().starts_with(b":");
        self.fault(if is_named { "a name without quotes in JSON" } else { "a stray text in JSON" });
        self.advance(self.at + length);
        is_named.then_some(name)
    }

    fn skip_char(&mut self) {
        let length = self.text[self.at..].chars().next().map_or(1, char::len_utf8);
        self.advance(self.at + length);
    }

    /// Reads a text in quotes. A line's end ends it: then the closing quote is lost.
    pub(super) fn quoted(&mut self) -> String {
        let quote = self.bytes[self.at];
        let start = self.at + 1;
        let mut end = start;
        loop {
            let Some(n) = memchr::memchr3(quote, b'\\', b'\n', &self.bytes[end..]) else {
                self.fault("a text without its closing quote in JSON");
                return self.unescaped(start, self.bytes.len(), self.bytes.len());
            };
            end += n;
            match self.bytes[end] {
                b'\\' => end = self.boundary(end + 2),
                b'\n' => {
                    self.fault("a text without its closing quote in JSON");
                    return self.unescaped(start, end, end);
                }
                _ => return self.unescaped(start, end, end + 1),
            }
        }
    }

    /// Returns the first boundary of a character at or after an offset.
    fn boundary(&self, at: usize) -> usize {
        let length = self.bytes.len();
        (at.min(length)..length).find(|at| self.text.is_char_boundary(*at)).unwrap_or(length)
    }

    fn unescaped(&mut self, start: usize, end: usize, next: usize) -> String {
        let text = unescape(&self.text[start.min(end)..end]);
        self.advance(next);
        text
    }

    /// Reads a word without quotes: a number, a literal, or what was left of a text.
    pub(super) fn bare(&mut self) -> Value {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().take_while(|b| !b",}]\n".contains(b)).count();
        let whole = self.text[self.at..self.at + length].trim_ascii_end();
        let first = whole.split_ascii_whitespace().next().unwrap_or_default();
        // A comment may stand after the value: `10 // the limit`.
        let known = literal(whole).map(|value| (value, whole.len()));
        let known = known.or_else(|| Some((literal(first)?, first.len())));
        let (value, used) = known.unwrap_or_else(|| {
            (Value::Text(whole.trim_matches(['"', '\'']).to_owned()), whole.len())
        });
        if matches!(value, Value::Text(_)) {
            self.fault("a value without quotes in JSON");
        }
        self.advance(self.at + used.max(1));
        value
    }

    /// Skips what is left of a value's line if it is neither a separator nor the next name.
    pub(super) fn skip_rest_of_value(&mut self) {
        // A collection may be one line of many megabytes, whose end is far to look for.
        let rest = self.bytes[self.at..].iter();
        let next = rest.copied().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
        if next.is_none_or(|byte| b"\n,}]".contains(&byte)) {
            return;
        }
        let line = &self.text[self.at..self.end_of_line()];
        let rest = line.trim_start();
        let is_regular = rest.is_empty()
            || rest.starts_with([',', '}', ']', '/', '#', '{', '[', '.', '…', '\u{feff}'])
            || is_member(rest);
        if is_regular {
            return;
        }
        let keep = line.trim_end().trim_end_matches([',', '}', ']', ' ']).len();
        self.fault("a stray text after a value in JSON");
        self.advance(self.at + keep);
    }
}

/// Tells whether a text begins with a name and its colon.
fn is_member(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['"', '\'']) else { return false };
    rest.find(['"', '\'']).is_some_and(|end| rest[end + 1..].trim_start().starts_with(':'))
}

fn literal(word: &str) -> Option<Value> {
    match word {
        "null" | "NULL" | "None" | "undefined" | "" => Some(Value::Null),
        "true" | "false" | "True" | "False" | "TRUE" | "FALSE" => Some(Value::Boolean),
        _ if word.parse::<f64>().is_ok() => Some(Value::Number(word.to_owned())),
        _ => None,
    }
}

fn unescape(raw: &str) -> String {
    if !raw.contains('\\') {
        return raw.to_owned();
    }
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            text.push(char);
            continue;
        }
        match chars.next() {
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some('b' | 'f') => text.push(' '),
            Some('u') => text.push(code_unit(&mut chars)),
            Some(other) => text.push(other),
            None => (),
        }
    }
    text
}

/// Reads `XXXX` of `\uXXXX`; a pair of surrogates is one character.
fn code_unit(chars: &mut std::str::Chars<'_>) -> char {
    let Some(unit) = hexadecimal(chars) else { return char::REPLACEMENT_CHARACTER };
    if !(0xd800..0xdc00).contains(&unit) {
        return char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    let mut ahead = chars.clone();
    if (ahead.next(), ahead.next()) != (Some('\\'), Some('u')) {
        return char::REPLACEMENT_CHARACTER;
    }
    let Some(low) = hexadecimal(&mut ahead).filter(|low| (0xdc00..0xe000).contains(low)) else {
        return char::REPLACEMENT_CHARACTER;
    };
    *chars = ahead;
    char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn hexadecimal(chars: &mut std::str::Chars<'_>) -> Option<u32> {
    let digits = chars.as_str().get(..4)?;
    let unit = u32::from_str_radix(digits, 16).ok()?;
    chars.nth(3);
    Some(unit)
}
