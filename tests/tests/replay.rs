//! Replays every fixture through its typed client: one file, one test, one snapshot.
//!
//! The vendor is a server on loopback that answers with the recorded bytes.
//! Three things must hold: the client sends what was recorded as sent, the
//! judge finds nothing in the exchange that is not waived, and what the caller
//! gets is what the snapshot says.

use std::path::Path;

use anyhow::{Context, ensure};
use contract_tests::{arguments, clients, fixtures, losses, rendering, specs};
use fixtures::Fixture;
use serde_json::Value;

#[path = "support/recorder.rs"]
mod recorder;
#[path = "support/vendor.rs"]
mod vendor;
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
    let request = fixture.exchange.get("request").context("the fixture has no `request`")?;
    if let Some(read) = (client.webhook)(&fixture.operation, &request["body"]) {
        return received(&fixture, &request["body"], read);
    }
    let operation = client.operation(&fixture.operation);
    let operation =
        operation.with_context(|| format!("`{}` has no `{}`", fixture.spec, fixture.operation))?;

    let request = arguments::of(operation, request, specs::spec(&fixture.spec)?.document.value())?;
    let (sent, outcome) = vendor::play(client, operation, &request, &fixture.exchange)?;
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

/// What the vendor sends is read, judged, and loses nothing in its type.
fn received(fixture: &Fixture, body: &Value, read: serde_json::Result<Value>) -> anyhow::Result<()> {
    let value = read.context("the body does not fit its type")?;
    let losses = losses::between(body, &value);
    ensure!(losses.lost.is_empty(), "lost on the way through its type: {}", losses.lost.join(", "));
    let verdict = verdict::of(fixture)?;
    snapshot(&fixture.id(), &format!("── judge\n{verdict}\n── webhook\n{}", rendering::pretty(&value)));
    Ok(())
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(fixtures::root().join("tests/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
