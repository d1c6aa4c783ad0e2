//! The members of a JSON object to the fields of a type, and back.
//!
//! serde's derive writes this machine out for every type, which for a client
//! of two hundred types costs its users more than compiling the HTTP client
//! underneath. Here it is written once; a generated type says only which
//! member is which field.
//!
//! Invariants:
//!
//! * What is read and written is what serde's derive would read and write, and
//!   so are the words and the place of an error.
//! * Members are read as they come: nothing is kept as JSON in between, but for
//!   unions, whose branches are tried one by one.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, IgnoredAny, Visitor};
use serde_json::Value;

use crate::scalars::IntOrString;

pub use serde::de::MapAccess;
pub use serde::ser::SerializeMap;
pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A type whose fields are the members of a JSON object.
pub trait Record: Sized {
    /// Its name in Rust, for errors.
    const NAME: &'static str;

    /// The members' names on the wire; `read` and [`Members::next`] call them by their place here.
    const MEMBERS: &'static [&'static str];

    /// Reads all members.
    ///
    /// # Errors
    ///
    /// One that is required is missing, or one does not fit.
    fn read<'de, M: MapAccess<'de>>(members: &mut Members<M>) -> Result<Self, M::Error>;

    /// Writes all members.
    fn write<M: SerializeMap>(&self, members: &mut Written<M>);
}

/// Reads a record.
///
/// # Errors
///
/// What comes is no object, or does not fit.
pub fn read<'de, T: Record, D: Deserializer<'de>>(json: D) -> Result<T, D::Error> {
    json.deserialize_map(Whole(PhantomData))
}

/// Writes a record.
///
/// # Errors
///
/// Whatever stops the writer.
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
        let names = T::MEMBERS;
        T::read(&mut Members { map, names, seen: vec![false; names.len()], next: 0, other: String::new() })
    }
}

/// The members of an object that is being read.
#[derive(Debug)]
pub struct Members<M> {
    map: M,
    names: &'static [&'static str],
    seen: Vec<bool>,
    /// The member that most likely comes next: most senders keep one order.
    next: usize,
    /// The name of the member at hand, if no field is called so.
    other: String,
}

impl<'de, M: MapAccess<'de>> Members<M> {
    /// Goes on to the next member, and gives its place among the known ones. A
    /// place beyond them is that of a member that nobody knows.
    ///
    /// # Errors
    ///
    /// It comes for the second time, or the text breaks off.
    #[expect(clippy::should_implement_trait, reason = "an iterator does not lend itself for reading")]
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

    /// Reads the member at hand into a field that may be missing.
    ///
    /// # Errors
    ///
    /// It does not fit.
    pub fn value<T: Deserialize<'de>>(&mut self, field: &mut T) -> Result<(), M::Error> {
        *field = self.map.next_value()?;
        Ok(())
    }

    /// Reads the member at hand into a field that must be there.
    ///
    /// # Errors
    ///
    /// It does not fit.
    pub fn required<T: Deserialize<'de>>(&mut self, field: &mut Option<T>) -> Result<(), M::Error> {
        *field = Some(self.map.next_value()?);
        Ok(())
    }

    /// Keeps the member at hand under its name.
    ///
    /// # Errors
    ///
    /// It does not fit.
    pub fn other<T: Deserialize<'de>>(
        &mut self,
        others: &mut impl Extend<(String, T)>,
    ) -> Result<(), M::Error> {
        let value = self.map.next_value()?;
        others.extend([(std::mem::take(&mut self.other), value)]);
        Ok(())
    }

    /// Passes over the member at hand.
    ///
    /// # Errors
    ///
    /// The text breaks off.
    pub fn skip(&mut self) -> Result<(), M::Error> {
        self.map.next_value::<IgnoredAny>().map(drop)
    }

    /// Returns the field at `place`, which must have come.
    ///
    /// # Errors
    ///
    /// It did not come.
    pub fn come<T>(&self, place: usize, field: Option<T>) -> Result<T, M::Error> {
        field.ok_or_else(|| M::Error::missing_field(self.names[place]))
    }
}

/// Finds a name among those of a record.
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
    /// Kept back, so that [`Record::write`] has no error to pass on.
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

    /// Writes a member unless it is empty.
    pub fn filled<T: Serialize + Fill>(&mut self, name: &str, value: &T) {
        if !value.is_empty() {
            self.required(name, value);
        }
    }

    /// Writes the members that nobody knows.
    pub fn others<'v, T: Serialize + 'v>(&mut self, others: impl IntoIterator<Item = (&'v String, &'v T)>) {
        for (name, value) in others {
            self.required(name, value);
        }
    }
}

