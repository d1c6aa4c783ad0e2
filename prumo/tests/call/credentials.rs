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
    program.env("LC_ALL", "C");
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

/// A bank: two schemes of one header, and two cookies.
const BANK: &str = "openapi: 3.0.3
info: {title: Bank, version: '1'}
paths:
  /cob:
    get:
      operationId: ler_cob
      security: [{openid: [], oauth: [cob.read]}]
      responses: {'200': {description: Done., content: {application/json: {schema: {type: object}}}}}
  /sid:
    get:
      operationId: ler_sid
      security: [{sid: [], csrf: []}]
      responses: {'200': {description: Done., content: {application/json: {schema: {type: object}}}}}
components:
  securitySchemes:
    openid: {type: openIdConnect, openIdConnectUrl: 'https://a.example'}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: /oauth/token, scopes: {cob.read: ''}}}}
    sid: {type: apiKey, in: cookie, name: sid}
    csrf: {type: apiKey, in: cookie, name: csrf}
";

fn call_bank(url: &str, words: &[&str]) -> Run {
    let root = tempfile::tempdir().expect("a folder");
    fs_err::write(root.path().join("bank.yaml"), BANK).expect("a spec");
    let mut program = Command::new(env!("CARGO_BIN_EXE_prumo"));
    program.env("LC_ALL", "C");
    program.args(["call", "bank.yaml"]).args(words).args(["--base-url", url]);
    for name in ["CLIENT_ID", "CLIENT_SECRET", "SID", "CSRF"] {
        program.env(format!("BANK_{name}"), SECRET);
    }
    Run::of(program.current_dir(root.path()))
}

#[test]
fn credentials_of_one_place_are_one_header() {
    let rows = [
        ("ler_cob", "--header 'authorization: Bearer '\"$BANK_OPENID\""),
        ("ler_sid", "--cookie 'sid='\"$BANK_SID\"'; csrf='\"$BANK_CSRF\""),
    ];
    for (operation, expected) in rows {
        let shown = call_bank("http://acme.invalid", &[operation, "--dry-run"]);
        let credentials: Vec<&str> = shown.out.lines().skip(3).map(str::trim).collect();
        assert_eq!(credentials, [expected], "{operation}: {}{}", shown.out, shown.told);
    }
}

#[test]
fn a_token_is_asked_for_with_the_credentials_of_the_application() {
    let token = r#"{"access_token": "s3cr3t-0123456789", "expires_in": 60}"#;
    let vendor = Vendor::with(vec![("200 OK", token), ("200 OK", "{}")]);
    let sent = call_bank(&vendor.url, &["ler_cob"]);
    assert_eq!(sent.code, Some(0), "{}", sent.told);
    assert_eq!(vendor.seen().len(), 2, "the token and the call");
    let described = call_bank(&vendor.url, &["ler_cob", "--describe"]);
    assert!(described.out.contains("BANK_CLIENT_ID, BANK_CLIENT_SECRET"), "{}", described.out);
}
