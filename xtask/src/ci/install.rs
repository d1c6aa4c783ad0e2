//! Installs `prumo` and walks the whole way of a new user, in an empty folder outside the
//! repository.
//!
//! The commands are those of the README of a new project and those that `prumo new-vendor` prints.
//!
//! Invariants:
//!
//! * The walk gets `PATH`, the home folder, where cargo and rustup keep their files, and the
//!   profile of what is compiled already, and no other variable. Cargo's cache of downloads is the
//!   real one, because the registry need not be in reach.
//! * Two things differ from what a user types: the build is a debug one in the warm target folder,
//!   and `prumo.toml` takes the runtime from this repository, as it is published nowhere yet.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};

use super::packages::profile;
use super::session::{Session, Verdict};

/// Name of the new vendor.
const VENDOR: &str = "alfa";

/// Calls the operation that a new vendor has.
const CALL: &str = "prumo call alfa read_item id=7";

/// Names the variable of the new vendor's credential.
const CREDENTIAL: &str = "ALFA_BEARER";

/// A page of the new vendor's docs, and a parameter that it has later.
const PAGE: &str =
    "`GET /items/{id}`\n\n| Parameter | Type | Required |\n|---|---|---|\n| id | string | yes |\n";
const NEW_ROW: &str = "| colour | string | no |\n";

/// Commits all files under a name that no machine needs to have.
const COMMIT: &str =
    "git -c user.name=Ana -c user.email=ana@example.com commit --quiet --message all";

/// Exit code of a verb that found a change.
const DRIFTING: i32 = 4;

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
    walk.run(&walk.project, &format!("{CALL} --dry-run"))?;
    walk.ask_stand_in()?;
    walk.follow_changed_docs()?;
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
        let installed = std::env::split_paths(&self.path)
            .map(|folder| folder.join(program))
            .find(|p| p.is_file());
        let mut prepared = Command::new(installed.unwrap_or_else(|| program.into()));
        prepared.args(words).current_dir(folder).env_clear();
        prepared.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        prepared.env("PATH", &self.path).env("CARGO_TARGET_DIR", &self.target);
        prepared.envs(profile());
        prepared
    }

    /// Runs a command that must exit with 0, and returns its output.
    fn run(&self, folder: &Path, command: &str) -> anyhow::Result<String> {
        finished(command, &mut self.command(folder, command))
    }

    /// Changes a docs page, follows it with a patch, and holds the patched project to be fresh.
    fn follow_changed_docs(&self) -> anyhow::Result<()> {
        let run = |command: &str| self.run(&self.project, command);
        let page = self.project.join("page.md");
        fs_err::write(&page, PAGE)?;
        run(&format!("prumo docs lock {VENDOR} page.md"))?;
        for command in ["git init --quiet", "git add --all", COMMIT] {
            run(command)?;
        }
        fs_err::write(&page, format!("{PAGE}{NEW_ROW}"))?;
        let follow = format!("prumo follow {VENDOR} --pages page.md --patch follow.patch");
        ended(&follow, &mut self.command(&self.project, &follow), DRIFTING)?;
        run("git apply follow.patch")?;
        run("prumo generate --check")?;
        let manifest = self.project.join("generated").join(VENDOR).join("Cargo.toml");
        let manifest = fs_err::read_to_string(manifest)?;
        ensure!(manifest.contains("version = \"0.1.1\""), "the client's version is not raised");
        Ok(())
    }

    /// Starts a stand-in for the new vendor, calls it once, and stops it.
    fn ask_stand_in(&self) -> anyhow::Result<()> {
        let command = format!("prumo standin {VENDOR}");
        let mut child = self.command(&self.project, &command).stdout(Stdio::piped()).spawn()?;
        let printed = child.stdout.take().context("it has no output")?;
        let called = self.call(&mut BufReader::new(printed).lines().map_while(Result::ok));
        child.kill().context("failed to stop the stand-in")?;
        child.wait().context("failed to wait for the stand-in")?;
        called
    }

    /// Calls the stand-in that printed `lines`: its base URL and its token.
    fn call(&self, lines: &mut dyn Iterator<Item = String>) -> anyhow::Result<()> {
        let mut last_word = || lines.next()?.split_whitespace().last().map(str::to_owned);
        let (Some(base_url), Some(token)) = (last_word(), last_word()) else {
            bail!("`prumo standin` prints no base URL and token");
        };
        let command = format!("{CALL} --base-url {base_url}");
        finished(&command, self.command(&self.project, &command).env(CREDENTIAL, token))?;
        Ok(())
    }
}

/// Runs what was prepared for `command`, which must exit with 0, and returns what it printed.
fn finished(command: &str, prepared: &mut Command) -> anyhow::Result<String> {
    ended(command, prepared, 0)
}

/// Runs what was prepared for `command`, which must exit with `code`, and returns what it printed.
fn ended(command: &str, prepared: &mut Command, code: i32) -> anyhow::Result<String> {
    let output = prepared.output().with_context(|| format!("failed to start `{command}`"))?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    print!("{printed}");
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.code() == Some(code),
        "`{command}` ended with {}\n{printed}{complaint}",
        output.status
    );
    Ok(printed)
}

/// Lists the commands below the line `Next:`, without their comments.
fn next_steps(printed: &str) -> Vec<&str> {
    let below = printed.lines().skip_while(|line| *line != "Next:").skip(1);
    below
        .filter_map(|line| line.split('#').next())
        .map(str::trim)
        .filter(|step| !step.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_steps_are_commands_without_their_remarks() {
        let printed = "Created  specs/alfa.yaml\n\nNext:\n  prumo lint alfa  # what it lacks\n  prumo nightly    # all\n";
        assert_eq!(next_steps(printed), ["prumo lint alfa", "prumo nightly"]);
        assert_eq!(next_steps("Created  specs/alfa.yaml\n"), [""; 0]);
    }
}
