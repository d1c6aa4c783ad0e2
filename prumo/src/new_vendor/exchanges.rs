//! Turns a foreign document into fixtures of one of its operations: a good answer and a refusal.
//!
//! A body is the document's example if that fits, else a sample of the promised shape.
//!
//! Invariants:
//!
//! * Every exchange that is given was judged against the document and fits; the same document gives
//!   the same exchanges.

use prumo_drift::contract::{Body, Operation, Parameter};
use prumo_drift::{
    Contract, Document, Observation, Origin, Scalar, Shape, SpecError, compare, read_exchange, read_openapi,
    sample,
};
use prumo_spec::{Method, OpenApi};
use serde_json::{Map, Value, json};

/// How many samples are tried for one answer.
const MAX_SEEDS: u64 = 20;

/// The media type of the bodies that are made.
const JSON: &str = "application/json";

/// An operation's id, a file's name, and the exchange in it.
type Fixture = (String, &'static str, Value);

/// Returns the fixtures of the operation that most can be made of: two, one or none.
///
/// # Errors
///
/// The judge can't read the document.
pub(super) fn of(document: &Document) -> Result<Vec<Fixture>, SpecError> {
    let contract = read_openapi(document)?;
    let mut operations: Vec<(&String, &Operation)> = contract.operations.iter().collect();
    operations.retain(|(id, operation)| operation.webhook.is_none() && is_folder(id));
    operations.sort_by_key(|(id, operation)| (operation.method != "GET", n_required(operation), *id));
    let mut best = Vec::new();
    for (id, operation) in operations {
        let maker = Maker { document, contract: &contract, id, operation };
        let Some(good) = maker.good_answer() else { continue };
        let found: Vec<Fixture> = [("good_answer.json", Some(good)), ("refusal.json", maker.refusal())]
            .into_iter()
            .filter_map(|(file, exchange)| Some((id.clone(), file, exchange?)))
            .collect();
        if found.len() > best.len() {
            best = found;
        }
        if best.len() == 2 {
            break;
        }
    }
    Ok(best)
}

/// Returns whether an id can be the name of a folder on every system.
fn is_folder(id: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    !id.is_empty() && id.chars().all(is_plain)
}

fn n_required(operation: &Operation) -> usize {
    let parameters = operation.parameters.values().filter(|one| one.required).count();
    parameters + usize::from(operation.request.as_ref().is_some_and(|body| body.required))
}

/// Makes exchanges of one operation.
struct Maker<'d> {
    document: &'d Document,
    contract: &'d Contract,
    id: &'d str,
    operation: &'d Operation,
}

