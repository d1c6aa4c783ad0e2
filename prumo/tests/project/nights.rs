//! Plays nights against a stand-in: each way to fail is an outcome of its own, and a drift is new on the
//! night when it appears and gone when it goes.

use std::path::Path;

use prumo_standin::{Document, Fault, Running, StandIn};
use serde_json::Value;

use crate::{Run, fine, prumo_with, read};

/// An invented vendor with a list, and a record that is found by the list.
const ALFA: &str = include_str!("nights.yaml");

/// A project with the vendor `alfa`, and its stand-in.
pub(crate) struct Stage {
    folder: tempfile::TempDir,
    server: Running,
    /// Drives the stand-in on its threads.
    _runtime: tokio::runtime::Runtime,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        for (file, text) in [
            ("specs/alfa.yaml", ALFA),
            ("prumo.toml", "[vendor.alfa]\nprobe = { budget = 20, seconds = 60 }\n"),
        ] {
            let path = root.join(file);
            fs_err::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs_err::write(path, text).expect("a file");
        }
        fs_err::create_dir_all(root.join("fixtures")).expect("a folder");
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().expect("a runtime");
        let document = Document::parse("alfa.yaml", ALFA).expect("a document");
        let stand_in = StandIn::of_spec(&document).expect("a spec").unlimited();
        let server = runtime.block_on(stand_in.start()).expect("a port");
        Self { folder, server, _runtime: runtime }
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn run(&self, words: &[&str]) -> Run {
        let base_url = self.server.url();
        prumo_with(
            self.root(),
            words,
            &[("ALFA_BASE_URL", &base_url), ("ALFA_KEY", "standin-token")],
        )
    }

    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    pub(crate) fn clear(&self) {
        self.server.faults().clear();
    }

    pub(crate) fn add(&self, line: &str) {
        let fault: Fault = line.parse().expect("a fault");
        self.server.faults().add(fault);
    }

    fn report(&self) -> Value {
        serde_json::from_str(&read(self.root(), "target/prumo/report.json")).expect("JSON")
    }
}

/// Faults, each with the outcome of `list_items` and the exit code of the probe.
const OUTCOMES: &[(&str, &str, i32)] = &[
    ("list_items:page", "maintenance", 1),
    ("list_items:status=503", "maintenance", 1),
    ("list_items:status=500", "server-error", 1),
    ("list_items:status=403", "not-permitted", 0),
    ("list_items:status=429", "rate-limited", 1),
    ("list_items:cut", "broken", 1),
    ("list_items:cut-unread", "broken", 1),
    ("list_items:page,times=1", "fits", 0),
    ("list_items:status=500,times=1", "fits", 0),
    ("list_items:drop=/items/*/name", "drifts", 4),
    ("list_items:drop=/items/*/name,times=1", "drifts", 4),
    ("list_items:retype=/items/*/id", "drifts", 4),
    ("list_items:rename=/items>itens", "drifts", 4),
    ("list_items:truncate", "drifts", 4),
    ("list_items:latency=10", "fits", 0),
    ("list_items:cut-body", "broken", 1),
    ("list_items:cut,after", "broken", 1),
    ("list_items:redirect=http://127.0.0.1:9/x", "drifts", 4),
    ("list_items:refuse=forbidden", "not-permitted", 0),
    ("list_items:add=/items/*/novo", "drifts", 4),
    ("list_items:value=/items>nada", "drifts", 4),
    ("list_items:value=/items/*/name>x", "fits", 0),
];

#[test]
fn each_kind_of_fault_is_switched_on_once() {
    let help = fine(Path::new("."), &["standin", "--help"]).out;
    let (_, kinds) = help.split_once("Kinds: ").expect("the kinds of faults");
    let (kinds, _) = kinds.split_once(". ").expect("the end of the kinds");
    let kinds = kinds.split([',', ' ', '\n']).filter(|word| !word.is_empty() && *word != "and");
    for kind in kinds.map(|word| word.split('=').next().unwrap_or_default()) {
        let start = format!("list_items:{kind}");
        assert!(OUTCOMES.iter().any(|(fault, ..)| fault.starts_with(&start)), "`{kind}`");
    }
}

