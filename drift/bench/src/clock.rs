//! Measures how long something ran, and picks the middle of many runs.
//!
//! Where the system tells it (Linux), what counts is the time that this thread
//! was on a processor: whatever else the machine does then says little of the
//! result.

use std::time::{Duration, Instant};

/// A point in time, by both clocks.
pub struct Start {
    on_processor: Option<Duration>,
    wall: Instant,
}

impl Start {
    /// Now.
    pub fn now() -> Self {
        Self { on_processor: on_processor(), wall: Instant::now() }
    }

    /// Returns how long ago that is.
    pub fn elapsed(&self) -> Duration {
        match (self.on_processor, on_processor()) {
            (Some(start), Some(end)) => end.saturating_sub(start),
            _ => self.wall.elapsed(),
        }
    }
}

/// Describes the times.
pub fn name() -> &'static str {
    if on_processor().is_some() { "time on the processor" } else { "time on the wall" }
}

/// Returns the middle one, or 0 if the list is empty.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

fn on_processor() -> Option<Duration> {
    let counters = fs_err::read_to_string("/proc/thread-self/schedstat").ok()?;
    counters.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
