//! Splits a stream into exchanges: each at its place, and the same in portions of any size.

use std::io::BufReader;

use prumo_drift::exchange::{ExchangeFault, Item, OwnedExchange, split};
use prumo_drift::{ExchangeError, read_exchange};

/// One limit that some seeds exceed, and one that none does.
const BOUNDS: [usize; 2] = [64, 1 << 20];

pub(crate) fn check(bytes: &[u8]) {
    for max_bytes in BOUNDS {
        let items: Vec<_> = split(bytes, max_bytes).collect();
        let portions: Vec<_> = split(BufReader::with_capacity(3, bytes), max_bytes).collect();
        assert_eq!(items, portions, "depends on how the bytes come in");
        check_order(&items, bytes);
        for item in items.iter().flatten() {
            assert!(item.bytes().len() <= max_bytes + 3, "an item beyond the bound");
            check_item(item, bytes);
        }
    }
    if let Ok(exchange) = read_exchange(bytes) {
        check_written(&OwnedExchange::from(&exchange));
    }
}

fn check_order(items: &[Result<Item, ExchangeError>], bytes: &[u8]) {
    let n_lines = bytes.split(|&byte| byte == b'\n').count();
    let lines: Vec<usize> = items
        .iter()
        .map(|item| item.as_ref().map_or_else(ExchangeError::line, Item::line))
        .collect();
    assert!(
        lines.iter().all(|line| (1..=n_lines).contains(line)),
        "outside of {n_lines} lines: {lines:?}"
    );
    assert!(lines.is_sorted(), "not in the order of the stream: {lines:?}");
}

fn check_item(item: &Item, bytes: &[u8]) {
    let start = item.bytes().split(|&byte| byte == b'\n').next().unwrap_or_default();
    let line = bytes.split(|&byte| byte == b'\n').nth(item.line() - 1).unwrap_or_default();
    let is_there = start.is_empty() || line.windows(start.len()).any(|window| window == start);
    assert!(is_there, "line {} does not hold what is said to start there", item.line());
    match item.read() {
        Ok(exchange) => check_written(&OwnedExchange::from(&exchange)),
        Err(error) => {
            assert!(
                error.line() >= item.line() && error.column() > 0,
                "{error} lies before its item"
            );
            assert!(!matches!(error.fault(), ExchangeFault::Io(_)), "{error} without a file");
        }
    }
}

/// Checks that a written exchange is read as the same exchange.
fn check_written(exchange: &OwnedExchange) {
    let written = serde_json::to_string(exchange).unwrap_or_default();
    let again =
        read_exchange(written.as_bytes()).unwrap_or_else(|error| panic!("{error} in {written}"));
    let again = serde_json::to_string(&OwnedExchange::from(&again)).unwrap_or_default();
    assert_eq!(again, written);
}
