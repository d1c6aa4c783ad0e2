//! Joins the examples of an operation into the fields of its response or body.
//!
//! Invariants:
//!
//! * Joining is independent of the order, except for the order of the fields.
//! * A field that has `null` only has no known type; any other kind beside it is its type.

use std::collections::HashMap;

use crate::facts::{Field, Kind};
use crate::json::{Node, Value};

/// The fields of all examples, in the order in which they were first seen.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    fields: Vec<Field>,
    by_path: HashMap<String, usize>,
}

impl Fields {
    /// Adds all members below the root of an example.
    pub(crate) fn add_example(&mut self, root: &Node) {
        self.add_below(&mut String::new(), root);
    }

    /// Adds the members of a value at a path, which is as it was afterwards.
    fn add_below(&mut self, path: &mut String, node: &Node) {
        let length = path.len();
        match &node.value {
            Value::Object(members) => {
                for (name, member) in members {
                    if length > 0 {
                        path.push('.');
                    }
                    path.push_str(name);
                    self.field(path, member.line).kinds.insert(kind(member));
                    self.add_below(path, member);
                    path.truncate(length);
                }
            }
            Value::Array(items) => {
                for item in items {
                    if length > 0 {
                        self.field(path, item.line).items.insert(kind(item));
                    }
                    path.push_str("[]");
                    self.add_below(path, item);
                    path.truncate(length);
                }
            }
            _ => (),
        }
    }

    /// Returns the field of a path, which is new if no example had it.
    pub(crate) fn field(&mut self, path: &str, line: usize) -> &mut Field {
        // Arrays of arrays have one field for all of their levels.
        let at = self.by_path.get(path).copied().unwrap_or_else(|| {
            self.fields.push(Field { path: path.to_owned(), line, ..Field::default() });
            self.by_path.insert(path.to_owned(), self.fields.len() - 1);
            self.fields.len() - 1
        });
        &mut self.fields[at]
    }

    pub(crate) fn into_fields(self) -> Vec<Field> {
        self.fields
    }
}

fn kind(node: &Node) -> Kind {
    match &node.value {
        Value::Null => Kind::Null,
        Value::Boolean => Kind::Boolean,
        Value::Number(_) => Kind::Number,
        Value::Text(_) => Kind::String,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    }
}

impl Field {
    /// Returns the type for a report: `array of object`, `string or number`; `None` if only `null`
    /// was seen.
    #[must_use]
    pub fn kind_name(&self) -> Option<String> {
        let kinds = self.kinds.iter().filter(|kind| **kind != Kind::Null);
        let names: Vec<String> = kinds.map(|kind| self.one_kind(*kind)).collect();
        (!names.is_empty()).then(|| names.join(" or "))
    }

    fn one_kind(&self, kind: Kind) -> String {
        let items: Vec<&str> =
            self.items.iter().filter(|item| **item != Kind::Null).map(|item| item.word()).collect();
        if kind == Kind::Array && !items.is_empty() {
            return format!("array of {}", items.join(" or "));
        }
        kind.word().to_owned()
    }
}