/// A list or a map.
pub trait Fill {
    /// Whether it holds nothing.
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

/// Reads a value that is parsed from its text.
///
/// # Errors
///
/// It is no text, or does not parse.
pub fn parsed<'de, T: FromStr<Err: fmt::Display>, D: Deserializer<'de>>(json: D) -> Result<T, D::Error> {
    String::deserialize(json)?.parse().map_err(D::Error::custom)
}

/// Turns a number that was read into a value.
///
/// # Errors
///
/// There is no such value.
pub fn converted<T: TryFrom<i64, Error: fmt::Display>, E: serde::de::Error>(number: i64) -> Result<T, E> {
    T::try_from(number).map_err(E::custom)
}

/// Reads an integer.
///
/// # Errors
///
/// It is none.
pub fn integer<'de, D: Deserializer<'de>>(json: D) -> Result<i64, D::Error> {
    i64::deserialize(json)
}

/// Reads an integer that may come as text.
///
/// # Errors
///
/// It is none.
pub fn integer_or_text<'de, D: Deserializer<'de>>(json: D) -> Result<i64, D::Error> {
    let wire = IntOrString::deserialize(json)?;
    wire.as_i64().ok_or_else(|| D::Error::custom("expected an integer, or one as text"))
}

/// A value of a union, before its branch is known.
///
/// # Errors
///
/// It is no JSON.
pub fn any<'de, D: Deserializer<'de>>(json: D) -> Result<Value, D::Error> {
    Value::deserialize(json)
}

/// The value as one branch of a union, if it fits.
pub fn branch<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// The error for a value that fits no branch of the union `name`.
pub fn no_branch<E: serde::de::Error>(name: &str) -> E {
    E::custom(format_args!("data did not match any variant of untagged enum {name}"))
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_json::{Map, Value};

    use super::{any, branch, no_branch};

    /// What the derive makes of the same type: the words of errors must not differ.
    #[derive(Debug, PartialEq, Deserialize, Serialize)]
    #[serde(rename = "Ticket")]
    struct Derived {
        id: i64,
        #[serde(deserialize_with = "Option::deserialize", default)]
        closed: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        rate: Option<u8>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notes: Vec<String>,
        #[serde(flatten)]
        extra: Map<String, Value>,
    }

    #[derive(Debug)]
    struct Ticket {
        id: i64,
        closed: Option<String>,
        rate: Option<u8>,
        notes: Vec<String>,
        extra: Map<String, Value>,
    }

    crate::record!(Ticket {
        0 required id "id",
        1 nullable closed "closed",
        2 optional rate "rate",
        3 filled notes "notes",
        .. extra
    });

    impl From<Ticket> for Derived {
        fn from(Ticket { id, closed, rate, notes, extra }: Ticket) -> Self {
            Self { id, closed, rate, notes, extra }
        }
    }

    /// Objects that fit, and what they are written as again.
    const FITTING: &[(&str, &str)] = &[
        (r#"{"id":1}"#, r#"{"id":1,"closed":null}"#),
        (r#"{"closed":null,"rate":null,"notes":[],"id":1}"#, r#"{"id":1,"closed":null}"#),
        (r#"{"x":[0.1],"id":1,"rate":2}"#, r#"{"id":1,"closed":null,"rate":2,"x":[0.1]}"#),
        (
            r#"{"notes":["a"],"rate":2,"closed":"b","id":1}"#,
            r#"{"id":1,"closed":"b","rate":2,"notes":["a"]}"#,
        ),
    ];

    #[test]
    fn a_record_is_read_and_written_as_the_derive_does() {
        for &(text, again) in FITTING {
            let read: Ticket = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), again, "text {text}");
            assert_eq!(Derived::from(read), serde_json::from_str(text).unwrap(), "text {text}");
        }
    }

    /// What does not fit.
    const MISFITS: &[&str] = &[
        "[]",
        "7",
        "{}",
        r#"{"closed":"b"}"#,
        r#"{"id":null}"#,
        r#"{"id":1,"id":2}"#,
        r#"{"id":1,"rate":300}"#,
        r#"{"id":1,"notes":null}"#,
        r#"{"id":1"#,
    ];

    #[test]
    fn a_misfit_is_told_in_the_words_of_the_derive() {
        for text in MISFITS {
            let ours = serde_json::from_str::<Ticket>(text).unwrap_err();
            let derived = serde_json::from_str::<Derived>(text).unwrap_err();
            assert_eq!(ours.to_string(), derived.to_string(), "text {text}");
        }
    }

    #[test]
    fn a_union_is_its_first_branch_that_fits() {
        let value = any(&mut serde_json::Deserializer::from_str(r#"["a"]"#)).unwrap();
        assert_eq!(branch::<i64>(&value), None);
        assert_eq!(branch::<Vec<String>>(&value), Some(vec!["a".to_owned()]));
        let error: serde_json::Error = no_branch("Id");
        assert_eq!(error.to_string(), "data did not match any variant of untagged enum Id");
    }
}
