//! Follows `$ref`s, and names the schemas that they lead to.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Node, OpenApi, SpecError, SpecFault};
use crate::pointer::{below, last, percent_decoded, unescaped};

/// The most references that may lead from one to the next.
pub const MAX_HOPS: usize = 32;

/// The folder of named schemas.
pub(super) const SCHEMAS: &str = "/components/schemas";

/// Returns the target of a `$ref` at `at`: one hop.
pub(super) fn target<'d>(
    api: OpenApi<'d>,
    at: &str,
    reference: &Value,
) -> Result<Node<'d>, SpecError> {
    let (pointer, value) = hop(api.root(), reference).map_err(|fault| api.fault(at, fault))?;
    Ok(Node::new(api, pointer, value))
}

/// Returns the pointer and the value that one `$ref` names.
fn hop<'v>(root: &'v Value, reference: &Value) -> Result<(String, &'v Value), SpecFault> {
    let Some(text) = reference.as_str() else {
        return Err(SpecFault::Expected { expected: "a reference" });
    };
    let pointer =
        text.strip_prefix('#').filter(|pointer| pointer.is_empty() || pointer.starts_with('/'));
    let Some(pointer) = pointer else {
        return Err(SpecFault::ExternalReference { target: text.to_owned() });
    };
    let pointer = percent_decoded(pointer).into_owned();
    match root.pointer(&pointer) {
        Some(value) => Ok((pointer, value)),
        None => Err(SpecFault::DeadReference { target: format!("#{pointer}") }),
    }
}

/// Follows `$ref`s from a value at `at` of a document that is being rewritten and so has no
/// [`OpenApi`]. Returns the target and its pointer, or `None` if a reference is dead.
pub fn resolve<'v>(root: &'v Value, value: &'v Value, at: &str) -> Option<(&'v Value, String)> {
    let (mut value, mut at) = (value, at.to_owned());
    for _ in 0..MAX_HOPS {
        let Some(reference) = value.get("$ref") else {
            return Some((value, at));
        };
        (at, value) = hop(root, reference).ok()?;
    }
    None
}

pub(super) fn followed<'d>(node: &Node<'d>) -> Result<Node<'d>, SpecError> {
    let mut node = node.clone();
    for _ in 0..MAX_HOPS {
        let members = node.members("an object")?;
        let Some(reference) = members.get("$ref") else {
            return Ok(node);
        };
        node = target(node.api(), &below(node.at(), "$ref"), reference)?;
    }
    Err(node.fault(SpecFault::Circular { target: format!("#{}", node.at()) }))
}

/// Returns the last names of all that references and mappings of discriminators lead to.
pub(super) fn referred(api: OpenApi<'_>) -> BTreeSet<String> {
    let mut referred = BTreeSet::new();
    referred.extend(api.node().references().map(|target| last(&percent_decoded(target))));
    referred
}

/// Whether the target of a discriminator's mapping is the schema of this name, which may stand
/// alone.
pub fn is_mapped_to(target: &str, name: &str) -> bool {
    target == name || last(&percent_decoded(target)) == name
}

/// Returns the name of a schema: a component's own name, or else its pointer.
pub fn schema_name(pointer: &str) -> String {
    match pointer.strip_prefix(SCHEMAS).and_then(|rest| rest.strip_prefix('/')) {
        Some(name) if !name.contains('/') => unescaped(name),
        _ => pointer.to_owned(),
    }
}

/// Returns the pointer to the schema that [`schema_name`] gave this name.
pub fn schema_pointer(name: &str) -> String {
    if name.is_empty() || name.starts_with('/') {
        return name.to_owned();
    }
    below(SCHEMAS, name)
}

/// Returns the name of the schema that a `$ref` leads to, whether it exists or not.
pub(super) fn named_by(reference: &str) -> String {
    let pointer = percent_decoded(reference.strip_prefix('#').unwrap_or(reference));
    schema_name(&pointer)
}
