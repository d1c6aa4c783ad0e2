//! Splits objects into names and raw values without parsing the values.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Names and values of an object's members.
pub(super) type Pairs<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// Up to this many members are compared pairwise, without sorting.
const FEW: usize = 12;

/// Returns a name that appears twice.
pub(super) fn twin<'p>(members: &'p Pairs<'_>) -> Option<&'p str> {
    if members.len() <= FEW {
        let mut rest = members.as_slice();
        while let [(name, _), behind @ ..] = rest {
            if behind.iter().any(|(other, _)| other == name) {
                return Some(name);
            }
            rest = behind;
        }
        return None;
    }
    let mut names: Vec<&str> = members.iter().map(|(name, _)| &**name).collect();
    names.sort_unstable();
    names.windows(2).find(|pair| pair.first() == pair.last()).and_then(|pair| pair.first().copied())
}

/// Returns the text of a JSON string, borrowed if it has no escapes.
pub(super) fn text_of(raw: &RawValue) -> Option<Cow<'_, str>> {
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        return serde_json::from_str(raw.get()).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inner))
}

/// Splits an object without parsing its members.
pub(super) struct Split;

impl<'de> Visitor<'de> for Split {
    type Value = Pairs<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(MEMBERS);
        while let Some(name) = next_name(&mut map)? {
            members.push((name, map.next_value()?));
        }
        Ok(members)
    }
}

impl<'de> DeserializeSeed<'de> for Split {
    type Value = Pairs<'de>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_map(self)
    }
}

/// Splits an exchange, and its response.
pub(super) struct SplitTwice<'s, 'de> {
    pub(super) answer: &'s mut Option<Pairs<'de>>,
}

impl<'de> Visitor<'de> for SplitTwice<'_, 'de> {
    type Value = Pairs<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an exchange")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(MEMBERS);
        while let Some(name) = next_name(&mut map)? {
            if name != "response" {
                members.push((name, map.next_value()?));
            } else if self.answer.replace(map.next_value_seed(Split)?).is_some() {
                return Err(A::Error::custom("two answers"));
            }
        }
        Ok(members)
    }
}

/// The number of members that most objects of the format have.
const MEMBERS: usize = 8;

fn next_name<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Cow<'de, str>>, A::Error> {
    let Some(name) = map.next_key::<&RawValue>()? else {
        return Ok(None);
    };
    text_of(name).map(Some).ok_or_else(|| A::Error::custom("a broken name"))
}
