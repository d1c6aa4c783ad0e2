//! Turns a command line of `prumo.toml` into a process of the system's shell.

use std::path::Path;
use std::process::Command;

/// Prepares a command line that runs in `folder`.
pub(crate) fn command(line: &str, folder: &Path) -> Command {
    let (program, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut command = Command::new(program);
    command.args([option, line]).current_dir(folder);
    command
}
