//! Whether an escape in a JSON text is half a character (`\ud800` alone).
//!
//! A text with one is refused by whoever decodes it. What the spec leaves open is
//! skipped here and not decoded, so without this look it would pass in silence.

use memchr::memmem;

/// How the escape of a half begins, and of few other characters.
const STARTS: [&[u8]; 2] = [br"\ud", br"\uD"];

/// Whether the text, which is JSON but for that, holds half a surrogate pair.
pub(super) fn is_alone(text: &str) -> bool {
    // Most bodies have no such escape, and many have hundreds of others.
    if STARTS.iter().all(|start| memmem::find(text.as_bytes(), start).is_none()) {
        return false;
    }
    // Whether the escape before was a first half, and nothing came since.
    let mut is_open = false;
    let mut escapes = text.split('\\').skip(1);
    while let Some(escape) = escapes.next() {
        let half = code_unit(escape).filter(|unit| (0xd800..0xe000).contains(unit));
        match half {
            Some(unit) if (unit < 0xdc00) == is_open => return true,
            // Behind the `u` and four digits no character may come before the second half.
            Some(_) if !is_open && escape.len() > 5 => return true,
            Some(_) => is_open = !is_open,
            None if is_open => return true,
            // An escaped backslash: what follows it is no escape.
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
    use super::is_alone;

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
            assert_eq!(is_alone(text), expect, "{text}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(text).is_err(), expect, "{text}");
        }
    }
}
