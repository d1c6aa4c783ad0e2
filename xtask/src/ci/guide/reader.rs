//! A reader of the guide: a folder, a shell, and the programs that run in other terminals.
//!
//! Each command is a process of its own. The folder and the exported variables go from one to the
//! next, as in one terminal.
//!
//! Invariants:
//!
//! * The home is the reader's folder, so that nothing of the machine's user is read or written, but
//!   for cargo's and rustup's own files.
//! * Cargo asks no registry: the lock of the repository names what is downloaded already.
//! * A program that waits for ctrl-c runs until the page ends.

use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use prumo_structure::guide::page::Command;

use super::expect;
use crate::ci::packages::profile;

/// The last line that a program prints before it waits for ctrl-c.
const WAITS: [&str; 2] = ["ctrl-c ends it", "ctrl-c encerra"];

/// The longest time until a waiting program has printed what the page shows.
const MAX_START: Duration = Duration::from_secs(30);

/// Runs one command, and stores what goes on to the next.
const SCRIPT: &str = r#"exec 2>&1
command=$GUIDE_COMMAND before=$GUIDE_BEFORE state=$GUIDE_STATE
unset GUIDE_COMMAND GUIDE_BEFORE GUIDE_STATE
[ -f "$state/variables" ] && . "$state/variables"
cd "$(cat "$state/folder")"
(exit "$before")
eval "$command"
status=$?
export -p >"$state/variables"
pwd >"$state/folder"
exit "$status"
"#;

/// Somebody who follows the guide.
pub(super) struct Reader {
    home: PathBuf,
    root: PathBuf,
    locale: &'static str,
    /// The exit code of the command before.
    code: i32,
    waiting: Vec<Child>,
    printed: Vec<(String, String)>,
}

impl Reader {
    /// Makes the empty folder with the repository as `prumo`, and the installed program.
    pub(super) fn new(root: &Path, language: &str, program: &Path) -> anyhow::Result<Self> {
        let home = home(root);
        if home.exists() {
            fs_err::remove_dir_all(&home)?;
        }
        for folder in ["state", "bin"] {
            fs_err::create_dir_all(home.join(folder))?;
        }
        link(root, &home.join("prumo"))?;
        link(program, &home.join("bin/prumo"))?;
        // The same compiler as the repository's, so that what it compiled is used.
        fs_err::copy(root.join("rust-toolchain.toml"), home.join("rust-toolchain.toml"))?;
        let locale = if language == "pt" { "pt_BR.UTF-8" } else { "C" };
        let (waiting, printed) = (Vec::new(), Vec::new());
        Ok(Self { home, root: root.to_owned(), locale, code: 0, waiting, printed })
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    /// Returns each command that ended, with what it printed.
    pub(super) fn take_printed(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.printed)
    }

    /// Stops what ran beside the last page, and goes back to the first folder.
    pub(super) fn open_page(&mut self) -> anyhow::Result<()> {
        self.stop_waiting()?;
        fs_err::write(self.state("folder"), self.home.display().to_string())?;
        if self.state("variables").exists() {
            fs_err::remove_file(self.state("variables"))?;
        }
        self.code = 0;
        Ok(())
    }

    /// Writes a file that the page names.
    pub(super) fn write(&self, path: &Path, text: &str, is_appended: bool) -> anyhow::Result<()> {
        let file = self.here()?.join(path);
        let text = match is_appended {
            true => fs_err::read_to_string(&file)? + text,
            false => text.to_owned(),
        };
        if let Some(folder) = file.parent() {
            fs_err::create_dir_all(folder)?;
        }
        fs_err::write(&file, text)?;
        let lock = file.with_file_name("Cargo.lock");
        if path.ends_with("Cargo.toml") && !lock.exists() {
            fs_err::copy(self.root.join("Cargo.lock"), lock)?;
        }
        Ok(())
    }

