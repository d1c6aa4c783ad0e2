//! Shows how far long work is: what is done, how fast, and what is left.
//!
//! Invariants:
//!
//! * Only a terminal shows it, and neither a pipe nor a CI run.
//! * It goes to standard error, and is removed from the screen at the end.
//! * Work of less than a second shows nothing.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::packed::is_named_packed;

/// The time after which work counts as long.
const SHORT: Duration = Duration::from_secs(1);

/// The form for pieces of work.
const OF_PIECES: &str = "{human_pos} of {human_len} {msg}, {per_sec}, {eta} left";

/// The form for input of known size.
const OF_INPUT: &str = "{msg}, {bytes_per_sec}, {percent} % of {total_bytes}, {eta} left";

/// The form for input of unknown size.
const OF_STREAM: &str = "{msg}, {bytes} read, {bytes_per_sec}";

/// The progress of one piece of long work.
pub struct Progress {
    bar: ProgressBar,
    start: Instant,
    is_wanted: bool,
    n_exchanges: AtomicU64,
}

impl Progress {
    /// Counts `n` pieces of work, whose plural is `noun`.
    pub fn of_pieces(n: usize, noun: &str) -> Self {
        let progress = Self::new(Some(n as u64), OF_PIECES);
        progress.bar.set_message(noun.to_owned());
        progress
    }

    /// Counts exchanges in the files that `paths` lead to.
    pub(crate) fn of_input(paths: &[PathBuf]) -> Self {
        match is_watched().then(|| n_bytes(paths)).flatten() {
            Some(n_bytes) => Self::new(Some(n_bytes), OF_INPUT),
            None => Self::new(None, OF_STREAM),
        }
    }

    /// Adds a piece that is done.
    pub fn add_piece(&self) {
        self.show();
        self.bar.inc(1);
    }

    /// Adds exchanges that were read, and their size.
    pub(crate) fn add_exchanges(&self, n_exchanges: usize, n_bytes: usize) {
        let all = self.n_exchanges.fetch_add(n_exchanges as u64, Ordering::Relaxed);
        if self.show() {
            self.bar.set_message(format!("{} exchanges", all + n_exchanges as u64));
        }
        self.bar.inc(n_bytes as u64);
    }

    fn new(n: Option<u64>, template: &str) -> Self {
        let bar = ProgressBar::with_draw_target(n, ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let start = Instant::now();
        Self { bar, start, is_wanted: is_watched(), n_exchanges: AtomicU64::new(0) }
    }

    /// Shows the progress once the work is long; returns whether it is shown.
    fn show(&self) -> bool {
        if !self.is_wanted || self.start.elapsed() < SHORT {
            return false;
        }
        if self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        true
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Returns whether a person looks at the screen.
fn is_watched() -> bool {
    let is_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    std::io::stderr().is_terminal() && !is_ci && !is_dumb
}

/// Returns the size of all files, or `None` if it says nothing about the exchanges in them.
fn n_bytes(paths: &[PathBuf]) -> Option<u64> {
    let mut all = 0_u64;
    let mut open: Vec<PathBuf> = paths.to_vec();
    while let Some(path) = open.pop() {
        if path.is_dir() && !path.is_symlink() {
            let entries = std::fs::read_dir(&path).ok()?;
            open.extend(entries.filter_map(|entry| Some(entry.ok()?.path())));
        } else if is_named_packed(&path) || !path.is_file() {
            return None;
        } else {
            all = all.saturating_add(std::fs::metadata(&path).ok()?.len());
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_input_is_known_if_all_of_it_is_plain_files() {
        let root = tempfile::tempdir().unwrap();
        fs_err::create_dir(root.path().join("a")).unwrap();
        fs_err::write(root.path().join("a/b.ndjson"), "12345").unwrap();
        fs_err::write(root.path().join("c.har"), "123").unwrap();
        assert_eq!(n_bytes(&[root.path().to_owned()]), Some(8));
        assert_eq!(n_bytes(&[PathBuf::from("-")]), None);
        fs_err::write(root.path().join("d.ndjson.gz"), "123").unwrap();
        assert_eq!(n_bytes(&[root.path().to_owned()]), None);
    }

    #[test]
    fn every_form_is_one_that_can_be_drawn() {
        for template in [OF_PIECES, OF_INPUT, OF_STREAM] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
