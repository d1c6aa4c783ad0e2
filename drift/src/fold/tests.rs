use serde_json::json;

use super::*;
use crate::openapi::read_openapi;
use prumo_spec::Document;

/// Returns a promise of one operation, whose `id` is a number.
fn promise() -> Contract {
    let schema = json!({"type": "object", "properties": {"id": {"type": "integer"}}});
    let content = json!({"application/json": {"schema": schema}});
    let get = json!({"operationId": "ler", "responses": {"200": {"description": "a", "content": content}}});
    let info = json!({"title": "a", "version": "1"});
    let text = json!({"openapi": "3.0.3", "info": info, "paths": {"/a": {"get": get}}}).to_string();
    read_openapi(&Document::parse("acme.yaml", &text).unwrap()).unwrap()
}

fn line(body: &str) -> String {
    let head = r#"{"request": {"method": "GET", "path": "/a"}, "response": {"status": 200, "#;
    format!(r#"{head}"headers": {{"content-type": "application/json"}}, "body": {body}}}}}"#)
}

/// Returns the lines of a file: fine, drifting, broken, cut, blank and large ones.
fn lines() -> Vec<String> {
    let cut = line(r#"{"id": 3}"#)[..40].to_owned();
    let large = line(&format!(r#"{{"id": "{}"}}"#, "x".repeat(900)));
    let lines = [line(r#"{"id": 1}"#), line(r#"{"id": "7"}"#), "not JSON".to_owned(), cut];
    lines.into_iter().chain([String::new(), large, line(r#"{"id": 2}"#)]).collect()
}

fn fold(contract: &Contract) -> Fold<'_> {
    Fold::new(&[contract]).with_max_exchange_bytes(500)
}

fn of_lines(contract: &Contract, numbers: impl Iterator<Item = usize>) -> ContractFile {
    let mut fold = fold(contract);
    let lines = lines();
    numbers.for_each(|number| fold.take_line("a", 1 + number as u64, lines[number].as_bytes()));
    fold.finish()
}

#[test]
fn a_stream_is_what_its_lines_are_in_any_order() {
    let contract = promise();
    let mut whole = fold(&contract);
    whole.take_stream("a", 1, lines().join("\r\n").as_bytes());
    assert_eq!(whole.n_unreadable(), 3);
    let whole = whole.finish();
    let places = whole.places().to_vec();
    assert!(places[0].starts_with("`a`: 3:2: not JSON"), "{places:?}");
    assert!(places[1].starts_with("`a`: 4:"), "{places:?}");
    assert_eq!(places[2], "`a`: 6:1: larger than 500 bytes");
    let [shard] = whole.shards() else { panic!("one shard") };
    assert_eq!(shard.name, "a");

    let n_lines = lines().len();
    let text = whole.to_json("whole");
    assert_eq!(of_lines(&contract, 0..n_lines).to_json("a"), text);
    assert_eq!(of_lines(&contract, (0..n_lines).rev()).to_json("a"), text);
    let mut parts = of_lines(&contract, (0..n_lines).filter(|number| number % 2 == 0));
    let odd = of_lines(&contract, (0..n_lines).filter(|number| number % 2 == 1));
    parts.absorb_part("odd", odd).unwrap();
    assert_eq!(parts.to_json("parts"), text);
}

#[test]
fn a_part_of_a_file_has_the_lines_of_the_file() {
    let contract = promise();
    let lines = lines();
    let (head, tail) = lines.split_at(1);
    let mut parts = fold(&contract);
    parts.take_stream("a", 2, tail.join("\n").as_bytes());
    parts.take_stream("a", 1, head.join("\n").as_bytes());
    let mut whole = fold(&contract);
    whole.take_stream("a", 1, lines.join("\n").as_bytes());
    assert_eq!(parts.finish().to_json("a"), whole.finish().to_json("a"));
}

#[test]
fn nothing_is_a_contract_of_nothing() {
    let contract = promise();
    let mut empty = fold(&contract);
    empty.take_stream("empty", 1, &b"\n\n"[..]);
    let empty = empty.finish();
    assert_eq!((empty.n_exchanges(), empty.n_unreadable(), empty.shards()), (0, 0, &[][..]));
    let mut joined = of_lines(&contract, 0..2);
    let before = joined.to_json("before");
    joined.absorb("empty", empty).unwrap();
    assert_eq!(joined.to_json("after"), before);
}

#[test]
fn broken_lines_without_end_keep_the_first_places() {
    let contract = promise();
    let mut fold = fold(&contract);
    (1..=1000).rev().for_each(|line| fold.take_line("a", line, b"{"));
    let file = fold.finish();
    assert_eq!((file.n_unreadable(), file.places().len()), (1000, 20));
    assert!(file.places()[19].starts_with("`a`: 20:"), "{:?}", file.places());
}
