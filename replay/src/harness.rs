//! Turns the fixtures of one client into named tests, and runs them.
//!
//! Invariants:
//!
//! * A test that can't run is listed as ignored, so that it is counted and never reads as passed.

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use prumo_runtime::Operation;

use crate::arguments::arguments;
use crate::client::Client;
use crate::fixture::{Fixture, recordings};
use crate::paging::{is_paged, walk};
use crate::play::replay;

/// Runs the contract tests of a client with the command line of `cargo test`.
///
/// `fixtures` is the folder of its recordings, with one folder per operation.
#[must_use]
pub fn main(client: &'static Client, fixtures: &str) -> ExitCode {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, trials(client, Path::new(fixtures))).exit_code()
}

fn trials(client: &'static Client, folder: &Path) -> Vec<Trial> {
    // Messages show the folder without `..`, so that it can be opened from anywhere.
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let files = if folder.is_dir() { recordings(&folder) } else { Ok(Vec::new()) };
    let loaded: anyhow::Result<Vec<Fixture>> =
        files.and_then(|files| files.iter().map(|path| Fixture::load(path)).collect());
    let fixtures = match loaded {
        Ok(fixtures) => fixtures,
        Err(error) => return vec![Trial::test("fixtures", move || Err(failed(&error)))],
    };
    let mut trials = Vec::new();
    for operation in client.operations {
        let own = fixtures.iter().filter(|one| one.operation == operation.id);
        match client.envelope(operation) {
            Ok(envelope) => {
                let (good, refusals): (Vec<&Fixture>, Vec<&Fixture>) =
                    own.partition(|fixture| fixture.is_good(envelope.as_ref()));
                trials.extend(missing(operation, &good, &refusals, &folder));
                trials.extend(is_paged(operation).then(|| pages(client, operation, &good)));
            }
            Err(error) => trials.push(Trial::test(operation.id, move || Err(failed(&error)))),
        }
    }
    trials.extend(fixtures.into_iter().map(|fixture| one(client, fixture, &folder)));
    trials
}

/// Returns the test that replays one fixture.
fn one(client: &'static Client, fixture: Fixture, folder: &Path) -> Trial {
    let name = format!("{}/{}", fixture.operation, fixture.case);
    let file = folder.join(&name).with_extension("json");
    Trial::test(name, move || match replay(client, &fixture) {
        Ok(_) => Ok(()),
        Err(error) => Err(failed(&error.context(file.display().to_string()))),
    })
}

/// Returns an ignored test for a missing good response and one for a missing refusal.
fn missing(
    operation: &'static Operation,
    good: &[&Fixture],
    refusals: &[&Fixture],
    folder: &Path,
) -> Vec<Trial> {
    let kinds = [("good_answer", good), ("refusal", refusals)];
    let missing = kinds.into_iter().filter(|(_, fixtures)| fixtures.is_empty());
    let trials = missing.map(|(kind, _)| {
        let folder = folder.join(operation.id);
        let name = format!("{}/no_{kind}", operation.id);
        let hint = format!("no fixture in `{}` is a {}", folder.display(), kind.replace('_', " "));
        Trial::test(name, move || Err(Failed::from(hint))).with_ignored_flag(true)
    });
    trials.collect()
}

/// Returns the test that reads the list of a paged operation to its end.
fn pages(client: &'static Client, operation: &'static Operation, good: &[&Fixture]) -> Trial {
    let name = format!("{}/every_page", operation.id);
    let Some(fixture) = good.first().map(|fixture| (*fixture).clone()) else {
        let lacks =
            || Err(Failed::from("no fixture is a good answer, from which pages could be made"));
        return Trial::test(name, lacks).with_ignored_flag(true);
    };
    Trial::test(name, move || {
        every_page(client, operation, &fixture)
            .map_err(|error| failed(&error.context(fixture.id())))
    })
}

fn every_page(
    client: &Client,
    operation: &'static Operation,
    fixture: &Fixture,
) -> anyhow::Result<()> {
    let request = arguments(operation, &fixture.exchange["request"], client.spec()?)?;
    walk(client, operation, &request, &fixture.exchange["response"]["body"])?.ensure_whole()
}

fn failed(error: &anyhow::Error) -> Failed {
    Failed::from(format!("{error:#}"))
}
