//! Turns a document's own examples into exchanges and holds them to the same document.
//!
//! Invariants:
//!
//! * A member that the document does not name is no fault of an example, as it is none of a vendor.
//! * Forms and streams are not made up: only examples of JSON and text are judged.

use prumo_drift::{
    Contract, Observation, Origin, Router, Rule, Severity, Side, compare, read_exchange,
};
use prumo_spec::openapi::{Media, Operation, SpecError};
use prumo_spec::{MediaType, OpenApi};
use serde_json::{Value, json};

/// Counts of the judged examples of a document.
#[derive(Default)]
pub(crate) struct Judged {
    pub(crate) n_examples: usize,
    /// The examples with a finding.
    pub(crate) drifting: Vec<String>,
    /// The operations that a request to their own path does not reach.
    pub(crate) misrouted: Vec<String>,
}

/// Judges the examples of all operations.
pub(crate) fn judged(api: OpenApi<'_>, contract: &Contract) -> anyhow::Result<Judged> {
    let mut judged = Judged::default();
    let mut bench = Bench { contract, blank: Observation::new(&[contract]) };
    let router = Router::new(contract);
    for operation in api.operations() {
        judged.misrouted.extend(misrouted(api, &router, &operation));
        for example in of_operation(&operation).unwrap_or_default() {
            judged.n_examples += 1;
            judged.drifting.extend(bench.findings(&operation, &example)?);
        }
    }
    Ok(judged)
}

/// Returns which operation takes a request to the path of another one. Two templates that differ
/// only in the names of their parameters are one path.
fn misrouted(api: OpenApi<'_>, router: &Router, operation: &Operation<'_>) -> Option<String> {
    let path = filled(operation.path());
    let found = router.find(&operation.method().name(), &path).map(|found| found.operation);
    let id = operation.id();
    let is_same = |found: &String| {
        let mut all = api.operations();
        found == id || all.any(|one| one.id() == found && filled(one.path()) == path)
    };
    if found.as_ref().is_some_and(is_same) {
        return None;
    }
    let found = found.unwrap_or_else(|| "no operation".to_owned());
    Some(format!("judge: a request to `{id}` is one to `{found}`"))
}

/// Returns a path with a value for each parameter.
fn filled(template: &str) -> String {
    let mut path = String::new();
    for (index, part) in template.split('{').enumerate() {
        match part.split_once('}').filter(|_| index > 0) {
            Some((_, rest)) => path.extend(["1", rest]),
            None => path.push_str(part),
        }
    }
    path
}

/// An example of a body.
struct Example {
    at: String,
    side: Side,
    status: u16,
    media: String,
    body: Value,
}

/// Lists the examples of an operation's bodies.
fn of_operation(operation: &Operation<'_>) -> Result<Vec<Example>, SpecError> {
    let mut examples = Vec::new();
    if let Some(body) = operation.request_body()? {
        for media in body.content()? {
            examples.extend(of_media(&media, Side::Request, 200));
        }
    }
    for response in operation.responses()? {
        let (Ok(status), Ok(response)) = (response.status(), response.followed()) else { continue };
        for media in response.content()? {
            examples.extend(of_media(&media, Side::Response, status_of(&status)));
        }
    }
    Ok(examples)
}

/// Returns a status for the key of a response.
fn status_of(key: &str) -> u16 {
    match key.strip_suffix("XX") {
        Some(class) => class.parse::<u16>().map_or(299, |class| class * 100 + 99),
        // A status that hardly any document names.
        None => key.parse().unwrap_or(599),
    }
}

fn of_media(media: &Media<'_>, side: Side, status: u16) -> Vec<Example> {
    let named = media.media_type();
    let is_form = matches!(
        &*named.essence(),
        "multipart/form-data" | "application/x-www-form-urlencoded" | "multipart/mixed"
    );
    if is_form || named.stream().is_some() {
        return Vec::new();
    }
    let mut bodies: Vec<&Value> = media.examples().collect();
    if bodies.is_empty() {
        let schema = media.schema().and_then(|schema| schema.followed().ok());
        // Some generators write null where there is no example.
        bodies.extend(schema.and_then(|schema| schema.example()).filter(|one| !one.is_null()));
    }
    let name = match named.is_range() {
        true => "application/json".to_owned(),
        false => media.name().to_owned(),
    };
    let is_json = MediaType::new(&name).is_json();
    let usable = bodies.into_iter().filter(|body| is_json || body.is_string());
    let example = |body: &Value| Example {
        at: media.at().to_owned(),
        side,
        status,
        media: name.clone(),
        body: if is_json { parsed(body) } else { body.clone() },
    };
    usable.map(example).collect()
}

/// Returns the JSON that an example spells out as a text, or the example.
fn parsed(body: &Value) -> Value {
    let text = body.as_str().map(str::trim_start).unwrap_or_default();
    let spelled = text.starts_with(['{', '[']).then(|| serde_json::from_str(text).ok());
    spelled.flatten().unwrap_or_else(|| body.clone())
}

struct Bench<'c> {
    contract: &'c Contract,
    blank: Observation<'c>,
}

impl Bench<'_> {
    /// Returns what is wrong with an example, or `None`.
    fn findings(
        &mut self,
        operation: &Operation<'_>,
        example: &Example,
    ) -> anyhow::Result<Option<String>> {
        let Example { at, side, status, media, body } = example;
        let is_json = MediaType::new(media).is_json();
        let message = json!({
            "status": status,
            "headers": {"content-type": media},
            if is_json { "body" } else { "text" }: body,
        });
        let silent = json!({"status": status});
        let mut request = json!({"method": operation.method().name(), "path": operation.path()});
        if *side == Side::Request {
            request["headers"] = message["headers"].clone();
            request[if is_json { "body" } else { "text" }] = body.clone();
        }
        let response = if *side == Side::Response { &message } else { &silent };
        let exchange =
            json!({"operation": operation.id(), "request": request, "response": response});
        let text = exchange.to_string();
        let exchange = read_exchange(text.as_bytes())?;
        let mut observation = self.blank.another();
        let origin = Origin { file: "example", line: 1 };
        match side {
            Side::Request => observation.observe(&exchange, &origin),
            Side::Response => {
                observation.observe_answer(operation.id(), exchange.response, &origin)
            }
        }
        let observed = observation.finish().pop().unwrap_or_default();
        let found = compare(self.contract, &observed);
        let found = found
            .iter()
            .filter(|finding| finding.side == *side && finding.severity != Severity::Compatible)
            // The example is a body; the parameters beside it are none of its business.
            .filter(|finding| finding.rule != Rule::ParamMissing || finding.at.is_empty());
        let found: Vec<String> = found
            .map(|one| {
                let (rule, place) = (one.rule.name(), &one.at);
                format!("{rule} {place} promised {}, seen {}", one.promised, one.seen)
            })
            .collect();
        Ok((!found.is_empty()).then(|| format!("{at}: {}", found.join("; "))))
    }
}
