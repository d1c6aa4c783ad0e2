//! A query parameter's value to pairs of name and text.
//!
//! The value's JSON form decides: a scalar is one pair, a list one pair an
//! item under the same name, an object one pair a member under the member's
//! name, and nothing (`None`, `null`) is no pair at all. A list may be one text
//! instead, its items parted by a separator.

use serde::ser::{Error as _, Serialize, SerializeSeq, Serializer};
use serde_json::Value;

/// One query parameter, as generated code hands it to `RequestBuilder::query`.
#[doc(hidden)]
#[derive(Debug)]
pub struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
    separator: Option<char>,
}

impl<'a, T> QueryParam<'a, T> {
    /// Pairs a name with its value.
    pub fn new(name: &'a str, value: &'a T) -> Self {
        Self { name, value, separator: None }
    }

    /// Pairs a name with a list that is sent as one text. Without items, it is not sent.
    pub fn joined(name: &'a str, value: &'a T, separator: char) -> Self {
        Self { name, value, separator: Some(separator) }
    }
}

impl<T: Serialize> Serialize for QueryParam<'_, T> {
    fn serialize<S: Serializer>(&self, query: S) -> Result<S::Ok, S::Error> {
        let refused = || S::Error::custom(format!("query parameter `{}` can't be written", self.name));

        // Through text, because only text writes an `f32` in its own digits.
        let text = serde_json::to_string(self.value).map_err(|_| refused())?;
        let value: Value = serde_json::from_str(&text).map_err(|_| refused())?;

        let mut pairs = Vec::new();
        match &value {
            Value::Object(members) => {
                for (name, member) in members {
                    push(&mut pairs, name, member).ok_or_else(refused)?;
                }
            }
            _ => push(&mut pairs, self.name, &value).ok_or_else(refused)?,
        }

        if let Some(separator) = self.separator.filter(|_| !pairs.is_empty()) {
            let items: Vec<&str> = pairs.iter().map(|(_, text)| text.as_str()).collect();
            // An item that holds the separator would become two.
            if items.iter().any(|item| item.contains(separator)) {
                return Err(refused());
            }
            pairs = vec![(self.name, items.join(&separator.to_string()))];
        }
        let mut out = query.serialize_seq(Some(pairs.len()))?;
        for pair in &pairs {
            out.serialize_element(pair)?;
        }
        out.end()
    }
}

/// `None` if a list holds something other than scalars.
fn push<'a>(pairs: &mut Vec<(&'a str, String)>, name: &'a str, value: &Value) -> Option<()> {
    match value {
        Value::Array(items) => {
            for item in items {
                pairs.extend(scalar(item)?.map(|text| (name, text)));
            }
        }
        _ => pairs.extend(scalar(value)?.map(|text| (name, text))),
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

    use super::QueryParam;
    use crate::scalars::{BoolAsInt, BrDate, IntOrString};

    fn written<T: Serialize>(value: &T) -> String {
        serde_urlencoded::to_string(QueryParam::new("q", value)).unwrap()
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
        let joined = |items: &[&str], separator| {
            serde_urlencoded::to_string(QueryParam::joined("q", &items, separator))
        };
        assert_eq!(joined(&["a", "b c"], ',').unwrap(), "q=a%2Cb+c");
        assert_eq!(joined(&["a", "b"], '|').unwrap(), "q=a%7Cb");
        assert_eq!(joined(&[], ',').unwrap(), "");
        let absent: Option<Vec<i64>> = None;
        assert_eq!(serde_urlencoded::to_string(QueryParam::joined("q", &absent, ',')).unwrap(), "");
        assert!(joined(&["a", "b,c"], ',').is_err(), "it would be three items");
    }

    #[test]
    fn a_list_of_lists_is_refused_by_name() {
        let refused = serde_urlencoded::to_string(QueryParam::new("q", &[[1]])).unwrap_err();
        assert_eq!(refused.to_string(), "query parameter `q` can't be written");
    }
}
