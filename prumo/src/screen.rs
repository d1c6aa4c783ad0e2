//! Turns the result of a verb into text on the screen and an exit code.

use std::io::{self, Write as _};
use std::process::ExitCode;

/// Exit code of a verb that could not do its work.
pub const COULD_NOT_JUDGE: u8 = 1;

/// Exit code of a verb that found something stale or drifting.
pub const DRIFTING: u8 = 4;

/// Prints to the screen. A closed pipe (`… | head`) is not an error.
///
/// # Errors
///
/// Writing fails for another reason.
pub fn print(text: &str) -> anyhow::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints help or a usage error, and replaces clap's exit code 2, which is not one of ours.
pub fn usage(usage: &clap::Error) -> ExitCode {
    // Failing to print cannot be reported anywhere.
    let _ = usage.print();
    if usage.use_stderr() { ExitCode::from(COULD_NOT_JUDGE) } else { ExitCode::SUCCESS }
}

/// Prints the error of a verb, if it has one, and returns the exit code.
pub fn exit_code(outcome: anyhow::Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(COULD_NOT_JUDGE)
    })
}

/// Returns a number with its noun, such as `1 spec` or `2 specs`.
pub(crate) fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
/// Returns an error with its hint on a second line.
pub(crate) fn hinted(error: &dyn std::error::Error, hint: Option<&'static str>) -> anyhow::Error {
    match hint {
        Some(hint) => anyhow::anyhow!("{error}\n  hint: {hint}"),
        None => anyhow::anyhow!("{error}"),
    }
}
