//! Compares the typed clients with `reqwest` and `serde_json` alone, and writes what a call costs.
//!
//! `cargo xtask bench client` runs it. The server is a second process of this program, so that
//! neither its time nor its memory is counted. Exit codes: 0 measured, 1 not measured, 4 over the
//! limit.

mod crowd;
mod memory;
mod overhead;
mod server;
mod subjects;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use serde::Serialize;

use crate::crowd::Crowd;
use crate::memory::Memory;
use crate::overhead::Overhead;
use crate::server::Server;

/// Exit code if a call costs more than the limit.
const OVER: u8 = 4;

/// Measures the clients.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Measures, and writes `client.json`.
    Measure(Measure),
    /// Runs the server: prints its port, and stops when standard input ends.
    Serve {
        /// The number of concurrent requests for which the server waits before it answers.
        #[arg(long, default_value_t = 1)]
        gate: usize,
    },
}

#[derive(clap::Args)]
struct Measure {
    /// The number of rounds per side.
    #[arg(long, default_value_t = 41)]
    rounds: usize,
    /// The number of calls in a round.
    #[arg(long, default_value_t = 250)]
    calls: usize,
    /// The number of concurrent calls.
    #[arg(long, default_value_t = 10_000)]
    crowd: usize,
    /// The number of calls over which memory is measured.
    #[arg(long, default_value_t = 50_000)]
    memory_calls: usize,
    /// The folder for the result.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

/// The content of `client.json`.
#[derive(Serialize)]
struct Result {
    overhead: Vec<Overhead>,
    memory: Memory,
    crowd: Crowd,
}

fn main() -> ExitCode {
    let outcome = match Args::parse().what {
        What::Measure(args) => measure(&args),
        What::Serve { gate } => server::serve(gate).map(|()| ExitCode::SUCCESS),
    };
    outcome.unwrap_or_else(|error| {
        // If printing fails, the error cannot be reported anywhere.
        let _ = writeln!(std::io::stderr(), "error: {error:#}");
        ExitCode::FAILURE
    })
}

fn measure(args: &Measure) -> anyhow::Result<ExitCode> {
    let result = measured(args)?;
    write(&args.out, &result)?;
    let mut screen = std::io::stdout();
    for overhead in &result.overhead {
        screen.write_all(overhead.to_text().as_bytes())?;
    }
    screen
        .write_all(format!("{}{}", result.memory.to_text(), result.crowd.to_text()).as_bytes())?;
    let is_over = result.memory.is_growing() || result.overhead.iter().any(Overhead::is_over);
    Ok(if is_over { ExitCode::from(OVER) } else { ExitCode::SUCCESS })
}

fn measured(args: &Measure) -> anyhow::Result<Result> {
    // A single thread, because its CPU time is the cost of a call.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let server = Server::start(1)?;
    let overhead = overhead::measured(&runtime, &server, args.rounds, args.calls)?;
    let memory = runtime.block_on(memory::watched(&server, args.memory_calls))?;
    drop(server);
    let gate = Server::start(args.crowd)?;
    let crowd = runtime.block_on(crowd::at_once(&gate, args.crowd))?;
    Ok(Result { overhead, memory, crowd })
}

fn write(out: &Path, result: &Result) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(result).context("failed to write the result")?;
    fs_err::create_dir_all(out)?;
    Ok(fs_err::write(out.join("client.json"), text + "\n")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A round fails if the two sides return different values.
    #[test]
    fn a_small_run_measures_both_clients() {
        let args =
            Measure { rounds: 1, calls: 2, crowd: 20, memory_calls: 20, out: PathBuf::new() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let server = Server::within(1);
        let overhead = overhead::measured(&runtime, &server, args.rounds, args.calls).unwrap();
        assert_eq!(
            overhead.iter().map(|one| one.operation).collect::<Vec<_>>(),
            ["ler_chamado", "listar_clientes"]
        );
        let memory = runtime.block_on(memory::watched(&server, args.memory_calls)).unwrap();
        assert_eq!(memory.n_calls, 20);
        let crowd =
            runtime.block_on(crowd::at_once(&Server::within(args.crowd), args.crowd)).unwrap();
        assert_eq!((crowd.n_calls, crowd.n_failed), (20, 0));
    }
}
