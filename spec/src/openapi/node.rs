//! An object of a document with its place, and typed access to its members.
//!
//! Invariants:
//!
//! * A missing member is no error; a member of the wrong kind is an error at the member's place.
//! * A value that is not an object has no members.

use serde_json::{Map, Value};

use super::{OpenApi, SpecError, SpecFault, references};
use crate::bounds::Limit;
use crate::pointer::below;

/// A value of a document and the JSON Pointer to it; every view is based on one.
#[derive(Clone, Debug)]
pub struct Node<'d> {
    api: OpenApi<'d>,
    at: String,
    value: &'d Value,
}

impl<'d> Node<'d> {
    pub(super) fn new(api: OpenApi<'d>, at: String, value: &'d Value) -> Self {
        Self { api, at, value }
    }

    /// Returns the document.
    pub fn api(&self) -> OpenApi<'d> {
        self.api
    }

    /// Returns the JSON Pointer to it.
    pub fn at(&self) -> &str {
        &self.at
    }

    /// Returns the value itself.
    pub fn value(&self) -> &'d Value {
        self.value
    }

    /// Returns a member.
    pub fn get(&self, name: &str) -> Option<&'d Value> {
        self.value.get(name)
    }

    /// Returns whether it has a member of this name.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Returns a member with its place.
    pub fn child(&self, name: &str) -> Option<Self> {
        let value = self.get(name)?;
        Some(Self { api: self.api, at: below(&self.at, name), value })
    }

    /// Returns all members.
    ///
    /// # Errors
    ///
    /// Fails if it is not an object; the error says that `expected` belongs there.
    pub fn members(&self, expected: &'static str) -> Result<&'d Map<String, Value>, SpecError> {
        self.value.as_object().ok_or_else(|| self.fault(unfit(Some(self.value), expected)))
    }

    /// Returns itself if it is an object.
    ///
    /// # Errors
    ///
    /// Fails like [`Self::members`].
    pub fn object(self, expected: &'static str) -> Result<Self, SpecError> {
        self.members(expected)?;
        Ok(self)
    }

    /// Returns the members of the member `name` as nodes, or an empty list if it is missing.
    ///
    /// # Errors
    ///
    /// Fails if the member is not an object; the error says that `expected` belongs there.
    pub fn entries(
        &self,
        name: &str,
        expected: &'static str,
    ) -> Result<impl Iterator<Item = (&'d str, Self)> + use<'d>, SpecError> {
        let holder = self.child(name);
        let members = holder.as_ref().map(|holder| holder.members(expected)).transpose()?;
        let (api, at) = (self.api, holder.map(|holder| holder.at).unwrap_or_default());
        let entry = move |(name, value): (&'d String, &'d Value)| {
            (name.as_str(), Self { api, at: below(&at, name), value })
        };
        Ok(members.into_iter().flatten().map(entry))
    }

    /// Returns its members, each with its place; of what is no object, nothing.
    pub fn named_children(&self) -> impl Iterator<Item = (&'d str, Self)> + use<'d> {
        let (api, at) = (self.api, self.at.clone());
        let members = self.value.as_object().into_iter().flatten();
        members.map(move |(name, value)| (name.as_str(), Self { api, at: below(&at, name), value }))
    }

    /// Returns its members or its items, each with its place.
    pub fn children(&self) -> impl Iterator<Item = Self> + use<'d> {
        let (api, at) = (self.api, self.at.clone());
        let items = self.value.as_array().into_iter().flatten().enumerate();
        let item = move |(index, value)| Self { api, at: format!("{at}/{index}"), value };
        self.named_children().map(|(_, child)| child).chain(items.map(item))
    }

    /// Returns it and all that is inside it, at any depth, in document order.
    pub fn everything(&self) -> impl Iterator<Item = Self> + use<'d> {
        let mut open = vec![self.clone()];
        std::iter::from_fn(move || {
            let node = open.pop()?;
            let start = open.len();
            open.extend(node.children());
            open[start..].reverse();
            Some(node)
        })
    }

    /// Returns the text of every reference inside it: of each `$ref`, and of each mapping of a
    /// discriminator.
    pub fn references(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        let here = |node: Self| {
            let mapping = node.child("mapping").into_iter().flat_map(|mapping| mapping.children());
            mapping.chain(node.child("$ref")).filter_map(|reference| reference.value.as_str())
        };
        self.everything().flat_map(here)
    }

    /// Returns the items of the list `name` as nodes, or an empty list if it is missing.
    ///
    /// # Errors
    ///
    /// Fails if it is not a list.
    pub fn items(&self, name: &str) -> Result<impl Iterator<Item = Self> + use<'d>, SpecError> {
        let items = self.list(name)?;
        let (api, at) = (self.api, below(&self.at, name));
        let item = move |(index, value): (usize, &'d Value)| Self {
            api,
            at: below(&at, &index.to_string()),
            value,
        };
        Ok(items.into_iter().flatten().enumerate().map(item))
    }

    /// Returns a list.
    ///
    /// # Errors
    ///
    /// Fails if the member is of another kind.
    pub fn list(&self, name: &str) -> Result<Option<&'d [Value]>, SpecError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items)),
            Some(_) => Err(self.expected(name, "a list")),
        }
    }

    /// Returns a text.
    ///
    /// # Errors
    ///
    /// Fails if the member is of another kind.
    pub fn text(&self, name: &str) -> Result<Option<&'d str>, SpecError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.expected(name, "a text")),
        }
    }

    /// Returns a flag, or `false` if it is missing.
    ///
    /// # Errors
    ///
    /// Fails if the member is of another kind.
    pub fn flag(&self, name: &str) -> Result<bool, SpecError> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.expected(name, "`true` or `false`")),
        }
    }

    /// Returns a number.
    ///
    /// # Errors
    ///
    /// Fails if the member is of another kind.
    pub fn number(&self, name: &str) -> Result<Option<f64>, SpecError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_f64().ok_or_else(|| self.expected(name, "a number"))?;
        Ok(Some(number))
    }

    /// Returns a limit of numbers, exact even beyond 64 bits.
    ///
    /// # Errors
    ///
    /// Fails if the member is of another kind.
    pub fn limit(&self, name: &str, is_exclusive: bool) -> Result<Option<Limit>, SpecError> {
        let Some(value) = self.number(name)? else { return Ok(None) };
        let written = self.get(name).and_then(|value| {
            let document = self.api.document();
            match value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from)) {
                Some(whole) => Some(whole),
                None => document.digits(&below(&self.at, name))?.parse().ok(),
            }
        });
        Ok(Some(Limit::new(value, written, is_exclusive)))
    }

    /// Returns a whole number of 0 or more; `2.0` is whole.
    ///
    /// # Errors
    ///
    /// Fails if the member is of another kind.
    pub fn amount(&self, name: &str) -> Result<Option<u64>, SpecError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let amount =
            whole(value).ok_or_else(|| self.expected(name, "a whole number of 0 or more"))?;
        Ok(Some(amount))
    }

    /// Returns a text for people: empty if it is missing or not a text.
    pub fn words(&self, name: &str) -> &'d str {
        self.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns whether a mark is set, which only `true` does.
    pub fn is_marked(&self, name: &str) -> bool {
        self.get(name) == Some(&Value::Bool(true))
    }

    /// Follows `$ref`s to their target, which has its own place.
    ///
    /// # Errors
    ///
    /// Fails if a reference leads nowhere, out of the document or in a circle, or if the target is
    /// not an object.
    pub fn followed(&self) -> Result<Self, SpecError> {
        references::followed(self)
    }

    /// Returns a fault of this node as an error.
    pub fn fault(&self, fault: SpecFault) -> SpecError {
        self.api.fault(&self.at, fault)
    }

    /// Returns the error that a member is not `expected`.
    pub fn expected(&self, name: &str, expected: &'static str) -> SpecError {
        self.api.fault(&below(&self.at, name), unfit(self.get(name), expected))
    }
}

/// Returns the fault of a value where something else is expected.
fn unfit(value: Option<&Value>, expected: &'static str) -> SpecFault {
    match value {
        Some(Value::Null) => SpecFault::Null { expected },
        _ => SpecFault::Expected { expected },
    }
}

/// Reads a whole number; `2.0` is whole. An amount beyond 64 bits is the largest of 64 bits.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let float = value.as_f64()?;
        (float.fract() == 0.0 && float >= 0.0).then_some(float as u64)
    })
}
