//! Replays every fixture through its typed client: one file, one test, one snapshot.
//!
//! The vendor is a server on loopback that answers with the recorded bytes.
//! Three things must hold: the client sends what was recorded as sent, the
//! judge finds nothing in the exchange that is not waived, and what the caller
//! gets is what the snapshot says.

use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::{Context, ensure};
use contract_tests::{arguments, clients, fixtures, rendering, specs};
use fixtures::Fixture;
use httpmock::prelude::*;
use prumo_runtime::{Dispatched, Error, Operation};
use serde_json::Value;

#[path = "support/recorder.rs"]
mod recorder;
#[path = "support/verdict.rs"]
mod verdict;

datatest_stable::harness! {
    { test = replay, root = "../fixtures", pattern = r"\.json$" },
}

fn replay(path: &Path) -> datatest_stable::Result<()> {
    Ok(replayed(path)?)
}

fn replayed(path: &Path) -> anyhow::Result<()> {
    let fixture = Fixture::load(path)?;
    let client =
        clients::of(&fixture.spec).with_context(|| format!("no client is called `{}`", fixture.spec))?;
    let operation = client.operation(&fixture.operation);
    let operation =
        operation.with_context(|| format!("`{}` has no `{}`", fixture.spec, fixture.operation))?;

    let (sent, outcome) = call(&fixture, client, operation)?;
    recorder::ensure_as_recorded(&sent, &fixture.exchange)?;
    let verdict = verdict::of(&fixture)?;
    let text = format!(
        "{}\n── judge\n{verdict}\n── client\n{}",
        rendering::request(&sent),
        rendering::outcome(&outcome)
    );
    ensure!(!text.contains(clients::PLANTED_SECRET), "the secret is in the snapshot");
    snapshot(&fixture.id(), &text);
    Ok(())
}

fn call(
    fixture: &Fixture,
    client: &clients::Client,
    operation: &Operation,
) -> anyhow::Result<(rendering::Sent, Result<Dispatched, Error>)> {
    let request = fixture.exchange.get("request").context("the fixture has no `request`")?;
    let request = arguments::of(operation, request, specs::document(&fixture.spec)?.value())?;

    let server = MockServer::start();
    let seen = Arc::new(Mutex::new(Vec::new()));
    answer_with(&server, &fixture.exchange, Arc::clone(&seen));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on((client.call)(&server.base_url(), operation.id, &request));

    let mut seen = seen.lock().map_err(|_| anyhow::anyhow!("the server's record is gone"))?;
    ensure!(seen.len() == 1, "{} requests were sent: {}", seen.len(), rendering::outcome(&outcome));
    Ok((seen.remove(0), outcome))
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

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(fixtures::root().join("tests/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
