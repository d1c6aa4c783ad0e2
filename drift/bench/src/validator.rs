//! Turns a schema of an OpenAPI 3.0 document into a validator of the crate `jsonschema`.
//!
//! The dialect of OpenAPI 3.0 is nearly draft 4. `nullable` becomes a choice with null, and our
//! formats are registered, so that the validator checks as much as the judge.

use anyhow::{Context, anyhow};
use jsonschema::{Draft, Validator};
use prumo_spec::formats::Format;
use prumo_spec::{Document, OpenApi};
use serde_json::{Value, json};

/// Formats that JSON Schema does not have.
const OWN_FORMATS: [&str; 2] = ["br-datetime-minutes", "sql-datetime"];

/// Returns a validator for the 200 response of an operation.
///
/// # Errors
///
/// Returns an error if the document has no such response, or if the validator refuses its schema.
pub fn of_answer(document: &Document, operation: &str) -> anyhow::Result<Validator> {
    let schema = answer_schema(document, operation).context("the spec has no such answer")?;
    let mut root = json!({"components": document.value().get("components"), "allOf": [schema]});
    spell_null_out(&mut root);
    let mut options = jsonschema::options().with_draft(Draft::Draft4).should_validate_formats(true);
    for name in OWN_FORMATS {
        let format = Format::named(name).context("a format that the judge does not know")?;
        options = options.with_format(name, move |text: &str| format.fits_text(text));
    }
    options.build(&root).map_err(|error| anyhow!("`jsonschema` does not take the schema: {error}"))
}

fn answer_schema<'d>(document: &'d Document, operation: &str) -> Option<&'d Value> {
    let found =
        OpenApi::new(document).operations().find(|candidate| candidate.id() == operation)?;
    Some(found.answer("200", "application/json")?.schema()?.node().value())
}

/// Rewrites every `nullable`.
fn spell_null_out(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(spell_null_out),
        Value::Object(members) => {
            members.values_mut().for_each(spell_null_out);
            if members.remove("nullable") == Some(Value::Bool(true)) {
                *schema =
                    json!({"anyOf": [{"type": "null"}, Value::Object(std::mem::take(members))]});
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (),
    }
}
