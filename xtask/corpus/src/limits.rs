//! Runs the trial of one document in a process of its own, and turns its end into an outcome.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use rustix::process::{Resource, Rlimit, setrlimit};
use wait4::Wait4 as _;

use crate::Tried;
use crate::trial::Outcome;

/// The most memory of one document.
const MAX_BYTES: u64 = 2 << 30;

/// The most time of one document, of one processor.
const MAX_SECS: u64 = 60;

/// Time and memory that the trial of a document took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// Seconds of one processor.
    pub(crate) secs: f64,
    /// The most memory at one time.
    pub(crate) mib: u64,
}

/// Limits this process.
pub(crate) fn set() -> anyhow::Result<()> {
    for (resource, most) in [(Resource::As, MAX_BYTES), (Resource::Cpu, MAX_SECS)] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
            .context("failed to limit the process")?;
    }
    Ok(())
}

/// Tries a document in another process of this program.
pub(crate) fn in_a_process(file: &Path, into: &Path) -> anyhow::Result<Tried> {
    let mut command = Command::new(std::env::current_exe().context("this program has no path")?);
    command.arg("corpus").arg("--one").arg(file).arg("--into").arg(into);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("failed to start this program again")?;
    let mut said = String::new();
    if let Some(stdout) = &mut child.stdout {
        stdout.read_to_string(&mut said).context("failed to read what a trial printed")?;
    }
    let ended = child.wait4().context("failed to wait for a trial")?;
    let secs = (ended.rusage.utime + ended.rusage.stime).as_secs_f64();
    let usage = Usage { secs, mib: ended.rusage.maxrss >> 20 };
    let outcome = serde_json::from_str(&said).unwrap_or_else(|_| {
        let limits = format!("limits: {} MiB, {MAX_SECS} s", MAX_BYTES >> 20);
        Outcome::failed(format!("the trial ended with {} ({limits})", ended.status))
    });
    Ok((outcome, usage))
}
