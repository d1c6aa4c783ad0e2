//! Holds a value that most places lack, in the room of a pointer.
//!
//! A large spec has a hundred thousand shapes. Few of them have limits, and a promised one has no
//! observations.

use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that takes no room while it is the default one.
///
/// It reads and is written like the value itself:
///
/// ```
/// use prumo_drift::Shape;
///
/// let mut shape = Shape::any();
/// assert_eq!(shape.bounds.max_length, None);
/// shape.bounds.max_length = Some(40);
/// assert_eq!(shape.bounds.max_length, Some(40));
/// ```
#[derive(Clone, Debug)]
pub struct Rare<T>(Option<Box<T>>);

/// A type whose default value is a constant.
pub trait Lacking: Default + PartialEq + 'static {
    /// Returns the default value.
    fn lacking() -> &'static Self;
}

impl<T> Default for Rare<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Lacking> From<T> for Rare<T> {
    fn from(value: T) -> Self {
        Self((value != *T::lacking()).then(|| Box::new(value)))
    }
}

impl<T: Lacking> Deref for Rare<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match &self.0 {
            Some(value) => value,
            None => T::lacking(),
        }
    }
}

impl<T: Lacking> DerefMut for Rare<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_or_insert_default()
    }
}

impl<T: Lacking> PartialEq for Rare<T> {
    fn eq(&self, other: &Self) -> bool {
        // Without a value on both sides, which is the most frequent case, nothing is compared.
        (self.0.is_none() && other.0.is_none()) || **self == **other
    }
}

impl<T: Lacking + Serialize> Serialize for Rare<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<'de, T: Lacking + Deserialize<'de>> Deserialize<'de> for Rare<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}
