//! Runs independent pieces of work on all cores and returns their results in order.
//!
//! Invariants:
//!
//! * The number of cores changes no result.
//! * A panic in one piece is that piece's error, and the others still run.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::Context;

use crate::progress::Progress;

/// The stack of each thread, as large as a main thread's usually is: specs nest deeply.
const STACK_BYTES: usize = 8 << 20;

/// Runs `work` for each index below `n` and returns the results by index. A terminal shows the
/// progress, with the plural `noun` for what is worked on.
///
/// # Errors
///
/// A thread can't be started. What fails within `work` stands at its index.
///
/// # Examples
///
/// ```
/// let squares = prumo::parallel::in_parallel(3, "numbers", |index| Ok(index * index))?;
/// let squares: Vec<usize> = squares.into_iter().collect::<anyhow::Result<_>>()?;
/// assert_eq!(squares, [0, 1, 4]);
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn in_parallel<T: Send>(
    n: usize,
    noun: &str,
    work: impl Fn(usize) -> anyhow::Result<T> + Sync,
) -> anyhow::Result<Vec<anyhow::Result<T>>> {
    let progress = Progress::of_pieces(n, noun);
    let next = AtomicUsize::new(0);
    let n_threads = thread::available_parallelism().map_or(1, usize::from).min(n);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= n {
                return done;
            }
            done.push((index, caught(|| work(index))));
            progress.add_piece();
        }
    };
    let mut done: Vec<(usize, anyhow::Result<T>)> = thread::scope(|scope| {
        let start = |_| thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, worker);
        let threads = (0..n_threads).map(start).collect::<Result<Vec<_>, _>>();
        let threads = threads.context("failed to start a thread")?;
        // A worker catches every panic, so each of them can be joined.
        anyhow::Ok(threads.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect())
    })?;
    done.sort_by_key(|(index, _)| *index);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

/// Turns a panic into an error.
fn caught<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    outcome.unwrap_or_else(|_| Err(anyhow::anyhow!("a thread panicked")))
}

#[cfg(test)]
mod tests {
    use super::in_parallel;

    #[test]
    fn results_stand_in_order_and_a_failure_in_its_place() {
        let work = |index: usize| {
            assert!(index != 3, "a planned panic");
            anyhow::ensure!(index != 1, "a planned failure");
            Ok(index)
        };
        let results = in_parallel(100, "pieces", work).unwrap();
        let failed: Vec<usize> = (0..100).filter(|index| results[*index].is_err()).collect();
        assert_eq!(failed, [1, 3]);
        let values: Vec<usize> = results.into_iter().flatten().collect();
        assert_eq!(values, (0..100).filter(|index| ![1, 3].contains(index)).collect::<Vec<_>>());
        assert!(in_parallel(0, "pieces", work).unwrap().is_empty());
    }
}
