//! Turns JSON text into a tree that remembers where each token stands, and back into text.
//!
//! Invariants:
//!
//! * Only replaced tokens change: blanks, escapes, the spelling of numbers, the order of members
//!   and repeated names stay as they were.
//! * A text that is not JSON, or nests more than [`MAX_DEPTH`] levels, has no tree.

use std::borrow::Cow;
use std::ops::Range;

use serde::de::IgnoredAny;

/// The deepest nesting that is read.
const MAX_DEPTH: usize = 128;

/// A JSON value.
#[derive(Debug)]
pub(super) enum Json<'t> {
    /// `null`, `true` or `false`.
    Word(Token<'t>),
    Number(Token<'t>),
    Text(Token<'t>),
    List(Vec<Json<'t>>),
    Object(Vec<(Token<'t>, Json<'t>)>),
}

/// A text, a number, a word or the name of a member.
#[derive(Debug)]
pub(super) struct Token<'t> {
    /// The value as recorded, without escapes.
    pub(super) text: Cow<'t, str>,
    /// The token in the source.
    at: Range<usize>,
    state: State,
}

#[derive(Debug)]
enum State {
    Open,
    Settled,
    Replaced(String),
    Removed,
}

impl<'t> Token<'t> {
    /// Returns whether no decision was made yet.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, State::Open)
    }

    /// Returns where the token starts in the source.
    pub(super) fn start(&self) -> usize {
        self.at.start
    }

    /// Decides that the value is not personal.
    pub(super) fn settle(&mut self) {
        if self.is_open() {
            self.state = State::Settled;
        }
    }

    pub(super) fn replace(&mut self, new: String) {
        self.state = if self.text == new { State::Settled } else { State::Replaced(new) };
    }

    /// Writes `null` in place of the value.
    pub(super) fn remove(&mut self) {
        self.state = State::Removed;
    }

    /// Returns the value as it will be written.
    pub(super) fn now(&self) -> &str {
        match &self.state {
            State::Replaced(new) => new,
            State::Open | State::Settled | State::Removed => &self.text,
        }
    }
}

impl<'t> Json<'t> {
    /// Reads a JSON text.
    pub(super) fn parse(text: &'t str) -> Option<Self> {
        serde_json::from_str::<IgnoredAny>(text).ok()?;
        let mut parser = Parser { text, at: 0 };
        parser.value(MAX_DEPTH)
    }

    /// Returns the member of this name.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => {
                members.iter().find(|(token, _)| token.text == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Returns the member of this name.
    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        match self {
            Self::Object(members) => {
                members.iter_mut().find(|(token, _)| token.text == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Returns the text of a text.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(token) => Some(&token.text),
            _ => None,
        }
    }

    /// Returns the token of a text.
    pub(super) fn text_mut(&mut self) -> Option<&mut Token<'t>> {
        match self {
            Self::Text(token) => Some(token),
            _ => None,
        }
    }

    pub(super) fn members(&self) -> &[(Token<'t>, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    pub(super) fn members_mut(&mut self) -> &mut [(Token<'t>, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &mut [],
        }
    }

    pub(super) fn is_container(&self) -> bool {
        matches!(self, Self::List(_) | Self::Object(_))
    }

    /// Returns `source` with its replaced tokens.
    pub(super) fn written(&self, source: &str) -> String {
        let mut out = String::with_capacity(source.len());
        let end = self.write(source, 0, &mut out);
        out + source.get(end..).unwrap_or_default()
    }

    /// Returns by how many bytes the value grows when it is written.
    pub(super) fn growth(&self) -> i64 {
        let length = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        match self {
            Self::Word(token) | Self::Number(token) | Self::Text(token) => token
                .changed(matches!(self, Self::Text(_)))
                .map_or(0, |new| length(new.len()) - length(token.at.len())),
            Self::List(items) => items.iter().map(Self::growth).sum(),
            Self::Object(members) => members
                .iter()
                .map(|(name, value)| {
                    let grown = name
                        .changed(true)
                        .map_or(0, |new| length(new.len()) - length(name.at.len()));
                    grown + value.growth()
                })
                .sum(),
        }
    }

    /// Writes the source from `from` to the end of this value; returns where it ends.
    fn write(&self, source: &str, from: usize, out: &mut String) -> usize {
        match self {
            Self::Word(token) | Self::Number(token) => token.write(source, from, out, false),
            Self::Text(token) => token.write(source, from, out, true),
            Self::List(items) => {
                items.iter().fold(from, |from, item| item.write(source, from, out))
            }
            Self::Object(members) => members.iter().fold(from, |from, (name, value)| {
                let from = name.write(source, from, out, true);
                value.write(source, from, out)
            }),
        }
    }
}

impl Token<'_> {
    /// Returns the new token, or `None` if it stays as it is.
    fn changed(&self, is_text: bool) -> Option<String> {
        match &self.state {
            State::Replaced(new) if is_text => Some(quoted(new)),
            State::Replaced(new) => Some(new.clone()),
            State::Removed => Some("null".to_owned()),
            State::Open | State::Settled => None,
        }
    }

    fn write(&self, source: &str, from: usize, out: &mut String, is_text: bool) -> usize {
        let Some(new) = self.changed(is_text) else {
            return from;
        };
        *out += source.get(from..self.at.start).unwrap_or_default();
        *out += &new;
        self.at.end
    }
}

/// Returns the text as a JSON token.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned())
}

