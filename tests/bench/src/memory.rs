//! Measures how the memory of the process grows over many calls.

use serde::Serialize;

use crate::server::Server;
use crate::subjects;

/// The number of measurements.
const LOOKS: usize = 10;

/// Limit of the growth from the first to the last measurement; an allocator keeps some memory.
const SLACK_BYTES: u64 = 2 * 1024 * 1024;

/// The measured memory.
#[derive(Debug, Serialize)]
pub(crate) struct Memory {
    pub(crate) n_calls: usize,
    /// Resident memory after each tenth of the calls; empty if the system does not report it.
    resident_bytes: Vec<u64>,
}

impl Memory {
    pub(crate) fn is_growing(&self) -> bool {
        match (self.resident_bytes.first(), self.resident_bytes.last()) {
            (Some(first), Some(last)) => last.saturating_sub(*first) > SLACK_BYTES,
            _ => false,
        }
    }

    /// Formats the result for people.
    pub(crate) fn to_text(&self) -> String {
        let megabytes: Vec<String> =
            self.resident_bytes.iter().map(|bytes| format!("{:.1}", *bytes as f64 / 1e6)).collect();
        let word = if self.is_growing() { "grows" } else { "flat" };
        format!("memory over {} calls, {word}: {} MB\n", self.n_calls, megabytes.join(", "))
    }
}

/// Sends `n_calls` in all, to both clients in turn.
pub(crate) async fn watched(server: &Server, n_calls: usize) -> anyhow::Result<Memory> {
    let (tomticket, hubsoft) =
        (subjects::tomticket(&server.base_url)?, subjects::hubsoft(&server.base_url)?);
    let mut resident_bytes = Vec::new();
    for look in 1..=LOOKS {
        for _ in (n_calls * (look - 1) / LOOKS..n_calls * look / LOOKS).step_by(2) {
            subjects::ticket(&tomticket).await?;
            subjects::page(&hubsoft).await?;
        }
        resident_bytes.extend(resident());
    }
    Ok(Memory { n_calls, resident_bytes })
}

/// Reads the resident memory, which Linux reports in kilobytes.
fn resident() -> Option<u64> {
    let status = fs_err::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
