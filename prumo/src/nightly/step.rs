//! Runs a project's own command and turns its result into that of a step.
//!
//! | the command | the step |
//! |---|---|
//! | exits with 0 | *fits*; not judged if it ran zero tests |
//! | runs tests, and some fail; or exits with 4 | *drifts* |
//! | exits otherwise | not judged |
//!
//! Tests are counted in the `test result:` lines that `cargo test` prints. Only other processes
//! compile clients: this crate links none, so it still runs when a client is broken.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::summary::{Outcome, Word};
use crate::{screen, shell};

/// Maximum number of failed tests that are shown.
const MAX_FAILURES: usize = 20;

/// Maximum number of lines that are shown of a failed command.
const MAX_LINES: usize = 40;

/// How often a running command is looked at.
const TICK: Duration = Duration::from_millis(20);

/// Runs a command line in `root`, which is ended with all its children at `end`. It gets our
/// variables and those given.
pub(crate) fn run(
    root: &Path,
    line: &str,
    end: Option<Instant>,
    variables: &[(&str, &Path)],
) -> anyhow::Result<Outcome> {
    let mut command = shell::command(line, root);
    command
        .envs(variables.iter().copied())
        // A night writes no snapshots, and backtraces say nothing about a vendor.
        .envs([("INSTA_UPDATE", "no"), ("RUST_BACKTRACE", "0"), ("RUST_LIB_BACKTRACE", "0")])
        .stdin(Stdio::null());
    let failed = || format!("failed to start the shell for `{line}`");
    let Some(end) = end else {
        return Ok(outcome(line, &command.output().with_context(failed)?));
    };
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().with_context(failed)?;
    let (out, told) = (read_along(child.stdout.take()), read_along(child.stderr.take()));
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if Instant::now() >= end {
            kill(&mut child);
            break None;
        }
        std::thread::sleep(TICK);
    };
    let (stdout, stderr) = (out.join().unwrap_or_default(), told.join().unwrap_or_default());
    Ok(match status {
        Some(status) => outcome(line, &Output { status, stdout, stderr }),
        None => Outcome::not_judged(format!("`{line}` was ended at the time limit"))
            .with_lines(tail(&String::from_utf8_lossy(&stderr))),
    })
}

/// Reads a stream to its end on a thread.
fn read_along(stream: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // After an error, the bytes read so far are the output.
        let _ = stream.map(|mut stream| stream.read_to_end(&mut bytes));
        bytes
    })
}

/// Ends a command with its children.
fn kill(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        // It fails only if the group has ended.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn outcome(line: &str, output: &Output) -> Outcome {
    let printed = String::from_utf8_lossy(&output.stdout);
    let told = String::from_utf8_lossy(&output.stderr);
    let is_success = output.status.success();
    let drifts = output.status.code() == Some(screen::DRIFTING.into());
    match test_counts(&printed) {
        Some((0, 0)) => Outcome::not_judged("no test ran".to_owned()),
        Some((passed, 0)) if is_success => {
            Outcome::new(Word::Fits, screen::counted(passed, "test"))
        }
        Some((passed, failed)) if failed > 0 => {
            let said = format!("{failed} of {}", screen::counted(passed + failed, "test"));
            Outcome::new(Word::Drifts, said).with_lines(test_failures(&printed, line))
        }
        _ if is_success => Outcome::new(Word::Fits, last_line(&printed).to_owned()),
        _ if drifts => {
            Outcome::new(Word::Drifts, last_line(&printed).to_owned()).with_lines(tail(&printed))
        }
        _ => Outcome::not_judged(ended(line, output)).with_lines(tail(&told)),
    }
}

fn ended(line: &str, output: &Output) -> String {
    match output.status.code() {
        Some(code) => format!("`{line}` ended with {code}"),
        None => format!("`{line}` was stopped by a signal"),
    }
}

fn last_line(text: &str) -> &str {
    text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("ended with 0")
}

fn tail(text: &str) -> Vec<String> {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[lines.len().saturating_sub(MAX_LINES)..].to_vec()
}

