//! Maps the members of a JSON object to the fields of a type, and back.
//!
//! serde's derive repeats this code for every type. For a client with two hundred types that costs
//! its users more compile time than the HTTP client. Here it exists once, and a generated type only
//! says which member is which field.
//!
//! Invariants:
//!
//! * It reads and writes exactly what serde's derive would, with the same error messages and
//!   places.
//! * Members are read as they arrive, without an intermediate JSON value. The exception is unions,
//!   whose branches are tried one by one.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, IgnoredAny, Visitor};
use serde_json::Value;

use crate::scalars::IntOrString;
use crate::weight;

pub use serde::de::MapAccess;
pub use serde::ser::SerializeMap;
pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A type whose fields are the members of a JSON object.
pub trait Record: Sized {
    /// The Rust name of the type, for errors.
    const NAME: &'static str;

    /// The members' names on the wire. `read` and [`Members::next`] refer to them by their index.
    const MEMBERS: &'static [&'static str];

    /// Reads all members.
    ///
    /// # Errors
    ///
    /// Returns an error if a required member is missing or a member does not fit.
    fn read<'de, M: MapAccess<'de>>(members: &mut Members<M>) -> Result<Self, M::Error>;

    /// Writes all members.
    fn write<M: SerializeMap>(&self, members: &mut Written<M>);
}

/// Reads a record.
///
/// # Errors
///
/// Returns an error if the input is not an object or does not fit.
pub fn read<'de, T: Record, D: Deserializer<'de>>(json: D) -> Result<T, D::Error> {
    json.deserialize_map(Whole(PhantomData))
}

/// Writes a record.
///
/// # Errors
///
/// Returns any error of the writer.
pub fn write<T: Record, S: Serializer>(record: &T, json: S) -> Result<S::Ok, S::Error> {
    let mut members = Written { map: json.serialize_map(None)?, outcome: Ok(()) };
    record.write(&mut members);
    members.outcome?;
    members.map.end()
}

struct Whole<T>(PhantomData<T>);

impl<'de, T: Record> Visitor<'de> for Whole<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", T::NAME)
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<T, M::Error> {
        if !weight::take(size_of::<T>()) {
            return Err(M::Error::custom("too large"));
        }
        let names = T::MEMBERS;
        T::read(&mut Members {
            map,
            names,
            seen: vec![false; names.len()],
            next: 0,
            other: String::new(),
        })
    }
}

/// The members of an object that is being read.
#[derive(Debug)]
pub struct Members<M> {
    map: M,
    names: &'static [&'static str],
    seen: Vec<bool>,
    /// Index of the member that most likely comes next, because most senders keep one order.
    next: usize,
    /// Name of the current member, if it is unknown.
    other: String,
}

impl<'de, M: MapAccess<'de>> Members<M> {
    /// Advances to the next member and returns its index. An index out of range means that the
    /// member is unknown.
    ///
    /// # Errors
    ///
    /// Returns an error if the member is a duplicate or the text ends early.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator can't lend itself to read a value"
    )]
    pub fn next(&mut self) -> Result<Option<usize>, M::Error> {
        let names = Names { names: self.names, next: self.next };
        Ok(match self.map.next_key_seed(names)? {
            None => None,
            Some(Name::Known(place)) => {
                if std::mem::replace(&mut self.seen[place], true) {
                    return Err(M::Error::duplicate_field(self.names[place]));
                }
                self.next = place + 1;
                Some(place)
            }
            Some(Name::Other(name)) => {
                self.other = name;
                Some(usize::MAX)
            }
        })
    }

    /// Reads the current member into an optional field.
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not fit.
    pub fn value<T: Deserialize<'de>>(&mut self, field: &mut T) -> Result<(), M::Error> {
        *field = self.map.next_value()?;
        Ok(())
    }

    /// Reads the current member into a required field, or into one that tells null apart from left
    /// out.
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not fit.
    pub fn required<T: Deserialize<'de>>(&mut self, field: &mut Option<T>) -> Result<(), M::Error> {
        *field = Some(self.map.next_value()?);
        Ok(())
    }

    /// Keeps the current member under its name.
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not fit.
    pub fn other<T: Deserialize<'de>>(
        &mut self,
        others: &mut impl Extend<(String, T)>,
    ) -> Result<(), M::Error> {
        let value = self.map.next_value()?;
        others.extend([(std::mem::take(&mut self.other), value)]);
        Ok(())
    }

    /// Skips the current member.
    ///
    /// # Errors
    ///
    /// Returns an error if the text ends early.
    pub fn skip(&mut self) -> Result<(), M::Error> {
        self.map.next_value::<IgnoredAny>().map(drop)
    }

    /// Returns the field with the index `place`.
    ///
    /// # Errors
    ///
    /// Returns an error if the member is missing.
    pub fn come<T>(&self, place: usize, field: Option<T>) -> Result<T, M::Error> {
        field.ok_or_else(|| M::Error::missing_field(self.names[place]))
    }
}

