//! Holds the facts of records, independent of how an answer spells them.
//!
//! One answer has a date as `DD/MM/YYYY` and the next as milliseconds, a customer as an object here
//! and as a name there. So a record is kept as facts, and [`Teller`](crate::tell::Teller) spells
//! them as the shape of an answer asks.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::record::Key;

/// One fact of a record.
#[derive(Clone, Debug)]
pub(crate) enum Fact {
    /// A value that is spelled as it is.
    Json(Value),
    /// A moment, spelled by the format of its field.
    Time(Timestamp),
    /// An object that belongs to this record alone.
    Own(Facts),
    /// Another record.
    Link(Key),
    /// Another record without these members, which a list leaves out.
    Less(Key, &'static [&'static str]),
    /// A list.
    List(Vec<Fact>),
    /// Several spellings of one fact; the first that fits is used.
    Either(Vec<Fact>),
    /// A value that is made up from this seed, as the spec promises it.
    Made(u64),
}

impl Fact {
    fn own_mut(&mut self) -> Option<&mut Facts> {
        match self {
            Self::Own(facts) => Some(facts),
            _ => None,
        }
    }
}

/// Facts by the vendor's names for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    by_name: BTreeMap<Cow<'static, str>, Fact>,
    /// The seed of all unknown members; with `None` they are null or absent.
    pub(crate) rest: Option<u64>,
}

impl Facts {
    /// Makes an empty set of facts.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Makes an empty set whose unknown members are made up from this seed.
    pub(crate) fn made(seed: u64) -> Self {
        Self { rest: Some(seed), ..Self::default() }
    }

    /// Adds a fact.
    pub(crate) fn with(
        mut self,
        name: impl Into<Cow<'static, str>>,
        fact: impl Into<Fact>,
    ) -> Self {
        self.set(name, fact);
        self
    }

    /// Sets a fact, in place of the one of that name.
    pub(crate) fn set(&mut self, name: impl Into<Cow<'static, str>>, fact: impl Into<Fact>) {
        self.by_name.insert(name.into(), fact.into());
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Fact> {
        self.by_name.get(name)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Fact> {
        self.by_name.get_mut(name)
    }

    /// Returns the fact that a JSON Pointer leads to, through facts within facts.
    pub(crate) fn at_mut(&mut self, pointer: &str) -> Option<&mut Fact> {
        let (around, name) = pointer.rsplit_once('/')?;
        let steps = around.split('/').skip(1);
        let around =
            steps.into_iter().try_fold(self, |facts, step| facts.get_mut(step)?.own_mut())?;
        around.get_mut(name)
    }

    /// Sets the fact that a JSON Pointer leads to, and makes the objects on the way.
    pub(crate) fn set_at(&mut self, pointer: &str, fact: impl Into<Fact>) {
        let Some((around, name)) = pointer.rsplit_once('/') else { return };
        let around = around.split('/').skip(1).try_fold(self, |facts, step| {
            let step = Cow::Owned(step.to_owned());
            facts.by_name.entry(step).or_insert_with(|| Self::new().into()).own_mut()
        });
        if let Some(around) = around {
            around.set(name.to_owned(), fact);
        }
    }

    /// Returns a fact as text; `None` unless it is a text, a number or a boolean.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Fact::Json(value) => plain(value),
            Fact::Either(ways) => ways.iter().find_map(|way| match way {
                Fact::Json(value) => plain(value),
                _ => None,
            }),
            _ => None,
        }
    }

    /// Returns whether the fact of this name reads as this text.
    pub(crate) fn is(&self, name: &str, wanted: &str) -> bool {
        match self.get(name) {
            Some(Fact::Json(Value::String(text))) => text == wanted,
            _ => self.text(name).as_deref() == Some(wanted),
        }
    }

    /// Returns the record that a fact leads to.
    pub(crate) fn link(&self, name: &str) -> Option<Key> {
        match self.get(name)? {
            Fact::Link(key) => Some(*key),
            Fact::Either(ways) => ways.iter().find_map(|way| match way {
                Fact::Link(key) => Some(*key),
                _ => None,
            }),
            _ => None,
        }
    }

    /// Returns the moment of a fact.
    pub(crate) fn time(&self, name: &str) -> Option<Timestamp> {
        match self.get(name)? {
            Fact::Time(time) => Some(*time),
            _ => None,
        }
    }

    /// Removes the facts of these names.
    pub(crate) fn without(mut self, names: &[&str]) -> Self {
        self.by_name.retain(|name, _| !names.contains(&name.as_ref()));
        self
    }

    /// Adds an item to the list of this name, and makes the list if it is absent.
    pub(crate) fn push(&mut self, name: &'static str, item: impl Into<Fact>) {
        match self.by_name.get_mut(name) {
            Some(Fact::List(items)) => items.push(item.into()),
            _ => self.set(name, Fact::List(vec![item.into()])),
        }
    }
}

/// Returns a value as text; `None` if it is null, a list or an object.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(bool) => Some(bool.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

impl<T: Into<Fact>> From<Option<T>> for Fact {
    fn from(fact: Option<T>) -> Self {
        fact.map_or(Self::Json(Value::Null), Into::into)
    }
}

impl From<Value> for Fact {
    fn from(value: Value) -> Self {
        Self::Json(value)
    }
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Json(Value::from(text))
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::Json(Value::from(text))
    }
}

impl From<bool> for Fact {
    fn from(bool: bool) -> Self {
        Self::Json(Value::from(bool))
    }
}

impl From<i64> for Fact {
    fn from(number: i64) -> Self {
        Self::Json(Value::from(number))
    }
}

impl From<u64> for Fact {
    fn from(number: u64) -> Self {
        Self::Json(Value::from(number))
    }
}

impl From<f64> for Fact {
    fn from(number: f64) -> Self {
        Self::Json(Value::from(number))
    }
}

impl From<Timestamp> for Fact {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}

impl From<Facts> for Fact {
    fn from(facts: Facts) -> Self {
        Self::Own(facts)
    }
}

impl From<Key> for Fact {
    fn from(key: Key) -> Self {
        Self::Link(key)
    }
}

impl From<Vec<Fact>> for Fact {
    fn from(items: Vec<Fact>) -> Self {
        Self::List(items)
    }
}
