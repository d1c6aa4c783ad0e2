//! Judges a request by its operation, in the same way as a recorded exchange.
//!
//! Invariant: an unknown parameter or field is accepted unless the spec forbids it.

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

/// Returns a sentence with place and rule about the first deviation of a request, or `None`.
pub(super) fn misfit(contract: &Contract, asked: &Asked<'_>) -> Option<String> {
    let exchange = serde_json::to_vec(&recorded(asked)).ok()?;
    let exchange = match read_exchange(&exchange) {
        Ok(exchange) => exchange,
        Err(error) => return Some(format!("the request cannot be read: {error}")),
    };
    // The contract has only this operation, because preparing a judge for all of them takes long.
    let operations = [(asked.id.to_owned(), asked.operation.clone())].into();
    let only = Contract { operations, shapes: contract.shapes.clone(), ..Contract::default() };
    let mut observation = Observation::new(&[&only]);
    observation.observe(&exchange, &Origin { file: "", line: 1 });
    let observed = observation.finish().pop()?;
    let findings = compare(&only, &observed);
    let first = findings.iter().find(|one| one.side == Side::Request && is_refused(one.rule))?;
    Some(sentence(asked.operation, first))
}

/// Returns whether a server would refuse a request for this; most ignore members that they do not
/// read.
fn is_refused(rule: Rule) -> bool {
    !matches!(
        rule,
        Rule::ParamUndocumented
            | Rule::FieldUndocumented
            | Rule::FieldMisplaced
            | Rule::OperationUnknown
    )
}

fn sentence(operation: &Operation, finding: &Finding) -> String {
    let Finding { at, promised, seen, .. } = finding;
    let is_parameter = operation.parameters.keys().any(|pointer| at.starts_with(pointer));
    let around = if is_parameter { "" } else { "/body" };
    format!("{} at `{around}{at}`: promised {promised}, sent {seen}", finding.rule.name())
}

/// Returns the request as a recording, with an empty answer.
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
        // An empty form means that there was no body; without it, the body would count as not
        // recorded.
        (Payload::Absent, _) => request.form = Some(Vec::new()),
        (Payload::Form(parts), _) => request.form = Some(parts.iter().map(form_part).collect()),
        (Payload::Json(_), Ok(text)) => {
            request.body = RawValue::from_string(text.trim().to_owned()).ok()
        }
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

/// Groups the query by name; a repeated name has a list.
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
