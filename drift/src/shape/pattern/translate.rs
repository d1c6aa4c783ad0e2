//! Translates regular expressions of ECMA 262, OpenAPI's dialect, into the regex crate's.
//!
//! Invariant: a translated pattern has the same meaning. Only back references and look-around are
//! kept although the regex crate has neither; another engine takes these.

use std::iter::Peekable;
use std::str::Chars;

/// The contents of a class that is equivalent to `\s`.
const SPACES: &str = "\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";

/// Translates ECMA 262 into the syntax of the regex crate, or returns `None` if a construct has no
/// equivalent.
pub(super) fn translate(source: &str) -> Option<String> {
    let mut translated = String::with_capacity(source.len());
    let mut rest = source.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => match escape(&mut rest)? {
                Escape::Literal(literal) => push_literal(&mut translated, literal),
                Escape::Set { inside, is_negated: false } => translated += &format!("[{inside}]"),
                Escape::Set { inside, is_negated: true } => translated += &format!("[^{inside}]"),
                Escape::Property(property) => translated += &property,
                Escape::Boundary(boundary) => translated += boundary,
                Escape::Back(reference) => translated += &reference,
            },
            '[' => class(&mut rest, &mut translated)?,
            '.' => translated += "[^\\n\\r\\x{2028}\\x{2029}]",
            '{' if !is_quantifier(rest.clone()) => translated += "\\{",
            '{' => {
                // Copies the quantifier to its closing brace.
                translated.push('{');
                for inner in rest.by_ref() {
                    translated.push(inner);
                    if inner == '}' {
                        break;
                    }
                }
            }
            '}' | ']' => push_literal(&mut translated, character),
            _ => translated.push(character),
        }
    }
    Some(translated)
}

/// Returns whether the text after a `{` makes it a quantifier.
fn is_quantifier(rest: Peekable<Chars<'_>>) -> bool {
    let inner: String = rest.take_while(|&c| c == ',' || c == '}' || c.is_ascii_digit()).collect();
    let Some((amount, _)) = inner.split_once('}') else {
        return false;
    };
    let (least, most) = amount.split_once(',').unwrap_or((amount, ""));
    !least.is_empty() && !most.contains(',')
}

/// A backslash and the characters after it.
enum Escape {
    Literal(char),
    Set {
        inside: &'static str,
        is_negated: bool,
    },
    Property(String),
    Boundary(&'static str),
    /// A back reference to a group.
    Back(String),
}

fn escape(rest: &mut Peekable<Chars<'_>>) -> Option<Escape> {
    let set = |inside, is_negated| Some(Escape::Set { inside, is_negated });
    let literal = |character| Some(Escape::Literal(character));
    match rest.next()? {
        'd' => set("0-9", false),
        'D' => set("0-9", true),
        'w' => set("A-Za-z0-9_", false),
        'W' => set("A-Za-z0-9_", true),
        's' => set(SPACES, false),
        'S' => set(SPACES, true),
        't' => literal('\t'),
        'n' => literal('\n'),
        'r' => literal('\r'),
        'v' => literal('\u{b}'),
        'f' => literal('\u{c}'),
        '0' if !rest.peek().is_some_and(char::is_ascii_digit) => literal('\0'),
        'b' => Some(Escape::Boundary("(?-u:\\b)")),
        'B' => Some(Escape::Boundary("(?-u:\\B)")),
        'c' => {
            let letter = rest.next().filter(char::is_ascii_alphabetic)?;
            literal(char::from(letter as u8 % 32))
        }
        'x' => code(rest, 2).and_then(char::from_u32).map(Escape::Literal),
        'u' => unicode(rest).map(Escape::Literal),
        'p' => property(rest, "\\p").map(Escape::Property),
        'P' => property(rest, "\\P").map(Escape::Property),
        'k' => {
            rest.next_if_eq(&'<')?;
            let name: String = rest.take_while(|&c| c != '>').collect();
            Some(Escape::Back(format!("\\k<{name}>")))
        }
        number @ '1'..='9' => Some(Escape::Back(format!("(?:\\{number})"))),
        // Other letters and digits belong to another dialect.
        other if other.is_ascii_alphanumeric() => None,
        other => literal(other),
    }
}

fn code(rest: &mut Peekable<Chars<'_>>, n_digits: usize) -> Option<u32> {
    let mut code = 0;
    for _ in 0..n_digits {
        code = code * 16 + rest.next()?.to_digit(16)?;
    }
    Some(code)
}

/// Reads `\u00e9`, a surrogate pair, or `\u{1f600}`.
fn unicode(rest: &mut Peekable<Chars<'_>>) -> Option<char> {
    if rest.next_if_eq(&'{').is_some() {
        let digits: String = rest.take_while(|&c| c != '}').collect();
        return u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
    }
    let first = code(rest, 4)?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first);
    }
    rest.next_if_eq(&'\\')?;
    rest.next_if_eq(&'u')?;
    let second = code(rest, 4)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    char::from_u32(0x10000 + (first - 0xd800) * 0x400 + second)
}

fn property(rest: &mut Peekable<Chars<'_>>, start: &str) -> Option<String> {
    rest.next_if_eq(&'{')?;
    let name: String = rest.take_while(|&c| c != '}').collect();
    Some(format!("{start}{{{name}}}"))
}

/// The item before a `-` in a class.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A character that may begin a range.
    Character,
    /// The `-` of a range.
    Dash,
    /// Anything else: then a `-` stands for itself.
    Other,
}

/// Reads a class after its `[`, or returns `None` if it has no end.
fn class(rest: &mut Peekable<Chars<'_>>, translated: &mut String) -> Option<()> {
    let is_negated = rest.next_if_eq(&'^').is_some();
    if rest.next_if_eq(&']').is_some() {
        // The class that matches no character, or any character.
        *translated += if is_negated { "[\\s\\S]" } else { "[^\\s\\S]" };
        return Some(());
    }
    *translated += if is_negated { "[^" } else { "[" };
    let mut before = Before::Other;
    loop {
        let literal = match rest.next()? {
            ']' => break,
            '-' if before == Before::Character && begins_character(rest.clone()) => {
                translated.push('-');
                before = Before::Dash;
                continue;
            }
            '\\' => match escape(rest)? {
                Escape::Literal(literal) => literal,
                Escape::Boundary("(?-u:\\b)") => '\u{8}',
                Escape::Boundary(_) | Escape::Back(_) => return None,
                Escape::Set { inside, is_negated } => {
                    *translated +=
                        &if is_negated { format!("[^{inside}]") } else { inside.to_owned() };
                    before = Before::Other;
                    continue;
                }
                Escape::Property(property) => {
                    *translated += &property;
                    before = Before::Other;
                    continue;
                }
            },
            literal => literal,
        };
        push_literal(translated, literal);
        before = if before == Before::Dash { Before::Other } else { Before::Character };
    }
    translated.push(']');
    Some(())
}

/// Returns whether a `-` before this belongs to a range.
fn begins_character(mut rest: Peekable<Chars<'_>>) -> bool {
    match rest.next() {
        None | Some(']') => false,
        Some('\\') => !rest.next().is_some_and(|escaped| "dDwWsSpP".contains(escaped)),
        Some(_) => true,
    }
}

/// Writes one character that stands for itself, in a class or outside.
fn push_literal(translated: &mut String, literal: char) {
    if literal.is_control() {
        *translated += &format!("\\x{{{:x}}}", u32::from(literal));
    } else if literal.is_ascii_punctuation() && literal != '_' {
        translated.push('\\');
        translated.push(literal);
    } else {
        translated.push(literal);
    }
}
