//! Runs arbitrary bytes against the laws of every fuzz target, within seconds and on stable.
//!
//! There are three sources: seeds, seeds with a few bytes changed, and random bytes. `drift/fuzz`
//! runs the same functions for longer.

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::targets::{TARGETS, Target};

/// The number of inputs for each target besides its seeds.
const N_CASES: u32 = 128;

/// Replacements for bytes; the characters of JSON and YAML are more frequent.
const MARKS: &[u8] = b"{}[]\":,\\-.0123456789eEu \n\r\t\0&*!|>'#%@`~/?<=\x7f\xff\xc3\xef\xbb\xbf";

/// One change of a seed: the position, the number of removed bytes, and the inserted bytes.
type Change = (prop::sample::Index, usize, Vec<u8>);

#[test]
fn seeds_break_no_law() {
    for target in TARGETS {
        for seed in seeds(target) {
            (target.check)(&seed);
        }
    }
}

#[test]
fn changed_seeds_break_no_law() {
    for target in TARGETS {
        let seeds = seeds(target);
        let changed = (prop::sample::select(seeds), proptest::collection::vec(change(), 1..6))
            .prop_map(|(seed, changes)| changes.into_iter().fold(seed, changed));
        run(target, changed);
    }
}

#[test]
fn bytes_break_no_law() {
    for target in TARGETS {
        let mark = prop_oneof![prop::sample::select(MARKS), any::<u8>()];
        run(target, proptest::collection::vec(mark, 0..200));
    }
}

fn run(target: &Target, inputs: impl Strategy<Value = Vec<u8>>) {
    let mut runner = TestRunner::new(ProptestConfig {
        source_file: Some(file!()),
        ..ProptestConfig::with_cases(N_CASES)
    });
    let outcome = runner.run(&inputs, |bytes| {
        (target.check)(&bytes);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{}: {error}", target.name);
    }
}

fn change() -> impl Strategy<Value = Change> {
    let mark = prop_oneof![3 => prop::sample::select(MARKS), 1 => any::<u8>()];
    (any::<prop::sample::Index>(), 0..4_usize, proptest::collection::vec(mark, 0..4))
}

fn changed(mut bytes: Vec<u8>, (at, n_out, put): Change) -> Vec<u8> {
    let start = at.index(bytes.len() + 1);
    let end = (start + n_out).min(bytes.len());
    bytes.splice(start..end, put);
    bytes
}

/// Returns the committed seeds of a target, sorted by name.
fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge/seeds").join(target.name);
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} has no seeds", target.name);
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}
