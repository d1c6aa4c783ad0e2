//! Follows the spine from operation to method, source, fixtures, test and snapshot, and names each
//! missing link.

use std::collections::{BTreeMap, BTreeSet};

use contract_tests::clients::CLIENTS;
use contract_tests::{clients, fixtures, specs};
use prumo_replay::Fixture;
use prumo_spec::OpenApi;
use serde_json::Value;

/// Minimum number of situations of an operation, by spec and operation.
const N_SITUATIONS: &[(&str, &str, usize)] = &[
    ("hubsoft", "autenticar", 3),
    ("hubsoft", "criar_atendimento", 8),
    ("tomticket-v1", "criar_chamado", 8),
    ("tomticket-v1", "ler_chamado", 8),
];

/// Maximum number of lines of a generated file.
const MAX_LINES: usize = 3_000;

fn all_fixtures() -> Vec<Fixture> {
    fixtures::all().expect("the fixtures can be read")
}

/// Lists the operation ids of every spec, read from the specs and not from the clients.
fn promised() -> BTreeMap<String, BTreeSet<String>> {
    let entries = std::fs::read_dir(fixtures::root().join("specs")).expect("specs/");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let found = files.filter(|path| {
        let name = path.to_string_lossy();
        let is_beside = name.ends_with(".waivers.yaml") || name.ends_with(".docs.yaml");
        name.ends_with(".yaml") && !is_beside
    });
    found.map(|path| stem(&path)).map(|name| (name.clone(), operation_ids(&name))).collect()
}

