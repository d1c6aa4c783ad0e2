//! Removes unsupported constructs from a document, so that the rest can be served.
//!
//! Any value fits where the judge can't read a schema. An answer says more if it is made from the
//! branches that can be read.

use prumo_drift::contract::Contract;
use prumo_drift::{Document, SpecError, read_openapi_and_faults};
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

/// Reads a document. Each schema that the judge does not support is removed; any other construct
/// stands for any value.
///
/// # Errors
///
/// The document as a whole can't be read.
pub(super) fn loosened(given: &Document) -> Result<Loosened, SpecError> {
    let mut document = given.clone();
    let mut taken_out: Vec<SpecError> = Vec::new();
    loop {
        let (contract, faults) =
            read_openapi_and_faults(&document).map_err(|error| located(error, given))?;
        let mut faults = faults.into_iter().map(|error| located(error, given));
        let Some(error) = faults.next() else {
            return Ok(Loosened { document, contract, taken_out });
        };
        let mut value = document.value().clone();
        // After a second schema of the same list, the others are likely to be unsupported too.
        let is_again =
            taken_out.last().is_some_and(|last| around(&last.pointer) == around(&error.pointer));
        let pointer = if is_again { around(&error.pointer) } else { &error.pointer };
        let is_gone = taken_out.len() < MAX_TAKEN_OUT && take_out(&mut value, pointer).is_some();
        let rest = is_gone.then(|| Document::parse(given.file(), &value.to_string()).ok());
        taken_out.push(error);
        match rest.flatten() {
            Some(rest) => document = rest,
            None => {
                taken_out.extend(faults);
                return Ok(Loosened { document, contract, taken_out });
            }
        }
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
