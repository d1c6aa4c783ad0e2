//! Tests exit codes, problems and contract files of whole runs over files.

mod formats;

use std::slice;

use prumo_drift::report::Verdict;

use super::*;

/// Judges files in a folder without a project.
fn judge(root: &Path, specs: &[PathBuf], paths: &[PathBuf]) -> anyhow::Result<Judgement> {
    let (limits, baselines) = (Limits::default(), Baselines::default());
    judge_within(root, specs, &Recorded::of_paths(paths), &limits, baselines)
}

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
              schema: {type: object, required: [id], properties: {id: {type: integer}, nome: {type: string}}}
";

const WAIVERS: &str = "waivers:
  - {witness: wire, rule: type-changed, operation: ler_item, side: response, at: /id, reason: known, date: 2026-11-22}
";

fn exchange(body: &str) -> String {
    format!(
        r#"{{"request": {{"method": "GET", "path": "/item"}}, "response": {{"status": 200, "headers": {{"content-type": "application/json"}}, "body": {body}}}}}"#
    )
}

/// Judges `lines` in a temporary folder, with `waivers` beside the spec if given.
fn judged(lines: &str, waivers: Option<&str>) -> Judgement {
    let root = tempfile::tempdir().expect("a folder");
    let spec = root.path().join("alfa.yaml");
    fs_err::write(&spec, SPEC).expect("a spec");
    if let Some(waivers) = waivers {
        fs_err::write(root.path().join("alfa.waivers.yaml"), waivers).expect("waivers");
    }
    let stream = root.path().join("night.ndjson");
    fs_err::write(&stream, lines).expect("a stream");
    judge(root.path(), &[spec], &[stream]).expect("a judgement")
}