impl Maker<'_> {
    fn good_answer(&self) -> Option<Value> {
        self.answers(|key| matches!(key, "200" | "201" | "202" | "203" | "204" | "2XX"))
            .filter(|answer| !self.is_refusal(answer))
            .find_map(|answer| self.fitting(&answer))
    }

    /// Returns an answer with a status of 400 and more, or one that the envelope calls a failure.
    fn refusal(&self) -> Option<Value> {
        let by_status = |key: &str| key.starts_with('4') || key == "default";
        self.answers(by_status).find_map(|answer| self.fitting(&answer)).or_else(|| {
            self.answers(|key| key.starts_with('2'))
                .filter(|answer| self.is_refusal(answer))
                .find_map(|answer| self.fitting(&answer))
        })
    }

    /// Gives answers of the statuses that are wanted, one after the other.
    fn answers(&self, is_wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = Value> {
        let keys = self.operation.responses.iter().filter(move |(key, _)| is_wanted(key));
        keys.flat_map(|(key, body)| self.answers_of(key, body))
    }

    fn answers_of(&self, key: &str, body: &Body) -> Vec<Value> {
        let status = match key {
            "2XX" => 200,
            "4XX" | "default" => 400,
            exact => exact.parse().unwrap_or(200),
        };
        let Some(mut headers) = self.headers(body) else { return Vec::new() };
        let Some(media) = body.media.get(JSON) else {
            let is_empty = body.media.is_empty();
            return is_empty.then(|| json!({"status": status, "headers": headers})).into_iter().collect();
        };
        headers.insert("content-type".to_owned(), JSON.into());
        let samples = (0..MAX_SEEDS).filter_map(|seed| sample(self.contract, &media.shape, seed));
        let bodies = self.example(key).into_iter().chain(samples);
        bodies.map(|body| json!({"status": status, "headers": headers, "body": body})).collect()
    }

    /// Returns the headers that an answer must have, or `None` if no value was found for one.
    fn headers(&self, body: &Body) -> Option<Map<String, Value>> {
        let required = body.headers.values().filter(|header| header.required);
        let pair = |header: &Parameter| {
            Some((header.name.to_ascii_lowercase(), self.text(&header.shape, "header")?.into()))
        };
        required.map(pair).collect()
    }

    /// Returns the example that the document has beside the schema of an answer.
    fn example(&self, key: &str) -> Option<Value> {
        let method = Method::named(&self.operation.method)?;
        let operation = OpenApi::new(self.document).operation(&self.operation.path, method)?;
        operation.answer(key, JSON)?.examples().next().cloned()
    }

    fn is_refusal(&self, answer: &Value) -> bool {
        let Some(envelope) = &self.operation.envelope else { return false };
        let tag = answer.pointer(&format!("/body/{}", envelope.tag));
        !envelope.success.iter().map(Scalar::to_value).any(|success| Some(&success) == tag)
    }

    /// Returns the exchange with this answer if it fits the document.
    fn fitting(&self, answer: &Value) -> Option<Value> {
        let exchange = json!({
            "origin": "synthetic",
            "source": "made of the document by `prumo new-vendor`",
            "operation": self.id,
            "request": self.request()?,
            "response": answer,
        });
        self.fits(&exchange).then_some(exchange)
    }

    fn fits(&self, exchange: &Value) -> bool {
        let bytes = exchange.to_string().into_bytes();
        let Ok(read) = read_exchange(&bytes) else { return false };
        let mut observer = Observation::new(&[self.contract]);
        observer.observe(&read, &Origin { file: "made", line: 1 });
        let observed = observer.finish();
        observed.iter().all(|observed| compare(self.contract, observed).is_empty())
    }

    fn request(&self) -> Option<Value> {
        let stem = self.contract.stems.first().map_or("", String::as_str);
        let mut path = format!("{stem}{}", self.operation.path);
        let (mut query, mut headers) = (Map::new(), Map::new());
        headers.insert("accept".to_owned(), JSON.into());
        for (pointer, parameter) in &self.operation.parameters {
            let place = pointer.split('/').nth(1).unwrap_or_default();
            let name = &parameter.name;
            if parameter.is_secret || !(parameter.required || place == "path") {
                continue;
            }
            let value = self.text(&parameter.shape, place)?;
            match place {
                "path" => path = path.replace(&format!("{{{name}}}"), &value),
                "query" => drop(query.insert(name.clone(), value.into())),
                "header" => drop(headers.insert(name.to_ascii_lowercase(), value.into())),
                _ => return None,
            }
        }
        let mut request = json!({"method": self.operation.method, "path": path, "query": query});
        if let Some(body) = self.operation.request.as_ref().filter(|body| body.required) {
            request["body"] = sample(self.contract, &body.media.get(JSON)?.shape, 0)?;
            headers.insert("content-type".to_owned(), JSON.into());
        }
        request["headers"] = headers.into();
        Some(request)
    }

    /// Returns a scalar as a recording has it in a path, a query or a header.
    fn text(&self, shape: &Shape, place: &str) -> Option<String> {
        let may_hold = |c: char| match place {
            // Without a sign that would have to be escaped.
            "path" => c.is_ascii_alphanumeric() || "-._".contains(c),
            "header" => c.is_ascii_graphic(),
            _ => true,
        };
        let is_plain = |text: &String| !text.is_empty() && text.chars().all(may_hold);
        let samples = (0..MAX_SEEDS).filter_map(|seed| sample(self.contract, shape, seed));
        let mut texts = samples.filter_map(|value| match value {
            Value::String(text) => Some(text),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        });
        texts.find(is_plain)
    }
}
