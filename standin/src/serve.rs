//! Turns one HTTP request into one answer: finds its operation, reads it, answers, and applies the
//! faults.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use prumo_drift::contract::Operation;

use crate::answer::{Answer, Body, Sent};
use crate::arguments::{self, Arguments, Payload};
use crate::asked::Asked;
use crate::control::{self, CONTROL};
use crate::fault::{Effect, Fault, RetryAfter};
use crate::received::Received;
use crate::shared::Shared;
use crate::turn::FILES;

/// The limit of bytes that are read of a request, whatever its operation.
const MAX_BODY_BYTES: u64 = 64 << 20;

/// The error of a connection that ends without an answer.
#[derive(Debug)]
pub(crate) struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection was cut on request")
    }
}

impl std::error::Error for Cut {}

/// Answers one request; an error ends its connection.
pub(crate) async fn serve(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Sent>, Cut> {
    let path = request.uri().path().to_owned();
    if let Some(id) = path.strip_prefix(FILES).and_then(|rest| rest.strip_prefix('/')) {
        return Ok(sent(&file(&shared, id), None));
    }
    if let Some(path) = path.strip_prefix(CONTROL).filter(|_| shared.setup.is_controlled) {
        return Ok(sent(&control::answer(&shared, request, path).await, None));
    }
    let taken = shared.setup.subject.prepared().router.find(request.method().as_str(), &path);
    let operation = taken.as_ref().and_then(|taken| {
        let operation =
            shared.setup.subject.prepared().contract.operations.get(&taken.operation)?;
        Some((taken.operation.as_str(), operation))
    });
    let faults = {
        let mut world = shared.world();
        let seed = world.start.seed;
        world.faults.hit(operation.map(|(id, _)| id), seed)
    };
    let mut received = Received::new(request.method().as_str(), headers(&request));
    received.operation = operation.map(|(id, _)| id.to_owned());
    received.template = operation.map(|(_, operation)| operation.path.clone());

    let path_values = taken.as_ref().map(|taken| taken.path_values.clone()).unwrap_or_default();
    let outcome = exchange(&shared, request, operation, path_values, &faults, &mut received).await;
    received.status = outcome.as_ref().ok().map(|response| response.status().as_u16());
    shared.world().log.add(received);
    outcome
}

async fn exchange(
    shared: &Shared,
    request: Request<Incoming>,
    operation: Option<(&str, &Operation)>,
    path_values: Vec<(String, String)>,
    faults: &[Fault],
    received: &mut Received,
) -> Result<Response<Sent>, Cut> {
    for fault in faults {
        if let Effect::Latency(by) = fault.effect {
            tokio::time::sleep(by).await;
        }
    }
    if faults.iter().any(|fault| fault.effect == Effect::CutUnread) {
        return Err(Cut);
    }
    let (method, path) = (request.method().as_str().to_owned(), request.uri().path().to_owned());
    let content_type = header(&request, &CONTENT_TYPE).unwrap_or_default();
    let query = arguments::query(request.uri().query().unwrap_or_default());
    let bytes = match body(shared, request).await? {
        Some(bytes) => bytes,
        None => return Ok(sent(&too_large(), None)),
    };
    let arguments =
        Arguments { path: path_values, query, body: Payload::read(&content_type, &bytes) };
    received.take(&arguments);
    if let Some(outcome) = instead(shared, operation.map(|(_, it)| it), faults, false) {
        return outcome;
    }
    let mut answer = match operation {
        Some((id, operation)) => {
            let asked = Asked {
                id,
                operation,
                method: &method,
                path: &path,
                arguments: &arguments,
                headers: received.headers(),
                body: &bytes,
            };
            let mut world = shared.world();
            let before = world.done.get(id).copied();
            let answer = world.answer(&shared.setup, &asked);
            received.is_done = world.done.get(id).copied() != before;
            if let (true, Body::Json(_, told)) = (received.is_done, &answer.body) {
                shared.notify(&mut world, id, &arguments, told);
            }
            answer
        }
        None => shared.world().refuse_unknown(&shared.setup, &method, &path),
    };
    if let Some(outcome) = instead(shared, operation.map(|(_, it)| it), faults, true) {
        return outcome;
    }
    Ok(spoiled(&mut answer, faults))
}

/// Reads the body of a request; `None` if it is too large for any operation.
async fn body(shared: &Shared, request: Request<Incoming>) -> Result<Option<Bytes>, Cut> {
    if request.body().size_hint().lower() > MAX_BODY_BYTES {
        return Ok(None);
    }
    let (mut body, mut bytes) = (request.into_body(), BytesMut::new());
    // A client that breaks off, or stands still, gets no answer.
    while let Some(frame) =
        tokio::time::timeout(shared.setup.idle_timeout, body.frame()).await.map_err(|_| Cut)?
    {
        if let Ok(data) = frame.map_err(|_| Cut)?.into_data() {
            bytes.extend_from_slice(&data);
        }
        if bytes.len() as u64 > MAX_BODY_BYTES {
            return Ok(None);
        }
    }
    Ok(Some(bytes.freeze()))
}

/// Answers a request whose body is not read to its end, so that its connection can't go on.
fn too_large() -> Answer {
    let headers = vec![("connection".to_owned(), "close".to_owned())];
    Answer { headers, ..Answer::new(413, Body::Page) }
}

/// Returns what a fault puts in place of an answer, before or after the work.
fn instead(
    shared: &Shared,
    operation: Option<&Operation>,
    faults: &[Fault],
    is_after_work: bool,
) -> Option<Result<Response<Sent>, Cut>> {
    let fault =
        faults.iter().filter(|fault| fault.is_after_work == is_after_work).find(|fault| {
            matches!(
                fault.effect,
                Effect::Status(_)
                    | Effect::Page
                    | Effect::Cut
                    | Effect::Redirect(_)
                    | Effect::Refuse(_)
            )
        })?;
    let mut answer = match &fault.effect {
        Effect::Cut => return Some(Err(Cut)),
        Effect::Refuse(why) => shared.world().refuse_for(&shared.setup, operation, *why),
        Effect::Status(status) => Answer::new(*status, Body::Page),
        Effect::Redirect(to) => {
            let headers = vec![("location".to_owned(), to.clone())];
            Answer { headers, ..Answer::new(307, Body::Page) }
        }
        _ => Answer::new(200, Body::Page),
    };
    if let Some(wait) = fault.retry_after {
        let wait = retry_after(wait, shared.setup.clock.now());
        answer.headers.push(("retry-after".to_owned(), wait));
    }
    Some(Ok(sent(&answer, None)))
}

/// Returns the value of `Retry-After`: seconds or a date.
fn retry_after(wait: RetryAfter, now: Timestamp) -> String {
    match wait {
        RetryAfter::Seconds(seconds) => seconds.to_string(),
        RetryAfter::Date(seconds) => {
            let wait = SignedDuration::try_from(Duration::from_secs(seconds)).unwrap_or_default();
            let then = now.saturating_add(wait).unwrap_or(now);
            then.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
        }
    }
}

/// Applies drift to an answer, and breaks it off where a fault says so.
fn spoiled(answer: &mut Answer, faults: &[Fault]) -> Response<Sent> {
    for fault in faults {
        if let (Effect::Drift(change), Body::Json(_, value)) = (&fault.effect, &mut answer.body) {
            change.apply(value);
        }
    }
    let spoils = |fault: &&Fault| matches!(fault.effect, Effect::CutBody | Effect::Truncate);
    sent(answer, faults.iter().find(spoils).map(|fault| &fault.effect))
}

fn sent(answer: &Answer, spoiled: Option<&Effect>) -> Response<Sent> {
    let (content_type, bytes) = answer.bytes();
    let body = match spoiled {
        Some(Effect::CutBody) => Sent::cut(bytes),
        Some(_) => Sent::whole(bytes.slice(..bytes.len() / 2)),
        None => Sent::whole(bytes),
    };
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let said = content_type.map(|it| (CONTENT_TYPE.as_str(), it));
    let more = answer.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in said.into_iter().chain(more) {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn header(request: &Request<Incoming>, name: &HeaderName) -> Option<String> {
    request.headers().get(name)?.to_str().ok().map(str::to_owned)
}

fn headers(request: &Request<Incoming>) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    request.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

/// Serves an uploaded file.
fn file(shared: &Shared, id: &str) -> Answer {
    match shared.world().store.file(id) {
        Some(file) => {
            Answer::new(200, Body::Bytes(file.media_type.clone().into(), file.bytes.clone()))
        }
        None => Answer::new(404, Body::Page),
    }
}