/// Reads a text that is known to be JSON.
struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn value(&mut self, depth: usize) -> Option<Json<'t>> {
        match self.peek()? {
            b'{' => self.object(depth.checked_sub(1)?),
            b'[' => self.list(depth.checked_sub(1)?),
            b'"' => self.string().map(Json::Text),
            b'n' | b't' | b'f' => Some(Json::Word(self.word())),
            _ => Some(Json::Number(self.word())),
        }
    }

    fn list(&mut self, depth: usize) -> Option<Json<'t>> {
        self.at += 1;
        let mut items = Vec::new();
        while self.peek()? != b']' {
            items.push(self.value(depth)?);
            self.skip(b',');
        }
        self.at += 1;
        Some(Json::List(items))
    }

    fn object(&mut self, depth: usize) -> Option<Json<'t>> {
        self.at += 1;
        let mut members = Vec::new();
        while self.peek()? != b'}' {
            let name = self.string()?;
            self.skip(b':');
            members.push((name, self.value(depth)?));
            self.skip(b',');
        }
        self.at += 1;
        Some(Json::Object(members))
    }

    fn string(&mut self) -> Option<Token<'t>> {
        let start = self.at;
        let rest = self.text.as_bytes().get(start + 1..)?;
        let mut length = 0;
        let mut is_escaped = false;
        loop {
            match rest.get(length)? {
                b'"' => break,
                b'\\' => {
                    is_escaped = true;
                    length += 2;
                }
                _ => length += 1,
            }
        }
        self.at = start + length + 2;
        let inner = self.text.get(start + 1..start + 1 + length)?;
        let text = match is_escaped {
            true => Cow::Owned(unescaped(self.text.get(start..self.at)?, inner)),
            false => Cow::Borrowed(inner),
        };
        Some(Token { text, at: start..self.at, state: State::Open })
    }

    fn word(&mut self) -> Token<'t> {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or_default();
        let is_end = |c: char| matches!(c, ',' | ']' | '}') || c.is_ascii_whitespace();
        self.at += rest.find(is_end).unwrap_or(rest.len());
        let text = self.text.get(start..self.at).unwrap_or_default();
        Token { text: Cow::Borrowed(text), at: start..self.at, state: State::Open }
    }

    /// Skips blanks; returns the next byte.
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            if !byte.is_ascii_whitespace() {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Skips blanks, and the sign and blanks after it.
    fn skip(&mut self, sign: u8) {
        if self.peek() == Some(sign) {
            self.at += 1;
            self.peek();
        }
    }
}

/// Undoes the escapes of a text; half a surrogate pair becomes a replacement character.
fn unescaped(quoted: &str, inner: &str) -> String {
    serde_json::from_str(quoted).unwrap_or_else(|_| super::view::without_escapes(inner))
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn a_text_without_replacements_stays_byte_for_byte() {
        let rows = [
            r#" { "a" : [1.0, 1e400, -0, {"b":null}], "a": "\u00e3\/\n", "c": true }  "#,
            "[]",
            "{}",
            r#""x""#,
            "  12345678901234567890123 ",
            r#"{"lone \ud800": "\ud800x"}"#,
        ];
        for text in rows {
            assert_eq!(Json::parse(text).unwrap().written(text), text);
        }
    }

    #[test]
    fn only_the_replaced_token_changes() {
        let text = r#"{ "a": "\u0041" , "n": 1.0, "b": "\u0042"}"#;
        let mut json = Json::parse(text).unwrap();
        json.get_mut("a").unwrap().text_mut().unwrap().replace("x\"".to_owned());
        let Some(Json::Number(number)) = json.get_mut("n") else { panic!("a number") };
        number.replace("7.5".to_owned());
        assert_eq!(json.written(text), r#"{ "a": "x\"" , "n": 7.5, "b": "\u0042"}"#);
        assert_eq!(json.growth(), -3);
    }

    #[test]
    fn what_is_not_json_or_too_deep_has_no_tree() {
        assert!(Json::parse("{").is_none());
        assert!(Json::parse("nome: Ana").is_none());
        let deep = |n: usize| "[".repeat(n) + &"]".repeat(n);
        assert!(Json::parse(&deep(128)).is_some());
        assert!(Json::parse(&deep(129)).is_none());
    }
}
