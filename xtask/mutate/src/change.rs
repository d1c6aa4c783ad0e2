//! Holds another value for one site, and what the judge has to say about it.

use serde_json::Value;

use super::site::Sight;

/// Another value for a site.
pub(super) struct Change {
    pub(super) value: Value,
    /// The member that changed; empty where the whole value did.
    pub(super) member: String,
    /// The findings that it must give; an empty list if it stays within the promise.
    pub(super) expected: Vec<Sight>,
}

impl Change {
    pub(super) fn new(value: Value, expected: Vec<Sight>) -> Self {
        Self { value, member: String::new(), expected }
    }

    /// Makes a change of the member `name`.
    pub(super) fn of_member(name: &str, value: Value, expected: Vec<Sight>) -> Self {
        Self { value, member: name.to_owned(), expected }
    }
}
