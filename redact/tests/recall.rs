//! Holds the redactor and the audit to their recall on the planted corpus, and the audit to silence
//! on every fixture.

mod planted;

use std::path::{Path, PathBuf};

use planted::{Class, corpus, measured, recall};
use prumo_redact::{Redactor, Syntax, audit};

#[test]
fn planted_values_are_found() {
    let plants = corpus(1, 4);
    assert!(plants.len() >= 1500, "only {} values", plants.len());
    let report = measured(&plants);
    println!("{}", report.table());
    for (class, least) in [(Class::Numbered, 99.5), (Class::NameBesideKey, 97.0)] {
        let count = report.of(class);
        let redacted = recall(count.survived, count.redacted);
        let audited = recall(count.overlooked, count.planted);
        assert!(redacted >= least, "{class:?} redacted: {redacted:.2} %\n{}", report.table());
        assert!(audited >= least, "{class:?} audited: {audited:.2} %\n{}", report.table());
    }
}

#[test]
fn what_was_redacted_is_no_hit() {
    let redactor = Redactor::new(b"another key");
    let mut faults = Vec::new();
    for plant in corpus(2, 2).iter().filter(|plant| plant.syntax == Syntax::Json) {
        let (once, _) = redactor.redact_text(&plant.file).expect("JSON");
        if let Some(hit) = audit(&once, Syntax::Json).first() {
            faults.push(format!("{}, {}: {hit:?}\n  {once}", plant.kind, plant.place));
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults[..faults.len().min(60)].join("\n")
    );
}

#[test]
fn no_fixture_has_a_person() {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures"), &mut files);
    assert!(files.len() > 1000, "only {} fixtures", files.len());
    let alarm = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).expect("a text");
        audit(&text, Syntax::Json).first().map(|hit| format!("{}: {hit:?}", path.display()))
    };
    let alarms: Vec<String> = files.iter().filter_map(alarm).collect();
    assert!(alarms.is_empty(), "{alarms:#?}");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => collect(&path, files),
            false if path.extension().is_some_and(|extension| extension == "json") => {
                files.push(path)
            }
            false => {}
        }
    }
}
