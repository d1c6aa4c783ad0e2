//! Turns rounds of all rivals into a table of times and ratios.
//!
//! The rivals take turns, so that a slow phase of the machine slows all of them. A ratio is the
//! median of the ratios of single rounds.

use std::fmt::Write as _;
use std::hint::black_box;

use serde::Serialize;

use crate::clock::{Start, median};
use crate::rivals::{Course, JUDGE, RIVALS};

/// The times of all rivals.
#[derive(Debug, Serialize)]
pub struct Table {
    /// The number of exchanges.
    pub n_exchanges: usize,
    /// The size of the exchanges.
    pub n_bytes: usize,
    /// How often each rival read them.
    pub n_rounds: usize,
    /// The kind of time that was measured.
    pub clock: &'static str,
    /// One row per rival.
    pub rows: Vec<Row>,
}

/// The times of one rival.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The rival's work, in words.
    pub name: &'static str,
    /// Median of the rounds.
    pub seconds: f64,
    /// The number of exchanges that it reads in one second.
    pub exchanges_per_second: f64,
    /// The number of megabytes that it reads in one second.
    pub megabytes_per_second: f64,
    /// The judge's time as a multiple of this rival's.
    pub judge_takes: f64,
}

impl Table {
    /// Lets every rival read the traffic `n_rounds` times.
    pub fn measured(course: &Course<'_>, n_exchanges: usize, n_rounds: usize) -> Self {
        let mut times = vec![Vec::new(); RIVALS.len()];
        for _ in 0..n_rounds {
            for (rival, times) in RIVALS.iter().zip(&mut times) {
                let start = Start::now();
                black_box((rival.run)(course));
                times.push(start.elapsed().as_secs_f64());
            }
        }
        let judge = times.get(JUDGE).cloned().unwrap_or_default();
        let rows = RIVALS.iter().zip(times).map(|(rival, times)| {
            let ratios = judge.iter().zip(&times).map(|(judge, rival)| judge / rival).collect();
            let seconds = median(times);
            Row {
                name: rival.name,
                seconds,
                exchanges_per_second: n_exchanges as f64 / seconds,
                megabytes_per_second: course.bytes.len() as f64 / seconds / 1e6,
                judge_takes: median(ratios),
            }
        });
        Self {
            n_exchanges,
            n_bytes: course.bytes.len(),
            n_rounds,
            clock: crate::clock::name(),
            rows: rows.collect(),
        }
    }

    /// Returns the text for a screen.
    pub fn to_text(&self) -> String {
        let n_bytes = self.n_bytes / self.n_exchanges.max(1);
        let mut text = format!(
            "{} exchanges of {n_bytes} bytes, median of {} rounds, one core, {}\n\n{:<38}{:>12}{:>9}{:>14}\n",
            self.n_exchanges, self.n_rounds, self.clock, "", "exchanges/s", "MB/s", "prumo takes"
        );
        for row in &self.rows {
            let (rate, megabytes) = (row.exchanges_per_second, row.megabytes_per_second);
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "{:<38}{rate:>12.0}{megabytes:>9.0}{:>13.2}x",
                row.name, row.judge_takes
            );
        }
        text
    }
}
