//! Follows the spine: operation, method, source, fixtures, test and snapshot; none may be missing.

use std::collections::{BTreeMap, BTreeSet};

use contract_tests::clients::CLIENTS;
use contract_tests::fixtures::{self, Fixture};
use contract_tests::specs;
use prumo_runtime::TagValue;
use serde_json::Value;

/// How many situations each operation needs at least, by spec and operation.
const N_SITUATIONS: &[(&str, &str, usize)] = &[
    ("hubsoft", "autenticar", 3),
    ("hubsoft", "criar_atendimento", 8),
    ("tomticket-v1", "criar_chamado", 8),
    ("tomticket-v1", "ler_chamado", 8),
];

fn all_fixtures() -> Vec<Fixture> {
    fixtures::all().expect("the fixtures can be read")
}

/// Operation ids of every spec, read from the specs and not from the clients.
fn promised() -> BTreeMap<String, BTreeSet<String>> {
    let entries = std::fs::read_dir(fixtures::root().join("specs")).expect("specs/");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let found = files.filter(|path| {
        let name = path.to_string_lossy();
        name.ends_with(".yaml") && !name.ends_with(".waivers.yaml")
    });
    found.map(|path| stem(&path)).map(|name| (name.clone(), operation_ids(&name))).collect()
}

fn stem(path: &std::path::Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn operation_ids(spec: &str) -> BTreeSet<String> {
    let spec = specs::spec(spec).expect("a spec");
    let paths = spec.document.value()["paths"].as_object().expect("paths").values();
    let operations = paths.filter_map(Value::as_object).flat_map(|item| item.values());
    operations.filter_map(|operation| operation.get("operationId")?.as_str().map(str::to_owned)).collect()
}

/// Ids of the calls that a vendor makes itself.
fn webhook_ids(spec: &str) -> BTreeSet<String> {
    let spec = specs::spec(spec).expect("a spec");
    let items = spec.document.value().get("x-webhooks").and_then(Value::as_object).into_iter().flatten();
    let ids = items.filter_map(|(_, item)| item["post"]["operationId"].as_str().map(str::to_owned));
    ids.collect()
}

#[test]
fn every_spec_has_a_client_with_all_of_its_operations() {
    for spec in promised().keys() {
        let has_row = CLIENTS.iter().any(|client| client.name == spec);
        assert!(
            has_row,
            "`specs/{spec}.yaml` has no row in `tests/src/clients.rs`, nor is it in `tests/Cargo.toml`"
        );
    }
    let clients: BTreeMap<String, BTreeSet<String>> = CLIENTS
        .iter()
        .map(|client| {
            (client.name.to_owned(), client.operations.iter().map(|row| row.id.to_owned()).collect())
        })
        .collect();
    assert_eq!(clients, promised());
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
        let is_call = promised.get(&fixture.spec).is_some_and(|ids| ids.contains(&fixture.operation));
        let is_webhook = webhook_ids(&fixture.spec).contains(&fixture.operation);
        assert!(is_call || is_webhook, "`{id}` is of no operation");
        assert_eq!(
            fixture.exchange["operation"],
            fixture.operation.as_str(),
            "`{id}` names another operation"
        );
        let origin = fixture.exchange["origin"].as_str().unwrap_or_default();
        assert!(
            ["live", "observed", "documented", "synthetic"].contains(&origin),
            "`{id}` has the origin `{origin}`"
        );
        assert!(
            fixture.exchange["source"].as_str().is_some_and(|source| !source.is_empty()),
            "`{id}` has no source"
        );
        assert!(!String::from_utf8_lossy(&fixture.bytes).contains("TODO"), "`{id}` is not filled in");
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
            let row = N_SITUATIONS.iter().find(|row| (row.0, row.1) == (spec.as_str(), operation.as_str()));
            let needed = row.map_or(2, |row| row.2);
            let n_seen = seen.get(&(spec.clone(), operation.clone())).copied().unwrap_or(0);
            assert!(n_seen >= needed, "`{spec}` `{operation}` has {n_seen} situations of {needed}");
        }
    }
}

/// Whether the vendor did what it was asked, by status and envelope.
fn is_good(fixture: &Fixture) -> bool {
    let response = &fixture.exchange["response"];
    let is_2xx = response["status"].as_u64().is_some_and(|status| (200..300).contains(&status));
    let row =
        contract_tests::clients::of(&fixture.spec).and_then(|client| client.operation(&fixture.operation));
    let Some(envelope) = row.and_then(|row| row.envelope) else { return is_2xx };
    let Some(tag) = envelope.tag else { return is_2xx };
    let said = response["body"].pointer(tag);
    is_2xx
        && envelope.success.iter().any(|success| match success {
            TagValue::Bool(success) => said.and_then(Value::as_bool) == Some(*success),
            TagValue::Int(success) => said.and_then(Value::as_i64) == Some(*success),
            TagValue::Text(success) => said.and_then(Value::as_str) == Some(*success),
        })
}

#[test]
fn every_operation_has_a_good_answer_and_a_refusal() {
    let mut seen: BTreeMap<(String, String), BTreeSet<bool>> = BTreeMap::new();
    for fixture in all_fixtures() {
        let is_good = is_good(&fixture);
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
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}

#[test]
fn every_webhook_has_a_type_and_a_fixture() {
    let fixtures = all_fixtures();
    for client in CLIENTS {
        for id in webhook_ids(client.name) {
            assert!(
                (client.webhook)(&id, &Value::Null).is_some(),
                "`{id}` has no row in `tests/src/clients.rs`"
            );
            let mut of_it = fixtures.iter().filter(|one| one.spec == client.name && one.operation == id);
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
    assert_eq!(snapshots, fixtures);
}

/// Recordings hold made-up persons only: their addresses are of the domains that are kept for examples.
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
