use prumo_drift::{Document, Place, compare, read_openapi};

use super::*;

const SPEC: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
paths:
  /item:
    get:
      operationId: ler_item
      responses:
        '200':
          description: An item.
          content:
            application/json:
              schema:
                type: object
                properties: {id: {type: integer}, nome: {type: string, format: date}, tipo: {type: string, enum: [a]}}
";

/// Makes lines in turn: some fit, some drift in several ways, some are not exchanges.
fn lines(n_lines: usize) -> String {
    let turns = [
        r#"{"id": 1, "nome": "2026-11-22", "tipo": "a"}"#,
        r#"{"id": "1", "nome": "22/11/2026"}"#,
        r#"{"id": 2.5, "tipo": "novo", "extra": []}"#,
        r#"{"id": null, "nome": "2026-11-2"#,
        r#"{"id": null, "nome": null, "outro": {}}"#,
    ];
    let line = |number: usize| {
        let body = turns[number % turns.len()];
        // Long enough that there are more batches than threads.
        let padding = "x".repeat(number % 7 * 500);
        format!(
            r#"{{"request": {{"method": "GET", "path": "/item"}}, "source": "{padding}", "response": {{"status": 200, "body": {body}}}}}"#
        )
    };
    (0..n_lines).map(|number| line(number) + "\n").collect()
}

fn observed(root: &Path, promised: &Contract, files: &[&str], n_jobs: usize) -> Observed {
    let paths: Vec<PathBuf> = files.iter().map(|name| root.join(name)).collect();
    let limits = Limits { max_exchange_bytes: 10_000, n_jobs, ..Limits::default() };
    observe(root, &[promised], &paths, &limits)
}

#[test]
fn the_verdict_is_the_same_for_any_number_of_threads_and_any_order() {
    let root = tempfile::tempdir().expect("a folder");
    let promised =
        read_openapi(&Document::parse("alfa.yaml", SPEC).expect("YAML")).expect("a contract");
    let long_line = format!("{{\"{}\n", "x".repeat(20_000));
    let files = [
        ("a.ndjson", lines(1000)),
        ("b.ndjson", lines(7)),
        ("c.ndjson", format!("{}{long_line}{}", lines(2), lines(2))),
        ("d.json", String::new()),
    ];
    for (name, text) in &files {
        fs_err::write(root.path().join(name), text).expect("a file");
    }

    let alone = observed(
        root.path(),
        &promised,
        &["a.ndjson", "b.ndjson", "c.ndjson", "d.json", "e.json"],
        1,
    );
    let findings = compare(&promised, &alone.contracts[0]);
    let date = findings
        .iter()
        .find(|finding| finding.rule.name() == "format-violated")
        .expect("a finding");
    assert_eq!((date.at.as_str(), date.count), ("/nome", 204), "{findings:?}");
    let first = Place { file: "a.ndjson".to_owned(), line: 2, pointer: "/nome".to_owned() };
    assert_eq!(date.first.as_ref(), Some(&first));
    // 200 cut lines in `a`, 20 of them listed, one in `b`, the long line in `c`, and `e`, which is
    // missing. An empty file, `d`, has no unreadable line.
    assert_eq!(alone.n_unreadable, 203);
    assert_eq!(alone.problems.len(), 24);
    assert_eq!(alone.empty, ["d.json"]);
    let named = |index: usize| alone.problems[index].as_str();
    assert!(named(0).starts_with("`a.ndjson`: 4:") && named(19).starts_with("`a.ndjson`: 99:"));
    assert_eq!(named(20), "… and 180 more in the same file");
    assert!(named(21).starts_with("`b.ndjson`: 4:"), "{}", named(21));
    let too_large =
        "`c.ndjson`: 3:1: larger than 10000 bytes; `--max-exchange-bytes` sets how many are read";
    assert_eq!(named(22), too_large);
    assert!(named(23).contains("e.json"), "{}", named(23));

    for n_jobs in [2, 3, 8] {
        let paths = ["a.ndjson", "b.ndjson", "c.ndjson", "d.json", "e.json"];
        let together = observed(root.path(), &promised, &paths, n_jobs);
        assert_eq!(together.contracts, alone.contracts, "{n_jobs} threads");
        assert_eq!(together.problems, alone.problems, "{n_jobs} threads");
        assert_eq!(together.n_unreadable, alone.n_unreadable, "{n_jobs} threads");
        let paths = ["e.json", "c.ndjson", "a.ndjson", "d.json", "b.ndjson"];
        let turned = observed(root.path(), &promised, &paths, n_jobs);
        assert_eq!(turned.contracts, alone.contracts, "{n_jobs} threads, another order");
    }
}

