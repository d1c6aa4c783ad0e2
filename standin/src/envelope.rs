//! Adds an envelope's marks of success to facts, and finds its mark of failure.

use prumo_drift::contract::{Envelope, Operation};
use prumo_drift::{Scalar, Shape};
use prumo_spec::openapi::Outcome;
use serde_json::Value;

use crate::fact::Facts;

/// Marks facts as a success.
///
/// * `message`: the vendor's sentence.
pub(crate) fn succeed(operation: &Operation, facts: &mut Facts, message: Option<&str>) {
    let Some(envelope) = &operation.envelope else { return };
    if let Some(success) = envelope.success.first() {
        facts.set(envelope.tag.clone(), success.to_value());
        facts.set("success", true);
    }
    if let Some(name) = &envelope.message {
        facts.set(name.clone(), message.map(str::to_owned));
    }
}

/// Returns the tag's value that means failure within HTTP 200; `None` if no case has one.
pub(crate) fn failure(operation: &Operation, envelope: &Envelope) -> Option<Value> {
    let media = operation.responses.get("200").and_then(|body| body.media.get("application/json"));
    let branches =
        media.and_then(|media| media.tagged()).into_iter().flat_map(|all| all.branches.values());
    let mut values = branches.flat_map(|branch| &branch.values);
    values.find(|value| envelope.outcome(value) == Outcome::Failure).map(Scalar::to_value)
}

/// Returns whether an answer says of itself that it is a success.
pub(crate) fn is_success(operation: &Operation, answer: &Value) -> bool {
    let Some(envelope) = &operation.envelope else { return true };
    let tag = answer.get(&envelope.tag).map(Scalar::from_value);
    tag.is_some_and(|tag| envelope.outcome(&tag) == Outcome::Success)
}

/// Returns the shape of the JSON that is promised for a status.
pub(crate) fn json_of(operation: &Operation, status: u16) -> Option<&Shape> {
    let body = operation.response(status)?;
    body.media.get(body.media_key("application/json")?).map(|media| &*media.shape)
}
