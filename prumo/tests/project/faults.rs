//! Tests every fault of a `prumo.toml`: the line, the key and the remedy.

use super::{fine, prumo};

/// The text of a `prumo.toml`, and the output of `prumo lint`.
type Row = (&'static str, &'static str, &'static str);

const ROWS: [Row; 31] = [
    (
        "a key that is misspelt",
        "spec = \"specs\"",
        "prumo.toml:1:1: spec: unknown key\n  hint: did you mean `specs`?",
    ),
    (
        "a key that is like no other",
        "\nfolder = \"x\"",
        "prumo.toml:2:1: folder: unknown key\n  hint: there is `specs`, `fixtures`, `generated`, \
         `every_client`, `out`, `history`, `redact_key`, `runtime`, `vendor`, `step`",
    ),
    (
        "a number where a folder is named",
        "specs = 1",
        "prumo.toml:1:1: specs: expected a text, found a number\n  hint: write `specs = \"…\"`",
    ),
    (
        "an empty name of a folder",
        "out = \" \"",
        "prumo.toml:1:1: out: an empty text\n  hint: leave the key out, or give it a value",
    ),
    (
        "a folder of specs that is missing",
        "# x\nspecs = \"spec\"",
        "prumo.toml:2:1: specs: no folder `spec`\n  hint: make the folder, or name the one that is meant",
    ),
    (
        "a folder above the project",
        "fixtures = \"../fixtures\"",
        "prumo.toml:1:1: fixtures: `../fixtures` leads out of the project\n  \
         hint: name a folder below this file, without `..`",
    ),
    (
        "a folder from the root of the system",
        "generated = \"/srv/generated\"",
        "prumo.toml:1:1: generated: `/srv/generated` leads out of the project\n  \
         hint: name a folder below this file, without `..`",
    ),
    (
        "a key of the redaction in the project",
        "redact_key = \"keys/redact.key\"",
        "prumo.toml:1:1: redact_key: `keys/redact.key` is in the project\n  \
         hint: keep the key outside of the repository, as in `~/.config/prumo/redact.key`",
    ),
    (
        "a vendor without a spec",
        "[vendor.beta]",
        "prumo.toml:1:9: vendor.beta: no spec `beta` in `specs/`\n  \
         hint: `prumo new-vendor beta` makes one; else remove the table",
    ),
    (
        "a vendor whose name is misspelt",
        "[vendor.alfaa]",
        "prumo.toml:1:9: vendor.alfaa: no spec `alfaa` in `specs/`\n  hint: did you mean `alfa`?",
    ),
    (
        "a vendor that is no table",
        "vendor = \"alfa\"",
        "prumo.toml:1:1: vendor: expected a table, found a text\n  \
         hint: write a table for each vendor, `[vendor.alfa]`",
    ),
    (
        "a key of a vendor that is misspelt",
        "[vendor.alfa]\nbase_ur = \"https://alfa.example\"",
        "prumo.toml:2:1: vendor.alfa.base_ur: unknown key\n  hint: did you mean `base_url`?",
    ),
    (
        "a base URL without a scheme",
        "[vendor.alfa]\nbase_url = \"alfa.example\"",
        "prumo.toml:2:1: vendor.alfa.base_url: neither a URL nor a variable\n  \
         hint: write `env:VARIABLE`, or a URL that starts with `https://` or `http://`",
    ),
    (
        "a variable without a name",
        "[vendor.alfa]\nbase_url = \"env:\"",
        "prumo.toml:2:1: vendor.alfa.base_url: no name of a variable behind `env:`\n  \
         hint: a name has letters, digits and `_`, as in `env:ALFA_BASE_URL`",
    ),
    (
        "credentials that are written down",
        "[vendor.alfa]\ncredentials = \"s3cr3t\"",
        "prumo.toml:2:1: vendor.alfa.credentials: neither a prefix of variables nor a command\n  \
         hint: write `env:PREFIX`, or `{ command = \"…\" }`",
    ),
    (
        "a key beside the command of credentials",
        "[vendor.alfa]\ncredentials = { command = \"pass\", comand = \"x\" }",
        "prumo.toml:2:35: vendor.alfa.credentials.comand: unknown key\n  hint: did you mean `command`?",
    ),
    (
        "traffic that is no list",
        "[vendor.alfa]\ntraffic = \"inbox/*.ndjson\"",
        "prumo.toml:2:1: vendor.alfa.traffic: expected a list of texts, found a text\n  \
         hint: write `traffic = [\"…\"]`",
    ),
    (
        "a pattern that is none",
        "[vendor.alfa]\ntraffic = [\"ok.ndjson\",\n  \"a***\"]",
        "prumo.toml:3:3: vendor.alfa.traffic: wildcards are either regular `*` or recursive `**`\n  \
         hint: a pattern is like `inbox/*.ndjson`",
    ),
    (
        "a budget below nothing",
        "[vendor.alfa]\nprobe = { budget = -1 }",
        "prumo.toml:2:11: vendor.alfa.probe.budget: a number below 0, or too large\n  \
         hint: write `budget = 40`",
    ),
    (
        "a page that is a number",
        "[vendor.alfa]\ndocs = [1]",
        "prumo.toml:2:9: vendor.alfa.docs: expected a list of texts, found a number\n  \
         hint: write `docs = [\"…\"]`",
    ),
    (
        "a step without a command",
        "[[step]]\nname = \"replay\"",
        "prumo.toml:1:1: step: a step without `run`\n  \
         hint: write a `[[step]]` with `name = \"…\"` and `run = \"…\"`",
    ),
    (
        "a step with the name of one that is built in",
        "[[step]]\nname = \"fixtures\"\nrun = \"true\"",
        "prumo.toml:2:1: step.name: a second step `fixtures`\n  \
         hint: give the step another name: a report tells steps apart by it",
    ),
    (
        "a runtime that is a text",
        "runtime = \"0.1\"",
        "prumo.toml:1:1: runtime: expected a table, found a text\n  \
         hint: write `runtime = { version = \"0.1\" }`, or `path` or `git` in place of `version`",
    ),
    (
        "a runtime from two places",
        "runtime = { version = \"0.1\", git = \"https://git.example/prumo\" }",
        "prumo.toml:1:1: runtime: more than one source of the runtime\n  \
         hint: write `runtime = { version = \"0.1\" }`, or `path` or `git` in place of `version`",
    ),
    (
        "a revision without a repository",
        "runtime = { version = \"0.1\", rev = \"4f2a\" }",
        "prumo.toml:1:30: runtime.rev: a revision without `git`\n  \
         hint: write `runtime = { git = \"…\", rev = \"…\" }`, or `tag` or `branch` in place of `rev`",
    ),
    (
        "two revisions of a repository",
        "runtime = { git = \"https://git.example/prumo\", rev = \"4f2a\", tag = \"v1\" }",
        "prumo.toml:1:62: runtime.tag: a second revision\n  \
         hint: write `runtime = { git = \"…\", rev = \"…\" }`, or `tag` or `branch` in place of `rev`",
    ),
    (
        "a key of a source that is misspelt",
        "runtime = { git = \"https://git.example/prumo\", brnch = \"next\" }",
        "prumo.toml:1:48: runtime.brnch: unknown key\n  hint: did you mean `branch`?",
    ),
    (
        "a source that is a number",
        "runtime = { version = 1 }",
        "prumo.toml:1:13: runtime.version: expected a text, found a number\n  \
         hint: write `version = \"…\"`",
    ),
    (
        "a runtime in a folder that is missing",
        "runtime = { path = \"nowhere\" }",
        "prumo.toml:1:13: runtime.path: no folder `nowhere`\n  hint: name the folder of `prumo-runtime`",
    ),
    (
        "two faults in the order of their lines",
        "out = 1\nfixture = \"x\"",
        "prumo.toml:1:1: out: expected a text, found a number\n  hint: write `out = \"…\"`\n\
         prumo.toml:2:1: fixture: unknown key\n  hint: did you mean `fixtures`?",
    ),
    (
        "a key that is there twice",
        "out = \"a\"\nout = \"b\"",
        "prumo.toml:2:1: duplicate key\n  \
         hint: the file is TOML: `key = \"text\"`, tables as `[vendor.alfa]`",
    ),
];

#[test]
fn every_fault_of_the_file_is_told_with_line_key_and_remedy() {
    let folder = super::project_with_alfa();
    for (name, text, expected) in ROWS {
        fs_err::write(folder.path().join("prumo.toml"), text).expect("a file");
        let run = prumo(folder.path(), &["lint"]);
        assert_eq!(run.told, format!("error: {expected}\n"), "case `{name}`");
        assert_eq!((run.code, run.out.as_str()), (Some(1), ""), "case `{name}`");
    }
}

#[test]
fn a_file_with_every_key_is_accepted() {
    let folder = super::project_with_alfa();
    fs_err::create_dir_all(folder.path().join("runtime")).expect("a folder");
    let text = "specs = \"specs\"\nfixtures = \"fixtures\"\ngenerated = \"clients\"\nevery_client = \"all\"\n\
                out = \"reports\"\nruntime = { path = \"runtime\" }\n\n[vendor.alfa]\n\
                base_url = \"https://alfa.example\"\ncredentials = { command = \"pass show alfa\" }\n\
                traffic = [\"inbox/*.ndjson\"]\nprobe = { budget = 40, writes = [] }\n\
                docs = [\"https://alfa.example/docs\"]\n\n[[step]]\nname = \"replay\"\nrun = \"true\"\n";
    fs_err::write(folder.path().join("prumo.toml"), text).expect("a file");
    assert_eq!(fine(folder.path(), &["lint"]).out, "fits     1 spec\n");
    let call = fine(folder.path(), &["call", "alfa", "read_item", "id=7", "--dry-run"]);
    assert!(call.out.contains("'https://alfa.example/items/7'"), "{}", call.out);
}

#[test]
fn a_file_that_is_no_text_is_told() {
    let folder = super::project_with_alfa();
    fs_err::write(folder.path().join("prumo.toml"), b"out = \"\xff\"").expect("a file");
    let run = prumo(folder.path(), &["lint"]);
    assert!(
        run.told.ends_with("prumo.toml` is not UTF-8\n  hint: save it as UTF-8\n"),
        "{}",
        run.told
    );
}

#[test]
fn fixtures_that_are_missing_are_told_where_they_are_read() {
    let folder = super::project_with_alfa();
    fs_err::write(folder.path().join("prumo.toml"), "fixtures = \"recorded\"").expect("a file");
    fine(folder.path(), &["lint"]);
    let run = prumo(folder.path(), &["judge"]);
    let expected = "error: prumo.toml:1:1: fixtures: no folder `recorded`\n  \
                    hint: make the folder, or name the one that is meant\n";
    assert_eq!((run.code, run.told.as_str()), (Some(1), expected));
}
