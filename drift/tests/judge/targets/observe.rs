//! Observes exchanges: the contract is the same in any order and however the stream is split.
//!
//! The first three bytes choose the spec, the kind of the rest (a stream of exchanges, or one
//! body), and where the rest is split.

use prumo_drift::exchange::{Exchange, Item, split};
use prumo_drift::{Contract, Observation, Origin, read_exchange};
use serde_json::json;

use super::choices::Choices;
use super::laws::{findings_are_placed, join_has_an_identity, judged, observed_is_carried};
use super::specs;

/// The largest exchange of a stream.
const MAX_BYTES: usize = 1 << 20;

pub(crate) fn check(bytes: &[u8]) {
    let Some(([spec, mode, cut], rest)) = bytes.split_first_chunk() else {
        return;
    };
    let promised = &specs::chosen(*spec).contract;
    if mode % 2 == 0 {
        let items: Vec<Item> = split(rest, MAX_BYTES).flatten().collect();
        let exchanges: Vec<Seen<'_>> = items
            .iter()
            .filter_map(|item| Some(Seen { exchange: item.read().ok()?, line: item.line() as u64 }))
            .collect();
        check_stream(promised, &exchanges, usize::from(*cut));
        check_items(promised, &items, &exchanges);
    } else {
        check_body(promised, *cut, rest);
    }
}

/// An exchange and its line.
struct Seen<'a> {
    exchange: Exchange<'a>,
    line: u64,
}

fn check_stream(promised: &Contract, exchanges: &[Seen<'_>], cut: usize) {
    let whole = observed(promised, exchanges.iter());
    let (one, other) = exchanges.split_at(cut % (exchanges.len() + 1));
    let (one, other) = (observed(promised, one), observed(promised, other));
    assert_eq!(observed(promised, exchanges.iter().rev()), whole, "depends on the order");
    assert_eq!(one.join(&other), whole, "halves are not the whole");
    assert_eq!(other.join(&one), whole, "the sides of a join matter");
    join_has_an_identity(&whole);
    observed_is_carried(promised, &whole);

    let (findings, _) = judged(promised, &whole);
    findings_are_placed(&findings);
}

/// Checks that items that the observer reads itself give the same as their exchanges. Each comes
/// twice, since an observer reads a repeated body before it checks the rest of the exchange.
fn check_items(promised: &Contract, items: &[Item], exchanges: &[Seen<'_>]) {
    let mut observation = Observation::new(&[promised]);
    for item in items.iter().chain(items) {
        let origin = Origin { file: "night.ndjson", line: item.line() as u64 };
        let is_taken = observation.observe_item(item, &origin).is_ok();
        assert_eq!(is_taken, item.read().is_ok(), "an exchange for one, and for the other not");
    }
    let observed_items = observation.finish().into_iter().next().unwrap_or_default();
    assert_eq!(
        observed_items,
        observed(promised, exchanges.iter().chain(exchanges)),
        "depends on who reads"
    );
}

/// Checks one body as the response of an operation, if it is JSON.
fn check_body(promised: &Contract, choice: u8, body: &[u8]) {
    let text = String::from_utf8_lossy(body);
    let mut choices = Choices(std::slice::from_ref(&choice));
    let ids: Vec<&String> = promised.operations.keys().collect();
    let Some(id) = choices.of(&ids) else {
        return;
    };
    let exchange = json!({
        "operation": id, "request": {},
        "response": {"status": 200, "headers": {"content-type": "application/json"}, "text": text}
    });
    let written = exchange.to_string();
    let exchange =
        read_exchange(written.as_bytes()).unwrap_or_else(|error| panic!("{error} in {written}"));
    check_stream(promised, &[Seen { exchange, line: 1 }], 0);
}

fn observed<'e>(
    promised: &Contract,
    exchanges: impl IntoIterator<Item = &'e Seen<'e>>,
) -> Contract {
    let mut observation = Observation::new(&[promised]);
    for seen in exchanges {
        observation.observe(&seen.exchange, &Origin { file: "night.ndjson", line: seen.line });
    }
    observation.finish().into_iter().next().unwrap_or_default()
}
