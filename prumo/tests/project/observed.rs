//! Tests `observe` and `join`: many machines write the bytes that one would have written.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::shards::{SPEC, exchange};
use super::{fine, prumo, read};

/// The files of a night: fine, drifting, with a poison line, and empty.
const NIGHT: [&str; 4] = ["a.ndjson", "b.ndjson", "poison.ndjson", "empty.ndjson"];

fn folder() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        fs_err::write(root.path().join(name), text).expect("a file");
    };
    write("spec.yaml", SPEC);
    write("a.ndjson", &[exchange(r#"{"id": 1}"#), exchange(r#"{"id": 2}"#)].concat());
    write("b.ndjson", &exchange(r#"{"id": "7"}"#));
    write("poison.ndjson", &[&exchange(r#"{"id": 3}"#), "not JSON\n", &exchange("{}")].concat());
    write("empty.ndjson", "");
    root
}

/// Observes files into one contract file, and returns what was said.
fn observed(folder: &Path, files: &[&str], out: &str) -> String {
    let words = [&["observe", "--spec", "spec.yaml", "--out", out], files].concat();
    let run = fine(folder, &words);
    assert_eq!(run.out, "");
    run.told
}

#[test]
fn any_tree_of_joins_is_one_run_over_all_files() {
    let root = folder();
    let folder = root.path();
    let told = observed(folder, &NIGHT, "whole.contract.json");
    let expect = "warning: `poison.ndjson`: 2:2: not JSON";
    assert!(told.starts_with(expect), "{told}");
    assert!(told.ends_with("skipped  `empty.ndjson` holds no exchange\n"), "{told}");
    for file in NIGHT {
        observed(folder, &[file], &format!("{file}.contract.json"));
    }
    let whole = read(folder, "whole.contract.json");
    assert!(whole.contains("`poison.ndjson`: 2:2: not JSON"), "{whole}");
    fs_err::create_dir_all(folder.join("day/late")).expect("a folder");
    let moved = [("a", "day"), ("b", "day/late"), ("empty", "day")];
    for (name, to) in moved {
        let file = format!("{name}.ndjson.contract.json");
        fs_err::rename(folder.join(&file), folder.join(to).join(&file)).expect("a file");
    }
    fs_err::write(folder.join("list"), "day/a.ndjson.contract.json\npoison.ndjson.contract.json\n")
        .expect("a list");
    fine(folder, &["join", "day", "--out", "day.json"]);
    fine(folder, &["join", "@list", "--out", "other.json.gz"]);
    let trees: [&[&str]; 4] = [
        &["day", "poison.ndjson.contract.json"],
        &["poison.ndjson.contract.json", "day/late", "day/a.ndjson.contract.json"],
        &["day.json", "poison.ndjson.contract.json"],
        &["other.json.gz", "day/late", "day/empty.ndjson.contract.json"],
    ];
    for tree in trees {
        assert_eq!(fine(folder, &[&["join"], tree].concat()).out, whole, "{tree:?}");
        let old_name = [&["contract", "join"], tree].concat();
        assert_eq!(fine(folder, &old_name).out, whole, "{tree:?}");
    }
    let judged = prumo(folder, &["judge", "--spec", "spec.yaml", "whole.contract.json"]);
    let night = [&["judge", "--spec", "spec.yaml"], &NIGHT[..]].concat();
    assert_eq!((judged.code, judged.out), (Some(1), prumo(folder, &night).out));
}

#[test]
fn a_contract_that_is_given_twice_counts_once() {
    let root = folder();
    let folder = root.path();
    observed(folder, &["a.ndjson"], "a.contract.json");
    observed(folder, &["b.ndjson"], "b.contract.json");
    fs_err::copy(folder.join("a.contract.json"), folder.join("retry.contract.json"))
        .expect("a copy");
    fine(folder, &["join", "a.contract.json", "b.contract.json", "--out", "all.contract.json"]);
    let refused = prumo(folder, &["join", "a.contract.json", "all.contract.json"]);
    assert_eq!(refused.code, Some(1), "a part of a contract can't be taken out of it");
    let said = "error: `all.contract.json` holds `a.ndjson` (282 bytes), which is already in";
    assert!(refused.told.starts_with(said), "{}", refused.told);

    let all = ["all.contract.json", "retry.contract.json", "a.contract.json", "b.contract.json"];
    let joined = fine(folder, &[&["join"], &all[..]].concat());
    assert_eq!(joined.out, read(folder, "all.contract.json"));
    assert_eq!(joined.told.matches("is given twice, and counts once").count(), 3);
    let words = ["observe", "--spec", "spec.yaml", "a.ndjson", "b.ndjson", "a.ndjson"];
    let observed = fine(folder, &words);
    assert_eq!(observed.out, joined.out);
    assert_eq!(observed.told, "skipped  `a.ndjson` is given twice\n");
}

#[test]
fn the_caller_names_the_origin_however_the_bytes_come() {
    let root = folder();
    let folder = root.path();
    let plain = fs_err::read(folder.join("poison.ndjson")).expect("a file");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&plain).expect("bytes");
    let zstd = compress_to_vec(plain.as_slice(), CompressionLevel::Fastest);
    let cases =
        [("part-0", plain.clone()), ("part-1", gzip.finish().expect("bytes")), ("part-2", zstd)];
    let words = ["observe", "--spec", "spec.yaml", "--name", "s3://b/key", "--line-base", "101"];
    let mut outputs = Vec::new();
    for (name, bytes) in cases {
        fs_err::write(folder.join(name), bytes).expect("a file");
        outputs.push(fine(folder, &[&words[..], &[name]].concat()).out);
    }
    outputs.push(piped(folder, &[&words[..], &["-"]].concat(), &plain));
    assert!(outputs[0].contains("`s3://b/key`: 102:2: not JSON"), "{}", outputs[0]);
    assert!(outputs[0].contains(r#""file":"s3://b/key","line":103"#), "{}", outputs[0]);
    assert!(outputs.iter().all(|output| *output == outputs[0]), "{outputs:?}");

    let several = prumo(folder, &[&words[..], &["a.ndjson", "b.ndjson"]].concat());
    assert_eq!(several.code, Some(1));
    assert!(several.told.starts_with("error: `--name` and `--line-base` are about one file"));
}

/// Runs `prumo`, which must exit with 0, on standard input.
fn piped(folder: &Path, words: &[&str], input: &[u8]) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_prumo"))
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    child.stdin.take().expect("a pipe").write_all(input).expect("the input");
    let output = child.wait_with_output().expect("the program");
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).expect("a text")
}

#[test]
fn it_ends_with_1_only_if_no_contract_could_be_written() {
    let root = folder();
    let folder = root.path();
    let rows: [(&[&str], i32, &str); 7] = [
        (&["missing.ndjson"], 1, "error: no contract is written: no input could be read"),
        (&["missing.ndjson", "a.ndjson"], 0, "warning: failed to open file `missing.ndjson`"),
        (&["a.ndjson", "--out", "no/such/folder/a.json"], 1, "error: "),
        (&["a.ndjson", "--spec", "missing.yaml"], 1, "error: "),
        (
            &["cut.ndjson.gz"],
            0,
            "warning: `cut.ndjson.gz`: 1:1: failed to read: unexpected end of file",
        ),
        (&["empty.ndjson"], 0, "skipped  `empty.ndjson` holds no exchange"),
        (&["spec.yaml"], 0, "warning: `spec.yaml`"),
    ];
    fs_err::write(folder.join("cut.ndjson.gz"), b"\x1f\x8b\x08\0\0\0\0\0\0\x03").expect("a file");
    for (words, code, said) in rows {
        let run = prumo(folder, &[&["observe", "--spec", "spec.yaml"], words].concat());
        assert_eq!(run.code, Some(code), "{words:?}: {}", run.told);
        assert!(run.told.contains(said), "{words:?}: {}", run.told);
        assert_eq!(run.out.starts_with("{\"prumo-contract\":2"), code == 0, "{words:?}");
    }

    observed(folder, &["a.ndjson"], "a.contract.json");
    fs_err::write(folder.join("cut.contract.json"), "{\"prumo-contract\": 2, ").expect("a file");
    let said = "`cut.contract.json`: 1:22: the contract file stops in the middle";
    let joined =
        fine(folder, &["join", "a.contract.json", "cut.contract.json", "--out", "all.json"]);
    assert!(joined.told.starts_with(&format!("warning: {said}\n")), "{}", joined.told);
    let judged = prumo(folder, &["judge", "--spec", "spec.yaml", "all.json"]);
    assert_eq!(judged.code, Some(1));
    assert!(judged.told.contains(said), "{}", judged.told);
    for words in [&["join", "cut.contract.json"], &["join", "missing.json"]] {
        let run = prumo(folder, words);
        assert_eq!((run.code, run.out.as_str()), (Some(1), ""));
        assert!(run.told.contains("error: no contract is written"), "{}", run.told);
    }
}

/// Returns a folder with a list of files and what `docs/scale.md` expects: `day/`, `specs/alfa.yaml`.
fn day() -> tempfile::TempDir {
    let root = folder();
    for name in ["day", "specs"] {
        fs_err::create_dir(root.path().join(name)).expect("a folder");
    }
    fs_err::rename(root.path().join("spec.yaml"), root.path().join("specs/alfa.yaml"))
        .expect("a spec");
    let mut files = String::new();
    for name in NIGHT {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(&fs_err::read(root.path().join(name)).expect("a file")).expect("bytes");
        let file = format!("day/{name}.gz");
        fs_err::write(root.path().join(&file), gzip.finish().expect("bytes")).expect("a file");
        files += &format!("{file}\n");
    }
    fs_err::write(root.path().join("files"), files).expect("a list");
    root
}

/// Returns a page of `docs/`.
fn docs(page: &str) -> String {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    fs_err::read_to_string(docs.join(page)).expect("a page")
}

/// Runs a script as a user would, with `prumo` in `PATH`, and returns its exit code.
#[cfg(unix)]
fn sh(folder: &Path, script: &str, variables: &[(&str, String)]) -> Option<i32> {
    let program = Path::new(env!("CARGO_BIN_EXE_prumo")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command.args(["-euc", script]).current_dir(folder).env("PATH", path);
    command.envs(variables.iter().cloned()).stderr(Stdio::null()).stdout(Stdio::null());
    command.status().expect("a shell").code()
}

#[cfg(unix)]
#[test]
fn the_job_of_the_page_runs_as_written() {
    let root = day();
    let job = docs("scale/observe-job.yaml");
    let script = job.split_once("args:\n            - |\n").expect("a script").1;
    let script = script.split_once("          resources:").expect("its end").0;
    for index in 0..NIGHT.len() {
        let variables = [("JOB_COMPLETION_INDEX", index.to_string())];
        assert_eq!(sh(root.path(), script, &variables), Some(0), "index {index}");
    }
    let joined = fine(root.path(), &["join", "contracts"]);
    assert_eq!(joined.out, fine(root.path(), &["observe", "--spec", "specs/alfa.yaml", "day"]).out);
}

#[cfg(unix)]
#[test]
fn the_line_for_gnu_parallel_runs_as_written() {
    let root = day();
    if sh(root.path(), "parallel --version | grep -q GNU", &[]) != Some(0) {
        println!("skipped  GNU parallel is not installed");
        return;
    }
    let page = docs("scale.md");
    let block = page.split_once("## GNU parallel\n\n```console\n").expect("a block").1;
    let block = block.split_once("```").expect("its end").0;
    let script = block.replace("$ ", "");
    // The poison line makes it *not judged*.
    assert_eq!(sh(root.path(), &script, &[]), Some(1));
    let joined = read(root.path(), "all.contract.json");
    assert_eq!(joined, fine(root.path(), &["observe", "--spec", "specs/alfa.yaml", "day"]).out);
}
