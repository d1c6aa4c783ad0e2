//! Runs the commands of one `cargo xtask ci`, each at most once.
//!
//! Invariants:
//!
//! * A command that exited with 0 is not run again by another check.
//! * `cargo xtask` is the running program. `cargo prumo` is the one beside it once [`TESTS`] has
//!   built it. Cargo would compile both again, with the features of a single package.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// Command that builds everything and runs all tests.
pub(super) const TESTS: &str = "cargo test";

/// Maximum number of lines of standard error that a failure repeats.
const MAX_LINES_REPEATED: usize = 40;

/// The result of a check that did not fail.
pub(super) enum Verdict {
    Fits,
    Skipped(String),
}

/// One run of the checks.
pub(crate) struct Session {
    pub(super) root: PathBuf,
    /// The commands that exited with 0.
    succeeded: RefCell<BTreeSet<String>>,
}

impl Session {
    /// Starts a run in the repository at `root`. The commands of `ran` count as successful.
    pub(crate) fn new(root: PathBuf, ran: &[String]) -> Self {
        Self { root, succeeded: RefCell::new(ran.iter().cloned().collect()) }
    }

    /// Runs a command that must exit with 0. Its words are separated by spaces.
    pub(super) fn run(&self, command: &str) -> anyhow::Result<Verdict> {
        self.run_with(&[], command)
    }

    /// Runs a command with environment variables.
    ///
    /// Shows the output as it comes. The error repeats the last lines of standard error.
    pub(super) fn run_with(
        &self,
        variables: &[(&str, &str)],
        command: &str,
    ) -> anyhow::Result<Verdict> {
        if self.succeeded.borrow().contains(command) {
            println!("`{command}` has run before");
            return Ok(Verdict::Fits);
        }
        let (program, arguments) = self.program(command)?;
        let mut child = Command::new(&program)
            .args(arguments.split_whitespace())
            .envs(variables.iter().copied())
            .current_dir(&self.root)
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("failed to start `{}`", program.display()))?;
        let last = child.stderr.take().map(last_lines).unwrap_or_default();
        let status = child.wait().with_context(|| format!("failed to wait for `{command}`"))?;
        if !status.success() {
            bail!("`{command}` ended with {status}\n{}", Vec::from(last).join("\n"));
        }
        self.succeeded.borrow_mut().insert(command.to_owned());
        Ok(Verdict::Fits)
    }

    /// Returns the program `prumo` beside this one, and builds it unless [`TESTS`] has.
    pub(super) fn built_prumo(&self) -> anyhow::Result<PathBuf> {
        if !self.has_tested() {
            self.run("cargo build --locked --quiet --package prumo")?;
        }
        beside()
    }

    fn has_tested(&self) -> bool {
        self.succeeded.borrow().contains(TESTS)
    }

    /// Splits a command into the program that runs it and its arguments.
    fn program<'c>(&self, command: &'c str) -> anyhow::Result<(PathBuf, &'c str)> {
        if let Some(arguments) = command.strip_prefix("cargo xtask ") {
            return Ok((this()?, arguments));
        }
        let beside = beside()?;
        let is_fresh = self.has_tested() && beside.is_file();
        if let Some(arguments) = command.strip_prefix("cargo prumo ").filter(|_| is_fresh) {
            return Ok((beside, arguments));
        }
        let (program, arguments) = command.split_once(' ').unwrap_or((command, ""));
        Ok((Path::new(program).to_owned(), arguments))
    }
}

fn this() -> anyhow::Result<PathBuf> {
    std::env::current_exe().context("failed to find the running program")
}

/// Returns the path of `prumo` beside this program.
fn beside() -> anyhow::Result<PathBuf> {
    Ok(this()?.with_file_name("prumo").with_extension(std::env::consts::EXE_EXTENSION))
}

/// Copies lines to standard error and returns the last ones.
fn last_lines(stderr: impl Read) -> VecDeque<String> {
    let mut last = VecDeque::new();
    for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        eprintln!("{line}");
        if last.len() == MAX_LINES_REPEATED {
            last.pop_front();
        }
        last.push_back(line);
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_ended_with_0_is_not_run_again() {
        let session = Session::new(crate::root(), &["no-such-program --at all".to_owned()]);
        assert!(session.run("no-such-program --at all").is_ok());
        assert!(session.run("no-such-program").is_err());
    }

    #[test]
    fn our_own_programs_are_not_built_again_once_the_tests_have_run() {
        let program = |ran: &[String], command| {
            let session = Session::new(crate::root(), ran);
            session.program(command).map(|(program, arguments)| (program, arguments.to_owned()))
        };
        let this = std::env::current_exe().expect("the tests' program");
        let xtask = program(&[], "cargo xtask mutate --spec x").expect("a program");
        assert_eq!(xtask, (this, "mutate --spec x".to_owned()));
        let prumo = program(&[], "cargo prumo judge x").expect("a program");
        assert_eq!(prumo, ("cargo".into(), "prumo judge x".to_owned()));
        let tests = program(&[], TESTS).expect("a program");
        assert_eq!(tests, ("cargo".into(), "test".to_owned()));
    }
}
