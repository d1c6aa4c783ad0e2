//! Installs `prumo` and follows the steps of a new user, in an empty folder outside the repository.
//!
//! The commands come from the README of a new project and from the output of `prumo new-vendor`.
//!
//! Invariants:
//!
//! * The commands see `PATH` and the variables of [`KEPT`], and no others. They use cargo's real
//!   download cache, because the registry may be unreachable.
//! * Two things differ from a user's steps: the build is a debug build in the warm target folder, and
//!   `prumo.toml` takes the runtime from this repository, because it is not published yet.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use super::session::{Session, Verdict};

/// Name of the new vendor.
const VENDOR: &str = "alfa";

/// Variables that the commands see, beside `PATH`.
const KEPT: [&str; 4] = ["HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"];

/// The folders of one run of these steps.
struct Walk {
    /// The folder that is empty at the start.
    project: PathBuf,
    /// `PATH`, with the folder of the installed program first.
    path: std::ffi::OsString,
    /// The target folder for the project's builds.
    target: PathBuf,
}

pub(super) fn check(session: &Session) -> anyhow::Result<Verdict> {
    let home = tempfile::tempdir().context("failed to make a temporary folder")?;
    let (installed, root) = (home.path().join("installed"), &session.root);
    session.run(&format!(
        "cargo install --path prumo --debug --locked --quiet --target-dir target --root {}",
        installed.display()
    ))?;
    let walk = Walk::new(home.path().join("project"), &installed, root)?;
    walk.run(&walk.project, "prumo init")?;
    let manifest = walk.project.join("prumo.toml");
    let text = fs_err::read_to_string(&manifest)?;
    let runtime = root.join("runtime");
    fs_err::write(&manifest, format!("runtime = {{ path = \"{}\" }}\n{text}", runtime.display()))?;

    let printed = walk.run(&walk.project, &format!("prumo new-vendor {VENDOR}"))?;
    let steps = next_steps(&printed);
    ensure!(!steps.is_empty(), "`prumo new-vendor` prints no next steps");
    for step in steps {
        walk.run(&walk.project, step)?;
    }
    walk.run(&walk.project.join("generated").join(VENDOR), "cargo test")?;
    for verb in ["lint", "judge", "nightly"] {
        walk.run(&walk.project, &format!("prumo {verb}"))?;
    }
    let spec = fs_err::read_to_string(walk.project.join("specs").join(format!("{VENDOR}.yaml")))?;
    let operation = operation(&spec).context("the new spec has no `operationId`")?;
    walk.run(&walk.project, &format!("prumo call {VENDOR} {operation} --describe"))?;
    walk.ask_stand_in()?;
    Ok(Verdict::Fits)
}

impl Walk {
    fn new(project: PathBuf, installed: &Path, root: &Path) -> anyhow::Result<Self> {
        fs_err::create_dir_all(&project)?;
        let usual = std::env::var_os("PATH").unwrap_or_default();
        let path = [installed.join("bin")].into_iter().chain(std::env::split_paths(&usual));
        let path = std::env::join_paths(path).context("`PATH` cannot be extended")?;
        Ok(Self { project, path, target: root.join("target") })
    }

    /// Prepares a command. Its words are separated by spaces.
    fn command(&self, folder: &Path, command: &str) -> Command {
        println!("$ {command}");
        let mut words = command.split_whitespace();
        // Resolved here, because `Command` does not search the child's own `PATH`.
        let program = words.next().unwrap_or_default();
        let installed =
            std::env::split_paths(&self.path).map(|folder| folder.join(program)).find(|p| p.is_file());
        let mut prepared = Command::new(installed.unwrap_or_else(|| program.into()));
        prepared.args(words).current_dir(folder).env_clear();
        prepared.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        prepared.env("PATH", &self.path).env("CARGO_TARGET_DIR", &self.target);
        prepared
    }

    /// Runs a command that must exit with 0, and returns its output.
    fn run(&self, folder: &Path, command: &str) -> anyhow::Result<String> {
        let output = self.command(folder, command).output();
        let output = output.with_context(|| format!("failed to start `{command}`"))?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        print!("{printed}");
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "`{command}` ended with {}\n{printed}{complaint}", output.status);
        Ok(printed)
    }

    /// Starts a stand-in for the new vendor, sends it one request, and stops it.
    fn ask_stand_in(&self) -> anyhow::Result<()> {
        let command = format!("prumo standin {VENDOR}");
        let mut child = self.command(&self.project, &command).stdout(Stdio::piped()).spawn()?;
        let printed = child.stdout.take().context("the stand-in has no output")?;
        let address = BufReader::new(printed).lines().map_while(Result::ok).find_map(|line| address(&line));
        let answer = address.context("`prumo standin` prints no address").and_then(|address| ask(&address));
        child.kill().context("failed to stop the stand-in")?;
        child.wait().context("failed to wait for the stand-in")?;
        let answer = answer?;
        ensure!(answer.starts_with("HTTP/1.1 "), "the stand-in does not answer in HTTP");
        Ok(())
    }
}

/// Lists the commands below the line `Next:`, without their comments.
fn next_steps(printed: &str) -> Vec<&str> {
    let below = printed.lines().skip_while(|line| *line != "Next:").skip(1);
    below.filter_map(|line| line.split('#').next()).map(str::trim).filter(|step| !step.is_empty()).collect()
}

/// Finds the first operation of a spec.
fn operation(spec: &str) -> Option<&str> {
    spec.lines().find_map(|line| line.trim().strip_prefix("operationId:")).map(str::trim)
}

/// Finds the host and port of a URL in a line.
fn address(line: &str) -> Option<String> {
    let (_, url) = line.split_once("http://")?;
    let end = url.find(|letter: char| !letter.is_ascii_alphanumeric() && !".:".contains(letter));
    Some(url[..end.unwrap_or(url.len())].to_owned())
}

fn ask(address: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address).with_context(|| format!("failed to reach {address}"))?;
    write!(stream, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).context("failed to read the stand-in's answer")?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_prints_is_read() {
        let printed = "Created  specs/alfa.yaml\n\nNext:\n  prumo lint alfa  # what it lacks\n  prumo nightly    # all\n";
        assert_eq!(next_steps(printed), ["prumo lint alfa", "prumo nightly"]);
        assert_eq!(next_steps("Created  specs/alfa.yaml\n"), [""; 0]);
        assert_eq!(
            operation("paths:\n  /items:\n    get:\n      operationId: read_item\n"),
            Some("read_item")
        );
        assert_eq!(address("alfa  http://127.0.0.1:4010/v1  token x"), Some("127.0.0.1:4010".to_owned()));
        assert_eq!(address("starting"), None);
    }
}