#[test]
fn the_exit_code_tells_fitting_drifting_and_not_judged_apart() {
    let cases = [
        ("fits", exchange(r#"{"id": 1}"#), 0),
        ("drifts", exchange(r#"{"id": "1"}"#), 4),
        ("a broken line beside one that fits", format!("{}\n{{\n", exchange(r#"{"id": 1}"#)), 1),
        (
            "a broken line beside one that drifts",
            format!("{{\n{}\n", exchange(r#"{"id": "1"}"#)),
            1,
        ),
        // A shard without any exchange is no fault.
        ("nothing", String::new(), 0),
    ];
    for (name, lines, exit_code) in cases {
        let judgement = judged(&lines, None);
        assert_eq!(judgement.exit_code(), exit_code, "case `{name}`");
        let is_empty = judgement.verdict() == Verdict::Skipped;
        assert_eq!(is_empty, name == "nothing", "case `{name}`");
    }
}

/// A constraint that the judge cannot apply must not pass silently.
#[test]
fn a_spec_that_cannot_be_judged_in_full_ends_with_1() {
    let rows = [
        ("a keyword of another dialect", "id: {type: integer, const: 1}", "12:87"),
        ("a pattern without an equivalent", r"id: {type: integer, pattern: '\A'}", "12:87"),
        ("an annotation", "id: {type: integer, x-const: 1, example: 1, examples: [1]}", ""),
    ];
    for (name, member, place) in rows {
        let root = tempfile::tempdir().expect("a folder");
        let spec = root.path().join("alfa.yaml");
        fs_err::write(&spec, SPEC.replace("id: {type: integer}", member)).expect("a spec");
        let stream = root.path().join("night.ndjson");
        fs_err::write(&stream, exchange(r#"{"id": 1}"#)).expect("a stream");
        let judgement = judge(root.path(), &[spec], &[stream]).expect("a judgement");
        let unjudged = &judgement.report.totals.unjudged;
        if place.is_empty() {
            assert_eq!(
                (judgement.exit_code(), unjudged.as_slice()),
                (0, [].as_slice()),
                "case `{name}`"
            );
            continue;
        }
        assert_eq!((judgement.exit_code(), unjudged.len()), (1, 1), "case `{name}`: {unjudged:?}");
        assert!(
            unjudged[0].starts_with(&format!("alfa.yaml:{place}: ")),
            "case `{name}`: {unjudged:?}"
        );
    }
}

#[test]
fn a_broken_line_is_named_and_the_rest_is_judged() {
    let good = exchange(r#"{"id": 1}"#);
    let drifting = exchange(r#"{"id": null}"#);
    let judgement = judged(&format!("{good}\n{{\"a\n{drifting}\n"), None);
    assert_eq!(judgement.problems.len(), 1, "{:?}", judgement.problems);
    assert!(judgement.problems[0].starts_with("`night.ndjson`: 2:"), "{:?}", judgement.problems);
    assert_eq!(judgement.report.totals.exchanges, 2);
    assert_eq!(judgement.report.findings.len(), 1);
}

#[test]
fn a_waived_finding_fits_and_a_waiver_that_silences_nothing_drifts() {
    let waived = judged(&exchange(r#"{"id": "1"}"#), Some(WAIVERS));
    assert_eq!((waived.exit_code(), waived.report.totals.waived), (0, 1));
    let stale = judged(&exchange(r#"{"id": 1}"#), Some(WAIVERS));
    assert_eq!(stale.exit_code(), 4);
    assert_eq!(stale.report.findings[0].rule.name(), "waiver-stale");
}

#[test]
fn a_path_that_is_not_there_keeps_nothing_else_from_being_judged() {
    let root = tempfile::tempdir().expect("a folder");
    let spec = root.path().join("alfa.yaml");
    fs_err::write(&spec, SPEC).expect("a spec");
    let stream = root.path().join("night.ndjson");
    fs_err::write(&stream, exchange(r#"{"id": "1"}"#)).expect("a stream");
    let missing = root.path().join("missing.json");
    let judgement = judge(root.path(), &[spec], &[missing, stream]).expect("a judgement");
    assert_eq!(judgement.problems.len(), 1);
    assert_eq!(judgement.report.findings.len(), 1);
    assert_eq!(judgement.exit_code(), 1);
}

/// Writes the contract file of a run over `lines`, and returns its path.
fn observed(root: &Path, name: &str, spec: &Path, lines: &str) -> PathBuf {
    let stream = root.join(format!("{name}.ndjson"));
    fs_err::write(&stream, lines).expect("a stream");
    let limits = Limits { is_kept: true, ..Limits::default() };
    let recorded = Recorded::of_paths(&[stream]);
    let judgement =
        judge_within(root, &[spec.to_owned()], &recorded, &limits, Baselines::default());
    let observed = judgement.expect("a judgement").observed.expect("observations");
    let file = root.join(format!("{name}.contract.json"));
    crate::contract::write(&file, &observed).expect("a contract file");
    file
}

#[test]
fn shards_that_were_observed_apart_are_judged_as_one() {
    let root = tempfile::tempdir().expect("a folder");
    let spec = root.path().join("alfa.yaml");
    fs_err::write(&spec, SPEC).expect("a spec");
    let lines = [exchange(r#"{"id": 1}"#), exchange(r#"{"id": "1"}"#), exchange(r#"{"novo": 1}"#)];
    let shard =
        |name: &str, lines: &[String]| observed(root.path(), name, &spec, &lines.join("\n"));
    let whole = shard("whole", &lines);
    let (a, b) = (shard("a", &lines[..1]), shard("b", &lines[1..]));
    let judged =
        |paths: &[PathBuf]| judge(root.path(), slice::from_ref(&spec), paths).expect("a judgement");

    let whole = judged(&[whole]);
    assert_eq!((whole.exit_code(), whole.report.totals.exchanges), (4, 3), "{:?}", whole.problems);
    let counts = |judgement: &Judgement| -> Vec<(&str, u64, u64)> {
        judgement.report.findings.iter().map(|f| (f.rule.name(), f.count, f.of)).collect()
    };
    let expect = [("field-missing", 1, 3), ("type-changed", 1, 2), ("field-undocumented", 1, 3)];
    assert_eq!(counts(&whole), expect);
    let (ab, ba) = (judged(&[a.clone(), b.clone()]), judged(&[b, a.clone()]));
    assert_eq!(counts(&ab), expect);
    assert_eq!(ab.report.to_json(), ba.report.to_json());

    // Contract files can be judged beside exchanges.
    let stream = root.path().join("b.ndjson");
    assert_eq!(counts(&judged(&[a, stream])), expect);
}

#[test]
fn a_contract_file_that_cannot_be_taken_is_a_problem_and_the_rest_is_judged() {
    let root = tempfile::tempdir().expect("a folder");
    let spec = root.path().join("alfa.yaml");
    fs_err::write(&spec, SPEC).expect("a spec");
    let good = observed(root.path(), "good", &spec, &exchange(r#"{"id": 1}"#));
    let broken =
        observed(root.path(), "broken", &spec, &format!("{}\n{{\n", exchange(r#"{"id": 1}"#)));
    let cut = root.path().join("cut.contract.json");
    fs_err::write(&cut, r#"{"prumo-contract": 2, "con"#).expect("a file");
    let revised = root.path().join("revised.contract.json");
    let text = fs_err::read_to_string(&good).expect("a file");
    let digest = text.split("\"promise\":\"").nth(1).expect("a digest")[..32].to_owned();
    fs_err::write(&revised, text.replace(&digest, "0")).expect("a file");

    let rows = [
        (cut, "the contract file stops in the middle\n  hint: write it anew", 1, 1),
        (
            revised,
            "observed along another revision of `alfa`\n  hint: observe the exchanges again",
            1,
            1,
        ),
        // The second problem is the place that could not be read.
        (broken, "when it was observed, 1 could not be read", 2, 2),
    ];
    for (path, expect, n_exchanges, n_problems) in rows {
        let judgement =
            judge(root.path(), slice::from_ref(&spec), &[path, good.clone()]).expect("a judgement");
        assert_eq!(judgement.problems.len(), n_problems, "{:?}", judgement.problems);
        assert!(judgement.problems[0].contains(expect), "{:?}", judgement.problems);
        assert_eq!(judgement.exit_code(), 1);
        assert_eq!(judgement.report.totals.unreadable, 1);
        assert_eq!(judgement.report.totals.exchanges, n_exchanges);
    }
}

/// Judges `lines` with these baseline arguments, and writes the requested files.
fn with_baseline(root: &Path, lines: &str, arguments: &[&str]) -> anyhow::Result<Judgement> {
    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        baseline: super::baseline::Options,
    }
    let spec = root.join("alfa.yaml");
    fs_err::write(&spec, SPEC)?;
    let stream = root.join("night.ndjson");
    fs_err::write(&stream, lines)?;
    let arguments =
        arguments.iter().map(|argument| argument.replace("HERE", &root.display().to_string()));
    let line: Line = clap::Parser::parse_from([String::from("judge")].into_iter().chain(arguments));
    let baselines = line.baseline.read(root)?;
    let judgement =
        judge_within(root, &[spec], &Recorded::of_paths(&[stream]), &Limits::default(), baselines)?;
    line.baseline.write(&judgement.baselines)?;
    Ok(judgement)
}

#[test]
fn what_a_baseline_holds_no_longer_drifts_and_what_is_new_does() {
    let root = tempfile::tempdir().expect("a folder");
    let drifting = exchange(r#"{"id": "1"}"#);
    let judged = |lines: &str, arguments: &[&str]| {
        with_baseline(root.path(), lines, arguments).expect("a judgement")
    };
    let waived = |judgement: &Judgement| -> Vec<Option<String>> {
        judgement.report.findings.iter().map(|finding| finding.waived.clone()).collect()
    };
    assert_eq!(judged(&drifting, &[]).exit_code(), 4);
    let written = judged(&drifting, &["--write-baseline", "HERE/b.json"]);
    assert_eq!((written.exit_code(), waived(&written)), (0, vec![Some("baseline".to_owned())]));

    let again = judged(&drifting, &["--baseline", "HERE/b.json", "--strict-baseline"]);
    assert_eq!((again.exit_code(), waived(&again)), (0, vec![Some("baseline".to_owned())]));
    let more = format!("{drifting}\n{}", exchange(r#"{"id": null}"#));
    let more = judged(&more, &["--baseline", "HERE/b.json"]);
    assert_eq!((more.exit_code(), more.report.totals.waived), (4, 1));

    let fitting = exchange(r#"{"id": 1}"#);
    let gone = judged(&fitting, &["--baseline", "HERE/b.json"]);
    assert_eq!(
        gone.baselines.gone,
        [
            "the baseline has type-changed ler_item response 200 /id in alfa, which is seen no longer"
        ]
    );
    assert_eq!(gone.exit_code(), 0);
    assert!(gone.report.to_text().ends_with(
        "fits: 0 findings, 0 waived; 1 exchange, 0 unreadable; 1 of 1 operation seen, 1 coverage gap\n"
    ));
    let strict = judged(&fitting, &["--baseline", "HERE/b.json", "--strict-baseline"]);
    assert_eq!(strict.exit_code(), 4);
    assert_eq!(strict.report.totals.verdict, Verdict::Drifts);
    let sentence = "stale: the baseline has type-changed ler_item response 200 /id in alfa, which is seen no longer";
    let last = "drifts: 0 findings, 1 stale, 0 waived; 1 exchange, 0 unreadable; 1 of 1 operation seen, 1 coverage gap";
    assert_eq!(strict.report.to_text(), format!("{sentence}\n{last}\n"));
    assert!(strict.report.to_markdown().starts_with("**drifts**: 0 findings, 1 stale, "));
    assert!(strict.report.to_json().contains(r#""verdict": "drifts""#));
}

#[test]
fn a_broken_baseline_is_an_error_with_a_remedy() {
    let root = tempfile::tempdir().expect("a folder");
    fs_err::write(
        root.path().join("b.json"),
        "{\"prumo-baseline\": 1, \"entries\": 1, \"findings\": []}",
    )
    .expect("a file");
    let outcome = with_baseline(root.path(), &exchange("{}"), &["--baseline", "HERE/b.json"]);
    let said = outcome.map(drop).expect_err("an error").to_string();
    assert_eq!(
        said,
        "b.json:1:23: `entries` says 1, but there are 0\n  hint: write it anew with `prumo judge --write-baseline`"
    );
}

/// Judges files with these names and contents, along a spec with this start.
fn judged_files(servers: &str, hosts: &[&str], files: &[(&str, Vec<u8>)]) -> Judgement {
    let root = tempfile::tempdir().expect("a folder");
    let spec = root.path().join("alfa.yaml");
    fs_err::write(&spec, SPEC.replace("paths:", &format!("{servers}\npaths:"))).expect("a spec");
    let write = |(name, bytes): &(&str, Vec<u8>)| {
        let path = root.path().join(name);
        fs_err::write(&path, bytes).expect("a file");
        path
    };
    let paths: Vec<PathBuf> = files.iter().map(write).collect();
    let hosts = hosts.iter().map(ToString::to_string).collect();
    let limits = Limits { hosts, ..Limits::default() };
    let recorded = Recorded::of_paths(&paths);
    judge_within(root.path(), &[spec], &recorded, &limits, Baselines::default()).expect("a run")
}

/// Returns an entry of a HAR document for `GET /item` of a host, answered with this status.
fn entry(host: &str, status: u16) -> String {
    format!(
        r#"{{"request": {{"method": "GET", "url": "https://{host}/item"}}, "response": {{"status": {status}, "content": {{"size": 9, "mimeType": "application/json", "text": "{{\"id\": 1}}"}}}}}}"#
    )
}

fn har(entries: &[String]) -> Vec<u8> {
    format!(r#"{{"log": {{"entries": [{}]}}}}"#, entries.join(",")).into_bytes()
}

#[test]
fn what_is_left_out_is_counted_and_nothing_judged_is_no_verdict() {
    let ours = "servers: [{url: 'https://alfa.example'}]";
    let one = |host, status| vec![("a.har", har(&[entry(host, status)]))];
    let both = vec![("a.har", har(&[entry("alfa.example", 200), entry("beta.example", 0)]))];
    let others = vec![("a.har", har(&[entry("alfa.example", 200), entry("beta.example", 200)]))];
    let rows = [
        ("its own host", ours, [].as_slice(), one("alfa.example", 200), 0, (1, 0)),
        ("given up beside an answer", ours, &[], both, 0, (1, 1)),
        ("another host beside an answer", ours, &[], others, 0, (1, 1)),
        ("another host alone", ours, &[], one("beta.example", 200), 1, (0, 1)),
        ("a host that `--host` adds", ours, &["beta.example"], one("beta.example", 200), 0, (1, 0)),
        ("given up alone", ours, &[], one("alfa.example", 0), 0, (0, 1)),
    ];
    for (name, servers, hosts, files, exit_code, counts) in rows {
        let judgement = judged_files(servers, hosts, &files);
        let totals = &judgement.report.totals;
        assert_eq!((totals.exchanges, totals.left_out.exchanges()), counts, "case `{name}`");
        assert_eq!(judgement.exit_code(), exit_code, "case `{name}`: {:?}", judgement.problems);
        let verdict = match (counts.0, exit_code) {
            (_, 1) => Verdict::NotJudged,
            (0, _) => Verdict::Skipped,
            _ => Verdict::Fits,
        };
        assert_eq!(totals.verdict, verdict, "case `{name}`");
    }
}

#[test]
fn compressed_recordings_are_read_whatever_their_name() {
    use std::io::Write as _;
    let line = exchange(r#"{"id": "1"}"#);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(line.as_bytes()).expect("bytes");
    let gzip = gzip.finish().expect("bytes");
    let level = ruzstd::encoding::CompressionLevel::Fastest;
    let zstd = ruzstd::encoding::compress_to_vec(line.as_bytes(), level);
    for name in ["a.ndjson.gz", "a.json.zst", "a.ndjson", "a.bin", "a"] {
        for (kind, bytes) in [("gzip", &gzip), ("zstd", &zstd)] {
            let judgement = judged_files("", &[], &[(name, bytes.clone())]);
            assert_eq!(judgement.exit_code(), 4, "`{name}` in {kind}: {:?}", judgement.problems);
        }
    }
}

#[test]
fn a_file_that_is_no_recording_is_named_with_the_remedy() {
    let rows = [
        (
            "a.json",
            r#"{"info": {}, "item": []}"#,
            "a Postman collection, not recorded traffic\n  hint: `prumo convert",
        ),
        (
            "a.json",
            r#"{"consumer": {}, "provider": {}}"#,
            "a Pact file, not recorded traffic\n  hint: it holds expectations",
        ),
        (
            "a.yml",
            "http_interactions: []\n",
            "a VCR cassette, not recorded traffic\n  hint: `prumo convert",
        ),
        (
            "a.yaml",
            "openapi: 3.0.3\n",
            "an OpenAPI document, not recorded traffic\n  hint: `--spec`",
        ),
        ("a.zip", "PK\u{3}\u{4}", "is a zip archive; unpack it first"),
        ("a.txt", "x", "is of no kind that is read here"),
    ];
    for (name, text, expected) in rows {
        let judgement = judged_files("", &[], &[(name, text.as_bytes().to_vec())]);
        let problem = judgement.problems.first().map_or("", String::as_str);
        assert!(problem.contains(expected), "`{name}`: {problem}");
        assert_eq!(judgement.exit_code(), 1, "`{name}`");
    }
}
