//! Measures how long something ran, and picks the median of many runs.
//!
//! On Linux it measures the processor time of this thread, so that other work of the machine hardly
//! affects the result.

use std::time::{Duration, Instant};

/// A point in time, by both clocks.
pub struct Start {
    on_processor: Option<Duration>,
    wall: Instant,
}

impl Start {
    /// Returns the current point in time.
    pub fn now() -> Self {
        Self { on_processor: on_processor(), wall: Instant::now() }
    }

    /// Returns the time since then.
    pub fn elapsed(&self) -> Duration {
        match (self.on_processor, on_processor()) {
            (Some(start), Some(end)) => end.saturating_sub(start),
            _ => self.wall.elapsed(),
        }
    }
}

/// Names the kind of time that is measured.
pub fn name() -> &'static str {
    if on_processor().is_some() { "time on the processor" } else { "time on the wall" }
}

/// Returns the median, or 0 if the list is empty.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

fn on_processor() -> Option<Duration> {
    let counters = fs_err::read_to_string("/proc/thread-self/schedstat").ok()?;
    counters.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
