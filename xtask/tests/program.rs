//! Tests the program's output and exit codes.
//!
//! These tests also make `cargo test` build the program, which `.ci/run` then runs.

use std::process::Command;

#[test]
fn a_usage_error_ends_with_1_and_help_with_0() {
    let cases: [(&[&str], i32, &str); 3] = [
        (&["--help"], 0, "This repository's own chores"),
        (&["ci", "--list"], 0, "arrows"),
        (&["no-such-verb"], 1, "unrecognized subcommand"),
    ];
    for (arguments, code, expected) in cases {
        let output =
            Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().expect("it runs");
        let said = [output.stdout, output.stderr].concat();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(String::from_utf8_lossy(&said).contains(expected), "{arguments:?}");
    }
}
