//! Knows the members by which vendors say that a response with a status of success is a failure.

use std::cmp::Ordering;

use serde_json::Value;

/// A member of a response that may be an envelope's tag.
struct Tag {
    name: &'static str,
    /// Whether `true` means success; `None` for a text.
    truth: Option<bool>,
}

const fn flag(name: &'static str, truth: bool) -> Tag {
    Tag { name, truth: Some(truth) }
}

const fn word(name: &'static str) -> Tag {
    Tag { name, truth: None }
}

/// The tags, the surest first.
const TAGS: &[Tag] = &[
    flag("erro", false),
    flag("error", false),
    flag("success", true),
    flag("sucesso", true),
    flag("ok", true),
    flag("isSuccess", true),
    flag("is_success", true),
    flag("hasError", false),
    flag("has_error", false),
    flag("isError", false),
    flag("is_error", false),
    flag("status", true),
    word("status"),
    word("result"),
    word("resultado"),
    word("success"),
    word("erro"),
];

/// The words for a success, with a misspelling that is on the wire.
const SUCCESSES: &[&str] =
    &["success", "successful", "suscess", "sucess", "succeeded", "sucesso", "ok", "true"];

/// The words for a failure.
const FAILURES: &[&str] =
    &["error", "erro", "errors", "fail", "failed", "failure", "falha", "exception", "nok", "false"];

/// The case of a response: its tag and the tag's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) tag: String,
    pub(crate) value: Value,
    pub(crate) is_success: bool,
}

impl Case {
    /// Returns the case of a response body, or `None` if it has no tag.
    pub(crate) fn of(body: &Value) -> Option<Self> {
        let members = body.as_object()?;
        TAGS.iter().find_map(|tag| {
            let value = members.get(tag.name)?;
            let is_success = tag.outcome(value)?;
            Some(Self { tag: tag.name.to_owned(), value: value.clone(), is_success })
        })
    }

    fn key(&self) -> (&str, bool, String) {
        (&self.tag, !self.is_success, self.value.to_string())
    }
}

impl Tag {
    fn outcome(&self, value: &Value) -> Option<bool> {
        match (self.truth, value) {
            (Some(truth), Value::Bool(value)) => Some(*value == truth),
            (None, Value::String(text)) => {
                let text = text.to_lowercase();
                let is_success = SUCCESSES.contains(&text.as_str());
                (is_success || FAILURES.contains(&text.as_str())).then_some(is_success)
            }
            _ => None,
        }
    }
}

impl PartialOrd for Case {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Case {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}
