use serde_json::{Value, json};

use super::*;
use crate::exchange::read_exchange;
use crate::observe::{Observation, Origin};
use crate::openapi::read_openapi;
use prumo_spec::Document;

const N_OPERATIONS: usize = 6;

/// Returns a promise of some operations.
fn promise() -> Contract {
    let mut paths = json!({});
    for number in 0..N_OPERATIONS {
        let schema = json!({"type": "object", "properties": {"id": {"type": "integer"}}});
        let content = json!({"application/json": {"schema": schema}});
        let responses = json!({"200": {"description": "a", "content": content}});
        paths[format!("/o{number}")] =
            json!({"get": {"operationId": format!("o{number}"), "responses": responses}});
    }
    let info = json!({"title": "a", "version": "1"});
    let text = json!({"openapi": "3.0.3", "info": info, "paths": paths}).to_string();
    read_openapi(&Document::parse("acme.yaml", &text).unwrap()).unwrap()
}

/// Returns the observation of one response of each operation, with 60 names that no spec has.
fn hostile(contract: &Contract, numbers: std::ops::Range<usize>) -> ContractFile {
    let mut observation = Observation::new(&[contract]);
    for number in numbers {
        let names = (0..60).map(|name| (format!("n{name:02}{}", "y".repeat(40)), json!("z")));
        let body: serde_json::Map<String, Value> = names.collect();
        let headers = json!({"content-type": "application/json"});
        let text = json!({
            "request": {"method": "GET", "path": format!("/o{number}")},
            "response": {"status": 200, "headers": headers, "body": body},
        });
        let line = number as u64 + 1;
        let origin = Origin { file: "a", line };
        observation.observe(&read_exchange(text.to_string().as_bytes()).unwrap(), &origin);
    }
    ContractFile::new(&[contract], &observation.finish(), 0)
}

fn carried(file: &ContractFile) -> ContractFile {
    let (file, text) = file.fit("a", |bytes| bytes.len() < 30_000).unwrap();
    let read = ContractFile::read("a", text.as_bytes()).unwrap();
    assert_eq!(read, file.into_owned());
    read
}

/// Names without end are shortened, to the same result on one machine and on several.
#[test]
fn names_beyond_the_budget_are_counted_without_their_spelling() {
    let contract = promise();
    let whole = carried(&hostile(&contract, 0..N_OPERATIONS));
    assert_eq!(whole.n_names, 16);
    let mut observed = Observation::new(&[&contract]).finish();
    whole.clone().pour("a", &[&contract], &mut observed).unwrap();
    let findings = crate::compare(&contract, &observed[0]);
    assert_eq!(findings.len(), N_OPERATIONS * 17, "16 names and the others");

    let mut joined = carried(&hostile(&contract, 0..2));
    joined.absorb("b", carried(&hostile(&contract, 2..N_OPERATIONS))).unwrap();
    assert_eq!(carried(&joined), whole);
}

#[test]
fn a_promise_beyond_the_budget_is_an_error() {
    let contract = promise();
    let error = hostile(&contract, 0..2).fit("a", |_| false).unwrap_err();
    let said = "`a`: the observations along `acme` are larger than a contract file can be";
    assert_eq!(error.to_string(), said);
}

#[test]
fn places_are_sorted_by_the_numbers_in_them() {
    let mut places = ["`b`: 1:1", "`a`: 10:1", "`a`: 9:12", "`a`: 9:2"];
    places.sort_by(|one, other| by_number(one, other));
    assert_eq!(places, ["`a`: 9:2", "`a`: 9:12", "`a`: 10:1", "`b`: 1:1"]);
}
