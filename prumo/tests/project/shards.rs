//! Tests what one machine observes and another judges, and what a terminal gets to see.

use std::path::Path;

use super::{fine, prumo, read};

pub(super) const SPEC: &str = "openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a: {get: {operationId: ler, responses: {'200': {description: ok, content: {application/json:
    {schema: {type: object, required: [id], properties: {id: {type: integer}}}}}}}}}
";

pub(super) fn exchange(body: &str) -> String {
    format!(
        r#"{{"request": {{"method": "GET", "path": "/a"}}, "response": {{"status": 200, "headers": {{"content-type": "application/json"}}, "body": {body}}}}}"#
    ) + "\n"
}

/// Returns a folder with a spec and some shards.
fn folder() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        fs_err::write(root.path().join(name), text).expect("a file");
    };
    write("spec.yaml", SPEC);
    write("one.ndjson", &exchange(r#"{"id": 1}"#));
    write("two.ndjson", &exchange(r#"{"id": "7"}"#));
    write("bad.ndjson", &format!("not JSON\n{}", exchange(r#"{"id": 2}"#)));
    write("empty.ndjson", "");
    root
}

/// Judges a file into a contract file of its name.
fn observed(folder: &Path, name: &str, out: &str) -> Option<i32> {
    let shard = format!("{name}.ndjson");
    prumo(folder, &["judge", "--spec", "spec.yaml", &shard, "--contract-out", out]).code
}

#[test]
fn an_empty_shard_changes_no_verdict() {
    let root = folder();
    let empty = prumo(root.path(), &["judge", "--spec", "spec.yaml", "empty.ndjson"]);
    assert_eq!(empty.code, Some(0), "{}", empty.told);
    assert_eq!(empty.told, "skipped  `empty.ndjson` holds no exchange\n");
    assert!(empty.last().starts_with("skipped: 0 findings"), "{}", empty.out);
    let json =
        fine(root.path(), &["judge", "--spec", "spec.yaml", "empty.ndjson", "--format", "json"]);
    assert!(json.out.contains(r#""verdict": "skipped""#), "{}", json.out);

    assert_eq!(observed(root.path(), "one", "one.contract.json"), Some(0));
    assert_eq!(observed(root.path(), "empty", "empty.contract.json.gz"), Some(0));
    let join = ["join", "one.contract.json", "empty.contract.json.gz", "--out", "all"];
    fine(root.path(), &join);
    fs_err::rename(root.path().join("all"), root.path().join("all.contract.json")).expect("a file");
    let alone = fine(root.path(), &["judge", "--spec", "spec.yaml", "one.ndjson"]);
    let joined = fine(root.path(), &["judge", "--spec", "spec.yaml", "all.contract.json"]);
    assert_eq!(joined.out, alone.out);
}

#[test]
fn the_same_shard_counts_once() {
    let root = folder();
    observed(root.path(), "one", "a.contract.json");
    fs_err::copy(root.path().join("one.ndjson"), root.path().join("copy.ndjson")).expect("a copy");
    observed(root.path(), "copy", "b.contract.json");
    let files = ["a.contract.json", "b.contract.json"];
    let said = "error: `b.contract.json` holds `copy.ndjson` (141 bytes), which is already in \
                `a.contract.json`\n  hint: join each shard once; `--allow-overlap` counts it twice\n";
    let join = prumo(root.path(), &["join", files[0], files[1]]);
    assert_eq!((join.code, join.out.as_str(), join.told.as_str()), (Some(1), "", said));
    let judge = prumo(root.path(), &["judge", "--spec", "spec.yaml", files[0], files[1]]);
    assert_eq!((judge.code, judge.told.as_str()), (Some(1), said));
    assert!(judge.last().starts_with("not judged: "), "{}", judge.out);

    for (one, two) in [("copy.ndjson", files[0]), (files[0], "one.ndjson")] {
        let judge = prumo(root.path(), &["judge", "--spec", "spec.yaml", one, two]);
        assert_eq!(judge.code, Some(1), "{one} and {two}: {}", judge.out);
        assert!(judge.told.contains("is already in"), "{one} and {two}: {}", judge.told);
    }
    fine(root.path(), &["judge", "--spec", "spec.yaml", "one.ndjson", "copy.ndjson"]);

    let allowed = ["join", "--allow-overlap", files[0], files[1], "--out", "c.json"];
    fine(root.path(), &allowed);
    let judge = fine(root.path(), &["judge", "--spec", "spec.yaml", "c.json"]);
    assert!(judge.last().contains("2 exchanges"), "{}", judge.out);
}

#[test]
fn two_revisions_of_a_spec_are_refused_wherever_the_spec_was() {
    let root = folder();
    fs_err::create_dir(root.path().join("new")).expect("a folder");
    let revised = SPEC.replace("integer", "string");
    fs_err::write(root.path().join("new/spec.yaml"), revised).expect("a spec");
    observed(root.path(), "one", "a.contract.json");
    let words =
        ["judge", "--spec", "new/spec.yaml", "two.ndjson", "--contract-out", "b.contract.json"];
    fine(root.path(), &words);
    let join = prumo(root.path(), &["join", "a.contract.json", "b.contract.json"]);
    assert_eq!((join.code, join.out.as_str()), (Some(1), ""));
    let start = "error: `b.contract.json` and `a.contract.json` were observed along two revisions of `spec`, ";
    assert!(join.told.starts_with(start), "{}", join.told);
}

#[test]
fn what_could_not_be_read_keeps_its_places() {
    let root = folder();
    assert_eq!(observed(root.path(), "bad", "bad.contract.json"), Some(1));
    let judged = prumo(root.path(), &["judge", "--spec", "spec.yaml", "bad.contract.json"]);
    assert_eq!(judged.code, Some(1));
    let said = "error: `bad.contract.json`: when it was observed, 1 could not be read\n\
                error: `bad.ndjson`: 1:2: not JSON";
    assert!(judged.told.starts_with(said), "{}", judged.told);
    assert!(judged.last().contains("1 exchange, 1 unreadable"), "{}", judged.out);
}

#[test]
fn a_contract_can_be_printed_and_the_report_is_on_standard_error() {
    let root = folder();
    let words = ["judge", "--spec", "spec.yaml", "two.ndjson", "--contract-out", "-"];
    let printed = prumo(root.path(), &words);
    assert_eq!(printed.code, Some(4));
    assert!(printed.told.contains("drifts  breaking    type-changed  spec ler\n"));
    observed(root.path(), "two", "two.contract.json");
    assert_eq!(printed.out, read(root.path(), "two.contract.json"));
    assert_eq!(printed.out.lines().count(), 1, "compact");
}

#[cfg(unix)]
#[test]
fn no_name_of_a_file_reaches_a_terminal() {
    let root = folder();
    let forged = "x\u{9b}2J\u{202e}\nfits: 0 findings.ndjson";
    for (name, expect) in [("two.ndjson", 4), ("bad.ndjson", 1)] {
        fs_err::copy(root.path().join(name), root.path().join(forged)).expect("a copy");
        for format in ["text", "markdown", "json"] {
            let words = ["judge", "--spec", "spec.yaml", forged, "--format", format];
            let run = prumo(root.path(), &words);
            assert_eq!(run.code, Some(expect), "{format}: {}", run.told);
            let all = run.out.clone() + &run.told;
            assert!(!all.contains(['\u{9b}', '\u{202e}']), "{format}: {all}");
            assert!(!all.lines().any(|line| line.starts_with("fits")), "{format}: {all}");
        }
    }
    let run = prumo(root.path(), &["judge", "--\u{9b}2J"]);
    assert!(run.told.contains(r"\u{9b}2J") && !run.told.contains('\u{9b}'), "{}", run.told);
}
