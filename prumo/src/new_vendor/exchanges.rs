//! Makes fixtures of one operation of a foreign document: a successful response and a refusal.
//!
//! A body is an example of the document's if one fits, whole or put together from its schema's
//! parts, else a sample of the promised shape.
//!
//! Invariants:
//!
//! * Every returned exchange was judged against the document and fits. The same document gives the
//!   same exchanges.

use prumo_drift::contract::{Body, Media, Operation, Parameter};
use prumo_drift::{
    Contract, Document, Observation, Origin, Scalar, Shape, SpecError, compare, read_exchange,
    read_openapi_and_faults, sample, sample_request,
};
use prumo_spec::openapi::{OpenApi, Placement};
use prumo_spec::{HIDDEN, MediaType};
use prumo_standin::examples;
use serde_json::{Map, Value, json};

/// Maximum number of samples that are tried for one response.
const MAX_SEEDS: u64 = 20;

/// The media type that a request accepts.
const JSON: &str = "application/json";

/// An operation's id, a file's name, and the exchange in it.
pub(super) type Fixture = (String, &'static str, Value);

/// Returns the fixtures of the operation for which most can be made: two, one or none.
///
/// # Errors
///
/// The judge can't read the document.
pub(super) fn of(document: &Document) -> Result<Vec<Fixture>, SpecError> {
    let (contract, faults) = read_openapi_and_faults(document)?;
    // A fixture would show that the document can't be judged as a whole.
    if let Some(fault) = faults.into_iter().next() {
        return Err(fault);
    }
    let mut operations: Vec<(&String, &Operation)> = contract.operations.iter().collect();
    operations.retain(|(id, operation)| operation.webhook.is_none() && is_folder(id));
    operations
        .sort_by_key(|(id, operation)| (operation.method != "GET", n_required(operation), *id));
    let mut best = Vec::new();
    for (id, operation) in operations {
        let maker = Maker { document, contract: &contract, id, operation };
        let Some(request) = maker.request() else { continue };
        let Some(good) = maker.good_answer(&request) else { continue };
        let found: Vec<Fixture> =
            [("good_answer.json", Some(good)), ("refusal.json", maker.refusal(&request))]
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

/// Returns the media type of a body that is JSON, and what is promised under it.
fn json_of(body: &Body) -> Option<(&str, &Media)> {
    let is_json = |(name, _): &(&String, &Media)| MediaType::new(name).is_json();
    body.media.iter().find(is_json).map(|(name, media)| (name.as_str(), media))
}

/// Returns the query parameters of the credentials that a call of the operation `id` carries.
fn query_credentials(document: &Document, id: &str) -> Vec<String> {
    let api = OpenApi::new(document);
    let called = api.operations().find(|operation| operation.id() == id);
    let first =
        called.and_then(|operation| operation.security().into_iter().next()).unwrap_or_default();
    let schemes = api.security_schemes().filter(|scheme| first.contains(&scheme.name()));
    let placements = schemes.filter_map(|scheme| scheme.placement());
    let queries = placements.filter_map(|placement| match placement {
        Placement::Query(name) => Some(name),
        _ => None,
    });
    queries.collect()
}

/// Makes exchanges of one operation.
struct Maker<'d> {
    document: &'d Document,
    contract: &'d Contract,
    id: &'d str,
    operation: &'d Operation,
}

impl Maker<'_> {
    fn good_answer(&self, request: &Value) -> Option<Value> {
        self.answers(|key| matches!(key, "200" | "201" | "202" | "203" | "204" | "2XX"))
            .filter(|answer| !self.is_refusal(answer))
            .find_map(|answer| self.fitting(request, &answer))
    }

    /// Returns a response with status 400 or higher, or one that the envelope calls a failure.
    fn refusal(&self, request: &Value) -> Option<Value> {
        let by_status = |key: &str| key.starts_with('4') || key == "default";
        let fitting = |answer: Value| self.fitting(request, &answer);
        self.answers(by_status).find_map(fitting).or_else(|| {
            let successes = self.answers(|key| key.starts_with('2'));
            successes.filter(|answer| self.is_refusal(answer)).find_map(fitting)
        })
    }

    /// Returns an iterator over responses with the wanted statuses.
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
        let Some((media_type, media)) = json_of(body) else {
            let is_empty = body.media.is_empty();
            return is_empty
                .then(|| json!({"status": status, "headers": headers}))
                .into_iter()
                .collect();
        };
        headers.insert("content-type".to_owned(), media_type.into());
        // Where one seed comes to nothing after all its tries, the next ones do, too.
        let samples = (0..MAX_SEEDS).map_while(|seed| sample(self.contract, &media.shape, seed));
        let bodies =
            examples(self.document, self.operation, key, media_type).into_iter().chain(samples);
        bodies.map(|body| json!({"status": status, "headers": headers, "body": body})).collect()
    }

    /// Returns the required headers of a response, or `None` if no value was found for one.
    fn headers(&self, body: &Body) -> Option<Map<String, Value>> {
        let required = body.headers.values().filter(|header| header.required);
        let pair = |header: &Parameter| {
            Some((header.name.to_ascii_lowercase(), self.text(&header.shape, "header")?.into()))
        };
        required.map(pair).collect()
    }

    fn is_refusal(&self, answer: &Value) -> bool {
        let Some(envelope) = &self.operation.envelope else { return false };
        let tag = answer.pointer(&format!("/body/{}", envelope.tag));
        !envelope.success.iter().map(Scalar::to_value).any(|success| Some(&success) == tag)
    }

    /// Returns the exchange with this response if it fits the document.
    fn fitting(&self, request: &Value, answer: &Value) -> Option<Value> {
        let exchange = json!({
            "origin": "synthetic",
            "source": "made of the document by `prumo new-vendor`",
            "operation": self.id,
            "request": request,
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
        let stem = self.contract.stems.iter().find(|stem| !stem.contains('{'));
        let stem = stem.map_or("", String::as_str);
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
        // A client sends these too, and a recording has a mark in the place of each secret.
        let secrets = query_credentials(self.document, self.id);
        query.extend(secrets.into_iter().map(|name| (name, HIDDEN.into())));
        let mut request = json!({"method": self.operation.method, "path": path, "query": query});
        if let Some(body) = self.operation.request.as_ref().filter(|body| body.required) {
            let (media_type, media) = json_of(body)?;
            request["body"] = sample_request(self.contract, &media.shape, 0)?;
            headers.insert("content-type".to_owned(), media_type.into());
        }
        request["headers"] = headers.into();
        Some(request)
    }

    /// Returns a scalar as a recording writes it in a path, a query or a header.
    fn text(&self, shape: &Shape, place: &str) -> Option<String> {
        let may_hold = |c: char| match place {
            // Only characters that need no escaping.
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