/// Looks up a name among the members of a record.
struct Names {
    names: &'static [&'static str],
    next: usize,
}

enum Name {
    Known(usize),
    Other(String),
}

impl Names {
    fn place(&self, name: &str) -> Option<usize> {
        if self.names.get(self.next) == Some(&name) {
            return Some(self.next);
        }
        self.names.iter().position(|known| *known == name)
    }
}

impl<'de> DeserializeSeed<'de> for Names {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Name, D::Error> {
        json.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Names {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Name, E> {
        Ok(self.place(name).map_or_else(|| Name::Other(name.to_owned()), Name::Known))
    }
}

/// The members of an object that is being written.
#[derive(Debug)]
pub struct Written<M: SerializeMap> {
    map: M,
    /// The first error. It is kept, so that [`Record::write`] returns none.
    outcome: Result<(), M::Error>,
}

impl<M: SerializeMap> Written<M> {
    /// Writes a member.
    pub fn required<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        if self.outcome.is_ok() {
            self.outcome = self.map.serialize_entry(name, value);
        }
    }

    /// Writes a member, as null if there is no value.
    pub fn nullable<T: Serialize>(&mut self, name: &str, value: &Option<T>) {
        self.required(name, value);
    }

    /// Writes a member if there is a value.
    pub fn optional<T: Serialize>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.required(name, value);
        }
    }

    /// Writes a member if it is not left out: its value, or null.
    pub fn clearable<T: Serialize>(&mut self, name: &str, value: &Option<Option<T>>) {
        self.optional(name, value);
    }

    /// Writes a member unless it is empty.
    pub fn filled<T: Serialize + Fill>(&mut self, name: &str, value: &T) {
        if !value.is_empty() {
            self.required(name, value);
        }
    }

    /// Writes the unknown members.
    pub fn others<'v, T: Serialize + 'v>(
        &mut self,
        others: impl IntoIterator<Item = (&'v String, &'v T)>,
    ) {
        for (name, value) in others {
            self.required(name, value);
        }
    }
}

/// A list or a map.
pub trait Fill {
    /// Returns whether it has no items or members.
    fn is_empty(&self) -> bool;
}

impl<T> Fill for Vec<T> {
    fn is_empty(&self) -> bool {
        Self::is_empty(self)
    }
}

impl<K, V> Fill for BTreeMap<K, V> {
    fn is_empty(&self) -> bool {
        Self::is_empty(self)
    }
}

impl Fill for serde_json::Map<String, Value> {
    fn is_empty(&self) -> bool {
        Self::is_empty(self)
    }
}

/// Reads a text and parses it into a value.
///
/// # Errors
///
/// Returns an error if the value is not a text, or if it does not parse.
pub fn parsed<'de, T: FromStr<Err: fmt::Display>, D: Deserializer<'de>>(
    json: D,
) -> Result<T, D::Error> {
    String::deserialize(json)?.parse().map_err(D::Error::custom)
}

/// Converts a number into a value.
///
/// # Errors
///
/// Returns an error if no value has this number.
pub fn converted<T: TryFrom<i64, Error: fmt::Display>, E: serde::de::Error>(
    number: i64,
) -> Result<T, E> {
    T::try_from(number).map_err(E::custom)
}

/// Reads an integer.
///
/// # Errors
///
/// Returns an error if the value is not an integer.
pub fn integer<'de, D: Deserializer<'de>>(json: D) -> Result<i64, D::Error> {
    i64::deserialize(json)
}

/// Reads an integer that may be written as text.
///
/// # Errors
///
/// Returns an error if the value is not an integer.
pub fn integer_or_text<'de, D: Deserializer<'de>>(json: D) -> Result<i64, D::Error> {
    let wire = IntOrString::deserialize(json)?;
    wire.as_i64().ok_or_else(|| D::Error::custom("expected an integer, or one as text"))
}

/// Reads a value of a union, whose branch is not known yet.
///
/// # Errors
///
/// Returns an error if it is not JSON.
pub fn any<'de, D: Deserializer<'de>>(json: D) -> Result<Value, D::Error> {
    Value::deserialize(json)
}

/// Decodes the value as one branch of a union, if it fits.
pub fn branch<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// Returns whether the member `tag` of an object has a value other than those `known`.
///
/// A tag that is missing, null, a list or an object names no branch at all.
pub fn has_other_tag(value: &Value, tag: &str, known: &[Value]) -> bool {
    let scalar = |tag: &&Value| tag.is_string() || tag.is_number() || tag.is_boolean();
    value.get(tag).filter(scalar).is_some_and(|tag| !known.contains(tag))
}

/// Returns the error for a value that fits no branch of the union `name`.
pub fn no_branch<E: serde::de::Error>(name: &str) -> E {
    E::custom(format_args!("data did not match any variant of untagged enum {name}"))
}

#[cfg(test)]
mod tests;
