//! Replays every fixture through its typed client: one file, one test, one snapshot.
//!
//! `prumo-replay` checks the request and the outcome, as for the clients of any other project. In
//! addition, the judge must find no deviation that is not waived, and the outcome must match the
//! snapshot.

use std::path::Path;

use anyhow::{Context, ensure};
use contract_tests::{clients, fixtures, rendering};
use prumo_replay::{Fixture, Outcome, PLANTED_SECRET};

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
    let client = clients::of(&fixture.spec)
        .with_context(|| format!("there is no client `{}`", fixture.spec))?;
    let outcome =
        prumo_replay::replay(client, &fixture).with_context(|| path.display().to_string())?;
    let verdict = verdict::of(&fixture)?;
    let text = match &outcome {
        Outcome::Call(played) => format!(
            "{}\n── judge\n{verdict}\n── client\n{}",
            rendering::request(&played.sent),
            rendering::outcome(&played.outcome)
        ),
        Outcome::Webhook(value) => {
            format!("── judge\n{verdict}\n── webhook\n{}", rendering::pretty(value))
        }
    };
    ensure!(!text.contains(PLANTED_SECRET), "the secret is in the snapshot");
    snapshot(&fixture.id(), &text);
    Ok(())
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(fixtures::root().join("tests/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