/// Returns how many tests passed and how many failed, or `None` if no test run was printed.
fn test_counts(printed: &str) -> Option<(usize, usize)> {
    let count = |result: &str, word: &str| -> Option<usize> {
        let (before, _) = result.split_once(word)?;
        before.trim_end().rsplit(' ').next()?.parse().ok()
    };
    let results = printed.lines().filter_map(|line| line.strip_prefix("test result: "));
    let counts =
        results.filter_map(|result| Some((count(result, " passed")?, count(result, " failed")?)));
    counts.reduce(|all, one| (all.0 + one.0, all.1 + one.1))
}

/// Returns each failed test with the first line that it printed, and how to see more.
fn test_failures(printed: &str, line: &str) -> Vec<String> {
    let mut lines = printed.lines();
    let mut failures = Vec::new();
    while let Some(line) = lines.next() {
        let Some(name) = line.strip_prefix("---- ").and_then(|line| line.strip_suffix(" ----"))
        else {
            continue;
        };
        let name = name.strip_suffix(" stdout").unwrap_or(name);
        // A ruled line comes before the diff of a snapshot.
        let reason = lines
            .by_ref()
            .find(|line| !line.is_empty() && !line.starts_with('━'))
            .unwrap_or_default();
        failures.push(format!("{name}: {reason}"));
    }
    let n_more = failures.len().saturating_sub(MAX_FAILURES);
    failures.truncate(MAX_FAILURES);
    if n_more > 0 {
        failures.push(format!("and {n_more} more"));
    }
    failures.push(format!("to see all of it: {line}"));
    failures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_a_test_run_are_read() {
        let cases = [
            ("running 40 tests\ntest result: ok. 40 passed; 0 failed; 0 ignored", Some((40, 0))),
            ("test result: FAILED. 3 passed; 12 failed; 0 ignored", Some((3, 12))),
            (
                "test result: ok. 1 passed; 0 failed\n\ntest result: ok. 2 passed; 1 failed",
                Some((3, 1)),
            ),
            ("nothing of the kind", None),
        ];
        for (printed, expected) in cases {
            assert_eq!(test_counts(printed), expected, "printed `{printed}`");
        }
    }

    #[test]
    fn failures_are_named_with_the_first_line_that_they_printed() {
        let printed = "test a ... FAILED\n\nfailures:\n\n---- a ----\nno client is called `b`\n\nfailures:\n    a\n";
        let failures = test_failures(printed, "cargo test");
        assert_eq!(failures, ["a: no client is called `b`", "to see all of it: cargo test"]);
    }

    #[cfg(unix)]
    #[test]
    fn how_a_command_ends_is_the_word_of_its_step() {
        let cases = [
            ("echo all fine", "fits", "all fine"),
            ("true", "fits", "ended with 0"),
            ("echo moved; exit 4", "drifts", "moved"),
            ("exit 3", "not judged", "`exit 3` ended with 3"),
            ("no-such-program-of-ours", "not judged", "`no-such-program-of-ours` ended with 127"),
            ("echo 'test result: ok. 2 passed; 0 failed'", "fits", "2 tests"),
            ("echo 'test result: ok. 0 passed; 0 failed'", "not judged", "no test ran"),
            ("echo 'test result: FAILED. 2 passed; 1 failed'; exit 101", "drifts", "1 of 3 tests"),
            (
                "echo 'test result: ok. 2 passed; 0 failed'; exit 101",
                "not judged",
                "ended with 101",
            ),
        ];
        for (line, word, said) in cases {
            for end in [None, Some(Instant::now() + Duration::from_secs(60))] {
                let outcome = run(Path::new("."), line, end, &[]).expect("an outcome");
                assert_eq!(outcome.word.text(), word, "command `{line}`");
                assert!(outcome.said.contains(said), "command `{line}`: {}", outcome.said);
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_command_is_ended_with_its_children_at_the_time_limit() {
        let start = Instant::now();
        let end = Some(start + Duration::from_millis(200));
        let outcome = run(Path::new("."), "sleep 60 & sleep 60", end, &[]).expect("an outcome");
        assert_eq!(outcome.word.text(), "not judged");
        assert_eq!(outcome.said, "`sleep 60 & sleep 60` was ended at the time limit");
        assert!(start.elapsed() < Duration::from_secs(30), "the pipes were closed");
    }
}
