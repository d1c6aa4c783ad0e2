//! Turns text from outside into text that a terminal shows and does not obey.
//!
//! Control characters move the cursor or change colours, and characters of direction let a line
//! read as another. Every printer of foreign text uses these functions.

/// Replaces characters that a terminal obeys or hides with their codes, such as `\u{9b}`. The
/// result is one line.
pub fn printable(text: &str) -> String {
    escaped(text, |_| false, |character| character.escape_default().to_string())
}

/// Replaces them in a text of several lines, and keeps its line breaks and tabs.
pub fn printable_lines(text: &str) -> String {
    let is_kept = |character| matches!(character, '\n' | '\t');
    escaped(text, is_kept, |character| character.escape_default().to_string())
}

/// Replaces them in JSON, which stays the same JSON: inside of texts they become `\u009b`, and
/// elsewhere only line breaks and tabs can stand.
pub fn printable_json(json: &str) -> String {
    let is_kept = |character| matches!(character, '\n' | '\t');
    escaped(json, is_kept, |character| {
        let mut units = [0; 2];
        let units = character.encode_utf16(&mut units);
        units.iter().map(|unit| format!("\\u{unit:04x}")).collect()
    })
}

/// Returns whether a terminal obeys a character, or hides it so that a text reads as another.
pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn escaped(text: &str, is_kept: impl Fn(char) -> bool, code: impl Fn(char) -> String) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match is_unprintable(character) && !is_kept(character) {
            true => safe += &code(character),
            false => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_shows_what_it_would_obey() {
        let rows = [
            ("ação 日本 👍", "ação 日本 👍"),
            ("\u{1b}[2J", r"\u{1b}[2J"),
            ("\u{9b}2J", r"\u{9b}2J"),
            ("a\u{202e}b\u{2066}", r"a\u{202e}b\u{2066}"),
            ("\u{61c}\u{200b}\u{e0041}", r"\u{61c}\u{200b}\u{e0041}"),
            ("\u{7f}\u{0}\r", r"\u{7f}\u{0}\r"),
        ];
        for (text, expect) in rows {
            assert_eq!(printable(text), expect, "{text:?}");
            assert_eq!(printable_lines(text), expect, "{text:?}");
        }
        assert_eq!(printable("a\n\tb"), r"a\n\tb");
        assert_eq!(printable_lines("a\n\tb"), "a\n\tb");
    }

    #[test]
    fn json_stays_the_same_json() {
        let value = serde_json::json!({"\u{9b}": ["\u{202e}a", "\u{e0041}", "\u{7f}\u{1b}\n"]});
        let json = printable_json(&format!("{value:#}\n"));
        assert!(json.chars().all(|character| character == '\n' || !is_unprintable(character)));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), value);
    }
}
