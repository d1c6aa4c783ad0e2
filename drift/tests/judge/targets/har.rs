//! Writes exchanges as a HAR document and reads them again: they are judged as before.
//!
//! The first byte chooses the spec; the rest is a stream.

use prumo_drift::exchange::{Exchange, Item, har, split};
use prumo_drift::{Contract, Observation, Origin};

use super::specs;

/// The largest exchange, without HAR's own members.
const MAX_BYTES: usize = 1 << 20;

pub(crate) fn check(bytes: &[u8]) {
    let Some((&spec, stream)) = bytes.split_first() else {
        return;
    };
    let promised = &specs::chosen(spec).contract;
    let items: Vec<Item> = split(stream, MAX_BYTES).flatten().collect();
    // Only a path without a query survives as a URL.
    let is_path = |exchange: &Exchange<'_>| !exchange.request.path.contains(['?', '#']);
    let exchanges: Vec<Exchange<'_>> =
        items.iter().filter_map(|item| item.read().ok()).filter(is_path).collect();
    let entries: Vec<String> = exchanges.iter().map(har::entry).collect();
    let document = [har::HEAD, &entries.join(har::SEPARATOR), har::TAIL].concat();

    let items: Vec<Item> = split(document.as_bytes(), 8 * MAX_BYTES)
        .map(|item| item.unwrap_or_else(|error| panic!("{error} in {document}")))
        .collect();
    let again: Vec<Exchange<'_>> = items
        .iter()
        .map(|item| item.read().unwrap_or_else(|error| panic!("{error} in {document}")))
        .collect();
    assert_eq!(
        observed(promised, &again),
        observed(promised, &exchanges),
        "judged otherwise from {document}"
    );
}

fn observed(promised: &Contract, exchanges: &[Exchange<'_>]) -> Contract {
    let mut observation = Observation::new(&[promised]);
    for (exchange, line) in exchanges.iter().zip(1..) {
        observation.observe(exchange, &Origin { file: "night.har", line });
    }
    observation.finish().into_iter().next().unwrap_or_default()
}
