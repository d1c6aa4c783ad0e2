//! Sends many concurrent calls through one client and its clones.

use std::time::Instant;

use anyhow::ensure;
use serde::Serialize;

use crate::server::Server;
use crate::subjects;

/// The result of the concurrent calls.
#[derive(Debug, Serialize)]
pub(crate) struct Crowd {
    pub(crate) n_calls: usize,
    pub(crate) n_failed: usize,
    seconds: f64,
}

impl Crowd {
    /// Formats the result for people.
    pub(crate) fn to_text(&self) -> String {
        let Self { n_calls, n_failed, seconds } = self;
        format!("{n_calls} calls at once through one client: {n_failed} failed, {seconds:.1} s\n")
    }
}

/// Sends `n_calls` concurrently. The server's gate opens when all of them have arrived.
pub(crate) async fn at_once(server: &Server, n_calls: usize) -> anyhow::Result<Crowd> {
    let client = subjects::tomticket(&server.base_url)?;
    let start = Instant::now();
    let calls: Vec<_> = (0..n_calls)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { subjects::ticket(&client).await })
        })
        .collect();
    let (mut n_failed, mut first) = (0, None);
    for call in calls {
        if let Err(error) = call.await? {
            n_failed += 1;
            first.get_or_insert(error);
        }
    }
    let hint = "a connection each is needed: see `ulimit -n`";
    ensure!(n_failed == 0, "{n_failed} of {n_calls} calls failed; {hint}; the first: {first:?}");
    Ok(Crowd { n_calls, n_failed, seconds: start.elapsed().as_secs_f64() })
}
