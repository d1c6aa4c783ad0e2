//! Serves the paths below `/__standin`, with which a program in another process steers a stand-in
//! that is [controlled](crate::StandIn::controlled).
//!
//! | path | method | |
//! |---|---|---|
//! | `faults` | `POST` | adds faults, one a line |
//! | | `DELETE` | removes all |
//! | | `GET` | counts those with hits left |
//! | `reset` | `POST` | begins anew; the lines `seed=7` and `tickets=20` change the start |
//! | `webhooks/NAME` | `POST` | sends the webhook of this `operationId` |

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::Request;
use hyper::body::Incoming;
use hyper::header::CONTENT_LENGTH;
use prumo_drift::sample_request;
use serde_json::Value;

use crate::answer::{Answer, Body};
use crate::courier::{self, Address};
use crate::fault::{Fault, FaultError};
use crate::setup::Start;
use crate::shared::Shared;

/// The start of the paths.
pub(crate) const CONTROL: &str = "/__standin/";

/// The limit of bytes of a body.
const MAX_BODY_BYTES: usize = 1 << 20;

/// Answers a request; `path` is what follows [`CONTROL`].
pub(crate) async fn answer(shared: &Shared, request: Request<Incoming>, path: &str) -> Answer {
    let method = request.method().clone();
    let is_unsized = request.headers().get(CONTENT_LENGTH).is_none();
    let Ok(body) = Limited::new(request.into_body(), MAX_BODY_BYTES).collect().await else {
        return told(Err((413, "the body is larger than 1 MiB".to_owned())));
    };
    let bytes = body.to_bytes();
    let text = String::from_utf8_lossy(&bytes);
    told(match (method.as_str(), path) {
        ("POST", "faults") if bytes.is_empty() && is_unsized => {
            Err((400, "the body must have one fault per line".to_owned()))
        }
        ("POST", "faults") => add_faults(shared, &text),
        ("DELETE", "faults") => {
            shared.world().faults.clear();
            Ok("none left".to_owned())
        }
        (_, "faults") => Ok(format!("{} waiting", shared.world().faults.all().len())),
        ("POST", "reset") => reset(shared, &text),
        ("POST", path) => match path.strip_prefix("webhooks/") {
            Some(name) => send_webhook(shared, name, &bytes).await,
            None => Err((404, PATHS.to_owned())),
        },
        _ => Err((404, PATHS.to_owned())),
    })
}

/// The remedy for an unknown path.
const PATHS: &str = "the paths are /__standin/faults, and by POST /__standin/reset and \
                     /__standin/webhooks/NAME";

/// Turns a sentence, with a status if it is a refusal, into an answer.
fn told(outcome: Result<String, (u16, String)>) -> Answer {
    let (status, sentence) = outcome.map_or_else(|refused| refused, |sentence| (200, sentence));
    Answer::new(status, Body::text(format!("{sentence}\n")))
}

/// Adds a fault a line; if a line is wrong, it adds none.
fn add_faults(shared: &Shared, text: &str) -> Result<String, (u16, String)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let read = lines.map(|line| {
        let fault: Fault = line.parse().map_err(|error: FaultError| error.to_string())?;
        match fault.operation().filter(|id| !shared.has_operation(id)) {
            Some(id) => Err(format!("`{}` has no operation `{id}`", shared.setup.subject.name())),
            None => Ok(fault),
        }
    });
    let faults: Vec<Fault> = read.collect::<Result<_, _>>().map_err(|said| (400, said))?;
    let said = format!("{} added", faults.len());
    let mut world = shared.world();
    faults.into_iter().for_each(|fault| world.faults.add(fault));
    Ok(said)
}

fn reset(shared: &Shared, text: &str) -> Result<String, (u16, String)> {
    let mut start = shared.world().start;
    for line in text.split_whitespace() {
        start = changed(start, line)
            .ok_or_else(|| (400, "a line must be `seed=NUMBER` or `tickets=NUMBER`".to_owned()))?;
    }
    shared.reset(start);
    Ok("reset".to_owned())
}

/// Returns a start with the change of one line.
fn changed(start: Start, line: &str) -> Option<Start> {
    let (name, number) = line.split_once('=')?;
    match name {
        "seed" => Some(Start { seed: number.parse().ok()?, ..start }),
        "tickets" => Some(Start { n_tickets: Some(number.parse().ok()?), ..start }),
        _ => None,
    }
}

/// Sends a webhook, and waits for its answer.
///
/// * `request`: empty, or JSON with `to`, the receiver's URL, and `body`. Without `to` the receiver
///   is the stand-in's own, without `body` one is made up.
async fn send_webhook(
    shared: &Shared,
    name: &str,
    request: &Bytes,
) -> Result<String, (u16, String)> {
    let refused = |sentence: &str| (400, sentence.to_owned());
    let asked = match request.trim_ascii() {
        b"" => Value::Null,
        json => serde_json::from_slice(json)
            .map_err(|error| refused(&format!("the body must be JSON: {error}")))?,
    };
    let prepared = shared.setup.subject.prepared();
    let Some(webhook) = prepared.webhooks.get(name) else {
        let names: Vec<&str> = prepared.webhooks.keys().map(String::as_str).collect();
        let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        return Err((404, format!("the spec has no webhook `{name}`; it has {known}")));
    };
    let to =
        match asked.get("to").map(Value::as_str) {
            Some(url) => Address::parse(url.unwrap_or_default()).map_err(|error| (400, error))?,
            None => shared.setup.webhooks_to.clone().ok_or_else(|| {
                refused("no receiver: send {\"to\": \"http://127.0.0.1:8080/hook\"}")
            })?,
        };
    let made_up = || {
        let media = &prepared.contract.operations.get(name)?.request.as_ref()?.media;
        let shape = &media.values().next()?.shape;
        sample_request(&prepared.contract, shape, shared.world().start.seed)
    };
    let body = asked.get("body").cloned().or_else(made_up).unwrap_or_default();
    let secret = &shared.setup.credentials.webhook_secret;
    let post = webhook.post(name, &body, secret).map_err(|error| (400, error))?;
    let status = courier::send(&post, &to).await;
    shared.keep_delivery(name, status.as_ref().ok().copied());
    status.map(|status| format!("answered with {status}")).map_err(|error| (502, error))
}
