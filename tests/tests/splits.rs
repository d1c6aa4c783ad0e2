//! Judges one night in many ways: the order of the input and its split change no byte of a report.

use contract_tests::clients::CLIENTS;
use contract_tests::{fixtures, specs};
use prumo_drift::{
    Contract, ContractFile, Observation, Origin, Report, compare, coverage, read_exchange,
};
use prumo_replay::Client;
use serde_json::{Value, json};

/// An exchange, and its line in the night's file.
struct Recorded {
    line: u64,
    text: String,
}

/// Returns every fixture, and copies whose members have been changed to other kinds.
fn night() -> Vec<Recorded> {
    let mut texts = Vec::new();
    for fixture in fixtures::all().expect("the fixtures can be read") {
        texts.push(fixture.exchange.to_string());
        for turn in [json!(""), json!([]), json!("7"), json!(null), json!({"novo": 1}), json!(7.5)]
        {
            for pointer in ["/response/body", "/response/body/data", "/request/body"] {
                let mut exchange = fixture.exchange.clone();
                let members = exchange.pointer_mut(pointer).and_then(Value::as_object_mut);
                for member in members.into_iter().flat_map(serde_json::Map::values_mut).skip(1) {
                    *member = turn.clone();
                }
                texts.push(exchange.to_string());
            }
        }
    }
    texts.into_iter().zip(1..).map(|(text, line)| Recorded { line, text }).collect()
}

fn promised() -> Vec<Contract> {
    let read = |client: &Client| specs::spec(client.name).expect("a spec").contract.clone();
    CLIENTS.iter().map(read).collect()
}

fn observe<'r>(
    promised: &[&Contract],
    night: impl IntoIterator<Item = &'r Recorded>,
) -> Vec<Contract> {
    let mut observation = Observation::new(promised);
    for Recorded { line, text } in night {
        let exchange = read_exchange(text.as_bytes()).expect("an exchange");
        observation.observe(&exchange, &Origin { file: "night.ndjson", line: *line });
    }
    observation.finish()
}

/// Returns text, Markdown and JSON in one string.
fn report(promised: &[&Contract], observed: &[Contract]) -> String {
    let pairs = || promised.iter().zip(observed);
    let findings = pairs().flat_map(|(promised, observed)| compare(promised, observed)).collect();
    let gaps = pairs().flat_map(|(promised, observed)| coverage(promised, observed)).collect();
    let report = Report::new(findings, gaps, promised.iter().copied(), observed, 0);
    [report.to_text(), report.coverage_to_text(), report.to_markdown(), report.to_json()].concat()
}

/// Returns the same exchanges in another order.
fn shuffled(night: &[Recorded]) -> Vec<&Recorded> {
    // A step without a common divisor visits every exchange once.
    let step = (night.len() / 3..).find(|step| gcd(*step, night.len()) == 1).unwrap_or(1);
    (0..night.len()).map(|position| &night[position * step % night.len()]).collect()
}

fn gcd(one: usize, other: usize) -> usize {
    if other == 0 { one } else { gcd(other, one % other) }
}

#[test]
fn neither_order_nor_split_changes_a_byte() {
    let (promised, night) = (promised(), night());
    let promised: Vec<&Contract> = promised.iter().collect();
    let whole = observe(&promised, &night);
    let expect = report(&promised, &whole);
    assert!(
        expect.matches("\"rule\":").count() >= 50,
        "the night has too little drift to prove anything:\n{expect}"
    );

    assert_eq!(report(&promised, &observe(&promised, night.iter().rev())), expect, "backward");
    assert_eq!(report(&promised, &observe(&promised, shuffled(&night))), expect, "shuffled");

    for n_shards in [2, 3, 7] {
        let shard = |number: usize| {
            let exchanges = night.iter().skip(number).step_by(n_shards);
            let file = ContractFile::new(&promised, &observe(&promised, exchanges), 0);
            file.to_json("shard").expect("a contract file")
        };
        let mut joined = ContractFile::default();
        // The last shard comes first, and passes through a file as from another machine.
        for number in (0..n_shards).rev() {
            let read =
                ContractFile::read("shard", shard(number).as_bytes()).expect("a contract file");
            joined.absorb("shard", read).expect("shards of the same specs");
        }
        let mut observed = observe(&promised, []);
        joined.clone().pour("joined", &promised, &mut observed).expect("the same specs");
        assert_eq!(report(&promised, &observed), expect, "{n_shards} shards");
        let at_once = ContractFile::new(&promised, &whole, 0);
        assert_eq!(joined.to_json("joined"), at_once.to_json("whole"), "{n_shards} shards");
    }
}
