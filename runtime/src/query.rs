//! A query parameter's value to pairs of name and text.
//!
//! The value's JSON form decides: a scalar is one pair, a list one pair an
//! item under the same name, an object one pair a member under the member's
//! name, and nothing (`None`, `null`) is no pair at all. A list may be one text
//! instead, its items parted by a separator.

use serde_json::Value;

/// The pairs of the parameter `name`, from its JSON text: only text writes an `f32` in its
/// own digits. `None` if it can't be written.
pub(crate) fn pairs(name: &str, text: &str) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    match serde_json::from_str(text).ok()? {
        Value::Object(members) => {
            for (name, member) in &members {
                push(&mut pairs, name, member)?;
            }
        }
        value => push(&mut pairs, name, &value)?,
    }
    Some(pairs)
}

/// The items of a list as one text; no pair for a list without items. `None` if an item
/// holds the separator, and would become two.
pub(crate) fn joined(name: &str, text: &str, separator: char) -> Option<Vec<(String, String)>> {
    let pairs = pairs(name, text)?;
    let items: Vec<&str> = pairs.iter().map(|(_, text)| text.as_str()).collect();
    if items.iter().any(|item| item.contains(separator)) {
        return None;
    }
    let is_any = !items.is_empty();
    Some(is_any.then(|| (name.to_owned(), items.join(&separator.to_string()))).into_iter().collect())
}

/// `None` if a list holds something other than scalars.
fn push(pairs: &mut Vec<(String, String)>, name: &str, value: &Value) -> Option<()> {
    match value {
        Value::Array(items) => {
            for item in items {
                pairs.extend(scalar(item)?.map(|text| (name.to_owned(), text)));
            }
        }
        _ => pairs.extend(scalar(value)?.map(|text| (name.to_owned(), text))),
    }
    Some(())
}

/// The text of a scalar, `Some(None)` for null, `None` for what is no scalar.
#[expect(clippy::option_option, reason = "null is no pair, an object is a mistake")]
fn scalar(value: &Value) -> Option<Option<String>> {
    match value {
        Value::Null => Some(None),
        Value::Bool(flag) => Some(Some(flag.to_string())),
        Value::Number(number) => Some(Some(number.to_string())),
        Value::String(text) => Some(Some(text.clone())),
        Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;

    use super::{joined, pairs};
    use crate::scalars::{BoolAsInt, BrDate, IntOrString};

    fn written<T: Serialize>(value: &T) -> String {
        let pairs = pairs("q", &serde_json::to_string(value).unwrap()).unwrap();
        serde_urlencoded::to_string(pairs).unwrap()
    }

    #[derive(Serialize)]
    enum Order {
        #[serde(rename = "mais novo")]
        Newest,
    }

    #[test]
    fn a_value_is_pairs() {
        let date: BrDate = "16/11/2018".parse().unwrap();
        let map = BTreeMap::from([("a", Some(1)), ("b", None)]);
        let cases = [
            (written(&"são & x"), "q=s%C3%A3o+%26+x"),
            (written(&7), "q=7"),
            (written(&0.1_f32), "q=0.1"),
            (written(&true), "q=true"),
            (written(&Some("x")), "q=x"),
            (written(&None::<String>), ""),
            (written(&["a", "b"]), "q=a&q=b"),
            (written(&Vec::<i64>::new()), ""),
            (written(&Some(vec![1, 2])), "q=1&q=2"),
            (written(&Order::Newest), "q=mais+novo"),
            (written(&date), "q=16%2F11%2F2018"),
            (written(&BoolAsInt::from(true)), "q=1"),
            (written(&IntOrString::from("007")), "q=007"),
            (written(&vec![date, date]), "q=16%2F11%2F2018&q=16%2F11%2F2018"),
            (written(&map), "a=1"),
        ];
        for (got, expect) in cases {
            assert_eq!(got, expect);
        }
    }

    #[test]
    fn a_list_may_be_one_text() {
        let joined = |text, separator| {
            joined("q", text, separator).map(|pairs| serde_urlencoded::to_string(pairs).unwrap())
        };
        assert_eq!(joined(r#"["a","b c"]"#, ',').as_deref(), Some("q=a%2Cb+c"));
        assert_eq!(joined(r#"["a","b"]"#, '|').as_deref(), Some("q=a%7Cb"));
        assert_eq!(joined("[]", ',').as_deref(), Some(""));
        assert_eq!(joined("null", ',').as_deref(), Some(""));
        assert_eq!(joined(r#"["a","b,c"]"#, ','), None, "it would be three items");
    }

    #[test]
    fn a_list_of_lists_is_refused() {
        assert_eq!(pairs("q", "[[1]]"), None);
    }
}
