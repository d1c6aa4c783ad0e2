//! Numbers beyond every float to the largest one, so that a body that holds
//! one can be read at all.
//!
//! JSON sets no limit to a number, the parser does. Only bodies that it
//! refused for that come here.

/// The largest float, as JSON.
const LARGEST: &str = "1.7976931348623157e308";

/// Whether the parser refused a number for its size.
pub(super) fn is_why(error: &serde_json::Error) -> bool {
    error.to_string().contains("number out of range")
}

/// The text with its numbers brought into range.
pub(super) fn in_range(text: &str) -> String {
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

/// Length of the text that begins here, quotes included.
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

#[cfg(test)]
mod tests {
    use super::in_range;

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
}