#[test]
fn each_way_to_fail_is_an_outcome_apart_from_drift() {
    for (fault, outcome, code) in OUTCOMES {
        let stage = Stage::new();
        stage.add(fault);
        let run = stage.run(&["probe", "--format", "json"]);
        let document: Value = serde_json::from_str(&run.out).expect("JSON");
        let probes = document["probes"].as_array().expect("a list");
        let of = |id: &str| probes.iter().find(|one| one["operation"] == id).expect("a probe");
        assert_eq!(
            of("list_items")["outcome"],
            *outcome,
            "fault `{fault}`: {}{}",
            run.out,
            run.told
        );
        assert_eq!(run.code, Some(*code), "fault `{fault}`: {}{}", run.out, run.told);
        // A drift that came once of twice is risky.
        let is_once = fault.ends_with("times=1");
        for finding in document["findings"].as_array().expect("a list") {
            // An unknown status is risky, however often it comes.
            let is_risky = is_once || finding["rule"] == "status-undocumented";
            assert_eq!(finding["severity"] == "risky", is_risky, "fault `{fault}`: {finding}");
        }
    }
}

#[test]
fn a_probe_asks_what_the_spec_marks_and_takes_values_from_earlier_responses() {
    let stage = Stage::new();
    let plan = stage.run(&["probe", "--dry-run"]);
    assert_eq!(plan.code, Some(0), "{}", plan.told);
    for line in [
        "alfa: 2 operations, at most 20 requests in 60 s",
        "  list_items  GET /items  page=1",
        "  read_item   GET /items/{id}  id=<list_items /items/*/id>",
        "  skipped  read_log  unsafe  it is kept for a year",
        "  skipped  count_items  unmarked",
        "  skipped  mark_item  write",
    ] {
        assert!(plan.out.lines().any(|one| one == line), "`{line}`:\n{}", plan.out);
    }
    assert!(!plan.out.contains("delete_item"), "{}", plan.out);

    let run = stage.run(&["probe"]);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.told);
    let line = |id: &str| run.out.lines().find(|line| line.contains(id)).unwrap_or_default();
    for id in ["list_items", "read_item"] {
        assert!(line(id).contains("  fits "), "{}", run.out);
    }
    let asked: Vec<u64> = ["list_items", "read_item", "mark_item", "delete_item"]
        .map(|id| stage.server.n_done(id))
        .to_vec();
    assert_eq!(asked, [1, 1, 0, 0]);

    // The project allows the write.
    let toml = "[vendor.alfa]\nprobe = { budget = 20, writes = [\"mark_item\"] }\n";
    fs_err::write(stage.root().join("prumo.toml"), toml).expect("a file");
    let run = stage.run(&["probe", "--only", "mark_item"]);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.told);
    assert_eq!(stage.server.n_done("mark_item"), 1, "{}", run.out);
}

#[test]
fn what_is_not_asked_says_why() {
    let stage = Stage::new();
    let first = |words: &[&str], set: &[(&str, &str)]| {
        let run = prumo_with(stage.root(), words, set);
        let line = run.out.lines().find(|line| line.contains("list_items")).unwrap_or_default();
        (run.code, line.split_whitespace().nth(2).unwrap_or_default().to_owned())
    };
    let url = stage.server.url();
    let https = url.replace("http://", "https://");
    let key = ("ALFA_KEY", "standin-token");
    type Set<'a> = &'a [(&'a str, &'a str)];
    let cases: [(&str, Set<'_>, i32, &str); 5] = [
        ("https to a server without TLS", &[("ALFA_BASE_URL", &https), key], 1, "not-connected"),
        ("no credential", &[("ALFA_BASE_URL", &url)], 0, "no-credential"),
        (
            "a wrong credential",
            &[("ALFA_BASE_URL", &url), ("ALFA_KEY", "x")],
            1,
            "credentials-refused",
        ),
        ("a closed port", &[("ALFA_BASE_URL", "http://127.0.0.1:1"), key], 1, "not-connected"),
        ("no such host", &[("ALFA_BASE_URL", "http://alfa.invalid"), key], 1, "unknown-host"),
    ];
    for (name, set, code, outcome) in cases {
        assert_eq!(first(&["probe"], set), (Some(code), outcome.to_owned()), "case `{name}`");
    }
    let over = stage.run(&["probe", "--budget", "1"]);
    assert!(over.out.contains("over-budget"), "{}", over.out);
}

#[test]
fn a_vendor_that_is_slow_is_told_and_what_is_left_is_not_asked() {
    let stage = Stage::new();
    let toml = "[vendor.alfa]\nprobe = { seconds = 1 }\n";
    fs_err::write(stage.root().join("prumo.toml"), toml).expect("a file");
    stage.add("list_items:latency=5000");
    let run = stage.run(&["probe"]);
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.told);
    let line = |id: &str| run.out.lines().find(|line| line.contains(id)).unwrap_or_default();
    assert!(line("list_items").contains("timed-out"), "{}", run.out);
    assert!(line("read_item").contains("over-time"), "{}", run.out);
}

