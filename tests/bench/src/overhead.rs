//! Measures what a call costs through a client, as a multiple of the same call by hand.
//!
//! The two sides take turns on one thread, with one connection each, so that other load slows both.
//! A ratio is the median of the ratios of single rounds.

use std::time::Instant;

use allocation_counter::AllocationInfo;
use anyhow::ensure;
use prumo_bench::clock::{Start, median};
use serde::Serialize;
use tokio::runtime::Runtime;

use crate::server::Server;
use crate::subjects;

/// Limit of the ratio between a call through the client and the same by hand.
const BUDGET: f64 = 1.10;

/// The number of calls before the measurement.
const WARM_UP: usize = 50;

/// The cost of one operation.
#[derive(Debug, Serialize)]
pub(crate) struct Overhead {
    pub(crate) operation: &'static str,
    n_body_bytes: usize,
    n_rounds: usize,
    n_calls_per_round: usize,
    budget: f64,
    /// The ratio of the time from the call to its value.
    time: f64,
    /// The ratio of the calling thread's CPU time, without that of the server and the network.
    processor_time: f64,
    client: Side,
    by_hand: Side,
}

/// The cost of one call on one side.
#[derive(Debug, Serialize)]
pub(crate) struct Side {
    microseconds: f64,
    processor_microseconds: f64,
    allocations: f64,
    allocated_bytes: f64,
}

impl Overhead {
    pub(crate) fn is_over(&self) -> bool {
        self.time > BUDGET
    }

    /// Formats the result for people.
    pub(crate) fn to_text(&self) -> String {
        let word = if self.is_over() { "over the budget of" } else { "within" };
        format!(
            "{}, {} bytes: {:.3} times the time by hand, {word} {BUDGET}; {:.3} times on the processor\n{}{}",
            self.operation,
            self.n_body_bytes,
            self.time,
            self.processor_time,
            self.client.to_text("client"),
            self.by_hand.to_text("by hand"),
        )
    }
}

impl Side {
    fn to_text(&self, name: &str) -> String {
        format!(
            "  {name:<8} {:>6.1} us, {:>6.1} us on the processor, {:>4.0} allocations, {:>6.0} bytes\n",
            self.microseconds, self.processor_microseconds, self.allocations, self.allocated_bytes
        )
    }
}

/// Measures both operations.
pub(crate) fn measured(
    runtime: &Runtime,
    server: &Server,
    n_rounds: usize,
    n_calls: usize,
) -> anyhow::Result<Vec<Overhead>> {
    let base_url = server.base_url.as_str();
    let (tomticket, hubsoft) = (subjects::tomticket(base_url)?, subjects::hubsoft(base_url)?);
    let http = subjects::http()?;
    let course = Course { runtime, n_rounds, n_calls };
    Ok(vec![
        course.run(
            subjects::TICKET,
            async || subjects::ticket(&tomticket).await,
            async || subjects::ticket_by_hand(&http, base_url).await,
        )?,
        course.run(
            subjects::PAGE,
            async || subjects::page(&hubsoft).await,
            async || subjects::page_by_hand(&http, base_url).await,
        )?,
    ])
}

/// The settings of a measurement.
struct Course<'a> {
    runtime: &'a Runtime,
    n_rounds: usize,
    n_calls: usize,
}

/// The times of one side's rounds, in microseconds per call.
#[derive(Default)]
struct Times {
    wall: Vec<f64>,
    processor: Vec<f64>,
}

impl Course<'_> {
    fn run<T: Serialize>(
        &self,
        operation: &'static str,
        client: impl AsyncFn() -> anyhow::Result<T>,
        by_hand: impl AsyncFn() -> anyhow::Result<T>,
    ) -> anyhow::Result<Overhead> {
        let values = (self.runtime.block_on(client())?, self.runtime.block_on(by_hand())?);
        let (one, other) = (serde_json::to_value(values.0)?, serde_json::to_value(values.1)?);
        ensure!(one == other, "the two sides of `{operation}` give different values");
        self.calls(&client, WARM_UP)?;
        self.calls(&by_hand, WARM_UP)?;

        let (mut clients, mut by_hands) = (Times::default(), Times::default());
        for _ in 0..self.n_rounds {
            self.turn(&client, &mut clients)?;
            self.turn(&by_hand, &mut by_hands)?;
        }
        Ok(Overhead {
            operation,
            n_body_bytes: subjects::body(operation)?.len(),
            n_rounds: self.n_rounds,
            n_calls_per_round: self.n_calls,
            budget: BUDGET,
            time: rounded(ratio(&clients.wall, &by_hands.wall)),
            processor_time: rounded(ratio(&clients.processor, &by_hands.processor)),
            client: side(clients, self.counted(&client)?, self.n_calls),
            by_hand: side(by_hands, self.counted(&by_hand)?, self.n_calls),
        })
    }

    fn turn<T>(
        &self,
        call: &impl AsyncFn() -> anyhow::Result<T>,
        times: &mut Times,
    ) -> anyhow::Result<()> {
        let (wall, processor) = (Instant::now(), Start::now());
        self.calls(call, self.n_calls)?;
        let per_call = 1e6 / self.n_calls as f64;
        times.processor.push(processor.elapsed().as_secs_f64() * per_call);
        times.wall.push(wall.elapsed().as_secs_f64() * per_call);
        Ok(())
    }

    fn calls<T>(
        &self,
        call: &impl AsyncFn() -> anyhow::Result<T>,
        n_calls: usize,
    ) -> anyhow::Result<()> {
        self.runtime.block_on(async {
            for _ in 0..n_calls {
                call().await?;
            }
            Ok(())
        })
    }

    /// Counts the allocations of a round, including those of the connection, which runs on this
    /// thread.
    fn counted<T>(
        &self,
        call: &impl AsyncFn() -> anyhow::Result<T>,
    ) -> anyhow::Result<AllocationInfo> {
        let mut outcome = Ok(());
        let info = allocation_counter::measure(|| outcome = self.calls(call, self.n_calls));
        outcome.map(|()| info)
    }
}

fn ratio(client: &[f64], by_hand: &[f64]) -> f64 {
    median(client.iter().zip(by_hand).map(|(client, by_hand)| client / by_hand).collect())
}

fn side(times: Times, counted: AllocationInfo, n_calls: usize) -> Side {
    Side {
        microseconds: rounded(median(times.wall)),
        processor_microseconds: rounded(median(times.processor)),
        allocations: rounded(counted.count_total as f64 / n_calls as f64),
        allocated_bytes: rounded(counted.bytes_total as f64 / n_calls as f64),
    }
}

/// Rounds to three decimals.
fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
