//! Reads an object that is sent as an empty list when there is none.
//!
//! PHP has a single array type and writes every empty array as `[]`, even where a filled one would
//! be an object.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A `T`, or no value, which is `[]` on the wire.
///
/// It works like an `Option` and converts from an `Option` or a `T`. A value that was read as `[]`
/// is written as `[]` again.
///
/// ```
/// use prumo_runtime::EmptyOr;
/// use std::collections::BTreeMap;
///
/// let none: EmptyOr<BTreeMap<String, i64>> = serde_json::from_str("[]")?;
/// assert_eq!(none.get(), None);
/// let some: EmptyOr<BTreeMap<String, i64>> = serde_json::from_str(r#"{"a":1}"#)?;
/// assert_eq!(some.get().map(BTreeMap::len), Some(1));
/// # Ok::<(), serde_json::Error>(())
/// ```
// Boxed, so that a type can contain itself.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmptyOr<T>(Option<Box<T>>);

impl<T> EmptyOr<T> {
    /// Creates it without a value: `[]`.
    #[must_use]
    pub fn empty() -> Self {
        Self(None)
    }

    /// Returns the value, or `None` for `[]`.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.0.as_deref()
    }

    /// Converts it into the value, or `None` for `[]`.
    #[must_use]
    pub fn into_option(self) -> Option<T> {
        self.0.map(|value| *value)
    }

    /// Returns whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl<T> Default for EmptyOr<T> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<T> From<T> for EmptyOr<T> {
    fn from(value: T) -> Self {
        Self(Some(Box::new(value)))
    }
}

impl<T> From<Option<T>> for EmptyOr<T> {
    fn from(value: Option<T>) -> Self {
        Self(value.map(Box::new))
    }
}

impl<T> From<EmptyOr<T>> for Option<T> {
    fn from(value: EmptyOr<T>) -> Self {
        value.into_option()
    }
}

impl<T: fmt::Debug> fmt::Debug for EmptyOr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.get() {
            Some(value) => value.fmt(f),
            None => f.write_str("[]"),
        }
    }
}

impl<T: Serialize> Serialize for EmptyOr<T> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self.get() {
            Some(value) => value.serialize(out),
            None => out.serialize_seq(Some(0))?.end(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for EmptyOr<T> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(EmptyOrVisitor(PhantomData))
    }
}

struct EmptyOrVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EmptyOrVisitor<T> {
    type Value = EmptyOr<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an empty list")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<EmptyOr<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(EmptyOr::from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<EmptyOr<T>, A::Error> {
        match items.next_element::<IgnoredAny>()? {
            None => Ok(EmptyOr::empty()),
            Some(_) => Err(serde::de::Error::invalid_length(1, &self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};

    use super::EmptyOr;
    use crate::decode::decode;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Person {
        name: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        boss: Option<EmptyOr<Person>>,
        #[serde(flatten)]
        extra: BTreeMap<String, serde_json::Value>,
    }

    #[test]
    fn what_is_read_is_written_as_it_came() {
        let cases = [
            ("[]", None),
            (r#"{"name":"Ana"}"#, Some("Ana")),
            (r#"{"name":"Ana","boss":[]}"#, Some("Ana")),
            (r#"{"name":"Ana","boss":{"name":"Bruno","boss":[],"novo":1}}"#, Some("Ana")),
        ];
        for (json, name) in cases {
            let person: EmptyOr<Person> = decode(json, "").unwrap();
            assert_eq!(person.get().map(|person| person.name.as_str()), name, "json {json}");
            assert_eq!(person.is_empty(), name.is_none());
            assert_eq!(serde_json::to_string(&person).unwrap(), json);
            assert_eq!(EmptyOr::from(person.clone().into_option()), person);
        }
    }

    #[test]
    fn what_is_neither_is_refused_where_it_stands() {
        let cases = [
            ("[1]", "", "expected an object or an empty list"),
            ("null", "", "expected an object or an empty list, found null"),
            (r#""""#, "", "expected an object or an empty list, found a string"),
            (r#"{"name":7}"#, "/name", "expected a string, found an integer"),
            (
                r#"{"name":"Ana","boss":{"name":7}}"#,
                "/boss/name",
                "expected a string, found an integer",
            ),
        ];
        for (json, pointer, what) in cases {
            let misfit = decode::<EmptyOr<Person>>(json, "").unwrap_err();
            assert_eq!(
                (misfit.pointer.as_str(), misfit.what.as_str()),
                (pointer, what),
                "json {json}"
            );
        }
    }

    #[test]
    fn nothing_looks_like_the_wire() {
        assert_eq!(format!("{:?}", EmptyOr::<i64>::default()), "[]");
        assert_eq!(format!("{:?}", EmptyOr::from(7)), "7");
    }
}
