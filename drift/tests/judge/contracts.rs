//! Tests contract files: shards that were observed apart are judged as one.

use proptest::prelude::*;
use prumo_drift::contract::Shard;
use prumo_drift::contract::{Body, Media, Parameter};
use prumo_drift::shape::{Branch, Field, MAX_COUNT, Sampled};
use prumo_drift::{
    Contract, ContractFile, ContractFileError, Fold, Report, Tally, compare, coverage,
};
use serde_json::{Value, json};

use crate::acme;
use crate::laws::{any_schema, exchanges};

/// Returns a promise of three fields, one of them an enum.
fn promise() -> Contract {
    acme::read(&acme::answering(&json!({
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "integer"}, "tipo": {"type": "string", "enum": ["I", "E"]}}
    })))
}

fn file_of(contract: &Contract, exchanges: &[String], line: u64) -> ContractFile {
    ContractFile::new(&[contract], &[acme::observe_from(contract, exchanges, line)], 0)
}

/// Writes the file and reads it again.
fn carried(file: &ContractFile) -> ContractFile {
    let text = file.to_json("a.contract.json").unwrap();
    ContractFile::read("a.contract.json", text.as_bytes())
        .unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn report(contract: &Contract, observed: &Contract) -> String {
    let (findings, gaps) = (compare(contract, observed), coverage(contract, observed));
    Report::new(findings, gaps, [contract], [observed], 0).to_json()
}

/// Judges a contract file after writing and reading it.
fn judged(contract: &Contract, file: &ContractFile) -> String {
    let mut observed = [acme::observe(contract, &[])];
    file.clone().pour("a.contract.json", &[contract], &mut observed).unwrap();
    report(contract, &observed[0])
}

fn complaint(outcome: Result<impl Sized, ContractFileError>) -> String {
    outcome.map(drop).unwrap_err().to_string()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// However exchanges are split into shards, and in whatever order these are joined, file and
    /// report are the same bytes.
    #[test]
    fn shards_are_judged_as_one(
        schema in any_schema(),
        exchanges in exchanges(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        turn in any::<prop::sample::Index>(),
    ) {
        let contract = acme::read(&acme::answering(&schema));
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(exchanges.len() + 1)).collect();
        cuts.sort_unstable();
        cuts.insert(0, 0);
        cuts.push(exchanges.len());
        let mut shards: Vec<ContractFile> = cuts
            .windows(2)
            .map(|cut| carried(&file_of(&contract, &exchanges[cut[0]..cut[1]], 1 + cut[0] as u64)))
            .collect();
        let by = turn.index(shards.len());
        shards.rotate_left(by);

        let mut joined = ContractFile::default();
        for shard in &shards {
            joined.absorb("shard", carried(shard)).unwrap();
            joined = carried(&joined);
        }
        let whole = file_of(&contract, &exchanges, 1);
        prop_assert_eq!(joined.to_json("joined").unwrap(), whole.to_json("whole").unwrap());
        let at_once = report(&contract, &acme::observe(&contract, &exchanges));
        prop_assert_eq!(judged(&contract, &joined), at_once);
    }

    /// Joining is associative and commutative, and an empty file changes nothing: in whatever tree
    /// files are joined, the bytes are those of one fold over all of them.
    #[test]
    fn a_tree_of_joins_is_one_fold(
        schema in any_schema(),
        files in prop::collection::vec((exchanges(), 0..3_usize), 1..5),
        turns in prop::collection::vec(any::<prop::sample::Index>(), 8),
    ) {
        let contract = acme::read(&acme::answering(&schema));
        let text = |(exchanges, n_broken): &(Vec<String>, usize)| {
            let broken = vec!["{\"request\": 7}".to_owned(); *n_broken];
            [exchanges.as_slice(), &broken].concat().join("\n")
        };
        let texts: Vec<String> = files.iter().map(text).collect();
        let names: Vec<String> = (0..texts.len()).map(|number| format!("{number}.ndjson")).collect();
        let mut whole = Fold::new(&[&contract]);
        let mut open = vec![ContractFile::default()];
        for (name, text) in names.iter().zip(&texts) {
            whole.take_stream(name, 1, text.as_bytes());
            let mut one = Fold::new(&[&contract]);
            one.take_stream(name, 1, text.as_bytes());
            open.push(carried(&one.finish()));
        }
        let mut turns = turns.iter().cycle();
        while open.len() > 1 {
            let mut chosen = || turns.next().unwrap().index(open.len());
            let (one, other) = (chosen(), chosen());
            if one != other {
                let theirs = open[other].clone();
                open[one].absorb("other", theirs).unwrap();
                open[one] = carried(&open[one]);
                open.remove(other);
            } else {
                let theirs = open.pop().unwrap();
                open[0].absorb("last", theirs).unwrap();
            }
        }
        prop_assert_eq!(open[0].to_json("joined").unwrap(), whole.finish().to_json("whole").unwrap());
    }

    /// No bytes after the mark make the reader panic.
    #[test]
    fn any_bytes_are_read_or_refused(
        cut in any::<prop::sample::Index>(),
        with in "[\\[\\]{}:,\"a-z0-9\\\\ /.-]{0,12}",
        exchanges in exchanges(),
    ) {
        let contract = promise();
        let mut text = file_of(&contract, &exchanges, 1).to_json("a").unwrap().into_bytes();
        let at = cut.index(text.len());
        let end = (at + with.len()).min(text.len());
        text.splice(at..end, with.bytes());
        if let Ok(file) = ContractFile::read("a", &text) {
            let mut observed = [acme::observe(&contract, &[])];
            if file.pour("a", &[&contract], &mut observed).is_ok() {
                report(&contract, &observed[0]);
            }
        }
    }
}

#[test]
fn a_file_says_what_it_is() {
    let contract = promise();
    let text =
        file_of(&contract, &[acme::answered_text(r#"{"id": "7"}"#)], 4).to_json("a").unwrap();
    assert!(ContractFile::is_one(text.as_bytes()));
    assert!(ContractFile::is_one("\u{feff}\n{ \n\"prumo-contract\": 9}".as_bytes()));
    assert!(!ContractFile::is_one(acme::answered_text("{}").as_bytes()));
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["prumo-contract"], 2);
    let observed = &value["contracts"][0]["observed"];
    assert_eq!(observed["name"], "acme");
    let places = &observed["operations"]["ler_coisa"]["responses"]["200"]["media"]["application/json"]
        ["shape"];
    let first = json!({"file": "acme.ndjson", "line": 4, "pointer": "/id"});
    assert_eq!(
        places["/fields/id"],
        json!({
            "present": 1,
            "kinds": {"int-text": {"count": 1, "first": first}},
            "seen": {"masks": {"int-text": {"tally": {"count": 1}, "samples": {"9": 1}}}}
        })
    );
}

/// A handwritten file: one response whose `id` came once.
const GOOD: &str = r#"{"prumo-contract": 2, "contracts": [
{"promise": "0", "observed": {"name": "acme", "exchanges": 1, "operations":
{"ler_coisa": {"exchanges": {"count": 1}, "responses": {"200": {"seen": {"count": 1}, "media":
{"application/json": {"shape": {
"": {"kinds": {"object": {"count": 1}}},
"/fields/id": {"present": 1, "kinds": {"int": {"count": 1}}}
}}}}}}}}}]}
"#;

#[test]
fn every_fault_names_its_place() {
    let with = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        GOOD.replace(from, to)
    };
    let deep = format!("/fields/id{}", "/item".repeat(300));
    let rows = [
        ("nothing", String::new(), "1:0: the contract file stops in the middle"),
        ("an exchange", r#"{"request": {}}"#.to_owned(), "1:15: a contract file has no such value"),
        ("cut short", GOOD[..60].to_owned(), "2:23: the contract file stops in the middle"),
        (
            "of tomorrow",
            r#"{"prumo-contract": 3, "x": []}"#.to_owned(),
            "a contract file of version 3, this program reads versions up to 2",
        ),
        (
            "a count that is none",
            with(r#""present": 1"#, r#""present": -1"#),
            "6:28: a contract file has no such value",
        ),
        (
            "a count beyond the bound",
            with(r#""present": 1"#, r#""present": 18446744073709551615"#),
            "6:46: a contract file has no such value",
        ),
        (
            "a sum that no run can have counted",
            with(r#""int": {"count": 1}"#, r#""int": {"count": 9007199254740992}"#),
            "6:73: a contract file has no such value",
        ),
        (
            "more exchanges of an operation than of all",
            with(r#"{"exchanges": {"count": 1}"#, r#"{"exchanges": {"count": 2}"#),
            "the counts of `acme` contradict each other at `ler_coisa`",
        ),
        (
            "more responses than exchanges",
            with(r#"{"seen": {"count": 1}"#, r#"{"seen": {"count": 2}"#),
            "the counts of `acme` contradict each other at `ler_coisa`",
        ),
        (
            "a promise where only facts belong",
            with(r#""present": 1"#, r#""patterns": ["(a{9999}){9999}"]"#),
            "6:25: a contract file has no such value",
        ),
        (
            "a place in the air",
            with("/fields/id", "/fields/x/item"),
            "7:1: a contract file has no such value",
        ),
        ("a place too deep", with("/fields/id", &deep), "7:1: a contract file has no such value"),
        (
            "a place of no kind",
            with("/fields/id", "/felds/id"),
            "7:1: a contract file has no such value",
        ),
        (
            "too many objects",
            format!("{{\"prumo-contract\": 2, \"contracts\": [{}", "{".repeat(200_000)),
            "more objects and lists than a contract file of its size has",
        ),
        (
            "too many lists",
            format!("{{\"prumo-contract\": 2, \"contracts\": [{}", "[],".repeat(2_000)),
            "more objects and lists than a contract file of its size has",
        ),
        (
            "too large",
            " ".repeat((64 << 20) + 1),
            "larger than 67108864 bytes, the limit of a contract file",
        ),
    ];
    for (name, text, expect) in rows {
        let said = complaint(ContractFile::read("a.contract.json", text.as_bytes()));
        assert_eq!(said, format!("`a.contract.json`: {expect}"), "case `{name}`: {text:.500}");
    }
    assert_eq!(ContractFile::read("a", GOOD.as_bytes()).unwrap().n_exchanges(), 1);
}

/// A file that an earlier release wrote: pretty-printed, without shards, and with the path of the
/// spec's file.
#[test]
fn the_first_version_is_still_read_and_joined() {
    let first = include_bytes!("version-1.contract.json");
    let file = ContractFile::read("old.contract.json", first).unwrap();
    assert_eq!((file.n_exchanges(), file.n_unreadable()), (3, 1));
    let names: Vec<&str> = file.promises().map(|(spec, _)| spec).collect();
    assert_eq!(names, ["acme"]);
    let [shard] = file.shards() else { panic!("one shard") };
    assert_eq!(shard.to_string(), "`a contract file of version 1` (3 exchanges)");
    assert_eq!(carried(&file), file);
    let findings: Value = serde_json::from_str(&judged(&promise(), &file)).unwrap();
    assert_eq!(findings["findings"].as_array().map(Vec::len), Some(3), "{findings}");

    let other = String::from_utf8_lossy(first).replace("\"count\": 3", "\"count\": 2");
    let other = ContractFile::read("other", other.as_bytes()).unwrap();
    let mut joined = file.clone();
    joined.absorb("other", other).unwrap();
    assert_eq!((joined.n_exchanges(), joined.shards().len()), (6, 2));
    let value: Value = serde_json::from_str(&joined.to_json("joined").unwrap()).unwrap();
    assert_eq!(value["prumo-contract"], 2);
    let operation = &value["contracts"][0]["observed"]["operations"]["ler_coisa"];
    assert_eq!(operation["exchanges"]["first"]["file"], "night.ndjson");
}

#[test]
fn only_the_promise_that_was_followed_can_judge() {
    let (contract, exchange) = (promise(), acme::answered_text(r#"{"id": 7}"#));
    let file = file_of(&contract, &[exchange], 1);

    let moved = Contract { name: "elsewhere/acme".to_owned(), ..promise() };
    let mut observed = [acme::observe(&moved, &[])];
    file.clone().pour("a", &[&moved], &mut observed).unwrap();
    assert_eq!((observed[0].exchanges, observed[0].name.as_str()), (1, "elsewhere/acme"));

    let revised = acme::read(&acme::answering(&json!({"type": "object"})));
    let mut observed = [acme::observe(&revised, &[])];
    let said = complaint(file.clone().pour("a", &[&revised], &mut observed));
    assert_eq!(said, "`a`: observed along another revision of `acme`");
    assert_eq!(observed[0].exchanges, 0);

    let other = Contract { name: "other.yaml".to_owned(), ..revised.clone() };
    let said = complaint(file.clone().pour("a", &[&other], &mut [acme::observe(&other, &[])]));
    assert_eq!(said, "`a`: observed along `acme`, which is not one of the given specs");

    let mut joined = file;
    let said = complaint(joined.absorb("b", file_of(&revised, &[], 1)));
    assert_eq!(said, "`b`: observed along another revision of `acme`");
}

/// A map reserves room for eleven values as soon as it has one, so large values would turn a forged
/// file of a few megabytes into gigabytes.
#[test]
fn what_the_maps_of_a_contract_hold_is_small() {
    let rows = [
        ("a count", size_of::<Tally>(), 16),
        ("a count with samples", size_of::<Sampled>(), 40),
        ("a field", size_of::<Field>(), 40),
        ("a branch", size_of::<Branch>(), 48),
        ("a parameter", size_of::<Parameter>(), 72),
        ("a media type", size_of::<Media>(), 80),
        ("the answers of a status", size_of::<Body>(), 152),
    ];
    for (name, size, most) in rows {
        assert!(size <= most, "{name} is of {size} bytes");
    }
}

/// The largest counts that are read neither panic nor wrap when they are joined and judged.
#[test]
fn the_largest_counts_are_joined_and_judged() {
    let contract = promise();
    let bodies =
        [r#"{"id": "7", "novo": 1}"#, r#"{"id": null, "tipo": "X"}"#, r#"{"tipo": 1}"#, "{}"];
    let text = file_of(&contract, &bodies.map(acme::answered_text), 1).to_json("a").unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let most = |line: &str| match line.split_once(": ") {
        Some((name, n))
            if n.starts_with(|c: char| c.is_ascii_digit()) && !name.ends_with("line\"") =>
        {
            let comma = if n.ends_with(',') { "," } else { "" };
            format!("{name}: {MAX_COUNT}{comma}")
        }
        _ => line.to_owned(),
    };
    let large = format!("{value:#}").lines().map(most).collect::<Vec<_>>().join("\n");
    let large = large.replacen(&MAX_COUNT.to_string(), "2", 1);
    let large = ContractFile::read("a", large.as_bytes()).unwrap();
    let mut twice = large.clone();
    twice.absorb("b", large).unwrap();
    assert_eq!(carried(&twice), twice);
    assert!(judged(&contract, &twice).contains(&MAX_COUNT.to_string()));
}

#[test]
fn shards_and_the_first_unreadable_places_are_kept_in_any_order() {
    let contract = promise();
    let shard = |name: &str| Shard {
        name: name.to_owned(),
        bytes: 7,
        exchanges: 0,
        digest: name.to_owned(),
    };
    let file = |name: &str, lines: std::ops::Range<usize>| {
        let n_unreadable = lines.len() as u64;
        let places = lines.map(|line| format!("`{name}`: {line}:1: not JSON"));
        ContractFile::new(&[&contract], &[acme::observe(&contract, &[])], n_unreadable)
            .with_shards([shard(name)])
            .with_places(places)
    };
    let (one, two) = (carried(&file("a", 5..12)), carried(&file("b", 1..30)));
    let joined = [(&one, &two), (&two, &one)].map(|(first, second)| {
        let mut joined = first.clone();
        joined.absorb("second", second.clone()).unwrap();
        carried(&joined)
    });
    assert_eq!(joined[0], joined[1]);
    assert_eq!(joined[0].shards(), [shard("a"), shard("b")]);
    assert_eq!(joined[0].n_unreadable(), 36);
    let places = joined[0].places();
    assert_eq!(places.len(), 20);
    assert_eq!(places[5..8], ["`a`: 10:1: not JSON", "`a`: 11:1: not JSON", "`b`: 1:1: not JSON"]);
}

/// A forged file may be as deep as the format allows, along a recursive promise.
#[test]
fn the_deepest_shapes_are_joined_and_judged() {
    let mut document = acme::answering(&json!({"$ref": "#/components/schemas/No"}));
    let below = json!({"type": "object", "properties": {"a": {"$ref": "#/components/schemas/No"}}});
    document["components"] = json!({"schemas": {"No": below}});
    let contract = acme::read(&document);
    let text = file_of(&contract, &[acme::answered_text("{}")], 1).to_json("a").unwrap();
    let mut deep: Value = serde_json::from_str(&text).unwrap();
    let places = &mut deep["contracts"][0]["observed"]["operations"]["ler_coisa"]["responses"]["200"]
        ["media"]["application/json"]["shape"];
    for depth in 1..=160 {
        places["/fields/a".repeat(depth)] = json!({"present": 1, "kinds": {"text": {"count": 1}}});
    }
    let mut file = ContractFile::read("a", deep.to_string().as_bytes()).unwrap();
    file.absorb("b", file.clone()).unwrap();
    assert_eq!(carried(&file), file);
    assert_eq!(judged(&contract, &file).matches("\"type-changed\"").count(), 160);
}
