//! Finds the examples of a promised answer: those of its media type, and one combined from its schema.

use std::collections::BTreeMap;

use prumo_drift::contract::Operation;
use serde_json::{Map, Value};

use super::document;

/// Maximum depth of the schemas whose examples are combined.
const MAX_DEPTH: usize = 12;

/// The examples of one answer.
#[derive(Default)]
pub(crate) struct Examples {
    /// Examples of the whole answer, in the spec's order.
    pub(crate) whole: Vec<Value>,
    /// The combined examples of the schema and its parts; parts without an example are absent.
    pub(crate) parts: Option<Value>,
}

/// Returns the examples of an answer.
///
/// * `status`: the key of the promise, such as `200` or `4XX`.
/// * `media_type`: in lower case, without parameters.
pub(crate) fn of(root: &Value, operation: &Operation, status: &str, media_type: &str) -> Examples {
    media(root, operation, status, media_type).map(|media| read(root, media)).unwrap_or_default()
}

fn media<'d>(root: &'d Value, operation: &Operation, status: &str, media_type: &str) -> Option<&'d Value> {
    let answers = document::operation(root, operation)?.get("responses")?.as_object()?;
    let (_, answer) = answers.iter().find(|(key, _)| key.eq_ignore_ascii_case(status))?;
    let content = document::resolved(root, answer)?.get("content")?.as_object()?;
    let is_it = |name: &str| {
        let essence = name.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case(media_type)
    };
    content.iter().find(|(name, _)| is_it(name)).map(|(_, media)| media)
}

fn read(root: &Value, media: &Value) -> Examples {
    let named = media.get("examples").and_then(Value::as_object).into_iter().flat_map(|all| all.values());
    let named = named.filter_map(|example| document::resolved(root, example)?.get("value"));
    let whole = media.get("example").into_iter().chain(named).cloned().collect();
    let mut parts = Parts { root, known: BTreeMap::new() };
    let parts = media.get("schema").and_then(|schema| parts.of(schema, 0));
    Examples { whole, parts }
}

/// Combines the examples of schemas.
struct Parts<'d> {
    root: &'d Value,
    /// The examples of referenced schemas; `None` while one is being combined.
    known: BTreeMap<&'d str, Option<Value>>,
}

impl<'d> Parts<'d> {
    fn of(&mut self, schema: &'d Value, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            if let Some(known) = self.known.get(reference) {
                return known.clone();
            }
            self.known.insert(reference, None);
            let parts = self.of(document::target(self.root, reference)?, depth + 1);
            self.known.insert(reference, parts.clone());
            return parts;
        }
        let own = schema.get("example").cloned();
        own.or_else(|| self.of_members(schema, depth)).or_else(|| {
            let item = self.of(schema.get("items")?, depth + 1)?;
            let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1).clamp(1, 10);
            Some((0..least).map(|_| item.clone()).collect())
        })
    }

    /// Returns the examples of an object's members, and of the schemas that it consists of.
    fn of_members(&mut self, schema: &'d Value, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        let list = |name: &str| schema.get(name).and_then(Value::as_array).into_iter().flatten();
        for part in list("allOf") {
            match self.of(part, depth + 1) {
                Some(Value::Object(more)) => members.extend(more),
                Some(other) => return Some(other),
                None => (),
            }
        }
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if let Some(example) = self.of(property, depth + 1) {
                members.insert(name.clone(), example);
            }
        }
        if !members.is_empty() {
            return Some(Value::Object(members));
        }
        let mut branches = list("oneOf").chain(list("anyOf"));
        branches.find_map(|branch| self.of(branch, depth + 1))
    }
}
