//! Judges a request by its operation, as a recorded exchange is judged.
//!
//! Invariant: a request is not refused for what the spec does not name: an
//! unknown parameter or field passes where the spec does not forbid it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use prumo_drift::contract::{Contract, Operation};
use prumo_drift::exchange::{
    OwnedExchange, OwnedFormPart as FormPart, OwnedRequest as Request, OwnedResponse as Response,
};
use prumo_drift::{Finding, Observation, Origin, Rule, Side, compare, read_exchange};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::arguments::{Content, Part, Payload};
use crate::asked::Asked;

/// Returns a sentence about the first place where a request leaves its operation, with place and rule.
pub(super) fn misfit(contract: &Contract, asked: &Asked<'_>) -> Option<String> {
    let exchange = serde_json::to_vec(&recorded(asked)).ok()?;
    let exchange = match read_exchange(&exchange) {
        Ok(exchange) => exchange,
        Err(error) => return Some(format!("the request cannot be read: {error}")),
    };
    // Only the operation at hand is prepared for.
    let operations = [(asked.id.to_owned(), asked.operation.clone())].into();
    let only = Contract { operations, shapes: contract.shapes.clone(), ..Contract::default() };
    let mut observation = Observation::new(&[&only]);
    observation.observe(&exchange, &Origin { file: "", line: 1 });
    let observed = observation.finish().pop()?;
    let findings = compare(&only, &observed);
    let first = findings.iter().find(|one| one.side == Side::Request && is_refused(one.rule))?;
    Some(sentence(asked.operation, first))
}

fn is_refused(rule: Rule) -> bool {
    !matches!(rule, Rule::ParamUndocumented | Rule::FieldUndocumented | Rule::OperationUnknown)
}

fn sentence(operation: &Operation, finding: &Finding) -> String {
    let Finding { at, promised, seen, .. } = finding;
    let is_parameter = operation.parameters.keys().any(|pointer| at.starts_with(pointer));
    let around = if is_parameter { "" } else { "/body" };
    format!("{} at `{around}{at}`: promised {promised}, sent {seen}", finding.rule.name())
}

/// The request as a recording has it, with an answer that says nothing.
fn recorded(asked: &Asked<'_>) -> OwnedExchange {
    let mut request = Request {
        method: asked.method.to_owned(),
        path: asked.path.to_owned(),
        query: grouped(&asked.arguments.query),
        headers: asked
            .headers
            .iter()
            .rev()
            .map(|(name, text)| (name.clone(), text.as_str().into()))
            .collect(),
        ..Request::default()
    };
    let text = std::str::from_utf8(asked.body);
    match (&asked.arguments.body, text) {
        // An empty form says that there was no body, where a recording without one says nothing.
        (Payload::Absent, _) => request.form = Some(Vec::new()),
        (Payload::Form(parts), _) => request.form = Some(parts.iter().map(form_part).collect()),
        (Payload::Json(_), Ok(text)) => request.body = RawValue::from_string(text.trim().to_owned()).ok(),
        (_, Ok(text)) => request.text = Some(text.to_owned()),
        (_, Err(_)) => request.base64 = Some(BASE64_STANDARD.encode(asked.body)),
    }
    OwnedExchange {
        at: None,
        origin: None,
        source: None,
        operation: Some(asked.id.to_owned()),
        request,
        response: Response { status: 200, ..Response::default() },
    }
}

fn form_part(part: &Part) -> FormPart {
    let name = part.name.clone();
    match &part.content {
        Content::Text(value) => FormPart::Text { name, value: value.clone() },
        Content::File { name: file, media_type, bytes } => FormPart::File {
            name,
            file: file.clone(),
            content_type: Some(media_type.clone()),
            bytes: Some(bytes.len() as u64),
        },
    }
}

/// The query by name, a list where a name comes more than once.
fn grouped(pairs: &[(String, String)]) -> Map<String, Value> {
    let mut grouped: Map<String, Value> = Map::new();
    for (name, text) in pairs {
        match grouped.get_mut(name) {
            None => drop(grouped.insert(name.clone(), text.as_str().into())),
            Some(Value::Array(texts)) => texts.push(text.as_str().into()),
            Some(one) => *one = Value::Array(vec![one.take(), text.as_str().into()]),
        }
    }
    grouped
}
