//! Tests credentials that a command of the project prints.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use super::vendor::Vendor;
use super::{Run, SECRET};

/// Runs `prumo call acme …` in a project whose credentials a command prints, without a variable
/// set.
fn call_by_command(root: &Path, command: &str, words: &[&str]) -> Run {
    fs_err::create_dir_all(root.join("specs")).expect("a folder");
    fs_err::write(root.join("specs/acme.yaml"), include_str!("acme.yaml")).expect("a spec");
    let toml = format!("[vendor.acme]\ncredentials = {{ command = {command:?} }}\n");
    fs_err::write(root.join("prumo.toml"), toml).expect("a project");
    let mut program = Command::new(env!("CARGO_BIN_EXE_prumo"));
    program.args(["call", "acme"]).args(words).current_dir(root.join("specs"));
    Run::of(program.env_remove("ACME_BEARER").env_remove("ACME_TOKEN"))
}

#[test]
fn a_command_of_the_project_prints_the_credentials() {
    let root = tempfile::tempdir().expect("a folder");
    fs_err::write(root.path().join("vault"), format!("token={SECRET}\nbearer={SECRET}\n"))
        .expect("a file");
    let vendor = Vendor::answering(r#"{"last": 1, "items": []}"#);
    let command = "touch ran; cat vault";
    let words = ["list_tickets", "page=1", "--base-url", &vendor.url];
    let shown = call_by_command(root.path(), command, &[&words[..], &["--dry-run"]].concat());
    assert_eq!(shown.code, Some(0), "{}", shown.told);
    let described = call_by_command(root.path(), command, &["list_tickets", "--describe"]);
    assert!(
        described.out.contains("\ncredentials, from the command in `prumo.toml`\n  bearer\n"),
        "{}",
        described.out
    );
    assert!(!root.path().join("ran").exists(), "the command runs for a call only");
    let sent = call_by_command(root.path(), command, &words);
    assert!(root.path().join("ran").exists(), "the command runs in the root");
    assert_eq!(vendor.seen().len(), 1, "{}", sent.told);
}

#[test]
fn a_command_that_prints_no_credentials_is_told_without_what_it_printed() {
    let lacking = format!("printf 'token={SECRET}\\n'");
    let bare = format!("echo {SECRET}");
    let cases = [
        ("ends with an error", "exit 3", "the command of `credentials` ended with 3"),
        (
            "a bare value",
            bare.as_str(),
            "line 1 of the command of `credentials` is not `name=value`",
        ),
        ("another credential", &lacking, "here `bearer`"),
    ];
    for (name, command, expected) in cases {
        let root = tempfile::tempdir().expect("a folder");
        let words = ["list_tickets", "page=1", "--base-url", "http://127.0.0.1:9"];
        let run = call_by_command(root.path(), command, &words);
        assert_eq!(run.code, Some(1), "case `{name}`: {}", run.told);
        assert!(run.told.contains(expected), "case `{name}`: {}", run.told);
    }
}
