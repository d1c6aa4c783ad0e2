//! Turns the value of a query parameter into pairs of name and text.
//!
//! The JSON form of the value decides: a scalar is one pair, a list one pair per item with the same
//! name, an object one pair per member with the member's name, and `None` or null no pair. A list
//! may also be one text, with a separator between its items. A number is written as the JSON spells
//! it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::error::Error;

/// A name and a text.
pub(crate) type Pair = (Cow<'static, str>, String);

/// Returns the pairs of the parameter `name`, given its JSON text, which has the shortest digits of
/// an `f32`. Returns `None` if the value can't be encoded.
pub(crate) fn pairs(name: &'static str, json: &str) -> Option<Vec<Pair>> {
    if let Some(text) = plain(json) {
        return Some(vec![(name.into(), text.to_owned())]);
    }
    let mut pairs = Vec::new();
    if json.starts_with('{') {
        for (name, member) in serde_json::from_str::<BTreeMap<String, &RawValue>>(json).ok()? {
            push(&mut pairs, name.into(), member.get())?;
        }
    } else {
        push(&mut pairs, name.into(), json)?;
    }
    Some(pairs)
}

/// Returns the text of a scalar that needs no parsing, as nearly every parameter.
fn plain(json: &str) -> Option<&str> {
    let text = json.strip_prefix('"').and_then(|json| json.strip_suffix('"'));
    match json.as_bytes().first()? {
        b'"' => text.filter(|text| !text.contains('\\')),
        b'-' | b'0'..=b'9' | b't' | b'f' => Some(json),
        _ => None,
    }
}

/// Encodes pairs as a query string.
pub(crate) fn encoded(pairs: &[impl Serialize]) -> Result<String, Error> {
    serde_urlencoded::to_string(pairs)
        .map_err(|_| Error::invalid("the parameters of the query can't be written"))
}

/// Joins the items of a list into one text. An empty list is no pair. Returns `None` if an item
/// contains the separator, because it would become two.
pub(crate) fn joined(name: &'static str, json: &str, separator: char) -> Option<Vec<Pair>> {
    let pairs = pairs(name, json)?;
    let items: Vec<&str> = pairs.iter().map(|(_, text)| text.as_str()).collect();
    if items.iter().any(|item| item.contains(separator)) {
        return None;
    }
    let is_any = !items.is_empty();
    Some(is_any.then(|| (name.into(), items.join(&separator.to_string()))).into_iter().collect())
}

/// Adds the pairs of a scalar or a list. Returns `None` if an item is not a scalar.
fn push(pairs: &mut Vec<Pair>, name: Cow<'static, str>, json: &str) -> Option<()> {
    if json.starts_with('[') {
        for item in serde_json::from_str::<Vec<&RawValue>>(json).ok()? {
            pairs.extend(scalar(item.get())?.map(|text| (name.clone(), text)));
        }
    } else {
        pairs.extend(scalar(json)?.map(|text| (name, text)));
    }
    Some(())
}

/// Returns the text of a scalar, `Some(None)` for null, and `None` for a list or an object.
#[expect(clippy::option_option, reason = "null is not a pair, and an object is an error")]
fn scalar(json: &str) -> Option<Option<String>> {
    match json.as_bytes().first()? {
        b'n' => Some(None),
        b'[' | b'{' => None,
        b'"' => serde_json::from_str(json).ok().map(Some),
        _ => Some(Some(json.to_owned())),
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
            (written(&"\"\\"), "q=%22%5C"),
            (written(&""), "q="),
            (written(&-7), "q=-7"),
            (written(&1e20), "q=1e%2B20"),
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
    fn a_number_is_written_as_it_is_spelled() {
        let digits = "123456789012345678901";
        let cases = [
            ("119.90", "q=119.90".to_owned()),
            ("[119.90,1E3]", "q=119.90&q=1E3".to_owned()),
            (&format!("[{digits}, null]"), format!("q={digits}")),
            (r#"{"a": 1.0, "b": [2.50, -0]}"#, "a=1.0&b=2.50&b=-0".to_owned()),
        ];
        for (json, expect) in cases {
            let pairs = pairs("q", json).unwrap();
            assert_eq!(serde_urlencoded::to_string(pairs).unwrap(), expect, "{json}");
        }
    }

    #[test]
    fn a_list_of_lists_is_refused() {
        for json in ["[[1]]", r#"{"a": {"b": 1}}"#, r#"[{"a": 1}]"#] {
            assert_eq!(pairs("q", json), None, "{json}");
        }
    }
}
