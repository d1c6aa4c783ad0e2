//! Splits JSON into its parts without reading their numbers, which stay as they are spelled.
//!
//! Invariants:
//!
//! * Members keep their order. The last of two with the same name counts.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of a JSON object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Members(Vec<(String, Box<RawValue>)>);

impl Members {
    /// Splits an object. Returns `None` for any other JSON.
    pub(crate) fn of(json: &RawValue) -> Option<Self> {
        serde_json::from_str(json.get()).ok()
    }

    /// Returns the member `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&RawValue> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Sets the member `name`.
    pub(crate) fn set(&mut self, name: String, value: Box<RawValue>) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name, value)),
        }
    }

    /// Returns names and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), &**value))
    }

    /// Writes the object.
    pub(crate) fn json(&self) -> String {
        let member =
            |(name, value): (&str, &RawValue)| format!("{}:{value}", serde_json::Value::from(name));
        format!("{{{}}}", self.iter().map(member).collect::<Vec<_>>().join(","))
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Members::default();
                while let Some((name, value)) = map.next_entry()? {
                    members.set(name, value);
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// Splits a list. Returns `None` for any other JSON.
pub(crate) fn items(json: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json.get()).ok()
}

/// Returns the text of a scalar as a path, a header or a form holds it, and `None` for null, a list
/// and an object.
pub(crate) fn plain(json: &RawValue) -> Option<String> {
    match json.get().as_bytes().first()? {
        b'n' | b'[' | b'{' => None,
        b'"' => serde_json::from_str(json.get()).ok(),
        _ => Some(json.get().to_owned()),
    }
}
