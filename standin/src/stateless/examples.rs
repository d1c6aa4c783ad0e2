//! Finds the examples of a promised answer: those of its media type, and one combined from its
//! schema.

use std::collections::BTreeMap;

use prumo_drift::contract::Operation;
use prumo_spec::openapi::{Combination, Media, Schema};
use prumo_spec::{Method, OpenApi};
use serde_json::{Map, Value};

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
pub(crate) fn of(
    api: OpenApi<'_>,
    operation: &Operation,
    status: &str,
    media_type: &str,
) -> Examples {
    let method = Method::named(&operation.method);
    let described = method.and_then(|method| api.operation(&operation.path, method));
    let media = described.and_then(|described| described.answer(status, media_type));
    media.map(|media| read(&media)).unwrap_or_default()
}

fn read(media: &Media<'_>) -> Examples {
    let mut parts = Parts::default();
    let parts = media.schema().and_then(|schema| parts.of(&schema, 0));
    Examples { whole: media.examples().cloned().collect(), parts }
}

/// Combines the examples of schemas.
#[derive(Default)]
struct Parts {
    /// The examples of the schemas that references name, by pointer; `None` while one is put
    /// together.
    known: BTreeMap<String, Option<Value>>,
}

impl Parts {
    fn of(&mut self, schema: &Schema<'_>, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        if let Some(target) = schema.reference().ok()? {
            if let Some(known) = self.known.get(target.at()) {
                return known.clone();
            }
            self.known.insert(target.at().to_owned(), None);
            let parts = self.of(&target, depth + 1);
            self.known.insert(target.at().to_owned(), parts.clone());
            return parts;
        }
        let own = schema.example().cloned();
        own.or_else(|| self.of_members(schema, depth)).or_else(|| {
            let item = self.of(&schema.items()?, depth + 1)?;
            let least = schema.node().amount("minItems").ok().flatten().unwrap_or(1).clamp(1, 10);
            Some((0..least).map(|_| item.clone()).collect())
        })
    }

    /// Returns the examples of an object's members, and of the schemas that it consists of.
    fn of_members(&mut self, schema: &Schema<'_>, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        for part in schema.combined(Combination::AllOf).into_iter().flatten() {
            match self.of(&part, depth + 1) {
                Some(Value::Object(more)) => members.extend(more),
                Some(other) => return Some(other),
                None => (),
            }
        }
        for (name, property) in schema.properties().into_iter().flatten() {
            if let Some(example) = self.of(&property, depth + 1) {
                members.insert(name.to_owned(), example);
            }
        }
        if !members.is_empty() {
            return Some(Value::Object(members));
        }
        let branches = Combination::BRANCHES.into_iter();
        let mut branches = branches.flat_map(|how| schema.combined(how).into_iter().flatten());
        branches.find_map(|branch| self.of(&branch, depth + 1))
    }
}
