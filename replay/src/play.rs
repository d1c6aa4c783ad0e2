//! Replays one fixture: makes the typed call, serves the recorded response, and checks both.

use anyhow::{Context, bail, ensure};
use prumo_runtime::{Dispatched, Error, Operation};
use serde_json::Value;

use crate::arguments::{arguments, split_path};
use crate::client::{Client, PLANTED_SECRET, Request};
use crate::fixture::Fixture;
use crate::losses::losses;
use crate::recorded::ensure_as_recorded;
use crate::sent::Sent;
use crate::server::{Reply, Server};

/// The request of a call, and its result.
pub struct Played {
    /// The request as received.
    pub sent: Sent,
    /// What the typed call returned.
    pub outcome: Result<Dispatched, Error>,
}

/// A fixture that was replayed without a fault.
pub enum Outcome {
    /// A call of the client.
    Call(Played),
    /// A webhook; its body, read into its type and written again.
    Webhook(Value),
}

/// Makes the typed call and serves it the recorded response of `exchange`.
///
/// # Errors
///
/// Fails unless exactly one request arrives.
pub fn play(
    client: &Client,
    operation: &Operation,
    request: &Request,
    exchange: &Value,
) -> anyhow::Result<Played> {
    let reply = Reply::recorded(&exchange["response"])?;
    let (prefix, _) = split_path(operation, &exchange["request"])?;
    let (mut received, outcome) = on_loopback(async {
        let server = Server::start(move |_| reply.clone()).await?;
        let base_url = format!("{}{prefix}", server.url());
        let outcome = (client.call)(&base_url, operation.id, request).await;
        Ok((server.take_received(), outcome))
    })?;
    let said = || outcome.as_ref().err().map_or_else(String::new, |error| format!(": {error}"));
    ensure!(received.len() < 2, "{} requests were sent{}", received.len(), said());
    let received = received.pop().with_context(|| format!("no request was sent{}", said()))?;
    Ok(Played { sent: Sent::new(&received), outcome })
}

/// Runs `work` to its end on this thread.
pub(crate) fn on_loopback<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Replays `fixture` through `client`.
///
/// # Errors
///
/// Fails if the client does not send what was recorded, if a good response can't be decoded or
/// loses a value, or if a refusal is no error of the vendor's. The message names the place in the
/// fixture.
pub fn replay(client: &Client, fixture: &Fixture) -> anyhow::Result<Outcome> {
    let request = fixture.exchange.get("request").context("the fixture has no `request`")?;
    if let Some(read) = (client.webhook)(&fixture.operation, &request["body"]) {
        let value = read.context("/request/body: does not fit its type")?;
        ensure_kept("/request/body", &request["body"], &value)?;
        return Ok(Outcome::Webhook(value));
    }
    let operation = client.operation(&fixture.operation);
    let operation =
        operation.with_context(|| format!("the spec has no operation `{}`", fixture.operation))?;
    let request = arguments(operation, request, client.spec()?)?;
    let played = play(client, operation, &request, &fixture.exchange)?;
    ensure_as_recorded(&played.sent, &fixture.exchange)?;
    let envelope = client.envelope(operation)?;
    ensure_outcome(&played.outcome, fixture.is_good(envelope.as_ref()))?;
    Ok(Outcome::Call(played))
}

fn ensure_outcome(outcome: &Result<Dispatched, Error>, is_good: bool) -> anyhow::Result<()> {
    match (outcome, is_good) {
        (Ok(answer), true) => ensure_kept("/response/body", &answer.raw, &answer.value),
        (Err(error), false) if error.is_vendor() => {
            ensure!(
                !error.to_string().contains(PLANTED_SECRET),
                "the error shows the client's secret"
            );
            Ok(())
        }
        (Ok(_), false) => bail!("/response: a refusal is `Ok`"),
        (Err(error), _) => {
            let at = error.pointer().unwrap_or_default();
            bail!("/response/body{at}: {error}")
        }
    }
}

fn ensure_kept(at: &str, raw: &Value, typed: &Value) -> anyhow::Result<()> {
    let lost: Vec<String> =
        losses(raw, typed).lost.iter().map(|lost| format!("{at}{lost}")).collect();
    ensure!(lost.is_empty(), "{}: lost in its type", lost.join(", "));
    Ok(())
}