#[test]
fn a_recording_of_a_probe_is_a_fixture_that_is_never_overwritten() {
    let stage = Stage::new();
    for _ in 0..2 {
        let run = stage.run(&["probe", "--only", "list_items", "--record", "fixtures"]);
        assert_eq!(run.code, Some(0), "{}{}", run.out, run.told);
    }
    let folder = stage.root().join("fixtures/alfa/list_items");
    assert_eq!(fs_err::read_dir(&folder).expect("a folder").count(), 2);
    let judged = stage.run(&["judge"]);
    assert_eq!(judged.code, Some(0), "{}{}", judged.out, judged.told);
    assert!(judged.out.contains("2 exchanges"), "{}", judged.out);
}

#[test]
fn a_drift_is_new_on_the_night_it_appears_and_gone_when_it_goes() {
    let stage = Stage::new();
    let drift = "list_items:retype=/items/*/id";
    let lists = |document: &Value| {
        ["new", "worse", "gone"]
            .map(|name| document["changes"][name].as_array().map_or(0, Vec::len))
    };
    let mut week = Vec::new();
    for night in 1..=7 {
        match night {
            3 => stage.add(drift),
            6 => stage.clear(),
            _ => (),
        }
        let run = stage.run(&["nightly"]);
        let report = stage.report();
        week.push((run.code, report["verdict"].as_str().map(str::to_owned), lists(&report)));
    }
    let calm = (Some(0), Some("fits".to_owned()), [0, 0, 0]);
    let drifting = |lists| (Some(4), Some("drifts".to_owned()), lists);
    let end = (Some(0), Some("fits".to_owned()), [0, 0, 1]);
    let expected = [
        calm.clone(),
        calm.clone(),
        drifting([1, 0, 0]),
        drifting([0, 0, 0]),
        drifting([0, 0, 0]),
        end,
        calm,
    ];
    assert_eq!(week, expected);

    let nights = stage.run(&["history", "--format", "json"]);
    let document: Value = serde_json::from_str(&nights.out).expect("JSON");
    assert_eq!(document["nights"].as_array().map(Vec::len), Some(7));
    let since = stage.run(&["history", "--since", "5"]);
    assert!(
        since.out.contains("gone      breaking    type-changed  alfa list_items"),
        "{}",
        since.out
    );
    // A night's contract is judged like the night.
    let contract = stage.run(&["history", "--contract", "3"]);
    fs_err::write(stage.root().join("n.contract.json"), &contract.out).expect("a file");
    assert_eq!(stage.run(&["judge", "n.contract.json"]).code, Some(4));
}

#[test]
fn a_night_that_is_stopped_or_not_alone_says_so() {
    let stage = Stage::new();
    let toml =
        read(stage.root(), "prumo.toml") + "\n[[step]]\nname = \"slow\"\nrun = \"sleep 30\"\n";
    fs_err::write(stage.root().join("prumo.toml"), toml).expect("a file");
    let run = stage.run(&["nightly", "--offline", "--time-limit", "1"]);
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.out.contains("was ended at the time limit"), "{}", run.out);
    assert_eq!(stage.report()["verdict"], "not judged");
    let nights = stage.run(&["history"]);
    assert!(nights.out.contains("not judged"), "{}", nights.out);

    let lock =
        fs_err::File::create(stage.root().join("target/prumo/nightly.lock")).expect("a file");
    lock.file().lock().expect("a lock");
    let run = stage.run(&["nightly"]);
    assert_eq!(run.code, Some(1));
    assert!(run.told.contains("another night of this project is running"), "{}", run.told);
    drop(lock);

    fs_err::write(stage.root().join("target/prumo/history.sqlite"), "no database").expect("a file");
    let run = stage.run(&["nightly", "--offline"]);
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.told.contains("is no history of prumo"), "{}", run.told);
    assert_eq!(stage.report()["verdict"], "not judged", "the report is of this night");
}

#[test]
fn every_field_of_this_repository_that_looks_personal_is_marked() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    assert_eq!(fine(&root, &["lint"]).out, "fits     3 specs\n");
}

#[test]
fn every_read_of_this_repository_is_asked_or_has_a_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let specs = ["probe", "hubsoft", "tomticket-v1", "tomticket-v2", "--dry-run"];
    let plan = prumo_with(&root, &specs, &[]);
    assert_eq!(plan.code, Some(0), "{}", plan.told);
    let unmarked: Vec<&str> = plan.out.lines().filter(|line| line.ends_with("unmarked")).collect();
    assert!(unmarked.is_empty(), "{unmarked:?}");
    let waiting = plan.out.lines().filter(|line| line.contains("=<$")).count();
    assert!(waiting <= 1, "only `cep` needs a variable:\n{}", plan.out);
}
