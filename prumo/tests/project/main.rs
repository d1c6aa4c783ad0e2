//! Tests the program in a project that `init` made and `new-vendor` filled.

mod dialects;
mod faults;
mod fetched;
mod followed;
mod foreign;
mod inferred;
mod languages;
mod nights;
mod notified;
mod observed;
mod pages;
mod records;
mod shards;
mod suggested;
mod templates;

use std::path::Path;
use std::process::Command;

/// The result of a run.
struct Run {
    code: Option<i32>,
    out: String,
    told: String,
}

impl Run {
    /// Returns the last line of the output.
    fn last(&self) -> &str {
        self.out.lines().last().unwrap_or_default()
    }
}

/// Runs `prumo` with these words in a folder.
fn prumo(folder: &Path, words: &[&str]) -> Run {
    prumo_with(folder, words, &[])
}

/// Runs `prumo` with these words and variables in a folder.
fn prumo_with(folder: &Path, words: &[&str], variables: &[(&str, &str)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prumo"));
    // The tests read English, whatever the language of the machine.
    command.env("LC_ALL", "C");
    // Neither cargo nor the folder of this crate may have an effect.
    let command = command.args(words).current_dir(folder).env_remove("CARGO_MANIFEST_DIR");
    command.envs(variables.iter().copied());
    let output = command.output().expect("the program");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Run { code: output.status.code(), out: text(&output.stdout), told: text(&output.stderr) }
}

/// Runs `prumo`, which must exit with 0, and returns its output.
fn fine(folder: &Path, words: &[&str]) -> Run {
    let run = prumo(folder, words);
    assert_eq!(run.code, Some(0), "{words:?}: {}{}", run.out, run.told);
    run
}

/// Returns a folder in which `prumo init` ran.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fine(folder.path(), &["init"]);
    folder
}

/// Returns a project with the vendor that `prumo new-vendor alfa` makes.
fn project_with_alfa() -> tempfile::TempDir {
    let folder = project();
    fine(folder.path(), &["new-vendor", "alfa"]);
    folder
}

fn read(folder: &Path, file: &str) -> String {
    fs_err::read_to_string(folder.join(file)).expect("a file")
}

