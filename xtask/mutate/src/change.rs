//! Defines a change: another value for one site, and the findings that the judge must report about
//! it.

use serde_json::Value;

use super::site::Sight;

/// Another value for a site.
pub(super) struct Change {
    pub(super) value: Value,
    /// The member that changed; empty if the whole value changed.
    pub(super) member: String,
    /// The findings that the judge must report; empty if the change keeps the promise.
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
