//! Keeps the members of an object that the spec does not have, as received.
//!
//! Invariants:
//!
//! * A value is written back digit by digit and byte by byte: `119.90` and integers of any length
//!   keep their spelling, which a [`Value`] or an `f64` would lose.
//! * It is read from JSON and written as JSON, no other format.

use std::collections::{BTreeMap, btree_map};
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::record::Fill;

/// The members of an object that the spec does not have, as received.
///
/// ```
/// # use prumo_runtime::Extra;
/// # fn main() -> Result<(), serde_json::Error> {
/// # let mut extra = Extra::default();
/// extra.insert("plano", &"fibra")?;
/// assert_eq!(extra.get("plano").and_then(|plan| Some(plan.as_str()?.to_owned())), Some("fibra".into()));
/// assert_eq!(extra.text("plano"), Some("\"fibra\""));
/// assert_eq!(extra.decode::<String>("plano").transpose()?, Some("fibra".to_owned()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Extra(BTreeMap<String, Box<RawValue>>);

impl Extra {
    /// Returns the value of a member. A number that a [`Value`] can't hold is a text.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value> {
        self.text(name).map(value_of)
    }

    /// Returns the JSON text of a member, as received.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.get())
    }

    /// Decodes a member.
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not fit.
    #[must_use]
    pub fn decode<T: DeserializeOwned>(&self, name: &str) -> Option<serde_json::Result<T>> {
        self.text(name).map(serde_json::from_str)
    }

    /// Sets a member.
    ///
    /// # Errors
    ///
    /// Returns an error if `value` can't be written as JSON. Then no member changes.
    pub fn insert<T: Serialize + ?Sized>(
        &mut self,
        name: impl Into<String>,
        value: &T,
    ) -> serde_json::Result<()> {
        self.0.insert(name.into(), serde_json::value::to_raw_value(value)?);
        Ok(())
    }

    /// Removes a member, and returns whether it was there.
    pub fn remove(&mut self, name: &str) -> bool {
        self.0.remove(name).is_some()
    }

    /// Returns whether there is a member `name`.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Returns the number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Parses a JSON text. A number beyond the range of an `f64`, which no [`Value`] can hold, is a text.
fn value_of(text: &str) -> Value {
    crate::decode::decode(text, "").unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// Converts a typed value into JSON. A number that no [`Value`] can hold is a text.
///
/// # Errors
///
/// Returns an error if `typed` can't be written as JSON.
pub(crate) fn to_value<T: Serialize + ?Sized>(typed: &T) -> serde_json::Result<Value> {
    serde_json::to_value(typed)
        .or_else(|_| serde_json::to_string(typed).map(|text| value_of(&text)))
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = self.0.iter().map(|(name, value)| (name, Text(value.get())));
        f.debug_map().entries(members).finish()
    }
}

/// Prints a JSON text as it is.
struct Text<'t>(&'t str);

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Members are equal if their JSON texts are.
impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.0.iter().all(|(name, value)| other.text(name) == Some(value.get()))
    }
}

impl Eq for Extra {}

impl Fill for Extra {
    fn is_empty(&self) -> bool {
        Self::is_empty(self)
    }
}

impl Extend<(String, Box<RawValue>)> for Extra {
    fn extend<I: IntoIterator<Item = (String, Box<RawValue>)>>(&mut self, members: I) {
        self.0.extend(members);
    }
}

impl From<serde_json::Map<String, Value>> for Extra {
    fn from(members: serde_json::Map<String, Value>) -> Self {
        let raw = |value: Value| RawValue::from_string(value.to_string()).ok();
        Self(members.into_iter().filter_map(|(name, value)| Some((name, raw(value)?))).collect())
    }
}

/// Iterates over the names and the values, whose JSON text is [`RawValue::get`].
impl<'e> IntoIterator for &'e Extra {
    type Item = (&'e String, &'e Box<RawValue>);
    type IntoIter = btree_map::Iter<'e, String, Box<RawValue>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Extra;
    use crate::record;

    #[derive(Clone, Debug, PartialEq)]
    struct Plan {
        id: Option<i64>,
        extra: Extra,
    }

    record!(Plan { 0 optional id "id", .. extra });

    fn read(text: &str) -> Plan {
        crate::decode::decode(text, "").unwrap()
    }

    #[test]
    fn a_value_is_written_back_as_it_came() {
        for value in [
            "119.90",
            "123456789012345678901",
            "-0.0",
            "1e400",
            "1E+2",
            r#""a\u0062\/""#,
            r#"{"b":1.0,"a":[2.50,null]}"#,
            "null",
        ] {
            let text = format!(r#"{{"id":7,"novo":{value}}}"#);
            let plan = read(&text);
            assert_eq!(serde_json::to_string(&plan).unwrap(), text);
            assert_eq!(plan.extra.text("novo"), Some(value));
            assert_eq!(plan, plan.clone());
        }
    }

    #[test]
    fn a_value_can_be_looked_at() {
        let plan = read(r#"{"a":[1],"b":1e400,"c":"x"}"#);
        assert_eq!(plan.extra.get("a"), Some(json!([1])));
        assert_eq!(plan.extra.get("b"), Some(json!("1e400")), "no `Value` can hold it");
        assert_eq!(plan.extra.get("d"), None);
        assert_eq!(plan.extra.decode::<Vec<u8>>("a").unwrap().unwrap(), [1]);
        assert!(plan.extra.decode::<u8>("c").unwrap().is_err());
        assert_eq!(format!("{:?}", plan.extra), r#"{"a": [1], "b": 1e400, "c": "x"}"#);
        let names: Vec<&String> = plan.extra.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "b", "c"]);
    }

    #[test]
    fn members_are_set_and_removed() {
        let mut extra = Extra::default();
        assert!(extra.is_empty());
        extra.insert("a", "x").unwrap();
        extra.insert("a", &[1.5]).unwrap();
        assert!(extra.insert("b", &std::collections::BTreeMap::from([((), 1)])).is_err());
        assert_eq!((extra.len(), extra.text("a")), (1, Some("[1.5]")));
        assert!(extra.remove("a") && !extra.remove("a") && !extra.contains("a"));
        let Value::Object(members) = json!({"n": 1, "t": "x"}) else { unreachable!() };
        assert_eq!(Extra::from(members).text("t"), Some("\"x\""));
    }
}
