//! Removes unsupported constructs from a document, so that the rest can be served.
//!
//! The judge must stop at such a construct; a stand-in may go on, if it reports the construct.

use prumo_drift::contract::Contract;
use prumo_drift::{Document, SpecError, read_openapi};
use prumo_spec::openapi::Combination;
use serde_json::{Value, json};

/// Maximum number of constructs that are removed from one document.
const MAX_TAKEN_OUT: usize = 200;

/// A document that the judge supports.
pub(super) struct Loosened {
    pub(super) document: Document,
    pub(super) contract: Contract,
    /// The removed constructs, with their places in the original document.
    pub(super) taken_out: Vec<SpecError>,
}

/// Reads a document. Each schema that the judge does not support then allows any value.
///
/// # Errors
///
/// An unsupported construct is not a schema.
pub(super) fn loosened(given: &Document) -> Result<Loosened, SpecError> {
    let mut document = given.clone();
    let mut taken_out: Vec<SpecError> = Vec::new();
    loop {
        let error = match read_openapi(&document) {
            Ok(contract) => return Ok(Loosened { document, contract, taken_out }),
            Err(error) => located(error, given),
        };
        let mut value = document.value().clone();
        // After a second schema of the same list, the others are likely to be unsupported too.
        let is_again =
            taken_out.last().is_some_and(|last| around(&last.pointer) == around(&error.pointer));
        let pointer = if is_again { around(&error.pointer) } else { &error.pointer };
        if taken_out.len() == MAX_TAKEN_OUT || take_out(&mut value, pointer).is_none() {
            return Err(error);
        }
        document = match Document::parse(given.file(), &value.to_string()) {
            Ok(document) => document,
            Err(_) => return Err(error),
        };
        taken_out.push(error);
    }
}

/// Returns the error with its place in the original document; after a removed item, pointers are
/// off by one.
fn located(error: SpecError, given: &Document) -> SpecError {
    let position = given.nearest_position(&error.pointer);
    let file = given.file_at(&error.pointer).to_owned();
    SpecError { file, line: position.line, column: position.column, ..error }
}

/// Returns the pointer of the parent.
fn around(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(around, _)| around)
}

/// Removes the schema at a pointer, or the one around it; `None` if there is none.
fn take_out(root: &mut Value, pointer: &str) -> Option<()> {
    let mut at = pointer;
    // A keyword belongs to its schema. A schema that is already `{}` did not help.
    while root.pointer(at)?.as_object().is_none_or(serde_json::Map::is_empty) {
        at = Some(around(at)).filter(|around| !around.is_empty())?;
    }
    if !is_schema(at) {
        return None;
    }
    let (list, index) = at.rsplit_once('/')?;
    let is_listed =
        Combination::ALL.iter().any(|how| list.ends_with(&format!("/{}", how.keyword())));
    match (root.pointer_mut(list)?, index.parse::<usize>()) {
        (Value::Array(items), Ok(index)) if is_listed && items.len() > 1 => {
            drop(items.remove(index))
        }
        _ => *root.pointer_mut(at)? = json!({}),
    }
    Some(())
}

/// Returns whether a pointer leads to a schema, not to a list or map of schemas.
fn is_schema(pointer: &str) -> bool {
    let steps: Vec<&str> = pointer.split('/').collect();
    let is_component = |steps: &[&str]| matches!(steps, ["", "components", "schemas", _, ..]);
    is_component(&steps) || steps.contains(&"schema")
}