#[test]
fn a_new_project_is_green_and_says_that_nothing_was_judged() {
    let folder = project();
    let without = "skipped  no spec in `specs/`; `prumo new-vendor NAME` makes one\n";
    for verb in ["lint", "generate", "judge"] {
        assert_eq!(fine(folder.path(), &[verb]).out, without, "verb `{verb}`");
    }
    let night = fine(folder.path(), &["nightly"]);
    let begin = "skipped; no live source was checked: 7 steps in ";
    assert!(night.last().starts_with(begin), "{}", night.out);
    assert!(!night.out.contains("fits"), "{}", night.out);
    assert!(read(folder.path(), "target/prumo/report.json").contains(r#""verdict": "skipped""#));
    assert!(read(folder.path(), "README.md").lines().count() <= 10);
}

#[test]
fn init_overwrites_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    fs_err::write(folder.path().join("README.md"), "mine").expect("a file");
    let run = fine(folder.path(), &["init"]);
    assert!(run.out.contains("Kept     README.md\n"), "{}", run.out);
    assert_eq!(read(folder.path(), "README.md"), "mine");

    fs_err::write(folder.path().join("prumo.toml"), "# mine\n").expect("a file");
    let again = prumo(folder.path(), &["init"]);
    assert_eq!(again.code, Some(1));
    assert!(
        again.told.starts_with("error: `prumo.toml` is there already\n  hint: "),
        "{}",
        again.told
    );
    assert_eq!(read(folder.path(), "prumo.toml"), "# mine\n");
}

#[test]
fn a_new_vendor_is_linted_generated_judged_and_called() {
    let folder = project_with_alfa();
    assert_eq!(fine(folder.path(), &["lint"]).out, "fits     1 spec\n");
    assert_eq!(fine(folder.path(), &["lint", "alfa"]).out, "fits     1 spec\n");
    let stale = prumo(folder.path(), &["generate", "--check"]);
    assert_eq!(stale.code, Some(4), "{}", stale.out);
    fine(folder.path(), &["generate"]);
    for file in ["Cargo.toml", "openapi.json", "src/lib.rs"] {
        assert!(
            folder.path().join("generated/alfa").join(file).is_file(),
            "`{file}` was generated"
        );
    }
    assert_eq!(fine(folder.path(), &["generate", "--check"]).out, "fresh    1 client\n");
    let judged = fine(folder.path(), &["judge"]);
    assert!(judged.last().starts_with("fits: 0 findings, 0 waived; 2 exchanges"), "{}", judged.out);
    let night = fine(folder.path(), &["nightly"]);
    let begin = "fixtures fit; no live source was checked: 7 steps in ";
    assert!(night.last().starts_with(begin), "{}", night.out);
    assert!(night.last().ends_with("skipped: traffic, docs, probes"), "{}", night.out);
    let required = prumo(folder.path(), &["nightly", "--require-live"]);
    assert_eq!(required.code, Some(1), "{}", required.out);
    let begin = "not judged; no live source was checked: ";
    assert!(required.last().starts_with(begin), "{}", required.out);
    let call = fine(folder.path(), &["call", "alfa", "read_item", "id=7", "--dry-run"]);
    assert!(call.out.contains("'https://alfa.example/items/7'"), "{}", call.out);
    assert!(call.out.contains("\"$ALFA_BEARER\""), "{}", call.out);
}

#[test]
fn a_new_vendor_keeps_what_the_file_says_and_is_made_once() {
    let folder = project();
    let before = read(folder.path(), "prumo.toml");
    fine(folder.path(), &["new-vendor", "alfa"]);
    let after = read(folder.path(), "prumo.toml");
    assert!(after.starts_with(&before), "{after}");
    assert!(after.contains("[vendor.alfa]\nbase_url = \"env:ALFA_BASE_URL\""), "{after}");

    let again = prumo(folder.path(), &["new-vendor", "alfa"]);
    assert_eq!(again.code, Some(1));
    assert_eq!(again.told, "error: `specs/alfa.yaml` is there already, so nothing was written\n");
    assert_eq!(read(folder.path(), "prumo.toml"), after);

    fs_err::create_dir_all(folder.path().join("fixtures/beta/read_item")).expect("a folder");
    fs_err::write(folder.path().join("fixtures/beta/read_item/refusal.json"), "{}")
        .expect("a file");
    let half = prumo(folder.path(), &["new-vendor", "beta"]);
    assert_eq!(half.code, Some(1));
    assert!(
        half.told.contains("fixtures/beta/read_item/refusal.json` is there already"),
        "{}",
        half.told
    );
    assert!(!folder.path().join("specs/beta.yaml").exists());
    assert!(!folder.path().join("fixtures/beta/read_item/good_answer.json").exists());
}

#[test]
fn names_that_can_be_no_vendor_are_refused() {
    let folder = project();
    let cases = [
        ("Alfa", "alfa"),
        ("../alfa", "alfa"),
        ("serde", "serde-api"),
        ("type", "type-api"),
        ("a_b", "a-b"),
        ("a b", "a-b"),
        ("", "api"),
        ("prumo", "api"),
    ];
    for (name, proposed) in cases {
        let run = prumo(folder.path(), &["new-vendor", name]);
        assert_eq!(run.code, Some(1), "name `{name}`: {}", run.out);
        assert!(run.told.starts_with("error: `"), "name `{name}`: {}", run.told);
        let hint = format!("\n  hint: call it `{proposed}`; ");
        assert!(run.told.contains(&hint), "name `{name}`: {}", run.told);
    }
    assert_eq!(fs_err::read_dir(folder.path().join("specs")).expect("specs").count(), 1);
}

#[test]
fn a_new_operation_is_a_complaint_until_it_is_filled_in() {
    let folder = project_with_alfa();
    let made = fine(folder.path(), &["new-operation", "alfa", "list_items"]);
    for line in [
        "Updated  specs/alfa.yaml",
        "Created  fixtures/alfa/list_items/good_answer.json",
        "Created  fixtures/alfa/list_items/refusal.json",
        "  prumo lint alfa",
    ] {
        assert!(
            made.out.lines().any(|one| one.starts_with(line)),
            "`{line}` is printed: {}",
            made.out
        );
    }
    let lint = prumo(folder.path(), &["lint"]);
    assert_eq!(lint.code, Some(1));
    assert!(lint.out.contains("`TODO` is left to fill in"), "{}", lint.out);
    assert!(lint.last().ends_with(" complaints in 1 spec"), "{}", lint.out);
    let json = prumo(folder.path(), &["lint", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(document["complaints"][0]["file"], "specs/alfa.yaml");
    assert_eq!(
        document["totals"]["errors"],
        document["complaints"].as_array().map(Vec::len).expect("a list")
    );
    assert_eq!(prumo(folder.path(), &["generate"]).code, Some(1));
    let night = prumo(folder.path(), &["nightly"]);
    assert_eq!(night.code, Some(1));
    assert!(night.last().starts_with("not judged; "), "{}", night.out);
}

#[test]
fn a_project_is_found_upwards_or_named() {
    let folder = project_with_alfa();
    let below = folder.path().join("fixtures/alfa/read_item");
    assert_eq!(fine(&below, &["lint"]).out, "fits     1 spec\n");
    let judged = fine(&below, &["judge", "good_answer.json"]);
    assert!(judged.last().starts_with("fits: "), "{}", judged.out);

    let elsewhere = tempfile::tempdir().expect("a folder");
    let root = folder.path().to_str().expect("a path");
    let file = folder.path().join("prumo.toml");
    for words in [
        ["--root", root, "lint"],
        ["lint", "--root", root],
        ["--config", file.to_str().expect("a path"), "lint"],
    ] {
        assert_eq!(fine(elsewhere.path(), &words).out, "fits     1 spec\n", "words {words:?}");
    }
    let lost = prumo(elsewhere.path(), &["lint"]);
    assert_eq!(lost.code, Some(1));
    assert!(lost.told.starts_with("error: no `prumo.toml` in `"), "{}", lost.told);
    assert!(lost.told.contains("hint: `prumo init` makes a project here"), "{}", lost.told);
    let nowhere = prumo(elsewhere.path(), &["--root", "nowhere", "lint"]);
    assert!(nowhere.told.contains("nowhere/prumo.toml`\n  hint: "), "{}", nowhere.told);
}

#[test]
fn verbs_of_a_file_need_no_project() {
    let folder = project_with_alfa();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("specs/alfa.yaml");
    fs_err::copy(spec, elsewhere.path().join("beta.yaml")).expect("a copy");
    let answer = folder.path().join("fixtures/alfa/read_item/good_answer.json");
    fs_err::copy(answer, elsewhere.path().join("answer.json")).expect("a copy");
    let runs: [&[&str]; 8] = [
        &["explain", "type-changed"],
        &["completions", "bash"],
        &["complete", "--", "ca"],
        &["convert", "--to", "har", "answer.json"],
        &["lint", "beta.yaml"],
        &["judge", "--spec", "beta.yaml", "answer.json", "--contract-out", "a.contract.json"],
        &["contract", "join", "a.contract.json"],
        &["call", "beta.yaml", "--list"],
    ];
    for words in runs {
        fine(elsewhere.path(), words);
    }
    let call = fine(elsewhere.path(), &["call", "./beta.yaml", "read_item", "id=7", "--dry-run"]);
    assert!(call.out.contains("\"$BETA_BEARER\""), "{}", call.out);
    let missing = prumo(elsewhere.path(), &["call", "alfa", "--list"]);
    assert!(
        missing.told.starts_with("error: no file `alfa`, and no `prumo.toml`"),
        "{}",
        missing.told
    );
}

#[test]
fn completions_are_of_the_program_prumo() {
    let folder = project_with_alfa();
    for shell in ["bash", "zsh", "fish"] {
        let script = fine(folder.path(), &["completions", shell]).out;
        assert!(script.contains("prumo complete -- "), "{shell}: {script}");
        assert!(!script.contains("xtask"), "{shell}: {script}");
    }
    let cases: [(&[&str], &str); 4] = [
        (&["new"], "new-vendor\nnew-operation\n"),
        (&["call", "al"], "alfa\n"),
        (&["call", "alfa", ""], "read_item\n"),
        (&["call", "alfa", "read_item", ""], "id=\n"),
    ];
    for (words, expected) in cases {
        let words = [&["complete", "--"], words].concat();
        assert_eq!(fine(folder.path(), &words).out, expected, "words {words:?}");
    }
}

#[test]
fn traffic_is_judged_along_its_vendor_and_steps_are_run() {
    let folder = project_with_alfa();
    let path = folder.path();
    let toml = read(path, "prumo.toml")
        + "traffic = [\"inbox/*.ndjson\", \"outbox/*.ndjson\"]\n\n\
           [[step]]\nname = \"counts\"\nrun = \"echo all is well\"\n";
    fs_err::write(path.join("prumo.toml"), toml).expect("a file");
    fs_err::create_dir_all(path.join("inbox")).expect("a folder");
    let exchange: serde_json::Value =
        serde_json::from_str(&read(path, "fixtures/alfa/read_item/good_answer.json"))
            .expect("JSON");
    fs_err::write(path.join("inbox/a.ndjson"), format!("{exchange}\n")).expect("a file");
    fine(path, &["generate"]);
    let night = fine(path, &["nightly"]);
    let line =
        |name: &str| night.out.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    assert!(
        line("traffic")
            .contains("1 exchange, 0 findings, 0 waived, no file matches `outbox/*.ndjson`"),
        "{}",
        night.out
    );
    assert!(line("counts").contains("fits        all is well"), "{}", night.out);

    let drifting = exchange.to_string().replace("\"title\"", "\"titel\"");
    fs_err::write(path.join("inbox/b.ndjson"), format!("{drifting}\n")).expect("a file");
    let night = prumo(path, &["nightly"]);
    assert_eq!(night.code, Some(4), "{}", night.out);
    assert!(night.out.contains("inbox/b.ndjson:1"), "{}", night.out);
    assert_eq!(prumo(path, &["judge"]).code, Some(4));
}

#[test]
fn a_project_without_clients_says_so() {
    let folder = project_with_alfa();
    let toml = read(folder.path(), "prumo.toml").replace("generated = ", "# generated = ");
    fs_err::write(folder.path().join("prumo.toml"), toml).expect("a file");
    let why = "skipped  `prumo.toml` has no `generated`, so there are no clients\n";
    assert_eq!(fine(folder.path(), &["generate"]).out, why);
    let night = fine(folder.path(), &["nightly"]);
    assert!(night.last().contains("skipped: generated, traffic, docs, probes"), "{}", night.out);
}

#[test]
fn what_comes_next_names_the_steps_of_the_project() {
    let folder = project_with_alfa();
    let toml = read(folder.path(), "prumo.toml")
        + "\n[[step]]\nname = \"replay\"\nrun = \"cargo test -p contract-tests\"\n\n\
           [[step]]\nname = \"style\"\nrun = \"./style\"\n";
    fs_err::write(folder.path().join("prumo.toml"), toml).expect("a file");
    let made = fine(folder.path(), &["new-operation", "alfa", "list_items"]);
    let steps: Vec<&str> = made.out.lines().skip_while(|line| !line.starts_with("  ")).collect();
    assert_eq!(
        steps,
        [
            "  prumo lint alfa                                   # what the spec lacks, line by line",
            "  prumo generate                                    # the client",
            "  prumo judge fixtures/alfa/list_items              # the fixtures against the spec",
            "  INSTA_UPDATE=always cargo test -p contract-tests  # replay; read the snapshots that it writes",
            "  ./style                                           # style",
            "  prumo nightly                                     # all of it in one report",
        ]
    );
}

#[test]
fn credentials_are_read_from_the_variables_that_the_project_names() {
    let folder = project_with_alfa();
    let toml = read(folder.path(), "prumo.toml").replace("env:ALFA\"", "env:OTHER\"");
    fs_err::write(folder.path().join("prumo.toml"), toml).expect("a file");
    let call = fine(folder.path(), &["call", "alfa", "read_item", "id=7", "--dry-run"]);
    assert!(call.out.contains("\"$OTHER_BEARER\""), "{}", call.out);
    let by_file =
        fine(folder.path(), &["call", "specs/alfa.yaml", "read_item", "id=7", "--dry-run"]);
    assert!(by_file.out.contains("\"$ALFA_BEARER\""), "{}", by_file.out);
}

#[test]
fn a_generated_file_names_the_command_that_made_it() {
    let folder = project_with_alfa();
    fine(folder.path(), &["generate"]);
    for file in ["src/lib.rs", "src/client.rs", "tests/contract.rs"] {
        let text = read(folder.path(), &format!("generated/alfa/{file}"));
        assert!(text.starts_with("// @generated by `prumo generate` from "), "`{file}`: {text}");
    }
}

#[test]
fn a_crate_inside_a_foreign_workspace_is_one_of_its_own_unless_it_is_named_there() {
    let cases = [
        ("not named", "[workspace]\nmembers = [\"crates/*\"]\n", true),
        ("a package that is a workspace", "[package]\nname = \"a\"\n\n[workspace]\n", true),
        ("a member", "[workspace]\nmembers = [\"vendors/generated/*\"]\n", false),
        ("a member by its path", "[workspace]\nmembers = [\"./vendors/generated/alfa/\"]\n", false),
        ("excluded", "[workspace]\nexclude = [\"vendors\"]\n", false),
        ("a package alone", "[package]\nname = \"a\"\n", false),
    ];
    for (name, manifest, is_own) in cases {
        let folder = tempfile::tempdir().expect("a folder");
        fs_err::write(folder.path().join("Cargo.toml"), manifest).expect("a manifest");
        fine(folder.path(), &["init", "vendors"]);
        let project = folder.path().join("vendors");
        fine(&project, &["new-vendor", "alfa"]);
        fine(&project, &["generate"]);
        let made = read(&project, "generated/alfa/Cargo.toml");
        assert_eq!(made.contains("\n[workspace]\n"), is_own, "case `{name}`: {made}");
        assert_eq!(
            made.contains("# `../../../Cargo.toml` is a workspace"),
            is_own,
            "case `{name}`: {made}"
        );
        fine(&project, &["generate", "--check"]);
    }
}

#[test]
fn the_runtime_may_be_a_revision_of_a_repository() {
    let folder = project_with_alfa();
    let source = "git = \"https://git.example/prumo\", rev = \"4f2a\"";
    let toml = format!("runtime = {{ {source} }}\n{}", read(folder.path(), "prumo.toml"));
    fs_err::write(folder.path().join("prumo.toml"), toml).expect("a file");
    fine(folder.path(), &["generate"]);
    let manifest = read(folder.path(), "generated/alfa/Cargo.toml");
    for crate_ in ["prumo-runtime", "prumo-replay"] {
        assert!(manifest.contains(&format!("\n{crate_} = {{ {source}")), "{manifest}");
    }
}

#[test]
fn a_reader_that_has_gone_away_is_no_error() {
    let folder = project_with_alfa();
    let mut child = Command::new(env!("CARGO_BIN_EXE_prumo"))
        .env("LC_ALL", "C")
        .arg("generate")
        .current_dir(folder.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("an end").code(), Some(0));
    assert_eq!(fine(folder.path(), &["generate", "--check"]).out, "fresh    1 client\n");
}