fn stem(path: &std::path::Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn operation_ids(spec: &str) -> BTreeSet<String> {
    let spec = specs::spec(spec).expect("a spec");
    OpenApi::new(&spec.document).operations().map(|operation| operation.id().to_owned()).collect()
}

/// Lists the ids of a spec's webhooks.
fn webhook_ids(spec: &str) -> BTreeSet<String> {
    let spec = specs::spec(spec).expect("a spec");
    let webhooks = OpenApi::new(&spec.document).webhooks().expect("webhooks").into_iter();
    webhooks.map(|webhook| webhook.expect("a webhook").operation.id().to_owned()).collect()
}

/// Lists the names that only one of two sets has, each in a sentence.
fn differences(
    found: &BTreeSet<String>,
    expected: &BTreeSet<String>,
    missing: impl Fn(&str) -> String,
    extra: impl Fn(&str) -> String,
) -> Vec<String> {
    let missing = expected.difference(found).map(|name| missing(name));
    missing.chain(found.difference(expected).map(|name| extra(name))).collect()
}

fn assert_none(differences: &[String]) {
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn what_differs_is_named_and_nothing_else() {
    let names =
        |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let (found, expected) = (names(&["a", "b", "c"]), names(&["a", "c", "d"]));
    let missing = |name: &str| format!("no {name}");
    let extra = |name: &str| format!("why {name}");
    assert_eq!(differences(&found, &expected, missing, extra), ["no d", "why b"]);
    assert_eq!(differences(&found, &found, missing, extra), [""; 0]);
}

#[test]
fn every_spec_has_a_client_with_all_of_its_operations() {
    let promised = promised();
    let found = CLIENTS.iter().map(|client| client.name.to_owned()).collect();
    assert_none(&differences(
        &found,
        &promised.keys().cloned().collect(),
        |spec| format!("`specs/{spec}.yaml` is not in `tests/clients`: run `cargo xtask generate`"),
        |spec| {
            format!("the client `{spec}` has no `specs/{spec}.yaml`: run `cargo xtask generate`")
        },
    ));
    for client in CLIENTS {
        let found = client.operations.iter().map(|row| row.id.to_owned()).collect();
        assert_none(&differences(
            &found,
            &promised[client.name],
            |id| {
                format!("`{}` `{id}` is not in the client: run `cargo xtask generate`", client.name)
            },
            |id| format!("`{}` `{id}` is in the client but not in its spec", client.name),
        ));
    }
}

#[test]
fn every_operation_names_its_source_and_its_method() {
    for client in CLIENTS {
        for operation in client.operations {
            assert!(!operation.source.is_empty(), "`{}` has no source", operation.id);
            assert_eq!(operation.rust_name, operation.id, "the vendor's word is the method's name");
        }
    }
}

#[test]
fn every_fixture_is_of_an_operation_and_says_where_it_is_from() {
    let promised = promised();
    for fixture in all_fixtures() {
        let id = fixture.id();
        let is_call =
            promised.get(&fixture.spec).is_some_and(|ids| ids.contains(&fixture.operation));
        let is_webhook = webhook_ids(&fixture.spec).contains(&fixture.operation);
        assert!(is_call || is_webhook, "`{id}` belongs to no operation");
        assert_eq!(
            fixture.exchange["operation"],
            fixture.operation.as_str(),
            "`{id}` names another operation"
        );
        let origin = fixture.exchange["origin"].as_str().unwrap_or_default();
        assert!(
            ["live", "observed", "documented", "synthetic"].contains(&origin),
            "`{id}` has the unknown origin `{origin}`"
        );
        assert!(
            fixture.exchange["source"].as_str().is_some_and(|source| !source.is_empty()),
            "`{id}` has no source"
        );
        assert!(
            !String::from_utf8_lossy(&fixture.bytes).contains("TODO"),
            "`{id}` is not filled in"
        );
    }
}

#[test]
fn every_operation_has_enough_situations() {
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for fixture in all_fixtures() {
        *seen.entry((fixture.spec, fixture.operation)).or_default() += 1;
    }
    for (spec, operations) in promised() {
        for operation in operations {
            let row = N_SITUATIONS
                .iter()
                .find(|row| (row.0, row.1) == (spec.as_str(), operation.as_str()));
            let needed = row.map_or(2, |row| row.2);
            let n_seen = seen.get(&(spec.clone(), operation.clone())).copied().unwrap_or(0);
            assert!(n_seen >= needed, "`{spec}` `{operation}` has {n_seen} of {needed} situations");
        }
    }
}

#[test]
fn every_operation_has_a_good_answer_and_a_refusal() {
    let mut seen: BTreeMap<(String, String), BTreeSet<bool>> = BTreeMap::new();
    for fixture in all_fixtures() {
        let client = clients::of(&fixture.spec);
        let operation = client.and_then(|client| client.operation(&fixture.operation));
        let envelope = client.zip(operation).map(|(client, operation)| client.envelope(operation));
        let is_good = fixture.is_good(envelope.transpose().unwrap().flatten().as_ref());
        seen.entry((fixture.spec, fixture.operation)).or_default().insert(is_good);
    }
    let mut lacking = Vec::new();
    for (spec, operations) in promised() {
        for operation in operations {
            let seen = seen.get(&(spec.clone(), operation.clone())).cloned().unwrap_or_default();
            for (is_good, name) in [(true, "a good answer"), (false, "a refusal")] {
                if !seen.contains(&is_good) {
                    lacking.push(format!("`{spec}` `{operation}` lacks {name}"));
                }
            }
        }
    }
    assert_none(&lacking);
}

#[test]
fn every_webhook_has_a_type_and_a_fixture() {
    let fixtures = all_fixtures();
    for client in CLIENTS {
        for id in webhook_ids(client.name) {
            assert!(
                (client.webhook)(&id, &Value::Null).is_some(),
                "the webhook `{id}` is not in `tests/clients`: run `cargo xtask generate`"
            );
            let mut of_it =
                fixtures.iter().filter(|one| one.spec == client.name && one.operation == id);
            assert!(of_it.next().is_some(), "`{id}` has no fixture");
        }
    }
}

#[test]
fn every_fixture_has_its_snapshot_and_every_snapshot_its_fixture() {
    let fixtures: BTreeSet<String> = all_fixtures().iter().map(Fixture::id).collect();
    let folder = fixtures::root().join("tests/snapshots");
    let entries = std::fs::read_dir(folder).expect("tests/snapshots/");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let snapshots: BTreeSet<String> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "snap"))
        .map(|path| stem(&path))
        .collect();
    let command = "INSTA_UPDATE=always cargo test -p contract-tests --test replay";
    assert_none(&differences(
        &snapshots,
        &fixtures,
        |id| {
            format!("`tests/snapshots/{id}.snap` is missing: `{command} {}`", id.replace("__", "/"))
        },
        |id| format!("`tests/snapshots/{id}.snap` has no fixture: remove it"),
    ));
}

#[test]
fn every_generated_file_is_short_enough_to_read() {
    let mut folders = vec![fixtures::root().join("generated")];
    let mut n_files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder below generated/") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                n_files += 1;
                let n_lines = std::fs::read_to_string(&path).expect("UTF-8").lines().count();
                assert!(n_lines <= MAX_LINES, "`{}` has {n_lines} lines", path.display());
            }
        }
    }
    assert!(n_files > 100, "{n_files} files");
}

/// Recordings hold only made-up persons, whose addresses use the domains that are reserved for
/// examples.
#[test]
fn every_mail_address_in_a_fixture_is_of_a_domain_for_examples() {
    for fixture in all_fixtures() {
        for word in String::from_utf8_lossy(&fixture.bytes)
            .split(|c: char| c.is_whitespace() || "\"<>()/,;".contains(c))
        {
            let Some((_, domain)) = word.split_once('@') else { continue };
            let is_example = domain.split('.').any(|label| label == "example");
            assert!(is_example, "`{}` holds an address at `{domain}`", fixture.id());
        }
    }
}
