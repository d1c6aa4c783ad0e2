//! Indents a JSON text for the screen.
//!
//! Invariant: members stay in their order, and numbers keep the digits that they came with:
//! `119.90` and integers of any length.

use serde_json::value::RawValue;

/// Returns the text on several lines, or `None` if it is not JSON.
pub(crate) fn indented(json: &[u8]) -> Option<String> {
    let text = serde_json::from_slice::<&RawValue>(json).ok()?.get();
    let (mut page, mut depth, mut rest) = (String::new(), 0_usize, text);
    while let Some(sign) = rest.chars().next() {
        let mut n_bytes = sign.len_utf8();
        let behind = rest.get(n_bytes..)?.trim_start();
        match sign {
            '"' => {
                let mut strings = serde_json::Deserializer::from_str(rest).into_iter::<String>();
                let string = strings.next()?.ok()?;
                n_bytes = strings.byte_offset();
                page += &serde_json::to_string(&string).ok()?;
            }
            '{' | '[' if behind.starts_with(['}', ']']) => {
                page.push(sign);
                page.push(behind.chars().next()?);
                n_bytes = rest.len() - behind.len() + 1;
            }
            '{' | '[' => {
                depth += 1;
                page.push(sign);
                line(&mut page, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut page, depth);
                page.push(sign);
            }
            ',' => {
                page.push(sign);
                line(&mut page, depth);
            }
            ':' => page += ": ",
            blank if blank.is_ascii_whitespace() => {}
            other => page.push(other),
        }
        rest = rest.get(n_bytes..)?;
    }
    Some(page)
}

fn line(page: &mut String, depth: usize) {
    page.push('\n');
    page.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn numbers_and_order_stay_as_they_came() {
        let text = br#" {"z":119.90,"a":[123456789012345678901, 1e3,{ },[]],"\u00e3\"{":"a,\/b"} "#;
        let expect = "{\n  \"z\": 119.90,\n  \"a\": [\n    123456789012345678901,\n    1e3,\n    {},\n    []\n  ],\n  \
                      \"ã\\\"{\": \"a,/b\"\n}";
        assert_eq!(indented(text).as_deref(), Some(expect));
        assert_eq!(indented(b"7"), Some("7".to_owned()));
        assert_eq!(indented(b"{7}"), None);
    }
}