    /// Runs a command and compares what it prints.
    ///
    /// * `is_asked`: the next command shows the exit code, so it may be another than 0.
    pub(super) fn run(&mut self, one: &Command, is_asked: bool) -> anyhow::Result<()> {
        if one.expected.last().is_some_and(|last| WAITS.contains(&last.as_str())) {
            return self.start(one);
        }
        let output = self.state("output");
        let mut child = self.shell(&one.command, &output)?;
        let status = child.wait()?;
        let printed = read(&output)?;
        self.code = status.code().context("a signal ended it")?;
        ensure!(self.code == 0 || is_asked, "it exited with {}\n{printed}", self.code);
        ensure!(one.expected.is_empty() || fits(one, &printed), "it printed\n{printed}");
        self.printed.push((one.command.clone(), printed));
        Ok(())
    }

    /// Starts a program that waits for ctrl-c.
    fn start(&mut self, one: &Command) -> anyhow::Result<()> {
        let output = self.state(&format!("waiting-{}", self.waiting.len()));
        // Replaces the shell, so that the program itself is stopped.
        let child = self.shell(&format!("exec {}", one.command), &output)?;
        self.waiting.push(child);
        let start = Instant::now();
        while !fits(one, &read(&output)?) {
            if start.elapsed() > MAX_START {
                bail!("it printed\n{}", read(&output)?);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn shell(&self, command: &str, output: &Path) -> anyhow::Result<Child> {
        let mut bash = Process::new("bash");
        bash.args(["-c", SCRIPT]).current_dir(self.here()?).env_clear().envs(profile());
        bash.env("GUIDE_COMMAND", command).env("GUIDE_BEFORE", self.code.to_string());
        bash.env("GUIDE_STATE", self.home.join("state"));
        bash.env("HOME", &self.home).env("LANG", self.locale).env("PATH", self.path()?);
        bash.env("CARGO_TARGET_DIR", self.root.join("target")).env("CARGO_NET_OFFLINE", "true");
        for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            let usual = std::env::var_os("HOME").map(|home| Path::new(&home).join(folder));
            if let Some(value) = std::env::var_os(name).map(PathBuf::from).or(usual) {
                bash.env(name, value);
            }
        }
        let file = fs_err::File::create(output)?.into_parts().0;
        bash.stdin(std::process::Stdio::null()).stdout(file);
        bash.spawn().context("failed to start `bash`")
    }

    fn path(&self) -> anyhow::Result<std::ffi::OsString> {
        let usual = std::env::var_os("PATH").unwrap_or_default();
        let folders = [self.home.join("bin")].into_iter().chain(std::env::split_paths(&usual));
        std::env::join_paths(folders).context("`PATH` cannot be extended")
    }

    /// Returns the folder in which the last command ended.
    fn here(&self) -> anyhow::Result<PathBuf> {
        Ok(PathBuf::from(read(&self.state("folder"))?.trim_end()))
    }

    fn state(&self, name: &str) -> PathBuf {
        self.home.join("state").join(name)
    }

    fn stop_waiting(&mut self) -> anyhow::Result<()> {
        for mut child in self.waiting.drain(..) {
            child.kill().context("failed to stop a program")?;
            child.wait().context("failed to wait for a program")?;
        }
        Ok(())
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Err(error) = self.stop_waiting() {
            eprintln!("{error:#}");
        }
    }
}

fn fits(one: &Command, printed: &str) -> bool {
    let lines: Vec<&str> = printed.trim_end().lines().collect();
    expect::fits(&one.expected, &lines)
}

fn read(file: &Path) -> anyhow::Result<String> {
    Ok(String::from_utf8_lossy(&fs_err::read(file)?).into_owned())
}

/// Returns the folder of this repository's reader, the same in every run.
fn home(root: &Path) -> PathBuf {
    let name: String = root.display().to_string().replace(['/', '\\', ':'], "-");
    std::env::temp_dir().join(format!("prumo-guide{name}"))
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> anyhow::Result<()> {
    Ok(fs_err::os::unix::fs::symlink(from, to)?)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> anyhow::Result<()> {
    bail!("the guide's commands are those of a Unix shell")
}
