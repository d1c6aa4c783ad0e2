//! Joins a value with the places of its members into one tree, so that both change together.

use serde_json::{Map, Value};

use super::build::Place;

/// A value that knows its place.
#[derive(Clone)]
pub(super) struct Tree {
    /// The place, without those of the members.
    pub(super) place: Place,
    pub(super) held: Held,
}

/// The content of a [`Tree`].
#[derive(Clone)]
pub(super) enum Held {
    Scalar(Value),
    List(Vec<Tree>),
    Mapping(Members),
}

/// The members of a mapping, in order.
#[derive(Clone, Default)]
pub(super) struct Members(pub(super) Vec<(String, Tree)>);

impl Tree {
    /// Joins a value and its places, which have the same members.
    pub(super) fn of(value: Value, mut place: Place) -> Self {
        let below = std::mem::take(&mut place.below).into_iter();
        let held = match value {
            Value::Array(items) => Held::List(
                items.into_iter().zip(below).map(|(item, at)| Self::of(item, at)).collect(),
            ),
            Value::Object(members) => {
                let members = members.into_iter().zip(below);
                Held::Mapping(Members(
                    members.map(|((name, value), at)| (name, Self::of(value, at))).collect(),
                ))
            }
            scalar => Held::Scalar(scalar),
        };
        Self { place, held }
    }

    /// Parts the tree into the value and its places.
    pub(super) fn parted(self) -> (Value, Place) {
        let Self { mut place, held } = self;
        let value = match held {
            Held::Scalar(scalar) => scalar,
            Held::List(items) => {
                let parted = items.into_iter().map(Self::parted);
                let (items, below) = parted.unzip();
                place.below = below;
                Value::Array(items)
            }
            Held::Mapping(Members(members)) => {
                let mut values = Map::with_capacity(members.len());
                for (name, member) in members {
                    let (value, at) = member.parted();
                    values.insert(name, value);
                    place.below.push(at);
                }
                Value::Object(values)
            }
        };
        (value, place)
    }

    /// Shifts the file indices behind those of `n_before` other files.
    pub(super) fn renumber(&mut self, n_before: u32) {
        self.place.source += n_before;
        match &mut self.held {
            Held::Scalar(_) => {}
            Held::List(items) => items.iter_mut().for_each(|item| item.renumber(n_before)),
            Held::Mapping(Members(members)) => {
                members.iter_mut().for_each(|(_, member)| member.renumber(n_before));
            }
        }
    }

    /// Adds a member below these keys of mappings, which are added where there are none. A value of
    /// another kind on the way stays, and the member is left out.
    pub(super) fn add(&mut self, way: &[&str], name: &str, member: Self) {
        let empty = self.beside(Held::Mapping(Members::default()));
        let Held::Mapping(members) = &mut self.held else { return };
        let Some((first, rest)) = way.split_first() else { return members.set(name, member) };
        if !members.has(first) {
            members.set(first, empty);
        }
        if let Some(next) = members.get_mut(first) {
            next.add(rest, name, member);
        }
    }

    /// Makes a tree at the place of `self`.
    pub(super) fn beside(&self, held: Held) -> Self {
        Self { place: self.place.clone(), held }
    }

    /// Makes a text or another scalar at the place of `self`.
    pub(super) fn scalar(&self, value: impl Into<Value>) -> Self {
        self.beside(Held::Scalar(value.into()))
    }

    pub(super) fn as_scalar(&self) -> Option<&Value> {
        match &self.held {
            Held::Scalar(value) => Some(value),
            Held::List(_) | Held::Mapping(_) => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        self.as_scalar()?.as_str()
    }

    pub(super) fn as_list(&self) -> Option<&Vec<Self>> {
        match &self.held {
            Held::List(items) => Some(items),
            Held::Scalar(_) | Held::Mapping(_) => None,
        }
    }

    pub(super) fn as_mapping(&self) -> Option<&Members> {
        match &self.held {
            Held::Mapping(members) => Some(members),
            Held::Scalar(_) | Held::List(_) => None,
        }
    }
}

impl Members {
    pub(super) fn get(&self, name: &str) -> Option<&Tree> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, member)| member)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Tree> {
        self.0.iter_mut().find(|(key, _)| key == name).map(|(_, member)| member)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Removes a member and returns it.
    pub(super) fn take(&mut self, name: &str) -> Option<Tree> {
        let index = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(index).1)
    }

    /// Adds a member, in the place of one with the same name if there is one.
    pub(super) fn set(&mut self, name: &str, member: Tree) {
        match self.get_mut(name) {
            Some(there) => *there = member,
            None => self.0.push((name.to_owned(), member)),
        }
    }

    /// Adds an item to a member that is a list, and the list if there is none.
    pub(super) fn add_to(&mut self, name: &str, item: Tree) {
        match self.get_mut(name) {
            Some(Tree { held: Held::List(items), .. }) => items.push(item),
            Some(_) => {}
            None => {
                let list = Tree { place: item.place.clone(), held: Held::List(vec![item]) };
                self.0.push((name.to_owned(), list));
            }
        }
    }
}
