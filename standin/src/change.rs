//! Turns an answer that fits the contract into one that drifts, on request.

use serde_json::{Map, Value};

/// A drift of an answer, at a JSON Pointer in which `*` stands for every item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pointer: String,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Rename(String),
    Retype,
    Drop,
    Add,
    Value(String),
}

impl Change {
    /// Renames a member.
    #[must_use]
    pub fn rename(pointer: impl Into<String>, name: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), what: What::Rename(name.into()) }
    }

    /// Changes the kind of a value: a number becomes text, a text a number, a list an object.
    #[must_use]
    pub fn retype(pointer: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), what: What::Retype }
    }

    /// Leaves out a member.
    #[must_use]
    pub fn drop(pointer: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), what: What::Drop }
    }

    /// Adds a member of this name.
    #[must_use]
    pub fn add(pointer: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), what: What::Add }
    }

    /// Replaces a value by a text, such as a new value of an enum.
    #[must_use]
    pub fn value(pointer: impl Into<String>, text: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), what: What::Value(text.into()) }
    }

    /// Makes the change wherever the pointer leads in `answer`.
    pub(crate) fn apply(&self, answer: &mut Value) {
        let steps: Vec<String> = self.pointer.split('/').skip(1).map(unescaped).collect();
        if let Some((last, way)) = steps.split_last() {
            self.within(answer, way, last);
        }
    }

    fn within(&self, value: &mut Value, way: &[String], last: &str) {
        let Some((step, rest)) = way.split_first() else {
            match value {
                Value::Object(members) => self.member(members, last),
                Value::Array(items) if last == "*" => {
                    items.iter_mut().for_each(|item| self.item(item))
                }
                _ => (),
            }
            return;
        };
        match value {
            Value::Array(items) if step == "*" => {
                items.iter_mut().for_each(|item| self.within(item, rest, last));
            }
            Value::Object(members) => {
                if let Some(member) = members.get_mut(step) {
                    self.within(member, rest, last);
                }
            }
            _ => (),
        }
    }

    fn member(&self, members: &mut Map<String, Value>, name: &str) {
        match &self.what {
            What::Add => {
                members.insert(name.to_owned(), Value::from("novo"));
            }
            What::Drop => {
                members.remove(name);
            }
            What::Rename(to) => {
                if let Some(value) = members.remove(name) {
                    members.insert(to.clone(), value);
                }
            }
            What::Retype | What::Value(_) => {
                if let Some(value) = members.get_mut(name) {
                    self.item(value);
                }
            }
        }
    }

    fn item(&self, value: &mut Value) {
        match &self.what {
            What::Retype => *value = of_another_kind(value),
            What::Value(text) => *value = Value::from(text.as_str()),
            What::Rename(_) | What::Drop | What::Add => (),
        }
    }
}

fn of_another_kind(value: &Value) -> Value {
    match value {
        Value::Null => Value::Bool(true),
        Value::Bool(bool) => Value::from(bool.to_string()),
        Value::Number(number) => Value::from(number.to_string()),
        Value::String(_) => Value::from(7),
        Value::Array(_) => Value::Object(Map::new()),
        Value::Object(_) => Value::Array(Vec::new()),
    }
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
