//! Turns JSON text into nodes with places, by a loop over tokens without recursion.
//!
//! `serde_json` reads only the strings: for a whole text it reports neither the places of members
//! nor duplicate keys.

use serde_json::Value;

use super::build::{Builder, Built, Digits};
use super::yaml::{float, integer, is_rewritten};
use super::{DocumentFault, Fault, Position};

pub(super) fn parse(text: &str) -> Result<(Built, Vec<Digits>), Fault> {
    let mut scanner = Scanner { rest: text, at: Position { line: 1, column: 1 } };
    let mut builder = Builder::default();
    match scanner.document(&mut builder) {
        Ok(()) => Ok(builder.into_root()),
        Err(fault) => Err(builder.first_fault(fault)),
    }
}

struct Scanner<'text> {
    rest: &'text str,
    at: Position,
}

impl<'text> Scanner<'text> {
    fn document(&mut self, builder: &mut Builder) -> Result<(), Fault> {
        // The closing brackets that are still expected, innermost last.
        let mut open: Vec<char> = Vec::new();
        let mut after_comma = false;

        loop {
            self.skip_space();
            let is_empty_end = !after_comma && open.last().copied() == self.peek();
            if !is_empty_end {
                if builder.expects_key() {
                    self.key(builder)?;
                }
                after_comma = false;
                if let Some(bracket) = self.opened(builder)? {
                    open.push(bracket);
                    continue;
                }
                let at = self.at;
                let (value, word) = self.scalar()?;
                match is_rewritten(word, &value) {
                    true => builder.wide_integer(value, word, at, 0)?,
                    false => builder.scalar(value, at, 0)?,
                }
            }
            if self.close_all(builder, &mut open)? {
                break;
            }
            self.expect(',', "expected `,` or a closing bracket")?;
            after_comma = true;
        }
        self.skip_space();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.fault("text after the end of the document")),
        }
    }

    /// Reads a key and its colon.
    fn key(&mut self, builder: &mut Builder) -> Result<(), Fault> {
        let at = self.at;
        builder.key(self.string()?, at);
        self.skip_space();
        self.expect(':', "expected `:` after a key")?;
        self.skip_space();
        Ok(())
    }

    /// Opens a mapping or list if one comes next, and returns the bracket that will close it.
    fn opened(&mut self, builder: &mut Builder) -> Result<Option<char>, Fault> {
        let at = self.at;
        if self.take('{') {
            builder.open_mapping(at, 0)?;
            return Ok(Some('}'));
        }
        if self.take('[') {
            builder.open_list(at, 0)?;
            return Ok(Some(']'));
        }
        Ok(None)
    }

    /// Consumes every closing bracket that comes next; returns `true` if no more are expected.
    fn close_all(&mut self, builder: &mut Builder, open: &mut Vec<char>) -> Result<bool, Fault> {
        loop {
            let Some(&bracket) = open.last() else {
                return Ok(true);
            };
            self.skip_space();
            if !self.take(bracket) {
                return Ok(false);
            }
            open.pop();
            builder.close()?;
        }
    }

    /// Returns a scalar and, unless it is a string, its text.
    fn scalar(&mut self) -> Result<(Value, &'text str), Fault> {
        if self.peek() == Some('"') {
            return self.string().map(|text| (Value::String(text), ""));
        }
        let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
        let word = self.rest.get(..end.unwrap_or(self.rest.len())).unwrap_or_default();
        let value = match word {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ if !is_number(word) => return Err(self.fault("expected a value")),
            _ if word.contains(['.', 'e', 'E']) => float(word).map_err(|fault| (self.at, fault))?,
            _ => integer(word).map_err(|fault| (self.at, fault))?,
        };
        self.advance(word.len());
        Ok((value, word))
    }

    fn string(&mut self) -> Result<String, Fault> {
        let Some(inside) = self.rest.strip_prefix('"') else {
            return Err(self.fault("expected `\"`"));
        };
        let is_plain = |byte: &u8| !matches!(byte, b'"' | b'\\' | 0..0x20);
        let n_plain = inside.bytes().take_while(is_plain).count();
        if inside.as_bytes().get(n_plain) == Some(&b'"') {
            let text = inside.get(..n_plain).unwrap_or_default().to_owned();
            self.advance(n_plain + 2);
            return Ok(text);
        }
        self.escaped_string()
    }

    /// Reads a string with escapes.
    fn escaped_string(&mut self) -> Result<String, Fault> {
        let mut is_escaped = false;
        let end = self.rest.bytes().skip(1).position(|byte| {
            let is_end = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            is_end
        });
        let Some(end) = end else {
            return Err(self.fault("a string without an end"));
        };
        let literal = self.rest.get(..end + 2).unwrap_or_default();
        let Ok(text) = serde_json::from_str(literal) else {
            return Err(self.fault("a string with a broken escape or a control character"));
        };
        self.advance(literal.len());
        Ok(text)
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let is_next = self.peek() == Some(wanted);
        if is_next {
            self.advance(wanted.len_utf8());
        }
        is_next
    }

    fn expect(&mut self, wanted: char, complaint: &str) -> Result<(), Fault> {
        if self.take(wanted) { Ok(()) } else { Err(self.fault(complaint)) }
    }

    fn skip_space(&mut self) {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        let n_bytes = self.rest.bytes().take_while(is_space).count();
        let (space, rest) = self.rest.split_at_checked(n_bytes).unwrap_or((self.rest, ""));
        match space.rfind('\n') {
            Some(last) => {
                self.at.line += space.bytes().filter(|byte| *byte == b'\n').count();
                self.at.column = n_bytes - last;
            }
            None => self.at.column += n_bytes,
        }
        self.rest = rest;
    }

    /// Moves past a token of `n_bytes`, which has no line break.
    fn advance(&mut self, n_bytes: usize) {
        if let Some((token, rest)) = self.rest.split_at_checked(n_bytes) {
            self.at.column += token.chars().count();
            self.rest = rest;
        }
    }

    fn fault(&self, complaint: &str) -> Fault {
        (self.at, DocumentFault::Syntax(complaint.to_owned()))
    }
}

/// Matches `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?`; Rust's parser would accept `1.` and
/// `+1`.
fn is_number(word: &str) -> bool {
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            (mantissa, exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
        }
        None => (unsigned, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let has_leading_zero = whole.len() > 1 && whole.starts_with('0');
    is_digits(whole) && is_digits(fraction) && is_digits(exponent) && !has_leading_zero
}