/// Returns the problems of the files in a folder, without the folder's name.
fn problems_of(files: &[(&str, &[u8])], make: impl FnOnce(&Path)) -> (u64, Vec<String>) {
    let root = tempfile::tempdir().expect("a folder");
    let promised =
        read_openapi(&Document::parse("alfa.yaml", SPEC).expect("YAML")).expect("a contract");
    let folder = root.path().join("night");
    fs_err::create_dir(&folder).expect("a folder");
    for (name, bytes) in files {
        fs_err::write(folder.join(name), bytes).expect("a file");
    }
    make(&folder);
    let observed = observed(root.path(), &promised, &["night"], 2);
    let place = format!("{}/", root.path().display());
    let problems = observed.problems.iter().map(|problem| problem.replace(&place, "")).collect();
    (observed.contracts[0].exchanges, problems)
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table, one row a case")]
fn a_hostile_file_is_named_and_the_others_are_judged() {
    let good = lines(1);
    let utf_16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let long = "x".repeat(100_000);
    let deep = "[".repeat(9_000);
    let har = r#"{"log": {"entries": [{"request": {"method": "GET", "url": "http://a/item"}, "response": {"status": 200}}]}}"#;
    let rows: [(&str, Vec<u8>, u64, &[&str]); 14] = [
        ("fits", good.clone().into_bytes(), 1, &[]),
        ("byte order mark and CRLF", format!("\u{feff}{}\r\n", good.trim()).into_bytes(), 1, &[]),
        ("blank lines", format!("\n \r\n\t\n{good}\n").into_bytes(), 1, &[]),
        ("HAR", har.as_bytes().to_vec(), 1, &[]),
        (
            "cut",
            good.as_bytes()[..60].to_vec(),
            0,
            &["`night/a.json`: 1:60: not JSON: EOF while parsing an object"],
        ),
        (
            "NUL",
            format!("\0\n{good}").into_bytes(),
            1,
            &["`night/a.json`: 1:1: not JSON: expected value"],
        ),
        ("UTF-16", utf_16, 0, &["`night/a.json`: 1:1: the text is UTF-16; save it as UTF-8"]),
        (
            "Latin-1",
            [b"{\"a\": \"\xe9\"}\n", good.as_bytes()].concat(),
            1,
            &["`night/a.json`: 1:8: invalid UTF-8"],
        ),
        (
            "a long line",
            format!("{long}\n{good}").into_bytes(),
            1,
            &[
                "`night/a.json`: 1:1: larger than 10000 bytes; `--max-exchange-bytes` sets how many are read",
            ],
        ),
        (
            "a long line cut",
            format!("{good}{{\"{long}").into_bytes(),
            1,
            &[
                "`night/a.json`: 2:1: larger than 10000 bytes; `--max-exchange-bytes` sets how many are read",
            ],
        ),
        (
            "deep",
            format!("{{\"a\":{deep}\n{good}").into_bytes(),
            1,
            &["`night/a.json`: 1:9005: not JSON: EOF while parsing a list"],
        ),
        (
            "names twice",
            br#"{"request": {}, "request": 1}"#.to_vec(),
            0,
            &["`night/a.json`: 1:28: `/request` appears twice"],
        ),
        (
            "half a character",
            br#"{"operation": "\ud800"}"#.to_vec(),
            0,
            &["`night/a.json`: 1:15: `/operation` is not a string"],
        ),
        (
            "huge number",
            br#"{"operation": "a", "request": {}, "response": {"status": 1e999}}"#.to_vec(),
            0,
            &["`night/a.json`: 1:58: `/response/status` is not an integer from 100 to 999"],
        ),
    ];
    for (name, bytes, n_judged, expect) in &rows {
        let files: [(&str, &[u8]); 2] = [("a.json", bytes), ("z.ndjson", good.as_bytes())];
        let (n_exchanges, problems) = problems_of(&files, |_| ());
        assert_eq!(problems, *expect, "case `{name}`");
        assert_eq!(n_exchanges, n_judged + 1, "case `{name}`");
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_named_and_never_waited_for() {
    let good = lines(1);
    let (n_exchanges, problems) = problems_of(&[("z.ndjson", good.as_bytes())], |folder| {
        std::os::unix::fs::symlink(folder.join("nowhere"), folder.join("a.json")).expect("a link");
        let made = std::process::Command::new("mkfifo").arg(folder.join("b.json")).status();
        assert!(made.expect("mkfifo").success());
        std::os::unix::fs::symlink(folder, folder.join("loop")).expect("a link");
    });
    assert_eq!(n_exchanges, 1);
    let [pipe, link] = problems.as_slice() else {
        panic!("{problems:?}");
    };
    assert_eq!(pipe, "`night/b.json` is no file");
    assert!(link.starts_with("failed to open file `night/a.json`: "), "{link}");
}
