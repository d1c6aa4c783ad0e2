//! Keeps the parameters that progenitor can send: scalars in path, query and header, and lists in
//! the query, with one name per item or all items in one text.
//!
//! Invariants:
//!
//! * A parameter that can't be sent is an error. In a foreign document it is left out with a
//!   warning, and so is an operation that requires it.

use serde_json::{Value, json};

use super::{Draft, Operation, Parameter, schema};
use prumo_spec::complaint::{Complaints, Loss};
use prumo_spec::openapi::ParameterPlace;

/// Drops parameters that can't be sent, and turns those of any type into text.
pub(super) fn parameters(draft: &mut Draft, complaints: &mut Complaints<'_>) {
    let mut operations = std::mem::take(&mut draft.operations);
    operations.retain_mut(|operation| {
        let mut is_sendable = true;
        let Operation { id, parameters, .. } = operation;
        parameters.retain_mut(|parameter| {
            let fate = fate(draft, parameter, id, complaints);
            is_sendable &= fate != Fate::OperationLeftOut;
            fate == Fate::Kept
        });
        is_sendable
    });
    draft.operations = operations;
}

/// How a parameter is treated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    LeftOut,
    /// The operation is left out, since it can't be called without the parameter.
    OperationLeftOut,
}

fn fate(
    draft: &Draft,
    parameter: &mut Parameter,
    id: &str,
    complaints: &mut Complaints<'_>,
) -> Fate {
    if parameter.is_told_elsewhere {
        let message =
            format!("parameter `{}`: OpenAPI ignores this header as a parameter", parameter.name);
        complaints.house(
            &parameter.pointer,
            message,
            "media types and `security` say what is sent",
        );
        return Fate::LeftOut;
    }
    let Some(obstacle) = obstacle(draft, parameter) else {
        return Fate::Kept;
    };
    let message = format!("parameter `{}`: {obstacle}", parameter.name);
    if !parameter.required {
        let hint = "this cannot be sent, so it is left out";
        complaints.losing(Loss::Parameter, &parameter.pointer, message, hint);
        return Fate::LeftOut;
    }
    if complaints.is_house() {
        complaints.error(&parameter.pointer, message, "this cannot be sent");
        return Fate::Kept;
    }
    let message = format!("{message}, and required: the operation `{id}` is left out");
    complaints.costing(id, &parameter.pointer, message, "this cannot be sent");
    Fate::OperationLeftOut
}

/// Returns why a parameter can't be sent, or `None` if it can.
fn obstacle(draft: &Draft, parameter: &mut Parameter) -> Option<String> {
    let style = parameter.style.as_deref();
    let place = parameter.place;
    let separator = parameter.separator.take();
    let expected = if place == ParameterPlace::Query { "form" } else { "simple" };
    if place == ParameterPlace::Cookie {
        return Some("a cookie".to_owned());
    }
    if parameter.has_content {
        return Some("`content` instead of `schema`".to_owned());
    }
    if let Some(style) = style.filter(|style| *style != expected && separator.is_none()) {
        return Some(format!("style `{style}`"));
    }
    let meant = schema::target(&parameter.schema).and_then(|name| draft.schemas.get(name));
    match schema::type_of(meant.unwrap_or(&parameter.schema)) {
        Some("object") => Some(format!("an object in `{}`", place.word())),
        Some("array") if place != ParameterPlace::Query => {
            Some(format!("a list in `{}`", place.word()))
        }
        Some("array") => {
            parameter.separator = separator;
            let items = parameter.schema.get("items").unwrap_or(&Value::Null);
            let meant =
                schema::target(items).and_then(|name| draft.schemas.get(name)).unwrap_or(items);
            matches!(schema::type_of(meant), Some("object" | "array") | None)
                .then(|| "a list of no scalars".to_owned())
        }
        Some(_) => None,
        // Any JSON, or one of several scalars, is sent as text.
        None => {
            parameter.schema = json!({"type": "string"});
            None
        }
    }
}
