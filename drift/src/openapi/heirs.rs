//! A `discriminator` without `oneOf` to alternatives: the parent and its heirs.
//!
//! Heirs are the components that name the parent in their `allOf`, or name one
//! that does and has no discriminator of its own.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::references::{name_of, unescape};
use super::{Reader, SpecError};
use crate::shape::Shape;

/// Whether a schema leaves it to others to say that they are its branches.
pub(super) fn has_implicit_heirs(schema: &Map<String, Value>) -> bool {
    let names_them = ["oneOf", "anyOf"].iter().any(|keyword| schema.contains_key(*keyword));
    schema.contains_key("discriminator") && !names_them
}

impl Reader<'_> {
    /// `own`, the parent at `at`, or any of its heirs.
    pub(super) fn with_heirs(
        &mut self,
        at: &str,
        schema: &Map<String, Value>,
        own: Shape,
    ) -> Result<Shape, SpecError> {
        let parent = name_of(at);
        let heirs = self.heirs(&parent);
        if heirs.is_empty() {
            return Ok(own);
        }
        let mut named = vec![(parent, own)];
        named.extend(heirs.into_iter().map(|heir| (heir.clone(), Shape::reference(&heir))));
        self.told_apart(at, schema, named)
    }

    fn heirs(&self, parent: &str) -> BTreeSet<String> {
        let mut heirs = BTreeSet::new();
        let mut open = vec![parent.to_owned()];
        let components = self.root.pointer("/components/schemas").and_then(Value::as_object);
        while let Some(parent) = open.pop() {
            for (name, schema) in components.into_iter().flatten() {
                if names(schema, &parent) && heirs.insert(name.clone()) {
                    // One with a discriminator of its own speaks for its heirs.
                    let is_last = schema.as_object().is_some_and(has_implicit_heirs);
                    open.extend((!is_last).then(|| name.clone()));
                }
            }
        }
        heirs
    }
}

/// Whether a schema names `parent` in its `allOf`.
fn names(schema: &Value, parent: &str) -> bool {
    let members = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    members
        .filter_map(|member| member.get("$ref")?.as_str()?.strip_prefix('#'))
        .any(|pointer| name_of(&unescape(pointer)) == parent)
}
