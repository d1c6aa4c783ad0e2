//! Scans the text of a body where the parser's own judgement is not enough.
//!
//! * JSON sets no limit to numbers, but the parser does: [`in_range`] replaces numbers beyond every
//!   float with the largest one, so that such a body can be read at all.
//! * A decoder refuses a text with half a surrogate pair (`\ud800` alone). Members that the spec
//!   leaves open are skipped and not decoded, so [`holds_half`] looks for such a half.
//! * [`Refusal`] is the reason why the parser refused a body. serde_json's error has no code for it
//!   beyond a category, and an error from within a held value is wrapped in another one, so only
//!   the messages distinguish the reasons. A test pins them.

use memchr::memmem;

/// The largest float, as JSON.
const LARGEST: &str = "1.7976931348623157e308";

/// The start of an escape that may be half a pair; few other escapes start like this.
const STARTS: [&[u8]; 2] = [br"\ud", br"\uD"];

/// The reason why the parser refused a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A number is larger than every float.
    HugeNumber,
    /// A surrogate lacks its other half.
    HalfSurrogate,
    /// Lists and objects are nested too deep.
    TooDeep,
    /// Anything else.
    Other,
}

/// Words in the parser's messages, and the reason that each implies.
const SENTENCES: [(&str, Refusal); 5] = [
    ("number out of range", Refusal::HugeNumber),
    ("surrogate", Refusal::HalfSurrogate),
    ("unicode", Refusal::HalfSurrogate),
    ("hex escape", Refusal::HalfSurrogate),
    ("recursion limit", Refusal::TooDeep),
];

impl Refusal {
    /// Returns the reason why the parser refused a body, from its message.
    pub(crate) fn of(error: &serde_json::Error) -> Self {
        let sentence = error.to_string();
        let row = SENTENCES.iter().find(|(words, _)| sentence.contains(words));
        row.map_or(Self::Other, |(_, refusal)| *refusal)
    }
}

/// Returns the text with each number brought into range.
pub(crate) fn in_range(text: &str) -> String {
    let mut tamed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let length = match character {
            '"' => text_length(rest),
            '-' | '0'..='9' => rest.find(|c: char| !is_of_number(c)).unwrap_or(rest.len()),
            _ => character.len_utf8(),
        };
        let (token, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        match token.parse::<f64>() {
            Ok(number) if number.is_infinite() && is_of_number(character) => {
                tamed += if character == '-' { "-" } else { "" };
                tamed += LARGEST;
            }
            _ => tamed += token,
        }
        rest = behind;
    }
    tamed
}

fn is_of_number(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '-' | '+' | '.' | 'e' | 'E')
}

/// Returns the length of the text that starts here, including its quotes.
fn text_length(rest: &str) -> usize {
    let mut is_escaped = false;
    for (index, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return index + 1,
            _ => (),
        }
    }
    rest.len()
}

/// Returns whether the text, which is otherwise valid JSON, contains half a surrogate pair.
pub(crate) fn holds_half(text: &str) -> bool {
    // Most bodies have no such escape, and many have hundreds of others.
    if STARTS.iter().all(|start| memmem::find(text.as_bytes(), start).is_none()) {
        return false;
    }
    // Whether the previous escape was a first half, directly before this one.
    let mut is_open = false;
    let mut escapes = text.split('\\').skip(1);
    while let Some(escape) = escapes.next() {
        let half = code_unit(escape).filter(|unit| (0xd800..0xe000).contains(unit));
        match half {
            Some(unit) if (unit < 0xdc00) == is_open => return true,
            // After `u` and four digits, a character would separate the two halves.
            Some(_) if !is_open && escape.len() > 5 => return true,
            Some(_) => is_open = !is_open,
            None if is_open => return true,
            // An escaped backslash: the next character starts no escape.
            None if escape.is_empty() => drop(escapes.next()),
            None => (),
        }
    }
    is_open
}

fn code_unit(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix('u')?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{Refusal, holds_half, in_range};

    #[test]
    fn every_refusal_is_known_by_the_parsers_sentence() {
        let deep = "[".repeat(200);
        let rows = [
            ("1e400", Refusal::HugeNumber),
            (r#"{"a": -1e400}"#, Refusal::HugeNumber),
            (r#""\ud800""#, Refusal::HalfSurrogate),
            (r#""\ud800x""#, Refusal::HalfSurrogate),
            (r#""\ud800\n""#, Refusal::HalfSurrogate),
            (r#""\udc00""#, Refusal::HalfSurrogate),
            (r#""\ud800\ud800""#, Refusal::HalfSurrogate),
            (deep.as_str(), Refusal::TooDeep),
            ("[1,]", Refusal::Other),
            (r#""\x""#, Refusal::Other),
            ("nulo", Refusal::Other),
            ("[1] 2", Refusal::Other),
        ];
        for (text, expect) in rows {
            let error = serde_json::from_str::<Value>(text).unwrap_err();
            assert_eq!(Refusal::of(&error), expect, "{text}: {error}");
        }
    }

    #[test]
    fn only_numbers_out_of_range_change() {
        let rows = [
            (
                r#"{"a":1e400,"b":[-1e400,12]}"#,
                r#"{"a":1.7976931348623157e308,"b":[-1.7976931348623157e308,12]}"#,
            ),
            (r#"["1e400 \" 1e400",1e308]"#, r#"["1e400 \" 1e400",1e308]"#),
            (r#"["ção",1e400"#, r#"["ção",1.7976931348623157e308"#),
            (r#""1e400"#, r#""1e400"#),
        ];
        for (text, expect) in rows {
            assert_eq!(in_range(text), expect);
        }
    }

    #[test]
    fn halves_alone_are_told_from_pairs() {
        let rows = [
            (r#""""#, false),
            (r#""caf\u00e9\/\n\"\ufffd""#, false),
            (r#""\ud83d\ude00""#, false),
            (r#""\uD83D\uDE00\ud83d\ude00x""#, false),
            (r#""\\ud800""#, false),
            (r#""\\\\ud800\\""#, false),
            (r#""\ud800""#, true),
            (r#""\udc00""#, true),
            (r#""\\\ud800""#, true),
            (r#""\ud800x\udc00""#, true),
            (r#""\ud800\n\udc00""#, true),
            (r#""\ud800\\udc00""#, true),
            (r#""\ud800\ud800\udc00""#, true),
            (r#""\ud83d\ude00\ude00""#, true),
            (r#"["\ud83d","\ude00"]"#, true),
        ];
        for (text, expect) in rows {
            assert_eq!(holds_half(text), expect, "{text}");
            assert_eq!(serde_json::from_str::<Value>(text).is_err(), expect, "{text}");
        }
    }
}
