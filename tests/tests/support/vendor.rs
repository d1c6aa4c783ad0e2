//! Plays the vendor of a recorded exchange: a server on loopback that answers with the recorded bytes.

use std::sync::{Arc, Mutex};

use anyhow::{Context, ensure};
use contract_tests::clients::{Client, Request};
use contract_tests::rendering;
use httpmock::prelude::*;
use prumo_runtime::{Dispatched, Error, Operation};
use serde_json::Value;

use crate::recorder;

/// What the client sent, and what came of it.
pub(crate) type Played = (rendering::Sent, Result<Dispatched, Error>);

/// Makes the typed call, and answers it with the recorded answer.
///
/// # Errors
///
/// Nothing was sent, or more than one request.
pub(crate) fn play(
    client: &Client,
    operation: &Operation,
    request: &Request,
    exchange: &Value,
) -> anyhow::Result<Played> {
    let server = MockServer::start();
    let seen = Arc::new(Mutex::new(Vec::new()));
    answer_with(&server, exchange, Arc::clone(&seen));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on((client.call)(&server.base_url(), operation.id, request));

    let mut seen = seen.lock().map_err(|_| anyhow::anyhow!("the server's record is gone"))?;
    ensure!(seen.len() < 2, "{} requests were sent: {}", seen.len(), rendering::outcome(&outcome));
    let sent = seen.pop().with_context(|| format!("nothing was sent: {}", rendering::outcome(&outcome)))?;
    Ok((sent, outcome))
}

/// The server answers anything with the recorded answer, and keeps what it was sent.
fn answer_with(server: &MockServer, exchange: &Value, seen: Arc<Mutex<Vec<rendering::Sent>>>) {
    let response = &exchange["response"];
    server.mock(|when, then| {
        when.is_true(move |request| {
            if let Ok(mut seen) = seen.lock() {
                seen.push(recorder::sent(request));
            }
            true
        });
        let status = response["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        let mut then = then.status(status.unwrap_or(200));
        for (name, value) in response["headers"].as_object().into_iter().flatten() {
            then = then.header(name, value.as_str().unwrap_or_default());
        }
        match (&response["body"], response["text"].as_str()) {
            (Value::Null, None) => then,
            (_, Some(text)) => then.body(text),
            (body, None) => then.body(body.to_string()),
        };
    });
}
