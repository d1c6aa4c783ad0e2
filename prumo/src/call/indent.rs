//! Indents JSON text: one member or item on each line.
//!
//! Invariant: members stay in their order, and numbers keep the digits that they came with:
//! `119.90` and integers of any length.

use std::borrow::Cow;

use serde_json::value::RawValue;

/// Returns a JSON text on several lines for a reader: strings have only the escapes that they need.
///
/// Returns `None` if the text is not JSON.
pub(crate) fn readable(json: &[u8]) -> Option<String> {
    let text = serde_json::from_slice::<&RawValue>(json).ok()?.get();
    let plain = |string| {
        let plain = serde_json::from_str::<String>(string).ok();
        // Half a surrogate pair is no text, so its escape stays.
        plain
            .and_then(|text| serde_json::to_string(&text).ok())
            .map_or(Cow::Borrowed(string), Cow::Owned)
    };
    Some(indented(text, plain))
}

/// Returns JSON text on several lines; every token stays as it is spelled.
pub(crate) fn as_spelled(json: &str) -> String {
    indented(json, Cow::Borrowed)
}

fn indented<'t>(json: &'t str, spell: impl Fn(&'t str) -> Cow<'t, str>) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut rest = json.trim_start();
    while let Some(sign) = rest.chars().next() {
        let n_bytes = if sign == '"' { string_length(rest) } else { sign.len_utf8() };
        let (token, behind) = rest.split_at(n_bytes);
        rest = behind.trim_start();
        match sign {
            '"' => out += &spell(token),
            '{' | '[' if rest.starts_with(['}', ']']) => {
                let (end, behind) = rest.split_at(1);
                out += token;
                out += end;
                rest = behind.trim_start();
            }
            '{' | '[' => {
                depth += 1;
                out += token;
                start_line(&mut out, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                start_line(&mut out, depth);
                out += token;
            }
            ',' => {
                out += token;
                start_line(&mut out, depth);
            }
            ':' => out += ": ",
            _ => out += token,
        }
    }
    out
}

/// Returns the length of the string at the start of a text, with its quotes.
fn string_length(text: &str) -> usize {
    let mut signs = text.char_indices().skip(1);
    while let Some((at, sign)) = signs.next() {
        match sign {
            '\\' => drop(signs.next()),
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn start_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::{as_spelled, readable};

    #[test]
    fn numbers_and_order_stay_as_they_came() {
        let text = br#" {"z":119.90,"a":[123456789012345678901, 1e3,{ },[]],"\u00e3\"{":"a,\/b"} "#;
        let expect = "{\n  \"z\": 119.90,\n  \"a\": [\n    123456789012345678901,\n    1e3,\n    {},\n    []\n  ],\n  \
                      \"ã\\\"{\": \"a,/b\"\n}";
        assert_eq!(readable(text).as_deref(), Some(expect));
        assert_eq!(readable(b"7"), Some("7".to_owned()));
        assert_eq!(readable(b"{7}"), None);
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
        assert_eq!(as_spelled(json), expect);
        assert_eq!(as_spelled(expect), expect);
    }
}
